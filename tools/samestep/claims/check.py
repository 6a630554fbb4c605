"""A text held against recorded answers: every claim in it with its verdict."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from samestep.claims.beside import beside
from samestep.claims.causes import causes
from samestep.claims.columns import Tables
from samestep.claims.convergences import convergences
from samestep.claims.courses import courses
from samestep.claims.deltas import deltas
from samestep.claims.finding import Evidence, Finding, Kind, Verdict
from samestep.claims.formulas import formulas
from samestep.claims.gains import gains
from samestep.claims.lags import lags
from samestep.claims.marks import RunMention
from samestep.claims.names import Names
from samestep.claims.parts import Json
from samestep.claims.passages import Passage, passages
from samestep.claims.patterns import words
from samestep.claims.projections import projections
from samestep.claims.rankings import rankings
from samestep.claims.recorded import Record
from samestep.claims.roles import roles
from samestep.claims.significances import significances
from samestep.claims.sources import sources
from samestep.claims.statement import Statement, statement
from samestep.claims.tables import row_findings
from samestep.claims.values import values
from samestep.claims.winners import winners
from samestep.rules import RULES, RuleId

HALF_A_SIGN = words("[\ud800-\udfff]")  # no text that holds one can be sent on
LONGEST = 100_000  # characters of a text that are read
MOST_CLAIMS = 300  # that are told one by one: those that are not borne out first
MOST_EVIDENCE = 6
MOST_NAMES = 8  # that a short one may mean, told
WORST: tuple[Verdict, ...] = ("blocked", "unverifiable", "supported")
FIRST: tuple[Kind, ...] = (
    "ranking",
    "winner",
    "projection",
    "converged",
    "cause",
    "delta",
    "value",
    "other",
)
# in this order: what one has judged, those after it leave alone
CHECKS = (
    gains,
    projections,
    rankings,
    winners,
    convergences,
    causes,
    lags,
    courses,
    formulas,
    deltas,
    values,
    significances,
    sources,
    roles,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or table row that claims something of runs, judged."""

    text: str
    line: int
    kind: Kind
    verdict: Verdict
    rules: tuple[RuleId, ...]
    evidence: tuple[Evidence, ...]
    why: str
    rewrite: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with every claim found in it."""

    claims: tuple[Claim, ...]
    characters: int
    unread: int
    """Characters beyond those that were read."""
    cut: tuple[int, ...] = ()
    """Lines of sentences that are too long, or name too much, to be read to their end."""
    more: tuple[Verdict, ...] = ()
    """The verdicts of the claims beyond those that are told; blocked ones are told first."""
    answers: int = 0
    """How many recorded answers it was held against."""

    @property
    def ok(self) -> bool:
        """Whether no claim is blocked."""
        return all(claim.verdict != "blocked" for claim in self.claims)


def check(text: str, answers: Sequence[Json]) -> Checked:
    """Hold a text against recorded answers, the newest first."""
    read = HALF_A_SIGN.sub("\ufffd", text[:LONGEST])
    names = Names.of(Record.of(answers), read)
    found: list[Claim] = []
    cut: list[int] = []
    tables = Tables()
    for passage in passages(read):
        claim = statement(passage, names)
        cut.extend([passage.line] if claim.marked.is_cut or passage.is_cut else [])
        found.extend(_claims(claim, tables))
    told, more = _bounded(found)
    return Checked(told, len(text), len(text) - len(read), tuple(cut), more, len(answers))


def _bounded(found: Sequence[Claim]) -> tuple[tuple[Claim, ...], tuple[Verdict, ...]]:
    """Return the claims that are told, in the order of the text, and the verdicts of the others."""
    if len(found) <= MOST_CLAIMS:
        return tuple(found), ()
    ranked = sorted(range(len(found)), key=lambda at: WORST.index(found[at].verdict))
    told, others = sorted(ranked[:MOST_CLAIMS]), ranked[MOST_CLAIMS:]
    return tuple(found[at] for at in told), tuple(found[at].verdict for at in others)


def _claims(claim: Statement, tables: Tables) -> Iterator[Claim]:
    if not claim.says_anything:
        return
    if claim.passage.cells:
        found = list(row_findings(claim, tables))
    else:
        found = _named(claim, [finding for checker in CHECKS for finding in checker(claim)])
    found.extend(beside(claim, found))
    if found:
        yield _together(claim.passage, _weighed(found))


def _weighed(found: list[Finding]) -> list[Finding]:
    """Return the findings without those that only repeat a winner named wrongly.

    That is a bare direction, and that one seed a side cannot settle what nothing here could.
    """
    named = any(one.kind in {"winner", "ranking"} and one.verdict == "blocked" for one in found)
    return [one for one in found if not (named and _repeats(one))]


def _repeats(one: Finding) -> bool:
    return one.is_bare or (one.kind == "delta" and one.rules == ("single-seed",))


def _named(claim: Statement, found: list[Finding]) -> list[Finding]:
    """Return the findings, and what is wrong with the names in the sentence."""
    full = {name for one in claim.mentions if one.how == "full" for name in one.names}
    short = [one for one in claim.mentions if one.how == "short" and full.isdisjoint(one.names)]
    if not found or not short:
        return found
    is_sure = all(len(one.names) <= 1 or _is_group(claim, one) for one in short)
    if is_sure and all(one.verdict == "unverifiable" for one in found):
        return found
    # which of several runs a name means is a guess, and so is what its values are
    kept = found if is_sure else [one for one in found if one.rules != ("traceable",)]
    names = sorted(
        {name for one in short for name in (one.names if not is_sure else claim.chosen(one))}
    )
    told = f": {', '.join(names[:MOST_NAMES])}" if names else ""
    why = f"{short[0].text!r} is no full name{told}."
    rewrites = [one.rewrite for one in found if one.rewrite] if is_sure else []
    rewrite = rewrites[0] if rewrites else _with_full_names(claim, short)
    blocked = Finding(found[0].kind, "blocked", ("full-names",), found[0].evidence, why, rewrite)
    return [*kept, blocked]


def _is_group(claim: Statement, one: RunMention) -> bool:
    """Return whether all that a short name may mean are a group and its members."""
    group = next(iter(claim.chosen(one)), "")
    return bool(group) and set(one.names) <= {group, *claim.record.members.get(group, ())}


def _with_full_names(claim: Statement, short: Sequence[RunMention]) -> str | None:
    """Return the sentence with full names in place of short ones."""
    chosen = {one.text: claim.chosen(one) for one in short}
    if not all(len(one.names) == 1 or _is_group(claim, one) for one in short):
        return None
    full = {text: names[0] for text, names in chosen.items()}
    longest = sorted(map(re.escape, full), key=len, reverse=True)
    pattern = rf"(?<![\w/.-])(?:{'|'.join(longest)})(?![\w/-])"
    text = re.sub(pattern, lambda found: full[found[0]], claim.passage.text)
    told = statement(replace(claim.passage, text=text), claim.names)
    judged = [finding.verdict for checker in CHECKS for finding in checker(told)]
    return None if text == claim.passage.text or "blocked" in judged else text


def _together(passage: Passage, found: Sequence[Finding]) -> Claim:
    """Return the findings of one sentence as one claim: the worst verdict, every rule broken."""
    verdict: Verdict = next(v for v in WORST if any(one.verdict == v for one in found))
    worst = [one for one in found if one.verdict == verdict]
    first = min(worst, key=lambda one: FIRST.index(one.kind))
    rewrites = [one.rewrite for one in (first, *worst) if one.rewrite]
    return Claim(
        text=passage.text,
        line=passage.line,
        kind=first.kind,
        verdict=verdict,
        rules=tuple(rule.id for rule in RULES if any(rule.id in one.rules for one in worst)),
        evidence=tuple(dict.fromkeys(e for one in worst for e in one.evidence))[:MOST_EVIDENCE],
        why=" ".join(dict.fromkeys(one.why for one in worst if one.why)),
        rewrite=rewrites[0] if rewrites and verdict == "blocked" else None,
    )
