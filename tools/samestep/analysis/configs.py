"""A run's settings, flat and without its secrets."""

import re
from collections.abc import Iterator, Mapping
from typing import cast

REDACTED = "[redacted]"
LONGEST_TEXT = 300  # characters of a setting that are shown
SECRET_WORDS = frozenset(
    "apikey auth credential credentials passphrase passwd password secret".split()
)
SECRET_ENDINGS = ("api key", "access key", "private key", "secret key", "token")
MARKS = frozenset("bos cls eos mask pad sep unk special image audio video start end".split())
"""What stands before `token` where it is a mark in a text, not a key: `pad_token`."""
KEYS_OF_SERVICES = re.compile(r"\b(sk|hf|ghp|gho|glpat|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{16,}\b")
CREDENTIALS_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+@")
KEYS_IN_ADDRESS = re.compile(
    r"(?<=[?&])((?:\w*(?:token|key|secret|password))=)[^&\s]+", re.IGNORECASE
)

Setting = str | int | float | bool | None | list[object]


def flat(config: Mapping[str, object]) -> dict[str, Setting]:
    """Return every setting under its dotted key, secrets redacted, long texts cut and said so.

    A tracker's `{"value": ...}` wrapping is taken off; lists and nulls stay.
    """
    return {key: _shown(key, value) for key, value in _leaves(config, "")}


def is_secret(key: str) -> bool:
    """Return whether a key names a secret: `hf_token` does, `max_tokens` and `pad_token` do not."""
    words = _words(key.rsplit(".", 1)[-1])
    if not SECRET_WORDS.isdisjoint(words):
        return True
    if words[-1:] == ["token"] and len(words) > 1 and words[-2] in MARKS:
        return False
    return " ".join(words).endswith(SECRET_ENDINGS)


def without_credentials(text: str) -> str:
    """Return a text without user names, passwords and keys inside addresses and known keys."""
    text = CREDENTIALS_IN_ADDRESS.sub(f"{REDACTED}@", text)
    text = KEYS_IN_ADDRESS.sub(rf"\g<1>{REDACTED}", text)
    return KEYS_OF_SERVICES.sub(REDACTED, text)


def _leaves(config: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in config.items():
        unwrapped = _unwrapped(value)
        if isinstance(unwrapped, Mapping) and unwrapped:
            yield from _leaves(cast("Mapping[str, object]", unwrapped), f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", unwrapped


def _unwrapped(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    entries = cast("Mapping[str, object]", value)
    wrapped = "value" in entries and entries.keys() <= {"value", "desc"}
    return entries["value"] if wrapped else entries


def _shown(key: str, value: object) -> Setting:
    if is_secret(key) and value not in (None, "", True, False):
        return REDACTED
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_shown(key, item) for item in cast("list[object]", value)]
    text = without_credentials(str(value))
    rest = len(text) - LONGEST_TEXT
    return f"{text[:LONGEST_TEXT]}... and {rest} more characters" if rest > 0 else text


def _words(key: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", key)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]
