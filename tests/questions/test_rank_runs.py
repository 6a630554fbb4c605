"""Whole rankings, on runs held in memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from importlib.metadata import version
from pathlib import Path

import pytest
from scipy import stats
from tests.questions.sweeps import run_to, sweep

from samestep import MemoryRun, Project, forget, rank_runs, remember
from samestep.answers.ranking import Ranking
from samestep.model import Final
from samestep.settings import Settings

Ask = Callable[..., Ranking]
WIDE, DEEP, THIN = [76.0, 76.4, 76.2], [76.1, 76.3, 75.9], [70.0, 70.3, 70.1]
TOPS = {"wide": WIDE, "deep": DEEP, "thin": THIN}


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Rank all the runs given, test/top1 declared downstream."""

    def asked(held: list[MemoryRun], metric: str = "test/top1", **arguments: object) -> Ranking:
        source = remember("sweep", held)
        sides = arguments.pop("runs", [source])
        settings = Settings(downstream=("test/top1",))
        project = arguments.pop("project", Project(tmp_path, settings))
        return rank_runs(sides, metric, **arguments, project=project)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] # each test gives its own

    yield asked
    forget("sweep")


def names(answer: Ranking) -> list[str]:
    return [row.full_name for row in answer.ranked]


def rules(answer: Ranking) -> list[tuple[str, str]]:
    return [(caveat.rule, caveat.severity) for caveat in answer.caveats]


def test_candidates_stand_in_order_with_all_that_cannot_be_told_from_the_first(ask: Ask) -> None:
    answer = ask(sweep(TOPS))

    assert names(answer) == ["wide/seed*", "deep/seed*", "thin/seed*"]
    assert answer.first == ["wide/seed*", "deep/seed*"]
    assert [row.tied for row in answer.ranked] == [True, True, False]
    assert answer.reading == (
        "At epoch 3 wide/seed* is first of 3 on test/top1 (downstream, higher is better): 76.2, "
        "mean of 3 (95 % interval 75.7032 to 76.6968); deep/seed* cannot be told from it."
    )


def test_a_row_leads_back_to_its_runs_and_its_test(ask: Ask) -> None:
    thin = ask(sweep(TOPS)).ranked[2]

    raw = [float(stats.ttest_ind(WIDE, one, equal_var=False).pvalue) for one in (DEEP, THIN)]
    assert (thin.run, thin.n, thin.match) == ("group:memory:sweep#thin/seed*", 3, "exact")
    assert thin.adjusted_p == pytest.approx(2 * min(raw), rel=1e-5)
    assert (thin.evidence, round(thin.behind or 0, 6)) == ("seeds", 6.06667)


def test_the_reference_of_a_row_is_a_side_of_the_next_question(ask: Ask) -> None:
    first = ask(sweep(TOPS))
    again = ask(sweep(TOPS), runs=[row.run for row in first.ranked])

    assert [row.value for row in again.ranked] == [row.value for row in first.ranked]


def test_one_that_can_be_told_from_all_others_is_the_winner(ask: Ask) -> None:
    verdict = ask(sweep({"wide": WIDE, "thin": THIN})).verdict

    assert (verdict.kind, verdict.winner, verdict.blocked_by) == ("winner", "wide/seed*", [])
    assert verdict.text.startswith(
        "On test/top1 at epoch 3 wide/seed* is the winner over the 1 other candidate "
        "(Welch's t-test, Holm-adjusted, p = "
    )
    assert verdict.text.endswith(" or less, n = 3 a side).")


def test_no_winner_is_named_on_a_proxy(ask: Ask, tmp_path: Path) -> None:
    answer = ask(sweep({"wide": WIDE, "thin": THIN}), project=Project(tmp_path))

    assert (answer.verdict.kind, answer.verdict.winner) == ("undecided", None)
    assert answer.verdict.blocked_by == ["no-proxy-winner"]
    assert ("roles-apart", "notes") in rules(answer)


