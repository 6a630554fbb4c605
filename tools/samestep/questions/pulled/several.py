"""What runs of a pull differ in: at the same x, by their configs, in their newest values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from samestep.analysis.comparable.shown import shown
from samestep.analysis.compare import Matched
from samestep.answers.answer import Caveat
from samestep.answers.comparison import Comparison
from samestep.answers.configs import ConfigComparison
from samestep.answers.pull import ComparedSummary, LeftOut
from samestep.errors import NotFound
from samestep.ledger import recorded
from samestep.model import Run
from samestep.questions.compare_same_epoch import Standing as StandingAt
from samestep.questions.compare_same_epoch import compared
from samestep.questions.config_audit import ConfigAudit
from samestep.questions.identity import identified
from samestep.questions.metrics import Request
from samestep.questions.pulled.gathering import LONGEST_REFUSAL
from samestep.questions.pulled.run import SELECT, SHOW_ALL, Gathered, Room, Wish
from samestep.questions.pulled.summaries import compared_summaries
from samestep.resolve import SavedBy, Side
from samestep.settings import Project
from samestep.validator import validate

DIFF = f"{SHOW_ALL}, samestep configs"
COMPARED = 8  # rows of a comparison, shared by the baselines
ALL_COMPARED = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Where runs are compared, and by what each was asked for."""

    written: Sequence[str]
    """What leads to each run: its reference, or the checkpoint it was asked for by."""
    saved: Sequence[tuple[Run, SavedBy]]
    """The checkpoints asked for, each with its run."""
    at: float | None
    show_all: bool


@dataclass(frozen=True, slots=True)
class Several:
    """Several runs looked at together, before it is cut to fit."""

    runs: Sequence[Gathered]
    wish: Wish
    audit: ConfigAudit
    summaries: Sequence[ComparedSummary]
    comparison: Comparison | None
    caveats: tuple[Caveat, ...] = ()

    def config_diff(self, room: Room) -> ConfigComparison | None:
        """Return what their configs differ in; None where it is not asked for or has no room."""
        if "config" not in self.wish.include or not room.diff:
            return None
        differing = max(1, len(self.audit.apart))
        found = self.audit.answer(["parameters"], min(room.metrics, differing), None)
        left = max(0, len(found.changed) - room.metrics)
        cut = {
            "changed": found.changed[: room.metrics],
            "changed_left": found.changed_left + left,
        }
        return validate(identified(found.model_copy(update=cut), "cfg"))

    def summary_comparison(self, room: Room) -> list[ComparedSummary] | None:
        """Return their newest values side by side; None where no summary is asked for."""
        if "summary" not in self.wish.include:
            return None
        return self.wish.telling(self.summaries, room)[: room.metrics]

    def left_out(self, room: Room) -> Iterator[LeftOut]:
        """Yield what the sections about all runs leave out."""
        if self.comparison is not None and self.comparison.metrics_left:
            yield _left("COMPARISON", self.comparison.metrics_left, "metrics", SELECT)
        settings = len(self.audit.apart) - (room.metrics if room.diff else 0)
        if "config" in self.wish.include and settings > 0:
            yield _left("CONFIG_DIFF", settings, "differing settings", DIFF)
        metrics = len(self.summaries) - len(self.summary_comparison(room) or self.summaries)
        if metrics > 0:
            yield _left("SUMMARY_COMPARISON", metrics, "metrics", SELECT)


def several(
    runs: Sequence[Gathered], wish: Wish, standing: Standing, project: Project
) -> Several | None:
    """Look at several runs together; None for one run.

    Raises:
        BadArgument: The comparison was asked for at an x that cannot be.
    """
    if len(runs) == 1:
        return None
    audit = ConfigAudit.of(Side("", tuple(one.run for one in runs)), project)
    summaries = compared_summaries(runs, audit.audit)
    if "history" not in wish.include:
        return Several(runs, wish, audit, summaries, None)
    try:
        comparison = _compared(runs, wish, standing, project)
    except NotFound as refusal:
        text = f"There is no comparison ({shown(str(refusal), LONGEST_REFUSAL)})."
        caveat = Caveat(rule="same-x", severity="warns", text=text)
        return Several(runs, wish, audit, summaries, None, (caveat,))
    return Several(runs, wish, audit, summaries, comparison)


def _compared(
    runs: Sequence[Gathered], wish: Wish, standing: Standing, project: Project
) -> Comparison:
    """Compare the first run with the others, as they were read, and record that answer too."""
    student, *others = standing.written
    metrics = list(wish.select) if wish.select else None
    limit = ALL_COMPARED if standing.show_all else max(1, COMPARED // len(others))
    undeclared = {"downstream": None, "proxy": None}
    answer = compared(
        [_with_checkpoints(one, standing.saved) for one in runs],
        Request.of(metrics, None, undeclared, project.settings),
        StandingAt(wish.x, standing.at, Matched("auto", None), limit),
        project,
    )
    asked = {"metrics": metrics, "at": standing.at, "x": None if wish.x == "auto" else wish.x}
    said = {name: value for name, value in asked.items() if value is not None}
    given = {"student": student, "baselines": others, **said, "limit": limit}
    return recorded(answer, given, project.directory)


def _with_checkpoints(one: Gathered, saved: Sequence[tuple[Run, SavedBy]]) -> Side:
    own = tuple(pair for pair in saved if pair[0].ref == one.run.ref)
    return replace(one.side.side, checkpoints=own, unreadable=())


def _left(section: str, left: int, what: str, by: str) -> LeftOut:
    return LeftOut(section=section, left=left, what=what, shown_by=by)
