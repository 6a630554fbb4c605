"""Values of settings as JSON knows them, without secrets and without running anything of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from numbers import Integral, Real
from pathlib import PurePath
from re import compile as compiled
from typing import cast

from samestep.analysis.redaction import REDACTED, without_credentials
from samestep.analysis.secret_keys import is_kept_secret, is_secret

DEEPEST = 64  # levels of nesting; what lies below is told as nested deeper
TOO_DEEP = f"[nested deeper than {DEEPEST} levels]"
LONGEST_JSON = 20_000  # characters of a text that is looked into as JSON
OBJECT = compiled(r"<[^<>]*(?: object| function|function |class |module |method )[^<>]*>")

Setting = str | int | float | bool | None | list[object] | dict[str, object]


def safe(key: str, value: object, depth: int = 0) -> Setting:
    """Return a value as JSON knows it, without secrets; of an object only its kind is told.

    Args:
        key: The dotted key of its setting.
        value: What the config holds there.
        depth: How many lists and tables it lies inside.
    """
    if is_kept_secret(key, value):
        return REDACTED
    if isinstance(value, str):
        return without_credentials(_inside_json(key, value))
    if not isinstance(value, Mapping | set | frozenset | list | tuple):
        return _plain(value)
    if depth >= DEEPEST:
        return TOO_DEEP
    if isinstance(value, Mapping):
        entries = without_named(cast("Mapping[object, object]", value))
        return {str(name): safe(str(name), item, depth + 1) for name, item in entries.items()}
    items = cast("Iterable[object]", value)
    ordered = sorted(items, key=repr) if isinstance(value, set | frozenset) else list(items)
    return _safe_list(key, ordered, depth + 1)


def without_named(entries: Mapping[object, object]) -> Mapping[object, object]:
    """Return a table without the secret it names: `{"name": "api_key", "value": "x"}`."""
    name = entries.get("name", entries.get("key"))
    if "value" in entries and isinstance(name, str) and is_kept_secret(name, entries["value"]):
        return {**entries, "value": REDACTED}
    return entries


def holds_object(value: object, depth: int = 0) -> bool:
    """Return whether a value is an object of a program, or holds one."""
    if isinstance(value, str):
        return OBJECT.fullmatch(value.strip()) is not None
    if isinstance(value, list | tuple | set | frozenset | Mapping):
        inside = cast("Iterable[object]", value.values() if isinstance(value, Mapping) else value)
        return depth < DEEPEST and any(holds_object(item, depth + 1) for item in inside)
    return value is not None and not isinstance(value, Real | bool) and _text(value) is None


def _inside_json(key: str, text: str) -> str:
    """Return a text that is JSON without the secrets in it, any other as it is."""
    if text[:1] not in {"{", "["} or len(text) > LONGEST_JSON:
        return text
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    told = safe(key, found)
    return text if told == found else json.dumps(told)


def _safe_list(key: str, items: Sequence[object], depth: int) -> list[object]:
    """Return a list; what stands behind an argument such as `--api-key` is a secret."""
    before = ["", *items]
    return [
        REDACTED if _asks_for_secret(flag) and isinstance(item, str) else safe(key, item, depth)
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
            return f"<{type(value).__name__} object>" if text is None else text


def _text(value: object) -> str | None:
    """Return what is text by nature as one; None for an object."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return without_credentials(str(value))
    return value.name if isinstance(value, Enum) else None
