"""Where a comparison stands when another x than the student's newest is asked for."""

from collections.abc import Iterator
from typing import Literal

import pytest

from samestep import MemoryRun, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.errors import BadArgument

COSINE, LINEAR = "memory:elsewhere#cosine/seed0", "memory:elsewhere#linear/seed0"


@pytest.fixture(autouse=True)
def runs() -> Iterator[None]:
    """Hold two runs that log every tenth step, from the tenth to the fiftieth."""
    rows = [{"step": float(step), "loss": 1.0 - step / 100} for step in range(10, 60, 10)]
    remember("elsewhere", [MemoryRun("cosine/seed0", rows), MemoryRun("linear/seed0", rows)])
    yield
    forget("elsewhere")


def earlier(answer: Comparison) -> list[str]:
    """Return what an answer says of rows that stand before its x."""
    return [one.text for one in answer.caveats if one.rule == "same-x" and "nothing" in one.text]


@pytest.mark.parametrize("match", ["exact", "auto"])
def test_a_row_that_stands_before_the_x_asked_for_is_said(
    match: Literal["exact", "auto"],
) -> None:
    answer = compare_same_epoch(COSINE, [LINEAR], x="step", at=35, match=match)

    assert answer.proxy[0].student.x == 30
    assert earlier(answer) == ["The student logged nothing at step 35: loss at 30."]


def test_nothing_is_said_where_the_student_logged() -> None:
    assert earlier(compare_same_epoch(COSINE, [LINEAR], x="step", at=30)) == []
    assert earlier(compare_same_epoch(COSINE, [LINEAR], x="step")) == []


@pytest.mark.parametrize("at", [-5, 0, 9.9])
def test_an_x_before_the_students_first_is_refused(at: float) -> None:
    with pytest.raises(BadArgument, match="cosine/seed0 begins at step 10"):
        compare_same_epoch(COSINE, [LINEAR], x="step", at=at)


def test_the_first_x_itself_can_be_asked_for() -> None:
    assert compare_same_epoch(COSINE, [LINEAR], x="step", at=10).at.value == 10
