"""Which run, metric and x a number in a sentence belongs to."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from samestep.claims.lexicon import FINAL
from samestep.claims.marks import M, N, Place, R, Stated, X
from samestep.claims.pairs import counterparts
from samestep.claims.patterns import words
from samestep.claims.statement import Statement
from samestep.claims.words_of_winning import BETTER

FOLLOWED_BY_RUN = words(
    rf"^\s*(?:{M}\s*)?(?:\(|for |by |of |from |that |in )\s*(?:the\s+)?(?:{M}\s+of\s+)?({R})"
)
TIGHT = words(
    rf"(?:(?:^|[,;(|/]|\band\b|- )\s*({R})\s*(?:\([^()]*\)\s*)?[:=/]\s*"
    rf"|({R})(?:\s*\([^()]*\))?\s+)(?:(?:has|had|is|was|at|with|reaches|reached|attains|gets"
    rf"|got|scores|scored|stands|sits|obtains|ends|only|manages|gets to)\s+){{0,3}}(?:a |an "
    rf"|at |to )?(?:{M}\s*(?:of|is|=|:)?\s*)?$"
)
OTHER_SIDE = words(
    rf"{N}\s*(?:\([^()]*\)\s*)?(?:vs\.?|versus|to|against|/|compared (?:to|with)|over"
    rf"|from)\s*(?:\w+\s+){{0,3}}$|\bfrom\s*$",
    re.IGNORECASE,
)
OWNED = words(
    rf"\s*(?:{M}\s*)?(?:(?:for|by|of|in)\s+(?:the\s+)?(?:(?:finished"
    rf"|running)\s+)?(?:run\s+)?(?:{M}\s+of\s+)?({R})|\(\s*({R})\s*\))",
    re.IGNORECASE,
)
NAMED_BEFORE = words(
    rf"({M})\s*(?:[:=~≈]|of|at|is|was|are|stands at|sits at|:\s*about)?\s*$", re.IGNORECASE
)
OVER = words(
    r"\b(?:surpass\w*|exceed\w*|above|over|more than|at least|beyond|past|crosse[sd]|tops|topped"
    r"|breaks|broke|broken|beats?|clears|cleared)\s+(?:the )?$"
)
UNDER = words(r"\b(?:below|under|less than|at most|beneath)\s+(?:the )?$")
OTHER_SIDE_AFTER = words(
    rf"[^.;{R[1:-1]}]{{0,40}}?\b(?:vs\.?|versus|against|compared (?:to|with)|(?:instead|down"
    rf"|up) (?:of|from)"
    rf"|rather than)\s+(?:\w+\s+){{0,2}}{N}\s*(?:\w+\s+){{0,2}}(?:for|of|in|with|by|from"
    rf"|\()\s*(?:the )?{R}"
)
AT_ITS_END = words(
    rf"\s*(?:{M}\s*)?(?:that|which|where)\s+(?:the\s+)?{R}\s+(?:ends?|ended|finish\w*|stopped)\b"
)
TAIL = words(r"\b(?:last|newest|final) (?:\w+ )?(?:points|epochs|values|evals|evaluations|steps)\b")
"""What comes before values that each have an x of their own."""
THE_OTHER = words(
    r"\bthe other(?: (?:one|run|side|model))?(?: (?:is|has|had|at|stands|shows|gives))*\s*$"
)
SET_AGAINST = words(rf"\s*(?:against|vs\.?|versus|compared (?:to|with))\s+{N}\s*(?:$|[.,;)!])")
SOME_VALUE = words(r"\d[.]\d|%")
AFTER_AT = words(r"(?:@|\bat)\s*$", re.IGNORECASE)
BESIDE = words(rf"[^{R[1:-1]}{N[1:-1]};]{{0,40}}?({X})")


class Told(NamedTuple):
    """One number told as a value, and what it may be the value of."""

    stated: Stated
    runs: tuple[str, ...]
    is_sure: bool
    """Whether it is said to be theirs, and not that of another run in the sentence."""
    metrics: tuple[str, ...] | None
    """The metrics it may be of; None where none is named, empty for one that nobody recorded."""
    places: tuple[Place, ...]
    limit: str = ""
    """`over` or `under` where a number is told as passed, not as reached."""


def told(claim: Statement, match: "re.Match[str]") -> Told:
    """Return what a number is told of."""
    stated = claim.marked.numbers_in(match[0])[0]
    runs, is_sure = _owners(claim, match)
    before = claim.words[: match.start()]
    limit = "over" if OVER.search(before) else "under" if UNDER.search(before) else ""
    limit = "" if OWNED.match(claim.words[match.end() :]) else limit
    metrics, places = _metrics(claim, match), tuple(_places(claim, match))
    return Told(stated, tuple(runs), is_sure, metrics, places, limit)


def match_text(claim: Statement, match: "re.Match[str]") -> str:
    """Return a number as it was written."""
    return claim.marked.numbers_in(match[0])[0].text


def is_place(claim: Statement, match: "re.Match[str]") -> bool:
    """Return whether a number without an axis is an x: `@ 5000`."""
    value = claim.marked.numbers_in(match[0])[0].value
    if not AFTER_AT.search(claim.words[: match.start()]):
        return False
    return value in claim.record.xs


def _owners(claim: Statement, match: "re.Match[str]") -> tuple[Sequence[str], bool]:
    """Return the runs a number may belong to, and whether it is sure to be theirs."""
    before, after_it = claim.words[: match.start()], claim.words[match.end() :]
    owned = OWNED.match(after_it)
    if _is_in_score(before, after_it):
        others = counterparts(claim.record, claim.runs[0]) if len(claim.runs) == 1 else []
        return [*claim.runs, *others], False
    if owned:
        return claim.names_in(owned[1] or owned[2]), True
    tight = TIGHT.search(before)
    if tight:
        return claim.names_in(tight[1] or tight[2]), True
    after = FOLLOWED_BY_RUN.match(after_it)
    if after:
        return claim.names_in(after[1]), False
    if claim.unknown and not claim.names_in(claim.words):
        return [], False
    return _of_either(claim, before, after_it)


def _is_in_score(before: str, after: str) -> bool:
    """Return whether a number is one of two a winner is told with: `beats ... with 0.9 to 0.8`."""
    if not BETTER.search(before):
        return False
    to = r"\s*(?:to|vs\.?|versus|against)"
    first = re.match(rf"{to}\s+{N}", after) and re.search(r"(?:\bwith|\bby|,)\s*$", before)
    more = rf"(?:\bwith|\bby|,)\s*{N}{to}\s*(?:{N}\s*(?:,|and)\s*)?$"
    return bool(first or re.search(more, before))


def _of_either(claim: Statement, before: str, after: str) -> tuple[Sequence[str], bool]:
    """Return the runs of a number beside which none is named: it may be that of the other side."""
    others = counterparts(claim.record, claim.runs[0]) if claim.runs else []
    if others and THE_OTHER.search(before):
        return others, False
    patterns = (SET_AGAINST.match(after), OTHER_SIDE.search(before), OTHER_SIDE_AFTER.match(after))
    if len(claim.runs) == 1 and any(patterns):
        return [*claim.runs, *others], False
    if claim.runs and not re.search(R, before):
        told_of = claim.lead.named if claim.lead is not None else others
        return list(dict.fromkeys([*claim.runs, *told_of])), False
    return claim.runs, True


def _metrics(claim: Statement, match: "re.Match[str]") -> tuple[str, ...] | None:
    """Return the metrics a number may be of: the one before it, its clause's, or the sentence's."""
    beside = NAMED_BEFORE.search(claim.words[: match.start()])
    if beside:
        [mention] = claim.marked.metrics_in(beside[1])
        return mention.names
    clause = claim.marked.metrics_in("".join(claim.clause(match.start())))
    if not clause:
        own = bool(claim.marked.metrics) or SOME_VALUE.search(match_text(claim, match))
        return tuple(claim.metrics) if own and claim.metrics is not None else None
    return tuple(dict.fromkeys(name for one in clause for name in one.names))


def _places(claim: Statement, match: "re.Match[str]") -> Sequence[Place]:
    """Return the x of a number: the one beside it, or any; none for a final value."""
    if not claim.marked.places and not claim.is_under_lead:
        return ()
    since = re.split(rf"{N}|{X}", claim.words[: match.start()])[-1]
    if TAIL.search(claim.words[: match.start()]):
        return ()
    if FINAL.search(since) or AT_ITS_END.match(claim.words[match.end() :]):
        return ()
    clause = "".join(claim.clause(match.start()))
    if len(claim.places) > 1:
        return _of_several(claim, match, clause)
    if claim.lead and not re.search(X, clause) and re.search(rf";[^;]*{X}", claim.words):
        return [*claim.places, *claim.lead.places]
    return claim.places


def _of_several(claim: Statement, match: "re.Match[str]", clause: str) -> Sequence[Place]:
    """Return the x of a number where a sentence names several: its clause's, or one beside it."""
    own = claim.marked.places_in(clause)
    if len(own) == 1:
        return own
    beside = BESIDE.match(claim.words[match.end() :])
    return claim.marked.places_in(beside[1]) if beside else claim.places
