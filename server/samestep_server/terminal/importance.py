"""Parameter importance, in a terminal."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from samestep_server.terminal.pieces import NOTHING, caveats, short, table, text

if TYPE_CHECKING:
    from samestep.answers.importance import ImportanceAnswer, ParameterImportance

DIGITS = 3
HEADERS = ("setting", ">importance", ">sd", "stands out", ">trend", "values")
SAID = {True: "yes", False: "no", None: NOTHING}


def importance(answer: "ImportanceAnswer") -> list[RenderableType]:
    """Return the reading, the settings, those passed over, and the caveats."""
    parts: list[RenderableType] = [text(answer.reading, "bold"), text(answer.method, "dim")]
    if answer.parameters:
        rows = [[text(cell) for cell in _row(one)] for one in answer.parameters]
        parts.append(table(HEADERS, rows))
    if answer.parameters_left:
        parts.append(text(f"{answer.parameters_left} more settings vary", "dim"))
    if answer.passed_over:
        told = "; ".join(f"{key} ({why})" for key, why in answer.passed_over.items())
        more = f" and {answer.passed_over_left} more" if answer.passed_over_left else ""
        parts.append(text(f"passed over: {told}{more}", "dim"))
    return [*parts, *([caveats(answer.caveats)] if answer.caveats else [])]


def _row(one: "ParameterImportance") -> list[str]:
    return [
        one.key,
        short(one.importance, DIGITS),
        short(one.spread, DIGITS),
        SAID[one.stands_out],
        short(one.trend, DIGITS),
        f"{one.distinct}: {', '.join(one.values)}",
    ]
