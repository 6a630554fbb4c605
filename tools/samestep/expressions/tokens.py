"""What stands next in an expression's text: a value where one is due, else an operator."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

from samestep.errors import BadExpression
from samestep.expressions.functions import FUNCTIONS
from samestep.expressions.names import INSTEAD, WORD, KnownColumns
from samestep.expressions.tree import Constant, Name, Written

_SPACE = re.compile(r"\s*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SYMBOL = re.compile(r"\*\*|==|!=|<=|>=|<>|//|&&|\|\||[-+*/%<>(),=&|^!~]")
_QUOTED = {mark: re.compile(f"{mark}((?:[^{mark}]|{mark}{mark})*+){mark}") for mark in "'\"`"}
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Symbol:
    """An operator, bracket, comma or function; empty at the end of the text."""

    text: str
    start: int
    end: int


class Scanner:
    """Reads one expression's text from left to right."""

    def __init__(self, written: Written, known: Collection[str]) -> None:
        self._written = written
        self._text = written.text
        self._known = KnownColumns(known)

    def operand(self, position: int) -> Constant | Name | Symbol:
        """Return the constant, column, function, `(`, `-` or `not` that stands next."""
        start = _after_space(self._text, position)
        first = self._text[start : start + 1]
        if first in ("(", "-"):
            return Symbol(first, start, start + 1)
        if first in ("'", '"'):
            return self._quoted(start)
        if first == "`":
            return self._quoted_name(start)
        if WORD.match(self._text, start):
            return self._bare(start)
        raise self._unexpected(start, "a value")

    def operator(self, position: int) -> Symbol:
        """Return the operator, bracket or comma that stands next, or the end."""
        start = _after_space(self._text, position)
        if start == len(self._text):
            return Symbol("", start, start)
        symbol = _SYMBOL.match(self._text, start)
        if symbol and symbol[0] not in INSTEAD:
            return Symbol(symbol[0], start, symbol.end())
        word = WORD.match(self._text, start)
        if word and word[0] in ("and", "or"):
            return Symbol(word[0], start, word.end())
        raise self._unexpected(start, "an operator")

    def behind(self, bracket: str, position: int) -> int | None:
        """Return the position behind a bracket where it stands next; None where it does not."""
        start = _after_space(self._text, position)
        return start + 1 if self._text.startswith(bracket, start) else None

    def _quoted(self, start: int) -> Constant:
        mark = self._text[start]
        found = _QUOTED[mark].match(self._text, start)
        if not found:
            raise self._written.refusal(start, f"the {mark} that opens here is never closed.")
        return Constant(found[1].replace(mark * 2, mark), start, found.end())

    def _quoted_name(self, start: int) -> Name:
        quoted = self._quoted(start)
        name = str(quoted.value)
        if name not in self._known:
            raise self._written.refusal(start, self._known.absent(name))
        return Name(name, start, quoted.end)

    def _bare(self, start: int) -> Constant | Name | Symbol:
        """Read a word: the longer of number and column, the number where they are equal."""
        word = _word(self._text, start)
        end = start + len(word)
        column = self._known.longest(self._text, start)
        number = self._number(start)
        if number and number.end - start >= len(column):
            return number
        if len(column) > len(word):
            return Name(column, start, start + len(column))
        if word in _TRUTHS:
            return Constant(_TRUTHS[word], start, end)
        called = self.behind("(", end) is not None
        if word == "not" or (word in FUNCTIONS and called):
            return Symbol(word, start, end)
        if column:
            return Name(column, start, end)
        if word in ("and", "or"):
            raise self._unexpected(start, "a value")
        problem = self._known.unknown(self._text, start, called=called)
        raise self._written.refusal(start, problem)

    def _number(self, start: int) -> Constant | None:
        """Read a number that ends where a word ends."""
        found = _NUMBER.match(self._text, start)
        if not found or WORD.match(self._text, found.end()):
            return None
        if math.isinf(value := float(found[0])):
            raise self._written.refusal(start, "the number is too large for a 64-bit float.")
        return Constant(value, start, found.end())

    def _unexpected(self, start: int, due: str) -> BadExpression:
        if start == len(self._text):
            return self._written.refusal(start, f"it ends where {due} is due.")
        symbol = _SYMBOL.match(self._text, start)
        found = symbol[0] if symbol else _word(self._text, start) or self._text[start]
        hint = f"; {INSTEAD[found]}" if found in INSTEAD else ""
        return self._written.refusal(start, f"{due} is due here, not {found!r}{hint}.")


def _after_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _word(text: str, start: int) -> str:
    word = WORD.match(text, start)
    return word[0] if word else ""
