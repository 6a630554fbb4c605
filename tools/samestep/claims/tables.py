"""Rows of a Markdown table, each held against the record."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from samestep.claims import calls, rewrites
from samestep.claims.columns import ENOUGH, Columns, Tables, Xs, read
from samestep.claims.facts import Cell
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.marks import Place, Stated
from samestep.claims.numbers import agrees, plain
from samestep.claims.pairs import Difference, differences, stands, stands_at_any
from samestep.claims.patterns import words
from samestep.claims.places import AXES
from samestep.claims.sources import ENDED, unended
from samestep.claims.statement import Statement, statement
from samestep.claims.winners import winners
from samestep.claims.words_of_winning import BETTER

if TYPE_CHECKING:
    from samestep.claims.recorded import Record

DELTA = words(
    r"^\W*(?:delta|diff(?:erence)?|Δ|gap|improvement|gain|change)\b|^\W*Δ|\bvs\.?\b|\bover\b"
    r"|\bminus\b",
    re.IGNORECASE,
)
OF_VALUES = words(
    r"(?:final |last |best )?(?:mean|value|score|result|average|median)s?(?: of \d+)?(?: seeds)?",
    re.IGNORECASE,
)
OF_NAMES = words(r"(?:metric|measure|name|benchmark|task)s?", re.IGNORECASE)
WINNER = words(r"(?:winner|best(?: run)?|better(?: run)?|wins)", re.IGNORECASE)
DELTA_LEAD = words(r"^\W*(?:the )?(?:gaps?|differences?|deltas?|distance|margins?|leads?)\b")
LIKE_A_METRIC = words(r"[A-Za-z][\w-]*/[\w@.-]+")
AXIS = words(r"^\W*(epoch|ep|step|iteration|iter|update|token|sample)s?\W*$", re.IGNORECASE)


def row_findings(row: Statement, tables: Tables) -> Iterator[Finding]:
    """Yield what a row claims: values and differences by its columns, a winner by its words."""
    table = _Table(row, tables.of(row.passage, row.names))
    yield from table.won()
    if table.run is None:
        yield from table.by_columns()
        return
    if table.run in row.record.runs:
        yield from table.by_row(table.run)
    elif table.is_unknown:
        why = f"No answer holds {table.run}; list_runs() tells which runs there are."
        yield Finding("value", "unverifiable", (), (), why)


class _Table:
    """One row of a table, with what its headers and its lead-in say."""

    def __init__(self, row: Statement, columns: Columns) -> None:
        self.passage, self.names, self.lead = row.passage, row.names, row.lead
        self.columns = columns
        self.headers = [read(header, self.names) for header in row.passage.headers]
        self.cells = [read(cell, self.names) for cell in row.passage.cells]
        self.record: Record = row.record
        self.is_unknown = False
        self.is_short = False
        self.run = self._run()

    def by_row(self, run: str) -> Iterator[Finding]:
        """Yield the claims of a row about one run."""
        places = self._places(self.passage.cells)
        found = list(self._values(run, places))
        yield from found
        if not any("same-x" in one.rules for one in found):
            yield from self._apart(run, places)
        yield from self._words(run)
        if found and self.is_short:
            why = "The row names its run by less than its full name."
            yield Finding("value", "blocked", ("full-names",), (), why, run)

    def by_columns(self) -> Iterator[Finding]:
        """Yield the claims of a row about one metric, with a column for each run."""
        held: dict[str, list[Cell]] = {}
        metrics = _metrics(self.cells[0])
        places = self._places(self.passage.cells) or self.cells[0].marked.places
        runs: list[str] = []
        for header, raw, cell in zip(
            self.headers[1:], self.passage.headers[1:], self.passage.cells[1:], strict=False
        ):
            stated, named = plain(cell), header.names_in(header.words) or self._above(header)
            about = metrics or _metrics(header)
            runs.extend(named)
            if not about or stated is None:
                continue
            if DELTA.search(raw) and len(runs) > 1:
                yield self._between(runs, about, stated, places)
            else:
                for name in named:
                    yield from self._value(name, about, stated, places)
                    yield from self._unended(name, about, header)
                    of_run = [c for c in self.record.of_run.get(name, []) if c.metric in about]
                    held[name] = [c for c in of_run if agrees(stated, c.value)]
        if not places:
            yield from self._beside_each_other(held)

    def _beside_each_other(self, held: Mapping[str, Sequence[Cell]]) -> Iterator[Finding]:
        """Yield what is wrong where a row without an x holds values of runs at different x."""
        spots = [{cell.x for cell in cells} for cells in held.values() if cells]
        if len(spots) < ENOUGH or spots[0].intersection(*spots[1:]):
            return
        cells = [cells[0] for cells in held.values() if cells]
        why = "The row sets values of runs at different x beside each other."
        rewrite = rewrites.of_values(self.record, cells)
        yield Finding("delta", "blocked", ("same-x",), evidence_of(cells), why, rewrite)

    def _above(self, header: Statement) -> list[str]:
        """Return the one run that the lead-in names, whose values the rows are."""
        named = self.lead.named if self.lead and not header.marked.runs else []
        return named if len(named) == 1 else []

    def _unended(self, run: str, metrics: Sequence[str], header: Statement) -> Iterator[Finding]:
        """Yield what is wrong with a value told as final of a run that still runs."""
        told = ENDED.search(header.words) or (self.lead and ENDED.search(self.lead.words))
        if told and self.record.states.get(run) == "running":
            yield unended(self.record, run, metrics)

    def _between(
        self,
        runs: Sequence[str],
        metrics: Sequence[str],
        stated: Stated,
        places: Sequence[Place],
    ) -> Finding:
        """Judge a difference that stands beside the columns of its two runs."""
        known = differences(self.record, (runs[0], runs[1]), metrics)
        return self._difference(stated, known, places)

    def _run(self) -> str | None:
        for cell in self.cells[:2]:
            for mention in cell.mentions:
                chosen = cell.chosen(mention)
                self.is_short = mention.how == "short"
                self.is_unknown = not chosen
                return chosen[0] if chosen else mention.text
            if cell is self.cells[0] and self.passage.cells[0].strip():
                short = self._bare(self.passage.cells[0])
                if short is not None:
                    self.is_short = True
                    return short
        return None

    def _bare(self, text: str) -> str | None:
        """Return the run that a plain word in the first column stands for."""
        word = text.strip(" *_`").lower()
        held = list(self.names.parts.get(word, set()))
        if not held or word.isdecimal() or len(held) == len(self.record.runs):
            return None
        groups = [name for name in held if name in self.record.sizes]
        return (groups or sorted(held))[0]

    def _places(self, cells: Sequence[str]) -> list[Place]:
        """Return the x of a row: its own column's, or else that of the lead-in."""
        for header, cell in zip(self.passage.headers, cells, strict=False):
            axis, stated = AXIS.match(header.strip(" *")), plain(cell)
            if axis and stated is not None:
                return [Place(cell, AXES[axis[1].lower()], stated.value)]
        above = [place for header in self.headers for place in header.marked.places]
        return above[:1] or (self.lead.places if self.lead else [])

    def _values(self, run: str, places: Sequence[Place]) -> Iterator[Finding]:
        for header, raw, cell in zip(
            self.headers, self.passage.headers, self.passage.cells, strict=False
        ):
            metrics = [name for one in header.marked.metrics for name in one.names]
            metrics = metrics or self._of_lead(raw)
            stated = plain(cell)
            if stated is None or DELTA.search(raw):
                continue
            base = self._base(run)
            if metrics and base is not None:
                known = differences(self.record, (run, base), metrics)
                yield self._difference(stated, known, places)
            elif metrics:
                yield from self._value(run, metrics, stated, header.marked.places or places)
                yield from self._crossed(run, metrics, raw)
                yield from self._unended(run, metrics, header)
            elif header.marked.metrics or LIKE_A_METRIC.fullmatch(raw.strip(" *`")):
                call = calls.fetching(self.record, run, None)
                why = f"No answer holds {raw.strip()} of {run}. {call} would tell."
                yield Finding("value", "unverifiable", (), (), why)

    def _base(self, run: str) -> str | None:
        """Return the run that every row is told apart from: `Gap of ... to each baseline:`."""
        if self.lead is None or not DELTA_LEAD.search(self.lead.words):
            return None
        named = [name for one in self.lead.marked.runs if one.how == "full" for name in one.names]
        return named[0] if len(named) == 1 and named[0] != run else None

    def _of_lead(self, header: str) -> list[str]:
        """Return the metric of the lead-in for a column of `values` that names none itself."""
        for title, cell in zip(self.passage.headers, self.cells, strict=False):
            if OF_NAMES.fullmatch(title.strip(" *")) and OF_VALUES.fullmatch(header.strip(" *")):
                return _metrics(cell)
        named = (self.lead.metrics or []) if self.lead else []
        return named if len(named) == 1 and OF_VALUES.fullmatch(header.strip(" *")) else []

    def _value(
        self, run: str, metrics: Sequence[str], stated: Stated, places: Sequence[Place]
    ) -> Iterator[Finding]:
        if any((run, metric) in self.record.absent for metric in metrics):
            why = f"{run} has not logged it: absent is no number."
            yield Finding("value", "blocked", ("absent-said",), (), why)
            return
        cells = [c for c in self.record.of_run.get(run, []) if c.metric in metrics]
        at = [c for c in cells if stands_at_any(c, places)]
        found = [c for c in at if agrees(stated, c.value)]
        if found:
            yield supported("value", evidence_of(found[:1]))
        elif cells:
            why = f"No recorded value of {run} there is {stated.text.strip()}."
            rewrite = rewrites.of_values(self.record, at or cells)
            evidence = evidence_of((at or cells)[:2])
            yield Finding("value", "blocked", ("traceable",), evidence, why, rewrite)

    def _crossed(self, run: str, metrics: Sequence[str], header: str) -> Iterator[Finding]:
        """Yield what is wrong where a column holds values of two runs at different x."""
        mine = self._spots(run, metrics, self.passage.cells, header)
        for xs, of_runs in self._standing(header, metrics).items() if mine else ():
            other = next((name for name in of_runs if name != run), None)
            if other is None or xs & {c.x for c in mine}:
                continue
            known = [d for m in metrics for d in differences(self.record, (run, other), [m])]
            why = f"The column sets {run} beside {other} at another x."
            rewrite = rewrites.of_differences(self.record, known)
            evidence = evidence_of([*mine[:1], of_runs[other]])
            yield Finding("delta", "blocked", ("same-x",), evidence, why, rewrite)
            return

    def _standing(self, header: str, metrics: Sequence[str]) -> dict[Xs, dict[str, Cell]]:
        """Return the x at which a column's values stand, each with a value of two runs."""
        column = (header, tuple(metrics))
        if column not in self.columns.standing:
            found = self.columns.standing.setdefault(column, {})
            for run, cells in zip(self.columns.runs, self.columns.rows, strict=True):
                spots = self._spots(run, metrics, cells, header) if run else []
                held = found.setdefault(frozenset(c.x for c in spots), {}) if spots else {}
                if spots and run and len(held) < ENOUGH:
                    held.setdefault(run, spots[0])
        return self.columns.standing[column]

    def _spots(
        self, run: str, metrics: Sequence[str], cells: Sequence[str], header: str
    ) -> list[Cell]:
        at = list(self.passage.headers).index(header)
        stated = plain(cells[at]) if at < len(cells) else None
        if stated is None:
            return []
        places = self._places(cells)
        held = [c for c in self.record.of_run.get(run, []) if c.metric in metrics]
        standing = [c for c in held if stands_at_any(c, places)]
        return [c for c in standing if agrees(stated, c.value)]

    def _apart(self, run: str, places: Sequence[Place]) -> Iterator[Finding]:
        for header, raw, cell in zip(
            self.headers, self.passage.headers, self.passage.cells, strict=False
        ):
            stated = plain(cell)
            if stated is None or not DELTA.search(raw):
                continue
            others = header.names_in(header.words) or self._beside(run)
            about = [name for one in self.headers for name in _metrics(one)] or None
            known = [d for other in others for d in differences(self.record, (run, other), about)]
            yield self._difference(stated, known, places)

    def _difference(
        self, stated: Stated, known: Sequence[Difference], places: Sequence[Place]
    ) -> Finding:
        at = [d for d in known if any(stands(d.one, place) for place in places)]
        rewrite = rewrites.of_differences(self.record, at or known)
        if known and all(d.is_barred for d in known):
            why = "The record says that the two cannot be subtracted."
            return Finding("delta", "blocked", ("same-definition",), (), why, rewrite)
        if not places:
            why = "The table tells a difference without its x."
            return Finding("delta", "blocked", ("same-x",), (), why, rewrite)
        right = [d for d in at if agrees(stated.unsigned, d.delta)]
        if right:
            return supported("delta", evidence_of([right[0].one, right[0].other]))
        if not known:
            return Finding("delta", "unverifiable", (), (), "No answer compares the two.")
        why = f"No recorded difference there is {stated.text.strip()}."
        return Finding("delta", "blocked", ("traceable",), (), why, rewrite)

    def _beside(self, run: str) -> list[str]:
        return [name for name in self.columns.named if name != run]

    def won(self) -> Iterator[Finding]:
        """Yield the winner that a column of winners names, over the others of its row."""
        for header, cell in zip(self.passage.headers, self.cells, strict=False):
            named = cell.names_in(cell.words)
            others = [n for o in (*self.cells, *self.headers) for n in o.names_in(o.words)]
            beaten = [name for name in dict.fromkeys(others) if name not in named]
            if WINNER.fullmatch(header.strip(" *")) and named and beaten:
                told = [one for o in (*self.headers, self.cells[0]) for one in o.marked.metrics]
                on = f" on {told[0].text}" if len(told) == 1 else ""
                sentence = replace(self.passage, text=f"{named[0]} beats {beaten[0]}{on}", cells=())
                yield from winners(statement(sentence, self.names))

    def _words(self, run: str) -> Iterator[Finding]:
        """Yield a winner that a cell names in words."""
        first = re.sub(r"^[^()]*", "", self.passage.cells[0])
        for cell in (first, *self.passage.cells[1:]):
            if BETTER.search(cell.lower()) and plain(cell) is None:
                metrics = [
                    raw
                    for raw, h in zip(self.passage.headers, self.headers, strict=True)
                    if h.marked.metrics
                ]
                on = f" on {metrics[0]}" if len(metrics) == 1 else ""
                text = f"{run} is the {cell.strip('()*_ ')}{on}"
                sentence = replace(self.passage, text=text, cells=())
                yield from winners(statement(sentence, self.names))


def _metrics(cell: Statement) -> list[str]:
    return [name for one in cell.marked.metrics for name in one.names]
