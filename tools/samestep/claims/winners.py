"""Claims that one run is better than another, or the best."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls, rewrites
from samestep.claims.contests import STANDING, Contest, contests, is_asserted
from samestep.claims.facts import Judged, close
from samestep.claims.finding import Evidence, Finding, Kind, evidence_of, supported
from samestep.claims.lexicon import SO_FAR
from samestep.claims.marks import N, R
from samestep.claims.pairs import (
    Difference,
    counterparts,
    differences,
    is_single,
    stands,
    stands_at_any,
)
from samestep.claims.passages import Passage
from samestep.claims.patterns import words
from samestep.claims.sides import Sides, sides
from samestep.claims.statement import Statement, statement
from samestep.claims.words_of_winning import BETTER
from samestep.rules import RuleId

BEST = words(r"best|strongest|worst|weakest|top|first|number one|champion|sota|last", re.IGNORECASE)
SOME_RUN = words(
    r"\b(?:former|latter|(?:first|second|new|newer|old|older|other|previous|latest"
    r"|current) (?:run|model|one|variant|config\w*|setup))\b"
)
ANSWER = words(rf"{R}(?: is| does| did| has)?[.!]?")
NOTHING = words(
    r"\b(?:nothing|nobody|no one|none(?: of \w+ \w+)?|no (?:other |single )?(?!claim|evidence|sign"
    r"|indication"
    r"|statement|proof|reason|hint|winner|need)\w+(?: (?!of\b)\w+)?)\s+"
    r"(?:else )?(?:(?:is|was|can|could|has|does|ever) ){0,2}(?:\w+ly )?$"
)
LIFTED = words(rf"\bfrom {N}\s*\(?\s*({R})\)?\s*to {N}\s*\(?\s*({R})")


def winners(claim: Statement) -> Iterator[Finding]:
    """Yield every claim of a winner in a sentence."""
    yield from _answered(claim)
    for one in contests(claim):
        if one.is_better and NOTHING.search(claim.words[: one.begin]):
            yield from _unbeaten(claim, one.begin, one.end)
        elif is_asserted(claim, one):
            yield from _judged(claim, _sides(claim, one), claim.words[one.begin : one.end])


def _sides(claim: Statement, one: Contest) -> Sides:
    """Return the winner first: of `from 0.77 (...) to 0.79 (...), an improvement` the second."""
    found = sides(claim, one.begin)
    if not one.is_better:
        return found.flipped
    lifted = LIFTED.search(claim.words)
    if lifted and re.search(r"improve|upgrade|step up", claim.words[one.begin : one.end]):
        ends = claim.names_in(lifted[2]), claim.names_in(lifted[1])
        return Sides(ends[0][0], (ends[1][0],), found.unknown) if all(ends) else found
    return found


def _unbeaten(claim: Statement, begin: int, end: int) -> Iterator[Finding]:
    """Yield the winner that `nothing beats`, or than which `none is better`."""
    names = claim.names_in(claim.words[end:])[:1] or (claim.runs[:1] if claim.is_of_it else [])
    if names and not claim.is_open(begin):
        best = Sides(names[0], tuple(counterparts(claim.record, names[0])), tuple(claim.unknown))
        yield from _judged(claim, best, "best")


def _answered(claim: Statement) -> Iterator[Finding]:
    """Yield the winner that answers a question, such as `Which one is better? ... is`."""
    asked = claim.passage.before.endswith("?") and claim.lead
    better = BETTER.search(claim.lead.marked.words) if asked and claim.lead else None
    if better and ANSWER.fullmatch(claim.words.strip()):
        yield from _judged(claim, sides(claim, len(claim.words)), better[0])


def _judged(claim: Statement, found: Sides, word: str) -> Iterator[Finding]:
    kind: Kind = "ranking" if BEST.search(word) or len(found.others) > 1 else "winner"
    if found.unknown:
        yield _unseen(claim, found, kind)
    elif found.subject is None:
        yield from _nobody(claim, kind)
    elif not found.others:
        yield _no_comparison(claim, (found.subject,), kind)
    else:
        yield from _against_each(claim, found, kind, word)


def _nobody(claim: Statement, kind: Kind) -> Iterator[Finding]:
    """Judge a winner without a run: `the new one wins`, where two runs alone were compared."""
    if any(one.how == "short" for one in claim.mentions):
        yield Finding(kind, "blocked", ("full-names",), (), "It names no run by its full name.")
        return
    pairs = {(one.student, one.baseline) for one in claim.record.judged}
    if len(pairs) != 1 or not SOME_RUN.search(claim.words):
        return
    [pair] = pairs
    ways = [pair, (pair[1], pair[0])]
    known = [(way, _of_pair(claim, way)) for way in ways]
    found = [_decided(claim, way, held, "", kind) for way, held in known if held]
    if not found:
        return
    yield min(found, key=lambda one: one.verdict == "blocked")


def _of_pair(claim: Statement, pair: tuple[str, str]) -> list[Difference]:
    scoped = differences(claim.record, pair, _metrics(claim))
    return scoped or differences(claim.record, pair)


def _against_each(claim: Statement, found: Sides, kind: Kind, word: str) -> Iterator[Finding]:
    barred = [pair for pair in found.pairs if _is_barred(claim, pair)]
    several = len(found.pairs) > 1 and len(barred) < len(found.pairs)
    for pair in found.pairs:
        if several and pair in barred:
            continue
        known = differences(claim.record, pair, _metrics(claim))
        unscoped = known or differences(claim.record, pair)
        absent = None if known else claim.absent(pair)
        if absent is not None:
            yield _of_absent(claim, pair, absent, kind)
        elif not unscoped or (not known and _metrics(claim) == []):
            yield _no_comparison(claim, pair, kind)
        else:
            yield _decided(claim, pair, known or unscoped, word, kind)


def _of_absent(claim: Statement, pair: tuple[str, str], metric: str, kind: Kind) -> Finding:
    single: tuple[RuleId, ...] = ("single-seed",) if is_single(claim.record, pair) else ()
    why = f"{metric} is not logged by both of {pair[0]} and {pair[1]}."
    rewrite = rewrites.of_differences(claim.record, differences(claim.record, pair))
    return Finding(kind, "blocked", ("winner-evidence", *single), (), why, rewrite)


def _is_barred(claim: Statement, pair: tuple[str, str]) -> bool:
    known = differences(claim.record, pair, _metrics(claim))
    return bool(known) and all(one.is_barred for one in known)


def _decided(
    claim: Statement, pair: tuple[str, str], known: Sequence[Difference], word: str, kind: Kind
) -> Finding:
    deciding = [one for one in known if one.role == "downstream"] or list(known)
    cells = [cell for one in deciding for cell in (one.one, one.other)][:4]
    won = [
        one.judged
        for one in deciding
        if one.judged and one.judged.winner == pair[0] and _stands_there(claim, one)
    ]
    if won:
        return supported(kind, [_verdict(won[0]), *evidence_of(cells)])
    if _stands_so_far(claim, pair, deciding, word):
        return supported(kind, evidence_of(cells))
    rules = _rules(claim, pair, deciding)
    there = [one for one in deciding if stands_at_any(one.one, claim.places)]
    return Finding(
        kind,
        "blocked",
        rules,
        evidence_of(cells),
        _why(pair, rules, deciding),
        rewrites.of_differences(claim.record, there or deciding),
    )


def _stands_there(claim: Statement, one: Difference) -> bool:
    """Return whether a judgement was made at the x told; one without is about the end."""
    x = one.judged.x if one.judged else None
    if x is None or not claim.places:
        return True
    return (
        one.one.x is not None
        and close(one.one.x, x)
        and any(stands(one.one, p) for p in claim.places)
    )


def _stands_so_far(
    claim: Statement, pair: tuple[str, str], deciding: Sequence[Difference], word: str
) -> bool:
    """Return whether `better so far` tells a recorded lead on what the project is for."""
    if not (SO_FAR.search(claim.words) and claim.places and STANDING.search(word)):
        return False
    return any(
        one.role == "downstream" and one.better == pair[0] and not one.is_barred for one in deciding
    )


def _rules(
    claim: Statement, pair: tuple[str, str], deciding: Sequence[Difference]
) -> tuple[RuleId, ...]:
    if all(one.is_barred for one in deciding):
        return ("same-definition",)
    if all(one.role == "proxy" for one in deciding):
        return ("no-proxy-winner",)
    against = [one.judged for one in deciding if one.judged and one.judged.winner]
    single: tuple[RuleId, ...] = ("single-seed",) if is_single(claim.record, pair) else ()
    return ("winner-evidence", *(() if against else single))


def _why(pair: tuple[str, str], rules: Sequence[RuleId], deciding: Sequence[Difference]) -> str:
    won = next((one.judged.winner for one in deciding if one.judged and one.judged.winner), None)
    if won == pair[0]:
        return f"{won} is the recorded winner over {pair[1]} at another x than the one told."
    if won is not None:
        return f"The recorded winner between {pair[0]} and {pair[1]} is {won}."
    metrics = ", ".join(dict.fromkeys(one.one.metric for one in deciding))
    if "no-proxy-winner" in rules:
        return f"{metrics}: only proxies are recorded of the two, and a proxy names no winner."
    return f"No winner between {pair[0]} and {pair[1]} is recorded on {metrics}."


def _metrics(claim: Statement) -> list[str] | None:
    """Return the metrics a winner rests on: the sentence's, or those the next one points to."""
    if claim.metrics is not None or not claim.passage.after:
        return claim.metrics
    return statement(Passage(claim.passage.after, 0), claim.names).metrics


def _verdict(judged: Judged) -> Evidence:
    return Evidence(judged.answer_id, f"verdict against {judged.baseline}", judged.kind)


def _unseen(claim: Statement, found: Sides, kind: Kind) -> Finding:
    text = found.unknown[0].text
    names = [name for name in (found.subject, *found.others) if name]
    named = [*names, *(one.text for one in found.unknown)]
    call = calls.comparing(claim.record, named, _metrics(claim))
    return Finding(kind, "unverifiable", (), (), f"No answer holds {text}. {call} would tell.")


def _no_comparison(claim: Statement, names: Sequence[str], kind: Kind) -> Finding:
    call = calls.comparing(claim.record, names, _metrics(claim))
    told = " and ".join(names)
    return Finding(kind, "unverifiable", (), (), f"No answer compares {told} so. {call} would.")
