import pytest

from samestep.analysis.naming import (
    direction_by_name,
    is_bookkeeping,
    is_evaluation,
    is_likely_goal,
    words,
)

HIGHER = """
top1 val/top1 top5 top-1 acc test_acc5 acc,none acc_norm,none epoch_accuracy val_balanced_accuracy
best_val_acc metrics/mAP50(B) metrics/mAP50-95(B) metrics/mAP_0.5 coco/bbox_mAP_50 AP75 APs
metrics/precision(B) metrics/recall(B) mIoU nDCG@10 hits@10 recall@5 pass@1 exact_match macroF1
f1-score eval/roc_auc reward Rewards/mean_episodes rollout/ep_rew_mean episodic_return
success_rate win_rate validation/bleu chrF++ rougeLsum PSNR val_ssim r2_score matthews_correlation
explained_variance log_likelihood neg_mean_squared_error score rewards/accuracies knn/top1
mot17/HOTA MOTA IDF1 wmt/comet winrate val/lddt
""".split()
LOWER = """
loss val_loss loss_epoch epoch_loss train/loss_step accuracy_loss valLoss MSELoss logloss box_loss
ctc_loss train/entropy_loss perplexity eval_perplexity word_perplexity,none bits_per_byte,none ppl
top1_error val/top1_err err_top1 word_error_rate eval/wer test/cer rmse mean_absolute_error
brier_score FID_score fid50k fvd hausdorff95 cross_entropy neg_log_likelihood cumulative_regret ece nll
""".split()
NEITHER = """
lr/pg0 lr-AdamW learning_rate grad_norm train/grad_norm weight_norm train/loss_scale num_examples
validation/num_examples total_duration eval_runtime eval_time eval_samples_per_second step_time
time/total_timesteps rollout/ep_len_mean preemption_count system/gpu.0.memory n_parameters
acc_stderr,none reward_std momentum epoch train/epoch global_step trainer/global_step step_avg
policy/entropy approx_kl objective/kl latest_value contest bench metrics/0 x
""".split()
BOOKKEEPING = frozenset(NEITHER) - frozenset(
    "policy/entropy approx_kl objective/kl latest_value contest bench metrics/0 x".split()
)
EVALUATIONS = """
val/top1 val_loss valLoss eval/wer eval_perplexity validation/bleu test_acc5 test/cer val2017_AP
validation/num_examples heldout/nll dev.accuracy
""".split()


@pytest.mark.parametrize("name", HIGHER)
def test_a_name_tells_that_higher_is_better(name: str) -> None:
    assert direction_by_name(name) == "higher"
    assert not is_bookkeeping(name)


@pytest.mark.parametrize("name", LOWER)
def test_a_name_tells_that_lower_is_better(name: str) -> None:
    assert direction_by_name(name) == "lower"
    assert not is_bookkeeping(name)


@pytest.mark.parametrize("name", NEITHER)
def test_a_name_that_tells_no_direction_is_not_guessed(name: str) -> None:
    assert direction_by_name(name) is None
    assert is_bookkeeping(name) == (name in BOOKKEEPING)


@pytest.mark.parametrize("name", EVALUATIONS)
def test_a_name_tells_that_a_metric_was_measured_on_held_out_data(name: str) -> None:
    assert is_evaluation(name)


@pytest.mark.parametrize(
    "name", ["loss", "train/acc", "knn/top1", "latest/loss", "contest", "value"]
)
def test_other_names_tell_no_evaluation(name: str) -> None:
    assert not is_evaluation(name)


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        *(("test/top1", True), ("test/wer", True), ("eval/mean_reward", True)),
        *(("benchmark/pass@1", True), ("test_loss", False), ("eval/perplexity", False)),
        *(("val/top1", False), ("knn/top1", False), ("eval_runtime", False), ("test/x", False)),
    ],
)
def test_goals_are_measured_on_test_data_and_are_no_losses(name: str, *, likely: bool) -> None:
    assert is_likely_goal(name) == likely


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("val/top1_acc", ["val", "top1", "acc"]),
        ("valTop1Acc", ["val", "top1", "acc"]),
        ("Val-Loss", ["val", "loss"]),
        ("metrics/mAP50(B)", ["metrics", "map50", "b"]),
        ("HTTPServerLoss", ["http", "server", "loss"]),
        ("", []),
        ("///", []),
        ("Größe", ["gr", "e"]),
    ],
)
def test_a_name_is_split_where_its_words_meet(name: str, found: list[str]) -> None:
    assert words(name) == found
