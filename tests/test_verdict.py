"""No judgement without its evidence, whoever asks for it."""

import math
from dataclasses import replace
from typing import cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.model import Direction, Match, Role
from samestep.rules import RULES, RuleId
from samestep.verdict import (
    Better,
    Comparable,
    Downstream,
    Ends,
    IllegalVerdict,
    Judgement,
    Kind,
    Significant,
    Standing,
    Winner,
    better_side,
    judge,
)

GOAL = Downstream("test/top1", "downstream", "higher", 1.5, ("exact", "exact"))
END = Ends(90.0, 90.0, 90.0)
UNBLOCKED = Comparable(())
SIGNIFICANT = Significant(3, 3, 0.004, "Welch's t-test, Holm-adjusted")
STUDENT_WINS = Winner("student", GOAL, END, UNBLOCKED, SIGNIFICANT)
EVIDENT = Standing(
    metric="test/top1",
    role="downstream",
    direction="higher",
    delta=1.5,
    noise=0.2,
    matches=("exact", "exact"),
    ends=(90.0, 90.0, 90.0),
    seeds=(3, 3),
    adjusted_p=0.004,
)
"""Everything a winner needs; each test takes one thing away."""


def test_a_winner_with_all_its_evidence_constructs() -> None:
    judgement = Judgement("winner", "downstream", "test/top1", "student", (), STUDENT_WINS)

    assert judgement.winner is STUDENT_WINS
    assert STUDENT_WINS.downstream.better == "student"


def test_a_winner_without_evidence_is_not_even_a_call() -> None:
    with pytest.raises(TypeError, match="missing 4 required positional arguments"):
        Winner(side="student")  # pyright: ignore[reportCallIssue] # pyright refuses it as well


def test_a_proxy_is_no_evidence_of_a_winner() -> None:
    with pytest.raises(IllegalVerdict, match="'knn/top1' is a proxy"):
        Downstream("knn/top1", "proxy", "higher", 1.5, ("exact", "exact"))


@pytest.mark.parametrize(
    "matches",
    [("exact", "interpolated"), ("nearest", "exact"), ("interpolated", "interpolated")],
)
def test_a_value_nobody_logged_is_no_evidence_of_a_winner(matches: tuple[Match, Match]) -> None:
    with pytest.raises(IllegalVerdict, match="not logged on both sides"):
        Downstream("test/top1", "downstream", "higher", 1.5, matches)


@pytest.mark.parametrize("delta", [0.0, math.nan, math.inf])
def test_without_a_better_side_there_is_no_evidence_of_a_winner(delta: float) -> None:
    with pytest.raises(IllegalVerdict, match="neither side is better"):
        Downstream("test/top1", "downstream", "higher", delta, ("exact", "exact"))


def test_a_direction_nobody_knows_is_no_evidence_of_a_winner() -> None:
    unknown = cast("Direction", None)  # a caller without pyright

    with pytest.raises(IllegalVerdict, match="neither side is better"):
        Downstream("test/top1", "downstream", unknown, 1.5, ("exact", "exact"))


@pytest.mark.parametrize(
    ("x", "student", "baseline"),
    [(11.0, 90.0, 90.0), (90.0, 90.0, 100.0), (90.0, 11.0, 90.0), (math.nan,) * 3, (math.inf,) * 3],
)
def test_an_x_before_the_end_of_a_side_is_no_evidence_of_a_winner(
    x: float, student: float, baseline: float
) -> None:
    with pytest.raises(IllegalVerdict, match="not the end of both sides"):
        Ends(x, student, baseline)


def test_sides_that_a_caveat_blocks_are_no_evidence_of_a_winner() -> None:
    with pytest.raises(IllegalVerdict, match="blocked by one-change"):
        Comparable(("one-change",))


@pytest.mark.parametrize(("student", "baseline"), [(1, 3), (3, 1), (1, 1), (0, 5)])
def test_single_seeds_are_no_evidence_of_a_winner(student: int, baseline: int) -> None:
    with pytest.raises(IllegalVerdict, match="two or more seeds a side"):
        Significant(student, baseline, 0.004, "Welch's t-test")


@pytest.mark.parametrize("p_value", [0.05, 0.2, 1.0, 0.0, -0.1, math.nan])
def test_a_difference_that_chance_explains_is_no_evidence_of_a_winner(p_value: float) -> None:
    with pytest.raises(IllegalVerdict, match="not significant"):
        Significant(3, 3, p_value, "Welch's t-test")


