"""Claims that name a cause of a difference between runs."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from samestep.claims import calls
from samestep.claims.facts import Changes
from samestep.claims.finding import Evidence, Finding, supported
from samestep.claims.marks import M, N, X
from samestep.claims.patterns import words
from samestep.claims.statement import Statement
from samestep.claims.words_of_causing import CAUSE, DOING_MAKES, OUTCOME, THING_MAKES

NO_CHANGE = words(r"\b(?:which|model|it|that|this|who|we|they|run|training)\b", re.IGNORECASE)
NOT_NAMED = words(
    r"\bto (?:none|neither|no single|no one)\b|"
    r"\b(?:cannot|can[\u2019']t|no|not|nobody|unable|unknown)\b[^.;]*"
    r"\b(?:cause|reason|explanation|attribut\w*|explain\w*|assign\w*|credit\w*|ascri\w*|pinn?\w*"
    r"|blam\w*"
    r"|put down|trac(?:e|ed|able)|singled? out|separat\w*|tell|told|say|said|disentangl\w*"
    r"|isolat\w*)\b"
)
AFTERWARDS = words(r"because|due|thanks|owing|by virtue|on account", re.IGNORECASE)
BACK = words(
    r"^\W*(?:(?:so|and|but|all|yes|no)\W+)*(?:of )?(?:this|that|it|they|both)\b|\b(?:this"
    r"|that)[.!]*$"
)
OF_DIFFERENCE = words(
    r"\b(?:the|this|that|its|all the) (?:\w+ )?(?:gap|difference|delta|drop|gain|improvement|lead"
    r"|margin|deficit"
    r"|advantage|jump|rise|boost|increase|decrease|reduction)\b|\b(?:cause|reason|culprit"
    r"|explanation)\b"
)
ONLY_CHANGE = words(
    r"\bthe (?:only|one|single) (?:\w+ )?(?:setting|thing|change|key|parameter|difference|one)\b"
)
STEM = 4  # letters of a setting's name by which a longer or shorter form of it is known


def causes(claim: Statement) -> Iterator[Finding]:
    """Yield the cause that a sentence names, if it does."""
    at = _cause(claim)
    if at is None or claim.is_open(at) or claim.is_negated(at) or not _has_outcome(claim):
        return
    if claim.is_taken(at) or NOT_NAMED.search(claim.words):
        return
    if claim.unknown:
        names = [one.text for one in claim.unknown]
        call = calls.auditing(claim.record, [*claim.runs, *names])
        yield Finding("cause", "unverifiable", (), (), f"No answer holds {names[0]}. {call} would.")
        return
    changes = _changes(claim)
    if changes is not None:
        yield _judged(claim, changes)
    elif len(claim.runs) > 0:
        call = calls.auditing(claim.record, claim.runs)
        yield Finding(
            "cause", "unverifiable", (), (), f"No answer tells what changed. {call} would."
        )


def _has_outcome(claim: Statement) -> bool:
    """Return whether a sentence, or the one its `this` stands for, tells how a run fares."""
    own = [found[0] for found in OUTCOME.finditer(claim.words)]
    if any(not re.fullmatch(M, one) for one in own) or (
        own and re.search(rf"{N}|{X}", claim.words)
    ):
        return True
    back = BACK.search(claim.words) or OF_DIFFERENCE.search(claim.words)
    lead = claim.lead.words if back and claim.lead is not None else ""
    told = any(not re.fullmatch(M, found[0]) for found in OUTCOME.finditer(lead))
    return told or re.search(N, lead) is not None


def _cause(claim: Statement) -> int | None:
    """Return where a cause is named."""
    named = CAUSE.search(claim.words)
    if named and AFTERWARDS.match(named[0]) and _is_evidence(claim, named.end()):
        return None
    if named and (claim.runs or claim.marked.metrics_in(claim.words)):
        return named.start()
    doing = DOING_MAKES.search(claim.words)
    if doing and OUTCOME.search(claim.words[doing.end() :]):
        return doing.end() - 1
    thing = THING_MAKES.search(claim.words)
    if (
        thing
        and not NO_CHANGE.search(thing["thing"].split()[-1])
        and not claim.names_in(thing["thing"])
    ):
        known = [word for one in claim.record.changes for word in one.named]
        if _mentions(thing["thing"], known):
            return thing.start()
    return None


def _is_evidence(claim: Statement, at: int) -> bool:
    """Return whether what follows `because` is a metric that is pointed to, and no setting."""
    told = claim.words[at:]
    known = [word for one in claim.record.changes for word in one.named]
    return bool(re.match(rf"[^.;,:]*{M}", told)) and not _mentions(told, known)


def _changes(claim: Statement) -> Changes | None:
    """Return what is recorded to have changed between the runs a sentence is about."""
    runs = set(claim.runs)
    fitting = [one for one in claim.record.changes if all(_is_in(claim, n, one.runs) for n in runs)]
    return max(
        fitting, key=lambda one: (runs <= one.runs, -len(one.runs), one.things), default=None
    )


def _is_in(claim: Statement, name: str, runs: AbstractSet[str]) -> bool:
    """Return whether a run is one of some, or a group of it, or a member of one of them."""
    groups = [group for group, members in claim.record.members.items() if name in members]
    return not runs.isdisjoint([name, *groups, *claim.record.members.get(name, ())])


def _judged(claim: Statement, changes: Changes) -> Finding:
    evidence = (Evidence(changes.answer_id, "changed", changes.told),)
    named = _mentions(claim.passage.text, changes.named) or ONLY_CHANGE.search(claim.words)
    if changes.things == 1 and named:
        return supported("cause", evidence)
    why = (
        f"{changes.things} things changed between the runs: a difference belongs to none of them."
        if changes.things != 1
        else "It names another cause than the one thing that changed."
    )
    return Finding("cause", "blocked", ("one-change",), evidence, why, changes.told)


def _mentions(text: str, named: Sequence[str]) -> bool:
    """Return whether a text speaks of a changed setting, or of a value it has."""
    words = re.findall(r"[a-z0-9.]+", text.lower())
    wanted = [part for name in named for part in re.split(r"[^a-z0-9.]+", name.lower()) if part]
    return any(_same(word.rstrip("."), part) for word in words for part in wanted)


def _same(word: str, part: str) -> bool:
    if word == part:
        return True
    return min(len(word), len(part)) >= STEM and word[:STEM] == part[:STEM]
