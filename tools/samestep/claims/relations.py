"""Words that set two runs apart, and the numbers that go with them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from samestep.claims.lexicon import APART, DEFINITIVE, EQUAL, LEAD, LEVEL
from samestep.claims.marks import M, N, R, Stated
from samestep.claims.numbers import agrees
from samestep.claims.sides import Sides, sides
from samestep.claims.statement import Statement
from samestep.claims.told import OWNED

BEFORE_DELTA = re.compile(
    r"(?:\b(?:by|gap|difference|delta|margin|lead|diff|improvement|gain|drop|increase|decrease"
    r"|reduction|loses|lost|gains|gained|adds?|shav\w+|trim\w*|cuts?|knock\w*|deficit|advantage|trails?|leads?|down by|up by)\b"
    rf"|Δ)\s*(?:\([^()]*\)\s*)?(?:(?!to\b|from\b|with\b)[\w-]+\s+|{M}\s*|{R}\s*|[:=]\s*){{0,8}}$"
    rf"|\b(?:up|down)\s+(?:about\s+|around\s+)?$",
    re.IGNORECASE,
)
AFTER_DELTA = re.compile(
    rf"^(?:\)\s+|\s*(?:\w+\s+)?(?:of\s+)?(?:{M}\s*)?)(?:above|below|behind|ahead|higher|lower|better"
    rf"|worse|less|more|short|greater|smaller|larger|lead|gap|improvement|gain|drop|difference"
    rf"|margin|over(?! (?:\w+ )?(?:seeds|runs))|under|off|shy|down|up|decrease|increase|reduction|deficit|advantage|apart|in front)\b",
    re.IGNORECASE,
)
NEAR = 120  # characters before a number that tell what it is
ENOUGH = 2  # sides
MEASURED = re.compile(rf"{N}\s*(?:\w+\s+)?$")
OURS = re.compile(
    r"^\W*(?:the|this|that|our|your) [^.;]{0,20}\b(?:gap|difference|lead|deficit)\b|\bwe are\b"
)
SOFT = frozenset("lower higher less more led lead".split())


@dataclass(frozen=True, slots=True)
class Relation:
    """One word that sets two runs apart, and the numbers that go with the sentence."""

    at: int
    word: str
    sides: Sides
    numbers: tuple[Stated, ...]


def relations(claim: Statement) -> list[Relation]:
    """Return every relation of a sentence; of a difference told without sides, the only pair's."""
    numbers = tuple(stated for _, stated in delta_numbers(claim))
    found = _each_with_its_own(claim, list(_relations(claim, numbers)))
    between = any(one.sides.pairs or one.sides.unknown for one in found)
    bare = not found or (not between and claim.refers_back)
    if bare and numbers and _comparable(claim):
        return [Relation(0, "", _only_pair(claim), numbers)]
    return found


def delta_numbers(claim: Statement) -> list[tuple[int, Stated]]:
    """Return the numbers that stand for a difference, with their positions."""
    found: list[tuple[int, Stated]] = []
    for match in re.finditer(N, claim.words):
        stated = claim.marked.numbers_in(match[0])[0]
        if claim.is_taken(match.start()):
            continue
        before = claim.words[max(0, match.start() - NEAR) : match.start()]
        after = claim.words[match.end() :]
        told = _is_signed(claim, stated) or stated.unit in {"points", "x", "bps"}
        if told or BEFORE_DELTA.search(before) or AFTER_DELTA.match(after):
            found.append((match.start(), stated))
    return found


def _is_signed(claim: Statement, stated: Stated) -> bool:
    """Return whether a sign makes a number a difference: values may lie below 0 too."""
    if not stated.signed:
        return False
    cells = [
        cell for cell in claim.record.cells if stated.value < 0.0 and claim.is_about(cell.metric)
    ]
    return not any(agrees(stated, cell.value) for cell in cells)


def _relations(claim: Statement, numbers: tuple[Stated, ...]) -> Iterator[Relation]:
    for pattern in (LEVEL, LEAD, APART, EQUAL):
        for found in pattern.finditer(claim.words):
            at, word = found.start(), found[0]
            if _is_asserted(claim, found, numbers, is_apart=pattern is APART):
                between = sides(claim, at)
                if _is_said(claim, between, word, numbers):
                    yield Relation(at, word, between, numbers)


def _is_asserted(
    claim: Statement, found: "re.Match[str]", numbers: tuple[Stated, ...], *, is_apart: bool
) -> bool:
    """Return whether a word asserts a difference: not denied, hedged, or a metric's direction."""
    at = found.start()
    if claim.is_taken(at) or claim.is_negated(at):
        return False
    sure = is_apart and DEFINITIVE.search(claim.words) is not None
    if not numbers and ((is_apart and not sure) or claim.is_open(at)):
        return False
    after = claim.words[found.end() :]
    if re.match(r"\s*(?:is|are) better", after) or _is_limit(claim, after):
        return False
    measured = MEASURED.search(claim.words[:at]) is not None
    of_metric = re.match(rf"\s+{M}", claim.words[found.end() :]) is not None
    return measured or of_metric or found[0].lower() not in {"better", "worse"}


def _is_limit(claim: Statement, after: str) -> bool:
    """Return whether what a lone run lies above, or exceeds, is a number and no run's value."""
    if len(set(claim.names_in(claim.words))) >= ENOUGH:
        return False
    number = re.match(rf"\s+(?:the )?{N}", after)
    return number is not None and not OWNED.match(after[number.end() :])


def _is_said(claim: Statement, between: Sides, word: str, numbers: Sequence[Stated]) -> bool:
    """Return whether a word sets two runs apart, and not two numbers or two times."""
    named = len(set(claim.names_in(claim.words))) + len(claim.unknown)
    if named >= ENOUGH or between.unknown:
        return True
    if named == 0 and not claim.is_of_it and not numbers:
        return False
    soft = APART.fullmatch(word) is not None or word in SOFT or EQUAL.fullmatch(word) is not None
    return bool(numbers) or (not soft and bool(between.pairs))


def _each_with_its_own(claim: Statement, relations: list[Relation]) -> list[Relation]:
    """Return the relations, each with the numbers that stand nearest to it."""
    if len({one.sides for one in relations}) < ENOUGH:
        return relations
    own: dict[int, list[Stated]] = {one.at: [] for one in relations}
    for at, stated in delta_numbers(claim):
        nearest = min(own, key=lambda word: word - at if word > at else 2 * (at - word))
        own[nearest].append(stated)
    return [replace(one, numbers=tuple(own[one.at])) for one in relations]


def _comparable(claim: Statement) -> bool:
    named = bool(claim.runs) or bool(claim.lead and claim.lead.named)
    return named or (bool(claim.metrics) and len(claim.record.judged) > 0) or _is_ours(claim)


def _is_ours(claim: Statement) -> bool:
    """Return whether it speaks of a gap, or of us, where nothing is named."""
    return OURS.search(claim.words) is not None and len(claim.record.judged) > 0


def _only_pair(claim: Statement) -> Sides:
    """Return the sides of a difference that is told without them."""
    named = claim.runs or (claim.lead.named if claim.lead else [])
    if len(named) >= ENOUGH:
        return Sides(named[0], tuple(named[1:]), tuple(claim.unknown))
    if named:
        return sides(claim, len(claim.words))
    pairs = list(dict.fromkeys((one.student, one.baseline) for one in claim.record.judged))
    only = pairs[0] if len(pairs) == 1 else None
    return Sides(only[0], (only[1],)) if only else Sides(None, (), tuple(claim.unknown))
