"""Configs of which only a part can be read."""

from collections.abc import Iterator, Sequence

from samestep.analysis.configs import objects_in
from samestep.model import Run
from samestep.questions.caveats.words import Said, listed, names_told, said
from samestep.questions.sides import KnownSide

MOST_KEYS = 3


def config_caveats(sides: Sequence[KnownSide]) -> Iterator[Said]:
    """Say which settings hold objects of a program, of which only the kind is known."""
    yield from object_caveats([run for side in sides for run in side.runs])


def object_caveats(runs: Sequence[Run]) -> Iterator[Said]:
    """Say the same of single runs."""
    found = {run.full_name: objects_in(run.config) for run in runs}
    told = [f"{name} ({names_told(keys, MOST_KEYS)})" for name, keys in found.items() if keys]
    if told:
        text = f"Settings that hold objects are known by their kind alone: {listed(told)}."
        yield said("partial-said", "notes", text)
