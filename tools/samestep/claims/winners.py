"""Claims that one run is better than another, or the best."""

import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls, rewrites
from samestep.claims.facts import Judged, close
from samestep.claims.finding import Evidence, Finding, Kind, evidence_of, supported
from samestep.claims.lexicon import SO_FAR
from samestep.claims.marks import M, N, R
from samestep.claims.pairs import Difference, counterparts, differences, is_single, stands
from samestep.claims.passages import Passage
from samestep.claims.sides import Sides, sides
from samestep.claims.statement import Statement, statement
from samestep.claims.words_of_winning import BETTER, CONTEST, NUMBERED, ORDER, WORSE
from samestep.rules import RuleId

OWN_BEST = re.compile(
    rf"^(?:{M}|\s*(?:\w+\s)?(?:checkpoint|value|score|epoch|step|result|so far)|\s+{M}\s+(?:of"
    rf"|is|was|so far)|\s*(?:{M}\s*)?[:=(]?\s*{N})",
    re.IGNORECASE,
)
NAMED_AFTER = re.compile(r"^\s*(?:\w+\s+){0,3}(?:is|was|are|:|goes to|be|over)", re.IGNORECASE)
BEST = re.compile(
    r"best|strongest|worst|weakest|top|first|number one|champion|sota|last", re.IGNORECASE
)
IMPERATIVE = re.compile(r"beat|outperform|surpass|win|defeat|crush", re.IGNORECASE)
SOME_RUN = re.compile(
    r"\b(?:former|latter|(?:first|second|new|newer|old|older|other|previous|latest"
    r"|current) (?:run|model|one|variant|config\w*|setup))\b"
)
ANSWER = re.compile(rf"{R}(?: is| does| did| has)?[.!]?")
NOTHING = re.compile(
    r"\b(?:nothing|nobody|no one|none(?: of \w+ \w+)?|no (?:other |single )?(?!claim|evidence|sign"
    r"|indication"
    r"|statement|proof|reason|hint|winner|need)\w+(?: (?!of\b)\w+)?)\s+"
    r"(?:else )?(?:(?:is|was|can|could|has|does|ever) ){0,2}(?:\w+ly )?$"
)
LAST_WINS = re.compile(
    r"\b(?:values?|writes?|writer|entry|key|match|settings?|flags?|arguments?|default|majority"
    r"|one set)\s+$"
)
"""What wins where no run does: `the last value wins`."""
LIFTED = re.compile(rf"\bfrom {N}\s*\(?\s*({R})\)?\s*to {N}\s*\(?\s*({R})")
NO_LONGER = re.compile(r"\bno longer\b")  # which elsewhere begins `no longer improving`
NO_RIVAL = re.compile(
    rf"\s+(?:the |a |about )?{N}|\s+(?:its|their) (?:own|previous|earlier|old|last)\b"
)
"""What is beaten where no run is: a number, or a value of the run's own."""
LEVELLED = re.compile(r"better|worse|weaker", re.IGNORECASE)
STANDING = re.compile(r"better|worse|weaker|stronger|inferior|superior", re.IGNORECASE)


def winners(claim: Statement) -> Iterator[Finding]:
    """Yield every claim of a winner in a sentence."""
    yield from _answered(claim)
    spans: list[tuple[int, int, bool]] = [
        *((f.start(), f.end(), True) for f in BETTER.finditer(claim.words)),
        *((f.start(), f.end(), False) for f in WORSE.finditer(claim.words)),
        *((f.end(), f.end(), True) for f in ORDER.finditer(claim.words)),
        *((f.end(), f.end(), True) for f in NUMBERED.finditer(claim.words)),
        *((f.start("verb"), f.end("verb"), True) for f in CONTEST.finditer(claim.words)),
    ]
    for begin, end, is_better in sorted(spans):
        if is_better and NO_RIVAL.match(claim.words[end:]):
            continue
        if LAST_WINS.search(claim.words[:begin]):
            continue
        if is_better and NOTHING.search(claim.words[:begin]):
            yield from _unbeaten(claim, begin, end)
            continue
        if claim.is_open(begin) or claim.is_negated(begin, end) or claim.is_taken(begin):
            continue
        if NO_LONGER.search(claim.clause(begin)[0]):
            continue
        word = claim.words[begin:end]
        found = sides(claim, begin)
        if _is_told_to(claim, begin, word) or _is_measured(claim, begin, word):
            continue
        if _is_own_best(claim, begin, end) or (
            LEVELLED.search(word) and _is_level(claim, begin, end)
        ):
            continue
        from_to = LIFTED.search(claim.words)
        if from_to and re.search(r"improve|upgrade|step up", word):
            one, other = claim.names_in(from_to[2]), claim.names_in(from_to[1])
            found = Sides(one[0], (other[0],), found.unknown) if one and other else found
        yield from _judged(claim, found if is_better else found.flipped, word)


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


def _is_told_to(claim: Statement, begin: int, word: str) -> bool:
    """Return whether a verb without a subject is a goal: `Goal: beat ...`."""
    return bool(IMPERATIVE.fullmatch(word) and re.search(r"(?:^|[:;(-])\s*$", claim.words[:begin]))


def _is_measured(claim: Statement, begin: int, word: str) -> bool:
    """Return whether `2.4 points better` tells a difference on what the project is for."""
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
    metrics = claim.metrics or list(claim.record.metrics)
    return bool(told) and any(claim.record.metrics[m].role == "downstream" for m in metrics)


def _is_own_best(claim: Statement, begin: int, end: int) -> bool:
    """Return whether `best` is said of one run's own values."""
    if not re.search(r"best|worst|top", claim.words[begin:end], re.IGNORECASE):
        return False
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
    found = [_decided(claim, way, (held, ""), kind) for way, held in known if held]
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
            yield _decided(claim, pair, (known or unscoped, word), kind)


def _of_absent(claim: Statement, pair: tuple[str, str], metric: str, kind: Kind) -> Finding:
    single: tuple[RuleId, ...] = ("single-seed",) if is_single(claim.record, pair) else ()
    why = f"{metric} is not logged by both of {pair[0]} and {pair[1]}."
    rewrite = rewrites.of_differences(claim.record, differences(claim.record, pair))
    return Finding(kind, "blocked", ("winner-evidence", *single), (), why, rewrite)


def _is_barred(claim: Statement, pair: tuple[str, str]) -> bool:
    known = differences(claim.record, pair, _metrics(claim))
    return bool(known) and all(one.is_barred for one in known)


def _decided(
    claim: Statement, pair: tuple[str, str], told: tuple[Sequence[Difference], str], kind: Kind
) -> Finding:
    known, word = told
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
    return Finding(
        kind,
        "blocked",
        rules,
        evidence_of(cells),
        _why(pair, rules, deciding),
        rewrites.of_differences(claim.record, deciding),
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
    after = statement(Passage(claim.passage.after, 0), claim.names)
    if after.marked.runs and not after.is_of_it:
        return None
    return after.metrics


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
