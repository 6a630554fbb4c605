"""One look at what sides differ in beyond the values compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis.comparable.batches import batch_sizes, data_per_epoch
from samestep.analysis.comparable.changes import changes, told_changes
from samestep.analysis.comparable.code_versions import code_versions
from samestep.analysis.comparable.datasets import datasets
from samestep.analysis.comparable.environments import environments
from samestep.analysis.comparable.evaluations import (
    evaluation_data,
    evaluation_size,
    is_measured_on,
)
from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.lengths import planned_lengths
from samestep.analysis.comparable.mixtures import mixtures
from samestep.analysis.comparable.parties import CONFIG, Party, differing
from samestep.analysis.comparable.precisions import precisions
from samestep.analysis.comparable.reductions import reductions
from samestep.analysis.comparable.schedules import logged_rates, schedules
from samestep.analysis.comparable.stand import Stand
from samestep.analysis.comparable.starts import starts
from samestep.analysis.comparable.topics import ASIDE, topic_of


@dataclass(frozen=True, slots=True)
class Audit:
    """What differs between sides; empty where nothing does."""

    findings: tuple[Finding, ...]
    changed: tuple[Fact, ...]
    """Everything that changed and may have made a difference."""

    @property
    def blocks(self) -> bool:
        """Whether any of it keeps a winner away."""
        return any(
            (one.ruling.rule, one.ruling.severity) == ("one-change", "blocks")
            for one in self.findings
        )

    def measured_apart(self, metric: str) -> bool:
        """Return whether the sides measure a metric on different data."""
        facts = [
            fact for one in self.findings if one.kind == "evaluation data" for fact in one.facts
        ]
        return any(is_measured_on(metric, fact) for fact in facts)


def audit(parties: Sequence[Party], stand: Stand | None = None) -> Audit:
    """Look once at what sides differ in; it is the same for every metric.

    Args:
        parties: The sides, two or more.
        stand: The axis and x they are compared at; None audits for every axis.
    """
    apart = differing(parties)
    changed = changes(parties, apart)
    findings = [
        *evaluation_data(parties, apart),
        *(finding for party in parties for finding in mixtures(party)),
        *planned_lengths(parties),
        *schedules(parties, apart),
        *([] if stand is None else logged_rates(parties, stand, apart)),
        *batch_sizes(parties, stand, apart),
        *data_per_epoch(parties, stand, apart),
        *datasets(parties, apart),
        *starts(parties),
        *reductions(parties, apart),
        *evaluation_size(parties, apart),
        *code_versions(parties, apart),
        *precisions(parties, apart),
        *environments(parties, apart),
        *told_changes(changed),
        *_without_config(parties),
    ]
    return Audit(tuple(findings), tuple(changed))


def _without_config(parties: Sequence[Party]) -> list[Finding]:
    """Say of which sides nothing is recorded that could have changed."""
    silent = {party.name: "none" for party in parties if not _tells_something(party)}
    return found("no config", [Fact("settings", CONFIG, silent)]) if silent else []


def _tells_something(party: Party) -> bool:
    settings = {*party.settings, *party.varying}
    return any(topic_of(key) not in ASIDE for key in settings)