@pytest.mark.parametrize(
    ("changes", "blocked_by"),
    [
        ({"wide": {"epochs": 9}, "thin": {"epochs": 9}}, "winner-evidence"),
        ({"wide": {"lr_schedule": "cosine"}, "thin": {"lr_schedule": "step"}}, "one-change"),
    ],
    ids=["not at the end", "another schedule"],
)
def test_short_of_the_evidence_the_first_is_only_ahead(
    ask: Ask, changes: Mapping[str, Mapping[str, object]], blocked_by: str
) -> None:
    runs = [
        replace(run, config={**run.config, **changes[str(run.config["width"])]})
        for run in sweep({"wide": WIDE, "thin": THIN})
    ]
    verdict = ask(runs).verdict

    assert (verdict.kind, verdict.winner) == ("ahead_so_far", None)
    assert blocked_by in verdict.blocked_by


def test_one_still_running_short_of_x_keeps_a_winner_away(ask: Ask) -> None:
    late = replace(run_to("late", 80.0, {"width": "late"}, epochs=2), state="running")
    answer = ask([*sweep({"wide": WIDE, "thin": THIN}), late])

    assert answer.verdict.kind == "ahead_so_far"
    assert ("same-x", "blocks") in rules(answer)


def test_runs_short_of_x_stand_apart_and_are_never_ranked_by_their_last_value(ask: Ask) -> None:
    answer = ask([*sweep(TOPS), run_to("late", 99.0, {"width": "late"}, epochs=2)])

    [apart] = answer.apart
    assert (apart.full_name, apart.run, apart.reached) == ("late", "memory:sweep#late", 2.0)
    assert apart.why == "its log of the metric goes to 2, not to 3"
    assert answer.counts.model_dump() == {"candidates": 4, "ranked": 3, "removed": 0, "apart": 1}


def test_another_x_ranks_by_the_values_there(ask: Ask) -> None:
    answer = ask([*sweep(TOPS), run_to("late", 99.0, {"width": "late"}, epochs=2)], at=2)

    assert (answer.at.value, answer.ranked[0].full_name, answer.ranked[0].value) == (
        2.0,
        "late",
        98,
    )


def test_single_runs_are_told_apart_by_what_others_vary_by(ask: Ask) -> None:
    lone = [run_to("close", 76.0, {"width": "close"}), run_to("far", 60.0, {"width": "far"})]
    close, far = (
        next(row for row in ask([*sweep(TOPS), *lone]).ranked if row.full_name == run.full_name)
        for run in lone
    )

    assert (close.evidence, close.tied, close.n) == ("borrowed", True, None)
    assert (far.evidence, far.tied) == ("borrowed", False)
    assert close.interval is not None


def test_a_single_run_is_ahead_by_no_more_than_others_vary_from_seed_to_seed(ask: Ask) -> None:
    lone = run_to("close", 76.5, {"width": "close"})
    varied = sweep({"wide": [76.0, 74.0, 75.0], "deep": [75.5, 73.0, 74.0]})

    assert ask([lone, *varied]).verdict.kind == "within_noise"


def test_single_runs_alone_have_no_interval_and_are_labelled(ask: Ask) -> None:
    answer = ask(sweep({"wide": [76.0], "thin": [70.0]}))

    assert [row.interval for row in answer.ranked] == [None, None]
    assert answer.first == ["wide/seed0", "thin/seed0"]
    assert ("single-seed", "warns") in rules(answer)
    assert answer.test.startswith("none where a candidate has one seed and no deviation is known")


def test_constraints_remove_with_their_slack_and_count_what_they_removed(ask: Ask) -> None:
    costs = {"wide": {"latency_ms": 62.0}, "deep": {"latency_ms": 48.0}}
    answer = ask(sweep(TOPS, costs), constraints={"latency_ms": "<= 50"})

    assert names(answer) == ["deep/seed*"]
    assert [(one.status, one.value, one.slack) for one in answer.ranked[0].constraints] == [
        ("meets", 48.0, 2.0)
    ]
    wide, thin = answer.removed
    assert [(one.status, one.slack, one.how) for one in wide.constraints] == [
        ("violates", -12.0, "exact")
    ]
    assert [(one.status, one.value, one.why) for one in thin.constraints] == [
        ("unknown", None, "not logged")
    ]
    [told] = answer.constraints
    assert (told.meets, told.violates, told.unknown, told.removed_alone) == (1, 1, 1, 2)


