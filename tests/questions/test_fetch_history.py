"""What one run logged, as an answer: schema, rows, statistics, config."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from samestep import MemoryRun, Project, fetch_history, forget, remember
from samestep.errors import BadArgument, BadExpression, NoSuchAxis, NoSuchMetric, SamestepError
from samestep.model import Final

ALGOPERF = (Path(__file__).parents[3] / "shared/data").resolve() / (
    "tensorboard/mlcommons__submissions_algorithms/previous_leaderboards/algoperf_v05/logs/self_tuning"
)
RUN = "memory:one#wide/seed0"


@pytest.fixture(autouse=True)
def wide() -> Iterator[None]:
    """Hold one run that logs its training loss at every step and evaluates every fifth."""
    rows = [
        {
            "step": step,
            "train/loss": 100 / step if step != 70 else math.nan,
            **({"val/loss": 110 / step} if step % 5 == 0 else {}),
        }
        for step in range(1, 101)
    ]
    run = MemoryRun(
        "wide/seed0",
        rows,
        config={"optimizer": {"lr": 0.1, "betas": [0.9, 0.99]}, "hf_token": "hf_secret", "seed": 0},
        finals={"bench": Final(71.5, "results.json: bench", step=100)},
    )
    remember("one", [run])
    yield
    forget("one")


def test_without_a_metric_the_schema_says_what_there_is() -> None:
    answer = fetch_history(RUN)

    assert [(row.metric, row.points, row.last_x) for row in answer.metrics or []] == [
        ("train/loss", 100, 100),
        ("val/loss", 20, 100),
    ]
    assert (answer.history, answer.stats, answer.config) == (None, None, None)
    assert '"schema":[' in answer.model_dump_json()


def test_rows_are_those_of_the_metrics_named() -> None:
    answer = fetch_history(RUN, ["val/.*"])

    assert answer.history is not None
    assert answer.history.columns == ["x", "step", "val/loss"]
    assert (answer.history.total, answer.history.sampled) == (20, False)
    assert answer.history.rows[0] == [5, 5, 22.0]


def test_rows_without_a_value_are_hidden_and_can_be_had() -> None:
    hidden = fetch_history(RUN, ["val/loss"], include=["history"])
    shown = fetch_history(RUN, ["val/loss"], include=["history", "empty_rows"], max_points=100)

    assert hidden.history is not None
    assert shown.history is not None
    assert (hidden.history.total, shown.history.total) == (20, 100)
    assert shown.history.rows[0] == [1, 1, None]


def test_a_sample_keeps_both_ends_and_extremes_and_statistics_stay_exact() -> None:
    answer = fetch_history(RUN, ["train/loss"], max_points=5)

    assert answer.history is not None
    [stats] = answer.stats or []
    logged = np.array([100 / step for step in range(1, 101) if step != 70])
    assert [row[0] for row in answer.history.rows] == [1, 18, 51, 83, 100]
    assert (stats.points, stats.not_finite, stats.max) == (100, 1, 100.0)
    assert stats.p25 == pytest.approx(np.percentile(logged, 25))
    assert any("5 of 100 rows are shown" in caveat.text for caveat in answer.caveats)


def test_the_cursor_leads_through_every_row_once() -> None:
    cursor = fetch_history(RUN, ["train/loss"], max_points=40).next_cursor
    seen: list[float | None] = []
    while cursor:
        page = fetch_history(RUN, ["train/loss"], max_points=40, cursor=cursor)
        assert page.history is not None
        seen.extend(row[0] for row in page.history.rows)
        cursor = page.next_cursor

    assert seen == list(range(1, 101))


def test_conditions_and_derived_columns_speak_of_steps_and_metrics() -> None:
    answer = fetch_history(
        RUN, ["val/loss"], where="step > 90", derive={"gap": "val/loss - train/loss"}
    )

    assert answer.history is not None
    assert answer.history.columns == ["x", "step", "val/loss", "gap"]
    assert [row[3] for row in answer.history.rows] == pytest.approx([10 / 95, 10 / 100])
    assert any("gap has no value in 81 rows" in caveat.text for caveat in answer.caveats)


def test_a_value_that_is_not_a_number_is_shown_as_such() -> None:
    answer = fetch_history(RUN, ["train/loss"], where="step == 70")

    assert answer.model_dump(mode="json")["history"]["rows"] == [[70, 70, "NaN"]]


def test_settings_are_flat_and_secrets_are_redacted() -> None:
    answer = fetch_history(RUN, include=["config", "summary"])

    assert {one.key: one.value for one in answer.config or []} == {
        "optimizer.lr": 0.1,
        "optimizer.betas": [0.9, 0.99],
        "hf_token": "[redacted]",
        "seed": 0,
    }
    [final] = answer.summary or []
    assert (final.metric, final.value, final.step) == ("bench", 71.5, 100)
    assert "hf_secret" not in answer.model_dump_json() + answer.to_markdown()


def test_a_config_beyond_what_a_host_takes_is_shown_in_part_and_said() -> None:
    config = {f"setting{number}": "x" * 290 for number in range(190)}
    remember("large", [MemoryRun("wide", [{"step": 1, "loss": 1.0}], config=config)])

    answer = fetch_history("memory:large#wide", include=["config"])
    forget("large")

    assert len(answer.model_dump_json()) < 25_000
    assert any("of 190 settings are not shown" in caveat.text for caveat in answer.caveats)


def test_the_frame_has_the_rows_shown() -> None:
    frame = fetch_history(RUN, ["val/loss"]).to_frame()

    assert frame.columns.tolist() == ["x", "step", "val/loss"]
    assert frame["val/loss"].iloc[-1] == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"metrics": ["val/los"]}, NoSuchMetric, "'val/loss'"),
        ({"where": "epoch > 5"}, BadExpression, "epoch"),
        ({"where": "step +"}, BadExpression, "character"),
        ({"where": "step + 1"}, BadExpression, "where"),
        ({"derive": {"step": "val/loss"}}, BadArgument, "no column has yet"),
        ({"derive": {"gap": "__import__('os')"}}, BadExpression, "derive"),
        ({"x": "tokens"}, NoSuchAxis, "'step'"),
        ({"cursor": "5", "metrics": ["val/loss"]}, BadArgument, "next_cursor"),
        ({"run": "group:memory:one#*"}, None, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(
    arguments: dict[str, object], refusal: type[SamestepError] | None, says: str
) -> None:
    asked = {"run": RUN, **arguments}
    if refusal is None:  # a group of one run is that run
        assert fetch_history(**asked).runs[0].full_name == "wide/seed0"  # pyright: ignore[reportArgumentType] # each case is its own arguments
        return

    with pytest.raises(refusal) as refused:
        fetch_history(**asked)  # pyright: ignore[reportArgumentType] # as above

    assert says in str(refused.value)


@pytest.mark.skipif(not ALGOPERF.is_dir(), reason="runs logged by strangers are not shipped")
def test_statistics_of_a_real_run_equal_those_of_an_independent_read() -> None:
    run = "baseline/study_0/wmt_jax/trial_1"
    with (ALGOPERF / run / "measurements.csv").open(newline="") as file:
        logged = [float(row["test/bleu"]) for row in csv.DictReader(file) if row["test/bleu"]]

    answer = fetch_history(f"files:.#{run}", ["test/bleu"], project=Project(ALGOPERF))

    [stats] = answer.stats or []
    assert stats.points == len(logged)
    assert [stats.min, stats.p10, stats.p50, stats.p90, stats.max] == pytest.approx(
        np.percentile(logged, [0, 10, 50, 90, 100]).tolist()
    )
