"""What the comparison cannot decide: no goal declared, no metric shared, nothing projected."""

import re
from collections.abc import Iterator, Sequence

from samestep.questions.caveats.words import Said, listed, names_told, said
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


def goal_caveats(
    sides: Sequence[KnownSide], judged: Sequence[Judged], everything: Sequence[Judged]
) -> Iterator[Said]:
    """Say which metric may be the goal where none is declared, or on which page it stands."""
    goals = dict.fromkeys(
        one.row.metric for one in everything if one.compared.character.role == "downstream"
    )
    if goals:
        if not any(one.row.metric in goals for one in judged):
            text = f"The downstream metrics stand on the first page: {listed(list(goals))}."
            yield said("roles-apart", "notes", text, needed=True)
        return
    likely = likely_goals(logged([run for side in sides for run in side.runs]))
    so_likely = f" (likely: {names_told(likely)})" if likely else ""
    plain = [name for name in likely if NESTED.fullmatch(name)]
    name = plain[0] if plain else "name of the metric the project is for"
    example = f' Declare one (downstream=["{name}"]).'
    yield said(
        "roles-apart",
        "notes",
        f"No downstream metric is declared, so nothing here decides{so_likely}.{example}",
        needed=True,
    )


def outlook_caveats(judged: Sequence[Judged]) -> Iterator[Said]:
    """Say that nothing is projected, where a row leaves that open."""
    if any(one.row.outlook == "undecided" for one in judged):
        yield said(
            "projection-bounded",
            "notes",
            "No projection is made: every outlook short of ahead is undecided.",
            needed=True,
        )
