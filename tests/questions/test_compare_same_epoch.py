"""Whole answers of compare_same_epoch, on runs held in memory."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.errors import BadArgument, BadArguments, NoSuchAxis, NoSuchMetric, SamestepError
from samestep.model import Final, State

Rows = Sequence[dict[str, float]]
Hold = Callable[..., str]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Hold runs for one test and return their source."""
    yield lambda *runs: remember("test", runs)
    forget("test")


def top1(epochs: int, points: float) -> Rows:
    """Return one row per epoch: `points` of top-1 more each time, a loss that falls."""
    return [
        {"epoch": epoch, "step": 100 * epoch, "test/top1": points * epoch, "val/loss": 2 / epoch}
        for epoch in range(1, epochs + 1)
    ]


def finished(name: str, epochs: int, rows: Rows) -> MemoryRun:
    """Return a run that was planned for `epochs` and reached them."""
    return MemoryRun(name, rows, config={"epochs": epochs, "seed": name[-1]}, state="finished")


def test_the_baseline_stands_at_the_students_epoch_and_not_at_its_own_end(hold: Hold) -> None:
    source = hold(
        MemoryRun("cosine/seed0", top1(11, 2.0), config={"epochs": 100}, state="running"),
        finished("linear/seed0", 100, top1(100, 1.0)),
    )

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], downstream=["test/top1"]
    )

    [row] = answer.downstream
    assert (row.student.value, row.baseline.value, row.delta) == (22.0, 11.0, 11.0)
    assert (row.baseline.x, row.baseline.step, row.baseline.match) == (11.0, 1100.0, "exact")
    assert answer.verdict.kind == "ahead_so_far"
    assert answer.reading == (
        "At epoch 11 cosine/seed0 has 22 on test/top1 (downstream, higher is better): "
        "11 above linear/seed0 (11)."
    )


def test_a_proxy_lead_alone_decides_nothing(hold: Hold) -> None:
    source = hold(
        finished("cosine/seed0", 10, top1(10, 2.0)), finished("linear/seed0", 10, top1(10, 1.0))
    )

    answer = compare_same_epoch(f"{source}#cosine/seed0", [f"{source}#linear/seed0"])

    assert answer.verdict.kind == "undecided"
    assert answer.verdict.blocked_by == ["no-proxy-winner"]
    assert answer.downstream == []
    assert [row.better for row in answer.proxy] == ["student", None]
    assert any('downstream=["test/top1"]' in caveat.text for caveat in answer.caveats)


def test_seeds_that_have_finished_and_differ_significantly_have_a_winner(hold: Hold) -> None:
    cosine = [finished(f"cosine/seed{s}", 10, top1(10, 2.0 + s / 100)) for s in range(3)]
    linear = [finished(f"linear/seed{s}", 10, top1(10, 1.0 + s / 100)) for s in range(3)]
    source = hold(*cosine, *linear)

    answer = compare_same_epoch(
        f"group:{source}#cosine/*", [f"group:{source}#linear/*"], downstream=["test/top1"]
    )

    [row] = answer.downstream
    assert (row.student.value, row.student.n, row.student.spread) == pytest.approx((20.1, 3, 0.1))
    assert answer.verdict.kind == "winner"
    assert answer.verdict.winner == "cosine/*"
    assert answer.verdict.text.startswith("cosine/* is the winner on test/top1 at epoch 10")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"lr_scheduler": "cosine"}, {"lr_scheduler": "step"}),
        ({"optim": {"lr_decay": "linear"}}, {}),
        ({"max_steps": 100}, {}),
    ],
    ids=["schedule", "decay on one side", "planned in other units"],
)
def test_what_is_not_the_same_experiment_has_no_winner(
    hold: Hold, ours: dict[str, object], theirs: dict[str, object]
) -> None:
    def seeds(name: str, points: float, config: dict[str, object]) -> list[MemoryRun]:
        rows = [top1(10, points + seed / 100) for seed in range(3)]
        return [
            MemoryRun(f"{name}/{seed}", rows[seed], config={"epochs": 10, "seed": seed, **config})
            for seed in range(3)
        ]

    source = hold(*seeds("cosine", 2.0, ours), *seeds("linear", 1.0, theirs))
    answer = compare_same_epoch(
        f"group:{source}#cosine/*", [f"group:{source}#linear/*"], downstream=["test/top1"]
    )

    assert answer.verdict.kind == "ahead_so_far"
    assert answer.caveats[0].severity == "blocks"


