"""A run's settings: flat, typed and without their secrets."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import cast

from samestep.analysis.redaction import REDACTED, without_service_key
from samestep.analysis.safe_values import (
    DEEPEST,
    OBJECT,
    TOO_DEEP,
    Setting,
    holds_object,
    safe,
    without_named,
)
from samestep.analysis.secret_keys import holds_secrets

LONGEST_TEXT = 300  # characters of a setting that are shown
LONGEST_LIST = 10_000  # characters of a list written as text that is read as one
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
NUMBER = re.compile(
    r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|[-+]?(inf|infinity)|nan", re.IGNORECASE
)
HIDDEN = (str, list, tuple, set, frozenset)
"""What is redacted in a table of secrets; a port or a switch there is shown."""
WORDS: dict[str, bool | None] = {"true": True, "false": False, "none": None, "null": None}


def flat(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return every setting under its dotted key, secrets redacted, long texts cut and said so.

    A tracker's `{"value": ...}` wrapping is taken off; lists and nulls stay.
    """
    return {key: _cut(value) for key, value in whole(config).items()}


def whole(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return the same with texts in full, to compare by."""
    return {key: safe(key, value) for key, value in _leaves(config, "")}


def typed(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return the same with texts as what they spell: "0.1" is a number, "None" is null.

    MLflow keeps every parameter as text, and YAML takes 1e-3 for one.
    """
    return {key: _spelled(value) for key, value in whole(config).items()}


def objects_in(config: Mapping[str, object]) -> list[str]:
    """Return the keys whose values are objects of a program, of which only the kind is kept."""
    return [key for key, value in _leaves(config, "") if holds_object(value)]


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
    for key, value in without_named(cast("Mapping[object, object]", config)).items():
        name = without_service_key(str(key))  # YAML takes `1:` and `on:` for keys that are no text
        unwrapped = _unwrapped(value)
        if prefix.count(".") > DEEPEST:
            yield f"{prefix}{name}", TOO_DEEP
        elif isinstance(unwrapped, Mapping) and unwrapped:
            inside = secret or holds_secrets(name)
            nested = cast("Mapping[str, object]", unwrapped)
            yield from _leaves(nested, f"{prefix}{name}.", secret=inside)
        else:
            hidden = secret and isinstance(unwrapped, HIDDEN) and unwrapped != ""
            yield f"{prefix}{name}", REDACTED if hidden else unwrapped


def _unwrapped(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    entries = cast("Mapping[str, object]", value)
    wrapped = "value" in entries and entries.keys() <= {"value", "desc"}
    return entries["value"] if wrapped else entries


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
