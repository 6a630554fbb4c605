"""Patterns over the words of a claim."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Pattern:
    """A regular expression that is compiled when it is first used.

    There are some 250, and most texts meet few of them: compiled all at import they would be a
    third of what a start of `samestep check` costs.
    """

    __slots__ = ("_compiled", "_flags", "_written")

    def __init__(self, written: str, flags: int = 0) -> None:
        self._written, self._flags = written, flags
        self._compiled: re.Pattern[str] | None = None

    def _ready(self) -> "re.Pattern[str]":
        if self._compiled is None:
            self._compiled = re.compile(self._written, self._flags)
        return self._compiled

    def search(self, text: str, begin: int = 0) -> "re.Match[str] | None":
        """Return the first place where it fits."""
        return (self._compiled or self._ready()).search(text, begin)

    def match(self, text: str, begin: int = 0) -> "re.Match[str] | None":
        """Return whether it fits at a position."""
        return (self._compiled or self._ready()).match(text, begin)

    def fullmatch(self, text: str) -> "re.Match[str] | None":
        """Return whether it fits a whole text."""
        return (self._compiled or self._ready()).fullmatch(text)

    def finditer(self, text: str, begin: int = 0) -> "Iterator[re.Match[str]]":
        """Yield every place where it fits."""
        return (self._compiled or self._ready()).finditer(text, begin)

    def findall(self, text: str) -> list[str]:
        """Return every text that fits, or its only group."""
        return (self._compiled or self._ready()).findall(text)

    def split(self, text: str) -> list[str]:
        """Return what stands between the places where it fits."""
        return [part or "" for part in (self._compiled or self._ready()).split(text)]

    def sub(self, sign: "str | Callable[[re.Match[str]], str]", text: str) -> str:
        """Return a text with every place where it fits replaced."""
        return (self._compiled or self._ready()).sub(sign, text)


def words(written: str, flags: int = 0) -> Pattern:
    """Return a pattern; over words in small letters, it compiles and matches faster without flags."""
    return Pattern(written, flags)