def test_copies_and_mixtures_are_no_seeds(hold: Hold) -> None:
    copies = [finished(f"cosine/{n}", 10, top1(10, 2.0 + (n % 2) / 100)) for n in range(4)]
    copies = [replace(run, config={"epochs": 10}) for run in copies]
    mixed = [
        replace(run, config={"epochs": 10, "seed": n, "optimizer_name": ("adam", "sgd")[n % 2]})
        for n, run in enumerate(copies)
    ]
    mixed = [replace(run, full_name=f"mixed/{n}") for n, run in enumerate(mixed)]
    linear = [finished(f"linear/seed{n}", 10, top1(10, 1.0 + n / 100)) for n in range(3)]
    source = hold(*(replace(run, rows=copies[0].rows) for run in copies), *mixed, *linear)

    answers = [
        compare_same_epoch(
            f"group:{source}#{name}/*", [f"group:{source}#linear/*"], downstream=["test/top1"]
        )
        for name in ("cosine", "mixed")
    ]

    assert [answer.verdict.kind for answer in answers] == ["ahead_so_far"] * 2
    assert "single-seed" in answers[0].verdict.blocked_by
    assert "one-change" in answers[1].verdict.blocked_by


def test_different_planned_lengths_block_a_winner(hold: Hold) -> None:
    cosine = [finished(f"cosine/seed{s}", 10, top1(10, 2.0 + s / 100)) for s in range(3)]
    linear = [finished(f"linear/seed{s}", 20, top1(20, 1.0 + s / 100)) for s in range(3)]
    source = hold(*cosine, *linear)

    answer = compare_same_epoch(
        f"group:{source}#cosine/*", [f"group:{source}#linear/*"], downstream=["test/top1"]
    )

    assert answer.verdict.kind == "ahead_so_far"
    assert "one-change" in answer.verdict.blocked_by
    assert answer.caveats[0].severity == "blocks"


def test_a_group_counts_only_the_seeds_that_reached_x_and_names_the_others(hold: Hold) -> None:
    source = hold(
        MemoryRun("cosine/seed0", top1(8, 2.0)),
        MemoryRun("linear/seed0", top1(10, 1.0)),
        MemoryRun("linear/seed1", top1(9, 1.5)),
        MemoryRun("linear/seed2", top1(3, 9.0)),
    )

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"group:{source}#linear/*"], metrics=["test/top1"]
    )

    [row] = answer.proxy
    assert (row.baseline.value, row.baseline.n) == (10.0, 2)
    assert list(row.baseline.not_counted or {}) == ["linear/seed2"]


def test_a_seed_of_the_student_that_crashed_does_not_hold_the_others_back(hold: Hold) -> None:
    seeds: dict[int, State] = {0: "running", 1: "crashed", 2: "running"}
    source = hold(
        *(
            MemoryRun(
                f"cosine/seed{seed}", top1(4 if state == "crashed" else 11, 2.0 + seed), state=state
            )
            for seed, state in seeds.items()
        ),
        finished("linear/seed0", 100, top1(100, 1.0)),
    )

    answer = compare_same_epoch(
        f"group:{source}#cosine/*", [f"{source}#linear/seed0"], metrics=["test/top1"]
    )

    [row] = answer.proxy
    assert (answer.at.value, row.student.n) == (11.0, 2)
    assert row.student.not_counted == {"cosine/seed1": "ended at 4, before 11"}


def test_a_run_that_two_trackers_kept_is_one_seed(hold: Hold) -> None:
    kept = top1(20, 2.1)
    doubled = [{**row, "test/top1": float(np.float32(row["test/top1"]))} for row in kept]
    source = hold(
        *(
            finished(f"cosine-{where}/seed0", 20, rows)
            for where, rows in zip("ab", (kept, doubled), strict=True)
        ),
        *(finished(f"linear/seed{n}", 20, top1(20, 1.0 + n / 10)) for n in range(3)),
    )

    answer = compare_same_epoch(
        f"group:{source}#cosine-*", [f"group:{source}#linear/*"], downstream=["test/top1"]
    )

    [row] = answer.downstream
    assert row.student.n == 1
    assert answer.verdict.winner is None


def test_a_seed_that_is_given_twice_decides_nothing(hold: Hold) -> None:
    source = hold(
        *(
            MemoryRun(
                f"cosine/run{n}",
                top1(20, 2.0 + n / 9),
                config={"epochs": 20, "seed": n % 2},
                state="finished",
            )
            for n in range(4)
        ),
        *(finished(f"linear/seed{n}", 20, top1(20, 1.0 + n / 10)) for n in range(3)),
    )

    answer = compare_same_epoch(
        f"group:{source}#cosine/*", [f"group:{source}#linear/*"], downstream=["test/top1"]
    )

    assert answer.verdict.kind == "ahead_so_far"
    assert "no significance is shown" in answer.verdict.text
    assert any("a seed counts once" in caveat.text for caveat in answer.caveats)


