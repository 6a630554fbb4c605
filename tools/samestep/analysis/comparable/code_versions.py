"""The code that was run: its commit, and whether it was committed."""

from collections.abc import Sequence

from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics
from samestep.analysis.comparable.records import records_apart
from samestep.analysis.comparable.topics import name_of
from samestep.model import Lineage, Run

DIRTY_MARKS = ("-dirty", "+", "-modified")
UNCOMMITTED = "uncommitted"
"""What the context of a commit says where the code had changes beyond it."""


def code_versions(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find commits that are not the same, and code that was not committed."""
    apart = of_topics(differences, "code")
    settings = [one.fact(parties) for one in apart if not _is_dirty_key(one.key)]
    return [
        *found("code", [*records_apart(parties, is_code), *settings]),
        *found("uncommitted code", _uncommitted(parties)),
    ]


def is_code(lineage: Lineage) -> bool:
    """Return whether a record names a version of the code."""
    return lineage.kind == "code" and lineage.digest is not None


def _uncommitted(parties: Sequence[Party]) -> list[Fact]:
    """Say which sides ran code with changes nobody committed, as far as that is recorded."""
    dirty = {
        party.name: "uncommitted changes"
        for party in parties
        if any(_ran_uncommitted(run, party) for run in party.runs)
    }
    return [Fact("code", "commit record", dirty)] if dirty else []


def _ran_uncommitted(run: Run, party: Party) -> bool:
    marked = any(
        UNCOMMITTED in (one.context or "") or (one.digest or "").endswith(DIRTY_MARKS)
        for one in run.lineage
        if one.kind == "code"
    )
    switched = (value is True for key, value in party.settings.items() if _is_dirty_key(key))
    return marked or any(switched)


def _is_dirty_key(key: str) -> bool:
    return name_of(key).endswith("dirty")
