"""The answer of a pull, put together from what was gathered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from samestep.analysis.naming import SYSTEM
from samestep.answers.answer import Caveat
from samestep.answers.pull import USUAL, LeftOut, Pulled, SavedCheckpoint
from samestep.model import Run
from samestep.phrases import number
from samestep.questions.pulled.checkpoints import saved_checkpoint
from samestep.questions.pulled.run import Gathered, Room, Wish
from samestep.questions.pulled.several import Several
from samestep.questions.sides import legend_entry, reading_caveats
from samestep.resolve import SavedBy

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Everything:
    """Everything that was asked for, looked at once."""

    wish: Wish
    runs: Sequence[Gathered]
    saved: Sequence[tuple[Run, SavedBy]]
    several: Several | None

    def answer(self, room: Room) -> Pulled:
        """Return the answer with as much in every section as there is room for."""
        by_ref = {str(one.run.ref): one for one in self.runs}
        told = [saved_checkpoint(by_ref[str(one[0].ref)], one, room) for one in self.saved]
        parts = [one.part(room) for one in self.runs]
        rules = {ref: one.axis.rule if one.axis else "" for ref, one in by_ref.items()}
        together = self.several
        return Pulled(
            answer_id="",
            runs=[legend_entry(one.side, "run", rules) for one in self.runs],
            caveats=[
                *reading_caveats([one.side for one in self.runs]),
                *self._of_runs(),
                *(caveat for _, of_reading, _ in told for caveat in of_reading),
                *(together.caveats if together else ()),
            ],
            reading=self._reading([one for one, _, _ in told]),
            checkpoints=[one for one, _, _ in told],
            pulled=[part for part, _ in parts],
            comparison=together and together.comparison,
            config_diff=together and together.config_diff(room),
            summary_comparison=together and together.summary_comparison(room),
            left_out=[
                *_added_up([left for _, _, of_saved in told for left in of_saved]),
                *_added_up([left for _, of_run in parts for left in of_run]),
                *(together.left_out(room) if together else ()),
                *self._not_asked(),
            ],
        )

    def _of_runs(self) -> Iterator[Caveat]:
        """Yield what is to be known of each run; of several it is said which."""
        for one in self.runs:
            for caveat in one.caveats:
                named = caveat.text.startswith(one.side.name) or self.several is None
                text = caveat.text if named else f"{one.side.name}: {caveat.text}"
                yield caveat.model_copy(update={"text": text})

    def _reading(self, checkpoints: Sequence[SavedCheckpoint]) -> str:
        told = [*map(_saved, checkpoints)]
        if self.several is None:
            return " ".join([*told, _reached(self.runs[0])])
        names = [one.side.name for one in self.runs]
        rest = len(names) - MOST_NAMED
        more = f" and {rest} more" if rest > 0 else ""
        compared = self.several.comparison
        at = f", compared at {compared.at.axis} {number(compared.at.value)}" if compared else ""
        told.append(f"{len(names)} runs{at}: {', '.join(names[:MOST_NAMED])}{more}.")
        return " ".join(told)

    def _not_asked(self) -> Iterator[LeftOut]:
        """Yield the sections that are shown only where they are asked for."""
        count = len({name for one in self.runs for name in one.run.history.metrics})
        if self.wish.include == USUAL and count:
            for section in ("schema", "stats"):
                yield LeftOut(
                    section=section.upper(), left=count, what="metrics", shown_by=f"--{section}"
                )


def _added_up(left: Sequence[LeftOut]) -> list[LeftOut]:
    """Return what the sections of all runs leave out, in one entry for each section."""
    count: dict[tuple[str, str, str], int] = {}
    for one in left:
        of = (one.section, one.what, one.shown_by)
        count[of] = count.get(of, 0) + one.left
    return [
        LeftOut(section=section, left=number_of, what=what, shown_by=by)
        for (section, what, by), number_of in count.items()
    ]


def _saved(one: SavedCheckpoint) -> str:
    if one.x is None:
        return f"{one.full_name} saved the checkpoint asked for, and where is not known."
    return f"{one.full_name} saved the checkpoint asked for at {one.axis} {number(one.x)}."


def _reached(one: Gathered) -> str:
    logged = one.run.history.metrics
    if not logged:
        return f"{one.side.name} logged nothing over time."
    if one.axis is None:
        return f"{one.side.name} logged {len(logged)} metrics, and none has a place on an axis."
    of_machine = sum(name.startswith(SYSTEM) for name in logged)
    machine = f" ({of_machine} more measure the machine)" if of_machine else ""
    reached = f"{one.axis.name} {number(one.axis.newest)}"
    count = len(logged) - of_machine
    return f"{one.side.name} logged {count} metrics{machine} and has reached {reached}."
