"""The functions of the grammar: how each is written, what it takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass

from samestep.expressions.tree import Kind


@dataclass(frozen=True, slots=True)
class Function:
    """One function's signature."""

    usage: str
    gives: Kind
    takes: Kind | None
    """What every argument is; None takes anything."""
    least: int = 1
    most: int | None = 1
    """How many arguments it takes; None for any number from `least` on."""

    def accepts(self, arguments: int) -> bool:
        """Say whether it takes that many arguments."""
        return self.least <= arguments and (self.most is None or arguments <= self.most)


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function("abs(x)", "number", "number"),
    "sqrt": Function("sqrt(x)", "number", "number"),
    "log": Function("log(x)", "number", "number"),
    "log10": Function("log10(x)", "number", "number"),
    "exp": Function("exp(x)", "number", "number"),
    "min": Function("min(a, b, ...)", "number", "number", least=2, most=None),
    "max": Function("max(a, b, ...)", "number", "number", least=2, most=None),
    "round": Function("round(x, digits)", "number", "number", most=2),
    "missing": Function("missing(x)", "truth", None),
    "contains": Function("contains(text, part)", "truth", "text", least=2, most=2),
    "startswith": Function("startswith(text, part)", "truth", "text", least=2, most=2),
    "endswith": Function("endswith(text, part)", "truth", "text", least=2, most=2),
    "lower": Function("lower(text)", "text", "text"),
}


def usages() -> str:
    """Return how every function is written, as one list."""
    return ", ".join(function.usage for function in FUNCTIONS.values())
