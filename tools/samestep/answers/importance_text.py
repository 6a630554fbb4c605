"""Parameter importance as short Markdown tables."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.answers.ranking_text import apart_row
from samestep.phrases import number

if TYPE_CHECKING:
    from samestep.answers.importance import ImportanceAnswer, ParameterImportance

HEADERS = ("setting", "importance", "sd over draws", "stands out", "trend", "kind", "values")


def to_markdown(answer: "ImportanceAnswer") -> str:
    """Return where the runs stand and how far the answer goes, then the settings."""
    more = f"{answer.parameters_left} more settings vary." if answer.parameters_left else ""
    passed = markdown.table(
        ["passed over", "why"], [[key, why] for key, why in answer.passed_over.items()]
    )
    together = markdown.table(
        ["moved together", "with", "rank correlation"],
        [[pair.one, pair.other, number(pair.correlation)] for pair in answer.together],
    )
    left = f"{answer.passed_over_left} more are passed over." if answer.passed_over_left else ""
    table = markdown.table(HEADERS, map(_row, answer.parameters))
    apart = markdown.table(
        ["apart", "run", "state", "reached", "why"], map(apart_row, answer.apart)
    )
    parts = [_stands(answer), line(f"{answer.strength}: {answer.why}"), table, more, together]
    return markdown.page(answer, [part for part in (*parts, passed, left, apart) if part])


def _stands(answer: "ImportanceAnswer") -> str:
    at, metric = answer.at, answer.metric
    explained = (
        f" R^2 on configurations held out: {number(answer.explained)}, sd over draws "
        f"{number(answer.explained_spread)}."
        if answer.explained is not None
        else ""
    )
    told = (
        f"{metric.metric} ({metric.role}: {metric.role_why}; {metric.direction or 'direction'}: "
        f"{metric.direction_why}) at {at.axis} {number(at.value)} ({at.unit}), {at.why}; the newest "
        f"anybody reached is {number(at.newest)}. {answer.configurations} configurations of "
        f"{answer.counted} runs, {len(answer.apart) + answer.apart_left} apart.{explained} {answer.method}"
    )
    return line(told)


def _row(one: "ParameterImportance") -> list[str]:
    kind = f"{one.kind}, by its logarithm" if one.logarithmic else one.kind
    stands_out = {True: "yes", False: "no", None: "-"}[one.stands_out]
    return [
        one.key,
        number(one.importance),
        number(one.spread),
        stands_out,
        number(one.trend),
        kind,
        f"{one.distinct}: {', '.join(one.values)}",
    ]
