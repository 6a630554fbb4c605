"""The rules over rankings and importances."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.questions.sweeps import run_to, sweep

from samestep import Project, forget, parameter_importance, rank_runs, remember
from samestep.answers.importance import ImportanceAnswer
from samestep.answers.ranking import Ranking
from samestep.settings import Settings
from samestep.validator import RuleBroken, validate

Changes = Mapping[str, Any]  # Any: what a field of the answer may be changed to
Edit = Callable[[Any, Changes], Any]  # Any: conftest's function edits any answer


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ask where test/top1 is declared downstream."""
    yield Project(tmp_path, Settings(downstream=("test/top1",)))
    forget("rules")


@pytest.fixture
def won(project: Project) -> Ranking:
    """A ranking with a winner."""
    source = remember("rules", sweep({"wide": [76.0, 76.4, 76.2], "thin": [70.0, 70.3, 70.1]}))
    return rank_runs([source], "test/top1", project=project)


@pytest.fixture
def open_(project: Project) -> Ranking:
    """A ranking in which nothing tells two single runs apart, a third one late and a fourth slow."""
    costs = {"wide": {"ms": 1.0}, "thin": {"ms": 2.0}, "slow": {"ms": 9.0}}
    runs = sweep({"wide": [76.0], "thin": [70.0], "slow": [80.0]}, costs)
    source = remember("rules", [*runs, run_to("late", 1.0, {"width": "late"}, epochs=1)])
    return rank_runs([source], "test/top1", constraints={"ms": "< 5"}, project=project)


def test_what_the_questions_answer_passes(won: Ranking, open_: Ranking) -> None:
    assert validate(won).verdict.winner == "wide/seed*"
    assert validate(open_).verdict.winner is None


@pytest.mark.parametrize(
    ("changes", "rule", "problem"),
    [
        (
            {"metric.role": "proxy", "metric.role_why": "told"},
            "no-proxy-winner",
            "winner on a proxy",
        ),
        ({"metric.role_why": "its name"}, "roles-apart", "nobody declared it"),
        ({"metric.direction": "lower"}, "traceable", "stands behind wide/seed\\*, and is better"),
        ({"verdict.blocked_by": ["one-change"]}, "winner-evidence", "blocked by one-change"),
        ({"first": ["wide/seed*", "thin/seed*"]}, "winner-evidence", "not alone"),
        ({"ranked.1.match": "interpolated"}, "winner-evidence", "did not log it there"),
        ({"ranked.1.adjusted_p": 0.2}, "winner-evidence", "without a p-value"),
        ({"ranked.1.n": 1}, "winner-evidence", "has a single seed"),
        ({"ranked.1.run": "nowhere"}, "traceable", "leads to no run"),
        ({"ranked.1.place": 3}, "traceable", "place 3 follows place 1"),
        ({"ranked.1.full_name": "wide/seed*"}, "traceable", "stands there twice"),
        ({"verdict.winner": None}, "winner-evidence", "None named winner"),
        ({"at.value": 9.0}, "same-x", "nobody got beyond 3"),
        ({"reading": "wide/seed* is first."}, "same-x", "without its x"),
        ({"counts.apart": 4}, "traceable", "parts are not as many"),
        ({"left": 4}, "partial-said", "4 candidates are left"),
        ({"record.date": ""}, "traceable", "of which day and version"),
        ({"record.winner": None}, "traceable", "judges otherwise"),
        ({"record.x": 2.0}, "traceable", "at another x"),
        ({"selection": None}, "winner-evidence", "so by luck too"),
    ],
)
def test_a_winner_that_lacks_something_is_refused(
    won: Ranking, edit: Edit, changes: Changes, rule: str, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^{rule}: .*{problem}"):
        validate(edit(won, changes))


@pytest.mark.parametrize(
    ("changes", "rule", "problem"),
    [
        ({"verdict.winner": "wide/seed0"}, "winner-evidence", "named winner"),
        ({"verdict.blocked_by": []}, "winner-evidence", "nothing says what it lacks"),
        (
            {"reading": "At epoch 3 wide/seed0 beats all others."},
            "winner-evidence",
            "'beats' in .*no such winner",
        ),
        (
            {"reading": "At epoch 3 wide/seed0 is significantly ahead."},
            "winner-evidence",
            "significance without n and p",
        ),
        ({"ranked.1.tied": False}, "winner-evidence", "told from the first without a p-value"),
        ({"ranked.0.constraints.0.status": "unknown"}, "absent-said", "ranked, and ms is unknown"),
        ({"removed.0.constraints.0.status": "meets"}, "absent-said", "keeps to every constraint"),
        ({"apart.0.why": ""}, "absent-said", "stands apart without a reason"),
        ({"caveats": []}, "winner-evidence", "so by luck too"),
    ],
)
def test_what_is_not_decided_is_not_told_as_if_it_were(
    open_: Ranking, edit: Edit, changes: Changes, rule: str, problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^{rule}: .*{problem}"):
        validate(edit(open_, changes))


def test_single_runs_need_their_label(open_: Ranking) -> None:
    kept = [caveat for caveat in open_.caveats if caveat.rule != "single-seed"]

    with pytest.raises(RuleBroken, match=r"^single-seed: wide/seed0 is ranked"):
        validate(open_.model_copy(update={"caveats": kept}))


@pytest.fixture
def refused(project: Project) -> ImportanceAnswer:
    """Importances refused for want of configurations."""
    source = remember("rules", [run_to(f"r{n}", 70.0 + n, {"lr": n}) for n in range(4)])
    return parameter_importance([source], "test/top1", project=project)


@pytest.mark.parametrize(
    ("changes", "rule", "problem"),
    [
        ({"parameters.0.importance": 0.5}, "partial-said", "lr has an importance"),
        ({"strength": "weak", "explained": 0.5}, "partial-said", "weak on 4 configurations"),
        ({"explained": 0.5}, "partial-said", "0.5 of the metric is explained"),
        ({"caveats": []}, "one-change", "nobody set the settings at random"),
        ({"reading": "lr matters."}, "same-x", "without its x"),
        ({"at.value": 9.0}, "same-x", "nobody got beyond"),
    ],
)
def test_importances_beyond_their_evidence_are_refused(
    refused: ImportanceAnswer, edit: Edit, changes: Changes, rule: str, problem: str
) -> None:
    assert validate(refused) is refused
    with pytest.raises(RuleBroken, match=f"^{rule}: .*{problem}"):
        validate(edit(refused, changes))
