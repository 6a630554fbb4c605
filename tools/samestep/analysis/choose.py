"""The x-axis that all runs of a question share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from samestep.analysis.axis import RunAxis, Unplaced, axis_names, is_seen_counter, run_axis
from samestep.errors import NoSuchAxis
from samestep.model import Run

ENOUGH_EPOCHS = 2.0  # epochs the student has completed before epochs are the first choice
MOST_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Chosen:
    """One axis, as each run has it, by run reference."""

    name: str
    axes: Mapping[str, RunAxis]
    passed_over: str = ""
    """Why an axis that comes first was not taken, as a clause; empty where none was passed over."""


def common_axis(asked: str, students: Sequence[Run], baselines: Sequence[Run]) -> Chosen:
    """Return the axis asked for; "auto" takes the first that all runs have and meet on.

    The order of "auto": epoch when the student has completed two or more, tokens or samples seen,
    epoch, step.

    Raises:
        NoSuchAxis: A run does not have the axis, or "auto" finds none that all have.
    """
    runs = [*students, *baselines]
    if asked != "auto":
        return _asked(asked, runs)
    tried = _Tried(runs, students)
    epoch = tried.on("epoch")
    if epoch is not None and tried.student_newest(epoch) >= ENOUGH_EPOCHS:
        return epoch
    counters = [name for name in axis_names(students[0].history) if is_seen_counter(name)]
    for name in (*counters, "epoch", "step"):
        chosen = tried.on(name)
        if chosen is not None:
            return replace(chosen, passed_over="; ".join(tried.apart))
    if tried.without_meeting is not None:
        return replace(tried.without_meeting, passed_over="; ".join(tried.apart))
    raise NoSuchAxis("auto", "these runs", tried.why_not(), shared_axes(runs))


def own_axis(asked: str, run: Run) -> RunAxis:
    """Return one run's axis of that name; "auto" takes the first it has, in the order above.

    Raises:
        NoSuchAxis: The run does not have it, or has none at all.
    """
    return common_axis(asked, [run], []).axes[str(run.ref)]


def shared_axes(runs: Sequence[Run]) -> list[str]:
    """Return the names of the axes that every run has."""
    first, *others = runs
    names = axis_names(first.history)[:MOST_OFFERED]
    return [
        name
        for name in names
        if not any(isinstance(run_axis(run.history, name), Unplaced) for run in (first, *others))
    ]


def only_counting(runs: Sequence[Run]) -> str:
    """Return which runs' steps only count log calls, where others' are steps; "" where none are."""
    counting = [run for run in runs if run.history.row_counter is not None]
    if not counting or len(counting) == len(runs):
        return ""
    first = counting[0]
    more = f" and {len(counting) - 1} more" if len(counting) > 1 else ""
    return (
        f"the steps of {first.full_name}{more} only count log calls "
        f"({first.history.row_counter}), those of the others do not"
    )


def _asked(name: str, runs: Sequence[Run]) -> Chosen:
    axes: dict[str, RunAxis] = {}
    for run in runs:
        placed = run_axis(run.history, name)
        if isinstance(placed, Unplaced):
            raise NoSuchAxis(name, run.full_name, placed.why, shared_axes(runs))
        axes[str(run.ref)] = placed
    return Chosen(name, axes)


class _Tried:
    """The axes tried for "auto", each placed once."""

    def __init__(self, runs: Sequence[Run], students: Sequence[Run]) -> None:
        self._runs = runs
        self._students = {str(run.ref) for run in students}
        self._reasons: list[str] = []
        self.apart: list[str] = []
        """Axes that all runs have and on which the sides never meet, as clauses."""
        self.without_meeting: Chosen | None = None
        """The first such axis: on it every cell says why it is absent."""
        self._found: dict[str, Chosen | None] = {}

    def on(self, name: str) -> Chosen | None:
        if name not in self._found:
            self._found[name] = self._place(name)
        return self._found[name]

    def student_newest(self, chosen: Chosen) -> float:
        return min(chosen.axes[student].newest for student in self._students)

    def why_not(self) -> str:
        return "; ".join(self._reasons) or "no axis is shared"

    def _place(self, name: str) -> Chosen | None:
        axes: dict[str, RunAxis] = {}
        for run in self._runs:
            placed = run_axis(run.history, name)
            if isinstance(placed, Unplaced):
                self._reasons.append(f"{name}: {run.full_name}: {placed.why}")
                return None
            axes[str(run.ref)] = placed
        if name == "step" and (counting := only_counting(self._runs)):
            self._reasons.append(f"step: {counting}")
            return None
        chosen = Chosen(name, axes)
        if self._meet(chosen):
            return chosen
        apart = f"on {name} student and baseline logged nothing over a common stretch"
        self._reasons.append(apart)
        self.apart.append(apart)
        self.without_meeting = self.without_meeting or chosen
        return None

    def _meet(self, chosen: Chosen) -> bool:
        students = [axis for ref, axis in chosen.axes.items() if ref in self._students]
        baselines = [axis for ref, axis in chosen.axes.items() if ref not in self._students]
        return not baselines or any(
            student.oldest <= baseline.newest and baseline.oldest <= student.newest
            for student in students
            for baseline in baselines
        )
