"""An expression that has been read, and can be held over columns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestep.errors import BadExpression
from samestep.expressions.kinds import check, expect, kind_of
from samestep.expressions.parser import MOST_CHARACTERS, Parser
from samestep.expressions.tree import LONGEST_EXCERPT, Kind, Node, Written

if TYPE_CHECKING:
    from samestep.expressions.columns import Bools, Column, Evaluated, Floats, Texts


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression in the grammar, read but not evaluated."""

    written: Written
    tree: Node
    names: tuple[str, ...]
    """The columns it uses, in the order of their first use."""

    @property
    def text(self) -> str:
        """The expression as it was written."""
        return self.written.text

    @property
    def kind(self) -> Kind | None:
        """What it gives; None for a single column, whose kind its cells decide."""
        return kind_of(self.tree, {})

    def over(
        self, columns: "Mapping[str, Column]"
    ) -> "Evaluated[Floats] | Evaluated[Bools] | Evaluated[Texts]":
        """Evaluate it in every row of the columns, which are equally long."""
        from samestep.expressions.evaluate import Evaluation

        return Evaluation(self, columns).whole()


def parse(
    text: str, known: Collection[str], argument: str = "where", gives: Kind | None = None
) -> Expression:
    """Read an expression over the known columns, and hold it against the kind it is to give.

    Raises:
        BadExpression: The text is outside the grammar or its bounds, names an unknown column, or
            gives another kind of value than asked for.
    """
    if len(text) > MOST_CHARACTERS:
        problem = f"it has {len(text):,} characters, and at most {MOST_CHARACTERS:,} are read."
        raise BadExpression(argument, f"{text[:LONGEST_EXCERPT]}…", 0, problem)
    written = Written(argument, text)
    parser = Parser(written, known)
    tree = parser.whole()
    check(written, tree, {})
    if gives is not None:
        expect(written, gives, tree, {}, argument)
    return Expression(written, tree, tuple(parser.names))


def matching(expression: Expression, columns: "Mapping[str, Column]") -> "Evaluated[Bools]":
    """Return the rows in which a condition is known to hold.

    Raises:
        BadExpression: The expression is no condition, or sets kinds beside each other that do
            not go together.
    """
    from samestep.expressions.evaluate import Evaluation

    expect(expression.written, "truth", expression.tree, {}, expression.written.argument)
    return Evaluation(expression, columns).condition()


def derived(expression: Expression, columns: "Mapping[str, Column]") -> "Evaluated[Floats]":
    """Return an expression's numbers; a condition gives 1 and 0.

    Raises:
        BadExpression: The expression gives text, or sets kinds beside each other that do not go
            together.
    """
    from samestep.expressions.evaluate import Evaluation

    return Evaluation(expression, columns).numbers()