def test_a_baseline_that_ended_earlier_is_compared_where_it_ended(hold: Hold) -> None:
    source = hold(MemoryRun("cosine/seed0", top1(10, 2.0)), MemoryRun("linear/seed0", top1(4, 1.0)))

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], metrics=["test/top1"]
    )

    [row] = answer.proxy
    assert (row.student.x, row.baseline.x, row.delta) == (4.0, 4.0, 4.0)
    assert row.baseline_ended == 4.0
    assert any("ended before the student" in caveat.text for caveat in answer.caveats)


def test_a_metric_the_student_has_not_logged_is_absent_with_the_reason(hold: Hold) -> None:
    rows = [{"epoch": e, "val/loss": 1.0 / e} for e in range(1, 6)]
    source = hold(MemoryRun("cosine/seed0", rows), MemoryRun("linear/seed0", top1(10, 1.0)))

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], downstream=["test/top1"]
    )

    [row] = answer.downstream
    assert (row.student.value, row.student.absent) == (None, "not logged")
    assert (row.delta, row.better, row.outlook) == (None, None, None)
    assert answer.verdict.kind == "undecided"


def test_a_final_score_is_shown_beside_another_and_never_subtracted(hold: Hold) -> None:
    scores = {
        name: {"bench": Final(value, "results.json: bench")}
        for name, value in (("cosine/seed0", 71.0), ("linear/seed0", 70.0))
    }
    source = hold(
        *(MemoryRun(name, top1(10, 1.0), state="finished", finals=scores[name]) for name in scores)
    )

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], downstream=["bench"]
    )

    [row] = answer.downstream
    assert (row.student.value, row.student.match, row.student.x) == (71.0, "final", None)
    assert row.delta is None


def test_a_final_score_of_a_named_step_is_a_history_of_one_point(hold: Hold) -> None:
    score = {"bench": Final(71.0, "results.json: bench", step=500)}
    logged = [*top1(10, 1.0), {"step": 500, "bench": 70.0}]
    source = hold(
        MemoryRun("cosine/seed0", top1(10, 1.0), finals=score), MemoryRun("linear/seed0", logged)
    )

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], downstream=["bench"], x="step"
    )

    [row] = answer.downstream
    assert (row.student.x, row.student.match, row.delta, row.lags_by) == (
        500.0,
        "exact",
        1.0,
        500.0,
    )


def test_percent_and_fraction_are_not_subtracted(hold: Hold) -> None:
    fraction = [{"epoch": e, "test/accuracy": 0.05 * e} for e in range(1, 11)]
    percent = [{"epoch": e, "test/accuracy": 5.0 * e} for e in range(1, 11)]
    source = hold(MemoryRun("cosine/seed0", fraction), MemoryRun("linear/seed0", percent))

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], downstream=["test/accuracy"]
    )

    assert answer.downstream[0].delta is None
    assert answer.verdict.kind == "not_comparable"
    assert answer.caveats[0].rule == "same-definition"


def test_a_pair_compares_one_name_with_another(hold: Hold) -> None:
    theirs = [{"epoch": e, "eval/loss": 3.0 / e} for e in range(1, 11)]
    source = hold(MemoryRun("cosine/seed0", top1(10, 1.0)), MemoryRun("linear/seed0", theirs))

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], pairs={"val/loss": "eval/loss"}
    )

    [row] = answer.proxy
    assert (row.metric, row.baseline.metric) == ("val/loss", "eval/loss")
    assert row.delta == pytest.approx(-0.1)


def test_runs_that_share_no_metric_are_not_comparable_and_both_are_listed(hold: Hold) -> None:
    theirs = [{"epoch": e, "eval/loss": 3.0 / e} for e in range(1, 11)]
    source = hold(MemoryRun("cosine/seed0", top1(10, 1.0)), MemoryRun("linear/seed0", theirs))

    answer = compare_same_epoch(f"{source}#cosine/seed0", [f"{source}#linear/seed0"])

    assert answer.verdict.kind == "not_comparable"
    assert "test/top1, val/loss" in answer.caveats[0].text
    assert "eval/loss" in answer.caveats[0].text


def test_metrics_are_paged_in_the_order_of_their_weight(hold: Hold) -> None:
    rows = [{"epoch": e, "lr": 0.1, "loss": 1.0, "val/loss": 1.0, "bench": 1.0} for e in (1, 2)]
    source = hold(MemoryRun("cosine/seed0", rows), MemoryRun("linear/seed0", rows))

    pages = [
        compare_same_epoch(
            f"{source}#cosine/seed0",
            [f"{source}#linear/seed0"],
            downstream=["bench:higher"],
            limit=2,
            cursor=cursor,
        )
        for cursor in (None, "2")
    ]

    assert [[metric.metric for metric in page.metrics] for page in pages] == [
        ["bench", "val/loss"],
        ["loss", "lr"],
    ]
    assert [(page.metrics_left, page.next_cursor) for page in pages] == [(2, "2"), (0, None)]
    assert any("stand on the first page: bench" in caveat.text for caveat in pages[1].caveats)


