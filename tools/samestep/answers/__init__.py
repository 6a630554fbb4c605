"""What each answer looks like: frozen, every number with its provenance."""

from samestep.answers.comparison import Comparison
from samestep.answers.convergence import ConvergenceAnswer
from samestep.answers.detection import Detection
from samestep.answers.history import FetchedHistory
from samestep.answers.listing import RunList
from samestep.answers.significance import SignificanceAnswer

__all__ = [
    "Comparison",
    "ConvergenceAnswer",
    "Detection",
    "FetchedHistory",
    "RunList",
    "SignificanceAnswer",
]
