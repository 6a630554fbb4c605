"""Everything a set of recorded answers holds, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samestep.claims.extraction import (
    absent_of,
    cells_of,
    changes_of,
    curves_of,
    judged_of,
    projections_of,
)
from samestep.claims.extraction_of_spread import intervals_of, objects_of, spreads_of
from samestep.claims.extraction_of_standing import (
    gains_of,
    lags_of,
    ranked_of,
    roles_of,
    slopes_of,
    states_of,
    tested_of,
)
from samestep.claims.facts import (
    Cell,
    Changes,
    Character,
    Curve,
    Gain,
    Judged,
    Lag,
    Projection,
    Ranked,
    Tested,
)
from samestep.claims.parts import Json, number_of, part_of, rows_of, text_of

if TYPE_CHECKING:
    from samestep.claims.pairs import Difference
    from samestep.model import Direction, Role


@dataclass(slots=True)
class Record:
    """Everything a set of answers holds, the newest answer first."""

    runs: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """Every run's reference, by full name."""
    sizes: dict[str, int] = field(default_factory=dict[str, int])
    """How many seeds a group has; a run that is no group is not here."""
    members: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The runs of each group that are named."""
    roles: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Full names by their part in the questions: student, baseline, run."""
    metrics: dict[str, Character] = field(default_factory=dict[str, Character])
    cells: list[Cell] = field(default_factory=list[Cell])
    absent: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Runs and metrics that an answer says are not logged."""
    judged: list[Judged] = field(default_factory=list[Judged])
    curves: list[Curve] = field(default_factory=list[Curve])
    changes: list[Changes] = field(default_factory=list[Changes])
    projections: list[Projection] = field(default_factory=list[Projection])

    states: dict[str, str] = field(default_factory=dict[str, str])
    """The newest known state of each run."""
    lags: list[Lag] = field(default_factory=list[Lag])
    gains: list[Gain] = field(default_factory=list[Gain])
    slopes: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """The slopes of the curves of each run, with the ends of their intervals."""
    ranked: list[Ranked] = field(default_factory=list[Ranked])
    tested: list[Tested] = field(default_factory=list[Tested])
    spreads: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """The spreads between seeds, by full name."""
    intervals: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    of_run: dict[str, list[Cell]] = field(default_factory=dict[str, list[Cell]])
    """The cells by their run."""
    xs: set[float | None] = field(default_factory=set[float | None])
    """Every x, and step, of a cell."""
    roles_of: "dict[tuple[frozenset[str], str], Role]" = field(
        default_factory=dict[tuple[frozenset[str], str], "Role"]
    )
    """What a metric is for between two runs, by the newest answer that compares them on it."""
    apart: "dict[tuple[str, str], list[Difference]]" = field(
        default_factory=dict["tuple[str, str]", "list[Difference]"]
    )
    """The differences of every pair that was asked for, worked out once."""

    @classmethod
    def of(cls, answers: Sequence[Json]) -> "Record":
        """Return what the answers hold; a part of another form than this version's is not read."""
        record = cls()
        for answer in answers:
            record.add(answer)
        return record

    def add(self, answer: Json) -> None:
        """Add one answer."""
        self._add_legend(answer)
        cells = list(cells_of(answer))
        self._add_cells(cells)
        self.absent.update(absent_of(answer))
        self.judged.extend(judged_of(answer))
        self.curves.extend(curves_of(answer))
        self.changes.extend(changes_of(answer))
        self.projections.extend(projections_of(answer))
        objects = objects_of(answer)
        self.intervals.extend(intervals_of(objects))
        for name, spread in spreads_of(objects):
            self.spreads.setdefault(name, []).append(spread)
        for name, state in states_of(answer):
            self.states.setdefault(name, state)
        for name, slope in slopes_of(answer):
            self.slopes.setdefault(name, []).append(slope)
        self.lags.extend(lags_of(answer))
        self.gains.extend(gains_of(answer))
        self.ranked.extend(ranked_of(answer))
        self.tested.extend(tested_of(answer))
        for sides, metric, role in roles_of(answer):
            self.roles_of.setdefault((sides, metric), role)
        self._add_metrics(answer)
        for cell in cells:
            self.metrics.setdefault(cell.metric, Character())

    @property
    def counted(self) -> str:
        """The axis that a bare `at 1M` means: the newest answer's, unless it counts epochs."""
        axis = self.cells[0].axis if self.cells else "step"
        return "step" if axis == "epoch" else axis

    def _add_cells(self, cells: Sequence[Cell]) -> None:
        self.cells.extend(cells)
        for cell in cells:
            self.of_run.setdefault(cell.run, []).append(cell)
            self.xs.update((cell.x, cell.step))

    def _add_legend(self, answer: Json) -> None:
        for entry in rows_of(answer, "runs"):
            self._name(text_of(entry, "full_name"), text_of(entry, "run"), text_of(entry, "role"))
            members = rows_of(entry, "members")
            for member in members:
                self._name(text_of(member, "full_name"), text_of(member, "run"), "")
            if members:
                size = len(members) + int(number_of(entry, "more_members") or 0)
                self.sizes.setdefault(text_of(entry, "full_name"), size)
                named = [text_of(member, "full_name") for member in members]
                self.members.setdefault(text_of(entry, "full_name"), named)
        for item in rows_of(answer, "items"):
            self._name(text_of(item, "full_name"), text_of(item, "run"), "")

    def _name(self, name: str, ref: str, role: str) -> None:
        if not name:
            return
        self.runs.setdefault(name, ref or None)
        same_role = self.roles.setdefault(role, [])
        if name not in same_role:
            same_role.append(name)

    def _add_metrics(self, answer: Json) -> None:
        alone = [part for key in ("curve", "metric") if (part := part_of(answer, key))]
        described = [
            *rows_of(answer, "metrics"),
            *rows_of(answer, "schema"),
            *alone,
        ]
        for entry in described:
            role: Role = "downstream" if text_of(entry, "role") == "downstream" else "proxy"
            direction = text_of(entry, "direction")
            way: Direction | None = (
                "higher" if direction == "higher" else "lower" if direction == "lower" else None
            )
            known = self.metrics.get(text_of(entry, "metric"), Character())
            is_goal = "downstream" in {role, known.role}
            self.metrics[text_of(entry, "metric")] = Character(
                "downstream" if is_goal else "proxy", known.direction or way
            )
