"""Constraints: what they take, and what a value makes of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.analysis.ranking.constraints import SIGNS, Constraint
from samestep.errors import BadArgument

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value", "status", "slack"),
    [
        ("<= 50", 50.0, "meets", 0.0),
        ("< 50", 50.0, "violates", 0.0),
        ("<= 50", 62.5, "violates", -12.5),
        (">= 0.9", 0.95, "meets", 0.05),
        ("== 3", 3.0, "meets", 0.0),
        ("== 3", 4.0, "violates", -1.0),
        (">= 1 and < 2", 1.25, "meets", 0.25),
        (">= 1 and < 2", 2.5, "violates", -0.5),
        ("<= 50", None, "unknown", None),
        ("<= 50", math.nan, "unknown", None),
        ("<= 50", math.inf, "violates", None),
    ],
)
def test_a_value_meets_violates_or_is_unknown_with_its_slack(
    text: str, value: float | None, status: str, slack: float | None
) -> None:
    constraint = Constraint.parse("latency_ms", text)

    assert constraint.status(value) == status
    found = constraint.slack(value)
    assert (found if found is None else round(found, 9)) == slack


@given(st.sampled_from(sorted(SIGNS)), numbers, numbers)
def test_whatever_is_asked_a_number_keeps_to_it_as_python_says(
    sign: str, limit: float, value: float
) -> None:
    constraint = Constraint.parse("loss", f" {sign}{limit!r} ")

    assert (constraint.status(value) == "meets") == SIGNS[sign](value, limit)


@pytest.mark.parametrize("text", ["", "50", "<= fast", "=< 5", "<= 5 or > 7", "<= nan", "<= 1e999"])
def test_what_is_no_comparison_is_refused_with_what_is_taken(text: str) -> None:
    with pytest.raises(BadArgument, match="comparisons with a number"):
        Constraint.parse("latency_ms", text)


@given(st.text(max_size=12))
def test_any_text_is_a_comparison_or_refused(text: str) -> None:
    try:
        constraint = Constraint.parse("loss", text)
    except BadArgument:
        return
    assert constraint.bounds
