import pytest

from samestep.analysis.comparable.topic_patterns import Topic
from samestep.analysis.comparable.topics import topic_of

KEYS: dict[Topic, str] = {
    "seed": "seed rng_seed trainer.random_state data_seed",
    "code": "git_commit git.commit code_version git_dirty",
    "precision": "precision fp16 model.torch_dtype amp bf16_full_eval",
    "resume": "resume resume_from_checkpoint init_from start_epoch",
    "environment": "framework num_nodes world_size _wandb.python_version cuda_version",
    "bookkeeping": (
        "log_every save_steps num_workers wandb_project eval_batch_size _wandb.cli "
        "always_save_checkpoint log_wandb do_eval capture_video val_dataloader.batch_size "
        "trainer.val_check_interval checkpoint_config.interval evaluation.interval "
        "data.workers_per_gpu"
    ),
    "reduction": "reduction loss.reduction average",
    "evaluation data": (
        "eval_set data.val.path val_split env_id task fold workload DATASETS.TEST "
        "data.val.ann_file val_dataloader.dataset.type"
    ),
    "evaluation size": "n_eval_episodes eval_iters max_val_batches eval.num_examples eval_limit",
    "data per epoch": "steps_per_epoch train_size num_train_samples",
    "batch size": (
        "batch_size per_device_train_batch_size accum_iter SOLVER.IMS_PER_BATCH "
        "data.samples_per_gpu"
    ),
    "dataset": (
        "dataset data.path data_dir train_file dataset.version DATASETS.TRAIN "
        "data.train.ann_file data.sha256 dvc.lock.md5 data_commit"
    ),
    "where and when": (
        "output_dir run_name name startedAt device experiment.id disk.used out_dir "
        "slurm_job_id conda_env overwrite_output_dir launch_time run.uuid local_rank"
    ),
    "schedule": (
        "lr_scheduler scheduler.name warmup_ratio T_max optim.lr_decay min_lr "
        "lr_config.policy cos_lr SOLVER.STEPS cooldown_epochs lr_step_size"
    ),
    "setting": (
        "lr model.name weight_decay gamma n_steps log_std_init policy shared_head epochs "
        "vec_env layer_decay kl_anneal cosine_similarity beta_schedule loss.cosine lora.rank rank"
    ),
}


@pytest.mark.parametrize(
    ("key", "topic"), [(key, topic) for topic, keys in KEYS.items() for key in keys.split()]
)
def test_a_key_tells_what_its_setting_is_about(key: str, topic: Topic) -> None:
    assert topic_of(key) == topic


def test_a_key_without_end_is_a_setting_read_in_no_time() -> None:
    assert topic_of("eval_" * 100_000) == "setting"
