"""How the settings of each topic are named."""

import re
from typing import Literal

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

_WRITTEN: dict[Topic, str] = {
    "seed": r"(.*_)?(seed|seeds|random_state)",
    "code": r"""(?!data|corpus)(.*_)?(
        git|commit|commit_(hash|id|sha)|sha|git_(hash|rev|revision|sha|dirty|branch|diff)
        |code_version|dirty|branch)""",
    "precision": r"""(.*_)?(
        precision|dtype|fp16|bf16|fp8|tf32|amp|autocast|float16|bfloat16|half|opt_level
        |half_precision_backend|(bf16|fp16)_full_eval)""",
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
        |period|gradients|video|first|nan|media|wandb|tensorboard|tb|mlflow|comet)(_.*)?
        |(always|no)_(save|log)_.*|do_(train|eval|predict|test)|(capture|record)_video
        |recovery_interval|no_prefetcher|pin_mem
        |(.*_)?(workers|workers_per_gpu|pin_memory|prefetch|prefetch_factor|(num|n)_(threads|jobs))
        |(use|with|enable)_(wandb|tensorboard|mlflow|comet|neptune)
        |(.*_)?EVALUATED_(batch_size|batch|every|interval|freq|frequency|steps|strategy)
        |EVALUATED_(check_interval|accumulation_steps|delay|on_start)|check_EVALUATED_every_n_epochs?
        |evaluation_strategy|disable_tqdm""",
    "reduction": r"(.*_)?(reduction|average|averaging)",
    "evaluation data": r"""(.*_)?EVALUATED_?(
        set|data|dataset|datasets|split|fold|path|dir|file|files|csv|folder|env|envs|task|tasks
        |subset|size|fraction|frac|ratio|percent|pct)
        (_(name|path|id|split|version|hash|digest|dir|root|config))?
        |((?!train|conda|mamba|virtual|python|pip|vec)\w+_)?(
        env|env_id|env_name|environment|environment_name|gym_id|game|task|task_name|task_id|tasks
        |workload|num_fewshot|n_shot|fold|cv_fold|fold_id)
        |split""",
    "evaluation size": r"""(n|num|max|limit)_EVALUATED_(episodes|samples|examples|batches|steps|iters)
        |EVALUATED_(episodes|samples|examples|batches|iters|limit)""",
    "data per epoch": r"""(.*_)?(steps|iters|batches|samples|examples)_per_epoch|epoch_size
        |((num|n|max|limit)_)?(train|training)_(samples|examples|size|batches|subset|fraction)
        |(num|n)_(samples|examples)|n_train|(data|dataset)_(size|fraction)""",
    "batch size": r"""(.*_)?(batch_size|batchsize|bs|batch|batch_size_per_(gpu|device))
        |(gradient|grad)_(accumulation|accum)(_steps)?|accumulate_grad_batches|accum_iter
        |update_freq|(samples|imgs|images)_per_(gpu|device)|ims_per_batch""",
    "dataset": r"""(.*_)?(data|dataset|datasets|corpus)(_(
        name|names|type|path|paths|dir|root|file|files|config|config_name|version|revision|hash|digest
        |md5|sha|sha256|checksum|commit|id|url|subset|mix|mixture|source|split))?
        |(train|training)_(file|files|path|set|csv|dir|folder|split|dataset|data)|dvc(_.*)?""",
    "where and when": r"""(
        out|output|log|logging|save|work|working|run|exp|experiment|checkpoint|ckpt|result|results|tb
        |tensorboard|wandb|job|trial|study|project|cache|tmp|temp|sweep)
        _?(dir|directory|path|name|id|root|folder|number|entity)?
        |name|id|(.*_)?uuid|date|time|timestamp|(start|end|launch|creation)_time|host|hostname|port
        |(local|node|global|process|machine)_rank|device|gpu|gpu_ids?|gpu_device|device_ids|cuda_visible_devices
        |notes|comment|description|tags?|group|entity|user|username|email|cwd|pid|argv|cmd|command
        |path|dir|root|master_(addr|port)|workdir|(started|created|finished|updated|heartbeat)_at
        |args|executable|docker|code_path|cpu(_.*)?|slurm_.*|overwrite_output_dir|exist_ok
        |(conda|mamba|virtual|python|pip)_?env|dist_(url|backend)|(ddp|nccl)_timeout""",
    "schedule": r"""(.*_)?(
        t_max|tmax|eta_min|lr_min|min_lr|final_lr|end_lr|lr_end|lr_final|lrf|lr_policy
        |(cos|cosine)_lr|lr_(steps?|step_size|gamma|power|cycle_.*|noise.*|cooldown.*))""",
}
EVALUATED = "(eval|evaluation|test|val|valid|validation)"
PATTERNS: dict[Topic, re.Pattern[str]] = {
    topic: re.compile(written.replace("EVALUATED", EVALUATED), re.VERBOSE)
    for topic, written in _WRITTEN.items()
}
"""The whole name of a setting of each topic; the first that fits decides."""
