"""Answers as a person likes to read them in a terminal."""

from samestep_server.terminal.comparison import comparison, naive
from samestep_server.terminal.configs import configs
from samestep_server.terminal.convergence import convergence
from samestep_server.terminal.detection import detection
from samestep_server.terminal.history import history
from samestep_server.terminal.importance import importance
from samestep_server.terminal.listing import listing
from samestep_server.terminal.pieces import show, text
from samestep_server.terminal.ranking import ranking
from samestep_server.terminal.recorded import recorded
from samestep_server.terminal.significance import significance

__all__ = [
    "comparison",
    "configs",
    "convergence",
    "detection",
    "history",
    "importance",
    "listing",
    "naive",
    "ranking",
    "recorded",
    "show",
    "significance",
    "text",
]
