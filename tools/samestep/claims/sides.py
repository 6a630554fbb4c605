"""Which runs a relation in a sentence holds between."""

from typing import NamedTuple

from samestep.claims.lexicon import OBJECT, PASSIVE
from samestep.claims.marks import M, N, R, RunMention
from samestep.claims.pairs import counterparts
from samestep.claims.patterns import words
from samestep.claims.statement import Statement

LATTER = words(
    r"(?<!of )(?<!than )(?<!behind )(?<!above )(?<!below )(?<!over )(?<!with )(?<!by )(?<!to )"
    r"\b(?:the latter|the second(?: one)?)\b"
)
RIGHT_BEFORE = words(
    rf"({R})(?:\s*\([^()]*\))?(?:,?\s+(?:which|who|that))?(?:\s+(?:is|was|has|had|also|now|still"
    rf"|already|clearly|\w+ly))*(?:\s+(?:the|an?))?\s*$"
)
ORDINAL_SIDE = words(r"\bwith the (former|latter)\s+(?:\w+\s+)?$")
PAIR = 2
IT_BEFORE = words(
    rf"\bit(?:[\u2019']s| is| was| stands| sits)\s+(?:still |now |only "
    rf"|just )?(?:{N}\s*(?:\w+ )?)?$"
)
WHICH_IS = words(rf"({R})[^{R[1:-1]}]*, which is (?:about |around |still )?{N}\s*(?:\w+ )?$")
"""`... had 3.37 there, which is 0.07 `: what is told of the run before it."""
OBJECT_WORD = words(
    r"\b(?:than|over|behind|above|below|of|for|against|versus|vs\.?|with|to|and|or"
    r"|by)\s+(?:the\s+)?$|,\s*$"
)
THE_OTHERS = words(r"\bthe other (?:two|three|four|ones)\b|\bthe others\b")
OF_THE_ONE = words(
    rf"\w+\s+(?:{M}|\w+)\s+(?:of|for)\s+(?:the\s+)?({R})\s+(?:over|than|relative to|compared (?:to"
    rf"|with)|against)"
    rf"\s+(?:that of\s+)?(?:the\s+)?({R})"
)
"""`lower val/loss of ... relative to ...`: both sides follow the word."""
LISTED = words(rf"{R}(?:\s*\([^()]*\))?(?:\s*(?:,|,? and|,? or)\s*(?:than\s+)?{R})*")


class Sides(NamedTuple):
    """The run that is spoken of, and those it is compared with."""

    subject: str | None
    others: tuple[str, ...]
    unknown: tuple[RunMention, ...] = ()
    """Runs that no answer holds."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The subject with each of the others."""
        return (
            [(self.subject, other) for other in self.others if self.subject] if self.subject else []
        )

    @property
    def flipped(self) -> "Sides":
        """The same with the two sides exchanged, where there are two."""
        if self.subject is None or len(self.others) != 1:
            return self
        return Sides(self.others[0], (self.subject,), self.unknown)


def sides(claim: Statement, at: int, *, alone: bool = False) -> Sides:
    """Return the two sides of what stands at a position of the words.

    Args:
        claim: The sentence.
        at: Where the relation stands.
        alone: Whether what was compared with a lone subject is left open.
    """
    before, after = claim.words[:at], claim.words[at:]
    both = OF_THE_ONE.match(after)
    if both and (one := claim.names_in(both[1])) and (other := claim.names_in(both[2])):
        return Sides(one[0], (other[0],), tuple(claim.unknown))
    which = WHICH_IS.search(before)
    if which and (against := _only_in_lead(claim)):
        return Sides(claim.names_in(which[1])[0], (against,), tuple(claim.unknown))
    objects = list(dict.fromkeys(claim.objects()))
    right = _joined(claim, after) or claim.names_in(after)
    left = _left(claim, before, objects, right)
    subject = next(iter(_nearest(claim, at, left)), None)
    if subject is None:
        subject = _without_name(claim, objects, right)
    others = [name for name in right if name != subject] or [n for n in objects if n != subject]
    beside = [name for name in left if name != subject and subject in left]
    others = others or (beside if THE_OTHERS.search(after) else beside[-1:])
    if not others and subject is not None and not alone:
        others = _left_open(claim, subject)
    found = Sides(subject, tuple(dict.fromkeys(others)), tuple(claim.unknown))
    return found.flipped if PASSIVE.search(claim.words) and _passive_here(claim, at) else found


def _only_in_lead(claim: Statement) -> str | None:
    """Return the one run that is told of before a sentence and not in it."""
    here = set(claim.names_in(claim.words))
    named = [name for name in claim.lead.named if name not in here] if claim.lead else []
    return named[0] if len(named) == 1 else None


def _left(claim: Statement, before: str, objects: list[str], right: list[str]) -> list[str]:
    """Return the runs before a relation that another is not compared with."""
    named = claim.names_in(before)
    left = [name for name in named if name not in objects]
    if not (left or right or claim.is_of_it) and len(set(named)) == 1:
        return named  # `an update on ...: ... still climbs` is about that run
    return left


def _joined(claim: Statement, after: str) -> list[str]:
    """Return the runs that a relation names first, as far as they are listed together."""
    found = OBJECT.search(after)
    if found is None or LISTED.search(after[: found.start()]):
        return []
    listed = LISTED.match(after, found.start(1))
    return claim.names_in(listed[0]) if listed else []


def _nearest(claim: Statement, at: int, left: list[str]) -> list[str]:
    """Return the subject first: the one right before it, of the same clause, or the first."""
    told = ORDINAL_SIDE.search(claim.words[:at])
    two = list(dict.fromkeys(claim.names_in(claim.words))) or claim.runs
    if told and len(two) == PAIR:
        return [two[told[1] == "latter"], *left]
    if IT_BEFORE.search(claim.words[:at]) and claim.lead is not None and claim.lead.named:
        return [_subjects(claim.lead)[0], *left]
    beside = RIGHT_BEFORE.search(claim.words[:at])
    if beside and not OBJECT_WORD.search(claim.words[: beside.start()]):
        return [*(n for n in claim.names_in(beside[1]) if n in left), *left]
    clause = claim.names_in(claim.clause(at)[0])
    same = [name for name in clause if name in left]
    return [*same, *left]


def _without_name(claim: Statement, objects: list[str], right: list[str]) -> str | None:
    """Return the subject of a sentence that names none before its relation."""
    if claim.lead is None and claim.is_of_it and not objects and not right:
        return next(iter(claim.named), None)
    if claim.lead is not None and (claim.is_of_it or claim.is_under_lead or not right):
        named = [name for name in _subjects(claim.lead) if name not in objects]
        if named:
            return named[1] if LATTER.search(claim.words) and len(named) > 1 else named[0]
    after = next((name for name in right if name not in objects), None)
    if after is not None or not objects:
        return after
    known = counterparts(claim.record, objects[0])
    students = [name for name in known if name in claim.record.roles.get("student", [])]
    return next(iter(students or known), None)


def _subjects(lead: Statement) -> list[str]:
    """Return the runs that an `it` may stand for: those told of before those compared with."""
    compared = lead.objects()
    return sorted(lead.named, key=lambda name: name in compared)


def _left_open(claim: Statement, subject: str) -> list[str]:
    if claim.lead is not None:
        named = [name for name in claim.lead.named if name != subject]
        if named:
            return named
    return counterparts(claim.record, subject)


def _passive_here(claim: Statement, at: int) -> bool:
    return any(found.start() <= at <= found.end() for found in PASSIVE.finditer(claim.words))
