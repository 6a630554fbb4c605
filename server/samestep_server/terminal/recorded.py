"""An answer as it was given, in a terminal."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError
from rich.console import RenderableType

from samestep.answers import Comparison, ConvergenceAnswer, Detection, FetchedHistory, RunList
from samestep.answers.answer import Answer
from samestep.answers.configs import ConfigComparison
from samestep.answers.importance import ImportanceAnswer
from samestep.answers.pull import Pulled
from samestep.answers.ranking import Ranking
from samestep.answers.significance import SignificanceAnswer
from samestep_server.terminal.comparison import comparison
from samestep_server.terminal.configs import configs
from samestep_server.terminal.convergence import convergence
from samestep_server.terminal.detection import detection
from samestep_server.terminal.history import history
from samestep_server.terminal.importance import importance
from samestep_server.terminal.listing import listing
from samestep_server.terminal.pieces import text
from samestep_server.terminal.pull import pull
from samestep_server.terminal.ranking import ranking
from samestep_server.terminal.significance import significance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samestep.ledger import RecordedAnswer

View = Callable[["Mapping[str, object]"], list[RenderableType]]
Form = TypeVar("Form", bound=Answer)


def recorded(entry: "RecordedAnswer") -> list[RenderableType]:
    """Return when and where an answer was given, and the answer as its command shows it."""
    at = datetime.fromtimestamp(entry.recorded_at, UTC)
    told = f"{entry.tool} {entry.answer_id}, given {at:%Y-%m-%d %H:%M} UTC in {entry.project}"
    earlier = f"; it supersedes {entry.supersedes}" if entry.supersedes else ""
    later = f"; superseded by {entry.superseded_by}" if entry.superseded_by else ""
    return [text(f"{told}{earlier}{later}", "dim"), *_shown(entry)]


def _shown(entry: "RecordedAnswer") -> list[RenderableType]:
    try:
        return VIEWS[entry.tool](entry.answer)
    except (KeyError, ValidationError):  # another version of samestep gave it
        why = "It was given in the form of another version of samestep; --json shows it whole."
        return [text(str(entry.answer.get("reading", "")), "bold"), text(why, "yellow")]


def _view(form: type[Form], render: Callable[[Form], list[RenderableType]]) -> View:
    return lambda answer: render(form.model_validate(answer))


VIEWS: dict[str, View] = {
    "detect_tracker": _view(Detection, detection),
    "list_runs": _view(RunList, listing),
    "fetch_history": _view(FetchedHistory, history),
    "pull": _view(Pulled, pull),
    "compare_same_epoch": _view(Comparison, comparison),
    "compare_configs": _view(ConfigComparison, configs),
    "convergence_check": _view(ConvergenceAnswer, convergence),
    "significance_test": _view(SignificanceAnswer, significance),
    "rank_runs": _view(Ranking, ranking),
    "parameter_importance": _view(ImportanceAnswer, importance),
}
"""The view of each tool's answer."""
