"""What the x-axis of a comparison counts, and what it does not."""

from collections.abc import Iterator, Sequence

from samestep.analysis.choose import Chosen, only_counting
from samestep.questions.caveats.words import Said, said
from samestep.questions.sides import KnownSide


def axis_caveats(sides: Sequence[KnownSide], chosen: Chosen) -> Iterator[Said]:
    """Yield where the same x is not the same progress, and why no better axis was taken."""
    if chosen.name == "order":
        yield said(
            "same-x",
            "warns",
            "x counts points in the order they were logged: the same x is the same progress only "
            "where both log equally often.",
        )
    runs = [run for side in sides for run in side.runs]
    counting = [run for run in runs if run.history.row_counter] if chosen.name == "step" else []
    if counting:
        apart = only_counting(runs) or f"steps are {counting[0].history.row_counter} on both sides"
        text = f"{apart}: the same step is the same progress only where both log equally often."
        yield said("same-x", "warns", f"{text[0].upper()}{text[1:]}")
    if chosen.passed_over:
        yield said("same-x", "warns", f"x is {chosen.name}: {chosen.passed_over}.")
