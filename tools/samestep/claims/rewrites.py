"""True sentences in place of claims: full names, x, role and seeds, worded as the answers do."""

from collections.abc import Sequence

from samestep import phrases
from samestep.claims.facts import Cell
from samestep.claims.pairs import Difference
from samestep.claims.recorded import Record


def of_difference(record: Record, difference: Difference) -> str:
    """Return a difference with its x, the metric's role and the seeds it rests on."""
    one, other = difference.one, difference.other
    if difference.is_barred:
        return f"{of_values(record, (one, other))} The two cannot be subtracted."
    metric = phrases.metric_told(one.metric, difference.role, difference.direction)
    told = phrases.against_told(_rounded(difference.delta), other.run, _value(record, other))
    where = phrases.place(one.axis, one.x)
    sentence = phrases.standing_told(where, one.run, _value(record, one), metric, told)
    return f"{sentence} {seeds_told(record, (one.run, other.run))}{_outcome(difference)}"


def of_differences(record: Record, found: Sequence[Difference]) -> str | None:
    """Return the difference that weighs most: downstream first, the newest x."""
    ranked = sorted(found, key=lambda one: (one.role != "downstream", -(one.one.x or 0.0)))
    return of_difference(record, ranked[0]) if ranked else None


def of_values(record: Record, cells: Sequence[Cell]) -> str | None:
    """Return the newest recorded values, one sentence each."""
    newest: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        known = newest.get((cell.run, cell.metric))
        if known is None or (cell.x or 0.0) > (known.x or 0.0):
            newest[cell.run, cell.metric] = cell
    told = [_value_told(record, cell) for cell in list(newest.values())[:3]]
    return " ".join(told) or None


def seeds_told(record: Record, names: Sequence[str]) -> str:
    """Return how many seeds each side has."""
    sizes = [record.sizes.get(name, 1) for name in names]
    if all(size == 1 for size in sizes):
        return "Each side is a single run." if len(sizes) > 1 else "It is a single run."
    told = [
        f"{name} has {size} {'seed' if size == 1 else 'seeds'}"
        for name, size in zip(names, sizes, strict=True)
    ]
    return f"{' and '.join(told)}."


def _outcome(difference: Difference) -> str:
    judged = difference.judged
    if difference.role == "proxy":
        return " A proxy decides nothing."
    if judged is not None and judged.winner is not None:
        return f" {judged.winner} is the winner."
    return " No winner is decided."


def _value_told(record: Record, cell: Cell) -> str:
    character = record.metrics[cell.metric]
    metric = phrases.metric_told(cell.metric, character.role, character.direction)
    return phrases.value_at(
        phrases.place(cell.axis, cell.x), cell.run, _value(record, cell), metric
    )


def _value(record: Record, cell: Cell) -> str:
    seeds = cell.seeds if cell.run in record.sizes and cell.seeds > 1 else None
    return phrases.value_told(cell.value, seeds, cell.match)


def _rounded(value: float) -> float:
    return float(f"{value:.8g}")
