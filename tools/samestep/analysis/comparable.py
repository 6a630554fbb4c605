"""What keeps two sides, or two metrics, from being compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import Curve
from samestep.model import Run

if TYPE_CHECKING:
    from samestep.model import Floats

FRACTIONS = (
    frozenset(["cer", "eer", "wer"])
    | naming.GENERAL
    | naming.HIGHER.difference(
        "cider elo explained likelihood pesq psnr r2 return rew reward sdr sisdr snr win".split()
    )
)
"""Words of metrics that are logged either as a fraction or in percent."""
PERCENT_ABOVE = 2.0  # a fraction never exceeds 1, and noise does not lift it this far


@dataclass(frozen=True, slots=True)
class ScaleMismatch:
    """One side logs a fraction, the other percent."""

    fraction: str
    percent: str


def scale_mismatch(
    metric: str, student: Sequence[Curve], baseline: Sequence[Curve]
) -> ScaleMismatch | None:
    """Find a metric logged from 0 to 1 on one side and from 0 to 100 on the other.

    Only metrics whose name says that they are a share of something are looked at.
    """
    is_loss = naming.telling_word(metric) in naming.LOSSES
    if is_loss or FRACTIONS.isdisjoint(naming.words(metric)):
        return None
    sides = {"the student": _highest(student), "the baseline": _highest(baseline)}
    fraction = [side for side, top in sides.items() if top is not None and top <= 1.0]
    percent = [side for side, top in sides.items() if top is not None and top > PERCENT_ABOVE]
    return ScaleMismatch(fraction[0], percent[0]) if fraction and percent else None


def planned_difference(students: Sequence[Run], baselines: Sequence[Run]) -> str | None:
    """Describe planned lengths that differ: half-way through one schedule is early in another."""
    planned = {
        run.full_name: run.planned for run in (*students, *baselines) if run.planned is not None
    }
    lengths = {(plan.length, plan.unit) for plan in planned.values()}
    units = {plan.unit for plan in planned.values()}
    if len(lengths) <= 1 or len(units) > 1:
        return None
    told = ", ".join(
        f"{name} {plan.length:g} {plan.unit} ({plan.key})" for name, plan in planned.items()
    )
    return f"The planned lengths differ, and with them the schedules: {told}."


def _highest(curves: Sequence[Curve]) -> float | None:
    finite = [_finite(curve.values) for curve in curves]
    tops = [float(np.max(np.abs(values))) for values in finite if len(values)]
    return max(tops, default=None)


def _finite(values: "Floats") -> "Floats":
    return values[np.isfinite(values)]
