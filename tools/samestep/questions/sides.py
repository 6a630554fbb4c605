"""A side of a question as it stands in the answer: its legend entry and what its reading lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Literal

from samestep.answers.answer import Caveat, Current, GroupMember, LegendEntry, Read
from samestep.model import Glance, Run, State
from samestep.questions.seed_settings import glance_with_seed, with_seed
from samestep.resolve import Side
from samestep.settings import Project

MOST_MEMBERS = 20
LEAST_FINISHED: tuple[State, ...] = ("running", "unknown", "crashed", "failed", "finished")


@dataclass(frozen=True, slots=True)
class KnownSide:
    """A side with the states of its runs and the name it goes by in the answer."""

    name: str
    side: Side
    states: Mapping[str, State]
    """The state of every run, by reference."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of the side."""
        return self.side.runs

    @property
    def finished(self) -> bool:
        """Whether every run of it is known to have finished."""
        return all(state == "finished" for state in self.states.values())


def known(sides: Sequence[Side], project: Project) -> list[KnownSide]:
    """Return the sides with their states and seeds, under names that are unique in the answer."""
    names = [side.full_name for side in sides]
    return [
        KnownSide(
            _unique(side, names),
            replace(side, runs=tuple(with_seed(run, project) for run in side.runs)),
            {str(run.ref): run_state(run, project) for run in side.runs},
        )
        for side in sides
    ]


def legend_entry(
    known_side: KnownSide,
    role: Literal["student", "baseline", "run"],
    x_from: Mapping[str, str],
) -> LegendEntry:
    """Return the legend's entry of a side.

    Args:
        known_side: The side.
        role: Its part in the question.
        x_from: What gave each run's points their x, by reference.
    """
    side = known_side.side
    entry = LegendEntry(
        full_name=known_side.name,
        run=side.pattern if side.is_group else str(side.runs[0].ref),
        tracker=" and ".join(dict.fromkeys(run.ref.source.tracker for run in side.runs)),
        role=role,
        state=min(known_side.states.values(), key=LEAST_FINISHED.index),
        seed=None if side.is_group else side.runs[0].seed,
        current=current_of(side.runs),
        read=_read(side.runs),
    )
    extra = _members(known_side) if side.is_group else dict[str, object]()
    rules = dict.fromkeys(x_from[str(run.ref)] for run in side.runs)
    if any(rules):
        extra["x_from"] = "; ".join(rules)
    return entry.model_copy(update=extra)


def reading_caveats(sides: Sequence[KnownSide | Side]) -> list[Caveat]:
    """Return one caveat for every run of which something, or all, could not be read."""
    plain = [side.side if isinstance(side, KnownSide) else side for side in sides]
    runs = {str(run.ref): run for side in plain for run in side.runs}
    lost = [
        f"{run.full_name}: {'; '.join(loss.rstrip('.') for loss in run.history.read.losses)}."
        for run in runs.values()
        if run.history.read.losses
    ]
    lost.extend(
        f"{one.where}, looked at for {side.full_name}, cannot be read and does not count: {one.why}."
        for side in plain
        for one in side.unreadable
    )
    return [Caveat(rule="partial-said", severity="warns", text=text) for text in lost]


def _unique(side: Side, names: Sequence[str]) -> str:
    """Return a name no other side of the answer has, by adding where the runs come from."""
    if names.count(side.full_name) == 1:
        return side.full_name
    return f"{side.full_name} ({', '.join(dict.fromkeys(str(r.ref.source) for r in side.runs))})"


def run_state(run: Run, project: Project) -> State:
    """Return a run's state now, by its tracker, samestep.toml, its plan or its newest record."""
    from samestep.analysis.state import state_of

    finished = _is_known_finished(run.full_name, project)
    return state_of(run, datetime.now(UTC), known_finished=finished)


def glance_now(run: Run, project: Project) -> Glance:
    """Return what a listing shows of a run that was read, its state as of now."""
    from samestep.analysis.state import glance_of

    glance = glance_with_seed(glance_of(run), project)
    return replace(glance, state=run_state(run, project))


def glanced_now(full_name: str, glance: Glance, project: Project) -> Glance:
    """Return what a tracker's listing says of a run, its state as of now."""
    from samestep.analysis.state import glanced_state

    finished = _is_known_finished(full_name, project)
    state = glanced_state(glance, datetime.now(UTC), known_finished=finished)
    return replace(glance_with_seed(glance, project), state=state)


def _is_known_finished(full_name: str, project: Project) -> bool:
    return any(fnmatchcase(full_name, pattern) for pattern in project.settings.finished)


def current_of(runs: Sequence[Run]) -> Current:
    """Return how far the runs have come: the least advanced of them."""
    from samestep.analysis.state import newest_on

    epochs = [newest_on(run.history, "epoch") for run in runs]
    steps = [newest_on(run.history, "step") for run in runs]
    return Current(epoch=_least(epochs), step=_least(steps))


def _least(reached: Sequence[float | None]) -> float | None:
    numbers = [x for x in reached if x is not None]
    return min(numbers) if len(numbers) == len(reached) else None


def _read(runs: Sequence[Run]) -> Read:
    points = sum(len(metric.values) for run in runs for metric in run.history.metrics.values())
    how = " and ".join(dict.fromkeys(run.history.read.how for run in runs))
    return Read(how=how, points=points, complete=not any(run.history.read.losses for run in runs))


def _members(known_side: KnownSide) -> dict[str, object]:
    runs = known_side.runs
    members = tuple(
        GroupMember(
            full_name=run.full_name,
            run=str(run.ref),
            state=known_side.states[str(run.ref)],
            seed=run.seed,
        )
        for run in runs[:MOST_MEMBERS]
    )
    more = len(runs) - len(members)
    return {"members": members, "more_members": more} if more else {"members": members}
