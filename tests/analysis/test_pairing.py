import pytest

from samestep.analysis.pairing import ProposedPair, proposed_pairs


def pairs(ours: list[str], theirs: list[str]) -> list[tuple[str, str]]:
    return [(one.student, one.baseline) for one in proposed_pairs(ours, theirs)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("val_loss", "eval/loss"),
        ("validation/accuracy", "val_acc"),
        ("test_acc", "test/accuracy"),
        ("valid/ppl", "eval_perplexity"),
        ("val/top1", "eval.top-1"),
        ("val_loss_epoch", "eval/loss"),
        ("Rewards/mean_episodes", "mean_episode_rewards"),
    ],
)
def test_names_that_say_one_thing_in_other_words_are_proposed(one: str, other: str) -> None:
    assert pairs([one], [other]) == [(one, other)]
    assert pairs([other], [one]) == [(other, one)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("val_loss", "train/loss"),
        ("val_loss", "test/loss"),
        ("val_accuracy", "val_error"),
        ("val/loss/cats", "val/loss/dogs"),
        ("val/top1", "val/top5"),
        ("lr", "learning_rate"),
        ("throughput", "samples_per_second"),
        ("val_neg_mse", "val_mse"),
        ("val/something", "eval/something"),
    ],
)
def test_names_that_do_not_are_not(one: str, other: str) -> None:
    assert pairs([one], [other]) == []


def test_a_name_both_sides_log_needs_no_pair() -> None:
    assert pairs(["val_loss", "eval/loss"], ["eval/loss"]) == []
    assert pairs(["val_loss"], ["val_loss", "eval/loss"]) == []


def test_two_names_of_one_side_that_say_the_same_are_left_to_the_reader() -> None:
    assert pairs(["val_loss", "valid/loss", "val_acc"], ["eval/loss", "eval/accuracy"]) == [
        ("val_acc", "eval/accuracy")
    ]


def test_the_reason_is_what_both_names_say() -> None:
    assert proposed_pairs(["val_loss"], ["eval/loss"]) == [
        ProposedPair("val_loss", "eval/loss", "loss val")
    ]
