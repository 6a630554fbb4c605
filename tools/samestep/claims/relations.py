"""Words that set two runs apart, and the numbers that go with them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from samestep.claims.lexicon import APART, DEFINITIVE, EQUAL, LEAD, LEVEL
from samestep.claims.marks import M, N, Place, R, Stated, X
from samestep.claims.numbers import agrees
from samestep.claims.pairs import differences, is_share, stands_at_any
from samestep.claims.patterns import words
from samestep.claims.sides import Sides, sides
from samestep.claims.statement import Statement
from samestep.claims.told import OWNED

GAP = (
    r"improvement|gap|minus|difference|delta|margin|lead|diff|distance|deficit|advantage"
    r"|disadvantage"
    r"|regression"
)
BEFORE_DELTA = words(
    r"(?:\b(?:(?<!judged )(?<!judging )(?<!measured )by|improvement|gain|drop|increase|decrease"
    r"|reduction|loses|lost|gains|gained"
    rf"|adds?(?! (?:the )?{R})"
    r"|shav\w+|trim\w*|cuts?|knock\w*|trails?|leads?|down by|up by)\b|Δ)\s*"
    rf"(?:\([^()]*\)\s*)?(?:(?!to\b|from\b|with\b)[\w-]+\s+|{M}\s*|{R}\s*|[:=]\s*){{0,8}}$"
    rf"|\b(?:{GAP})\b\s*(?:\([^()]*\)\s*)?"
    rf"(?:(?!to\b|from\b)[\w-]+,?\s+|(?:amounts?|comes?|came|up|grew|grown|down) to\s+|to (?:close|go|make)\s+|{M},?\s*"
    rf"|{R},?\s*"
    rf"|{X},?\s*|[:=]\s*){{0,10}}$"
    r"|\b(?:up|down|extra|additional)\s+(?:about\s+|around\s+)?$",
    re.IGNORECASE,
)
OF_A_GAP = words(rf"\b(?:{GAP})s?\b")
BELOW_AT = words(
    rf"({N})\s*(?:\w+\s+)?(?:below|above|behind|ahead of|under|over|(?:higher"
    rf"|lower) than)\s+(?:the\s+)?"
    rf"(?:{R}|it)\s+(?:\w+\s+{M}\s+)?at\s+({X})"
)
EACH_AT = words(rf"({N})\s*(?:\w+\s+)?(?:at|after|by|@)\s*({X})")
OR_ALSO = words(
    rf"{N}\s*(?:\w+\s*)?(?:,|\()?\s*(?:or|i\.e\.,?|that is|which is)\s*(?:about |some )?$"
)
"""What joins a difference to the same one told another way: `190.6, or 27.8 %`."""
AFTER_DELTA = words(
    rf"^(?:\s*\((?:relative|absolute)\))?(?:\)\s+|\s*(?:(?:and"
    rf"|or)\s*{N}\s*)?(?:\w+\s+)?(?:of\s+)?(?:{M}\s*)?(?:points?\s+)?)(?:above|below|behind"
    rf"|ahead|higher|lower|better"
    rf"|worse|less|more|short|greater|smaller|larger|lead|gap|improvement|gain|drop|difference"
    rf"|margin|between(?= (?:them|the two|both|these|{R}))|distance|regression|to (?:make|catch) up"
    rf"|(?:that"
    rf"|which) {R} (?:has|have|had|holds?|keeps?) (?:over|on)|(?:that|which) {R} (?:is|was|stands"
    rf"|lies) (?:above|below|ahead|behind|over|under|higher|lower)|by which(?= {R})"
    rf"|over(?! (?:\w+ )?(?:seeds|runs)|\s+(?:\w+ ){{0,2}}{X})|under|off|shy|down|up|decrease"
    rf"|increase|reduction|deficit|advantage|apart|in front|away)\b",
    re.IGNORECASE,
)
NEAR = 120  # characters before a number that tell what it is
ENOUGH = 2  # sides
MEASURED = words(rf"{N}\s*(?:\w+\s+)?$")
OURS = words(
    r"^\W*(?:the|this|that|our|your) [^.;]{0,20}\b(?:gap|difference|lead|deficit)\b|\bwe are\b"
)
ATTRIBUTE = words(
    r"smaller|larger|higher|lower|greater|less|fewer|better|worse|highest|lowest", re.IGNORECASE
)
OF_A_THING = words(
    r"\s+(?!(?:than|on|in|at|by|for|with|after|and|but|or|here|there|now|again|so|still|overall|too"
    r"|of"
    r"|as|to|because|when|while|where|whereas|from|over|under|since|yet|throughout|until|before"
    r"|during|across|everywhere|which|that|is|are|was|were|has|the|it|its|this|these|also|already"
    r"|today|right|already|\w*loss\w*|\w*acc\w*|errors?|values?|scores?|numbers?|figures?|results?"
    r"|metrics?|readings?|means?|averages?|returns?|rewards?|perplexit\w+|ppl|[wc]er|bleu|map|f1"
    r"|auc|m?iou|recall|precision|validation|val|test|train\w*|final|mean|average|top\S*)\b)[a-z]"
)
"""What follows `smaller` where it is said of a setting or a thing: `its smaller learning rate`."""
ROUGHLY = words(
    r"\b(?:basically|roughly|nearly|practically|almost|virtually|essentially|about)\s+$"
)
ON_PAGE = words(r"above|below", re.IGNORECASE)
OF_A_PAGE = words(
    r"\b(?:comments?|sections?|tables?|figures?|lines?|paragraphs?|shown|see|seen|as|listed"
    r"|mentioned"
    r"|described|discussed|documented|cells?|plots?|headings?|message|thread|reply|code|note)\s*$"
)
OF_SETTINGS = words(
    r"\b(?:configs?|keys?|settings?|hyper-?parameters?|arguments?|flags?|data order)\b"
)
TOLD_APART = words(r"\b(?:tell|tells|told|telling)\b")
BEHIND_IT = words(
    r"\s+(?:each|the|this|every|that) (?:mean|number|figure|value|average|result|point|claim)\b"
)
HAS_OVER = words(
    rf"\b(?:that|which)\s+{R}\s+(?:has|have|had|holds?|keeps?)\s+(?:over|on)\s+(?:the\s+)?{R}"
)
BETWEEN = words(rf"\bbetween\s+(?:the\s+)?{R}\s+and\s+(?:the\s+)?{R}")
OF_P = words(r"\bp(?:[- ]values?)?(?: (?:is|of|was))?\s*$")
SOFT = frozenset("lower higher less more led lead".split())


class Relation(NamedTuple):
    """One word that sets two runs apart, and the numbers that go with the sentence."""

    at: int
    word: str
    sides: Sides
    numbers: tuple[Stated, ...]
    place: Place | None = None
    """The x of its number, where each number of a sentence has its own."""
    is_unordered: bool = False
    """Whether which of its sides comes first says nothing: `between ... and ...`."""


def relations(claim: Statement) -> list[Relation]:
    """Return every relation of a sentence; of a difference told without sides, the only pair's."""
    course = list(_course(claim))
    if len({one.place for one in course}) >= ENOUGH:
        return course
    numbers = tuple(stated for _, stated in delta_numbers(claim))
    found = _each_with_its_own(claim, list(_relations(claim, numbers)))
    between = any(one.sides.pairs or one.sides.unknown for one in found)
    bare = not found or (not between and claim.refers_back)
    if bare and numbers and _comparable(claim) and _is_about_runs(claim):
        return [Relation(0, "", _pair_after(claim) or _only_pair(claim), numbers)]
    return found


