"""The answer of check_claim."""

from typing import TYPE_CHECKING, Literal

from samestep.answers import markdown
from samestep.answers.answer import Answer
from samestep.answers.markdown import line
from samestep.answers.record import Number, Record
from samestep.phrases import number
from samestep.rules import RuleId

if TYPE_CHECKING:
    import pandas as pd

ClaimKind = Literal[
    "winner", "delta", "converged", "ranking", "value", "projection", "cause", "other"
]
ClaimVerdict = Literal["supported", "blocked", "unverifiable"]


class ClaimEvidence(Record):
    """One recorded value or judgement that a claim was held against."""

    answer_id: str
    """The answer that holds it."""
    cell: str
    """What it is of: metric and run, or which verdict."""
    value: Number | str
    """The value, or the judgement."""
    x: Number | None
    """Where it stands; null for what stands at no x."""
    axis: str | None
    """The x-axis."""


class JudgedClaim(Record):
    """One sentence or table row that claims something of runs."""

    text: str
    """The sentence, as it was written."""
    line: int
    """The line of the text it begins on, from 1."""
    kind: ClaimKind
    """What it claims."""
    verdict: ClaimVerdict
    """Whether the recorded answers bear it out, the rules forbid it, or nothing tells."""
    rules: list[RuleId]
    """The rules it breaks."""
    evidence: list[ClaimEvidence]
    """What is recorded, at most six entries."""
    why: str
    """What is wrong with it, or the call that would verify it."""
    rewrite: str | None
    """A sentence that is true; null where nothing recorded makes one."""


class ClaimCheck(Answer):
    """A text held against the protocol's rules and the recorded answers."""

    tool: str = "check_claim"
    ok: bool
    """Whether no claim is blocked."""
    claims: list[JudgedClaim]
    """The claims found, in the order of the text, at most 300; a caveat counts the others."""
    against: list[str]
    """Ids of the recorded answers it was held against, the newest first."""

    def to_markdown(self) -> str:
        """Return the same answer as a short Markdown list."""
        against = ", ".join(self.against) or "no recorded answer"
        return markdown.page(self, [*map(_told, self.claims), line(f"Held against {against}.")])

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per claim."""
        import pandas as pd

        return pd.DataFrame([claim.model_dump(exclude={"evidence"}) for claim in self.claims])


def _told(claim: JudgedClaim) -> str:
    rules = f" ({', '.join(claim.rules)})" if claim.rules else ""
    parts = [f"- line {claim.line}, {claim.kind}: {claim.verdict}{rules}. {line(claim.text)}"]
    if claim.why:
        parts.append(f"  - {line(claim.why)}")
    if claim.rewrite:
        parts.append(f"  - instead: {line(claim.rewrite)}")
    parts.extend(f"  - {line(_evidence(one))}" for one in claim.evidence)
    return "\n".join(parts)


def _evidence(one: ClaimEvidence) -> str:
    value = one.value if isinstance(one.value, str) else number(one.value)
    at = f" at {one.axis} {number(one.x)}" if one.x is not None else ""
    return f"{one.answer_id}: {one.cell}{at}: {value}"
