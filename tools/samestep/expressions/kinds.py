"""The kinds of values: which operators and functions take which."""

from collections.abc import Mapping
from itertools import pairwise

from samestep.expressions.functions import FUNCTIONS
from samestep.expressions.tree import Call, Chain, Constant, Kind, Name, Node, Unary, Written, below

ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "**"})
LOGIC = frozenset({"and", "or"})
MOST_DIGITS = 15

_ONE: Mapping[Kind | None, str] = {
    "number": "a number",
    "truth": "a condition",
    "text": "text",
    None: "a column",
}
_MANY: Mapping[Kind, str] = {"number": "numbers", "truth": "conditions", "text": "text"}


def kind_of(node: Node, columns: Mapping[str, Kind | None]) -> Kind | None:
    """Return what a node gives; None for a column whose kind is not known."""
    match node:
        case Constant():
            return _kind_of_constant(node)
        case Name():
            return columns.get(node.column)
        case Unary():
            return "truth" if node.operator == "not" else "number"
        case Chain():
            return "number" if node.operators[0] in ARITHMETIC else "truth"
        case Call():
            return FUNCTIONS[node.function].gives


def _kind_of_constant(node: Constant) -> Kind:
    if isinstance(node.value, bool):
        return "truth"
    return "text" if isinstance(node.value, str) else "number"


def check(written: Written, node: Node, columns: Mapping[str, Kind | None]) -> None:
    """Refuse a tree in which an operator or function stands beside a kind it does not take."""
    for operand in below(node):
        check(written, operand, columns)
    match node:
        case Unary():
            wanted = "truth" if node.operator == "not" else "number"
            expect(written, wanted, node.operand, columns, f"`{node.operator}`")
        case Chain() if node.operators[0] in ARITHMETIC | LOGIC:
            wanted = "number" if node.operators[0] in ARITHMETIC else "truth"
            for operator, operand in zip(
                (node.operators[0], *node.operators), node.operands, strict=True
            ):
                expect(written, wanted, operand, columns, f"`{operator}`")
        case Chain():
            for left, right in pairwise(node.operands):
                _check_pair(written, left, right, columns)
        case Call():
            _check_call(written, node, columns)
        case _:
            pass


def expect(
    written: Written, wanted: Kind, node: Node, columns: Mapping[str, Kind | None], taker: str
) -> None:
    """Refuse a node that gives something else than `taker` takes; no column is a condition."""
    found = kind_of(node, columns)
    if found == wanted or (found is None and wanted != "truth"):
        return
    excerpt = written.excerpt(node.start, node.end)
    compared = wanted == "truth" and found != "text"
    hint = f"; compare it, as in {excerpt[:-1]} > 0`" if compared else _quoting(node)
    raise written.refusal(
        node.start, f"{taker} takes {_MANY[wanted]}, and {excerpt} is {_ONE[found]}{hint}."
    )


def _check_pair(
    written: Written, left: Node, right: Node, columns: Mapping[str, Kind | None]
) -> None:
    """Refuse to compare what has no common kind.

    Columns hold flags as 1 and 0, so that a column of numbers compares with a condition; any
    other number beside a condition is more likely a slip, as in `x > 0 == true`.
    """
    first, second = kind_of(left, columns), kind_of(right, columns)
    if _is_string(left) and _is_string(right):
        problem = "both sides are text, and neither is a column; backticks quote a column."
        raise written.refusal(left.start, problem)
    if None in (first, second) or first == second:
        return
    flag = left if first == "number" else right
    if {first, second} == {"number", "truth"} and isinstance(flag, Name):
        return
    sides = (
        f"{written.excerpt(left.start, left.end)} is {_ONE[first]} and "
        f"{written.excerpt(right.start, right.end)} is {_ONE[second]}"
    )
    hint = _quoting(left) or _quoting(right)
    if not hint and "text" in (first, second):
        hint = "; text is written in quotes"
    blamed = left if _is_string(left) else right
    raise written.refusal(blamed.start, f"{sides}, which do not compare{hint}.")


def _check_call(written: Written, node: Call, columns: Mapping[str, Kind | None]) -> None:
    takes = FUNCTIONS[node.function].takes
    if takes is not None:
        for argument in node.arguments:
            expect(written, takes, argument, columns, node.function)
    if node.function == "round" and digits_of(node) is None:
        problem = f"digits is a whole number from -{MOST_DIGITS} to {MOST_DIGITS}."
        raise written.refusal(node.arguments[1].start, problem)


def digits_of(rounding: Call) -> int | None:
    """Return the digits that `round` keeps; None where they are no small whole number."""
    if len(rounding.arguments) == 1:
        return 0
    node, sign = rounding.arguments[1], 1
    if isinstance(node, Unary):
        node, sign = node.operand, -1
    value = node.value if isinstance(node, Constant) else None
    if not isinstance(value, float) or value > MOST_DIGITS or not value.is_integer():
        return None
    return sign * int(value)


def _quoting(node: Node) -> str:
    return "; backticks quote a column" if _is_string(node) else ""


def _is_string(node: Node) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, str)
