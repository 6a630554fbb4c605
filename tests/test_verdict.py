"""Judgements: what can be built, and what the evidence carries."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.verdict import (
    Comparable,
    Downstream,
    Ends,
    IllegalVerdict,
    Judgement,
    Significant,
    Standing,
    Winner,
    judge,
)

LEGAL = Standing(
    metric="test/top1",
    role="downstream",
    direction="higher",
    delta=2.0,
    noise=0.1,
    matches=("exact", "exact"),
    ends=(100.0, 100.0, 100.0),
    seeds=(3, 3),
    adjusted_p=0.01,
)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(
            lambda: Downstream("val/loss", "proxy", "lower", ("exact", "exact")), id="a proxy"
        ),
        pytest.param(
            lambda: Downstream("test/top1", "downstream", "higher", ("exact", "interpolated")),
            id="interpolated",
        ),
        pytest.param(lambda: Ends(11.0, 100.0, 100.0), id="mid-run"),
        pytest.param(lambda: Comparable(("one-change",)), id="blocked"),
        pytest.param(lambda: Significant(1, 3, 0.01, "Welch"), id="single seed"),
        pytest.param(lambda: Significant(3, 3, 0.2, "Welch"), id="not significant"),
        pytest.param(lambda: Significant(3, 3, 0.0, "Welch"), id="no p-value"),
        pytest.param(
            lambda: Judgement("winner", "downstream", "test/top1", "student"), id="no winner named"
        ),
        pytest.param(
            lambda: Judgement("ahead_so_far", "proxy", "val/loss", "student"), id="a proxy ahead"
        ),
    ],
)
def test_evidence_that_is_none_does_not_construct(build: Any) -> None:
    with pytest.raises(IllegalVerdict):
        build()


def test_a_winner_without_its_evidence_is_no_winner() -> None:
    with pytest.raises(TypeError):
        Winner(side="student")  # pyright: ignore[reportCallIssue] # what must not type-check


def test_the_whole_evidence_makes_a_winner_of_the_better_side() -> None:
    higher, lower = judge(LEGAL), judge(replace(LEGAL, direction="lower"))

    assert (higher.kind, higher.better, higher.short_of) == ("winner", "student", ())
    assert (lower.kind, lower.better) == ("winner", "baseline")


@pytest.mark.parametrize(
    ("changes", "kind", "rules"),
    [
        ({"role": "proxy"}, "undecided", ("no-proxy-winner",)),
        ({"seeds": (1, 1)}, "ahead_so_far", ("single-seed",)),
        ({"seeds": (1, 1), "delta": -2.0}, "behind_so_far", ("single-seed",)),
        ({"seeds": (1, 1), "noise": 5.0}, "within_noise", ("single-seed",)),
        ({"ends": (11.0, 100.0, 100.0)}, "ahead_so_far", ("winner-evidence",)),
        ({"ends": None}, "ahead_so_far", ("winner-evidence",)),
        ({"matches": ("exact", "interpolated")}, "ahead_so_far", ("winner-evidence",)),
        ({"adjusted_p": 0.06}, "ahead_so_far", ("winner-evidence",)),
        ({"adjusted_p": None}, "ahead_so_far", ("winner-evidence",)),
        ({"blocking": ("one-change",)}, "ahead_so_far", ("one-change",)),
        ({"blocking": ("same-definition",), "delta": None}, "not_comparable", ("same-definition",)),
        ({"direction": None}, "undecided", ("winner-evidence",)),
        ({"delta": None}, "undecided", ("absent-said",)),
    ],
)
def test_short_of_the_evidence_the_judgement_says_less(
    changes: dict[str, Any], kind: str, rules: tuple[str, ...]
) -> None:
    judgement = judge(replace(LEGAL, **changes))

    assert (judgement.kind, judgement.blocked_by, judgement.winner) == (kind, rules, None)


numbers = st.none() | st.floats(-10, 10)
standings = st.builds(
    Standing,
    metric=st.just("test/top1"),
    role=st.sampled_from(["proxy", "downstream"]),
    direction=st.sampled_from(["higher", "lower", None]),
    delta=numbers,
    noise=st.none() | st.floats(0, 5),
    matches=st.none() | st.tuples(*[st.sampled_from(["exact", "interpolated", "nearest"])] * 2),
    ends=st.none() | st.tuples(*[st.sampled_from([11.0, 100.0])] * 3),
    seeds=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    adjusted_p=st.none() | st.floats(0, 1, exclude_min=True),
    blocking=st.sampled_from([(), ("one-change",), ("same-definition",)]),
)


@given(standings)
def test_no_standing_makes_a_winner_without_all_evidence(standing: Standing) -> None:
    judgement = judge(standing)

    whole = (
        standing.role == "downstream"
        and standing.direction is not None
        and bool(standing.delta)
        and standing.matches == ("exact", "exact")
        and standing.ends is not None
        and len(set(standing.ends)) == 1
        and min(standing.seeds) >= 2
        and standing.adjusted_p is not None
        and standing.adjusted_p < 0.05
        and not standing.blocking
    )
    assert (judgement.kind == "winner") == whole
    assert standing.role == "downstream" or judgement.kind in {"undecided", "not_comparable"}
