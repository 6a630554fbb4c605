"""Everything that changed between the sides and may have made a difference."""

from collections.abc import Iterator, Sequence

from samestep.analysis.comparable.code_versions import is_code
from samestep.analysis.comparable.datasets import is_training_record
from samestep.analysis.comparable.environments import environment_facts
from samestep.analysis.comparable.evaluations import is_evaluation_record
from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.own_names import only_own
from samestep.analysis.comparable.parties import Difference, Party
from samestep.analysis.comparable.places import same_place
from samestep.analysis.comparable.records import records_apart
from samestep.analysis.comparable.topics import ASIDE, name_of


def changes(parties: Sequence[Party], differences: Sequence[Difference]) -> list[Fact]:
    """Return what changed: settings that take part in learning, code, data, environment."""
    return [*_settings(parties, differences), *_records(parties), *environment_facts(parties)]


def told_changes(changed: Sequence[Fact]) -> list[Finding]:
    """Return the finding that speaks of all changes: one may be named, more are only listed."""
    return found("one setting" if len(changed) == 1 else "settings", changed)


def _settings(parties: Sequence[Party], differences: Sequence[Difference]) -> Iterator[Fact]:
    """Yield the settings that changed; one written twice in a config is one change."""
    seen: set[tuple[str, str]] = set()
    for one in sorted(differences, key=lambda difference: difference.key.count(".")):
        if one.topic in ASIDE or same_place(one) or only_own(one, parties):
            continue
        fact = one.fact(parties)
        same = (name_of(one.key), repr(one.values))
        if same not in seen:
            seen.add(same)
            yield fact


def _records(parties: Sequence[Party]) -> Iterator[Fact]:
    for chosen in (is_code, is_training_record, is_evaluation_record):
        yield from records_apart(parties, chosen)
