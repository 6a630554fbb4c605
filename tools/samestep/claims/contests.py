"""Where a sentence says that one run is better than another, and where such words say nothing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from samestep.claims.marks import M, N, R
from samestep.claims.patterns import words
from samestep.claims.statement import Statement
from samestep.claims.words_of_winning import BETTER, CONTEST, NUMBERED, ORDER, WORSE

OWN_BEST = words(
    rf"^(?:{M}|\s*(?:\w+\s)?(?:checkpoint|value|score|epoch|step|result|so far)|\s+{M}\s+(?:of"
    rf"|is|was|so far)|\s*(?:{M}\s*)?[:=(]?\s*{N})",
    re.IGNORECASE,
)
IMPERATIVE = words(r"beat|outperform|surpass|win|defeat|crush", re.IGNORECASE)
LAST_WINS = words(
    r"\b(?:values?|writes?|writer|entry|key|match|settings?|flags?|arguments?|default|majority"
    r"|one set)\s+$"
)
"""What wins where no run does: `the last value wins`."""
NO_LONGER = words(r"\bno longer\b")  # which elsewhere begins `no longer improving`
NO_RIVAL = words(
    rf"\s+(?:the |a |about )?{N}(?!\s*(?:to|vs\.?|against|-|\u2013)\s*{N})|\s+(?:its|their) (?:own"
    rf"|previous|earlier|old|last)\b"
)
"""What is beaten where no run is: a number, or a value of the run's own."""
LOST = words(rf"{N} (?:that|which) {R} $")  # `the 0.04 that ... loses to ...`
LEVELLED = words(r"better|worse|weaker", re.IGNORECASE)
STANDING = words(r"better|worse|weaker|stronger|inferior|superior", re.IGNORECASE)


class Contest(NamedTuple):
    """Words that call one run better, or worse, than another."""

    begin: int
    end: int
    is_better: bool = True


def contests(claim: Statement) -> Iterator[Contest]:
    """Yield the words that call a run better or worse, but where what is beaten is no run."""
    found = [
        *(Contest(f.start(), f.end()) for f in BETTER.finditer(claim.words)),
        *(Contest(f.start(), f.end(), is_better=False) for f in WORSE.finditer(claim.words)),
        *(Contest(f.end(), f.end()) for f in ORDER.finditer(claim.words)),
        *(Contest(f.end(), f.end()) for f in NUMBERED.finditer(claim.words)),
        *(Contest(f.start("verb"), f.end("verb")) for f in CONTEST.finditer(claim.words)),
    ]
    for one in sorted(found):
        of_number = one.is_better and NO_RIVAL.match(claim.words[one.end :])
        if not of_number and not LAST_WINS.search(claim.words[: one.begin]):
            yield one


def is_asserted(claim: Statement, one: Contest) -> bool:
    """Return whether the words assert a winner: not hedged, denied, or a mere direction."""
    begin, end = one.begin, one.end
    if claim.is_open(begin) or claim.is_negated(begin, end) or claim.is_taken(begin):
        return False
    word = claim.words[begin:end]
    if NO_LONGER.search(claim.clause(begin)[0]) or _is_told_to(claim, begin, word):
        return False
    if _is_measured(claim, begin, word) or _is_own_best(claim, begin, end):
        return False
    return not (LEVELLED.search(word) and _is_level(claim, begin, end))


def _is_told_to(claim: Statement, begin: int, word: str) -> bool:
    """Return whether a verb without a subject is a goal: `Goal: beat ...`."""
    return bool(IMPERATIVE.fullmatch(word) and re.search(r"(?:^|[:;(-])\s*$", claim.words[:begin]))


def _is_measured(claim: Statement, begin: int, word: str) -> bool:
    """Return whether `2.4 points better` tells a difference on what the project is for."""
    if LOST.search(claim.words[:begin]) and word.startswith("los"):
        return True
    of_number = STANDING.fullmatch(word) and (
        re.search(rf"{N}\s*(?:\w+\s+)?$", claim.words[:begin])
        or re.match(rf"\s+by\s+(?:\w+\s+)?{N}", claim.words[begin + len(word) :])
    )
    of_metric = claim.places and re.fullmatch(
        r"better|worse|superior|inferior|weaker|stronger|poorer", word, re.IGNORECASE
    )
    told = of_number or (of_metric and re.match(rf"\s+{M}", claim.words[begin + len(word) :]))
    if of_number and claim.metrics:
        return True
    if not of_number and _is_within_noise(claim):
        return False
    metrics = claim.metrics or list(claim.record.metrics)
    return bool(told) and any(claim.record.metrics[m].role == "downstream" for m in metrics)


def _is_within_noise(claim: Statement) -> bool:
    """Return whether the runs that are named could not be told apart on the metric."""
    names = set(claim.names_in(claim.words))
    kinds = [
        one.kind
        for one in claim.record.judged
        if {one.student, one.baseline} <= names and claim.is_about(one.metric)
    ]
    return bool(kinds) and all(kind == "within_noise" for kind in kinds)


def _is_own_best(claim: Statement, begin: int, end: int) -> bool:
    """Return whether `best` is said of one run's own values."""
    if not re.search(r"best|worst|top", claim.words[begin:end], re.IGNORECASE):
        return False
    if re.match(
        rf"\s+(?:checkpoint|epoch|step|value|score) (?:of|for|in) (?:the )?{R}", claim.words[end:]
    ):
        return True
    own = re.search(r"(?:'s|\u2019s|\bits|\btheir)\s*$", claim.words[:begin])
    return bool(
        own
        or (
            OWN_BEST.match(claim.words[end:])
            and not re.match(rf"\s*{M}\s*[:=]\s*(?!{N})", claim.words[end:])
            and re.search(N, claim.words[end:])
        )
    )


def _is_level(claim: Statement, begin: int, end: int) -> bool:
    """Return whether `better` only tells a direction: `higher is better`, `2.5 better`."""
    before, after = claim.words[:begin], claim.words[end:]
    return bool(
        re.search(
            rf"(?:\b(?:an? )?(?:higher|lower|smaller|larger|greater|bigger) (?:(?:[\w-]+"
            rf"|{M}) ){{0,3}}"
            r"|(?<!, )\b(?:which|what) )(?:is|are|means?) \s*$",
            before,
            re.IGNORECASE,
        )
        or (
            re.match(r"\s*[);]?\s*$", after)
            and re.search(r"(?:higher|lower) is $", before, re.IGNORECASE)
        )
    )
