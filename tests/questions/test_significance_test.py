"""Whole answers of significance_test, on seeds held in memory."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep import MemoryRun, Project, forget, remember, significance_test
from samestep.answers import SignificanceAnswer
from samestep.answers.significance import DifferenceRow
from samestep.errors import BadArgument, BadArguments, NoSuchMetric, SamestepError
from samestep.settings import Settings

Hold = Callable[..., None]
COMMON = {"depth": 12, "width": 64, "optimizer": "sgd", "epochs": 4}
WIDE = "group:memory:seeds#wide/*"
DEEP = "group:memory:seeds#deep/*"
THIN = "group:memory:seeds#thin/*"


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Hold groups of finished runs, each ending on the values given."""

    def held(**groups: Sequence[float]) -> None:
        remember("seeds", [run for name in groups for run in runs(name, groups[name])])

    yield held
    forget("seeds")


def runs(name: str, ends: Sequence[float]) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/seed{seed}",
            [{"epoch": e, "step": 10 * e, "test/top1": end - 4 + e} for e in (1, 2, 3, 4)],
            {**COMMON, "lr": len(name), "seed": seed},
            "finished",
        )
        for seed, end in enumerate(ends)
    ]


def only(answer: SignificanceAnswer) -> DifferenceRow:
    [row] = answer.rows
    return row


def test_two_groups_are_compared_by_welchs_test_at_the_same_x(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])

    answer = significance_test(WIDE, DEEP, "test/top1")

    row = only(answer)
    assert (row.given.test, row.x, row.delta, row.better) == ("Welch's t-test", 4, -4, "b")
    assert [row.given.p, row.adjusted_p, row.outcome] == [0.00804989, 0.00804989, "significant"]
    assert answer.reading == (
        "At epoch 4 wide/* has 72 on test/top1 (n = 3 seeds), 4 below deep/* (76, n = 3 seeds): "
        "significant by Welch's t-test (p = 0.00804989; 95 % interval -6.26696..-1.73304)."
    )


def test_a_proxy_decides_nothing_however_significant(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])

    verdict = significance_test(WIDE, DEEP, "test/top1").verdict

    assert (verdict.kind, verdict.winner, verdict.blocked_by) == (
        "undecided",
        None,
        ["no-proxy-winner"],
    )


def test_a_winner_is_named_on_a_declared_metric_at_the_end(hold: Hold, tmp_path: Path) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])
    project = Project(tmp_path, Settings(downstream=("test/top1",)))

    at_end = significance_test(WIDE, DEEP, "test/top1", project=project).verdict
    half_way = significance_test(WIDE, DEEP, "test/top1", at=2, project=project).verdict

    assert (at_end.kind, at_end.winner) == ("winner", "deep/*")
    assert at_end.text == (
        "deep/* is the winner over wide/* on test/top1 at epoch 4 "
        "(Welch's t-test, Holm-adjusted, p = 0.00804989, n = 3 and 3)."
    )
    assert (half_way.kind, half_way.winner) == ("behind_so_far", None)


def test_p_values_are_adjusted_for_everything_compared(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77], thin=[72, 73, 74])

    answer = significance_test(WIDE, [[DEEP], [THIN]], "test/top1")

    first, second = answer.rows
    assert (first.b.full_name, second.b.full_name, answer.compared) == ("deep/*", "thin/*", 2)
    assert first.adjusted_p == pytest.approx(2 * 0.00804989, rel=1e-4)
    assert second.adjusted_p == second.given.p


def test_what_cannot_reach_significance_says_so_and_what_can_be_said_instead(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])

    row = only(significance_test(WIDE, DEEP, "test/top1", test="mann_whitney"))

    assert (row.outcome, row.given.p) == ("cannot tell", None)
    assert (
        row.given.why_not
        == "with n = 3 and 3 it can reach p = 0.1 at best; it needs 4 seeds a side"
    )
    assert next((one.test, one.p) for one in row.beside) == ("Welch's t-test", 0.00804989)


def test_five_seeds_that_pair_are_compared_in_pairs(hold: Hold) -> None:
    hold(wide=[70, 72, 74, 76, 78], deep=[71, 73.5, 75, 77.5, 79])

    row = only(significance_test(WIDE, DEEP, "test/top1"))

    assert row.given.test == "the paired t-test"
    assert row.why.startswith("the same 5 seeds on both sides, correlated 1")
    assert row.outcome == "significant"
    assert row.superiority is not None
    assert [one.test for one in row.beside] == ["Welch's t-test", "the BCa bootstrap"]


