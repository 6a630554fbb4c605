"""The number format that was computed in."""

from collections.abc import Sequence

from samestep.analysis.comparable.finding import Finding, found
from samestep.analysis.comparable.parties import Difference, Party, of_topics


def precisions(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Finding]:
    """Find settings of the precision that are not the same."""
    return found("precision", [one.fact(parties) for one in of_topics(differences, "precision")])
