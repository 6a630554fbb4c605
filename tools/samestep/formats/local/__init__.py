"""Log files of a run on disk: one module per format, and the table of them."""

from samestep.formats.local import (
    csv_table,
    hf_trainer,
    json_lines,
    json_results,
    lightning,
    ultralytics,
)
from samestep.formats.local.log import LocalFormat, Log, not_said

__all__ = ["FORMATS", "LocalFormat", "Log", "format_of"]

FORMATS = (
    LocalFormat("HF Trainer", hf_trainer.looks_like, hf_trainer.read, not_said),
    LocalFormat("Ultralytics", ultralytics.looks_like, ultralytics.read, csv_table.columns),
    LocalFormat("Lightning", lightning.looks_like, lightning.read, csv_table.columns),
    LocalFormat("JSON results", json_results.looks_like, json_results.read, not_said),
    LocalFormat("JSON lines", json_lines.looks_like, json_lines.read, json_lines.columns),
    LocalFormat("table", csv_table.looks_like, csv_table.read, csv_table.columns),
)
"""Every format, the most specific first: the first that fits a file reads it."""


def format_of(name: str, head: bytes) -> LocalFormat | None:
    """Return the format of a file with this name that starts with these bytes."""
    return next((known for known in FORMATS if known.looks_like(name, head)), None)
