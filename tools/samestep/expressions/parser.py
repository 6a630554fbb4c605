"""From text to a tree, in one pass."""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from samestep.errors import BadExpression
from samestep.expressions.functions import FUNCTIONS
from samestep.expressions.tokens import Scanner, Symbol
from samestep.expressions.tree import Call, Chain, Name, Node, Unary, Written, below

MOST_CHARACTERS = 2_000
MOST_NODES = 500
DEEPEST = 50

OR, AND, NOT, COMPARISON, SUM, PRODUCT, POWER = range(1, 8)
LEVELS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/%", PRODUCT),
    "**": POWER,
}
"""How tightly each operator between two values binds; what is no operator binds not at all."""


class Parser:
    """Reads one expression by precedence climbing.

    Its method `_value` calls itself once per level of nesting, so that the bound on nesting is
    a bound on Python's stack; operators of one precedence make one flat `Chain`.
    """

    def __init__(self, written: Written, known: Collection[str]) -> None:
        self.names: dict[str, None] = {}
        self._written = written
        self._scanner = Scanner(written, known)
        self._at = 0
        self._next = Symbol("", 0, 0)
        self._nodes = 0
        self._depth = 0

    def whole(self) -> Node:
        """Return the tree of the whole text."""
        tree = self._value(OR)
        if self._next.text == ")":
            raise self._refusal("no ( is open for this ).")
        if self._next.text == ",":
            raise self._refusal("a comma stands only between the arguments of a function.")
        if self._next.text:
            raise self._refusal("an operator is due before this (.")
        self._check_depth(tree)
        return tree

    def _check_depth(self, tree: Node) -> None:
        """Bound the tree's depth too, which operators reach without brackets."""
        level: list[Node] = [tree]
        for _ in range(DEEPEST):
            level = [node for above in level for node in below(above)]
        if level:
            raise self._too_deep(level[0].start)

    def _too_deep(self, position: int) -> BadExpression:
        problem = f"it is nested more than {DEEPEST} levels deep."
        return self._written.refusal(position, problem)

    def _value(self, least: int) -> Node:
        """Read a value and every operator behind it that binds at least so tightly."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._too_deep(self._at)
        value = self._operand(least)
        while (level := LEVELS.get(self._next.text, 0)) >= least:
            value = self._chain(value, level)
        self._depth -= 1
        return value

    def _chain(self, first: Node, level: int) -> Node:
        operands, operators = [first], list[str]()
        while LEVELS.get(self._next.text) == level:
            operators.append(self._next.text)
            self._at = self._next.end
            operands.append(self._value(level if level == POWER else level + 1))
        last = operands[-1].end
        return self._counted(Chain(tuple(operands), tuple(operators), first.start, last))

    def _operand(self, least: int) -> Node:
        token = self._scanner.operand(self._at)
        if not isinstance(token, Symbol):
            if isinstance(token, Name):
                self.names[token.column] = None
            self._move(token.end)
            return self._counted(token)
        self._at = token.end
        match token.text:
            case "(":
                return self._group(token)
            case "-":
                return self._unary("-", POWER, token)
            case "not" if least <= NOT:
                return self._unary("not", NOT, token)
            case "not":
                problem = "`not` needs parentheses around it here."
                raise self._written.refusal(token.start, problem)
            case _:
                return self._call(token)

    def _unary(self, operator: Literal["-", "not"], least: int, token: Symbol) -> Node:
        operand = self._value(least)
        return self._counted(Unary(operator, operand, token.start, operand.end))

    def _group(self, opened: Symbol) -> Node:
        inner = self._value(OR)
        return replace(inner, start=opened.start, end=self._close(opened.start))

    def _call(self, function: Symbol) -> Node:
        opened = self._scanner.behind("(", function.end) or function.end
        self._at = opened
        arguments: list[Node] = []
        if self._scanner.behind(")", opened) is None:
            arguments.append(self._value(OR))
            while self._next.text == ",":
                self._at = self._next.end
                arguments.append(self._value(OR))
        else:
            self._move(opened)
        end = self._close(opened - 1)
        self._check_count(function, len(arguments))
        return self._counted(Call(function.text, tuple(arguments), function.start, end))

    def _check_count(self, function: Symbol, given: int) -> None:
        signature = FUNCTIONS[function.text]
        if not signature.accepts(given):
            has = "1 argument" if given == 1 else f"{given} arguments"
            problem = f"{function.text} is written {signature.usage}; here it has {has}."
            raise self._written.refusal(function.start, problem)

    def _close(self, opened: int) -> int:
        """Step over the `)` that closes the bracket opened at `opened`; return its end."""
        if self._next.text == ",":
            raise self._refusal("a comma stands only between the arguments of a function.")
        if self._next.text == "(":
            raise self._refusal("an operator is due before this (.")
        if not self._next.text:
            raise self._written.refusal(opened, "this ( is never closed.")
        end = self._next.end
        self._move(end)
        return end

    def _move(self, position: int) -> None:
        """Go on behind a value, where an operator is due."""
        self._at = position
        self._next = self._scanner.operator(position)

    def _counted(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            problem = f"it has more than {MOST_NODES} names, constants and operators."
            raise self._written.refusal(node.start, problem)
        return node

    def _refusal(self, problem: str) -> BadExpression:
        return self._written.refusal(self._next.start, problem)
