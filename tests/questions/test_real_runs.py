"""Runs logged by strangers, every cell held against a reader that shares no code with ours."""

import csv
import json
import math
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from samestep import Project, compare_same_epoch
from samestep.answers import Comparison
from samestep.answers.comparison import Cell

# The generated code has no types, so its modules are fetched as untyped ones.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
tensor_util = import_module("tensorboard.util.tensor_util")
protobuf = import_module("google.protobuf.message")

ROOT = Path(__file__).parents[2]
STRANGERS = (ROOT / "../shared/data").resolve()
ALGOPERF = STRANGERS / (
    "tensorboard/mlcommons__submissions_algorithms/previous_leaderboards/algoperf_v05/logs/self_tuning"
)
KERAS = STRANGERS / (
    "tensorboard/10tanmay100__DEEPCNNCLASSIFIER/artifacts/prepare_callbacks/tensorboard_log_dir"
)
UNITSYN = STRANGERS / "hf-trainer/SecurityLab-UCD__UniTSyn"

pytestmark = pytest.mark.skipif(
    not STRANGERS.is_dir(), reason="runs logged by strangers are not shipped with the project"
)

Points = Mapping[float, float]
"""One metric as an independent reader has it: value by step, the last written of each."""


def events(directory: Path) -> dict[str, dict[float, float]]:
    """Read event files with protobuf's own parser."""
    found: dict[str, dict[float, float]] = {}
    for file in sorted(directory.glob("*tfevents*")):
        content, at = file.read_bytes(), 0
        while at + 12 <= len(content):
            length = int.from_bytes(content[at : at + 8], "little")
            try:
                event = event_pb2.Event.FromString(content[at + 12 : at + 12 + length])
            except protobuf.DecodeError:
                break
            at += 16 + length
            for value in event.summary.value:
                number = (
                    value.simple_value
                    if value.HasField("simple_value")
                    else float(tensor_util.make_ndarray(value.tensor))
                    if value.metadata.plugin_data.plugin_name == "scalars"
                    else None
                )
                if number is not None:
                    found.setdefault(value.tag, {})[event.step] = number
    return found


