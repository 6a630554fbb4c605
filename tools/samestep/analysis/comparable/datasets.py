"""The data the runs are trained on."""

from collections.abc import Sequence

from samestep.analysis.comparable.evaluations import is_evaluation_record
from samestep.analysis.comparable.finding import Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics
from samestep.analysis.comparable.places import same_place
from samestep.analysis.comparable.records import records_apart
from samestep.model import Lineage

MADE = "output"
"""The context of what a run made, which is no data it was made from."""


def datasets(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find data sets, versions or digests that are not the same, by config or record."""
    apart = [one for one in of_topics(differences, "dataset") if not same_place(one)]
    facts = [one.fact(parties) for one in apart]
    return found("dataset", [*facts, *records_apart(parties, is_training_record)])


def is_training_record(lineage: Lineage) -> bool:
    """Return whether a recorded data set was trained on, as far as its context says."""
    made = lineage.context == MADE
    return lineage.kind == "dataset" and not made and not is_evaluation_record(lineage)
