"""Claims that two runs are apart: by how much, which way, and at which x."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from samestep.claims import calls, rewrites
from samestep.claims.finding import Finding, evidence_of, supported
from samestep.claims.lexicon import APART, DEFINITIVE, EQUAL, FINAL, FORWARD, LEVEL, UPWARD
from samestep.claims.marks import M, Place, R, Stated
from samestep.claims.numbers import agrees
from samestep.claims.pairs import Difference, differences, is_share, is_single
from samestep.claims.patterns import words
from samestep.claims.relations import Relation, relations
from samestep.claims.sides import Sides
from samestep.claims.statement import Statement
from samestep.claims.superlatives import is_superlative, superlative
from samestep.verdict import BEYOND_NOISE

if TYPE_CHECKING:
    from samestep.rules import RuleId

PROXIES = words(
    r"\w+\s+on\s+(?:both|all|the|every|each of the|all of the)\s+(?:\w+\s+)?prox(?:y|ies)\b"
)
ON_METRIC = words(rf"\w+\s+on\s+(?:the\s+)?({M})(?!\s*(?:,|and|or)\s*(?:the\s+)?{M})")
ON_BEFORE = words(rf"\bon\s+(?:the\s+)?({M}),?\s+(?:it|{R})\s+(?:\w+\s+){{0,2}}$")
ROUNDED = 1e-7  # of a value: what an answer's eight digits leave out of it
MOST_CROSSED = 200  # values of a run that are tried against those of another at other x


def deltas(claim: Statement) -> Iterator[Finding]:
    """Yield every claim of a difference in a sentence."""
    for one in relations(claim):
        yield from _judged(claim, one)


def _judged(claim: Statement, one: Relation) -> Iterator[Finding]:
    between = one.sides
    if between.unknown:
        named = [n for n in (between.subject, *between.others) if n]
        call = calls.comparing(
            claim.record, [*named, *(u.text for u in between.unknown)], claim.metrics
        )
        why = f"No answer holds {between.unknown[0].text}. {call} would tell."
        yield Finding("delta", "unverifiable", (), (), why)
    elif any(m.how == "short" and not m.names for m in claim.mentions):
        yield Finding("delta", "blocked", ("full-names",), (), "It names no run by its full name.")
    elif between.pairs:
        yield from _of_pairs(claim, one)


def _of_pairs(claim: Statement, one: Relation) -> Iterator[Finding]:
    pairs = one.sides.pairs
    if is_superlative(claim):
        yield superlative(claim, one)
        return
    metrics = _metrics(claim, one)
    known = [d for pair in pairs for d in differences(claim.record, pair, metrics)]
    absent = None if known else claim.absent(pairs[0])
    if absent is not None:
        why = f"{absent} is not logged by both of {' and '.join(pairs[0])}."
        yield Finding("delta", "blocked", ("absent-said",), (), why)
        return
    if not known:
        call = calls.comparing(claim.record, list(pairs[0]), claim.metrics)
        why = f"No answer compares {' and '.join(pairs[0])} so. {call} would."
        yield Finding("delta", "unverifiable", (), (), why)
        return
    places = _places(claim, one)
    problem = _place_problem(claim, one, known, places)
    if problem is not None:
        yield problem
        return
    at = [d for pair in pairs for d in differences(claim.record, pair, metrics, places)]
    yield _at_place(claim, one, at, known)


def _metrics(claim: Statement, one: Relation) -> list[str] | None:
    """Return the metrics of a difference: those right after its word, or the sentence's."""
    before, after = claim.words[: one.at], claim.words[one.at :]
    if PROXIES.match(after):
        return [name for name, known in claim.record.metrics.items() if known.role == "proxy"]
    several = len(set(claim.metrics or ())) > 1
    named = (ON_METRIC.match(after) or ON_BEFORE.search(before)) if several else None
    found = [name for m in claim.marked.metrics_in(named[1]) for name in m.names] if named else []
    known = [d for p in one.sides.pairs for d in differences(claim.record, p, found, claim.places)]
    fits = all(any(_tells(stated, d) for d in known) for stated in one.numbers)
    return found if found and fits else claim.metrics


