"""What keeps sides, or metrics, from being compared: one module per kind of difference."""

from samestep.analysis.comparable.audits import Audit, audit
from samestep.analysis.comparable.finding import RULINGS, Fact, Finding, Kind
from samestep.analysis.comparable.mixtures import mixtures
from samestep.analysis.comparable.parties import Party
from samestep.analysis.comparable.scales import scale_mismatch, sign_mismatch
from samestep.analysis.comparable.stand import Stand
from samestep.analysis.comparable.topics import SCHEDULE_WORDS

__all__ = [
    "RULINGS",
    "SCHEDULE_WORDS",
    "Audit",
    "Fact",
    "Finding",
    "Kind",
    "Party",
    "Stand",
    "audit",
    "mixtures",
    "scale_mismatch",
    "sign_mismatch",
]
