"""The values of runs that a test compares: every metric and task of a against each b, at one x."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from samestep.analysis.align import Absent
from samestep.analysis.choose import Chosen
from samestep.analysis.compare import Matched, Pair, SideValue, compare_at
from samestep.analysis.copies import once_a_seed, without_copies
from samestep.analysis.finals import with_finals
from samestep.analysis.seen import shared_axis, with_epoch_length
from samestep.analysis.significance.decision_table import Sample
from samestep.analysis.significance.factors import Tasks, fold_count, folds_of, tasks_of
from samestep.analysis.significance.task_names import tasks_spelled
from samestep.answers.answer import MOST_LEGEND_ENTRIES
from samestep.errors import BadArgument
from samestep.model import Run
from samestep.questions.metrics import Compared, Request, compared_metrics, needed
from samestep.questions.rows import Frame, Judged, judged_rows
from samestep.questions.sides import KnownSide, known
from samestep.readers.registry import identity
from samestep.resolve import Lookup, Side
from samestep.settings import Project

if TYPE_CHECKING:
    from samestep.rules import RuleId

Written = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Folds:
    """The folds of cross-validation that runs are of."""

    of: Mapping[str, str]
    """The fold of each run, by its full name."""
    count: int
    """How many parts the data were divided into."""


@dataclass(frozen=True, slots=True)
class Contest:
    """One metric of a against one b, on one task: both sides' values at x."""

    judged: Judged
    pair: Pair
    task: str | None

    @property
    def samples(self) -> tuple[Sample, Sample]:
        """The values of both sides; none where a side is absent."""
        return sample_of(self.pair.student), sample_of(self.pair.baseline)

    @property
    def name(self) -> str:
        """The task, else the metric: what is one of many."""
        return self.task or self.judged.row.metric


@dataclass(frozen=True, slots=True)
class Contested:
    """Everything that one question tests."""

    sides: tuple[KnownSide, ...]
    chosen: Chosen
    limit: float
    compared: tuple[Compared, ...]
    contests: tuple[Contest, ...]
    folds: Folds | None
    tasks_by: str = ""
    """What tells the tasks that runs are of; empty where they are of one."""
    tasks_apart: tuple[str, ...] = ()
    """Tasks that not all sides have."""

    @property
    def several(self) -> bool:
        """Whether it is about several tasks, or several metrics that may be taken for them."""
        return len({contest.name for contest in self.contests}) > 1

    @property
    def of_tasks(self) -> bool:
        """Whether it is about several tasks: over them no winner is named."""
        return len({contest.task for contest in self.contests}) > 1


def contested(
    sides: Sequence[Side], metric: str, stands: tuple[str, float | None], project: Project
) -> Contested:
    """Place every run on one axis and find both sides' values.

    Args:
        sides: a, then each b.
        metric: A name or a pattern.
        stands: The axis, and the x asked for.
        project: Where the question is asked from.
    """
    ours, *theirs = known([_placed(side) for side in sides], project)
    others = [run for side in theirs for run in side.runs]
    axis, at = stands
    chosen = shared_axis(axis, ours.runs, others)
    limit = _limit(at, ours, chosen)
    request = _request(metric, project)
    compared = _asked(request, ours.runs, others)
    frame = Frame(chosen, limit, Matched())
    tasks = tasks_of([side.runs for side in (ours, *theirs)])
    contests = [
        contest
        for task in _names(tasks)
        for contest in _on_task((ours, theirs), compared, frame, (task, tasks))
    ]
    return Contested(
        (ours, *theirs),
        chosen,
        limit,
        tuple(compared),
        tuple(contests),
        _folds([*ours.runs, *others]),
        tasks.by if tasks else "",
        _tasks_apart([ours, *theirs], tasks),
    )


def several_sides(written: str | Sequence[str] | Sequence[Sequence[str]]) -> list[Written]:
    """Return the sides that `b` stands for: a list that holds lists is several."""
    if isinstance(written, str):
        return [written]
    names = [one for one in written if isinstance(one, str)]
    return [names] if len(names) == len(written) else list(written)


def read_sides(a: Written, b: Sequence[Written], metric: str, project: Project) -> list[Side]:
    """Read both sides' runs, of servers only the metrics that are needed.

    Raises:
        BadArgument: A run stands on two sides, or there are too many.
    """
    lookup = Lookup(project)
    ours = lookup.side(a)
    theirs = lookup.sides(b, needed(_request(metric, project), ours.runs))
    if len(theirs) >= MOST_LEGEND_ENTRIES:
        takes = f"at most {MOST_LEGEND_ENTRIES - 1} sides at a time; ask again for the others"
        raise BadArgument("b", f"{len(theirs)} sides", takes)
    _refuse_overlap([ours, *theirs], project)
    return [ours, *theirs]