@pytest.mark.parametrize("at", range(4))
def test_yes_is_no_evidence_of_a_winner(at: int) -> None:
    evidence: list[object] = [GOAL, END, UNBLOCKED, SIGNIFICANT]
    evidence[at] = True

    with pytest.raises(IllegalVerdict, match="True is no evidence"):
        Winner("student", *evidence)  # pyright: ignore[reportArgumentType] # what it refuses too


def test_the_worse_side_never_wins() -> None:
    with pytest.raises(IllegalVerdict, match="the baseline is not the better side"):
        replace(STUDENT_WINS, side="baseline")


@pytest.mark.parametrize("kind", ["ahead_so_far", "behind_so_far", "within_noise", "undecided"])
def test_only_a_verdict_of_that_kind_carries_a_winner(kind: Kind) -> None:
    with pytest.raises(IllegalVerdict, match="come together"):
        Judgement(kind, "downstream", "test/top1", "student", (), STUDENT_WINS)


def test_a_verdict_of_kind_winner_carries_one() -> None:
    with pytest.raises(IllegalVerdict, match="come together"):
        Judgement("winner", "downstream", "test/top1", "student")


@pytest.mark.parametrize("kind", ["winner", "ahead_so_far", "behind_so_far", "within_noise"])
def test_a_proxy_is_never_judged(kind: Kind) -> None:
    winner = STUDENT_WINS if kind == "winner" else None

    with pytest.raises(IllegalVerdict, match="decides nothing"):
        Judgement(kind, "proxy", "test/top1", "student", (), winner)


def test_a_winner_on_one_metric_does_not_win_on_another() -> None:
    with pytest.raises(IllegalVerdict, match="on 'test/loss'"):
        Judgement("winner", "downstream", "test/loss", "student", (), STUDENT_WINS)


def test_a_winner_is_blocked_by_nothing() -> None:
    with pytest.raises(IllegalVerdict, match="unblocked"):
        Judgement("winner", "downstream", "test/top1", "student", ("single-seed",), STUDENT_WINS)


@pytest.mark.parametrize(
    ("kind", "better"),
    [("ahead_so_far", "baseline"), ("behind_so_far", "student"), ("ahead_so_far", None)],
)
def test_ahead_and_behind_follow_the_better_value(kind: Kind, better: Better | None) -> None:
    with pytest.raises(IllegalVerdict, match="is better"):
        Judgement(kind, "downstream", "test/top1", better, ("single-seed",))


@pytest.mark.parametrize(
    ("lacking", "kind", "blocked_by"),
    [
        ({}, "winner", []),
        ({"delta": -1.5}, "winner", []),
        ({"direction": "lower"}, "winner", []),
        ({"role": "proxy"}, "undecided", ["no-proxy-winner"]),
        ({"role": "proxy", "delta": -1.5}, "undecided", ["no-proxy-winner"]),
        ({"direction": None}, "undecided", ["winner-evidence"]),
        ({"delta": None}, "undecided", ["absent-said"]),
        ({"delta": math.nan}, "undecided", ["absent-said"]),
        ({"seeds": (1, 1), "adjusted_p": None}, "ahead_so_far", ["single-seed", "winner-evidence"]),
        ({"seeds": (3, 1)}, "ahead_so_far", ["single-seed"]),
        ({"adjusted_p": 0.06}, "ahead_so_far", ["winner-evidence"]),
        ({"adjusted_p": 0.06, "delta": -1.5}, "behind_so_far", ["winner-evidence"]),
        ({"adjusted_p": 0.06, "direction": "lower"}, "behind_so_far", ["winner-evidence"]),
        ({"adjusted_p": 0.0}, "ahead_so_far", ["winner-evidence"]),
        ({"adjusted_p": 0.06, "delta": 0.3}, "within_noise", ["winner-evidence"]),
        ({"adjusted_p": 0.06, "noise": None}, "ahead_so_far", ["winner-evidence"]),
        ({"delta": 0.0}, "within_noise", []),
        ({"ends": None}, "ahead_so_far", ["winner-evidence"]),
        ({"ends": (11.0, 90.0, 90.0)}, "ahead_so_far", ["winner-evidence"]),
        ({"ends": (90.0, 90.0, 100.0)}, "ahead_so_far", ["winner-evidence"]),
        ({"matches": ("exact", "interpolated")}, "ahead_so_far", ["winner-evidence"]),
        ({"matches": None}, "ahead_so_far", ["winner-evidence"]),
        ({"blocking": ("one-change",)}, "ahead_so_far", ["one-change"]),
        ({"blocking": ("same-definition",)}, "not_comparable", ["same-definition"]),
        (
            {"blocking": ("same-definition",), "role": "proxy"},
            "not_comparable",
            ["same-definition"],
        ),
    ],
)
def test_the_evidence_decides_what_may_be_said(
    lacking: dict[str, object], kind: Kind, blocked_by: list[RuleId]
) -> None:
    judgement = judge(replace(EVIDENT, **lacking))

    assert (judgement.kind, list(judgement.blocked_by)) == (kind, blocked_by)
    assert (kind == "winner") == (judgement.winner is not None)


