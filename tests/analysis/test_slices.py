import pytest

from samestep.analysis.slices import Family, families


@pytest.mark.parametrize(
    ("names", "family"),
    [
        (["test/acc/cats", "test/acc/dogs", "test/acc/owls"], "test/acc/*"),
        (["bbox/AP-person", "bbox/AP-car", "bbox/AP-dog"], "bbox/AP-*"),
        (["test_acc_cats", "test_acc_dogs", "test_acc_owls"], "test_acc_*"),
        (["arc/acc", "piqa/acc", "hellaswag/acc"], "*/acc"),
        (["eval/arc/acc", "eval/piqa/acc", "eval/hellaswag/acc"], "eval/*/acc"),
        (["val/loss/c4", "val/loss/wiki", "val/loss/books"], "val/loss/*"),
        (["hendrycksTest-law/acc", "hendrycksTest-anatomy/acc", "wsc/acc"], "*/acc"),
        (["test/wer/de", "test/wer/fr", "test/wer/it"], "test/wer/*"),
    ],
)
def test_one_score_over_segments_is_a_family(names: list[str], family: str) -> None:
    assert families(["train/loss", *names]) == [Family(family, tuple(names), None)]


@pytest.mark.parametrize(
    "names",
    [
        ["train/loss", "val/loss", "test/loss"],
        ["val/acc", "val/loss", "val/f1"],
        ["test/acc/cats", "test/acc/dogs"],
        ["loss", "loss_step", "loss_epoch"],
        ["val/top1", "val/top5", "val/top10"],
        ["test/acc/mean", "test/acc/max", "test/acc/min"],
        ["gpu/0/memory", "gpu/1/memory", "gpu/2/memory"],
        ["Loss/entropy", "Loss/pi", "Loss/v"],
        ["val/loss_cls", "val/loss_box", "val/loss_mask"],
        ["val/box_loss", "val/cls_loss", "val/dfl_loss"],
        ["lr/head", "lr/body", "lr/stem"],
        ["rouge1", "rouge2", "rougeL"],
    ],
)
def test_other_scores_splits_and_statistics_are_none(names: list[str]) -> None:
    assert families(names) == []


@pytest.mark.parametrize("average", ["test/acc", "test/acc/mean", "test/acc/overall"])
def test_the_average_that_is_logged_belongs_to_its_family(average: str) -> None:
    slices = ["test/acc/cats", "test/acc/dogs", "test/acc/owls"]

    assert families([average, *slices]) == [Family("test/acc/*", tuple(slices), average)]


def test_a_metric_belongs_to_its_largest_family_alone() -> None:
    grid = [f"test/{task}/{score}" for task in ("arc", "piqa", "mmlu") for score in ("acc", "f1")]

    found = families(grid)

    assert [family.name for family in found] == ["test/*/acc", "test/*/f1"]
    assert sum(len(family.slices) for family in found) == len(grid)
