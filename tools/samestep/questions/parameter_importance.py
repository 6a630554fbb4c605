"""How much a metric depends on each setting, over many runs."""

from typing import TYPE_CHECKING

from samestep.answers.importance import ImportanceAnswer
from samestep.questions.arguments import MetricName
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.ranking.arguments import ManyRuns, RankedX
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from samestep.analysis.roles import Character
    from samestep.questions.importance.parts import Learned
    from samestep.questions.ranking.at_one_x import Contest
    from samestep.questions.ranking.candidates import Candidates

MOST_PARAMETERS = 20
MOST_APART = 20


@checked
def parameter_importance(
    runs: ManyRuns, metric: MetricName, at: RankedX = None, *, project: Project | None = None
) -> ImportanceAnswer:
    """Tell how much a metric at the same x varies with each setting of ten or more runs.

    Raises:
        SamestepError: A run or metric that is not there, or scikit-learn is not installed.
    """
    from samestep.questions.importance.parts import learned
    from samestep.questions.ranking.at_one_x import contest
    from samestep.questions.ranking.candidates import candidates
    from samestep.questions.ranking.goal import bare_name, character_of

    asked_in = project or Project.here()
    names = {metric, bare_name(metric)}
    found = candidates(runs, lambda name: name in names, asked_in)
    known = character_of(metric, found.runs, asked_in)
    stands = contest(found, known.metric, at)
    answer = _answer(found, known, stands, learned(stands.entrants))
    return validate(identified(answer, "imp"))


def _answer(
    found: "Candidates", known: "Character", stands: "Contest", got: "Learned"
) -> ImportanceAnswer:
    from samestep.answers.record import derived
    from samestep.questions.importance.parts import METHOD
    from samestep.questions.importance.wording import caveats, legend, reading
    from samestep.questions.ranking.page import told_metric, told_place
    from samestep.questions.ranking.rows import apart_row

    rows, passed = got.rows, list(got.found.passed_over.items())
    explained = got.importances
    return ImportanceAnswer(
        answer_id="",
        runs=legend(stands),
        caveats=caveats(found, stands, got),
        reading=reading(known, stands, got),
        at=told_place(stands),
        metric=told_metric(known),
        strength=got.strength,
        why=got.why,
        configurations=len(got.values),
        counted=got.counted,
        apart=[apart_row(one) for one in stands.apart[:MOST_APART]],
        apart_left=max(0, len(stands.apart) - MOST_APART),
        explained=None if explained is None else derived(explained.explained),
        explained_spread=None if explained is None else derived(explained.explained_spread),
        method=METHOD if explained is not None else "Nothing was learned.",
        parameters=rows[:MOST_PARAMETERS],
        parameters_left=max(0, len(rows) - MOST_PARAMETERS),
        together=got.together,
        passed_over=dict(passed[:MOST_PARAMETERS]),
        passed_over_left=max(0, len(passed) - MOST_PARAMETERS),
    )
