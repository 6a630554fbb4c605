"""Where the runs ran: Python, framework, CUDA, devices."""

from collections.abc import Iterator, Sequence

from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics
from samestep.analysis.comparable.shown import contrasted

RECORD = "environment record"
COMPARED = ("python", "os", "gpu", "gpu_count", "cuda", "framework")
"""Keys of an environment that may change what is learned; the rest says where it ran."""


def environments(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find environments that are not the same, by the tracker's record or the config."""
    recorded = list(environment_facts(parties))
    settings = [one for one in of_topics(differences, "environment") if one.named_by_all]
    return found("environment", [*recorded, *(one.fact(parties) for one in settings)])


def environment_facts(parties: Sequence[Party]) -> Iterator[Fact]:
    """Yield what the environments of two or more sides are recorded to differ in."""
    for key in COMPARED:
        told = {party.name: recorded(party, key) for party in parties}
        known = {name: value for name, value in told.items() if value is not None}
        if len(set(known.values())) > 1:
            shown = contrasted(list(known.values()))
            yield Fact(key, RECORD, dict(zip(known, shown, strict=True)))


def recorded(party: Party, key: str) -> str | None:
    """Return what is recorded for a side; all values where its runs ran in several places."""
    values = dict.fromkeys(run.environment[key] for run in party.runs if key in run.environment)
    return " and ".join(sorted(values)) or None