def measurements(directory: Path) -> dict[str, dict[float, float]]:
    """Read measurements.csv with the csv module."""
    found: dict[str, dict[float, float]] = {}
    with (directory / "measurements.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            for name, text in row.items():
                if text and name != "global_step":
                    found.setdefault(name, {})[float(row["global_step"])] = float(text)
    return found


def trainer_state(checkpoint: str) -> dict[str, dict[float, float]]:
    """Read a trainer_state.json with the json module."""
    found: dict[str, dict[float, float]] = {}
    state = json.loads((UNITSYN / "results" / checkpoint / "trainer_state.json").read_text())
    for row in state["log_history"]:
        for name in row.keys() - {"step"}:
            found.setdefault(name, {})[row["step"]] = row[name]
    return found


def holds(cell: Cell, points: Points) -> bool:
    """Return whether a cell says what the independent reader has there."""
    if cell.value is None:
        return bool(cell.absent)
    if cell.match == "interpolated":
        assert cell.between is not None
        assert cell.x is not None
        assert set(cell.between) <= set(points)
        assert not any(cell.between[0] < step < cell.between[1] for step in points)
        between = np.interp(cell.x, cell.between, [points[step] for step in cell.between])
        return math.isclose(cell.value, float(between), rel_tol=1e-12)
    assert cell.step is not None
    return cell.value == points[cell.step]


def checked(
    answer: Comparison, student: Mapping[str, Points], baseline: Mapping[str, Points]
) -> int:
    """Hold every cell of one baseline's rows against both independent readings; count them."""
    rows = [*answer.downstream, *answer.proxy]
    for row in rows:
        assert holds(row.student, student.get(row.metric, {})), row
        assert holds(row.baseline, baseline.get(row.metric, {})), row
    return sum(cell.value is not None for row in rows for cell in (row.student, row.baseline))


@pytest.mark.parametrize("tracker", ["tensorboard", "files"])
def test_seeds_of_different_lengths_are_compared_where_the_shorter_stands(tracker: str) -> None:
    runs = ["baseline/study_2/wmt_jax/trial_1", "sinv6/study_0/wmt_jax/trial_1"]
    answer = compare_same_epoch(
        f"{tracker}:.#{runs[0]}",
        [f"{tracker}:.#{runs[1]}"],
        downstream=["test/bleu"],
        limit=50,
        project=Project(ALGOPERF),
    )

    read = events if tracker == "tensorboard" else measurements
    assert checked(answer, read(ALGOPERF / runs[0]), read(ALGOPERF / runs[1])) >= 36
    assert answer.at.student_current == answer.at.value == 107337
    assert answer.verdict.winner is None


def test_the_event_files_and_the_table_beside_them_agree() -> None:
    run, other = "baseline/study_0/wmt_jax/trial_1", "baseline/study_1/wmt_jax/trial_1"
    from_events, from_table = (
        compare_same_epoch(
            f"{tracker}:.#{run}",
            [f"{tracker}:.#{other}"],
            metrics=["test/.*"],
            project=Project(ALGOPERF),
        )
        for tracker in ("tensorboard", "files")
    )

    deltas = [
        {row.metric: row.delta for row in answer.proxy} for answer in (from_events, from_table)
    ]
    assert deltas[0].keys() == deltas[1].keys()
    assert all(
        math.isclose(deltas[0][name] or 0.0, deltas[1][name] or 0.0, rel_tol=1e-4, abs_tol=1e-6)
        for name in deltas[0]
    )


def test_a_trial_that_was_run_again_is_read_as_the_later_run() -> None:
    run = "sinv6/study_1/librispeech_deepspeech_jax/trial_1"
    answer = compare_same_epoch(
        f"tensorboard:.#{run}",
        ["tensorboard:.#baseline/study_0/librispeech_deepspeech_jax/trial_1"],
        metrics=["validation/wer"],
        project=Project(ALGOPERF),
    )

    [row] = answer.proxy
    latest = measurements(ALGOPERF / run)["validation/wer"]
    assert row.student.x is not None
    assert row.student.x <= max(latest)
    assert any("Resumed or started again" in caveat.text for caveat in answer.caveats)


def test_two_runs_mixed_in_one_output_directory_are_told_apart_and_compared() -> None:
    student, baseline = (
        f"files:results#checkpoint-{step}/trainer_state.json" for step in (3500, 500)
    )
    answer = compare_same_epoch(student, [baseline], project=Project(UNITSYN))

    assert checked(answer, trainer_state("checkpoint-3500"), trainer_state("checkpoint-500")) >= 4
    assert answer.at.axis == "step"
    assert [row.baseline_ended for row in answer.proxy] == [500, 500]


def test_keras_training_and_validation_are_one_run_on_the_epoch_axis() -> None:
    runs = ["tb_logs_at_2022-09-25-10-39-45", "tb_logs_at_2022-09-25-12-49-31"]
    answer = compare_same_epoch(
        f"tensorboard:.#{runs[0]}", [f"tensorboard:.#{runs[1]}"], project=Project(KERAS)
    )

    independent = [
        {
            f"{role}/{tag}": points
            for role in ("train", "validation")
            for tag, points in events(KERAS / run / role).items()
        }
        for run in runs
    ]
    assert checked(answer, independent[0], independent[1]) >= 8
    assert (answer.at.axis, answer.at.value) == ("epoch", 1)
    accuracy = next(row for row in answer.proxy if row.metric == "validation/epoch_accuracy")
    assert (accuracy.student.step, accuracy.student.x) == (0, 1)


def test_a_default_comparison_with_three_baselines_fits_its_budget() -> None:
    answer = compare_same_epoch(
        "tensorboard:.#baseline/study_0/wmt_jax/trial_1",
        [
            "tensorboard:.#sinv6/study_0/wmt_jax/trial_1",
            "tensorboard:.#baseline/study_1/wmt_jax/trial_1",
            "tensorboard:.#baseline/study_2/wmt_jax/trial_1",
        ],
        downstream=["test/bleu"],
        limit=8,
        project=Project(ALGOPERF),
    )

    assert len(answer.downstream) + len(answer.proxy) == 24
    assert len(answer.model_dump_json()) <= 14_000
    assert len(answer.to_markdown()) <= 6_000
