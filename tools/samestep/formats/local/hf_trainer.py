"""The `trainer_state.json` that Hugging Face's Trainer leaves in every checkpoint."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from samestep.formats.config_files import plain, read_document
from samestep.formats.local.axes import is_axis
from samestep.formats.local.json_lines import Rows, leaves
from samestep.formats.local.json_results import LARGEST_DOCUMENT
from samestep.formats.local.log import Log
from samestep.formats.local.text import not_readable
from samestep.formats.local.values import parsed
from samestep.model import EpochCounter, Final

FILE_NAME = "trainer_state.json"
CLOSING_KEY = "train_runtime"
PROGRESS = frozenset(
    {
        "best_global_step",
        "best_metric",
        "best_model_checkpoint",
        "epoch",
        "global_step",
        "is_local_process_zero",
        "is_world_process_zero",
        "total_flos",
    }
)
"""Top-level values that change while training goes on: no settings."""


@dataclass(frozen=True, slots=True)
class TrainerState:
    """What one checkpoint knows of its run's history."""

    path: Path
    rows: tuple[Mapping[str, object], ...]
    top: Mapping[str, object]

    @property
    def step(self) -> float:
        """The step at which it was written."""
        return _number(self.top, "global_step") or 0.0

    def continues(self, older: "TrainerState") -> bool:
        """Return whether this history repeats an older one from its start."""
        if len(older.rows) > len(self.rows):
            return False
        pairs = zip(self.rows, older.rows, strict=False)
        return all(mine == theirs or _text(mine) == _text(theirs) for mine, theirs in pairs)


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is a trainer's state."""
    return name == FILE_NAME and head.lstrip().startswith(b"{")


def read(path: Path) -> Log:
    """Read one state: everything logged up to its checkpoint.

    Raises:
        NotReadable: It is broken, or holds no log history.
    """
    state = read_state(path)
    logged = Rows()
    logged.begin()
    for row in state.rows:
        logged.add(
            {key: row[key] for key in ("epoch", "step") if key in row} if _closes(row) else row
        )
    log = logged.log(path.name, [])
    return replace(
        log,
        epochs=log.epochs
        and EpochCounter(log.epochs.metric, "epochs completed", "HF Trainer logs epochs completed"),
        steps_per_epoch=_steps_per_epoch(state),
        config=_settings(state),
        finals=_finals(state),
        finished=_is_over(state),
    )


def read_state(path: Path) -> TrainerState:
    """Read one state without interpreting its rows.

    Raises:
        NotReadable: It is broken, or holds no log history.
    """
    document, _ = read_document(path, LARGEST_DOCUMENT)
    top = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    history = top.get("log_history")
    if not isinstance(history, list):
        raise not_readable(path, "it holds no log_history")
    rows = [
        cast("dict[str, object]", row)
        for row in cast("list[object]", history)
        if isinstance(row, dict)
    ]
    return TrainerState(path, tuple(rows), top)


def distinct(states: list[TrainerState]) -> list[list[TrainerState]]:
    """Group states by the run they belong to, the newest of each run first.

    A later checkpoint of a run repeats the history of its earlier ones and goes on from there.
    """
    runs: list[list[TrainerState]] = []
    for state in sorted(states, key=lambda state: (len(state.rows), state.step), reverse=True):
        run = next((members for members in runs if members[0].continues(state)), None)
        if run is None:
            runs.append([state])
        else:
            run.append(state)
    return runs


def _text(row: Mapping[str, object]) -> str:
    """Return a row as text, which is equal where its values are, NaN included."""
    return json.dumps(row, sort_keys=True)


def _closes(row: Mapping[str, object]) -> bool:
    """Return whether a row is the one that the trainer writes when it has finished."""
    return CLOSING_KEY in row


def _is_over(state: TrainerState) -> bool:
    planned = _number(state.top, "max_steps") or 0.0
    if 0 < planned <= state.step:
        return True
    closed = [_number(row, "step") or 0.0 for row in state.rows if _closes(row)]
    newest = max((_number(row, "step") or 0.0 for row in state.rows), default=0.0)
    return bool(closed) and max(closed) >= newest


def _steps_per_epoch(state: TrainerState) -> float | None:
    """Return steps per epoch from the top level: the epochs of rows are rounded in old files."""
    epoch = _number(state.top, "epoch") or 0.0
    if epoch <= 0 or state.step <= 0:
        return None
    exact = state.step / epoch
    return float(round(exact)) if math.isclose(exact, round(exact), rel_tol=1e-9) else exact


def _settings(state: TrainerState) -> dict[str, object]:
    scalars = {
        key: value
        for key, value in state.top.items()
        if key not in PROGRESS and isinstance(value, str | int | float)
    }
    return plain(cast("Mapping[object, object]", scalars))[0]


def _finals(state: TrainerState) -> dict[str, Final]:
    closing = next((row for row in reversed(state.rows) if _closes(row)), None)
    if closing is None:
        return {}
    values = {name: parsed(value) for name, value in leaves(closing)}
    step = _number(closing, "step")
    return {
        name: Final(value, f"{FILE_NAME}: {name}", step)
        for name, value in values.items()
        if isinstance(value, float) and not is_axis(name)
    }


def _number(values: Mapping[str, object], key: str) -> float | None:
    value = parsed(values.get(key))
    return value if isinstance(value, float) and math.isfinite(value) else None
