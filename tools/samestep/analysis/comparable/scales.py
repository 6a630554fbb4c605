"""Values of one name on two scales: percent beside a fraction, a loss beside its negative."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from samestep.analysis import naming
from samestep.analysis.axis import Curve

FRACTIONS = frozenset(["cer", "eer", "wer"]) | (naming.GENERAL | naming.HIGHER).difference(
    "cider elo explained likelihood pesq psnr r2 return rew reward score sdr sisdr snr win".split()
)
"""Words of metrics that are logged either as a fraction or in percent."""
PERCENT_ABOVE = 2.0  # a fraction never exceeds 1, and noise does not lift it this far
NEVER_NEGATIVE = frozenset(
    "bce cer crossentropy eer err error mae mape mse nrmse perplexity ppl rmse rmsle smape wer".split()
)
"""Words of metrics that no run logs below 0 unless it logs their negative."""

Side = Literal["student", "baseline"]


def scale_mismatch(
    metric: str, student: Sequence[Curve], baseline: Sequence[Curve], x: float
) -> Side | None:
    """Return the side that logs in percent where the other logs a fraction; None if neither does.

    Only metrics whose name says that they are a share of something are looked at, and only as far
    as x: what a curve does later says nothing about the values compared.
    """
    is_loss = naming.telling_word(metric) in naming.LOSSES
    if is_loss or FRACTIONS.isdisjoint(naming.words(metric)):
        return None
    tops: dict[Side, float | None] = {
        "student": _highest(student, x),
        "baseline": _highest(baseline, x),
    }
    percent: list[Side] = [
        side for side, top in tops.items() if top is not None and top > PERCENT_ABOVE
    ]
    fraction = [side for side, top in tops.items() if top is not None and top <= 1.0]
    return percent[0] if percent and fraction else None


def sign_mismatch(
    metric: str, student: Sequence[Curve], baseline: Sequence[Curve], x: float
) -> Side | None:
    """Return the side that logs the negative of what the other logs; None if neither does.

    Only metrics that are never below 0 by what they measure are looked at.
    """
    if naming.telling_word(metric) not in NEVER_NEGATIVE:
        return None
    ours, theirs = _finite(student, x), _finite(baseline, x)
    if not len(ours) or not len(theirs):
        return None
    negative: list[Side] = []
    if ours.max() < 0.0 <= theirs.min():
        negative.append("student")
    if theirs.max() < 0.0 <= ours.min():
        negative.append("baseline")
    return negative[0] if negative else None


def _highest(curves: Sequence[Curve], x: float) -> float | None:
    values = np.abs(_finite(curves, x))
    return float(values.max()) if len(values) else None


def _finite(curves: Sequence[Curve], x: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    until = [curve.values[curve.x <= x] for curve in curves]
    finite = [values[np.isfinite(values)] for values in until]
    return np.concatenate(finite) if finite else np.zeros(0)
