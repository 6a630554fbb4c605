"""Config files in JSON or YAML as plain, bounded settings."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import yaml

from samestep.errors import NotReadable

LARGEST_FILE = 2_000_000  # bytes
DEEPEST = 20
MOST_VALUES = 20_000
LARGEST_INTEGER_BITS = 1_024  # as many as a float can hold
MOST_NAMED = 3  # tags named in one sentence


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The settings of one file, nested as they were written."""

    settings: dict[str, object]
    losses: tuple[str, ...] = ()
    """One sentence for everything that could not be kept."""


def read_config(path: Path) -> ConfigFile:
    """Read a JSON or YAML file that holds a mapping.

    Raises:
        NotReadable: The file is too large, broken, or holds no mapping.
    """
    document, losses = read_document(path)
    if not isinstance(document, Mapping):
        raise _not_readable(path, f"it holds {_kind(document)}, not settings with names")
    settings, left_out = plain(cast("Mapping[object, object]", document))
    return ConfigFile(settings, (*losses, *left_out))


def read_document(path: Path, largest: int = LARGEST_FILE) -> tuple[object, tuple[str, ...]]:
    """Read whatever one JSON or YAML file holds, and a sentence for what was passed over.

    Raises:
        NotReadable: The file is larger than `largest` bytes, or broken.
    """
    written = _bytes(path, largest)
    try:
        if path.suffix.lower() == ".json":
            return cast("object", json.loads(written)), ()
        return _yaml(written)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "YAML"
        raise _not_readable(path, f"it is not whole {kind} ({_first_line(error)})") from error
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        # What PyYAML raises for a scalar that does not fit its explicit tag, as in `!!int x`.
        raise _not_readable(path, "a value does not fit its YAML tag") from error


def plain(document: Mapping[object, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return a mapping as JSON-like values with text keys, and a sentence for each kind cut."""
    values = _Plain()
    return values.mapping(document, 1), values.losses()


def whole_text(text: str) -> str:
    """Return text that can be encoded; JSON may write half of a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(slots=True)
class _Plain:
    """Turns parsed values into plain ones, counting what is cut."""

    kept: int = 0
    cut: dict[str, int] = field(default_factory=dict[str, int])

    def mapping(self, value: Mapping[object, object], depth: int) -> dict[str, object]:
        """Return a mapping with text keys."""
        return {
            whole_text(str(key)): self.value(item, depth + 1)
            for key, item in value.items()
            if self._has_room(item, depth)
        }

    def value(self, value: object, depth: int) -> object:
        """Return one value as JSON knows it."""
        self.kept += 1
        if isinstance(value, Mapping):
            return self.mapping(cast("Mapping[object, object]", value), depth)
        if isinstance(value, list | tuple | set | frozenset):
            items = cast("Iterable[object]", value)
            ordered = sorted(items, key=str) if isinstance(value, set | frozenset) else items
            return [self.value(item, depth + 1) for item in ordered if self._has_room(item, depth)]
        if isinstance(value, int) and value.bit_length() > LARGEST_INTEGER_BITS:
            return hex(value)  # Python refuses to write very long integers in decimal
        if value is None or isinstance(value, bool | int | float):
            return value
        return value.isoformat() if isinstance(value, date) else whole_text(str(value))

    def losses(self) -> tuple[str, ...]:
        """Return one sentence for each kind of value left out."""
        return tuple(f"{count} values {why} were left out" for why, count in self.cut.items())

    def _has_room(self, item: object, depth: int) -> bool:
        nested = isinstance(item, Mapping | list | tuple | set | frozenset)
        if nested and depth >= DEEPEST:
            why = f"nested deeper than {DEEPEST} levels"
        elif self.kept >= MOST_VALUES:
            why = f"beyond the first {MOST_VALUES:,}"
        else:
            return True
        self.cut[why] = self.cut.get(why, 0) + 1
        return False


class _Loader(yaml.SafeLoader):
    """A safe loader that passes over tags it does not know and builds no foreign object."""

    def __init__(self, stream: bytes) -> None:
        super().__init__(stream)
        self.unknown_tags: set[str] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge `<<` keys, once each: merges of merges would grow without end."""
        super().flatten_mapping(node)
        last = {(key.tag, str(key.value)): (key, value) for key, value in node.value}
        node.value = list(last.values())

    def readable_part(self, node: yaml.Node) -> object:
        """Return what is written under an unknown tag; for a bare name, the name itself."""
        self.unknown_tags.add(node.tag)
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return cast("object", self.construct_sequence(node, deep=True))
        return node.value or node.tag.rpartition(":")[2]


def _as_sequence(loader: _Loader, node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return cast("object", loader.construct_sequence(node, deep=True))
    return loader.readable_part(node)


_Loader.add_constructor(None, _Loader.readable_part)  # pyright: ignore[reportUnknownMemberType] -- types-pyyaml leaves it untyped
_Loader.add_constructor("tag:yaml.org,2002:python/tuple", _as_sequence)  # pyright: ignore[reportUnknownMemberType] -- as above
# YAML 1.1 takes 1e-4 for text because it has no dot; every learning rate is written that way.
_Loader.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType] -- as above
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def _yaml(written: bytes) -> tuple[object, tuple[str, ...]]:
    loader = _Loader(written)
    try:
        document = cast("object", loader.get_single_data())
    finally:
        loader.dispose()
    if not loader.unknown_tags:
        return document, ()
    tags = sorted(tag.rpartition(":")[2] for tag in loader.unknown_tags)
    more = f" and {len(tags) - MOST_NAMED} more" if len(tags) > MOST_NAMED else ""
    named = f"{', '.join(tags[:MOST_NAMED])}{more}"
    return document, (f"objects were not built, what stands under their tags was kept ({named})",)


def _bytes(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            written = file.read(largest + 1)
    except OSError as error:
        raise _not_readable(path, str(error.strerror or error)) from error
    if len(written) > largest:
        raise _not_readable(path, f"it is larger than {largest // 1_000_000} MB")
    return written


def _not_readable(path: Path, why: str) -> NotReadable:
    return NotReadable(str(path), why, "The other files beside it are still read.")


def _kind(document: object) -> str:
    return "nothing" if document is None else f"a {type(document).__name__}"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
