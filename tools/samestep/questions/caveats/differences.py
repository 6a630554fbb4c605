"""What the runs differ in, as caveats: those of several baselines told together."""

from collections.abc import Iterator, Mapping, Sequence

from samestep.analysis.comparable import RULINGS, Fact, Finding, Kind
from samestep.questions.caveats.words import Said, facts_told, joined, listed, subject_told, told

OPENINGS: Mapping[Kind, str] = {
    "mixed": "Runs given as one side are no seeds of one thing",
    "planned length": "The planned lengths differ, so the schedules may not be the same",
    "schedule": "The learning-rate schedules are not the same",
    "learning rate": "The logged learning rates differ at the same x",
    "batch size": "The batch sizes differ, so the same step is not the same amount of data",
    "data per epoch": "An epoch is not the same amount of data",
    "dataset": "The training data are not the same",
    "head start": "Not every run began from nothing, and x does not count what came before",
    "task unknown": "What one side is evaluated on the other does not say",
    "metric reduction": "Metrics are reduced differently",
    "evaluation size": "The evaluations are not of the same size",
    "code": "The code is not the same",
    "precision": "The precision is not the same",
    "environment": "The environments are not the same",
    "resumed": "Not trained in one go",
    "uncommitted code": "Run with changes to the code that nobody committed",
    "no config": "No settings are recorded that tell what changed",
}
"""How the caveat of each kind begins; its facts follow in parentheses."""
CHANGES: tuple[Kind, ...] = ("settings", "one setting")
MOST_CHANGES = 4  # settings named where several changed

Found = Sequence[tuple[str, Sequence[Finding]]]
"""What was found between the student and each baseline, by the baseline's name."""


def difference_caveats(student: str, found: Found) -> Iterator[Said]:
    """Yield one caveat for each kind of difference, the most decisive first.

    What is evaluated on other data is told with the metrics it concerns.
    """
    for kind in RULINGS:
        if kind in OPENINGS:
            facts = merged([one for _, findings in found for one in findings if one.kind == kind])
            if facts:
                yield told(
                    Finding(kind, tuple(facts)), f"{opening(kind, facts)} {facts_told(facts)}."
                )
        if kind in CHANGES:
            yield from _changes(student, found, kind)


def opening(kind: Kind, facts: Sequence[Fact]) -> str:
    """Return how the caveat of a kind begins."""
    if kind == "planned length" and len(_units(facts)) > 1:
        return OPENINGS[kind].replace("differ,", "are given in different units,")
    return OPENINGS[kind]


def merged(findings: Sequence[Finding]) -> list[Fact]:
    """Return the facts of several findings of one kind, those about one thing as one."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in (fact for finding in findings for fact in finding.facts):
        same = found.get((fact.subject, fact.origin))
        values = {**fact.values, **(same.values if same else {})}
        in_order = {**(same.values if same else {}), **values}
        found[fact.subject, fact.origin] = Fact(fact.subject, fact.origin, in_order)
    return list(found.values())


def _units(facts: Sequence[Fact]) -> set[str]:
    return {value.rsplit(" ", 1)[-1] for fact in facts for value in fact.values.values()}


def audit_caveats(names: Sequence[str], findings: Sequence[Finding]) -> Iterator[Said]:
    """Yield the same for runs that are looked at all together."""
    for one in findings:
        if one.kind == "evaluation data":
            text = f"{joined(names)} are not evaluated on the same data {facts_told(one.facts)}."
            yield told(one, text)
    yield from difference_caveats(names[0], [("", [f for f in findings if f.kind not in CHANGES])])
    for one in findings:
        if one.kind in CHANGES:
            yield told(one, changes_told(joined(names), [subject_told(fact) for fact in one.facts]))


def changes_told(names: str, subjects: Sequence[str]) -> str:
    """Return what changed between some runs, in a sentence."""
    what = listed(list(subjects), MOST_CHANGES)
    if len(subjects) == 1:
        return f"One thing differs between {names} ({what})."
    return f"{names} differ in {len(subjects)} things ({what})."


def _changes(student: str, found: Found, kind: Kind) -> Iterator[Said]:
    """Yield what changed by its names alone, for baselines with the same changes together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    findings: dict[tuple[str, ...], Finding] = {}
    for name, of_baseline in found:
        for one in of_baseline:
            if one.kind == kind:
                subjects = tuple(map(subject_told, one.facts))
                alike.setdefault(subjects, []).append(name)
                findings[subjects] = one
    for subjects, names in alike.items():
        each = joined(names) if len(names) == 1 else f"each of {joined(names)}"
        yield told(findings[subjects], changes_told(f"{student} and {each}", subjects))