def _course(claim: Statement) -> Iterator[Relation]:
    """Yield a gap that is told at several x: `it was 0.09 at epoch 10 and is 0.05 at epoch 18`."""
    for found in _told_at_each(claim):
        [stated], [place] = (
            claim.marked.numbers_in(found[1]),
            claim.marked.places_in(found[2]),
        )
        yield Relation(found.start(), "", _only_pair(claim), (stated,), place)


def _in_points(found: list[tuple[int, Stated]]) -> list[tuple[int, Stated]]:
    """Return the differences, those without a unit in points where another one is."""
    if not any(stated.unit == "points" for _, stated in found):
        return found
    return [(at, s if s.unit else s._replace(unit="points")) for at, s in found]


def _told_at_each(claim: Statement) -> "list[re.Match[str]]":
    """Return the numbers after a word for a gap that each have their x, where two or more do."""
    gap = OF_A_GAP.search(claim.words)
    found = list(EACH_AT.finditer(claim.words, gap.end())) if gap else []
    found = found or list(BELOW_AT.finditer(claim.words))
    return found if len(found) >= ENOUGH else []


def delta_numbers(claim: Statement) -> list[tuple[int, Stated]]:
    """Return the numbers that stand for a difference, with their positions."""
    found: list[tuple[int, Stated]] = []
    course = [one.span() for one in _told_at_each(claim)]
    for match in re.finditer(N, claim.words):
        stated = claim.marked.numbers_in(match[0])[0]
        if claim.is_taken(match.start()) or _is_score(claim, match):
            continue
        before = claim.words[max(0, match.start() - NEAR) : match.start()]
        after = claim.words[match.end() :]
        told = _is_signed(claim, stated) or stated.unit in {"points", "x", "bps"}
        in_course = any(begin <= match.start() < end for begin, end in course)
        also = bool(found) and OR_ALSO.search(before) is not None
        if after.startswith(" apart") and TOLD_APART.search(before):
            continue
        beside = BEFORE_DELTA.search(before) or AFTER_DELTA.match(after)
        if told or in_course or also or (beside and not _is_a_value(claim, stated)):
            found.append((match.start(), stated))
    return _in_points(found)


