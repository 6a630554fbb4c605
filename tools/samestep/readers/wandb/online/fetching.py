"""Fetches a run's rows: all of them, or those of the metrics that are wanted."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from samestep.progress import tell
from samestep.readers.wandb.online.columns import Column, Gathering
from samestep.readers.wandb.online.nodes import RunNode, entries, table
from samestep.readers.wandb.online.queries import SAMPLED_HISTORY
from samestep.readers.wandb.online.refusals import Absent
from samestep.readers.wandb.online.service import Service
from samestep.readers.wandb.online.turns import one_at_a_time
from samestep.readers.wandb.writers import TIME

FEWEST_ROWS, MOST_ROWS = 1_000, 10_000  # asked for in one request; the client's own is 1,000
MOST_VALUES = 500_000  # in one answer
MOST_PAGES = 5_000
MOST_KEYS = 50  # asked for side by side in one request
LARGEST_PAGE = 2**31 - 1  # steps: the server takes the size of a page as 32 bits
MOST_NAMED = 3
LIST = "list_runs names the runs there are now."


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a run as they came, as columns."""

    columns: Mapping[str, Column]
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Reads rows of one run of a project."""

    service: Service
    entity: str
    project: str
    node: RunNode
    what: str
    """The run's reference."""

    def everything(self) -> Rows:
        """Return every row of the history."""
        return self._scanned(None)

    def only(self, keys: Sequence[str]) -> Rows:
        """Return all rows of some keys: by asking for each where that gives as many as there are.

        Keys asked for together would give only the rows that hold them all.
        """
        every = sum(self.node.counts.values())
        if 3 * sum(self.node.counts[key] for key in keys) < every:
            asked = self._by_key(keys)
            if not asked.losses:
                return asked
        return self._scanned(keys)

    @property
    def _end(self) -> int:
        return self.node.last_step + 1

    def _scanned(self, keys: Sequence[str] | None) -> Rows:
        steps = min(self._page_steps(len(self.node.counts)), LARGEST_PAGE)
        if ceil(self._end / steps) > MOST_PAGES:  # steps in nanoseconds, say
            return self._by_key(self.node.metrics if keys is None else keys)
        found = self._scan(steps, keys)
        if found.losses and steps > FEWEST_ROWS and self._end <= MOST_PAGES * FEWEST_ROWS:
            # A server that cuts a large page short gives the client's own size whole.
            return self._scan(FEWEST_ROWS, keys)
        return found

    def _page_steps(self, keys: int) -> int:
        """Return how many steps hold about as many rows of so many keys as one answer should."""
        rows = min(MOST_ROWS, max(FEWEST_ROWS, MOST_VALUES // max(keys, 1)))
        lines = self.node.lines or self._end or 1
        return max(rows, ceil(rows * self._end / lines))

    def _scan(self, steps: int, keys: Sequence[str] | None) -> Rows:
        gathered = Gathering()
        keep = None if keys is None else sorted({TIME, *(p for key in keys for p in _above(key))})
        if self._end:
            with self._open_scan() as scan:
                for first, end in self._windows(steps):
                    part = {"scan": scan, "first": first, "end": end, "keep": keep}
                    gathered.add_page(table(self.service.call(self.what, "page", **part)))
        return self._rows(gathered, keys)

    @contextmanager
    def _open_scan(self) -> Generator[object]:
        run = [self.entity, self.project, self.node.id]
        with one_at_a_time("_".join(run), self.what):
            scan = self.service.call(self.what, "open_scan", run=run)
            try:
                yield scan
            finally:
                self.service.end("close_scan", scan=scan)

    def _by_key(self, keys: Sequence[str]) -> Rows:
        gathered = Gathering()
        for start in range(0, len(keys), MOST_KEYS):
            some = keys[start : start + MOST_KEYS]
            for first, end in self._windows(self._page_steps(3 * len(some))):
                gathered.add_rows(self._sampled(some, first, end))
        return self._rows(gathered, keys)

    def _sampled(self, keys: Sequence[str], first: int, end: int) -> Iterator[object]:
        """Yield the rows of each key; as many samples as there are steps are all of them."""
        window = {"minStep": first, "maxStep": end - 1, "samples": end - first}
        specs = [json.dumps({"keys": ["_step", TIME, key], **window}) for key in keys]
        run = {"entity": self.entity, "project": self.project, "name": self.node.id}
        answer = self.service.graphql(self.what, SAMPLED_HISTORY, {**run, "specs": specs})
        found = table(table(answer).get("project")).get("run")
        if found is None:
            raise Absent(self.what, "the server shows no such run any more", LIST)
        for rows in entries(table(found).get("sampledHistory")):
            yield from entries(rows)

    def _windows(self, steps: int) -> Iterator[tuple[int, int]]:
        for first in range(0, self._end, steps):
            tell(f"history of {self.what}", first, self._end)
            yield first, min(first + steps, self._end)
        tell(f"history of {self.what}", self._end, self._end)

    def _rows(self, gathered: Gathering, keys: Sequence[str] | None) -> Rows:
        columns = gathered.columns()
        if keys is not None:
            columns = {key: columns[key] for key in (*keys, TIME) if key in columns}
        expected = {key: self.node.counts[key] for key in (keys or self.node.metrics)}
        return Rows(columns, tuple(_losses(gathered, columns, expected)))


def _above(key: str) -> Iterator[str]:
    """Yield a dotted key and every key that may hold it in a nested value."""
    parts = key.split(".")
    return (".".join(parts[: number + 1]) for number in range(len(parts)))


def _losses(
    gathered: Gathering, columns: Mapping[str, Column], expected: Mapping[str, int]
) -> Iterator[str]:
    if gathered.without_step:
        yield f"{gathered.without_step} rows name no `_step` and were left out."
    others = {key: count for key, count in gathered.others.items() if key in columns}
    if others:
        yield f"{_no_numbers(sum(others.values()))} left out of {_some(list(others))}."
    came = {key: len(columns[key].steps) if key in columns else 0 for key in expected}
    short = [key for key, count in expected.items() if came[key] < count]
    if short:
        named = _some([f"{key} ({came[key]} of {expected[key]})" for key in short])
        yield f"W&B counts more points than it gave of {named}."


def _no_numbers(count: int) -> str:
    if count == 1:
        return "1 value that is no number was"
    return f"{count} values that are no numbers were"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"
