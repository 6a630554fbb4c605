"""One run as the server's answer to a query holds it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, cast

from samestep.formats.config_files import plain, whole_text
from samestep.model import State

Table = Mapping[str, object]

STATES: Mapping[str, State] = {
    "running": "running",
    "pending": "running",
    "finished": "finished",
    "failed": "failed",
    "crashed": "crashed",
    "killed": "crashed",
}
INTERNALS = frozenset({"_wandb", "wandb_version"})
NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
MOST_LEVELS = 32  # of a nested value; deeper ones are nobody's metrics


@dataclass(frozen=True, slots=True)
class RunNode:
    """What the server says of one run beside its rows."""

    id: str
    name: str
    """The display name; the id where the run has none."""
    state: State
    started: datetime | None
    written: datetime | None
    group: str | None
    tags: tuple[str, ...]
    commit: str | None
    user: str | None
    config: Table
    """The user's settings, nested as they were written."""
    cut: tuple[str, ...]
    """A sentence for each kind of setting that could not be kept."""
    internals: Table
    """What W&B itself keeps beside them: definitions of metrics, environments, versions."""
    summary: Table
    counts: Mapping[str, int]
    """The numbers logged under each key of the history, as the server counts them."""
    last_step: int
    """The largest `_step` of the history; -1 without one."""
    lines: int | None
    """The rows of the history, as the server counts them."""

    @classmethod
    def of(cls, node: Table) -> Self:
        """Read a node of the run query."""
        settings = table(node.get("config"))
        summary, history = table(node.get("summaryMetrics")), table(node.get("historyKeys"))
        run_id = str(node.get("name") or "")
        own: dict[object, object] = {
            key: unwrapped(value) for key, value in settings.items() if key not in INTERNALS
        }
        config, cut = plain(own)
        return cls(
            id=run_id,
            name=text(node.get("displayName")) or run_id,
            state=STATES.get(str(node.get("state")).lower(), "unknown"),
            started=moment(node.get("createdAt")),
            written=moment(node.get("heartbeatAt")),
            group=text(node.get("group")),
            tags=tuple(map(str, entries(node.get("tags")))),
            commit=text(node.get("commit")),
            user=text(table(node.get("user")).get("username")),
            config=config,
            cut=tuple(f"The config: {one}." for one in cut),
            internals=table(unwrapped(settings.get("_wandb"))),
            summary=summary,
            counts=_counts(table(history.get("keys"))),
            last_step=_last_step(history, summary),
            lines=whole(node.get("historyLineCount")),
        )

    @property
    def metrics(self) -> list[str]:
        """The metrics that have a history, by the server's account."""
        return [key for key, count in self.counts.items() if count and is_metric(key)]


def is_metric(key: str) -> bool:
    """Return whether a key is the user's own; W&B's begin with an underscore."""
    return not key.startswith("_")


def table(value: object) -> Table:
    """Return a JSON object that came as such or as text; an empty one for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            return {}
    return cast("Table", value) if isinstance(value, Mapping) else {}


def entries(value: object) -> list[object]:
    """Return a JSON list; an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def text(value: object) -> str | None:
    """Return a text that is not empty, else None."""
    return whole_text(value) if isinstance(value, str) and value else None


def whole(value: object) -> int | None:
    """Return a whole number of 64 bits, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 2**63 else None


def number_of(value: object) -> float | None:
    """Return a number, also one that is not finite and came as text; None for anything else."""
    if isinstance(value, str):
        return NOT_FINITE.get(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def moment(value: object) -> datetime | None:
    """Return a time as the server writes it: UTC, with or without saying so."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def numbers(
    values: Table, prefix: str = "", levels: int = MOST_LEVELS
) -> Iterator[tuple[str, float]]:
    """Yield every number of a nested object under its dotted key; W&B's own objects hold none."""
    for key, value in values.items():
        dotted, number = f"{prefix}{whole_text(key)}", number_of(value)
        if number is not None:
            yield dotted, number
        elif isinstance(value, Mapping) and "_type" not in value and levels:
            yield from numbers(cast("Table", value), f"{dotted}.", levels - 1)


def unwrapped(value: object) -> object:
    """Return a setting without the object that W&B wraps it in."""
    wrapped = table(None if isinstance(value, str) else value)
    is_wrapped = "value" in wrapped and wrapped.keys() <= {"value", "desc"}
    return wrapped["value"] if is_wrapped else value


def _counts(keys: Table) -> Mapping[str, int]:
    return {key: _count(entries(table(said).get("typeCounts"))) for key, said in keys.items()}


def _count(type_counts: list[object]) -> int:
    counted = (table(one) for one in type_counts)
    return sum(whole(one.get("count")) or 0 for one in counted if one.get("type") == "number")


def _last_step(history: Table, summary: Table) -> int:
    last = whole(history.get("lastStep"))
    logged = whole(summary.get("_step"))
    return max(-1 if last is None else last, -1 if logged is None else logged)
