"""What the runs are evaluated on, and how much of it."""

from collections.abc import Sequence

from samestep.analysis import naming
from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import MISSING, Difference, Party, of_topics
from samestep.analysis.comparable.places import same_place
from samestep.analysis.comparable.records import records_apart
from samestep.model import Lineage

VALIDATION = frozenset(["val", "valid", "validation", "dev"])
TEST = frozenset(["test", "heldout", "holdout"])
EVALUATION_CONTEXTS = VALIDATION | TEST | {"eval", "evaluation"}


def evaluation_data(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find evaluation sets, splits and tasks that are not the same, by config or record."""
    apart = [one for one in of_topics(differences, "evaluation data") if not same_place(one)]
    facts = [one.fact(parties) for one in apart if one.named_by_all]
    facts += records_apart(parties, is_evaluation_record)
    unknown = [one.fact(parties) for one in apart if not one.named_by_all and _says_much(one)]
    return [*found("evaluation data", facts), *found("task unknown", unknown)]


def evaluation_size(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find evaluations over another number of examples or episodes."""
    apart = [one for one in of_topics(differences, "evaluation size") if one.named_by_all]
    return found("evaluation size", [one.fact(parties) for one in apart])


def is_evaluation_record(lineage: Lineage) -> bool:
    """Return whether a recorded data set was evaluated on, by its context."""
    words = set(naming.words(lineage.context or ""))
    return lineage.kind == "dataset" and not EVALUATION_CONTEXTS.isdisjoint(words)


def is_measured_on(metric: str, fact: Fact) -> bool:
    """Return whether a metric was measured on the data a fact speaks of.

    A setting of the test set says nothing of a validation metric; a metric whose name says nothing
    of data may have been measured on any that is not trained on.
    """
    of_metric = set(naming.words(metric))
    if naming.is_bookkeeping(metric) or of_metric & {"train", "training"}:
        return False
    of_setting = set(naming.words(f"{fact.subject}/{fact.origin}"))
    for own, other in ((VALIDATION, TEST), (TEST, VALIDATION)):
        if of_setting & own and of_metric & other and not of_metric & own:
            return False
    return naming.is_evaluation(metric) or naming.telling_word(metric) not in naming.LOSSES


def _says_much(difference: Difference) -> bool:
    """Return whether a setting that one side leaves out names something where it is named."""
    named = [value for value in difference.values if value is not MISSING]
    return any(isinstance(value, str | list | dict) and value for value in named)
