"""What the comparison cannot decide: no goal declared, no metric shared."""

import re
from collections.abc import Iterator, Sequence

from samestep.questions.caveats.words import Said, listed, names_told, said
from samestep.questions.comparison_page import Page
from samestep.questions.metrics import likely_goals, logged
from samestep.questions.rows import Judged
from samestep.questions.sides import KnownSide

NESTED = re.compile(r"[^()]*(\([^()]*\)[^()]*)*")
"""Names that may stand inside parentheses: every one they open they close."""


def nothing_shared(sides: Sequence[KnownSide], judged: Sequence[Judged]) -> Iterator[Said]:
    """Say what each side logs where no metric is logged by both."""
    if judged:
        return
    student, *baselines = sides
    theirs = [run for baseline in baselines for run in baseline.runs]
    yield said(
        "same-definition",
        "blocks",
        f"No metric is logged by both sides ({student.name}: {names_told(logged(student.runs))}; "
        f"the baselines: {names_told(logged(theirs))}). pairs compares one name with another.",
    )


def goal_caveats(sides: Sequence[KnownSide], page: Page) -> Iterator[Said]:
    """Say which metric may be the goal where none is declared, or on which page it stands."""
    goals = dict.fromkeys(
        one.row.metric for one in page.everything if one.compared.character.role == "downstream"
    )
    if goals:
        if not any(one.row.metric in goals for one in page.judged):
            text = f"The downstream metrics stand on the first page: {listed(list(goals))}."
            yield said("roles-apart", "notes", text, needed=True)
        return
    likely = likely_goals(logged([run for side in sides for run in side.runs]))
    so_likely = f" (likely: {names_told(likely)})" if likely else ""
    plain = [name for name in likely if NESTED.fullmatch(name)]
    name = plain[0] if plain else "name of the metric the project is for"
    example = f' Declare one (downstream=["{name}"]).'
    none = (
        f"What is declared downstream ({names_told(page.declared)}) is logged by none of these runs"
        if page.declared
        else "No downstream metric is declared"
    )
    text = f"{none}, so nothing here decides{so_likely}.{example}"
    yield said("roles-apart", "notes", text, needed=True)
