"""Runs as a W&B server keeps them: rows, and what it says of them beside the rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import cast

Row = Mapping[str, object]
NOT_FINITE = ("NaN", "Infinity", "-Infinity")
FIRST_MOMENT = 1_795_000_000.0


@dataclass(frozen=True, slots=True)
class StubRun:
    """One run on the stub."""

    id: str
    name: str = ""
    rows: Sequence[Row] = ()
    """Each with its `_step`; nested values are nested."""
    state: str = "finished"
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    internals: Mapping[str, object] = field(default_factory=dict[str, object])
    """What W&B itself keeps below the config's `_wandb`."""
    summary: Mapping[str, object] = field(default_factory=dict[str, object])
    group: str | None = None
    tags: Sequence[str] = ()
    commit: str | None = None
    exported: int = -1
    """Rows up to this `_step` lie in an export, and not with the live rows."""
    counted_beyond: int = 0
    """How many points of each key the server counts that it does not give."""

    @property
    def keys(self) -> Mapping[str, object]:
        """What the server counts of each key."""
        counts: dict[str, int] = {}
        for row in self.rows:
            for key in flat(row):
                counts[key] = counts.get(key, 0) + 1
        return {
            key: {"typeCounts": [{"type": "number", "count": count + self.counted_beyond}]}
            for key, count in counts.items()
        }

    @property
    def last_step(self) -> int:
        """The newest row."""
        return max((step_of(row) for row in self.rows), default=-1)

    def node(self, created: str) -> dict[str, object]:
        """Return the run as a query gives it."""
        settings = {key: {"value": value, "desc": None} for key, value in self.config.items()}
        newest = {key: value for row in self.rows for key, value in row.items()}
        return {
            "id": f"Run:{self.id}",
            "name": self.id,
            "displayName": self.name or None,
            "state": self.state,
            "config": json.dumps({**settings, "_wandb": {"value": self.internals}}),
            "summaryMetrics": json.dumps({**newest, **self.summary}),
            "systemMetrics": "{}",
            "group": self.group,
            "tags": list(self.tags),
            "commit": self.commit,
            "createdAt": created,
            "heartbeatAt": "2026-11-20T12:00:00Z",
            "historyLineCount": len(self.rows),
            "historyKeys": {"keys": self.keys, "lastStep": self.last_step, "sets": []}
            if self.rows
            else None,
            "user": {"name": "A User", "username": "a-user"},
            "projectId": "7",
        }


def recorded() -> StubRun:
    """Return the run that the real writer sent, see `record.py`."""
    sent = json.loads(Path(__file__).with_name("recorded_run.json").read_text())
    settings = sent["config"]
    return StubRun(
        "abc123",
        sent["displayName"],
        sent["rows"],
        config={key: one["value"] for key, one in settings.items() if key != "_wandb"},
        internals=settings["_wandb"]["value"],
        summary=sent["summaryMetrics"],
        group=sent["groupName"],
        tags=sent["tags"],
    )


def logged(step: int, **values: object) -> Row:
    """Return the row of one log call; `__` in a name stands for a slash."""
    times = {"_step": step, "_timestamp": FIRST_MOMENT + step, "_runtime": float(step)}
    return {**{name.replace("__", "/"): value for name, value in values.items()}, **times}


def flat(row: Row) -> dict[str, object]:
    """Return a row with the numbers of nested values under dotted keys."""
    found: dict[str, object] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            below = cast("Row", value)
            if "_type" not in below:
                found |= {f"{key}.{name}": one for name, one in flat(below).items()}
        elif isinstance(value, int | float) or value in NOT_FINITE:
            found[key] = value
    return found


def step_of(row: Row) -> int:
    """Return a row's `_step`."""
    step = row["_step"]
    assert isinstance(step, int)
    return step


def export_of(run: StubRun) -> bytes:
    """Return the export of a run's older rows: Parquet, a column for every key, null where absent."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    rows = [flat(row) for row in run.rows if step_of(row) <= run.exported]
    columns = {key: [_plain(row.get(key)) for row in rows] for key in run.keys}
    file = BytesIO()
    parquet.write_table(arrow.table(columns), file)
    return file.getvalue()


def _plain(value: object) -> object:
    return float(value) if isinstance(value, str) else value
