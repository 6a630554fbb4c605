"""What a setting is about, told by its key."""

import re
from functools import lru_cache
from typing import Literal

from samestep.analysis.redaction import words_of

Topic = Literal[
    "seed",
    "code",
    "precision",
    "resume",
    "environment",
    "bookkeeping",
    "reduction",
    "evaluation data",
    "evaluation size",
    "data per epoch",
    "batch size",
    "dataset",
    "where and when",
    "schedule",
    "setting",
]

ASIDE: frozenset[Topic] = frozenset(["seed", "bookkeeping", "where and when", "resume"])
"""Topics of settings in which seeds of one thing may differ: they teach the model nothing."""

LONGEST_KEY = 200  # characters; a longer key is no name of a setting we know
WRAPPERS = frozenset(
    "cfg config args parameters params hparams hyperparameters flags settings".split()
)
LOGGERS = frozenset(
    "wandb logger loggers hydra slurm mlflow comet neptune tensorboard profiler".split()
)
GENERIC = frozenset(
    "name id type path dir root version revision hash digest size split file config target".split()
)
"""Last parts of a key that say nothing without the part before them: `model.name`."""
MACHINE = frozenset("disk cpu".split())
"""Parts of a key above what is recorded of the machine: `disk.used`."""
_WRITTEN: dict[Topic, str] = {
    "seed": r"(.*_)?(seed|seeds|random_state)",
    "code": r"""(.*_)?(
        git|commit|commit_(hash|id|sha)|sha|git_(hash|rev|revision|sha|dirty|branch|diff)
        |code_version|dirty|branch)""",
    "precision": r"""(.*_)?(
        precision|dtype|fp16|bf16|fp8|tf32|amp|autocast|float16|bfloat16|half|opt_level
        |half_precision_backend)""",
    "resume": r"""(auto_)?(resume|resumed|restore)(_.*)?
        |(load|init|start|continue)_from(_.*)?
        |(load|init|initial|pretrained|finetune)_(checkpoint|ckpt|weights)(_path)?
        |warm_start|(start|initial)_(epoch|step)""",
    "environment": r"""(.*_)?(
        framework|accelerator|hardware|platform|world_size
        |(num|n)_(gpu|gpus|devices|nodes|hosts|processes|tpus)|(gpu|device|host|node)_count
        |gpu_(name|type|model)
        |(python|torch|pytorch|tensorflow|tf|jax|transformers|lightning|keras|cuda|cudnn)(_version)?)
        |gpus|nnodes|ngpus|hosts|devices|tpu_num_cores""",
    "bookkeeping": r"""(
        save|saving|print|report|checkpoint|ckpt|hub|push|wandb|tensorboard|tb|mlflow|comet|neptune
        |profile|profiler|profiling|debug|verbose|verbosity|display|progress|tqdm|plot|visuali[sz]e
        |video|track)(_.*)?
        |(log|logging)_(every|freq|frequency|interval|level|steps?|iters|file|to|on|images|strategy
        |period|gradients|video|first|nan|media)(_.*)?
        |(.*_)?(workers|pin_memory|prefetch|prefetch_factor|(num|n)_(threads|jobs))
        |(use|with|enable)_(wandb|tensorboard|mlflow|comet|neptune)
        |(.*_)?EVALUATED_(batch_size|batch|every|interval|freq|frequency|steps|strategy)
        |evaluation_strategy|disable_tqdm""",
    "reduction": r"(.*_)?(reduction|average|averaging)",
    "evaluation data": r"""(.*_)?EVALUATED_?(
        set|data|dataset|datasets|split|fold|path|dir|file|files|csv|folder|env|envs|task|tasks
        |subset|size|fraction|frac|ratio|percent|pct)
        (_(name|path|id|split|version|hash|digest|dir|root|config))?
        |((?!train)\w+_)?(env|env_id|env_name|environment|environment_name|gym_id|game
        |task|task_name|task_id|tasks|workload|num_fewshot|n_shot|fold|cv_fold|fold_id)
        |split""",
    "evaluation size": r"""(n|num|max|limit)_EVALUATED_(episodes|samples|examples|batches|steps|iters)
        |EVALUATED_(episodes|samples|examples|batches|iters)""",
    "data per epoch": r"""(.*_)?(steps|iters|batches|samples|examples)_per_epoch|epoch_size
        |((num|n|max|limit)_)?(train|training)_(samples|examples|size|batches|subset|fraction)
        |(num|n)_(samples|examples)|n_train|(data|dataset)_(size|fraction)""",
    "batch size": r"""(.*_)?(batch_size|batchsize|bs|batch|batch_size_per_(gpu|device))
        |(gradient|grad)_(accumulation|accum)(_steps)?|accumulate_grad_batches|accum_iter
        |update_freq""",
    "dataset": r"""(.*_)?(data|dataset|datasets|corpus)(_(
        name|names|path|paths|dir|root|file|files|config|config_name|version|revision|hash|digest
        |md5|sha|sha256|id|url|subset|mix|mixture|source|split))?
        |(train|training)_(file|files|path|set|csv|dir|folder|split|dataset|data)""",
    "where and when": r"""(
        output|log|logging|save|work|working|run|exp|experiment|checkpoint|ckpt|result|results|tb
        |tensorboard|wandb|job|trial|study|project|cache|tmp|temp|sweep)
        _?(dir|directory|path|name|id|root|folder|number|entity)?
        |name|id|uuid|date|time|timestamp|start_time|host|hostname|port
        |(local_|node_)?rank|device|gpu|gpu_ids?|gpu_device|device_ids|cuda_visible_devices
        |notes|comment|description|tags?|group|entity|user|username|email|cwd|pid|argv|cmd|command
        |path|dir|root|master_(addr|port)|workdir|(started|created|finished|updated|heartbeat)_at
        |args|executable|docker|code_path|cpu(_.*)?""",
    "schedule": r"""(.*_)?(
        t_max|tmax|eta_min|lr_min|min_lr|final_lr|end_lr|lr_end|lr_final|lrf|lr_policy)""",
}
EVALUATED = "(eval|evaluation|test|val|valid|validation)"
PATTERNS: dict[Topic, re.Pattern[str]] = {
    topic: re.compile(written.replace("EVALUATED", EVALUATED), re.VERBOSE)
    for topic, written in _WRITTEN.items()
}
"""The whole name of a setting of each topic; the first that fits decides."""