def _places(claim: Statement, one: Relation) -> list[Place]:
    """Return the x of a difference: its clause's where a sentence names one for each clause."""
    if one.place is not None:
        return [one.place]
    own = claim.marked.places_in("".join(claim.clause(one.at)))
    return own if len(own) == 1 < len(claim.places) else claim.places


def _place_problem(
    claim: Statement, one: Relation, known: Sequence[Difference], stated: Sequence[Place]
) -> Finding | None:
    """Return what is wrong with where a difference is said to stand."""
    places = {(place.axis, place.value) for place in stated}
    axes = {axis for axis, _ in places}
    why = ""
    if not places:
        why = "It tells a difference without its x."
    elif len(places) > len(axes):
        why = "Its two sides do not stand at the same x."
    elif FINAL.search(claim.words) and one.numbers and not _all_agree(one.numbers, known, claim):
        why = "It sets a value at one x against the final value at another."
    if not why:
        return None
    bare = not one.numbers and not places
    rewrite = rewrites.of_differences(claim.record, known)
    return Finding("delta", "blocked", ("same-x",), (), why, rewrite, is_bare=bare)


def _all_agree(numbers: Sequence[Stated], known: Sequence[Difference], claim: Statement) -> bool:
    at = [d for d in known if any(d.one.stands_at(p.axis, p.value) for p in claim.places)]
    return all(any(_tells(stated, one) for one in at) for stated in numbers)


def _at_place(
    claim: Statement, one: Relation, at: Sequence[Difference], known: Sequence[Difference]
) -> Finding:
    rewrite = rewrites.of_differences(claim.record, at or known)
    cells = [cell for d in (at or known) for cell in (d.one, d.other)][:4]
    evidence = evidence_of(cells)
    if at and all(d.is_barred for d in at):
        why = "The record says that the two cannot be subtracted."
        return Finding("delta", "blocked", ("same-definition",), evidence, why, rewrite)
    wrong = [s for s in one.numbers if not any(_tells(s, d) for d in at)]
    if wrong:
        crossed = any(_crosses(claim, one.sides, stated) for stated in wrong)
        rule: RuleId = "same-x" if crossed else "traceable"
        why = f"No recorded difference at this x is {wrong[0].text.strip()}."
        return Finding("delta", "blocked", (rule,), evidence, why, rewrite)
    if not at:
        call = calls.comparing(claim.record, list(one.sides.pairs[0]), claim.metrics)
        why = f"No answer compares the two at this x. {call} with at=... would."
        return Finding("delta", "unverifiable", (), (), why, rewrite)
    return _directed(claim, one, at, rewrite)


def _directed(
    claim: Statement, one: Relation, at: Sequence[Difference], rewrite: str | None
) -> Finding:
    told = [d for d in at if not one.numbers or any(_tells(s, d) for s in one.numbers)]
    right = [d for d in told if _goes(one, d) is not False or _is_level(claim, one, d)]
    evidence = evidence_of([cell for d in (right or told) for cell in (d.one, d.other)][:4])
    others = {d.other.run for d in told}
    if others - {d.other.run for d in right}:
        why = f"{one.word!r}, and the record says otherwise."
        bare = not one.numbers
        return Finding("delta", "blocked", ("traceable",), evidence, why, rewrite, is_bare=bare)
    pair = one.sides.pairs[0]
    if DEFINITIVE.search(claim.words) and is_single(claim.record, pair) and not _open(claim):
        why = "A single seed a side cannot settle it."
        return Finding("delta", "blocked", ("single-seed",), evidence, why, rewrite)
    return supported("delta", evidence)


