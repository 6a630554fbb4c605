"""A student's way to its baseline is told with its bounds, or with the reason why it is not."""

from collections.abc import Iterator, Sequence

import pytest

from samestep import MemoryRun, compare_same_epoch, convergence_check, forget, remember
from samestep.answers import Comparison
from samestep.answers.comparison import CatchUp, Row
from samestep.model import State

Values = Sequence[float]

NAN, INF = float("nan"), float("inf")
BASELINE, STUDENT = "resnet50-step/seed0", "resnet50-cosine/seed0"


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Forget the runs of a test after it."""
    yield
    forget("runs")


def falling(epochs: int, bound: float, height: float = 3.0, power: float = 0.9) -> list[float]:
    """Return a loss that falls to a bound by a power law."""
    return [bound + height / (epoch + 1) ** power for epoch in range(epochs)]


FINISHED = falling(40, 2.0)


def run(
    name: str, values: Values, state: State = "running", metric: str = "val/loss", **config: object
) -> MemoryRun:
    """Return a run that logged a value after each epoch, of 40 planned where nothing else is."""
    rows = [{"epoch": float(epoch), metric: value} for epoch, value in enumerate(values)]
    return MemoryRun(name, rows, {"epochs": 40, "seed": 0} | config, state)


def compared(student: MemoryRun, *baselines: MemoryRun, at: float | None = None) -> Comparison:
    runs = [student, *baselines]
    ours, *theirs = [f"{remember('runs', runs)}#{run.full_name}" for run in runs]
    return compare_same_epoch(ours, list(theirs), at=at)


def told(answer: Comparison) -> tuple[Row, CatchUp]:
    """Return the one row of an answer and what its outlook rests on."""
    [row], [detail] = answer.proxy, answer.catch_up
    return row, detail


def test_a_student_on_its_way_past_a_baseline_is_on_track_with_its_bounds() -> None:
    nearly_flat = [3.0 - 0.01 * epoch for epoch in range(40)]
    student = run(STUDENT, falling(10, 1.8, 6.0, 0.7))
    answer = compared(student, run(BASELINE, nearly_flat, "finished"))
    row, detail = told(answer)

    assert (row.better, row.outlook, detail.outlook) == ("baseline", "on_track", "on_track")
    assert detail.at is not None
    assert detail.interval is not None
    assert 10.0 < detail.interval[0] <= detail.at < 13.0
    assert detail.probability is not None
    assert detail.probability >= 0.6
    assert detail.points == (10, 40)
    assert f"{STUDENT} is on track to catch up with {BASELINE} at epoch " in answer.reading
    assert ", for a while at least (probability 0." in answer.reading


def test_a_student_that_falls_back_is_not_on_track() -> None:
    slower = run(STUDENT, falling(16, 2.3, 4.0, 0.6))
    answer = compared(slower, run(BASELINE, FINISHED, "finished"))
    row, detail = told(answer)

    assert (row.outlook, detail.at) == ("not_on_track", None)
    assert detail.behind_then is not None
    assert detail.behind_then[0] > 0.5
    assert f"{STUDENT} is not on track to catch up with {BASELINE}" in answer.reading


def test_what_the_naive_slope_says_stands_beside_it_and_is_not_used() -> None:
    _, detail = told(
        compared(run(STUDENT, falling(16, 2.3, 4.0, 0.6)), run(BASELINE, FINISHED, "finished"))
    )

    assert detail.outlook == "not_on_track"
    assert detail.naive_not_used == pytest.approx(62.5, abs=0.1)


@pytest.mark.parametrize(
    ("baseline", "method"),
    [
        (run(BASELINE, FINISHED, "finished"), "own course and the baseline's future"),
        (run(BASELINE, FINISHED[:39]), "own course"),
        (run(BASELINE, falling(80, 2.0), "finished", epochs=80), "own course"),
        (run(BASELINE, FINISHED, "finished", lr_scheduler="step"), "own course"),
    ],
    ids=["finished", "running", "longer", "another schedule"],
)
def test_a_baselines_future_counts_only_if_it_finished_on_the_students_schedule(
    baseline: MemoryRun, method: str
) -> None:
    student = run(STUDENT, falling(8, 2.3, 4.0, 0.6), lr_scheduler="cosine")
    if "lr_scheduler" not in baseline.config:
        student = run(STUDENT, falling(8, 2.3, 4.0, 0.6))
    _, detail = told(compared(student, baseline))

    assert detail.method == method
    assert detail.until == (40.0 if "future" in method else 16.0)


def test_a_row_tells_how_far_the_student_lags_and_how_that_has_moved() -> None:
    twice_as_slow = [2.0 + 3.0 / (1 + epoch / 2) for epoch in range(21)]
    baseline = [2.0 + 3.0 / (1 + epoch) for epoch in range(40)]
    row, _ = told(compared(run(STUDENT, twice_as_slow), run(BASELINE, baseline, "finished")))

    assert row.lag == pytest.approx(10.0, abs=0.2)  # epoch 21 has what epoch 11 had
    assert row.lag_moved == pytest.approx(2.5, abs=0.3)  # a quarter of it in a quarter of x


def test_a_lag_that_nobody_knows_has_a_reason() -> None:
    ahead = compared(run(STUDENT, falling(16, 1.0)), run(BASELINE, FINISHED, "finished"))

    assert ahead.proxy[0].lag is None
    assert ahead.proxy[0].lag_why == "never"


def test_a_difference_within_noise_is_undecided_by_itself() -> None:
    wobbly = [value + 0.05 * (-1) ** epoch for epoch, value in enumerate(FINISHED[:16])]
    answer = compared(run(STUDENT, wobbly), run(BASELINE, FINISHED, "finished"))

    assert [row.outlook for row in answer.proxy] == ["undecided"]
    assert answer.catch_up == []


def test_a_comparison_at_an_earlier_x_knows_no_more_of_the_student_than_was_logged_then() -> None:
    baseline = run(BASELINE, FINISHED, "finished")
    whole = run(STUDENT, falling(30, 2.3, 4.0, 0.6))
    earlier = compared(whole, baseline, at=16.0)
    then = compared(run(STUDENT, falling(16, 2.3, 4.0, 0.6)), baseline)

    assert earlier.catch_up == then.catch_up


def test_seeds_are_looked_at_by_their_mean() -> None:
    seeds = [
        run(f"resnet50-cosine/seed{n}", [v + n / 100 for v in falling(16, 2.3, 4.0, 0.6)], seed=n)
        for n in range(3)
    ]
    source = remember("runs", [*seeds, run(BASELINE, FINISHED, "finished")])
    answer = compare_same_epoch(
        [f"{source}#{one.full_name}" for one in seeds], [f"{source}#{BASELINE}"]
    )

    [detail] = answer.catch_up
    assert detail.outlook == "not_on_track"
    assert detail.points == (16, 40)
    assert answer.proxy[0].lag == pytest.approx(12.8, abs=0.2)


def test_a_seed_of_the_baseline_that_ended_early_does_not_end_its_future() -> None:
    seeds = [
        run(f"resnet50-step/seed{n}", falling(40, 2.0 + n / 100), "finished", seed=n)
        for n in range(3)
    ]
    crashed = run("resnet50-step/seed3", falling(5, 2.05), "crashed", seed=3)
    student = run(STUDENT, falling(20, 2.3, 4.0, 0.6))
    source = remember("runs", [student, *seeds, crashed])
    answer = compare_same_epoch(f"{source}#{STUDENT}", ["group:resnet50-step/*"])

    row, detail = told(answer)
    assert row.baseline.not_counted == {"resnet50-step/seed3": "ended at 5, before 20"}
    assert (detail.outlook, detail.until, detail.points) == ("not_on_track", 40.0, (20, 40))
    assert row.lag == pytest.approx(16.4, abs=0.2)


def test_a_student_ahead_of_a_baseline_whose_noise_nobody_knows_is_already_ahead() -> None:
    sparse = [{"epoch": float(epoch), "val/loss": FINISHED[epoch]} for epoch in range(0, 40, 4)]
    baseline = MemoryRun(BASELINE, sparse, {"epochs": 40, "seed": 0}, "finished")
    row, detail = told(compared(run(STUDENT, falling(12, 1.0)), baseline))

    assert (row.noise, row.better) == (None, "student")
    assert row.outlook == detail.outlook == "already_ahead"
    assert detail.why.startswith("smoothed, the student is ")


def test_smoothed_curves_that_contradict_the_rows_values_decide_nothing() -> None:
    sparse = [{"epoch": float(epoch), "val/loss": FINISHED[epoch]} for epoch in range(0, 40, 5)]
    baseline = MemoryRun(BASELINE, sparse, {"epochs": 40, "seed": 0}, "finished")
    unlucky = [*falling(18, 1.7), 2.246]  # 0.03 above the baseline, 0.33 above its course
    row, detail = told(compared(run(STUDENT, unlucky), baseline))

    assert (row.noise, row.better) == (None, "baseline")
    assert detail.outlook == "undecided"
    assert detail.why.startswith("the values at x and the smoothed curves disagree on who is ahead")


CURVES: dict[str, Values] = {
    "one point": [3.0],
    "two points": [3.0, 2.9],
    "all equal": [3.0] * 12,
    "all NaN": [NAN] * 12,
    "ends in NaN": [*falling(9, 2.5), NAN, NAN, NAN],
    "infinite": [*falling(9, 2.5), INF],
    "around zero": [0.1, -0.2, 0.05, -0.1, 0.02, -0.03, 0.2, -0.15, 0.0, 0.1, -0.01],
    "negative": [-200.0 + 3.0 * epoch**0.5 for epoch in range(16)],
    "huge": [1e300, 1e299, 1e298, 1e290, 1e280, 1e270],
    "tiny": [1e-300 / (epoch + 1) for epoch in range(16)],
    "a jump": [*falling(10, 3.0), *[1.0 + 1.0 / (epoch + 1) for epoch in range(6)]],
}


@pytest.mark.parametrize("metric", ["val/loss", "eval/return", "quantity"])
@pytest.mark.parametrize("kind", CURVES)
def test_whatever_a_student_logs_there_is_an_outlook_or_a_reason(kind: str, metric: str) -> None:
    baseline = run(BASELINE, FINISHED, "finished", metric)
    answer = compared(run(STUDENT, CURVES[kind], metric=metric), baseline)

    for row in answer.proxy:
        assert (row.outlook is None) == (row.delta is None)
        assert row.delta is None or row.lag is not None or row.lag_why or metric == "quantity"
    for detail in answer.catch_up:
        assert detail.why
        assert len(CURVES[kind]) >= 5 or detail.outlook == "refused"


@pytest.mark.parametrize("metric", ["val/loss", "eval/return", "quantity"])
@pytest.mark.parametrize("kind", CURVES)
def test_whatever_a_run_logs_its_convergence_is_a_state_or_a_reason(kind: str, metric: str) -> None:
    source = remember("runs", [run(STUDENT, CURVES[kind], metric=metric)])
    answer = convergence_check(f"{source}#{STUDENT}", metric)

    assert answer.verdict.kind != "converged"
    assert (answer.state is None) == (metric == "quantity")
    assert answer.rule
    assert len(CURVES[kind]) >= 10 or answer.state in {"too_short", "diverging", None}


def test_a_restart_in_the_middle_is_followed_from_its_later_points() -> None:
    student = run(STUDENT, falling(16, 2.3, 4.0, 0.6))
    torn = MemoryRun(STUDENT, [*run(STUDENT, [9.0] * 6).rows, *student.rows], student.config)
    baseline = run(BASELINE, FINISHED, "finished")

    again, once = compared(torn, baseline), compared(student, baseline)
    assert again.catch_up == once.catch_up


def test_steps_unevenly_spaced_have_the_outlook_of_the_curve() -> None:
    student = run(STUDENT, falling(16, 2.3, 4.0, 0.6))
    uneven = MemoryRun(
        STUDENT, [row for row in student.rows if row["epoch"] not in {3, 4, 7, 9}], student.config
    )
    _, detail = told(compared(uneven, run(BASELINE, FINISHED, "finished")))

    assert (detail.outlook, detail.points) == ("not_on_track", (12, 40))


def test_outlooks_beyond_the_room_are_counted_those_of_the_goal_told_first() -> None:
    metrics = ["test/loss", *(f"val/loss-{n}" for n in range(7))]

    def crowded(name: str, values: Values, state: State) -> MemoryRun:
        rows = [{"epoch": float(e), **dict.fromkeys(metrics, v)} for e, v in enumerate(values)]
        return MemoryRun(name, rows, {"epochs": 40, "seed": 0}, state)

    student = crowded("a-study-of-schedules/resnet50-cosine/seed0", falling(16, 2.3), "running")
    baselines = [
        crowded(
            f"a-study-of-schedules/resnet50-step/seed{n}", falling(40, 2.0 + n / 50), "finished"
        )
        for n in range(3)
    ]
    source = remember("runs", [student, *baselines])
    answer = compare_same_epoch(
        f"{source}#{student.full_name}",
        [f"{source}#{one.full_name}" for one in baselines],
        downstream=["test/loss"],
    )

    shown = {(one.metric, one.baseline) for one in answer.catch_up}
    goals = {("test/loss", one.full_name) for one in baselines}
    assert shown
    assert goals <= shown or shown < goals
    left = [row for row in (*answer.downstream, *answer.proxy) if row.outlook is None]
    assert len(left) == 24 - len(shown)
    assert f"No room for the outlooks of {len(left)} rows" in answer.caveats[-1].text
    assert len(answer.model_dump_json()) <= 14_000
    assert len(answer.to_markdown()) <= 6_000