SCHEDULE_WORDS = frozenset(
    "schedule scheduler sched warmup anneal annealing cosine milestones".split()
)
OTHER_DECAYS = frozenset("weight ema wd moving polyak l2".split())


@lru_cache(maxsize=8192)
def topic_of(key: str) -> Topic:
    """Return what a setting is about; `setting` is any that takes part in learning."""
    if len(key) > LONGEST_KEY:
        return "setting"
    parts = [words_of(part) for part in re.split(r"[./]", key)]
    above = {word for part in parts[:-1] for word in part}
    name = name_of(key)
    found = _fitting(name)
    if not LOGGERS.isdisjoint(above) and found != "environment":
        return "bookkeeping"
    if found is not None:
        return found
    if not MACHINE.isdisjoint(above):
        return "where and when"
    return "schedule" if _is_of_schedule({word for part in parts for word in part}) else "setting"


def name_of(key: str) -> str:
    """Return a key's last part in words joined by `_`, with the one before where that is needed."""
    parts = ["_".join(words_of(part)) for part in re.split(r"[./]", key)]
    told = [part for part in parts if part and part not in WRAPPERS] or [parts[-1]]
    return "_".join(told[-2:]) if told[-1] in GENERIC else told[-1]


def _fitting(name: str) -> Topic | None:
    for topic, pattern in PATTERNS.items():
        if pattern.fullmatch(name):
            return topic
    return None


def _is_of_schedule(words: set[str]) -> bool:
    decays = "decay" in words and OTHER_DECAYS.isdisjoint(words)
    return decays or not SCHEDULE_WORDS.isdisjoint(words)
