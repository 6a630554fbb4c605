"""Differences between recorded values of two runs at the same x, and what was judged of them."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from samestep.claims.facts import Cell, Judged
from samestep.claims.marks import Place
from samestep.claims.patterns import words
from samestep.claims.recorded import Record
from samestep.verdict import Better, better_side


class Difference(NamedTuple):
    """Two recorded values of one metric at the same x."""

    one: Cell
    other: Cell
    judged: Judged | None
    role: str
    direction: str | None

    @property
    def delta(self) -> float:
        """The first value minus the second."""
        return self.one.value - self.other.value

    @property
    def better(self) -> str | None:
        """The full name of the better side; None where neither is."""
        way = "higher" if self.direction == "higher" else "lower"
        side: Better | None = better_side(self.delta, way) if self.direction else None
        return {"student": self.one.run, "baseline": self.other.run}.get(side or "")

    @property
    def is_barred(self) -> bool:
        """Whether the record says that the two cannot be compared."""
        return self.judged is not None and self.judged.kind == "not_comparable"


def differences(
    record: Record,
    pair: tuple[str, str],
    metrics: Collection[str] | None = None,
    places: Sequence[Place] = (),
) -> list[Difference]:
    """Return every difference recorded of a pair, newest first: one for each metric and x."""
    known = record.apart.get(pair)
    if known is None:
        known = record.apart.setdefault(pair, list(_all(record, pair)))
    found: dict[tuple[str, str, str], Difference] = {}
    for one in known:
        if _in(one.one.metric, metrics) and stands_at_any(one.one, places):
            found.setdefault(_spot(one.one), one)
    return list(found.values())


def _all(record: Record, pair: tuple[str, str]) -> Iterator[Difference]:
    """Yield the differences of a pair, of an x as often as it is recorded."""
    theirs = {_spot(cell): cell for cell in reversed(record.of_run.get(pair[1], []))}
    for cell in record.of_run.get(pair[0], []):
        other = theirs.get(_spot(cell))
        if other is not None and cell.x is not None:
            yield _difference(record, cell, other)


def counterparts(record: Record, name: str) -> list[str]:
    """Return the runs that a run was compared with."""
    pairs = [(one.student, one.baseline) for one in record.judged]
    found = [b if a == name else a for a, b in pairs if name in {a, b}]
    others = [b for a, b in pairs if a in found and b != name]
    return list(dict.fromkeys([*found, *others]))


def is_single(record: Record, pair: Collection[str]) -> bool:
    """Return whether one of the sides has a single seed."""
    return any(record.sizes.get(name, 1) < 2 for name in pair)  # noqa: PLR2004 # two seeds


SHARE = words(
    r"acc|top-?\d|knn|f1|map|auc|roc|rate|iou|recall|precision|exact|match|dice|ndcg|mrr|pass|kappa"
    r"|success|hit|wer|cer|error|win|solved|q3|em\b|score|retention|coverage|utili"
)
"""Metrics that are shares of something: percent of them may be points."""


def is_share(metric: str) -> bool:
    """Return whether a metric is a share of something, by its name."""
    return SHARE.search(metric.lower()) is not None


def stands(cell: Cell, place: Place) -> bool:
    """Return whether a value stands at an x, or within a range of x."""
    if place.upto is None:
        return cell.stands_at(place.axis, place.value)
    on_axis = cell.x if place.axis == cell.axis else cell.step if place.axis == "step" else None
    return on_axis is not None and place.value <= on_axis <= place.upto


def stands_at_any(cell: Cell, places: Sequence[Place]) -> bool:
    """Return whether a value stands at one of several x; at any where none is given."""
    return not places or any(stands(cell, place) for place in places)


def _in(metric: str, metrics: Collection[str] | None) -> bool:
    return metrics is None or metric in metrics


def _spot(cell: Cell) -> tuple[str, str, str]:
    """Return what two values must share to be subtracted: metric, axis and x but for rounding."""
    return cell.metric, cell.axis, "-" if cell.x is None else f"{cell.x:.9g}"


def _difference(record: Record, cell: Cell, other: Cell) -> Difference:
    pair = {cell.run, other.run}
    judged = next(
        (j for j in record.judged if {j.student, j.baseline} == pair and j.metric == cell.metric),
        None,
    )
    if judged is None:
        judged = _barred_by_a_third(record, pair, cell.metric)
    character = record.metrics[cell.metric]
    role = record.roles_of.get((frozenset(pair), cell.metric), character.role)
    return Difference(cell, other, judged, role, character.direction)


def _barred_by_a_third(record: Record, pair: Collection[str], metric: str) -> Judged | None:
    """Return why two runs cannot be compared: one can be compared with a third, one cannot."""
    of_metric = [one for one in record.judged if one.metric == metric]
    for barred in (one for one in of_metric if one.kind == "not_comparable"):
        sides = {barred.student, barred.baseline}
        if len(sides & set(pair)) != 1:
            continue
        [third], [other] = sides - set(pair), set(pair) - sides
        known = [one for one in of_metric if {one.student, one.baseline} == {third, other}]
        if known and known[0].kind != "not_comparable":
            return barred
    return None