@pytest.mark.parametrize(
    ("lacking", "short_of"),
    [
        ({}, []),
        ({"seeds": (3, 1)}, ["single seed"]),
        ({"matches": ("exact", "nearest")}, ["not logged at x"]),
        ({"ends": None, "adjusted_p": None}, ["not at the end", "not significant"]),
        ({"blocking": ("one-change",)}, ["blocked"]),
    ],
)
def test_a_judgement_says_what_it_lacks_to_be_a_winner(
    lacking: dict[str, object], short_of: list[str]
) -> None:
    assert list(judge(replace(EVIDENT, **lacking)).short_of) == short_of


@pytest.mark.parametrize(
    ("delta", "direction", "better"),
    [
        (1.5, "higher", "student"),
        (-1.5, "higher", "baseline"),
        (1.5, "lower", "baseline"),
        (-1.5, "lower", "student"),
        (1.5, None, None),
        (0.0, "higher", None),
        (None, "higher", None),
        (math.nan, "higher", None),
        (math.inf, "lower", None),
    ],
)
def test_the_direction_says_which_value_is_better(
    delta: float | None, direction: Direction | None, better: Better | None
) -> None:
    assert better_side(delta, direction) == better


def test_the_winner_is_the_better_side_in_either_direction() -> None:
    sides = [
        judge(replace(EVIDENT, delta=delta, direction=direction)).better
        for delta, direction in ((1.5, "higher"), (1.5, "lower"), (-1.5, "higher"), (-1.5, "lower"))
    ]

    assert sides == ["student", "baseline", "baseline", "student"]


NUMBERS = st.none() | st.floats()
MATCHES = st.sampled_from(get_args(Match))
RULE_IDS = st.sampled_from([rule.id for rule in RULES])
ENDS = st.sampled_from([11.0, 90.0, math.nan, math.inf])
STANDINGS = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(get_args(Role)),
        "direction": st.sampled_from([None, *get_args(Direction)]),
        "delta": NUMBERS,
        "noise": NUMBERS,
        "why_no_delta": RULE_IDS,
        "matches": st.none() | st.tuples(MATCHES, MATCHES),
        "ends": st.none() | st.tuples(ENDS, ENDS, ENDS),
        "seeds": st.tuples(st.integers(-1, 4), st.integers(-1, 4)),
        "adjusted_p": NUMBERS | st.floats(0.0, 0.1),
        "blocking": st.lists(RULE_IDS, max_size=2).map(tuple),
    },
).map(lambda changes: replace(EVIDENT, **changes))
"""The standing that wins, with any of its facts replaced by any other."""


def is_evident(standing: Standing) -> bool:
    """Say in the rule's own words whether a standing has everything a winner needs."""
    return (
        standing.role == "downstream"
        and standing.direction is not None
        and standing.delta is not None
        and math.isfinite(standing.delta)
        and standing.delta != 0.0
        and standing.matches == ("exact", "exact")
        and standing.ends in {(90.0,) * 3, (11.0,) * 3}
        and min(standing.seeds) >= 2
        and standing.adjusted_p is not None
        and 0.0 < standing.adjusted_p < 0.05
        and not standing.blocking
    )


@settings(max_examples=500, deadline=None)
@given(STANDINGS)
def test_no_standing_whatever_is_judged_beyond_its_evidence(standing: Standing) -> None:
    judgement = judge(standing)

    assert (judgement.kind == "winner") == is_evident(standing)
    if standing.role == "proxy":
        assert judgement.kind in {"undecided", "not_comparable"}
    if judgement.kind in {"ahead_so_far", "behind_so_far", "undecided", "not_comparable"}:
        assert judgement.blocked_by
