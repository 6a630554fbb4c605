"""A decision record as Markdown, for a model registry's notes."""

from typing import TYPE_CHECKING

from samestep.answers import markdown
from samestep.answers.markdown import line
from samestep.phrases import number

if TYPE_CHECKING:
    from samestep.answers.decision import DecisionRecord, LeftOut, Standing


def to_markdown(record: "DecisionRecord") -> str:
    """Return the record: the judgement, who stood first, what was asked, what was left out."""
    winner = f"winner {record.winner}" if record.winner else record.kind.replace("_", " ")
    blocked = f" (short of a winner by {', '.join(record.blocked_by)})" if record.blocked_by else ""
    facts = [
        f"**Decision record** ({record.date}, samestep {record.samestep}, {record.answer_id})",
        (
            f"- Metric: {record.metric} ({record.role}, {record.direction} is better), "
            f"at {record.axis} {number(record.x)}"
        ),
        f"- Judgement: {winner}{blocked}",
        f"- Test: {record.test}",
        f"- Candidates: {record.candidates}, of which {record.ranked} ranked",
        *(
            f"- Constraint {one.constraint}: violated by {one.violated}, unknown of {one.unknown}"
            for one in record.constraints
        ),
        *([f"- Objectives: {', '.join(record.objectives)}"] if record.objectives else []),
    ]
    parts = [
        "\n".join(map(line, facts)),
        markdown.table(
            ["cannot be told from the first", "run", record.metric, "seeds", "95 % interval"],
            map(_standing, record.first),
        ),
        _more(record.first_left, "cannot be told from the first"),
        markdown.table(["left out", "run", "why"], map(_left_out, record.left_out)),
        _more(record.left_out_more, "left out"),
    ]
    return "\n\n".join(part for part in parts if part)


def _standing(one: "Standing") -> list[str]:
    between = (
        "-" if one.interval is None else f"{number(one.interval[0])} to {number(one.interval[1])}"
    )
    run = one.run or ", ".join(one.runs or [])
    return [one.full_name, run, number(one.value), str(one.seeds), between]


def _left_out(one: "LeftOut") -> list[str]:
    return [one.full_name, one.run or "-", one.why]


def _more(count: int, what: str) -> str:
    return f"{count} more {what}." if count else ""
