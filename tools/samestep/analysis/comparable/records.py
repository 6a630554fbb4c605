"""What the trackers' own records of origin say: commits, data sets."""

from collections.abc import Callable, Iterator, Sequence

from samestep.analysis.comparable.finding import Fact
from samestep.analysis.comparable.parties import Party
from samestep.analysis.comparable.shown import contrasted
from samestep.analysis.redaction import without_credentials
from samestep.model import Lineage

COMMIT = 12  # characters of a digest that tell it apart
Chosen = Callable[[Lineage], bool]


def records_apart(parties: Sequence[Party], chosen: Chosen) -> list[Fact]:
    """Return the records that two or more sides have and that are not the same.

    A side whose runs do not agree says nothing of the others.
    """
    told = {party.name: _told(party, chosen) for party in parties}
    known = {name: records for name, records in told.items() if records}
    if len(set(known.values())) <= 1:
        return []
    first = next(one for party in parties for one in _records(party, chosen))
    shown = contrasted([", ".join(sorted(records)) for records in known.values()])
    context = f" for {first.context}" if first.context else ""
    values = dict(zip(known, shown, strict=True))
    return [Fact(f"{first.kind}{context}", first.origin, values)]


def _told(party: Party, chosen: Chosen) -> frozenset[str]:
    by_run = [frozenset(_spelled(one) for one in run.lineage if chosen(one)) for run in party.runs]
    return by_run[0] if len(set(by_run)) == 1 else frozenset()


def _spelled(lineage: Lineage) -> str:
    name = without_credentials(lineage.name)
    digest = (lineage.digest or "")[:COMMIT]
    if lineage.kind == "code" and digest:
        return digest
    return f"{name}@{digest}" if digest else name


def _records(party: Party, chosen: Chosen) -> Iterator[Lineage]:
    return (one for run in party.runs for one in run.lineage if chosen(one))
