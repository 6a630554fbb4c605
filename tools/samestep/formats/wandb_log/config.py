"""The config of a run as it stands after every update."""

from collections.abc import Iterable
from typing import Final, cast

from samestep.formats.wandb_log.items import KeyPath, NotParsed, item
from samestep.formats.wire import LENGTH, fields, key

INTERNAL: Final = "_wandb"
"""The key under which W&B keeps notes of its own."""

_UPDATE: Final = key(1, LENGTH)
_REMOVE: Final = key(2, LENGTH)

Change = tuple[KeyPath, object]
"""A path and what it is set to; `Removed` takes it away."""


class Removed:
    """What a path is set to when it is taken away."""


def changes(message: bytes) -> tuple[Change, ...]:
    """Return what one config record changes, in the order W&B applies it.

    Raises:
        Malformed: The bytes are no config record.
    """
    parts = fields(message)
    updates = [item(chunk) for tag, chunk, _ in parts if tag == _UPDATE]
    removed = [(item(chunk)[0], Removed()) for tag, chunk, _ in parts if tag == _REMOVE]
    return (*updates, *removed)


def settled(changes: Iterable[Change]) -> dict[str, object]:
    """Return the settings after all changes, nested as they were written."""
    config: dict[str, object] = {}
    for path, value in changes:
        if path[0] != INTERNAL and not isinstance(value, NotParsed):
            _set(config, path, value)
    return config


def _set(config: dict[str, object], path: KeyPath, value: object) -> None:
    inside = config
    for name in path[:-1]:
        found = inside.get(name)
        # A copy: the change that set it keeps what it set.
        deeper = dict(cast("dict[str, object]", found)) if isinstance(found, dict) else {}
        inside[name] = deeper
        inside = deeper
    if isinstance(value, Removed):
        inside.pop(path[-1], None)
    else:
        inside[path[-1]] = value
