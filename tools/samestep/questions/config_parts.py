"""The parts of a comparison of configs: settings, lineage, environment, changes, seeds."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from samestep.analysis.comparable import Fact, Party
from samestep.analysis.comparable.environments import RECORD
from samestep.analysis.comparable.parties import (
    CONFIG,
    MISSING,
    Difference,
    Value,
    differing,
    listed,
    of_topics,
)
from samestep.analysis.comparable.shown import shown
from samestep.analysis.comparable.topic_patterns import Topic
from samestep.analysis.comparable.topics import ASIDE, topic_of
from samestep.analysis.configs import LONGEST_TEXT
from samestep.analysis.redaction import without_credentials
from samestep.analysis.seeds import SeedGroup
from samestep.answers.configs import Change, Parameter, RecordRow, Seeds
from samestep.model import ENVIRONMENT, Lineage

LONGEST_RECORD = 80  # characters of a recorded value
COMMIT = 12  # characters of a commit or digest that tell it apart
MOST_RECORDS = 40
OF_LINEAGE: tuple[Topic, ...] = ("code", "dataset", "evaluation data", "seed")
"""Topics of settings that say where a run comes from."""


def parameters(parties: Sequence[Party]) -> tuple[list[Parameter], int]:
    """Return the settings that are not the same in all, those that matter first, and the others' count."""
    apart, equal = listed(parties)
    weighed = sorted(apart, key=lambda one: one.topic in ASIDE)
    return [_parameter(one, parties) for one in weighed], equal


def lineage(parties: Sequence[Party]) -> list[RecordRow]:
    """Return what is recorded of code, data and seeds."""
    recorded = [*_recorded(parties), *_configured(parties, OF_LINEAGE)]
    return recorded[:MOST_RECORDS]


def environment(parties: Sequence[Party]) -> list[RecordRow]:
    """Return what is recorded of where the runs ran."""
    keys = dict.fromkeys([*ENVIRONMENT, *(key for p in parties for key in p.runs[0].environment)])
    told = {key: [_recorded_value(party, key) for party in parties] for key in keys}
    rows = [_row(key, RECORD, values) for key, values in told.items() if any(values)]
    return [*rows, *_configured(parties, ("environment", "precision"))][:MOST_RECORDS]


def _recorded_value(party: Party, key: str) -> str | None:
    value = party.runs[0].environment.get(key)
    return None if value is None else without_credentials(value)


def changes(facts: Sequence[Fact], parties: Sequence[Party]) -> list[Change]:
    """Return what changed, with what each run has."""
    return [
        Change(
            what=fact.subject,
            origin=fact.origin,
            values=[fact.values.get(party.name, "not recorded") for party in parties],
        )
        for fact in facts
    ]


def seeds(groups: Sequence[SeedGroup], names: Mapping[str, str]) -> list[Seeds]:
    """Return groups by the names the runs go by in the answer.

    Args:
        groups: The groups.
        names: The name of each run, by reference.
    """
    return [
        Seeds(
            members=[names[member.ref] for member in group.members],
            by=[f"{CONFIG} {key}" for key in group.by],
        )
        for group in groups
    ]


def seed_settings(parties: Sequence[Party]) -> list[str]:
    """Return the settings of the seed that differ between runs."""
    return [one.written(parties) for one in of_topics(differing(parties), "seed")]


def _parameter(one: Difference, parties: Sequence[Party]) -> Parameter:
    values = [None if value is MISSING else _bounded(value) for value in one.values]
    pairs = zip(parties, one.values, strict=True)
    absent = tuple(party.name for party, value in pairs if value is MISSING)
    row = Parameter(key=one.written(parties), values=values)
    return row.model_copy(update={"absent": absent}) if absent else row


def _bounded(value: object) -> object:
    """Return a value that JSON holds, no longer than a text may be; what is not finite by name."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    written = json.dumps(value, default=str)
    return value if len(written) <= LONGEST_TEXT else shown(value, LONGEST_TEXT)


def _recorded(parties: Sequence[Party]) -> Iterator[RecordRow]:
    """Yield the trackers' records, one row for each thing they name."""
    kinds = dict.fromkeys(
        (one.kind, one.context, one.origin) for party in parties for one in party.runs[0].lineage
    )
    for kind, context, origin in kinds:
        values = [
            ", ".join(
                _told(one)
                for one in party.runs[0].lineage
                if (one.kind, one.context, one.origin) == (kind, context, origin)
            )
            or None
            for party in parties
        ]
        yield _row(f"{kind}, {context}" if context else kind, origin, values)


def _told(lineage: Lineage) -> str:
    name = without_credentials(lineage.name)
    return f"{name}@{lineage.digest[:COMMIT]}" if lineage.digest else name


def _configured(parties: Sequence[Party], topics: Sequence[Topic]) -> Iterator[RecordRow]:
    """Yield the settings of some topics that any run's config names."""
    keys = dict.fromkeys(key for party in parties for key in party.settings)
    for key in keys:
        if topic_of(key) in topics:
            values = [_text(party.value(key)) for party in parties]
            if any(value is not None for value in values):
                yield _row(
                    next(p.written[key] for p in parties if key in p.written), CONFIG, values
                )


def _text(value: Value) -> str | None:
    return (
        None if value is MISSING or value is None else shown(cast("object", value), LONGEST_RECORD)
    )


def _row(what: str, origin: str, values: Sequence[str | None]) -> RecordRow:
    told = [None if value is None else shown(value, LONGEST_RECORD) for value in values]
    return RecordRow(what=what, origin=origin, values=told, same=len(set(values)) == 1)