def _is_a_value(claim: Statement, stated: Stated) -> bool:
    """Return whether a number is a recorded value of the runs named, and no difference of them."""
    runs = claim.runs
    cells = [
        c for run in runs for c in claim.record.of_run.get(run, ()) if claim.is_about(c.metric)
    ]
    if stated.unit == "%":
        cells = [c for c in cells if is_share(c.metric)]
    if not any(agrees(stated, c.value) and stands_at_any(c, claim.places) for c in cells):
        return False
    pairs = [(one, other) for one in runs for other in runs if one < other]
    known = [d for p in pairs for d in differences(claim.record, p, claim.metrics, claim.places)]
    return not any(agrees(stated._replace(signed=False), abs(d.delta)) for d in known)


def _is_score(claim: Statement, match: "re.Match[str]") -> bool:
    """Return whether two values are told as a score: `beats ... by 68.04 to 66.89`."""
    after = re.match(rf"\s*to\s+{N}", claim.words[match.end() :])
    return bool(after and re.search(r"\bby\s*$", claim.words[: match.start()]))


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
                    either = _is_unordered(claim, at)
                    yield Relation(at, word, between, numbers, is_unordered=either)


def _is_unordered(claim: Statement, at: int) -> bool:
    """Return whether the runs stand only in `between ... and ...`, before the word."""
    return BETWEEN.search(claim.words[:at]) is not None and not claim.names_in(claim.words[at:])


def _is_asserted(
    claim: Statement, found: "re.Match[str]", numbers: tuple[Stated, ...], *, is_apart: bool
) -> bool:
    """Return whether a word asserts a difference: not denied, hedged, or a metric's direction."""
    at = found.start()
    if claim.is_taken(at) or claim.is_negated(at):
        return False
    definitive = DEFINITIVE.search(claim.words) if is_apart else None
    sure = definitive is not None and not claim.is_negated(definitive.start())
    if not numbers and ((is_apart and not sure) or claim.is_open(at)):
        return False
    if not numbers and OF_SETTINGS.search(claim.words):
        return False
    return not _is_of_something_else(claim, found)


def _is_of_something_else(claim: Statement, found: "re.Match[str]") -> bool:
    """Return whether a word tells a metric's direction, a limit, a p-value or a setting's size."""
    before, after = claim.words[: found.start()], claim.words[found.end() :]
    if re.match(r"\s*(?:is|are) better", after) or OF_P.search(before) or BEHIND_IT.match(after):
        return True
    if EQUAL.fullmatch(found[0]) and ROUGHLY.search(before):
        return True
    if ON_PAGE.fullmatch(found[0]) and OF_A_PAGE.search(before):
        return True
    if LEVEL.fullmatch(found[0]) and _is_limit(claim, after):
        return True
    if MEASURED.search(before) or re.match(rf"\s+{M}", after):
        return False
    attribute = ATTRIBUTE.fullmatch(found[0]) and OF_A_THING.match(after)
    return bool(attribute) or found[0].lower() in {"better", "worse"}


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
        return _by_clause(claim, relations)
    own: dict[int, list[Stated]] = {one.at: [] for one in relations}
    for at, stated in delta_numbers(claim):
        by = re.search(r"\bby\s+(?:\w+\s+)?$", claim.words[:at]) is not None
        words = [word for word in own if word < at] if by else []
        nearest = min(words or own, key=lambda word: word - at if word > at else 2 * (at - word))
        own[nearest].append(stated)
    return [one._replace(numbers=tuple(own[one.at])) for one in relations]


def _by_clause(claim: Statement, relations: list[Relation]) -> list[Relation]:
    """Return the relations of one pair, each with the numbers of its own clause."""
    starts = {one.at: _clause_start(claim, one.at) for one in relations}
    if len(set(starts.values())) < ENOUGH:
        return relations
    told = [(_clause_start(claim, at), stated) for at, stated in delta_numbers(claim)]
    if not {start for start, _ in told} <= set(starts.values()):
        return relations
    return [
        one._replace(numbers=tuple(s for start, s in told if start == starts[one.at]))
        for one in relations
    ]


def _clause_start(claim: Statement, at: int) -> int:
    return at - len(claim.clause(at)[0])


def _comparable(claim: Statement) -> bool:
    named = bool(claim.runs) or bool(claim.lead and claim.lead.named)
    return (
        named
        or bool(claim.unknown)
        or (bool(claim.metrics) and len(claim.record.judged) > 0)
        or _is_ours(claim)
    )


def _is_about_runs(claim: Statement) -> bool:
    """Return whether a sentence itself speaks of runs: `steps vary by 4 %` after one does not."""
    own = claim.marked.runs or claim.marked.metrics or claim.marked.places
    return (
        bool(own) or claim.refers_back or _is_ours(claim) or APART.search(claim.words) is not None
    )


def _is_ours(claim: Statement) -> bool:
    """Return whether it speaks of a gap, or of us, where nothing is named."""
    return OURS.search(claim.words) is not None and len(claim.record.judged) > 0


def _pair_after(claim: Statement) -> Sides | None:
    """Return the two runs of `the 4.2 points that ... has over ...`."""
    found = HAS_OVER.search(claim.words)
    named = claim.names_in(found[0]) if found else []
    return Sides(named[0], (named[1],), tuple(claim.unknown)) if len(named) == ENOUGH else None


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
