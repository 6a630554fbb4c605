"""A curve in one line of text."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: "Sequence[float | None]", width: int = 16) -> str:
    """Return a curve in one line of block characters; a gap where a value is not finite."""
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    shown = values[:: max(1, -(-len(values) // width))]
    return "".join(
        BARS[round((value - low) / ((high - low) or 1.0) * (len(BARS) - 1))]
        if value is not None and math.isfinite(value)
        else " "
        for value in shown
    )
