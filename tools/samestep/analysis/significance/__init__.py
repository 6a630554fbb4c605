"""Whether a difference is more than chance: p-values, tests, and which of them fits."""

from samestep.analysis.significance.p_values import holm, welch

__all__ = ["holm", "welch"]
