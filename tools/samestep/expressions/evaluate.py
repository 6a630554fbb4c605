"""Expressions evaluated over whole columns at once."""

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from samestep.expressions.arithmetic import OPERATIONS, mistakes, rounded
from samestep.expressions.cells import Cells, present
from samestep.expressions.columns import Evaluated
from samestep.expressions.functions import FUNCTIONS
from samestep.expressions.kinds import LOGIC, check, digits_of, expect, kind_of
from samestep.expressions.tree import Call, Chain, Constant, Kind, Name, Node, Unary
from samestep.expressions.truths import Truths, either, every, number_truths, text_truths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samestep.expressions.columns import Bools, Column, Floats, Texts
    from samestep.expressions.expression import Expression

MOST_NOTES = 12


class Evaluation:
    """One expression over the columns it uses.

    The kinds of the columns are held against the tree first, so that evaluating cannot fail;
    a column of both kinds gives its numbers where a number is due, and its text where text is.
    """

    def __init__(self, expression: "Expression", columns: "Mapping[str, Column]") -> None:
        self._written = expression.written
        self._tree = expression.tree
        self._rows = len(next(iter(columns.values()), ()))
        self._cells = {name: Cells.of(columns[name]) for name in expression.names}
        self._kinds: dict[str, Kind | None] = {
            name: cells.kind for name, cells in self._cells.items()
        }
        self._notes: dict[str, None] = {}
        check(self._written, self._tree, self._kinds)

    def whole(self) -> "Evaluated[Floats] | Evaluated[Bools] | Evaluated[Texts]":
        """Return the expression's values, of whichever kind it is."""
        kind = kind_of(self._tree, self._kinds)
        if kind == "truth":
            return self.condition()
        return self.text() if kind == "text" else self.numbers()

    def condition(self) -> "Evaluated[Bools]":
        """Return the rows in which the condition holds."""
        with np.errstate(all="ignore"):
            truths = self._truths(self._tree)
        return Evaluated(truths.yes, int(truths.unknown.sum()), self._noted())

    def text(self) -> "Evaluated[Texts]":
        """Return the text in every row."""
        texts = self._texts(self._tree)
        return Evaluated(texts, int((~present(texts)).sum()), self._noted())

    def numbers(self) -> "Evaluated[Floats]":
        """Return the number in every row; a condition gives 1 and 0."""
        if kind_of(self._tree, self._kinds) == "text":
            expect(self._written, "number", self._tree, self._kinds, self._written.argument)
        with np.errstate(all="ignore"):
            numbers = self._numbers(self._tree)
        return Evaluated(numbers, int(np.isnan(numbers).sum()), self._noted())

    def _numbers(self, node: Node) -> "Floats":
        match node:
            case Constant():
                return np.broadcast_to(np.float64(node.value), (self._rows,))
            case Name():
                numbers = self._cells[node.column].numbers
                return np.full(self._rows, np.nan) if numbers is None else numbers
            case Unary(operator="-"):
                return -self._numbers(node.operand)
            case Chain() if node.operators[0] in OPERATIONS:
                return self._arithmetic(node)
            case Call() if FUNCTIONS[node.function].gives == "number":
                return self._called(node)
            case _:
                return self._truths(node).numbers

    def _arithmetic(self, node: Chain) -> "Floats":
        result = self._numbers(node.operands[0])
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            right = self._numbers(operand)
            result = self._computed(operator, (result, right), node.start, operand.end)
        return result

    def _called(self, node: Call) -> "Floats":
        if node.function == "round":
            return rounded(self._numbers(node.arguments[0]), digits_of(node) or 0)
        first, *others = [self._numbers(argument) for argument in node.arguments]
        if not others:
            return self._computed(node.function, (first,), node.start, node.end)
        return reduce(OPERATIONS[node.function].compute, others, first)

    def _computed(
        self, symbol: str, arguments: "tuple[Floats, ...]", start: int, end: int
    ) -> "Floats":
        operation = OPERATIONS[symbol]
        result = operation.compute(*arguments)
        for mistake, rows in mistakes(operation, arguments, result):
            excerpt = self._written.excerpt(start, end)
            self._notes[f"{excerpt} {mistake} in {rows:,} of {self._rows:,} rows."] = None
        return result

    def _truths(self, node: Node) -> Truths:
        match node:
            case Unary(operator="not"):
                return ~self._truths(node.operand)
            case Chain() if node.operators[0] in LOGIC:
                join = every if node.operators[0] == "and" else either
                return join(map(self._truths, node.operands))
            case Chain():
                return self._comparison(node)
            case Call(function="missing"):
                return self._missing(node.arguments[0])
            case Call():
                return text_truths(node.function, *map(self._texts, node.arguments))
            case _:
                everywhere = np.full(self._rows, isinstance(node, Constant) and node.value is True)
                return Truths(everywhere, ~everywhere)

    def _comparison(self, node: Chain) -> Truths:
        """Compare neighbours, each operand evaluated once however deep comparisons are nested."""
        pairs = pairwise(self._sides(operand) for operand in node.operands)
        return every(map(self._compared, node.operators, pairs))

    def _compared(self, test: str, sides: tuple[Cells, Cells]) -> Truths:
        """Compare number with number and text with text; a row without a common kind is unknown."""
        left, right = sides
        nowhere = np.zeros(self._rows, np.bool_)
        truths = Truths(nowhere, nowhere)
        if left.numbers is not None and right.numbers is not None:
            truths = truths.with_known(number_truths(test, left.numbers, right.numbers))
        if left.texts is not None and right.texts is not None:
            truths = truths.with_known(text_truths(test, left.texts, right.texts))
        return truths

    def _sides(self, node: Node) -> Cells:
        if isinstance(node, Name):
            return self._cells[node.column]
        if kind_of(node, self._kinds) == "text":
            return Cells(None, self._texts(node))
        return Cells(self._numbers(node), None)

    def _missing(self, node: Node) -> Truths:
        cells = self._sides(node)
        missing = np.full(self._rows, fill_value=True)
        if cells.numbers is not None:
            missing &= np.isnan(cells.numbers)
        if cells.texts is not None:
            missing &= ~present(cells.texts)
        return Truths(missing, ~missing)

    def _texts(self, node: Node) -> "Texts":
        match node:
            case Name():
                texts = self._cells[node.column].texts
                return np.full(self._rows, None) if texts is None else texts
            case Call():
                return _lowered(self._texts(node.arguments[0]))
            case _:
                text = node.value if isinstance(node, Constant) else None
                return np.full(self._rows, text, np.object_)

    def _noted(self) -> tuple[str, ...]:
        mixed = (cells.mixture(name) for name, cells in self._cells.items())
        notes = (*filter(None, mixed), *self._notes)
        rest = len(notes) - MOST_NOTES
        return (*notes[:MOST_NOTES], f"There are {rest} more such notes.") if rest > 0 else notes


def _lowered(texts: "Texts") -> "Texts":
    return np.array([None if text is None else text.lower() for text in texts], np.object_)
