"""What a metric's name alone tells: its direction, and what it was measured on."""

import re
from collections.abc import Iterator
from itertools import pairwise

from samestep.model import Direction

HIGHER = frozenset(
    "acc accs accuracies accuracy ap ap50 ap75 ari assa auc auprc auroc bertscore bleu bleurt chrf "
    "cider clipscore comet correct correlation deta dice elo em exactmatch explained f1 fscore gdt hit "
    "hota idf1 iou jaccard kappa kendall knn lddt likelihood map map50 match mcc meteor miou mos mota "
    "motp mrr ndcg nmi pass pck pearson pesq precision psnr r2 recall return rew reward rouge rouge1 "
    "rouge2 rougel rougelsum sdr sensitivity sisdr snr solved spearman specificity ssim stoi success "
    "win winrate".split()
)
LOWER = frozenset(
    "bit bpb bpc bpd brier cer cost crps der divergence ece eer epe err error fad fid fpr fvd hausdorff "
    "kid lpips mae mape mase mpjpe mse msle nmse nrmse regret rmsd rmse rmsle smape ter wape wer".split()
)
LOSSES = frozenset("bce ce crossentropy ctc logloss loss losses nll perplexity ppl xent".split())
"""Lower is better too, but they are what is trained on, seldom what a project is after."""
REWARDS = frozenset("rew reward rewards return returns".split())
GENERAL = frozenset("score top1 top2 top3 top5 top10".split())
"""Higher is better unless another word of the name tells: `top1_error`, `brier_score`."""
EVALUATED = frozenset("val valid validation dev eval evaluation test heldout holdout".split())
GOALS = frozenset("test downstream benchmark eval evaluation heldout holdout".split())
COURSE = frozenset(
    "count decay duration elapsed example flops flos fps gpu grad gradient len length lr "
    "learningrate mem memory mfu momentum num parameter rejected runtime sample scale sec second size "
    "speed std stddev stderr temperature throughput time timestamp timestep token weight".split()
)
"""Words for how a run goes rather than how good it is; the last telling word of a name counts."""
SYSTEM = ("system/", "system.", "monitoring/")
"""How the names of what MLflow, W&B and Neptune log of the machine begin."""
WEAK_COURSE = frozenset("epoch iter iteration norm rate step".split())
"""Words of the same kind that count only where no other tells: `loss_epoch`, `acc_norm`."""
QUALITY = HIGHER | LOWER | LOSSES
_TELLING = QUALITY | COURSE
_KNOWN = _TELLING | GENERAL | EVALUATED | GOALS | WEAK_COURSE
COUNTED = re.compile(r"\d+k?$")
"""What a name says of how many were counted: `fid50k`, `top5`, `hausdorff95`."""
_NEGATIONS = frozenset(["neg", "negative"])
_NEGATED = frozenset("brier log mae mean median mse rmse root".split())


def words(name: str) -> list[str]:
    """Split a metric's name into lower-case words: `val/top1_acc` is val, top1, acc.

    Known words are put together and freed of numbers and plural endings, so that `mAP50(B)`,
    `top-1`, `Rewards` and `acc5` are told by map50, top1, reward and acc.
    """
    pieces = [word for piece in re.split(r"[^A-Za-z0-9]+", name) for word in _spelled(piece)]
    return list(_put_together(pieces))


def direction_by_name(name: str) -> Direction | None:
    """Return which way is better by the last telling word of the name; None when none tells.

    `top1_error` and `accuracy_loss` are lower-is-better, `epoch_accuracy` higher, `eval_time` none.
    """
    word = telling_word(name)
    if word in LOWER | LOSSES:
        return "higher" if _is_negated(name) else "lower"
    if word in HIGHER:
        return "lower" if _is_negated(name) else "higher"
    return "higher" if word in GENERAL else None


def is_reward(name: str) -> bool:
    """Return whether the name says the metric is what an agent earns: noisier than a score."""
    return not REWARDS.isdisjoint(words(name))


def is_evaluation(name: str) -> bool:
    """Return whether the name says the metric was measured on data not trained on."""
    return not EVALUATED.isdisjoint(words(name))


def is_bookkeeping(name: str) -> bool:
    """Return whether the name says the metric describes the run's course, not its quality."""
    if name.startswith(SYSTEM):
        return True
    word = telling_word(name)
    return word in COURSE or (word is None and not WEAK_COURSE.isdisjoint(words(name)))


def is_likely_goal(name: str) -> bool:
    """Return whether the name looks like what a project would call its downstream metric."""
    is_judged = direction_by_name(name) is not None and telling_word(name) not in LOSSES
    return is_judged and not GOALS.isdisjoint(words(name))


def telling_word(name: str) -> str | None:
    """Return the word that tells most: the last one of quality or course, else a general one."""
    backwards = words(name)[::-1]
    telling = [word for word in backwards if word in _TELLING]
    general = [word for word in backwards if word in GENERAL]
    return next(iter([*telling, *general]), None)


def _spelled(piece: str) -> Iterator[str]:
    """Yield the words of a run of letters and digits, split by case where it is none itself."""
    whole = _plain(piece.lower())
    if whole in _KNOWN:
        yield whole
        return
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", piece)
    yield from (_plain(word) for word in spaced.lower().split())


def _plain(word: str) -> str:
    """Return the known word that this one is with a number or a plural ending, else itself."""
    bare = COUNTED.sub("", word)
    forms = (word, word.removesuffix("s"), bare, bare.removesuffix("s"))
    return next((form for form in forms if form in _KNOWN), word)


def _put_together(pieces: list[str]) -> Iterator[str]:
    """Yield the words, two neighbours as one where they are one known word: `top`, `1`."""
    at = 0
    while at < len(pieces):
        both = "".join(pieces[at : at + 2])
        together = len(pieces) > at + 1 and both in _KNOWN
        yield both if together else pieces[at]
        at += 2 if together else 1


def _is_negated(name: str) -> bool:
    """Return whether the metric is the negative of what it names, as `neg_mean_squared_error`."""
    pairs = pairwise(words(name))
    return any(one in _NEGATIONS and other in _NEGATED for one, other in pairs)
