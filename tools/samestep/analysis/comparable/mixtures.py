"""Whether the runs of one side are seeds of one thing."""

from collections.abc import Iterator, Sequence

from samestep.analysis.comparable.code_versions import is_code
from samestep.analysis.comparable.datasets import is_training_record
from samestep.analysis.comparable.evaluations import is_evaluation_record
from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.own_names import only_own
from samestep.analysis.comparable.parties import Party, differing
from samestep.analysis.comparable.places import same_place
from samestep.analysis.comparable.records import records_apart
from samestep.analysis.comparable.topics import ASIDE


def mixtures(party: Party) -> list[Finding]:
    """Find what the runs of one side differ in, apart from their seed and what follows from it."""
    return found("mixed", list(_apart(party))) if len(party.runs) > 1 else []


def _apart(party: Party) -> Iterator[Fact]:
    members = as_parties(party)
    for one in differing(members):
        if not (one.topic in ASIDE or same_place(one) or only_own(one, members)):
            yield one.fact(members)
    for chosen in (is_code, is_training_record, is_evaluation_record):
        yield from records_apart(members, chosen)


def as_parties(party: Party) -> Sequence[Party]:
    """Return the runs of a side as sides of their own."""
    return [Party.of(run.full_name, [run]) for run in party.runs]
