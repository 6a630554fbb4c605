"""Constraints on metrics, written `<= 50`: met, violated, or unknown, and by how much."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from samestep.errors import BadArgument

Status = Literal["meets", "violates", "unknown"]
SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
BOUND = re.compile(r"\s*(<=|>=|==|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*")
TAKES = 'comparisons with a number, such as "<= 50" or ">= 1 and < 2"'


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison with a number."""

    sign: str
    limit: float

    def holds(self, value: float) -> bool:
        """Return whether a value keeps to it."""
        return SIGNS[self.sign](value, self.limit)

    def slack(self, value: float) -> float:
        """Return how far a value lies on the right side of the limit; below 0 on the wrong one."""
        if self.sign == "==":
            return -abs(value - self.limit)
        return self.limit - value if self.sign.startswith("<") else value - self.limit


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a metric has to keep to."""

    metric: str
    bounds: tuple[Bound, ...]

    @classmethod
    def parse(cls, metric: str, text: str) -> "Constraint":
        """Read `<= 50`, or several comparisons joined by "and".

        Raises:
            BadArgument: The text is no comparison with a number.
        """
        found = [BOUND.fullmatch(part) for part in re.split(r"\band\b", text)]
        bounds = tuple(Bound(one[1], float(one[2])) for one in found if one is not None)
        if len(bounds) != len(found) or not all(math.isfinite(one.limit) for one in bounds):
            raise BadArgument("constraints", f"{metric} {text}", TAKES)
        return cls(metric, bounds)

    def __str__(self) -> str:
        """Return the comparisons as a sentence has them."""
        return " and ".join(f"{bound.sign} {bound.limit:g}" for bound in self.bounds)

    def status(self, value: float | None) -> Status:
        """Return whether a value keeps to all of it; an absent value or NaN never does."""
        if value is None or math.isnan(value):
            return "unknown"
        return "meets" if all(bound.holds(value) for bound in self.bounds) else "violates"

    def slack(self, value: float | None) -> float | None:
        """Return the distance to the nearest limit, below 0 where one is violated."""
        if value is None or not math.isfinite(value):
            return None
        return min(bound.slack(value) for bound in self.bounds)
