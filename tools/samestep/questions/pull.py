"""What made a checkpoint, and everything about a few runs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from samestep.answers.pull import USUAL, Pulled, Section
from samestep.errors import BadArgument, BadArguments
from samestep.model import Run
from samestep.questions.arguments import AtX, Derive, MetricSelection, RowWhere, XAxis
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import fitting
from samestep.readers.registry import identity
from samestep.resolve import Lookup, SavedBy, Side
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from samestep.questions.pulled.run import Gathered, Wish
    from samestep.questions.sides import KnownSide

CheckpointPaths = Annotated[list[str] | None, Field(description="Paths of checkpoints.")]
RunNames = Annotated[list[str] | None, Field(description="Runs, or group:<pattern>.")]
Sections = Annotated[
    list[Section] | None, Field(min_length=1, description="Default config, summary, history.")
]
ShowAll = Annotated[bool, Field(description="Whether every section is shown whole.")]
ROWS = 24  # of a history, shared by the runs
FEWEST_ROWS = 4
MOST_RUNS = 6

Saved = tuple[Run, SavedBy]


@checked
def pull(  # noqa: PLR0913, PLR0917 # one argument per option of the command
    checkpoints: CheckpointPaths = None,
    runs: RunNames = None,
    include: Sections = None,
    select: MetricSelection = None,
    where: RowWhere = None,
    derive: Derive = None,
    x: XAxis = "auto",
    at: AtX = None,
    *,
    show_all: ShowAll = False,
    project: Project | None = None,
) -> Pulled:
    """Tell what made a checkpoint: its run's config, newest values and rows, and how good it was.

    Several runs are compared too, the first with the others: at the same x, and by their configs.

    Raises:
        SamestepError: A checkpoint or run that is not there, an ambiguous name, a checkpoint of no
            run, a metric or axis that is not there, an expression outside the grammar.
    """
    from samestep.questions.pulled.answer import Everything
    from samestep.questions.pulled.evidence import keep
    from samestep.questions.pulled.gathering import gathered
    from samestep.questions.pulled.run import Room, Wish
    from samestep.questions.pulled.several import Standing, several

    asked_in = project or Project.here()
    found, saved = _found(checkpoints or [], runs or [], asked_in)
    if at is not None and len(found) == 1:
        raise BadArgument("at", at, "an x of a comparison, which takes two runs or more")
    wish = Wish(tuple(include or USUAL), select, where, derive or {}, x)
    looked = gathered(found, wish)
    _refuse_unknown(looked, wish)
    standing = Standing(_written(looked, saved), saved, at, show_all)
    everything = Everything(wish, looked, saved, several(looked, wish, standing, asked_in))
    most = max(FEWEST_ROWS, ROWS // len(looked))
    answer = (
        everything.answer(Room())
        if show_all
        else fitting(lambda limit: everything.answer(Room.of(limit)), most)
    )
    keep(answer, looked, asked_in)
    return validate(identified(answer, "pul"))


def _found(
    checkpoints: Sequence[str], runs: Sequence[str], project: Project
) -> "tuple[list[KnownSide], list[Saved]]":
    """Return every run asked for once, and the checkpoints that stand for runs."""
    from samestep.analysis.seen import with_epoch_length
    from samestep.questions.pulled.checkpoints import refuse_others
    from samestep.questions.sides import known

    if not checkpoints and not runs:
        problem = "no run and no checkpoint is named; list_runs names the runs there are"
        raise BadArguments("pull", [problem], ["runs (-r)", "checkpoints (-c)"])
    refuse_others(checkpoints, project)
    sides = Lookup(project).sides([*checkpoints, *runs])
    once: dict[str, Run] = {}
    for run in (run for side in sides for run in side.runs):
        once.setdefault(identity(run.ref, project), run)
    if len(once) > MOST_RUNS:
        takes = f"at most {MOST_RUNS} runs; these are {len(once)}, and rank_runs takes more"
        raise BadArgument("run", [*checkpoints, *runs], takes)
    alone = [Side(run.full_name, (with_epoch_length(run),)) for run in once.values()]
    lost = tuple(one for side in sides for one in side.unreadable)
    first = replace(alone[0], unreadable=lost)
    saved = [
        (once[identity(run.ref, project)], of) for side in sides for run, of in side.checkpoints
    ]
    return known([first, *alone[1:]], project), saved


def _refuse_unknown(looked: "Sequence[Gathered]", wish: "Wish") -> None:
    """Refuse an entry of the selection that fits nothing any of the runs has."""
    from samestep.analysis.roles import Wanted, pick

    if wish.select is not None:
        names = ", ".join(one.side.name for one in looked)
        known = dict.fromkeys(
            name for one in looked for name in (*one.run.history.metrics, *one.run.finals)
        )
        pick([Wanted(entry, None, "select") for entry in wish.select], list(known), names)


def _written(looked: "Sequence[Gathered]", saved: Sequence[Saved]) -> list[str]:
    """Return what leads to each run: the first checkpoint named of it, else its reference."""
    by = {str(run.ref): of.written for run, of in reversed(saved)}
    return [by.get(str(one.run.ref), str(one.run.ref)) for one in looked]