def test_the_same_question_has_the_same_id_and_a_longer_run_another(hold: Hold) -> None:
    ids: list[str] = []
    for epochs in (5, 5, 6):
        source = hold(
            MemoryRun("cosine/seed0", top1(epochs, 1.0)), MemoryRun("linear/seed0", top1(9, 1.0))
        )
        answer = compare_same_epoch(f"{source}#cosine/seed0", [f"{source}#linear/seed0"])
        ids.append(answer.answer_id)

    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"at": 12}, BadArgument, "cosine/seed0 is at epoch 11"),
        ({"x": "tokens"}, NoSuchAxis, "'epoch', 'step'"),
        ({"metrics": ["tset/top1"]}, NoSuchMetric, "It logs 'test/top1'"),
        ({"metrics": ["test/(top1"]}, BadArgument, "regular expressions"),
        ({"downstream": ["bench"]}, NoSuchMetric, "No metric 'bench'"),
        ({"pairs": {"val/loss": "eval/loss"}}, NoSuchMetric, "in the baselines"),
        ({"cursor": "99"}, BadArgument, "next_cursor"),
        ({"baselines": []}, BadArguments, "at least 1 item"),
        ({"limit": 0}, BadArguments, "limit=0"),
        ({"downstream": ["test/.*"], "proxy": ["test/top1"]}, BadArgument, "downstream does not"),
        ({"at": math.nan}, BadArguments, "at=nan"),
        ({"tolerance": -1}, BadArguments, "tolerance=-1"),
        ({"match": "close"}, BadArguments, "match='close'"),
        ({"baselines": ["memory:test#linear/seed0"] * 20}, BadArgument, "at most 19 sides"),
        ({"baselines": ["memory:test#linear/seed0"] * 2}, BadArgument, "each side once"),
        ({"baselines": ["memory:test#cosine/seed0"]}, BadArgument, "other than the student's own"),
        ({"baselines": [["memory:test#linear/seed0"] * 2]}, BadArgument, "counted twice"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    hold: Hold, arguments: dict[str, object], refusal: type[SamestepError], says: str
) -> None:
    source = hold(
        MemoryRun("cosine/seed0", top1(11, 2.0)), MemoryRun("linear/seed0", top1(20, 1.0))
    )
    asked = {"student": f"{source}#cosine/seed0", "baselines": [f"{source}#linear/seed0"]}

    with pytest.raises(refusal) as refused:
        compare_same_epoch(**{**asked, **arguments})  # pyright: ignore[reportArgumentType] # each case is one bad argument

    assert says in str(refused.value)


def test_samestep_toml_declares_what_the_call_does_not(hold: Hold, tmp_path: Path) -> None:
    (tmp_path / "samestep.toml").write_text('[metrics]\ndownstream = ["test/.*"]\n')
    source = hold(
        MemoryRun("cosine/seed0", top1(11, 2.0)), MemoryRun("linear/seed0", top1(20, 1.0))
    )

    answer = compare_same_epoch(
        f"{source}#cosine/seed0", [f"{source}#linear/seed0"], project=Project.here(str(tmp_path))
    )

    [metric, _] = answer.metrics
    assert (metric.metric, metric.role, metric.role_why) == (
        "test/top1",
        "downstream",
        "declared in samestep.toml",
    )


def test_steps_that_count_log_calls_are_said_to_be_no_progress(hold: Hold) -> None:
    rows = [{"step": step, "val/loss": 1 / step} for step in (1, 2, 3)]
    source = hold(
        MemoryRun("wandb-logger/seed0", rows, row_counter="W&B's row counter `_step`"),
        MemoryRun("event-files/seed0", rows),
    )

    answer = compare_same_epoch(
        f"{source}#wandb-logger/seed0", [f"{source}#event-files/seed0"], x="step"
    )

    [caveat] = [caveat for caveat in answer.caveats if caveat.rule == "same-x"]
    assert caveat.text == (
        "The steps of wandb-logger/seed0 only count log calls (W&B's row counter `_step`), those "
        "of the others do not: the same step is the same progress only where both log equally "
        "often."
    )


def test_what_is_logged_of_the_machine_is_compared_only_when_it_is_asked_for(hold: Hold) -> None:
    rows = [{"step": step, "val/loss": 1 / step, "system.cpu": 40.0} for step in (1, 2, 3)]
    source = hold(MemoryRun("cosine/seed0", rows), MemoryRun("linear/seed0", rows))
    ours, theirs = f"{source}#cosine/seed0", f"{source}#linear/seed0"

    assert [one.metric for one in compare_same_epoch(ours, [theirs]).metrics] == ["val/loss"]
    named = compare_same_epoch(ours, [theirs], metrics=["system.cpu"])
    assert [metric.metric for metric in named.metrics] == ["system.cpu"]
