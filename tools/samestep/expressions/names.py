"""The columns an expression may name, found where they stand in its text."""

import re
from collections import defaultdict
from collections.abc import Collection
from difflib import get_close_matches

from samestep.errors import MOST_NAMED
from samestep.expressions.functions import FUNCTIONS, usages

LONGEST_COMPARED = 100  # characters of an unknown name that are held against the known ones

STOPS = r"\s+\-*/%()<>=!&|,^~'\"`"
"""The characters that end a word, as the inside of a regular expression's class."""

WORD = re.compile(f"[^{STOPS}]+")
_PATH = re.compile(f"[^{STOPS}]+(?:/[^{STOPS}]+)*")

INSTEAD = {
    "=": "`==` compares",
    "<>": "`!=` says unequal",
    "&": "conditions are joined with `and`",
    "&&": "conditions are joined with `and`",
    "AND": "`and` is written in small letters",
    "|": "conditions are joined with `or`",
    "||": "conditions are joined with `or`",
    "OR": "`or` is written in small letters",
    "!": "a condition is turned round with `not`",
    "~": "a condition is turned round with `not`",
    "NOT": "`not` is written in small letters",
    "^": "a power is written `**`",
    "//": "no division here rounds; `/` divides",
    "True": "it is written `true`",
    "False": "it is written `false`",
    "None": "missing(x) finds missing values",
    "null": "missing(x) finds missing values",
    "NaN": "missing(x) finds missing values",
    "nan": "missing(x) finds missing values",
}
"""What to write instead of what other languages have."""


class KnownColumns:
    """The columns that exist, by how they are found in a text."""

    def __init__(self, known: Collection[str]) -> None:
        self._names = frozenset(known)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[:1]].add(len(name))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def longest(self, text: str, start: int) -> str:
        """Return the longest column that stands at `start` and ends with a word; "" for none."""
        for length in self._lengths.get(text[start : start + 1], ()):
            name = text[start : start + length]
            if name in self._names and not WORD.match(text, start + length):
                return name
        return ""

    def absent(self, name: str) -> str:
        """Say that there is no such column, and which there are."""
        if not self._names:
            return f"there is no column {_cut(name)!r}; there are no columns at all."
        near = self._near(name)
        rest = sorted(self._names.difference(near))
        shown = ", ".join(repr(known) for known in [*near, *rest][:MOST_NAMED])
        more = len(self._names) - MOST_NAMED
        counted = f" and {more} more" if more > 0 else ""
        return f"there is no column {_cut(name)!r}; the columns are {shown}{counted}."

    def unknown(self, text: str, start: int, *, called: bool) -> str:
        """Say what is wrong with the word at `start`, which is no column."""
        word, path = _matched(WORD, text, start), _matched(_PATH, text, start)
        if called:
            near = ", ".join(repr(known) for known in self._near(word))
            like = f" Columns like it: {near}." if near else ""
            return f"there is no function {_cut(word)!r}; the functions are {usages()}.{like}"
        if word in FUNCTIONS:
            return f"`{word}` is a function and is written {FUNCTIONS[word].usage}."
        if word in INSTEAD:
            return f"there is no column {word!r}; {INSTEAD[word]}."
        return self.absent(path)

    def _near(self, name: str) -> list[str]:
        return get_close_matches(name[:LONGEST_COMPARED], self._names, n=MOST_NAMED, cutoff=0.4)


def _matched(pattern: re.Pattern[str], text: str, start: int) -> str:
    found = pattern.match(text, start)
    return found[0] if found else ""


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_COMPARED else f"{name[:LONGEST_COMPARED]}…"
