"""A pull that breaks a rule cannot be built."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from samestep import Project
from samestep.answers.pull import ComparedSummary, Pulled
from samestep.questions.pull import pull

RECORDED = Path(__file__).parents[2] / "tools/samestep/recorded"


@pytest.fixture(scope="module")
def content() -> dict[str, object]:
    """Return what a sound answer of one run holds."""
    answer = pull(runs=["tensorboard:runs#plain/seed0"], project=Project(RECORDED))
    return {name: getattr(answer, name) for name in type(answer).model_fields}


def test_a_sound_answer_can(content: dict[str, object]) -> None:
    assert Pulled.model_validate(content).left_out


def test_sections_of_a_run_that_the_legend_does_not_name(content: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="sections of other runs"):
        Pulled.model_validate({**content, "runs": []})


def test_rows_left_out_that_nothing_counts(content: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="nothing counts them"):
        Pulled.model_validate({**content, "left_out": []})


def test_a_difference_between_values_of_two_steps() -> None:
    with pytest.raises(ValidationError, match="a difference between two steps"):
        ComparedSummary(metric="loss", values=[1.0, 0.5], steps=[40.0, 80.0], deltas=[0.5])


def test_a_difference_that_is_missing_without_a_reason() -> None:
    with pytest.raises(ValidationError, match="no reason"):
        ComparedSummary(metric="loss", values=[1.0, 0.5], steps=[40.0, 80.0], deltas=[None])
