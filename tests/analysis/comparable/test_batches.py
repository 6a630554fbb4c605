from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party
from samestep.model import Run

MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]
Sides = Callable[..., list[Party]]


@pytest.fixture
def logging(make_run: MakeRun) -> Sides:
    """A function that returns two sides with so many steps an epoch, and their configs."""

    def sides(
        one: dict[str, object], other: dict[str, object], steps: tuple[int, int] = (100, 100)
    ) -> list[Party]:
        runs = zip(("wide/seed0", "deep/seed0"), (one, other), steps, strict=True)
        return [
            Party.of(
                name,
                [
                    make_run(
                        name,
                        config,
                        [{"step": every * e, "epoch": e, "loss": 1 / e} for e in range(1, 6)],
                    )
                ],
            )
            for name, config, every in runs
        ]

    return sides


def test_other_batch_sizes_make_the_same_step_other_data(logging: Sides, audited: Audited) -> None:
    parties = logging({"batch_size": 32}, {"batch_size": 64})

    found = audited(parties, "step")["batch size"]
    assert (found.ruling.rule, found.ruling.severity) == ("same-x", "warns")
    assert found.facts[0].values == {"wide/seed0": "32", "deep/seed0": "64"}
    assert "batch size" not in audited(parties, "epoch")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"batch_size": 32}, {"batch_size": 32}),
        ({"batch_size": 32, "accum_iter": 2}, {"batch_size": 64, "accum_iter": 1}),
        ({"batch_size": 32}, {"optimizer": "sgd"}),
        ({"eval_batch_size": 1}, {"eval_batch_size": 8}),
    ],
    ids=["equal", "equal after accumulation", "unknown", "of the evaluation"],
)
def test_steps_of_the_same_data_are_no_difference(
    logging: Sides, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    assert "batch size" not in audited(logging(one, other), "step")


def test_accumulated_batches_are_told_with_the_settings_they_come_from(
    logging: Sides, audited: Audited
) -> None:
    found = audited(logging({"batch_size": 32, "accum_iter": 4}, {"batch_size": 32}), "step")

    values = found["batch size"].facts[0].values
    assert values["wide/seed0"] == "128 = batch_size x accum_iter"


def test_another_training_set_makes_the_same_epoch_other_data(
    logging: Sides, audited: Audited
) -> None:
    parties = logging({"num_train_samples": 50_000}, {"num_train_samples": 5_000})

    found = audited(parties, "epoch")["data per epoch"]
    assert (found.ruling.rule, found.ruling.severity) == ("same-x", "warns")
    assert found.facts[0].subject == "num_train_samples"
    assert "data per epoch" not in audited(parties, "step")


def test_epochs_are_measured_by_steps_times_batch_size(logging: Sides, audited: Audited) -> None:
    halved = logging({"batch_size": 32}, {"batch_size": 64}, (100, 50))
    shorter = logging({"batch_size": 32}, {"batch_size": 32}, (100, 50))
    unknown = logging({}, {}, (100, 50))

    assert "data per epoch" not in audited(halved, "epoch")
    assert list(audited(shorter, "epoch")["data per epoch"].facts[0].values.values()) == [
        "3200",
        "1600",
    ]
    assert audited(unknown, "epoch")["data per epoch"].facts[0].subject == (
        "steps in an epoch, batch size unknown"
    )


def test_equal_epochs_are_no_difference(logging: Sides, audited: Audited) -> None:
    assert "data per epoch" not in audited(logging({}, {}), "epoch")
