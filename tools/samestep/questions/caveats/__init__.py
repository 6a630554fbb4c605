"""What limits a comparison, the most limiting first: one module per topic."""

from collections.abc import Sequence

from samestep.analysis.choose import Chosen
from samestep.analysis.comparable import Party, Stand
from samestep.answers.answer import Caveat
from samestep.answers.comparison import At
from samestep.questions.caveats.axes import axis_caveats
from samestep.questions.caveats.cadences import cadence_caveats
from samestep.questions.caveats.checkpoints import checkpoint_caveats
from samestep.questions.caveats.configs import config_caveats
from samestep.questions.caveats.definitions import definition_caveats, reduction_caveats
from samestep.questions.caveats.differences import Found, difference_caveats
from samestep.questions.caveats.goals import goal_caveats, nothing_shared
from samestep.questions.caveats.groups import seed_caveats, sibling_caveats
from samestep.questions.caveats.pairs import pair_caveats
from samestep.questions.caveats.placements import (
    compared_curves,
    earlier_caveats,
    end_caveats,
    overwritten_caveats,
    restart_caveats,
)
from samestep.questions.caveats.room import fitted
from samestep.questions.caveats.words import Said
from samestep.questions.comparison_page import Page
from samestep.questions.rows import Facing, Judged
from samestep.questions.sides import KnownSide, reading_caveats

__all__ = ["comparison_caveats"]


def comparison_caveats(sides: Sequence[KnownSide], page: Page, taken: int) -> list[Caveat]:
    """Return the caveats of a comparison, as far as it has room for them.

    Args:
        sides: The student, then its baselines.
        page: The rows that are shown, and where they stand.
        taken: Characters of the room for caveats that something else needs more.
    """
    judged, everything = page.judged, page.everything
    chosen, stands = page.chosen, page.stands
    curves = compared_curves(sides, chosen, judged)
    found = [
        *nothing_shared(sides, judged),
        *definition_caveats(judged),
        *axis_caveats(sides, chosen),
        *checkpoint_caveats(sides, chosen, stands),
        *restart_caveats(curves),
        *sibling_caveats(sides, page.siblings),
        *difference_caveats(sides[0].name, _audited(sides, chosen, stands, everything)),
        *seed_caveats(sides, judged),
        *(Said(caveat, needed=True) for caveat in reading_caveats(sides)),
        *goal_caveats(sides, page),
        *earlier_caveats(page),
        *end_caveats(stands, judged),
        *config_caveats(sides),
        *cadence_caveats(judged),
        *reduction_caveats(judged, chosen),
        *pair_caveats(sides, judged),
        *overwritten_caveats(curves),
    ]
    return fitted(found, len(judged), taken)


def _audited(
    sides: Sequence[KnownSide], chosen: Chosen, stands: At, everything: Sequence[Judged]
) -> Found:
    """Return what was found between the student and each baseline, with or without rows."""
    known = {one.baseline.name: one.facing for one in everything}
    student, *baselines = sides
    stand = Stand(chosen.name, chosen.axes, stands.value)
    party = Party.of(student.name, student.runs)
    facings = [
        known.get(baseline.name) or Facing.of((student, party), baseline, stand, chosen)
        for baseline in baselines
    ]
    return [(one.baseline.name, one.audit.findings) for one in facings]
