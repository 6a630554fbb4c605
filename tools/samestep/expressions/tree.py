"""An expression as a tree whose nodes know where they were written."""

from dataclasses import dataclass
from typing import Literal

from samestep.errors import BadExpression

Kind = Literal["number", "truth", "text"]

LONGEST_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as the caller wrote it, and the argument it was given for."""

    argument: str
    text: str

    def refusal(self, position: int, problem: str) -> BadExpression:
        """Return the refusal that points at a character, counted from 0."""
        return BadExpression(self.argument, _on_one_line(self.text), position, problem)

    def excerpt(self, start: int, end: int) -> str:
        """Return a part of the text in backticks, cut where it is long."""
        part = _on_one_line(self.text[start:end])
        return f"`{part}`" if len(part) <= LONGEST_EXCERPT else f"`{part[:LONGEST_EXCERPT]}…`"


def _on_one_line(text: str) -> str:
    """Return equally long text in which a caret can point at every character."""
    return "".join(char if char.isprintable() else " " for char in text)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a string, `true` or `false`."""

    value: float | str | bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A known column."""

    column: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `not` before its operand."""

    operator: Literal["-", "not"]
    operand: "Node"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands with operators of one precedence between them, so that long sums stay flat."""

    operands: tuple["Node", ...]
    operators: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple["Node", ...]
    start: int
    end: int


Node = Constant | Name | Unary | Chain | Call


def below(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node."""
    match node:
        case Unary():
            return (node.operand,)
        case Chain():
            return node.operands
        case Call():
            return node.arguments
        case _:
            return ()
