"""A checked text as plain lines, or as annotations of a pipeline; loads no tables."""

from typing import TYPE_CHECKING

from samestep.claims.outcome import outcome, unread, untold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from samestep.claims import Checked, Claim

GITHUB = {"blocked": "error", "unverifiable": "warning", "supported": "notice"}
ESCAPES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
IN_A_FIELD = ((":", "%3A"), (",", "%2C"))


def lines(found: "Checked") -> "Iterator[str]":
    """Yield every claim that is not borne out, with what is wrong and a sentence that is true."""
    for claim in found.claims:
        if claim.verdict != "supported":
            rules = f" ({', '.join(claim.rules)})" if claim.rules else ""
            yield f"line {claim.line}: {claim.verdict}{rules}: {_safe(claim.text)}"
            yield f"  {_safe(claim.why)}"
            if claim.rewrite:
                yield f"  instead: {_safe(claim.rewrite)}"
    yield outcome(found)
    yield from filter(None, (untold(found), unread(found)))


def annotations(found: "Checked", file: str) -> "Iterator[str]":
    """Yield a workflow command of GitHub for every claim that is not borne out.

    Args:
        found: The checked text.
        file: Where it stands; empty for standard input, which has no lines to mark.
    """
    for claim in found.claims:
        if claim.verdict != "supported":
            yield _annotation(claim, file)
    lost, more = unread(found), untold(found)
    if not found.answers:
        yield f"::warning title=samestep::{_escaped(outcome(found))}"
    if more:
        yield f"::notice title=samestep::{_escaped(more)}"
    if lost:
        yield f"::error title=samestep::{_escaped(lost)}"


def _annotation(claim: "Claim", file: str) -> str:
    title = f"samestep: {claim.verdict} {' '.join(claim.rules)}".strip()
    instead = [f"Instead: {claim.rewrite}"] if claim.rewrite else []
    at = f"file={_field(file)},line={claim.line}," if file else ""
    where = f"{at}title={_field(title)}"
    told = _escaped("\n".join(map(_safe, (claim.text, claim.why, *instead))))
    return f"::{GITHUB[claim.verdict]} {where}::{told}"


def _field(text: str) -> str:
    escaped = _escaped(text)
    for sign, code in IN_A_FIELD:
        escaped = escaped.replace(sign, code)
    return escaped


def _escaped(text: str) -> str:
    for sign, code in ESCAPES:
        text = text.replace(sign, code)
    return text


def _safe(text: str) -> str:
    """Return a text that others wrote in one line, without signs a terminal would act on."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
