"""A store's `meta.yaml` files: one setting a line, as MLflow writes them."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from samestep.errors import NotReadable

NAME = "meta.yaml"
LARGEST_FILE = 100_000  # bytes
LAST_OF_RUN = "user_id"
"""The setting MLflow writes last of a run, sorted as they are by name."""
DEEPEST = 8
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
NODES = (yaml.ScalarEvent, yaml.AliasEvent, yaml.CollectionEndEvent)
"""The events that end a key or a value."""
INSTEAD = "The other runs are still read."


def read_meta(path: Path) -> dict[str, str]:
    """Return the settings of a file as texts, without those that are null or nested.

    Nothing is constructed, so that a name that looks like a date stays one.

    Raises:
        NotReadable: The file is broken, cut off, or may not be read.
    """
    try:
        with path.open("rb") as file:
            written = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NotReadable(str(path), str(error.strerror or error), INSTEAD) from error
    if len(written) > LARGEST_FILE:
        raise NotReadable(str(path), f"it is larger than {LARGEST_FILE // 1_000} kB", INSTEAD)
    try:
        found = dict(_settings(written))
    except (yaml.YAMLError, ValueError) as error:
        problem = (str(error).splitlines() or [type(error).__name__])[0]
        raise NotReadable(str(path), f"it is not whole YAML ({problem})", INSTEAD) from error
    if not written.endswith(b"\n") and LAST_OF_RUN not in found:
        raise NotReadable(str(path), "it is cut off" if written else "it is empty", INSTEAD)
    return found


def _settings(written: bytes) -> Iterator[tuple[str, str]]:
    """Yield the scalars right below the top, from the parser's events."""
    depth = 0
    key: str | None = None
    for event in yaml.parse(written, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST or (depth == 1 and not isinstance(event, yaml.MappingStartEvent)):
                raise ValueError("it holds no settings, or nests them too deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth != 1 or not isinstance(event, NODES):
            continue
        value = _text(event)
        if key is None:
            key = value or ""
        else:
            if value is not None:
                yield key, value
            key = None


def _text(event: yaml.Event) -> str | None:
    """Return what a node says; None for null, and for one that is nested."""
    if not isinstance(event, yaml.ScalarEvent):
        return None
    is_plain, _ = event.implicit
    return None if is_plain and event.value in NULLS else event.value
