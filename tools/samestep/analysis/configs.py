"""A run's settings: flat, typed and without their secrets."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from numbers import Integral, Real
from pathlib import PurePath
from typing import cast

from samestep.analysis.redaction import REDACTED, holds_secrets, is_secret, without_credentials

LONGEST_TEXT = 300  # characters of a setting that are shown
DEEPEST = 64  # levels of nesting; what lies below is told as nested deeper
LONGEST_LIST = 10_000  # characters of a list written as text that is read as one
OBJECT = re.compile(r"<[^<>]*(?: object| function|function |class |module |method )[^<>]*>")
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
NUMBER = re.compile(
    r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?(inf|infinity)|nan", re.IGNORECASE
)
WORDS: dict[str, bool | None] = {"true": True, "false": False, "none": None, "null": None}

Setting = str | int | float | bool | None | list[object] | dict[str, object]


def flat(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return every setting under its dotted key, secrets redacted, long texts cut and said so.

    A tracker's `{"value": ...}` wrapping is taken off; lists and nulls stay.
    """
    return {key: _cut(value) for key, value in whole(config).items()}


def whole(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return the same with texts in full, to compare by."""
    return {key: _safe(key, value) for key, value in _leaves(config, "")}


def typed(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return the same with texts as what they spell: "0.1" is a number, "None" is null.

    MLflow keeps every parameter as text, and YAML takes 1e-3 for one.
    """
    return {key: _spelled(value) for key, value in whole(config).items()}


def objects_in(config: Mapping[str, object]) -> list[str]:
    """Return the keys whose values are objects of a program, of which only the kind is kept."""
    return [key for key, value in _leaves(config, "") if _holds_object(value)]


def same(one: Setting, other: Setting) -> bool:
    """Return whether two typed settings are equal; NaN equals NaN, true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def is_unset(value: Setting) -> bool:
    """Return whether a value says that the setting is not used, as leaving it out does."""
    return value is None or value is False or value in ("", [], {})


def _leaves(
    config: Mapping[str, object], prefix: str, *, secret: bool = False
) -> Iterator[tuple[str, object]]:
    for key, value in config.items():
        unwrapped = _unwrapped(value)
        if prefix.count(".") > DEEPEST:
            yield f"{prefix}{key}", f"[nested deeper than {DEEPEST} levels]"
        elif isinstance(unwrapped, Mapping) and unwrapped:
            inside = secret or holds_secrets(key)
            nested = cast("Mapping[str, object]", unwrapped)
            yield from _leaves(nested, f"{prefix}{key}.", secret=inside)
        else:
            hidden = secret and isinstance(unwrapped, str) and unwrapped
            yield f"{prefix}{key}", REDACTED if hidden else unwrapped


def _unwrapped(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    entries = cast("Mapping[str, object]", value)
    wrapped = "value" in entries and entries.keys() <= {"value", "desc"}
    return entries["value"] if wrapped else entries


def _safe(key: str, value: object) -> Setting:
    """Return a value as JSON knows it, without secrets."""
    if is_secret(key) and value not in (None, "", True, False):
        return REDACTED
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {str(name): _safe(str(name), item) for name, item in entries.items()}
    if isinstance(value, set | frozenset):
        return _safe_list(key, sorted(cast("set[object]", value), key=repr))
    if isinstance(value, list | tuple):
        return _safe_list(key, cast("Sequence[object]", value))
    return without_credentials(value) if isinstance(value, str) else _plain(value)


def _safe_list(key: str, items: Sequence[object]) -> list[object]:
    """Return a list; what stands behind an argument such as `--api-key` is one."""
    before = ["", *items]
    return [
        REDACTED if _asks_for_secret(flag) and isinstance(item, str) else _safe(key, item)
        for flag, item in zip(before, items, strict=False)
    ]


def _asks_for_secret(flag: object) -> bool:
    return isinstance(flag, str) and flag.startswith("-") and "=" not in flag and is_secret(flag)


def _plain(value: object) -> Setting:
    """Return a single value; of an object only its kind is told, and nothing of it is run."""
    match value:
        case None | bool() | int() | float():
            return value
        case Integral():  # numpy's numbers
            return int(value)
        case Real():
            return float(value)
        case _:
            text = _text(value)
            return _kind(value) if text is None else text


def _text(value: object) -> str | None:
    """Return what is text by nature as one; None for an object."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return without_credentials(str(value))
    return value.name if isinstance(value, Enum) else None


def _kind(value: object) -> str:
    return f"<{type(value).__name__} object>"


def _holds_object(value: object) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(_holds_object, cast("Iterable[object]", value)))
    if isinstance(value, str):
        return OBJECT.fullmatch(value.strip()) is not None
    if isinstance(value, Mapping):
        return any(map(_holds_object, cast("Mapping[object, object]", value).values()))
    return value is not None and not isinstance(value, Real | bool) and _text(value) is None


def _spelled(value: Setting) -> Setting:
    """Return what a text spells; an object's address in memory is no part of it."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if NUMBER.fullmatch(text):
        return _number(text)
    if text[:1] in {"[", "("} and len(text) <= LONGEST_LIST:
        return _list(text)
    return ADDRESS.sub("", value) if OBJECT.search(text) else value


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _list(text: str) -> Setting:
    """Return a list written as Python or JSON writes it; a text that is none stays one."""
    written = f"[{text[1:-1].rstrip().removesuffix(',')}]"
    for spelling in (written, written.replace("'", '"')):
        try:
            found: object = json.loads(spelling)
        except (ValueError, RecursionError):
            continue
        return cast("list[object]", found)
    return text


def _cut(value: Setting) -> Setting:
    if isinstance(value, list):
        return [_cut(cast("Setting", item)) for item in value]
    if not isinstance(value, str):
        return value
    rest = len(value) - LONGEST_TEXT
    return f"{value[:LONGEST_TEXT]}... and {rest} more characters" if rest > 0 else value