def test_what_was_logged_once_before_x_or_without_a_step_holds_at_x(ask: Ask) -> None:
    once, last = (
        run_to(f"{name}/seed{seed}", 76.0 + seed, {"width": name, "seed": seed})
        for name, seed in (("once", 0), ("last", 1))
    )
    rows = [{**once.rows[0], "params": 5e6}, *once.rows[1:]]
    runs = [replace(once, rows=rows), replace(last, finals={"params": Final(7e6, "results.json")})]
    answer = ask(runs, constraints={"params": "< 1e7"})

    found = {row.full_name: row.constraints[0] for row in answer.ranked}
    assert (found["once/seed0"].how, found["once/seed0"].x) == ("once", 1.0)
    assert (found["last/seed1"].how, found["last/seed1"].value) == ("final", 7e6)


def test_a_value_without_a_step_says_nothing_of_a_run_that_may_go_on(ask: Ask) -> None:
    runs = [
        replace(run, finals={"params": Final(7e6, "results.json")}, config={"epochs": 9})
        for run in sweep({"wide": [76.0], "thin": [70.0]})
    ]
    answer = ask(runs, constraints={"params": "< 1e7"})

    assert [one.constraints[0].status for one in answer.removed] == ["unknown", "unknown"]


def test_what_samestep_toml_says_of_a_metrics_numbers_counts(ask: Ask, tmp_path: Path) -> None:
    settings = Settings(noise={"test/top1": 2.0}, minimum_effect={"test/top1": 9.0})
    runs = sweep({"wide": [76.0], "thin": [70.0]}, {"wide": {"flops": 1.0}, "thin": {"flops": 2.0}})
    answer = ask(runs, objectives=["flops:lower"], project=Project(tmp_path, settings))

    thin = answer.ranked[1]
    p_value = 2 * float(stats.norm.sf(6.0 / (2.0 * 2**0.5)))
    assert (thin.evidence, thin.tied) == ("declared", True)
    assert thin.adjusted_p == pytest.approx(p_value, rel=1e-5)
    assert answer.test.endswith("differences below 9 do not matter")
    assert answer.pareto is not None
    assert [one.epsilon for one in answer.pareto.objectives] == [2.0, 0.0]


def test_a_lead_within_the_deviation_of_seeds_dominates_nobody(ask: Ask) -> None:
    costs = {"wide": {"flops": 1.0}, "deep": {"flops": 1.0}, "thin": {"flops": 1.0}}
    answer = ask(sweep(TOPS, costs), objectives=["flops:lower"])

    assert answer.pareto is not None
    assert answer.pareto.objectives[0].epsilon == pytest.approx(0.185592, abs=1e-6)
    assert answer.pareto.front == ["wide/seed*", "deep/seed*"]


def test_what_was_read_in_part_is_said_of_runs_on_other_pages_too(ask: Ask) -> None:
    runs = [replace(run, losses=("two lines cut",)) for run in sweep(TOPS)]
    answer = ask(runs, limit=1)

    told = [caveat.text for caveat in answer.caveats if caveat.rule == "partial-said"]
    assert "wide/seed0: two lines cut." in told
    assert "3 more runs were read in part (thin/seed0, thin/seed1, thin/seed2)." in told


def test_a_constraint_on_what_nobody_logs_removes_all_and_says_what_is_logged(ask: Ask) -> None:
    answer = ask(sweep(TOPS), constraints={"latancy": "<= 50"})

    assert (answer.ranked, len(answer.removed)) == ([], 3)
    [told] = [caveat.text for caveat in answer.caveats if caveat.rule == "absent-said"]
    assert "(latancy)" in told
    assert "test/top1" in told
    assert answer.record is not None
    assert answer.record.left_out[0].why == "latancy <= 50: unknown (not logged)"


