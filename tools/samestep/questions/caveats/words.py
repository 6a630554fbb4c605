"""Caveats, and the lists in their sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.comparable import Fact, Finding
from samestep.analysis.comparable.parties import CONFIG
from samestep.analysis.comparable.shown import shown
from samestep.answers.answer import Caveat, Severity
from samestep.rules import RuleId

MOST_NAMED = 5
MOST_RUNS = 3  # runs named beside one value
MOST_FACTS = 3  # facts told in one caveat
LONGEST_NAME = 80  # characters of a name that others chose


@dataclass(frozen=True, slots=True)
class Said:
    """One caveat, and whether the answer cannot do without it."""

    caveat: Caveat
    needed: bool = False


def said(rule: RuleId, severity: Severity, text: str, *, needed: bool = False) -> Said:
    """Return a caveat; one that blocks is always needed."""
    caveat = Caveat(rule=rule, severity=severity, text=text)
    return Said(caveat, needed or severity == "blocks")


def told(finding: Finding, text: str) -> Said:
    """Return the caveat of a finding of the audit."""
    return said(finding.ruling.rule, finding.ruling.severity, text)


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return names in a row, those beyond the first few counted."""
    rest = len(names) - most
    shown = ", ".join(names[:most])
    return f"{shown} and {rest} more" if rest > 0 else shown


def joined(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return names as a sentence has them: `A, B and C`."""
    if len(names) > most or len(names) <= 1:
        return listed(names, most)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def facts_told(facts: Sequence[Fact], most: int = MOST_FACTS) -> str:
    """Return facts in parentheses: where each comes from, and what each side has."""
    rest = len(facts) - most
    more = f"; {rest} more" if rest > 0 else ""
    return f"({'; '.join(map(_fact_told, facts[:most]))}{more})"


def subject_told(fact: Fact) -> str:
    """Return what a fact is about, and which record says so."""
    subject, origin = shown(fact.subject, LONGEST_NAME), shown(fact.origin, LONGEST_NAME)
    return f"{CONFIG} {subject}" if origin == CONFIG else f"{subject}, {origin}"


def names_told(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return names that others chose and that stand in parentheses of ours."""
    return listed([shown(name, LONGEST_NAME) for name in names], most)


def _fact_told(fact: Fact) -> str:
    by_value = _by_value(fact.values)
    values = [f"{value} in {joined(names, MOST_RUNS)}" for value, names in by_value.items()]
    return f"{subject_told(fact)}: {listed(values)}"


def _by_value(values: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in values.items():
        found.setdefault(value, []).append(name)
    return found
