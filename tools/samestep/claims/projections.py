"""Claims about what is still to come: that a run will catch up, or reach a value."""

import math
import re
from collections.abc import Iterator, Sequence

from samestep.claims import calls, rewrites
from samestep.claims.facts import Projection, close
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.lexicon import BY_PLACE, DEFINITIVE, LEAD, NEGATED
from samestep.claims.marks import Place, R, X
from samestep.claims.pairs import differences
from samestep.claims.patterns import words
from samestep.claims.sides import Sides, sides
from samestep.claims.statement import Statement
from samestep.claims.words_of_coming import CATCHES_UP, FUTURE, PLAN, REACHING, WILL_DO, WORK
from samestep.claims.words_of_winning import BETTER
from samestep.phrases import number

CHANCE = words(
    r"\b(?:probability|chances?|odds|likelihood)\b(?:[^.;]{0,120}\b(?:of|is|at)|\s*[:=])?\s*("
    r"\d?\.\d+|\d+(?:\.\d+)?\s?%)"
    r"|(\d?\.\d+|\d+(?:\.\d+)?\s?%)\s+(?:probability|chance|odds|likelihood|likely)",
    re.IGNORECASE,
)
HALF_A_PERCENT = 0.0051
PASSES = words(
    rf"\b(?:passes|overtakes|surpasses|beats|reaches|matches|outperforms|leads)\s+(?:the\s+)?{R}",
    re.IGNORECASE,
)
LONGEST_PRONOUN = len("they  ")
NEAR = 20  # characters before `will` in which `not` denies it
COMES_BY = words(rf"\b(?:come|by|from)\s+{X}")
REACHED_AT = words(rf"\b(?:at|by|from|after|around|before|come|in)\s+(?:about |around )?{X}")
FORESEEN = words(r"expect|project|predict|forecast|prognos|extrapol|outlook|eta|anticipat|foresee")
APART = rf"[;:.]|\bbut\b|, (?:the )?{R}"  # what ends what a verb says of the future
MOST_BETWEEN = 60  # characters between `will` and what will be
DENIED = words(
    r"\b(?:no|nothing|nobody|cannot|can't|not|don't|doesn't)\b[^,;]*\b(?:that(?! of\b)|says?|shows?"
    r"|evidence|signs?|suggests?|whether|reason|claim|projection|know|tell)\b",
    re.IGNORECASE,
)
BY_FIRST = words(
    rf"(?:^|[,:;]\s)\W*(?:so )?(?:by|before|until)\s+(?:about |around )?({X})(?=,?\s*(?:the )?{R}"
    rf"|,)"
)
CONDITIONAL = words(
    r"\W*(?:if|unless|assuming|provided|without(?! (?:a |any )?(?:doubt|question))|should|in case"
    r"|were|had)\b",
    re.IGNORECASE,
)
HAS = words(r"\b(?:has|have|had|already|not|did|does)\s+(?:\w+\s+)?$", re.IGNORECASE)


def projections(claim: Statement) -> Iterator[Finding]:
    """Yield every projection of a sentence, and note the stretch of words it takes."""
    for begin, end in _spans(claim):
        if claim.is_taken(end):  # a gain that is projected, which is judged already
            continue
        claim.taken.append((begin, len(claim.words)))
        if CONDITIONAL.match(claim.passage.text) or claim.is_open(end, future=True):
            continue
        if DENIED.search(claim.words[:end]):
            continue
        yield from _judged(claim, begin, end)


def _spans(claim: Statement) -> Iterator[tuple[int, int]]:
    """Yield where a projection begins and where it says what will be."""
    done = WILL_DO.search(claim.words)
    if done:
        yield done.start(), done.start("verb")
        return
    for future in FUTURE.finditer(claim.words):
        reaching = REACHING.search(claim.words, future.end())
        near = reaching is not None and reaching.start() - future.end() <= MOST_BETWEEN
        if reaching is None or not near or _is_plan(claim, future.start()):
            continue
        between = claim.words[future.end() : reaching.start()]
        if not re.search(r"[;.]|\bbut\b" if FORESEEN.match(future[0]) else APART, between):
            yield future.start(), reaching.start()
            return
    yield from _yet_to_come(claim)
    present = CATCHES_UP.search(claim.words)
    if present and not HAS.search(claim.words[: present.start()]):
        yield present.start(), present.start()


def _yet_to_come(claim: Statement) -> Iterator[tuple[int, int]]:
    """Yield where the present tense tells what lies beyond the newest x of a run."""
    found = PASSES.search(claim.words)
    if found is None and COMES_BY.search(claim.words):
        found = BETTER.search(claim.words) or LEAD.search(claim.words)
    subject = sides(claim, found.start()).subject if found else None
    if found is None or subject is None:
        return
    later = claim.words if COMES_BY.search(claim.words) else claim.words[found.end() :]
    for place in claim.marked.places_in("".join(REACHED_AT.findall(later))):
        reached = [
            c.x if c.axis == place.axis else c.step for c in claim.record.cells if c.run == subject
        ]
        if reached and place.value > max(x or 0.0 for x in reached):
            yield found.start(), found.start()
            return


def _is_plan(claim: Statement, at: int) -> bool:
    """Return whether it is people who will do something."""
    future = FUTURE.match(claim.words, at)
    if future and WORK.match(claim.words, future.end()):
        return True
    plan = PLAN.search(claim.words[max(0, at - LONGEST_PRONOUN) :])
    return bool(plan and plan.start() <= LONGEST_PRONOUN and not re.search(R, plan[0]))


