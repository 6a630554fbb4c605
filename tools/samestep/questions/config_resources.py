"""What runs cost up to the newest x that all of them have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.axis import RunAxis, unit_of
from samestep.analysis.choose import Chosen, shared_axes
from samestep.analysis.resources import RECORDS, resources
from samestep.analysis.seen import shared_axis
from samestep.answers.configs import ResourceRow, Resources
from samestep.answers.record import derived
from samestep.errors import NoSuchAxis
from samestep.model import Run
from samestep.questions.caveats.words import Said, names_told, said
from samestep.questions.metrics import logged

MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Shared:
    """The axis that runs share, as each has it, and the x all have reached."""

    chosen: Chosen | None
    x: float | None

    @property
    def axes(self) -> Mapping[str, RunAxis]:
        """The axis of each run, by reference; empty where they share none."""
        return {} if self.chosen is None else self.chosen.axes

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "Shared":
        """Return the first axis all runs have; one computed from their configs if none is logged."""
        if not all(run.history.metrics for run in runs):
            return cls(None, None)
        try:
            chosen = shared_axis("auto", runs[:1], runs[1:])
        except NoSuchAxis:
            return cls(None, None)
        return cls(chosen, min(axis.newest for axis in chosen.axes.values()))


def costs(runs: Sequence[Run], shared: Shared) -> Resources:
    """Return what is logged of the costs of runs."""
    found = resources(runs, shared.axes, shared.x)
    rows = [
        ResourceRow(
            what=f"{one.what} (seconds)" if one.origin == RECORDS else one.what,
            origin=one.origin,
            how=one.how,
            values=[_value(one.values.get(str(run.ref))) for run in runs],
        )
        for one in found[:MOST_ROWS]
    ]
    axis = None if shared.chosen is None else shared.chosen.name
    return Resources(axis=axis, unit=axis and unit_of(axis), value=shared.x, rows=rows)


def apart_caveats(runs: Sequence[Run], names: Sequence[str], shared: Shared) -> list[Said]:
    """Say what each run has where they share no metric, or no axis."""
    found: list[Said] = []
    metrics = [logged([run]) for run in runs]
    if not set(metrics[0]).intersection(*metrics[1:]):
        told = "; ".join(
            f"{name}: {names_told(of) or 'none'}" for name, of in zip(names, metrics, strict=True)
        )
        found.append(said("same-definition", "blocks", f"The runs share no metric ({told})."))
    if shared.chosen is None:
        axes = [names_told(shared_axes([run])) or "none" for run in runs]
        told = "; ".join(f"{name}: {of}" for name, of in zip(names, axes, strict=True))
        found.append(said("same-x", "blocks", f"The runs share no axis ({told})."))
    return found


def _value(value: float | None) -> float | None:
    return None if value is None else derived(value)