def test_several_objectives_give_a_front_its_knee_and_who_dominates(ask: Ask) -> None:
    tops = {"a": [70.0, 70.1], "b": [76.0, 76.1], "c": [78.0, 78.1], "d": [69.0, 69.1]}
    flops = {"a": {"flops": 1.0}, "b": {"flops": 2.0}, "c": {"flops": 9.0}, "d": {"flops": 3.0}}
    answer = ask(sweep(tops, flops), objectives=["flops:lower"])

    assert answer.pareto is not None
    assert answer.pareto.front == ["c/seed*", "b/seed*", "a/seed*"]
    assert answer.pareto.knee == "b/seed*"
    assert answer.ranked[3].dominated_by == ["b/seed*", "a/seed*"]
    assert [row.on_front for row in answer.ranked] == [1.0, 1.0, 1.0, 0.0]


def test_an_objective_that_is_not_logged_keeps_a_candidate_off_the_front(ask: Ask) -> None:
    answer = ask(sweep(TOPS, {"wide": {"flops": 1.0}}), objectives=["flops:lower"])

    assert answer.pareto is not None
    assert (answer.pareto.front, answer.pareto.unknown) == (
        ["wide/seed*"],
        ["deep/seed*", "thin/seed*"],
    )
    assert answer.ranked[1].objectives == {}


def test_the_first_of_many_is_said_to_be_first_by_luck_too(ask: Ask) -> None:
    answer = ask(sweep(TOPS))

    assert answer.selection is not None
    assert answer.selection.shrunken is not None
    assert answer.selection.shrunken < answer.selection.first
    assert answer.selection.spread_from == "the seeds of 3 candidates, 6 degrees of freedom"


def test_a_metric_on_another_scale_is_not_ranked_among_the_others(ask: Ask) -> None:
    percent = sweep(TOPS)
    fraction = [
        MemoryRun(
            f"fraction/seed{seed}",
            [{"epoch": epoch, "test/top1": 0.7} for epoch in (1, 2, 3)],
            {"width": "fraction", "seed": seed, "depth": 12, "optimizer": "sgd", "epochs": 3},
        )
        for seed in range(2)
    ]
    answer = ask([*percent, *fraction])

    assert [one.full_name for one in answer.apart] == ["fraction/seed*"]
    assert answer.apart[0].why == "in percent or a fraction, unlike that of wide/seed* and 2 more"


def test_a_value_that_is_not_finite_is_not_ranked(ask: Ask) -> None:
    answer = ask([*sweep(TOPS), run_to("broken", float("nan"), {"width": "broken"})])

    assert [(one.full_name, one.why) for one in answer.apart] == [
        ("broken", "its value there is NaN")
    ]


def test_the_decision_record_holds_what_was_decided_and_on_what(ask: Ask) -> None:
    answer = ask(
        [*sweep(TOPS, {"deep": {"latency_ms": 1.0}, "thin": {"latency_ms": 2.0}})],
        constraints={"latency_ms": "<= 50"},
    )

    record = answer.record
    assert record is not None
    assert (record.metric, record.axis, record.x, record.kind) == (
        "test/top1",
        "epoch",
        3.0,
        "winner",
    )
    assert (record.winner, record.test) == ("deep/seed*", answer.test)
    assert [one.constraint for one in record.constraints] == ["latency_ms <= 50"]
    assert [(one.full_name, one.why) for one in record.left_out] == [
        ("wide/seed*", "latency_ms <= 50: unknown (not logged)")
    ]
    assert (record.answer_id, record.samestep) == (answer.answer_id, version("samestep"))
    assert record.date in {datetime.now(UTC).date().isoformat(), *_yesterday()}


def _yesterday() -> set[str]:
    """Return the day before, in case midnight passed between question and check."""
    now = datetime.now(UTC)
    return (
        {now.replace(day=now.day - 1).date().isoformat()}
        if now.hour == 0 and now.day > 1
        else set()
    )


