"""The config that a run's own event files hold: hyperparameters and JSON texts."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from samestep.formats.config_files import plain
from samestep.formats.summary_metadata import Setting
from samestep.readers.tensorboard.logs import Log

_TRAINING_ARGUMENTS = "args"
_MODEL_CONFIG = "model_config"
_LARGEST_WHOLE = 2.0**53
_MOST_NAMED = 3


def logged_config(logs: Sequence[Log]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return a run's hyperparameters and Hugging Face's texts over them, and a sentence per loss.

    `TrainingArguments` is the text `args`; the model's own config stays under `model_config`.
    """
    hparams, losses = _hyperparameters(logs)
    texts = {tag: text for log in logs for tag, text in log.texts.items()}
    arguments, said = _json(_TRAINING_ARGUMENTS, texts)
    model, also_said = _json(_MODEL_CONFIG, texts)
    nested = {_MODEL_CONFIG: model} if model else {}
    return {**hparams, **nested, **arguments}, (*losses, *said, *also_said)


def holds_training_arguments(logs: Sequence[Log]) -> bool:
    """Return whether Hugging Face's Trainer wrote its arguments into these logs."""
    texts = {tag: text for log in logs for tag, text in log.texts.items()}
    return "num_train_epochs" in _json(_TRAINING_ARGUMENTS, texts)[0]


def _hyperparameters(logs: Sequence[Log]) -> tuple[dict[str, object], tuple[str, ...]]:
    merged: dict[str, object] = {}
    changed: set[str] = set()
    for log in logs:
        settings = {name: _whole(value) for name, value in log.hparams.items()}
        both = merged.keys() & settings.keys()
        changed |= {name for name in both if repr(merged[name]) != repr(settings[name])}
        merged.update(settings)
    if not changed:
        return merged, ()
    more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
    named = f"{', '.join(sorted(changed)[:_MOST_NAMED])}{more}"
    return merged, (f"Hyperparameters logged twice differ in {named}; the last are used.",)


def _whole(value: Setting) -> object:
    """Return a whole number as an integer: the plugin stores every number as a double."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return int(value)
    return value


def _json(tag: str, texts: Mapping[str, str]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the settings in a JSON text, and what kept them from being used."""
    if tag not in texts:
        return {}, ()
    try:
        document = cast("object", json.loads(texts[tag]))
    except (ValueError, RecursionError):
        return {}, (f"The text {tag!r} is not JSON and was not used as config.",)
    if not isinstance(document, Mapping):
        return {}, (f"The text {tag!r} holds no settings with names and was not used as config.",)
    settings, left_out = plain(cast("Mapping[object, object]", document))
    return settings, tuple(f"The text {tag!r}: {loss}." for loss in left_out)