def _is_level(claim: Statement, one: Relation, difference: Difference) -> bool:
    """Return whether two that are called equal could not be told apart by a test, or by noise."""
    if not EQUAL.fullmatch(one.word.lower()):
        return False
    runs = {difference.one.run, difference.other.run}
    tested = [t for t in claim.record.tested if set(t.sides) == runs]
    of_metric = [t for t in tested if t.metric == difference.one.metric]
    noise = difference.judged is not None and difference.judged.kind == "within_noise"
    return noise or any(t.outcome == "not significant" for t in of_metric)


def _open(claim: Statement) -> bool:
    found = DEFINITIVE.search(claim.words)
    return bool(found and (claim.is_negated(found.start()) or claim.is_open(found.start())))


def _tells(stated: Stated, one: Difference) -> bool:
    """Return whether a number is a difference, absolute or relative, or a ratio."""
    told = stated.unsigned
    slack = told.slack + ROUNDED * max(abs(one.one.value), abs(one.other.value))
    if told.unit == "x":
        return any(b != 0.0 and abs(told.value - abs(a / b)) <= slack for a, b in _both(one))
    if any(abs(told.value - abs(one.delta) * scale) <= slack for scale in _scales(told, one)):
        return True
    return told.unit == "%" and any(
        b != 0.0 and abs(told.value - abs(100.0 * one.delta / b)) <= told.slack
        for _, b in _both(one)
    )


def _scales(told: Stated, one: Difference) -> tuple[float, ...]:
    """Return what a difference is multiplied by where it is told in percent or in points.

    Percent of a metric that is no share are a relative difference; points are hundredths of a
    metric that is logged as a fraction.
    """
    is_fraction = max(abs(one.one.value), abs(one.other.value)) <= 1.0
    match told.unit:
        case "%":
            return () if not is_share(one.one.metric) else (100.0,) if is_fraction else (1.0,)
        case "points":
            return (1.0, 100.0) if is_fraction else (1.0,)
        case "bps":
            return (100.0, 10_000.0)
        case _:
            return (1.0, 100.0) if is_fraction and told.value > 1.0 else (1.0,)


def _both(one: Difference) -> tuple[tuple[float, float], tuple[float, float]]:
    return (one.one.value, one.other.value), (one.other.value, one.one.value)


def _crosses(claim: Statement, between: Sides, stated: Stated) -> bool:
    """Return whether a number is a difference of two values at different x."""
    plain = stated.unsigned
    for name, other in between.pairs:
        ours = [c for c in claim.record.of_run.get(name, []) if claim.is_about(c.metric)]
        theirs = claim.record.of_run.get(other, [])
        for cell in ours[:MOST_CROSSED]:
            same = [c for c in theirs[:MOST_CROSSED] if c.metric == cell.metric and c.x != cell.x]
            if any(_is_apart(plain, cell.value, c.value) for c in same):
                return True
    return False


def _is_apart(stated: Stated, one: float, other: float) -> bool:
    """Return whether a number is what two values differ by; of values above 1 no % is a part."""
    if stated.unit == "%" and max(abs(one), abs(other)) > 1.0:
        return abs(stated.value - abs(one - other)) <= stated.slack
    return agrees(stated, one - other)


def _goes(one: Relation, difference: Difference) -> bool | None:
    """Return whether a word tells the recorded direction; None where it tells none."""
    word = one.word.lower()
    if not word or word == "off" or APART.fullmatch(word):
        return None
    if EQUAL.fullmatch(word):
        if one.numbers:
            return None
        noise = difference.judged.noise if difference.judged else None
        return abs(difference.delta) <= BEYOND_NOISE * (noise or 0.0)
    is_level = LEVEL.fullmatch(word) or word in {"up", "down"}
    if one.is_unordered or (not is_level and difference.better is None):
        return None
    if is_level:
        return (difference.delta > 0) == bool(UPWARD.match(word))
    return (difference.better == one.sides.subject) == bool(FORWARD.match(word))