def test_a_bootstrap_of_few_seeds_decides_nothing(hold: Hold) -> None:
    hold(wide=[70, 72, 74, 76, 78], deep=[81, 83.5, 85, 87.5, 89])

    answer = significance_test(WIDE, DEEP, "test/top1", test="bootstrap")

    assert only(answer).outcome == "cannot tell"
    assert only(answer).given.interval is not None
    assert any("too narrow" in caveat.text for caveat in answer.caveats)


def test_single_runs_leave_nothing_to_test_and_say_what_is_missing(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75])

    answer = significance_test("memory:seeds#wide/seed0", "memory:seeds#deep/seed0", "test/top1")

    assert only(answer).outcome == "cannot tell"
    assert only(answer).delta == -4
    assert "a side has a single seed (n = 1 and 1); two a side are needed" in answer.reading
    assert any(caveat.rule == "single-seed" for caveat in answer.caveats)


def test_a_single_run_is_set_against_what_the_other_sides_seeds_vary_by(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[80])

    row = only(significance_test(WIDE, "memory:seeds#deep/seed0", "test/top1"))

    # 8 apart, and 1.96 * sqrt(2) * 1 is 2.8
    assert (row.suggestive, row.noise_from) == ("beyond", "spread of the other side's 3 seeds")


def test_a_declared_noise_is_what_single_runs_vary_by(hold: Hold, tmp_path: Path) -> None:
    hold(wide=[71], deep=[72])
    project = Project(tmp_path, Settings(noise={"test/top1": 0.5}))
    sides = ("memory:seeds#wide/seed0", "memory:seeds#deep/seed0")

    row = only(significance_test(*sides, "test/top1", project=project))

    assert (row.suggestive, row.noise_from) == ("within", "declared in samestep.toml")


def test_equal_values_have_no_spread_to_test(hold: Hold) -> None:
    hold(wide=[71, 71.5, 72], deep=[71, 71.5, 72])
    remember("flat", [*flat("wide", 0.5), *flat("deep", 0.7)])

    row = only(significance_test("group:memory:flat#wide/*", "group:memory:flat#deep/*", "val/acc"))
    forget("flat")

    assert row.outcome == "cannot tell"
    assert row.given.why_not == "the values of each side are equal (0.5 and 0.7), without spread"


def flat(name: str, end: float) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/{seed}",
            [{"step": 1, "val/acc": seed / 10}, {"step": 2, "val/acc": end}],
            {"seed": seed},
        )
        for seed in range(3)
    ]


def test_a_copy_of_a_run_is_no_seed(hold: Hold) -> None:
    hold(wide=[71, 71, 73], deep=[75, 76, 77])

    row = only(significance_test(WIDE, DEEP, "test/top1"))

    assert (row.a.n, row.a.mean) == (2, 72)
    assert row.a.not_counted == {
        "wide/seed1": "logged exactly what wide/seed0 did: a copy is no seed"
    }


def test_a_run_that_did_not_reach_x_does_not_count(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])
    short = MemoryRun("late", [{"epoch": 1, "step": 10, "test/top1": 1}], COMMON)
    remember("more", [short])
    b = ["memory:seeds#deep/seed0", "memory:seeds#deep/seed1", "memory:more#late"]

    row = only(significance_test(WIDE, b, "test/top1"))
    forget("more")

    assert (row.b.n, row.b.mean) == (2, 75.5)
    assert row.b.not_counted == {"late": "ended at 10, before 40"}


def test_every_value_leads_to_its_run_seed_and_step(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])

    value = only(significance_test(WIDE, DEEP, "test/top1", at=3)).a.values[1]

    assert value.model_dump(mode="json") == {
        "full_name": "wide/seed1",
        "seed": "1",
        "value": 71,
        "x": 3,
        "step": 30,
        "match": "exact",
    }


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"b": ["memory:seeds#wide/seed0"]}, BadArgument, "1 stand on both sides (wide/seed0)"),
        ({"test": "mcnemar"}, BadArgument, "a file of predictions as a and as b"),
        ({"test": "ttest"}, BadArguments, "'welch', 'paired_t'"),
        ({"at": 9}, BadArgument, "wide/* is at epoch 4"),
        ({"metric": "test/top5"}, NoSuchMetric, "'test/top1'"),
        ({"b": []}, BadArgument, "at least one"),
    ],
)
def test_what_cannot_be_tested_is_refused(
    hold: Hold, arguments: dict[str, object], refusal: type[SamestepError], says: str
) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])
    given = {"a": WIDE, "b": DEEP, "metric": "test/top1", **arguments}

    with pytest.raises(refusal) as refused:
        significance_test(**given)  # pyright: ignore[reportArgumentType] # wrong on purpose
    assert says in str(refused.value)


