"""What a comparison says of runs that are not the same experiment."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from samestep import MemoryRun, compare_same_epoch, forget, remember
from samestep.answers import Comparison

Config = Mapping[str, object]
Rows = Sequence[Mapping[str, float]]
Compared = Callable[..., Comparison]


def rows(epochs: int = 10, every: int = 100, **metrics: float) -> Rows:
    """Return one row an epoch; each metric is its given value times the epoch."""
    named = {name.replace("__", "/"): value for name, value in metrics.items()}
    return [
        {"epoch": e, "step": every * e, **{name: value * e for name, value in named.items()}}
        for e in range(1, epochs + 1)
    ]


@pytest.fixture
def compared() -> Iterator[Compared]:
    """A function that compares cosine/seed0 with linear/seed0 on test/top1."""

    def compare(
        ours: Config, theirs: Config, logged: tuple[Rows, Rows] | None = None, x: str = "auto"
    ) -> Comparison:
        both = logged or (rows(test__top1=2.0, val__loss=0.1), rows(test__top1=1.0, val__loss=0.2))
        runs = [
            MemoryRun("cosine/seed0", both[0], {"lr": 0.1, **ours}),
            MemoryRun("linear/seed0", both[1], {"lr": 0.1, **theirs}),
        ]
        source = remember("audit", runs)
        return compare_same_epoch(
            f"{source}#cosine/seed0",
            [f"{source}#linear/seed0"],
            downstream=["test/top1"] if "test/top1" in both[0][0] else None,
            x=x,
        )

    yield compare
    forget("audit")


def of_rule(answer: Comparison, rule: str, severity: str) -> list[str]:
    return [c.text for c in answer.caveats if (c.rule, c.severity) == (rule, severity)]


@pytest.mark.parametrize(
    ("ours", "theirs", "says"),
    [
        (
            {"lr_scheduler": "cosine"},
            {"lr_scheduler": "step"},
            (
                "The learning-rate schedules are not the same "
                "(config lr_scheduler: cosine in cosine/seed0, step in linear/seed0)."
            ),
        ),
        (
            {"max_epochs": 100},
            {"max_epochs": 200},
            (
                "The planned lengths differ, so the schedules may not be the same "
                "(config max_epochs: 100 epochs in cosine/seed0, 200 epochs in linear/seed0)."
            ),
        ),
        (
            {"max_epochs": 100},
            {"max_steps": 9000},
            (
                "The planned lengths are given in different units, so the schedules may not be the "
                "same (config max_epochs, max_steps: 100 epochs in cosine/seed0, 9000 steps in "
                "linear/seed0)."
            ),
        ),
    ],
)
def test_another_schedule_blocks_and_says_which_setting_tells(
    compared: Compared, ours: Config, theirs: Config, says: str
) -> None:
    answer = compared(ours, theirs)

    assert of_rule(answer, "one-change", "blocks") == [says]
    assert "one-change" in answer.verdict.blocked_by


@pytest.mark.parametrize(
    ("ours", "theirs", "rule", "says"),
    [
        (
            {"dataset": "c4"},
            {"dataset": "pile"},
            "one-change",
            (
                "The training data are not the same "
                "(config dataset: c4 in cosine/seed0, pile in linear/seed0)."
            ),
        ),
        (
            {"fp16": True},
            {"fp16": False},
            "one-change",
            (
                "The precision is not the same "
                "(config fp16: true in cosine/seed0, false in linear/seed0)."
            ),
        ),
        (
            {"git_commit": "1a"},
            {"git_commit": "2b"},
            "one-change",
            "The code is not the same (config git_commit: 1a in cosine/seed0, 2b in linear/seed0).",
        ),
        (
            {"num_train_samples": 50},
            {"num_train_samples": 60},
            "same-x",
            (
                "An epoch is not the same amount of data "
                "(config num_train_samples: 50 in cosine/seed0, 60 in linear/seed0)."
            ),
        ),
    ],
)
def test_another_condition_warns_with_its_values(
    compared: Compared, ours: Config, theirs: Config, rule: str, says: str
) -> None:
    assert says in of_rule(compared(ours, theirs), rule, "warns")
    assert says not in of_rule(compared(ours, ours), rule, "warns")


def test_the_batch_size_matters_on_a_step_axis_only(compared: Compared) -> None:
    sizes = {"batch_size": 32}, {"batch_size": 64}

    by_step = of_rule(compared(*sizes, x="step"), "same-x", "warns")
    assert by_step == [
        (
            "The batch sizes differ, so the same step is not the same amount of data "
            "(config batch_size: 32 in cosine/seed0, 64 in linear/seed0)."
        )
    ]
    assert not any("batch sizes" in text for text in of_rule(compared(*sizes), "same-x", "warns"))


def test_other_evaluation_data_are_not_subtracted(compared: Compared) -> None:
    logged = rows(test__top1=2.0, train__loss=0.1), rows(test__top1=1.0, train__loss=0.2)
    answer = compared({"eval_set": "val"}, {"eval_set": "test"}, logged)

    assert [row.delta for row in answer.downstream] == [None]
    assert [row.delta for row in answer.proxy] == [-1.0]
    assert answer.verdict.kind == "not_comparable"
    assert of_rule(answer, "same-definition", "blocks") == [
        (
            "test/top1: cosine/seed0 and linear/seed0 are not evaluated on the same data "
            "(config eval_set: val in cosine/seed0, test in linear/seed0)."
        )
    ]


def test_the_same_evaluation_data_are_compared(compared: Compared) -> None:
    answer = compared({"eval_set": "val"}, {"eval_set": "val"})

    assert [row.delta for row in answer.downstream] == [10.0]
    assert of_rule(answer, "same-definition", "blocks") == []


def test_a_loss_and_its_negative_are_not_subtracted(compared: Compared) -> None:
    answer = compared({}, {}, (rows(val__mse=1.0), rows(val__mse=-1.0)))

    assert [row.delta for row in answer.proxy] == [None]
    assert of_rule(answer, "same-definition", "blocks") == [
        (
            "val/mse is the negative on one side of what the other logs of cosine/seed0 and "
            "linear/seed0; they are not subtracted."
        )
    ]


def test_an_accuracy_that_falls_may_be_declared_lower(compared: Compared) -> None:
    falling = [{"epoch": e, "train/accuracy": 1.0 - 0.01 * e} for e in range(1, 31)]
    answer = compared({}, {}, (falling, falling))

    assert of_rule(answer, "same-definition", "warns") == [
        (
            "train/accuracy gets steadily worse in cosine/seed0 and linear/seed0 by what its name "
            'says: metrics=["train/accuracy:lower"] declares the other direction.'
        )
    ]


def test_other_grids_are_told_and_grids_far_apart_warn(compared: Compared) -> None:
    dense = [{"step": float(n), "val/loss": 1.0} for n in range(1, 201)]

    def every(distance: int) -> Rows:
        return [row for row in dense if row["step"] % distance == 0]

    near = compared({}, {}, (dense, every(2)), x="step")
    far = compared({}, {}, (dense, every(20)), x="step")
    same = compared({}, {}, (dense, dense), x="step")
    assert of_rule(near, "match-stated", "notes") == [
        "Logged on different grids: val/loss (every 1 in cosine/seed0, every 2 in linear/seed0)."
    ]
    assert of_rule(far, "match-stated", "warns") == [
        (
            "Logged so far apart that a value found between points says little: val/loss "
            "(every 1 in cosine/seed0, every 20 in linear/seed0)."
        )
    ]
    assert [c for c in same.caveats if c.rule == "match-stated"] == []


def test_a_metric_beside_its_other_reduction_is_told(compared: Compared) -> None:
    logged = rows(loss=2.0), [*rows(loss=2.0)[:-1], {**rows(loss=2.0)[-1], "train/loss": 11.0}]

    assert of_rule(compared({}, {}, logged), "same-definition", "notes") == [
        (
            "loss: also logged in another reduction, which is another number "
            "(20 beside train/loss 11 at epoch 10 of linear/seed0)."
        )
    ]


def test_resumed_and_forked_runs_are_told(compared: Compared) -> None:
    answer = compared({"resume": "ckpt/last.pt"}, {"init_from": "base/last.pt"})

    assert of_rule(answer, "partial-said", "warns") == [
        "Not trained in one go (config resume: ckpt/last.pt in cosine/seed0)."
    ]
    assert (
        "Not every run began from nothing, and x does not count what came before "
        "(config init_from: base/last.pt in linear/seed0)."
    ) in of_rule(answer, "same-x", "warns")


def test_a_config_with_objects_is_read_as_far_as_it_can_be(compared: Compared) -> None:
    answer = compared({"optimizer": object(), "depth": 1}, {"optimizer": object(), "depth": 2})

    assert of_rule(answer, "partial-said", "notes") == [
        (
            "Settings that hold objects are known by their kind alone: "
            "cosine/seed0 (optimizer), linear/seed0 (optimizer)."
        )
    ]
    assert of_rule(answer, "one-change", "notes") == [
        "One thing differs between cosine/seed0 and linear/seed0 (config depth)."
    ]


CLAIMS = ["better because of Adam", "wins (always", "will catch up", "has converged", "p = 0.9) ("]


@pytest.mark.parametrize("text", CLAIMS)
def test_what_a_config_says_is_no_claim_of_ours(compared: Compared, text: str) -> None:
    one, other = (
        {"eval_set": value, "dataset": value, text: value, f"data.{text}": value, "o": object()}
        for value in (text, "b")
    )

    assert compared(one, other).verdict.kind == "not_comparable"


@pytest.mark.parametrize("text", CLAIMS)
def test_the_names_of_metrics_are_no_claims_of_ours(compared: Compared, text: str) -> None:
    logged = [{"step": s, f"{text}/a": 1.0} for s in (1, 2)], [{"step": 2, f"test/{text}": 1.0}]

    assert compared({}, {}, logged).verdict.kind == "not_comparable"


def test_several_changes_are_listed_and_no_cause_is_named(compared: Compared) -> None:
    answer = compared({"depth": 12, "dropout": 0.1}, {"depth": 24, "dropout": 0.2})

    assert of_rule(answer, "one-change", "warns") == [
        "cosine/seed0 and linear/seed0 differ in 2 things (config depth, config dropout)."
    ]


def test_what_blocks_comes_first_then_what_warns(compared: Compared) -> None:
    answer = compared({"lr_scheduler": "a", "fp16": True}, {"lr_scheduler": "b", "fp16": False})

    told = [caveat.severity for caveat in answer.caveats]
    assert told == sorted(told, key=["blocks", "warns", "notes"].index)
    assert told[:2] == ["blocks", "warns"]


def test_epochs_counted_from_0_and_from_1_are_compared_at_equal_epochs_completed(
    compared: Compared,
) -> None:
    from_0 = [{"epoch": e, "step": 100 * e + 99, "val/loss": 1.0 * e} for e in range(10)]
    from_1 = [{"epoch": e, "step": 100 * e, "val/loss": 1.0 * e} for e in range(1, 11)]
    answer = compared({}, {}, (from_0, from_1))

    [row] = answer.proxy
    assert (row.student.value, row.student.x, row.baseline.value, row.baseline.x) == (9, 10, 10, 10)
    assert [entry.x_from for entry in answer.runs] == [
        "epoch, first is 0 (a column named 'epoch', which starts at 0), as epochs completed",
        "epoch, first is 1 (a column named 'epoch', which starts at 1), as epochs completed",
    ]
