"""Sides built from Python data, with their audit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from samestep.analysis.choose import common_axis
from samestep.analysis.comparable import Finding, Party, Stand, audit
from samestep.model import Lineage, Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

Rows = Sequence[Mapping[str, float]]
MakeRun = Callable[..., Run]
Pair = Callable[..., list[Party]]
Kinds = Callable[..., dict[str, Finding]]


@pytest.fixture
def make_run() -> Iterator[MakeRun]:
    """A function that returns a run, read from memory."""

    def made(  # noqa: PLR0913 # the parts of a run
        full_name: str,
        config: Mapping[str, object] | None = None,
        rows: Rows = (),
        *,
        lineage: Sequence[Lineage] = (),
        environment: Mapping[str, str] | None = None,
        tags: Sequence[str] = (),
    ) -> Run:
        source = remember("parts", [MemoryRun(full_name, rows, config or {}, tags=tuple(tags))])
        run = MemoryReader(Source.parse(source)).read(full_name)
        return replace(run, lineage=tuple(lineage), environment=environment or {})

    yield made
    forget("parts")


@pytest.fixture
def pair(make_run: MakeRun) -> Pair:
    """A function that returns two single runs as sides, with these configs or other parts."""

    def sides(one: object, other: object, part: str = "config") -> list[Party]:
        return [
            Party.of(name, [make_run(name, **{part: value})])
            for name, value in (("wide/seed0", one), ("deep/seed0", other))
        ]

    return sides


@pytest.fixture
def audited() -> Kinds:
    """A function that audits sides, on an axis where they have one, and returns what it found."""

    def found(parties: Sequence[Party], axis: str | None = None) -> dict[str, Finding]:
        stand = None if axis is None else stand_of(parties, axis)
        return {one.kind: one for one in audit(parties, stand).findings}

    return found


def stand_of(parties: Sequence[Party], axis: str) -> Stand:
    """Return where the sides stand: at the newest x all of them reached."""
    first, *others = [run for party in parties for run in party.runs]
    chosen = common_axis(axis, [first], others)
    return Stand(axis, chosen.axes, min(one.newest for one in chosen.axes.values()))
