"""Claims of what a metric is for: a proxy called the goal, or averaged with it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestep.claims.finding import Finding
from samestep.claims.marks import M
from samestep.claims.patterns import words
from samestep.claims.statement import Statement

if TYPE_CHECKING:
    import re

GOAL = (
    r"(?:downstream|target|primary|headline) (?:\w+ )?(?:metric|goal|measure|task|objective|score"
    r"|target)"
    r"|(?:the|our) (?:real |actual |true |final |project[\u2019']s )?(?:goal|objective)"
    r"|downstream"
)
OF_US = r"(?: of (?:the|this|our) (?:project|work|paper|study))?"
CALLED_GOAL = words(
    rf"\b(?:{GOAL}){OF_US}(?: here| for us)?(?:,| is| was| being|:| \(|=)?\s*(?P<before>{M})"
    rf"|(?P<after>{M}),?\s*(?:(?:which|that) is|is|as|being|\()?\s*(?:the |our "
    rf"|an? )(?:\w+ )?(?:{GOAL})"
)
AVERAGED = words(
    r"\b(?:averag\w*|mean|combin\w*|sum(?:med|ming)?|pool(?:ed|ing)?|aggregat\w*|overall score)\b"
    rf"[^.;]{{0,40}}?(?P<one>{M})\s*(?:,|and|&|\+|with)\s*(?P<other>{M})"
)


def roles(claim: Statement) -> Iterator[Finding]:
    """Yield every proxy that a sentence calls the goal, or averages with a downstream metric."""
    for found in CALLED_GOAL.finditer(claim.words):
        named = _recorded(claim, found["before"] or found["after"])
        if _stands(claim, found) and named and all(_role(claim, one) == "proxy" for one in named):
            why = f"{named[0]} is recorded as a proxy; downstream is what was declared so."
            yield Finding("other", "blocked", ("roles-apart",), (), why)
    for found in AVERAGED.finditer(claim.words):
        both = [*_recorded(claim, found["one"]), *_recorded(claim, found["other"])]
        if _stands(claim, found) and len({_role(claim, one) for one in both}) > 1:
            why = f"It takes {' and '.join(both)} together: a proxy and a downstream metric."
            yield Finding("other", "blocked", ("roles-apart",), (), why)


def _stands(claim: Statement, found: "re.Match[str]") -> bool:
    return not (claim.is_open(found.start()) or claim.is_negated(found.start(), found.end()))


def _recorded(claim: Statement, sign: str) -> list[str]:
    """Return the recorded metrics that a sign stands for, where it is sure which."""
    named = [name for one in claim.marked.metrics_in(sign) for name in one.names]
    return named if len(named) == 1 else []


def _role(claim: Statement, metric: str) -> str:
    return claim.record.metrics[metric].role
