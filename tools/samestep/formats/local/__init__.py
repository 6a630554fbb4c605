"""Log files of a run on disk: one module per format, and the table of them."""

from samestep.formats.local import (
    csv_table,
    dvclive,
    fairseq,
    hf_trainer,
    json_lines,
    json_results,
    keras,
    lightning,
    lm_eval,
    mae,
    mlperf,
    mmcv,
    mmengine,
    nanogpt,
    ray_tune,
    sacred,
    sb3_evaluations,
    sb3_monitor,
    timm,
    torchtune,
    trackio,
    ultralytics,
)
from samestep.formats.local.log import LocalFormat, Log, may_hold_several, not_said

__all__ = ["FORMATS", "LocalFormat", "Log", "format_of"]

FORMATS = (
    LocalFormat("HF Trainer", hf_trainer.looks_like, hf_trainer.read, not_said),
    LocalFormat("Ultralytics", ultralytics.looks_like, ultralytics.read, csv_table.columns),
    LocalFormat("Lightning", lightning.looks_like, lightning.read, csv_table.columns),
    LocalFormat("timm", timm.looks_like, timm.read, csv_table.columns),
    LocalFormat("Keras", keras.looks_like, keras.read, csv_table.columns),
    LocalFormat("DeiT and MAE", mae.looks_like, mae.read, json_lines.columns),
    LocalFormat("Ray results", ray_tune.looks_like_results, ray_tune.read_results, not_said),
    LocalFormat("Ray table", ray_tune.looks_like_table, ray_tune.read_table, not_said),
    LocalFormat("SB3 evaluations", sb3_evaluations.looks_like, sb3_evaluations.read, not_said),
    LocalFormat("SB3 monitor", sb3_monitor.looks_like, sb3_monitor.read, not_said),
    LocalFormat("MMEngine", mmengine.looks_like, mmengine.read, not_said),
    LocalFormat("MMCV", mmcv.looks_like, mmcv.read, not_said),
    LocalFormat("DVCLive", dvclive.looks_like, dvclive.read, not_said),
    LocalFormat("torchtune", torchtune.looks_like, torchtune.read, not_said),
    LocalFormat("nanoGPT", nanogpt.looks_like, nanogpt.read, not_said, may_hold_several),
    LocalFormat("fairseq", fairseq.looks_like, fairseq.read, not_said),
    LocalFormat("MLPerf", mlperf.looks_like, mlperf.read, not_said),
    LocalFormat("Sacred metrics", sacred.looks_like_metrics, sacred.read_metrics, not_said),
    LocalFormat("Sacred run", sacred.looks_like_run, sacred.read_run, sacred.no_columns),
    LocalFormat("trackio", trackio.looks_like, trackio.read, not_said, may_hold_several),
    LocalFormat("lm-evaluation-harness", lm_eval.looks_like, lm_eval.read, not_said),
    LocalFormat("JSON results", json_results.looks_like, json_results.read, not_said),
    LocalFormat("JSON rows", json_results.looks_like_rows, json_results.read, not_said),
    LocalFormat(
        "JSON lines",
        json_lines.looks_like,
        json_lines.read,
        json_lines.columns,
        json_lines.may_hold_several,
    ),
    LocalFormat(
        "table",
        csv_table.looks_like,
        csv_table.read,
        csv_table.columns,
        csv_table.may_hold_several,
    ),
)
"""Every format, the most specific first: the first that fits a file reads it."""


def format_of(name: str, head: bytes) -> LocalFormat | None:
    """Return the format of a file with this name that starts with these bytes."""
    return next((known for known in FORMATS if known.looks_like(name, head)), None)
