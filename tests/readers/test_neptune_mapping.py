from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pytest

from samestep.formats.neptune.held import Held, Points, Value
from samestep.model import EpochCounter, Run, RunHead, RunRef, Source
from samestep.readers.facts import leaves
from samestep.readers.neptune.config import finals, nested
from samestep.readers.neptune.mapping import Way, run_of
from samestep.readers.neptune.names import full_names, run_ids

NAN = float("nan")
WAY = Way("a test", append_only=True)


def run(attributes: Mapping[str, Value], *metrics: str, **artifacts: str) -> Run:
    column = np.array([0.0, 1.0])
    points = Points(column, column, column + NAN, np.array([0, 1]))
    held = Held(attributes, dict.fromkeys(metrics, points), artifacts=artifacts)
    return run_of(RunHead(RunRef(Source("neptune", "."), "NET-1"), "NET-1"), held, WAY)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("test/acc", 0.5),
        ("metrics/best/f1", 0.5),
        ("eval/n_correct", 7),
        ("Validation/loss", NAN),
        ("results/bleu", float("inf")),
    ],
)
def test_a_number_in_a_namespace_for_results_was_measured(path: str, value: float):
    assert list(finals({path: value})) == [path]
    assert nested({path: value}) == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("lr", 0.5),
        ("test_size", 0.2),
        ("parameters/test/batch_size", 32),
        ("config/eval/steps", 100),
        ("test/dataset", "imagenet"),
        ("test/shuffle", True),
        ("train/lr", 0.5),
        ("eval/total", 10**400),
    ],
)
def test_everything_else_is_a_setting(path: str, value: Value):
    assert finals({path: value}) == {}
    assert dict(leaves(nested({path: value}))) == {path.replace("/", "."): value}


def test_what_neptune_logs_of_itself_is_no_setting():
    own = {"sys/id": "NET-1", "sys/size": 1.0, "monitoring/a/pid": "7", "source_code/branch": "x"}

    assert (nested(own), finals(own)) == ({}, {})


def test_a_value_that_is_a_namespace_too_is_kept():
    settings = nested({"a": 1, "a/b": 2, "a/b/c": 3, "d/e": 4, "d/e/f/g": 5, "d/h": ("x", "y")})

    assert settings == {"a": 1, "a/b": 2, "a/b/c": 3, "d": {"e": 4, "e/f/g": 5, "h": ["x", "y"]}}


def test_moments_are_texts_in_the_config():
    moment = datetime(2026, 1, 2, tzinfo=UTC)

    assert nested({"when": moment}) == {"when": "2026-01-02T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("written_by", "metrics", "counter"),
    [
        (
            "pytorch-lightning",
            ["training/epoch", "training/loss"],
            EpochCounter(
                "training/epoch", "first is 0", "Lightning logs `training/epoch` counted from 0"
            ),
        ),
        (
            "lightning",
            ["epoch"],
            EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0"),
        ),
        (
            "transformers",
            ["finetuning/train/epoch", "finetuning/train/loss"],
            EpochCounter(
                "finetuning/train/epoch",
                "epochs completed",
                "Hugging Face's Trainer logs `finetuning/train/epoch` as epochs completed",
            ),
        ),
        ("lightning", ["training/epoch", "fold2/epoch"], None),
        ("transformers", ["finetuning/epoch"], None),
        ("optuna", ["training/epoch"], None),
    ],
)
def test_the_epoch_counter_is_that_of_the_framework_that_wrote_the_run(
    written_by: str, metrics: list[str], counter: EpochCounter | None
):
    found = run({f"source_code/integrations/{written_by}": "2.0"}, *metrics)

    assert found.history.epochs == counter


def test_a_run_names_its_code_without_credentials():
    found = run(
        {
            "source_code/commit/commit_id": "c0ffee",
            "source_code/commit/message": "tune",
            "source_code/remote/fork": "https://a.example/net",
            "source_code/remote/origin": "https://me:secret@b.example/net",
            "source_code/dirty": True,
            "code/commit/commit_id": "beef",
        },
        data="d1g357",
    )

    assert [(one.kind, one.name, one.digest, one.context) for one in found.lineage] == [
        ("code", "https://b.example/net", "c0ffee", "with uncommitted changes"),
        ("code", "code", "beef", None),
        ("dataset", "data", "d1g357", None),
    ]
    assert found.lineage[0].origin == "attribute source_code/commit/commit_id"


def test_a_run_tells_where_it_ran():
    found = run(
        {
            "monitoring/c0ffee/hostname": "node7",
            "sys/owner": "ada",
            "source_code/run_command": "python train.py",
            "sys/hostname": "",
        }
    )

    assert found.environment == {"host": "node7", "user": "ada", "program": "python train.py"}


def test_times_that_no_point_has_are_none():
    assert run({}, "loss").history.metrics["loss"].times is None


def test_steps_of_an_epoch_come_from_the_config():
    assert run({"parameters/steps_per_epoch": 50}, "loss").history.steps_per_epoch == 50.0


def test_full_names_are_display_names_where_no_other_run_has_them():
    named = [("1", "twin"), ("2", "twin"), ("3", "single"), ("4", None), ("5", "4")]

    assert full_names(named) == ["twin 1", "twin 2", "single", "4", "4 5"]


def test_an_id_is_as_short_as_it_can_be_alone():
    candidates = [
        ("a", "x/a"),
        ("a", "y/a"),
        ("b", "y/b"),
        ("c", "z/c", "1/c"),
        ("c", "z/c", "2/c"),
    ]

    assert run_ids(candidates) == ["x/a", "y/a", "b", "1/c", "2/c"]