def test_values_on_other_scales_are_not_tested(hold: Hold) -> None:
    hold(wide=[71, 72, 73])
    fractions = [
        MemoryRun(
            f"deep/{s}", [{"epoch": e, "test/top1": 0.7 + e / 100 + s / 1000} for e in (1, 4)]
        )
        for s in range(3)
    ]
    remember("fractions", fractions)

    answer = significance_test(WIDE, "group:memory:fractions#deep/*", "test/top1")
    forget("fractions")

    row = only(answer)
    assert (row.outcome, row.delta, row.given.p) == ("not comparable", None, None)
    assert answer.verdict.kind == "not_comparable"


def test_the_same_question_has_the_same_id(hold: Hold) -> None:
    hold(wide=[70, 72, 74, 76, 78], deep=[71, 73.5, 75, 77.5, 79])

    ids = {significance_test(WIDE, DEEP, "test/top1").answer_id for _ in range(2)}
    assert len(ids) == 1


ends = st.lists(
    st.floats(-1e3, 1e3) | st.sampled_from([float("nan"), 1e300]), min_size=1, max_size=6
)


@settings(deadline=None, max_examples=12)
@given(wide=ends, deep=ends, test=st.sampled_from(["auto", "wilcoxon", "permutation", "iqm"]))
def test_whatever_the_values_are_the_answer_keeps_the_rules(
    wide: list[float], deep: list[float], test: str
) -> None:
    remember("seeds", [*runs("wide", wide), *runs("deep", deep)])
    try:
        answer = significance_test(WIDE, DEEP, "test/top1:higher", test=test)  # pyright: ignore[reportArgumentType] # one of the names
    finally:
        forget("seeds")

    assert answer.rows
    assert len(answer.model_dump_json()) < 25_000


@pytest.mark.parametrize("test", ["iqm", "friedman"])
def test_a_test_over_tasks_of_one_task_says_so_and_leaves_the_winner(
    hold: Hold, tmp_path: Path, test: str
) -> None:
    hold(wide=[71, 72, 73], deep=[79, 80, 81])
    project = Project(tmp_path, Settings(downstream=("test/top1",)))

    answer = significance_test(WIDE, DEEP, "test/top1", test, project=project)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] # a name out of a list

    assert [row.outcome for row in answer.rows] == ["cannot tell", "significant"]
    assert answer.verdict.winner == "deep/*"


def test_a_value_that_is_no_number_is_told(hold: Hold) -> None:
    hold(wide=[71, 72, float("nan")], deep=[75, 76, 77])

    answer = significance_test(WIDE, DEEP, "test/top1")

    assert answer.reading == (
        "At epoch 4 wide/* and deep/* cannot be tested on test/top1: a value is not finite."
    )


def test_seeds_are_not_called_folds_because_a_test_of_folds_was_asked_for(hold: Hold) -> None:
    hold(wide=[71, 72, 73], deep=[75, 76, 77])

    answer = significance_test(WIDE, DEEP, "test/top1", "nadeau_bengio")

    assert only(answer).unit == "seeds"
    assert "n = 3 seeds" in answer.reading


def test_folds_that_differ_by_a_test_of_pairs_are_not_told_to_differ_within_noise(
    tmp_path: Path,
) -> None:
    held = [
        MemoryRun(
            f"{name}/fold{fold}",
            [{"epoch": e, "test/top1": 80 + 3 * fold + more * (1 + fold / 50)} for e in (1, 2, 3)],
            {**COMMON, "depth": name, "fold": fold, "n_folds": 5},
            "finished",
        )
        for name, more in (("big", 1.0), ("small", 0.0))
        for fold in range(5)
    ]
    project = Project(tmp_path, Settings(downstream=("test/top1",)))
    remember("cv", held)

    sides = ("group:memory:cv#big/*", "group:memory:cv#small/*")
    answer = significance_test(*sides, "test/top1", project=project)
    forget("cv")

    assert only(answer).outcome == "significant"
    assert answer.verdict.kind == "ahead_so_far"
