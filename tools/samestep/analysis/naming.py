"""What a metric's name alone tells: its direction, and what it was measured on."""

import re

from samestep.model import Direction

HIGHER = frozenset(
    "acc accuracy ap auc auroc bleu chrf correct dice elo em exactmatch f1 fscore hits iou knn map "
    "map50 miou mrr ndcg pesq precision psnr r2 recall return returns reward rewards rouge rouge1 "
    "rouge2 rougel score sensitivity specificity spearman ssim success top1 top5 winrate".split()
)
LOWER = frozenset(
    "bpb bpc bpd brier ce cer ctc divergence ece entropy eer err error errors fid kid kl lpips loss "
    "losses mae mape mse nll perplexity ppl regret rmse smape wer xent".split()
)
EVALUATED = frozenset("val valid validation dev eval evaluation test heldout holdout".split())
GOALS = frozenset("test downstream benchmark eval evaluation heldout holdout".split())
COURSE = frozenset(
    "count duration elapsed examples fps gradient lr memory norm num rate runtime samples scale "
    "second seconds speed time timestamp timesteps tokens".split()
)
"""Words for how a run goes rather than how good it is; the last telling word of a name counts."""
WHEN = frozenset("epoch epochs global_step iter iteration iterations step steps".split())
"""Words that say when or over what a metric was taken: `loss_epoch` is still a loss."""
QUALITY = HIGHER | LOWER


def words(name: str) -> list[str]:
    """Split a metric's name into lower-case words: `val/top1_acc` is val, top1, acc."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def direction_by_name(name: str) -> Direction | None:
    """Return which way is better by the last telling word of the name; None when none tells.

    `top1_error` and `accuracy_loss` are lower-is-better, `epoch_accuracy` higher, `eval_time` none.
    """
    word = _telling_word(name)
    if word in LOWER:
        return "lower"
    return "higher" if word in HIGHER else None


def is_evaluation(name: str) -> bool:
    """Return whether the name says the metric was measured on data not trained on."""
    return not EVALUATED.isdisjoint(words(name))


def is_bookkeeping(name: str) -> bool:
    """Return whether the name says the metric describes the run's course, not its quality."""
    word = _telling_word(name)
    return word in COURSE or (word is None and not WHEN.isdisjoint(words(name)))


def is_likely_goal(name: str) -> bool:
    """Return whether the name looks like what a project would call its downstream metric."""
    parts = set(words(name))
    return not GOALS.isdisjoint(parts) and direction_by_name(name) == "higher"


def _telling_word(name: str) -> str | None:
    telling = QUALITY | COURSE
    return next((word for word in reversed(words(name)) if word in telling), None)