def _judged(claim: Statement, begin: int, end: int) -> Iterator[Finding]:
    about = sides(claim, end)
    if about.unknown:
        named = [*(n for n in (about.subject,) if n), *(one.text for one in about.unknown)]
        call = calls.comparing(claim.record, named, claim.metrics)
        why = f"No answer holds {about.unknown[0].text}. {call} would."
        yield Finding("projection", "unverifiable", (), (), why)
    elif about.subject is not None:
        denied = NEGATED.search(claim.words[max(0, begin - NEAR) : end]) is not None
        yield _of(claim, about, begin, denied=denied)


def _of(claim: Statement, about: Sides, begin: int, *, denied: bool) -> Finding:
    """Judge a projection by the newest one recorded against each of the other runs."""
    wanted = "not_on_track" if denied else "on_track"
    named = set(claim.names_in(claim.words))
    if claim.is_of_it and claim.lead is not None and about.subject in claim.lead.named:
        named.add(about.subject or "")
    others = [n for n in about.others if n in named] or list(about.others)
    found = [one for one in _newest(claim, about.subject) if one.baseline in others]
    fitting = [
        one for one in found if one.outlook == wanted and _within(claim, one, begin, denied=denied)
    ]
    chances = _chances(claim)
    if chances:
        return _of_chance(claim, about, [o for o in found if _is_likely(o, chances)], found)
    is_sure = DEFINITIVE.search(claim.words) is not None
    if len(named) > 1 and not is_sure and {one.baseline for one in fitting} == set(others):
        return supported("projection", [_evidence(one) for one in fitting])
    return _beyond(claim, about, found)


def _chances(claim: Statement) -> list[float]:
    """Return the probabilities that a sentence gives, as fractions."""
    told = [next(filter(None, found.groups())) for found in CHANCE.finditer(claim.passage.text)]
    numbers = [(float(text.rstrip("% ")), text) for text in told]
    return [value / 100.0 if "%" in text else value for value, text in numbers]


def _is_likely(one: Projection, chances: Sequence[float]) -> bool:
    return one.probability is not None and all(
        abs(one.probability - chance) <= HALF_A_PERCENT for chance in chances
    )


def _of_chance(
    claim: Statement, about: Sides, fitting: Sequence[Projection], found: Sequence[Projection]
) -> Finding:
    """Judge a probability of catching up by the recorded ones, at the x they are given for."""
    places = claim.marked.places_in(claim.words)
    for one in fitting:
        asked = [place for place in places if place.axis == one.axis]
        if not asked or any(_is_its_x(one, place) for place in asked):
            return supported("projection", [_evidence(one)])
    return _beyond(claim, about, found)


def _is_its_x(one: Projection, place: Place) -> bool:
    """Return whether a probability is given up to an x, or a crossing expected around it."""
    low, high = one.interval or (one.at or 0.0, one.at or 0.0)
    crosses = one.outlook == "on_track" and _fits(place, low, high, by=False)
    return crosses or close(place.value, one.until or 0.0)


def _newest(claim: Statement, student: str | None) -> list[Projection]:
    """Return the projections of a run from farthest on, one for each metric and baseline."""
    found: dict[tuple[str, str], Projection] = {}
    for one in sorted(claim.record.projections, key=lambda one: -(one.since or 0.0)):
        if one.student == student and claim.is_about(one.metric):
            found.setdefault((one.baseline, one.metric), one)
    return list(found.values())


def _beyond(claim: Statement, about: Sides, found: Sequence[Projection]) -> Finding:
    pairs = about.pairs
    known = [d for pair in pairs for d in differences(claim.record, pair, claim.metrics)]
    known = known or [d for pair in pairs for d in differences(claim.record, pair)]
    if found:
        why = f"What was projected is {found[0].outlook}: {found[0].why}."
    elif about.subject in claim.record.runs:
        why = "No projection of this is recorded."
    else:
        call = calls.comparing(claim.record, [about.subject or ""], claim.metrics)
        return Finding("projection", "unverifiable", (), (), f"{call} would tell.")
    rewrite = rewrites.of_differences(claim.record, known)
    told = f"{rewrite} {_told(found)}" if rewrite else _told(found)
    evidence = tuple(_evidence(one) for one in found)
    return Finding("projection", "blocked", ("projection-bounded",), evidence, why, told)


def _within(claim: Statement, one: Projection, begin: int, *, denied: bool) -> bool:
    """Return whether the x that is told lies within the projected interval."""
    first = BY_FIRST.search(claim.words)
    told = first[1] if first else claim.words[begin:]
    places = [p for p in claim.marked.places_in(told) if p.axis == one.axis]
    if not places or denied:
        return True
    low, high = one.interval or (one.at or 0.0, one.at or 0.0)
    by = first is not None or BY_PLACE.search(claim.words, begin) is not None
    return _fits(places[0], low, high, by=by)


def _fits(place: Place, low: float, high: float, *, by: bool) -> bool:
    if place.upto is not None:
        return low <= place.upto and place.value <= high
    return low <= place.value and (by or place.value <= high)


def _told(found: Sequence[Projection]) -> str:
    if not found:
        return "Whether and when it catches up is not projected."
    one = found[0]
    between = ""
    if one.interval is not None:
        low, high = one.interval
        upto = f"between {one.axis} {number(low)} and {number(high)}"
        between = f" {upto}" if math.isfinite(high) else f" from {one.axis} {number(low)} on"
    told = f"The outlook of {one.student} against {one.baseline} on {one.metric}"
    return f"{told} is {one.outlook}{between}."


def _evidence(one: Projection) -> Evidence:
    cell = f"outlook of {one.student} against {one.baseline} on {one.metric}"
    return Evidence(one.answer_id, cell, one.outlook, one.at, one.axis)
