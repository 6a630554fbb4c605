"""What a pull shows is recorded, so that a claim of it can be held against it."""

from pathlib import Path

import pytest
from tests.formats.checkpoints.written import saved

from samestep import MemoryRun, Project, check_claim, forget, ledger, remember
from samestep.answers.pull import Pulled
from samestep.questions.pull import pull

EPOCHS = 400
ROWS = [{"epoch": 1.0 + e, "step": 10.0 + 10 * e, "val/loss": 400.0 - e} for e in range(EPOCHS)]
WIDE, NARROW = "wide/seed0", "narrow/seed0"


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pulled:
    """A pull of two runs by a checkpoint of one, in a ledger of its own."""
    monkeypatch.setenv("SAMESTEP_LEDGER", str(tmp_path / "ledger.sqlite"))
    monkeypatch.setattr("samestep.resolve.sources._named", {})
    remember("pulled", [MemoryRun(WIDE, ROWS, {"lr": 0.5}), MemoryRun(NARROW, ROWS, {"lr": 0.25})])
    saved(tmp_path / "best.pt", {"step": 1_230, "run_name": WIDE})
    found = pull(["best.pt"], [NARROW], project=Project(tmp_path))
    forget("pulled")
    return found


@pytest.mark.usefixtures("answer")
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (f"At epoch 400 {NARROW} has 1 on val/loss.", "supported"),
        (f"At epoch 123 {WIDE} has 278 on val/loss.", "supported"),
        (f"At epoch 123 {WIDE} has 277.5 on val/loss.", "blocked"),
    ],
)
def test_a_claim_of_what_was_shown_is_judged(claim: str, verdict: str, tmp_path: Path) -> None:
    [found] = check_claim(claim, project=Project(tmp_path)).claims

    assert found.verdict == verdict


def test_the_pull_and_its_parts_can_be_shown_again(answer: Pulled, tmp_path: Path) -> None:
    assert answer.comparison is not None
    assert answer.config_diff is not None

    for one in (answer, answer.comparison, answer.config_diff):
        again = ledger.answer(one.answer_id, project=tmp_path)
        assert again.answer == one.model_dump(mode="json")
