"""What an audit finds: one kind of difference, with what each side has and which record says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from samestep.rules import RuleId

Severity = Literal["blocks", "warns", "notes"]
Kind = Literal[
    "scale",
    "sign",
    "evaluation data",
    "mixed",
    "planned length",
    "schedule",
    "learning rate",
    "task unknown",
    "batch size",
    "data per epoch",
    "dataset",
    "head start",
    "cadence apart",
    "direction",
    "code",
    "evaluation size",
    "metric reduction",
    "precision",
    "environment",
    "uncommitted code",
    "resumed",
    "settings",
    "cadence",
    "one setting",
    "reduction beside",
    "no config",
]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which rule a kind of difference belongs to, and how far it limits."""

    rule: RuleId
    severity: Severity


RULINGS: Mapping[Kind, Ruling] = MappingProxyType(
    {
        "scale": Ruling("same-definition", "blocks"),
        "sign": Ruling("same-definition", "blocks"),
        "evaluation data": Ruling("same-definition", "blocks"),
        "mixed": Ruling("one-change", "blocks"),
        "planned length": Ruling("one-change", "blocks"),
        "schedule": Ruling("one-change", "blocks"),
        "learning rate": Ruling("one-change", "blocks"),
        "dataset": Ruling("one-change", "warns"),
        "batch size": Ruling("same-x", "warns"),
        "data per epoch": Ruling("same-x", "warns"),
        "head start": Ruling("same-x", "warns"),
        "cadence apart": Ruling("match-stated", "warns"),
        "direction": Ruling("same-definition", "warns"),
        "task unknown": Ruling("same-definition", "warns"),
        "metric reduction": Ruling("same-definition", "warns"),
        "evaluation size": Ruling("same-definition", "warns"),
        "settings": Ruling("one-change", "warns"),
        "code": Ruling("one-change", "warns"),
        "precision": Ruling("one-change", "warns"),
        "environment": Ruling("one-change", "warns"),
        "uncommitted code": Ruling("one-change", "warns"),
        "resumed": Ruling("partial-said", "warns"),
        "one setting": Ruling("one-change", "notes"),
        "cadence": Ruling("match-stated", "notes"),
        "reduction beside": Ruling("same-definition", "notes"),
        "no config": Ruling("absent-said", "notes"),
    }
)
"""Every kind, the most decisive of each severity first."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What each side has of one thing, by its full name."""

    subject: str
    origin: str
    """Which record says so: "config", "environment record", "tag mlflow.source.git.commit"."""
    values: Mapping[str, str]
    """The value of each side as it is shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of difference, or of oddity, between the sides of a question."""

    kind: Kind
    facts: tuple[Fact, ...]

    @property
    def ruling(self) -> Ruling:
        """The rule it belongs to, and how far it limits."""
        return RULINGS[self.kind]


def found(kind: Kind, facts: Sequence[Fact]) -> list[Finding]:
    """Return the finding these facts make; none without facts."""
    return [Finding(kind, tuple(facts))] if facts else []
