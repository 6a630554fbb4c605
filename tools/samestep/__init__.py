"""Compare machine-learning training runs at the same step, and refuse to compare them wrongly."""

from importlib import import_module
from typing import TYPE_CHECKING

from samestep.errors import SamestepError

if TYPE_CHECKING:
    from samestep.questions.check_claim import check_claim
    from samestep.questions.compare_configs import compare_configs
    from samestep.questions.compare_same_epoch import compare_same_epoch
    from samestep.questions.convergence_check import convergence_check
    from samestep.questions.detect_tracker import detect_tracker
    from samestep.questions.fetch_history import fetch_history
    from samestep.questions.list_runs import list_runs
    from samestep.questions.parameter_importance import parameter_importance
    from samestep.questions.pull import pull
    from samestep.questions.rank_runs import rank_runs
    from samestep.questions.significance_test import significance_test
    from samestep.readers.memory import MemoryRun, forget, remember
    from samestep.settings import Project

__all__ = [
    "MemoryRun",
    "Project",
    "SamestepError",
    "check_claim",
    "compare_configs",
    "compare_same_epoch",
    "convergence_check",
    "detect_tracker",
    "fetch_history",
    "forget",
    "list_runs",
    "parameter_importance",
    "pull",
    "rank_runs",
    "remember",
    "significance_test",
]

_HOMES = {
    "MemoryRun": "samestep.readers.memory",
    "Project": "samestep.settings",
    "check_claim": "samestep.questions.check_claim",
    "compare_configs": "samestep.questions.compare_configs",
    "compare_same_epoch": "samestep.questions.compare_same_epoch",
    "convergence_check": "samestep.questions.convergence_check",
    "detect_tracker": "samestep.questions.detect_tracker",
    "fetch_history": "samestep.questions.fetch_history",
    "forget": "samestep.readers.memory",
    "list_runs": "samestep.questions.list_runs",
    "parameter_importance": "samestep.questions.parameter_importance",
    "pull": "samestep.questions.pull",
    "rank_runs": "samestep.questions.rank_runs",
    "remember": "samestep.readers.memory",
    "significance_test": "samestep.questions.significance_test",
}


def __getattr__(name: str) -> object:
    """Hand a public name on from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Name what the module has, also what it only imports when it is asked for."""
    return sorted({*globals(), *__all__})
