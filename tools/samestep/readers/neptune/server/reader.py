"""Runs of one project on a Neptune server: a self-hosted one, or one that is compatible."""

from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec

from samestep.errors import MissingPackage, NoSuchRun, NotReadable
from samestep.formats.neptune.held import CREATED, NAME, Held, Points
from samestep.model import Glance, Listing, Run, RunHead, RunRef, Source
from samestep.readers.base import Wanted
from samestep.readers.facts import seed_of
from samestep.readers.neptune.config import finals, nested
from samestep.readers.neptune.mapping import MONITORING, Way, group_of, run_of, state_of, strings
from samestep.readers.neptune.names import full_names
from samestep.readers.neptune.server.queries import Queries
from samestep.readers.neptune.server.tables import Row
from samestep.readers.neptune.server.token import SETTING
from samestep.settings import Project

WAY = Way("Neptune's server, every point", append_only=False, is_live=True)
PING = "sys/ping_time"
COUNTERS = frozenset(
    "epoch epochs step global_step tokens tokens_seen num_tokens total_tokens "
    "num_input_tokens_seen samples samples_seen num_samples examples_seen consumed_samples".split()
)
"""Last names of series that say where a point stands: they come with whatever is wanted."""


def opened_server(source: Source, project: Project) -> "ServerReader":
    """Open the reader of a project on a server.

    Raises:
        MissingPackage: neptune-query is not installed.
    """
    if find_spec("neptune_query") is None:
        raise MissingPackage(str(source), "neptune-query", "neptune")
    return ServerReader(source, project.environment.get(SETTING, ""), project.deadline)


class ServerReader:
    """Reads the runs of one project through neptune-query."""

    def __init__(self, source: Source, token: str, seconds: float) -> None:
        self.source = source
        self._queries = Queries(source, token, seconds)
        self._heads: Mapping[str, RunHead] | None = None

    def list(self) -> Listing:
        """Return the runs with what the server's own table says of them."""
        rows = self._queries.runs()
        self._heads = _heads(self.source, rows, with_glance=True)
        return Listing(tuple(self._heads.values()))

    def read(self, run_id: str) -> Run:
        """Return one run with all its metrics."""
        return self.read_wanted(run_id, lambda _: True)

    def read_wanted(self, run_id: str, wanted: Wanted) -> Run:
        """Return one run with the metrics that are wanted, and the counters that place them."""
        head = self._head(run_id)
        found = self._queries.run(run_id)
        if found is None:
            instead = "list_runs names the runs that are there."
            raise NotReadable(str(head.ref), "it was deleted while it was being read", instead)
        row, names = found
        chosen = [name for name in names if wanted(name) or is_counter(name)]
        series, previews = self._queries.points(run_id, chosen)
        held = Held(row.attributes, series, _losses(chosen, series, previews))
        unread = frozenset(names).difference(chosen)
        return run_of(head, held, WAY, unread)

    def _head(self, run_id: str) -> RunHead:
        if self._heads is None:
            self._heads = _heads(self.source, self._queries.names(), with_glance=False)
        if run_id not in self._heads:
            raise NoSuchRun(run_id, sorted(self._heads), str(self.source))
        return self._heads[run_id]


def is_counter(name: str) -> bool:
    """Return whether a series says where points stand."""
    return name.rpartition("/")[2].lower() in COUNTERS


def _losses(chosen: "list[str]", series: Mapping[str, Points], previews: int) -> tuple[str, ...]:
    losses: list[str] = []
    if previews:
        points = "1 preview point is" if previews == 1 else f"{previews} preview points are"
        losses.append(f"{points} left out: a preview is not the value of its step.")
    empty = len(chosen) - len(series)
    if empty:
        metrics = "1 metric has" if empty == 1 else f"{empty} metrics have"
        losses.append(f"{metrics} no point on the server.")
    return tuple(losses)


def _heads(source: Source, rows: Mapping[str, Row], *, with_glance: bool) -> dict[str, RunHead]:
    named = [(run_id, _text(row, NAME)) for run_id, row in rows.items()]
    names = full_names(named)
    return {
        run_id: RunHead(
            RunRef(source, run_id),
            name,
            _moment(row, CREATED),
            _glance(row) if with_glance else None,
        )
        for (run_id, row), name in zip(rows.items(), names, strict=True)
    }


def _glance(row: Row) -> Glance:
    config, measured = nested(row.attributes), finals(row.attributes)
    return Glance(
        state=state_of(row.attributes, is_live=True),
        metrics=sum(not name.startswith(MONITORING) for name in {*row.newest, *measured}),
        newest=row.newest,
        written=_moment(row, PING),
        config=config,
        seed=seed_of(config),
        group=group_of(row.attributes),
        tags=strings(row.attributes, "sys/tags"),
    )


def _text(row: Row, path: str) -> str | None:
    value = row.attributes.get(path)
    return value if isinstance(value, str) and value else None


def _moment(row: Row, path: str) -> datetime | None:
    value = row.attributes.get(path)
    return value if isinstance(value, datetime) else None
