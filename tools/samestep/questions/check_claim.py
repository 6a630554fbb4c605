"""Holds prose against the protocol's rules and the recorded answers."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from samestep.answers.answer import Caveat
from samestep.answers.claims import ClaimCheck, JudgedClaim
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.settings import Project
from samestep.validator import validate

if TYPE_CHECKING:
    from samestep.claims import Checked, Claim

Prose = Annotated[str, Field(description="Prose or Markdown.")]
AnswerIds = Annotated[
    list[str] | None, Field(description="Ids of recorded answers; default the newest 50.")
]


@checked
def check_claim(
    text: Prose, answers: AnswerIds = None, *, project: Project | None = None
) -> ClaimCheck:
    """Hold what you are about to write against the rules and the recorded answers.

    Each claim is supported, blocked (with the rules and a true sentence instead) or unverifiable.

    Raises:
        SamestepError: An answer that is not recorded.
    """
    from samestep.claims import check
    from samestep.claims.held import held

    asked_in = project or Project.here()
    recorded = held(answers, asked_in.directory)
    found = check(text, [one.answer for one in recorded])
    return validate(identified(_answer(found, [one.answer_id for one in recorded]), "clm"))


def _answer(found: "Checked", against: list[str]) -> ClaimCheck:
    from samestep.claims.outcome import outcome, unread, untold

    lost, more = unread(found), untold(found)
    caveats = [Caveat(rule="partial-said", severity="warns", text=lost)] if lost else []
    if more:
        caveats.append(Caveat(rule="partial-said", severity="notes", text=more))
    return ClaimCheck(
        answer_id="",
        runs=[],
        caveats=caveats,
        reading=outcome(found),
        ok=found.ok,
        claims=[_told(claim) for claim in found.claims],
        against=against,
    )


def _told(claim: "Claim") -> JudgedClaim:
    evidence = [one._asdict() for one in claim.evidence]
    return JudgedClaim.model_validate({**asdict(claim), "evidence": evidence})