def test_the_date_is_no_part_of_the_answers_id(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    class LaterDay(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "LaterDay":
            return cls(2031, 5, 17, tzinfo=tz)

    first = ask(sweep(TOPS))
    monkeypatch.setattr("samestep.questions.ranking.record.datetime", LaterDay)
    later = ask(sweep(TOPS))

    assert later.record is not None
    assert later.record.date == "2031-05-17"
    assert later.answer_id == first.answer_id


def test_a_copy_of_a_run_is_no_seed_of_a_candidate(ask: Ask) -> None:
    answer = ask(sweep({"wide": [76.0] * 3, "thin": [70.0, 70.3, 70.1]}))

    first = answer.ranked[0]
    assert (first.full_name, first.n, first.interval) == ("wide/seed*", 1, None)
    assert answer.first == ["wide/seed*", "thin/seed*"]
    assert any("a copy is no seed" in caveat.text for caveat in answer.caveats)


def test_equal_values_have_no_interval_of_their_own(ask: Ask) -> None:
    held = [
        MemoryRun(
            f"{name}/seed{seed}",
            [{"epoch": e, "test/top1": top - (3 - e) * (1 + seed)} for e in (1, 2, 3)],
            {"width": name, "seed": seed, "epochs": 3},
        )
        for name, top in (("wide", 76.0), ("thin", 70.0))
        for seed in range(3)
    ]

    answer = ask(held)

    assert [(row.n, row.interval) for row in answer.ranked] == [(3, None), (3, None)]
    assert "95 %" not in answer.reading


def test_of_two_candidates_the_other_is_not_counted_of_itself(ask: Ask) -> None:
    answer = ask(sweep({"wide": WIDE, "deep": DEEP}))

    assert "wide/seed* is not told apart from the 1 other candidate." in answer.verdict.text


def test_a_constraint_that_is_known_of_some_seeds_alone_is_told(ask: Ask) -> None:
    held = [
        run_to("wide/seed0", 76.0, {"width": "wide", "seed": 0}, {"latency_ms": 40.0}),
        run_to("wide/seed1", 76.2, {"width": "wide", "seed": 1}),
        run_to("thin/seed0", 70.0, {"width": "thin", "seed": 0}, {"latency_ms": 30.0}),
    ]

    answer = ask(held, constraints={"latency_ms": "<= 50"})

    told = "Constraints that are known of a part of the seeds alone: "
    assert f"{told}wide/seed*: latency_ms of 1 of 2 seeds." in [one.text for one in answer.caveats]


def test_tasks_that_only_names_tell_are_no_seeds_of_a_candidate(ask: Ask) -> None:
    held = [
        MemoryRun(
            f"{name}/{task}/seed{seed}",
            [{"epoch": e, "test/top1": top + e + seed / 10} for e in (1, 2, 3)],
            {"seed": seed, "epochs": 3},
        )
        for name, top in (("large", 80.0), ("small", 20.0))
        for task in ("walk", "run")
        for seed in range(3)
    ]

    answer = ask(held, runs=["group:memory:sweep#large/*", "group:memory:sweep#small/*"])

    assert answer.verdict.winner is None
    assert "one-change" in answer.verdict.blocked_by
    assert any(one.text.startswith("Tasks are no seeds: large/* is of 2") for one in answer.caveats)


def test_runs_of_one_seed_are_no_tasks_and_count_once(ask: Ask) -> None:
    held = [
        run_to(f"{name}{at}", top + at / 10, {"width": name, "seed": seed})
        for name, top, seeds in (("wide", 76.0, (1, 1, 1)), ("thin", 70.0, (0, 1, 2)))
        for at, seed in enumerate(seeds)
    ]
    sides = [[f"memory:sweep#{name}{at}" for at in range(3)] for name in ("wide", "thin")]

    answer = ask(held, runs=sides)

    repeated = "Of the 3 runs of wide0, wide1, wide2 some have the same seed (1, 1, 1)"
    assert any(one.text.startswith(repeated) for one in answer.caveats)
    assert [row.n for row in answer.ranked] == [1, 3]
    assert not any("Tasks" in one.text for one in answer.caveats)
    assert answer.verdict.winner is None
