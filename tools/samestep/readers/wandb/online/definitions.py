"""What a run's own definitions (`define_metric`) say of its metrics, as the server keeps them."""

from collections.abc import Mapping, Sequence

from samestep.formats.wandb_log import Definition
from samestep.model import Direction
from samestep.readers.wandb.online.nodes import Table, entries, number_of, table, text

# The server keeps W&B's MetricRecord by its field numbers.
NAME, PATTERN, STEP_METRIC, STEP_METRIC_AT, SUMMARY, GOAL = "1", "2", "4", "5", "7", "8"
AGGREGATES: Mapping[object, str] = {1: "min", 2: "max"}
GOALS: Mapping[float | None, Direction] = {1.0: "lower", 2.0: "higher"}


def definitions(internals: Table) -> list[Definition]:
    """Return a run's definitions in the order they were made."""
    records = [table(one) for one in entries(internals.get("m"))]
    return [_definition(record, records) for record in records]


def declared_axes(defined: Sequence[Definition]) -> set[str]:
    """Return the metrics that are declared to be the x-axis of others."""
    return {one.step_metric for one in defined if one.step_metric is not None}


def _definition(record: Table, records: Sequence[Table]) -> Definition:
    name, pattern = text(record.get(NAME)), text(record.get(PATTERN))
    kept = entries(record.get(SUMMARY))
    return Definition(
        name=_unescaped(name or pattern or ""),
        is_pattern=name is None and pattern is not None,
        step_metric=_step_metric(record, records),
        aggregates=frozenset(word for number, word in AGGREGATES.items() if number in kept),
        goal=GOALS.get(number_of(record.get(GOAL))),
    )


def _step_metric(record: Table, records: Sequence[Table]) -> str | None:
    """Return the named step metric; it may stand as the position of its own definition."""
    at = number_of(record.get(STEP_METRIC_AT))
    named = text(record.get(STEP_METRIC))
    if named is None and at is not None and 1 <= at <= len(records):
        named = text(records[int(at) - 1].get(NAME))
    return None if named is None else _unescaped(named)


def _unescaped(name: str) -> str:
    """Return a name whose dots were part of one key, as the history writes it."""
    return name.replace("\\.", ".")
