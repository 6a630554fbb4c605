"""Whether a student catches up with each baseline, and how far it lags along x: row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samestep.analysis.align import SAME_X
from samestep.analysis.catch_up import CatchUp as Projected
from samestep.analysis.catch_up import Terms, catch_up
from samestep.analysis.ends import planned_end_of
from samestep.analysis.lag import Lag, lag
from samestep.analysis.naming import is_reward
from samestep.analysis.side_curve import side_curve
from samestep.answers.comparison import CatchUp, Outlook, Row
from samestep.answers.record import derived
from samestep.questions.rows import Frame, Judged
from samestep.verdict import BEYOND_NOISE, is_below

if TYPE_CHECKING:
    from samestep.analysis.axis import Curve
    from samestep.analysis.calibrated import Kind

SAME_END = 0.02  # relative; as in the calibration, schedules that end this close are of one length
LAG_DIGITS = 5
SAYS_WHO = {"already_ahead", "on_track", "not_on_track"}
"""The outlooks that say which of the two is ahead now."""
APART = "the values at x and the smoothed curves disagree on who is ahead"
OF_SCHEDULE = {"mixed", "planned length", "schedule", "learning rate"}


@dataclass(frozen=True, slots=True)
class Prospect:
    """A row with its lag and outlook."""

    row: Row
    detail: CatchUp | None
    """What the outlook rests on; None where the row's own numbers tell."""


def prospects(judged: Sequence[Judged], frame: Frame) -> list[Prospect]:
    """Look ahead from every row, no student farther along than the comparison stands."""
    return [_prospect(one, frame) for one in judged]


def _prospect(one: Judged, frame: Frame) -> Prospect:
    """Return a row's outlook, projected unless the row's direction or its noise decides it."""
    row, direction = one.row, one.compared.character.direction
    ours, theirs = (_reaching(curves, one.x) for curves in one.curves)
    student, baseline = side_curve(ours, frame.limit), side_curve(theirs)
    if row.delta is None or student is None or baseline is None:
        return Prospect(row, None)
    if direction is None:
        return Prospect(_with(row, outlook="refused"), None)
    row = _with(row, **_lag_told(lag(student, baseline, direction)))
    if (plain := _by_noise(row)) is not None:
        return Prospect(_with(row, outlook=plain), None)
    detail = _detail(row, catch_up(student, baseline, direction, _terms(one, frame)))
    return Prospect(_with(row, outlook=detail.outlook), detail)


def _reaching(curves: "Sequence[Curve]", x: float | None) -> "Sequence[Curve]":
    """Return a side's curves that x stands on: a group's value counts no others either."""
    if x is None or len(curves) <= 1:
        return curves
    slack = SAME_X * max(1.0, abs(x))
    return [curve for curve in curves if curve.x[0] - slack <= x <= curve.x[-1] + slack]


def _with(row: Row, **fields: object) -> Row:
    return row.model_copy(update=fields)


def _lag_told(found: Lag) -> dict[str, object]:
    told = {"lag": found.lag, "lag_moved": found.moved}
    numbers = {
        name: float(f"{value:.{LAG_DIGITS}g}") for name, value in told.items() if value is not None
    }
    return {**numbers, **({"lag_why": found.why} if found.why else {})}


def _by_noise(row: Row) -> Outlook | None:
    """Return the outlook that a difference and its noise decide alone."""
    if not row.delta or is_below(row.delta, row.minimum_effect):
        return "undecided"
    if row.noise is None:
        return None
    if abs(row.delta) <= BEYOND_NOISE * row.noise:
        return "undecided"
    return "already_ahead" if row.better == "student" else None


def _terms(one: Judged, frame: Frame) -> Terms:
    kind: Kind = "reward" if is_reward(one.compared.student) else "supervised"
    ends = one.facing.ends[1]
    planned = [planned_end_of(run, frame.chosen.name) for run in one.facing.student.runs]
    known = [end for end in planned if end is not None]
    return Terms(
        schedules_agree=_schedules_agree(one, known),
        baseline_finished=None not in ends,
        end=min(known, default=None),
        kind=kind,
    )


def _schedules_agree(one: Judged, planned: Sequence[float]) -> bool | None:
    """Return whether both follow one schedule to the same end; None where nothing tells."""
    if any(finding.kind in OF_SCHEDULE for finding in one.facing.audit.findings):
        return False
    ends = [end for end in one.facing.ends[1] if end is not None]
    if not planned or not ends:
        return None
    return all(abs(end / planned[0] - 1.0) <= SAME_END for end in [*planned, *ends])


def _detail(row: Row, found: Projected) -> CatchUp:
    """Return what an outlook rests on; the smoothed curves do not outweigh the row's values."""
    apart = found.outlook in SAYS_WHO and (found.outlook == "already_ahead") != (
        row.better == "student"
    )
    detail = CatchUp(
        metric=row.metric,
        baseline=row.baseline.full_name,
        outlook="undecided" if apart else found.outlook,
        at=_or_none(found.at),
        interval=_both(found.interval),
        method=found.method or "none",
        why=f"{APART}: {found.why}" if apart else found.why,
        points=found.points,
    )
    return detail.model_copy(update=_projected(found))


def _projected(found: Projected) -> dict[str, object]:
    """Return the fields of what was projected; none where nothing was."""
    told: dict[str, object] = {}
    if found.naive is not None:
        told["naive_not_used"] = _or_none(found.naive.at)
    if found.probability is not None:
        told["probability"] = found.probability
        told["until"] = _or_none(found.until)
        told["behind_then"] = _both(found.behind_then)
    return told


def _or_none(value: float | None) -> float | None:
    return None if value is None else derived(value)


def _both(interval: tuple[float, float | None] | None) -> tuple[float, float | None] | None:
    return None if interval is None else (derived(interval[0]), _or_none(interval[1]))
