"""Rows of a history become columns: the numbers of each key, by the `_step` of their rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

import numpy as np

from samestep.readers.wandb.online.nodes import Table, entries, numbers, table, whole

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

NO_STEP = -1


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The numbers logged under one key; arrays of shape (points,), one point a row."""

    steps: "Integers"
    """The `_step` of each row, ascending."""
    values: "Floats"

    @classmethod
    def empty(cls) -> Self:
        """Return a column without a point."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64))

    def at(self, steps: "Integers") -> "Floats":
        """Return the values in the rows of these steps; NaN in a row that has none."""
        if not len(self.steps):
            return np.full(len(steps), np.nan)
        nearest = np.minimum(np.searchsorted(self.steps, steps), len(self.steps) - 1)
        return np.where(self.steps[nearest] == steps, self.values[nearest], np.nan)


class Gathering:
    """Columns while their rows come in."""

    def __init__(self) -> None:
        self._parts: dict[str, list[tuple[Integers, Floats]]] = {}
        self.without_step = 0
        """Rows that named no `_step`, and so have no place."""
        self.others: Counter[str] = Counter()
        """How many values under each key of a page were no numbers: texts, lists, media."""

    def add_page(self, page: Table) -> int:
        """Add the worker's page of a scan and return how many rows it held."""
        written = [whole(step) for step in entries(page.get("steps"))]
        steps = np.array([NO_STEP if s is None else s for s in written], dtype=np.int64)
        self.without_step += int((steps < 0).sum())
        others = {key: whole(count) or 0 for key, count in table(page.get("others")).items()}
        self.others.update(others)
        for key, column in table(page.get("columns")).items():
            rows, values = map(entries, entries(column))
            self._add(key, steps[np.array(rows, dtype=np.int64)], values)
        return len(steps)

    def add_rows(self, rows: Iterable[object]) -> None:
        """Add rows that came as objects."""
        found: dict[str, tuple[list[int], list[object]]] = {}
        for row in map(table, rows):
            step = whole(row.get("_step"))
            if step is None:
                self.without_step += 1
                continue
            for key, value in numbers(row):
                steps, values = found.setdefault(key, ([], []))
                steps.append(step)
                values.append(value)
        for key, (steps, values) in found.items():
            self._add(key, np.array(steps, dtype=np.int64), values)

    def columns(self) -> Mapping[str, Column]:
        """Return every column, the last value of each row that came twice."""
        return {key: _column(parts) for key, parts in self._parts.items()}

    def _add(self, key: str, steps: "Integers", values: list[object]) -> None:
        try:
            flat = np.array(cast("list[float]", values), dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            self._add_nested(key, steps, values)
            return
        self._parts.setdefault(key, []).append((steps[steps >= 0], flat[steps >= 0]))

    def _add_nested(self, key: str, steps: "Integers", values: list[object]) -> None:
        """Add numbers below a key, each under the dotted key that W&B shows them by."""
        rows = zip(steps.tolist(), values, strict=True)
        self.add_rows({key: value, "_step": step} for step, value in rows if step >= 0)


def _column(parts: "list[tuple[Integers, Floats]]") -> Column:
    steps = np.concatenate([steps for steps, _ in parts])
    values = np.concatenate([values for _, values in parts])
    order = np.argsort(steps, kind="stable")
    steps, values = steps[order], values[order]
    last = np.append(steps[1:] != steps[:-1], np.ones(min(len(steps), 1), dtype=bool))
    return Column(steps[last], values[last])
