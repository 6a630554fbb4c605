from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party
from samestep.model import Lineage, Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"dataset": "cifar10"}, {"dataset": "cifar100"}),
        ({"data": {"name": "c4", "version": 2}}, {"data": {"name": "c4", "version": 3}}),
        ({"dataset_hash": "1a2b"}, {"dataset_hash": "3c4d"}),
        ({"data_dir": "/data/wmt"}, {"data_dir": "/data/librispeech"}),
        ({"train_split": "train"}, {"train_split": "train[:10%]"}),
        ({"data_dir": "/data/cifar10/train"}, {"data_dir": "/data/imagenet/train"}),
        ({"dvc": {"data": {"md5": "1a2b"}}}, {"dvc": {"data": {"md5": "3c4d"}}}),
    ],
    ids=["name", "version", "hash", "path", "split", "path to a part", "DVC"],
)
def test_other_training_data_warn(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    found = audited(pair(one, other))["dataset"]

    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "warns")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"dataset": "cifar10"}, {"dataset": "cifar10"}),
        ({"data_dir": "/data/wmt"}, {"data_dir": "/mnt/scratch/wmt"}),
        ({"data_dir": "/home/one/train"}, {"data_dir": "C:\\train"}),
    ],
    ids=["equal", "at another place", "at a place of a user's own"],
)
def test_the_same_training_data_do_not(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    assert "dataset" not in audited(pair(one, other))


@pytest.mark.parametrize(
    ("digests", "context", "differ"),
    [
        (("1a2b", "3c4d"), "train", True),
        (("1a2b", "1a2b"), "train", False),
        (("1a2b", "3c4d"), "output", False),
    ],
)
def test_recorded_data_sets_are_compared_by_digest_and_not_by_what_was_made(
    make_run: MakeRun, audited: Audited, digests: tuple[str, str], context: str, differ: object
) -> None:
    sides = [
        Party.of(
            name,
            [make_run(name, lineage=[Lineage("dataset", "c4", digest, "dataset input", context)])],
        )
        for name, digest in zip(("wide/seed0", "deep/seed0"), digests, strict=True)
    ]

    assert ("dataset" in audited(sides)) is differ
