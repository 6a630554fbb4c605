"""The answer for runs that share no x-axis: not comparable, with what each of them has."""

from collections.abc import Sequence

from samestep.analysis.axis import unit_of
from samestep.analysis.choose import own_axis, shared_axes
from samestep.answers.answer import Caveat
from samestep.answers.comparison import At, Comparison, Verdict
from samestep.questions.caveats.groups import single_caveats
from samestep.questions.caveats.room import ranked
from samestep.questions.caveats.words import Said, joined, names_told, said
from samestep.questions.sides import KnownSide, legend_entry, reading_caveats

NOT_COMPARABLE = Verdict(
    kind="not_comparable",
    winner=None,
    blocked_by=["same-x"],
    text="There is no x-axis that all runs have.",
    against=[],
)


def without_axis(student: KnownSide, baselines: Sequence[KnownSide]) -> Comparison:
    """Return the comparison of sides that share no axis: their axes are listed, nothing is judged.

    Raises:
        NoSuchAxis: The student has no axis at all.
    """
    own = own_axis("auto", student.runs[0])
    sides = [student, *baselines]
    names = joined([side.name for side in sides])
    no_x = {str(run.ref): "" for side in sides for run in side.runs}
    return Comparison(
        answer_id="",
        runs=[
            legend_entry(student, "student", no_x),
            *(legend_entry(baseline, "baseline", no_x) for baseline in baselines),
        ],
        caveats=_caveats(sides),
        reading=f"{names} cannot be compared: they share no x-axis.",
        at=At(axis=own.name, unit=unit_of(own.name), value=own.newest, student_current=own.newest),
        metrics=[],
        proxy=[],
        downstream=[],
        catch_up=[],
        verdict=NOT_COMPARABLE,
        metrics_left=0,
        next_cursor=None,
    )


def _caveats(sides: Sequence[KnownSide]) -> list[Caveat]:
    told = "; ".join(f"{side.name}: {_axes(side)}" for side in sides)
    return ranked(
        [
            said("same-x", "blocks", f"The runs share no x-axis ({told})."),
            *single_caveats(sides),
            *(Said(caveat) for caveat in reading_caveats(sides)),
        ]
    )


def _axes(side: KnownSide) -> str:
    return names_told(shared_axes(side.runs)) or "none"
