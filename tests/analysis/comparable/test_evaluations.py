from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Fact, Finding, Party
from samestep.analysis.comparable.evaluations import is_measured_on
from samestep.model import Lineage, Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


def dataset(name: str, digest: str, context: str | None) -> Lineage:
    return Lineage("dataset", name, digest, "dataset input", context)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"eval_set": "val"}, {"eval_set": "test"}),
        ({"data": {"val": {"path": "a/val2017"}}}, {"data": {"val": {"path": "a/minival"}}}),
        ({"val_split": 0.1}, {"val_split": 0.2}),
        ({"env_id": "Hopper-v4"}, {"env_id": "Walker2d-v4"}),
        ({"num_fewshot": 0}, {"num_fewshot": 5}),
        ({"fold": 0}, {"fold": 1}),
    ],
    ids=["set", "path", "split", "environment", "shots", "fold"],
)
def test_what_is_evaluated_on_other_data_blocks(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    found = audited(pair(one, other))["evaluation data"]

    assert (found.ruling.rule, found.ruling.severity) == ("same-definition", "blocks")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"eval_set": "val"}, {"eval_set": "val"}),
        ({"eval_dataset": "/home/me/data/val2017"}, {"eval_dataset": "/mnt/val2017"}),
        ({"eval_every": 100}, {"eval_every": 200}),
    ],
    ids=["equal", "at another place", "how often"],
)
def test_the_same_evaluation_data_do_not(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    assert not {"evaluation data", "task unknown"} & audited(pair(one, other)).keys()


def test_a_side_that_does_not_say_only_warns(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"eval_set": "val", "lr": 1}, {"lr": 1}))

    assert "evaluation data" not in found
    assert found["task unknown"].ruling.severity == "warns"


def test_a_recorded_evaluation_set_of_another_digest_blocks(
    make_run: MakeRun, audited: Audited
) -> None:
    sides = [
        Party.of(name, [make_run(name, lineage=[dataset("imagenet", digest, "eval")])])
        for name, digest in (("wide/seed0", "1a2b"), ("deep/seed0", "3c4d"))
    ]

    found = audited(sides)
    assert found["evaluation data"].facts[0].origin == "dataset input"
    assert "dataset" not in found


def test_evaluations_of_another_size_warn(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"n_eval_episodes": 5}, {"n_eval_episodes": 20}))["evaluation size"]

    assert (found.ruling.rule, found.ruling.severity) == ("same-definition", "warns")
    assert "evaluation size" not in audited(pair({"eval_iters": 20}, {"eval_iters": 20}))


@pytest.mark.parametrize(
    ("setting", "metric", "concerns"),
    [
        ("eval_set", "test/top1", True),
        ("eval_set", "reward", True),
        ("eval_set", "train/loss", False),
        ("eval_set", "loss", False),
        ("test_set", "val/loss", False),
        ("test_set", "test/loss", True),
        ("val_path", "val_accuracy", True),
    ],
)
def test_only_metrics_measured_on_that_data_are_concerned(
    setting: str,
    metric: str,
    concerns: bool,  # noqa: FBT001 # a case of the table
) -> None:
    assert is_measured_on(metric, Fact(setting, "config", {})) is concerns


def test_variables_of_the_environment_are_no_data(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"env": ["HOME=/a"]}, {"env": ["HOME=/b"]}))

    assert {"evaluation data", "task unknown"}.isdisjoint(found)