def sample_of(found: SideValue | Absent) -> Sample:
    """Return what a side has at x."""
    if isinstance(found, Absent):
        return Sample((), ())
    return Sample(tuple(found.values), found.seeds)


def _refuse_overlap(sides: Sequence[Side], project: Project) -> None:
    """Refuse sides that share a run: two groups with a seed in common are not independent."""
    ours, *theirs = sides
    own = {identity(run.ref, project): run for run in ours.runs}
    for side in theirs:
        shared = [run.full_name for run in side.runs if identity(run.ref, project) in own]
        if shared:
            names = ", ".join(shared[:5])
            takes = f"runs that a does not hold; {len(shared)} stand on both sides ({names})"
            raise BadArgument("b", side.full_name, takes)


def _placed(side: Side) -> Side:
    return replace(side, runs=tuple(with_epoch_length(with_finals(run)) for run in side.runs))


def _limit(at: float | None, ours: KnownSide, chosen: Chosen) -> float:
    reached = [chosen.axes[str(run.ref)].newest for run in ours.runs]
    value = min(reached) if at is None else at
    if not value <= max(reached):
        takes = f"an x that a has reached: {ours.name} is at {chosen.name} {max(reached):g}"
        raise BadArgument("at", at, takes)
    return value


def _request(metric: str, project: Project) -> Request:
    return Request.of([metric], None, {"downstream": None, "proxy": None}, project.settings)


def _asked(request: Request, ours: Sequence[Run], theirs: Sequence[Run]) -> list[Compared]:
    """Return the metrics asked for, without those that are only declared downstream."""
    compared = compared_metrics(request, ours, theirs)
    names = [one.student for one in compared]
    wanted = {name for entry in request.wanted for name in entry.picks(names)}
    return [one for one in compared if one.student in wanted]


def _names(tasks: Tasks | None) -> list[str | None]:
    return [None] if tasks is None else list(dict.fromkeys(tasks.of.values()))


def _on_task(
    sides: tuple[KnownSide, Sequence[KnownSide]],
    compared: Sequence[Compared],
    frame: Frame,
    on: tuple[str | None, Tasks | None],
) -> list[Contest]:
    """Return a against each b on one task, as far as both have runs of it."""
    (ours, theirs), (task, tasks) = sides, on
    own = _of_task(ours, task, tasks)
    others = [part for side in theirs if (part := _of_task(side, task, tasks)) is not None]
    if own is None or not others:
        return []
    judged = judged_rows(own, others, compared, frame)
    if task is None:
        judged = [_of_one_task(one) for one in judged]
    in_folds = folds_of([run for side in (own, *others) for run in side.runs]) is not None
    return [Contest(one, _counted_once(one, frame, in_folds=in_folds), task) for one in judged]


def _of_task(side: KnownSide, task: str | None, tasks: Tasks | None) -> KnownSide | None:
    """Return a side with the runs of one task alone; None where it has none."""
    if tasks is None:
        return side
    runs = tuple(run for run in side.runs if tasks.of[str(run.ref)] == task)
    return replace(side, side=replace(side.side, runs=runs)) if runs else None


def _of_one_task(judged: Judged) -> Judged:
    """Return a row, blocked where the names of both sides spell tasks that differ."""
    standing = judged.standing
    if tasks_differ(judged) is None or "same-definition" in standing.blocking:
        return judged
    blocking: tuple[RuleId, ...] = (*standing.blocking, "same-definition")
    return replace(judged, standing=replace(standing, blocking=blocking))


def tasks_differ(judged: Judged) -> tuple[set[str], set[str]] | None:
    """Return the tasks that the names of either side spell, where both do and they differ."""
    ours, theirs = (tasks_spelled(side.runs) for side in (judged.facing.student, judged.baseline))
    return None if ours is None or theirs is None or ours == theirs else (ours, theirs)


def _tasks_apart(sides: Sequence[KnownSide], tasks: Tasks | None) -> tuple[str, ...]:
    if tasks is None:
        return ()
    of_sides = [{tasks.of[str(run.ref)] for run in side.runs} for side in sides]
    shared = set[str].intersection(*of_sides)
    return tuple(task for task in dict.fromkeys(tasks.of.values()) if task not in shared)


def _counted_once(judged: Judged, frame: Frame, *, in_folds: bool) -> Pair:
    """Return both sides' values, what copies another run, or its seed, left out and named."""
    ours, theirs = (without_copies(members) for members in judged.members)
    if not in_folds:  # a seed comes again in every fold
        ours, theirs = once_a_seed(ours), once_a_seed(theirs)
    return compare_at(ours, theirs, frame.limit, frame.matched)


def _folds(runs: Sequence[Run]) -> Folds | None:
    found = folds_of(runs)
    if found is None:
        return None
    named = {run.full_name: found[str(run.ref)] for run in runs}
    return Folds(named, fold_count(runs, found))
