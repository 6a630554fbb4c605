"""The rows of a comparison: cells, difference, noise and what may be judged from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.choose import Chosen
from samestep.analysis.comparable import (
    Audit,
    Party,
    Stand,
    audit,
    scale_mismatch,
    sign_mismatch,
)
from samestep.analysis.compare import Matched, Member, Pair, SideValue, compare_at
from samestep.analysis.copies import without_copies
from samestep.analysis.ends import common_end, end_of
from samestep.analysis.naming import direction_by_name
from samestep.analysis.significance import holm, welch
from samestep.answers.comparison import Cell, Row
from samestep.answers.record import derived
from samestep.model import Match, Run
from samestep.questions.declared import noise_of, told
from samestep.questions.metrics import Compared
from samestep.questions.sides import KnownSide
from samestep.rules import RuleId
from samestep.verdict import Standing, better_side

Members = tuple[Sequence[Member], Sequence[Member]]
"""The student's runs and the baseline's, each with its curve of one metric."""
Curves = tuple[Sequence[Curve], Sequence[Curve]]
"""The same curves alone, of the runs that have one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a comparison stands, the same for all its rows."""

    chosen: Chosen
    limit: float
    """The x no student value may lie beyond."""
    matched: Matched


@dataclass(frozen=True, slots=True)
class Facing:
    """The student and one baseline, with what is the same for all their rows."""

    student: KnownSide
    baseline: KnownSide
    parties: tuple[Party, Party]
    """The same sides with their settings."""
    stand: Stand
    audit: Audit
    ends: tuple[Sequence[float | None], Sequence[float | None]]
    """Where each run of either side ended; None for one that has not."""

    @classmethod
    def of(
        cls, student: tuple[KnownSide, Party], baseline: KnownSide, stand: Stand, chosen: Chosen
    ) -> "Facing":
        """Look at both sides once."""
        ours, party = student
        parties = (party, Party.of(baseline.name, baseline.runs))
        ends = (side_ends(ours, chosen), side_ends(baseline, chosen))
        return cls(ours, baseline, parties, stand, audit(parties, stand), ends)


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with what its judgement rests on."""

    row: Row
    compared: Compared
    facing: Facing
    standing: Standing
    members: Members
    """Both sides' runs, each with its curve of the metric."""
    x: float | None
    """Where both stand; None where neither has a value."""

    @property
    def curves(self) -> Curves:
        """The same curves alone, of the runs that have one."""
        return curves_of(self.members)

    @property
    def baseline(self) -> KnownSide:
        """The baseline of the row."""
        return self.facing.baseline


def judged_rows(
    student: KnownSide,
    baselines: Sequence[KnownSide],
    compared: Sequence[Compared],
    frame: Frame,
) -> list[Judged]:
    """Return one row per metric and baseline, p-values adjusted for all rows compared."""
    stand = Stand(frame.chosen.name, frame.chosen.axes, frame.limit)
    ours = (student, Party.of(student.name, student.runs))
    facings = [Facing.of(ours, baseline, stand, frame.chosen) for baseline in baselines]
    rows = [_judged(facing, metric, frame) for metric in compared for facing in facings]
    tested = [at for at, one in enumerate(rows) if one.standing.adjusted_p is not None]
    raw = [p for one in rows if (p := one.standing.adjusted_p) is not None]
    for at, adjusted in zip(tested, holm(raw), strict=True):
        standing = replace(rows[at].standing, adjusted_p=adjusted)
        rows[at] = replace(rows[at], standing=standing)
    return rows


def _judged(facing: Facing, metric: Compared, frame: Frame) -> Judged:
    student, baseline = facing.student, facing.baseline
    ours = without_copies(_members(student.runs, metric.student, frame.chosen))
    theirs = without_copies(_members(baseline.runs, metric.baseline, frame.chosen))
    pair = compare_at(ours, theirs, frame.limit, frame.matched)
    blocking = _blocking(facing, metric, (ours, theirs), pair.x)
    row = _row(
        student, baseline, metric, (pair, frame), comparable="same-definition" not in blocking
    )
    ends = _ends(facing, pair, (ours, theirs))
    standing = Standing(
        metric=metric.student,
        role=metric.character.role,
        direction=metric.character.direction,
        delta=row.delta,
        noise=row.noise,
        minimum_effect=metric.minimum_effect or 0.0,
        why_no_delta=_why_no_delta(row),
        matches=_matches(pair),
        ends=ends,
        seeds=(_seeds(student, pair.student, ours), _seeds(baseline, pair.baseline, theirs)),
        adjusted_p=_p_value(facing, pair),
        blocking=blocking,
    )
    return Judged(row, metric, facing, standing, (ours, theirs), pair.x)


def curves_of(members: Members) -> Curves:
    """Return the curves of both sides, of the runs that have one."""
    ours, theirs = (
        [member.curve for member in side if not isinstance(member.curve, Absent)]
        for side in members
    )
    return ours, theirs


def _why_no_delta(row: Row) -> RuleId:
    """Return the rule that leaves a row without a difference: absence, or a value not finite."""
    return "absent-said" if None in {row.student.value, row.baseline.value} else "same-x"


def _members(runs: Sequence[Run], metric: str, chosen: Chosen) -> list[Member]:
    return [Member(run.full_name, run.seed, _curve(run, metric, chosen)) for run in runs]


def _curve(run: Run, metric: str, chosen: Chosen) -> Curve | Absent:
    axis = chosen.axes[str(run.ref)]
    if metric in axis.curves:
        return axis.curves[metric]
    if metric in axis.unplaced:
        return Absent(axis.unplaced[metric])
    if metric in run.finals:
        return Absent(f"logged once, without a step ({run.finals[metric].origin})")
    return Absent("not logged")


def _row(
    student: KnownSide,
    baseline: KnownSide,
    metric: Compared,
    stands: tuple[Pair, Frame],
    *,
    comparable: bool,
) -> Row:
    pair, frame = stands
    final = _final_cells(student, baseline, metric, pair)
    ours, theirs = final or (
        _cell(student, pair.student, metric.student, metric),
        _cell(baseline, pair.baseline, metric.baseline, metric),
    )
    delta = pair.delta if comparable else None
    better = better_side(delta, metric.character.direction)
    noise = noise_of(pair, metric.noise)
    row = Row(
        metric=metric.student,
        student=ours,
        baseline=theirs,
        delta=delta,
        better=better,
        noise=None if noise.value is None or delta is None else derived(noise.value),
        outlook=None,
    )
    declared = told(noise, metric.minimum_effect, delta)
    return row.model_copy(update={**_where(pair, frame), **declared})


def _where(pair: Pair, frame: Frame) -> dict[str, float]:
    """Return how far the row stands before the x of the comparison, where it does."""
    if pair.baseline_ended is not None:
        return {"baseline_ended": pair.baseline_ended}
    lag = frame.limit - (frame.limit if pair.x is None else pair.x)
    return {"lags_by": derived(lag)} if lag > 1e-9 * max(1.0, abs(frame.limit)) else {}


def _cell(side: KnownSide, found: SideValue | Absent, name: str, metric: Compared) -> Cell:
    cell = (
        Cell(full_name=side.name, value=None, absent=found.why)
        if isinstance(found, Absent)
        else _group_cell(side, found)
        if side.side.is_group
        else _single_cell(side, found)
    )
    return cell if name == metric.student else cell.model_copy(update={"metric": name})


def _single_cell(side: KnownSide, found: SideValue) -> Cell:
    [point] = found.points.values()
    cell = Cell(
        full_name=side.name, value=point.value, x=point.x, step=point.step, match=point.match
    )
    extra: dict[str, object] = {}
    if point.match == "nearest" and point.gap is not None:
        extra["gap"] = derived(point.gap)
    if point.between is not None:
        extra["between"] = point.between
    return cell.model_copy(update=extra)


def _group_cell(side: KnownSide, found: SideValue) -> Cell:
    gaps = [point.gap for point in found.points.values() if point.gap is not None]
    cell = Cell(
        full_name=side.name,
        value=found.value,
        x=found.x,
        step=None,
        match=found.match,
        spread=None if found.spread is None else derived(found.spread),
        n=len(found.points),
        seeds=list(found.seeds),
    )
    extra: dict[str, object] = {}
    if gaps:
        extra["gap"] = derived(max(gaps))
    if found.missing:
        extra["not_counted"] = dict(found.missing)
    return cell.model_copy(update=extra)


def _final_cells(
    student: KnownSide, baseline: KnownSide, metric: Compared, pair: Pair
) -> tuple[Cell, Cell] | None:
    """Return both sides' final values where neither has a history and both runs have finished."""
    if not isinstance(pair.student, Absent) or not isinstance(pair.baseline, Absent):
        return None
    if metric.character.role != "downstream" or not (student.finished and baseline.finished):
        return None
    ours, theirs = (
        _final(student, metric.student),
        _final(baseline, metric.baseline),
    )
    return (ours, theirs) if ours and theirs else None


def _final(side: KnownSide, metric: str) -> Cell | None:
    [run, *others] = side.runs
    if others or metric not in run.finals:
        return None
    return Cell(full_name=side.name, value=run.finals[metric].value, match="final")


def _blocking(
    facing: Facing, metric: Compared, members: Members, x: float | None
) -> tuple[RuleId, ...]:
    found: list[RuleId] = []
    if not is_same_definition(facing, metric, curves_of(members), x):
        found.append("same-definition")
    if facing.audit.blocks:
        found.append("one-change")
    if metric.student != metric.baseline:
        found.append("winner-evidence")  # two names are two definitions until somebody checks
    return tuple(found)


def is_same_definition(facing: Facing, metric: Compared, curves: Curves, x: float | None) -> bool:
    """Return whether both sides measure one thing, on one scale and on the same data."""
    if facing.audit.measured_apart(metric.student) or not same_direction(metric):
        return False
    return x is None or not (
        scale_mismatch(metric.student, *curves, x) or sign_mismatch(metric.student, *curves, x)
    )


def same_direction(metric: Compared) -> bool:
    """Return whether both names of a declared pair say that the same way is better."""
    ways = {direction_by_name(name) for name in (metric.student, metric.baseline)}
    return len(ways - {None}) <= 1


def _matches(pair: Pair) -> tuple[Match, Match] | None:
    if isinstance(pair.student, Absent) or isinstance(pair.baseline, Absent):
        return None
    return pair.student.match, pair.baseline.match


def _seeds(side: KnownSide, found: SideValue | Absent, members: Sequence[Member]) -> int:
    """Return how many different seeds count: by name where there is one, never two equal curves.

    Copies have no curve any more; of equal ones too short to tell, one counts.
    """
    if isinstance(found, Absent):
        return 0
    counted = [run for run in side.runs if run.full_name in found.points]
    curves = [member.curve for member in members if not isinstance(member.curve, Absent)]
    different = {curve.values.tobytes() for curve in curves}
    return min(len({run.seed or str(run.ref) for run in counted}), len(different))


def _p_value(facing: Facing, pair: Pair) -> float | None:
    """Return the chance of such a difference; None where a seed would count twice."""
    if isinstance(pair.student, Absent) or isinstance(pair.baseline, Absent):
        return None
    if _repeats(facing.student, pair.student) or _repeats(facing.baseline, pair.baseline):
        return None
    return welch(pair.student.values, pair.baseline.values)


def _repeats(side: KnownSide, found: SideValue) -> bool:
    """Return whether two runs that count have the same seed."""
    seeds = [run.seed for run in side.runs if run.seed and run.full_name in found.points]
    return len(set(seeds)) < len(seeds)


def _ends(facing: Facing, pair: Pair, members: Members) -> tuple[float, float, float] | None:
    """Return x and where each side ended; None unless every run of both has."""
    if pair.x is None:
        return None
    ends = [
        common_end(curves, ends, pair.x) for curves, ends in zip(members, facing.ends, strict=True)
    ]
    return None if ends[0] is None or ends[1] is None else (pair.x, ends[0], ends[1])


def side_ends(side: KnownSide, chosen: Chosen) -> list[float | None]:
    """Return where each run of a side ended on the axis; None for one that has not."""
    return [
        end_of(run, chosen.axes[str(run.ref)], finished=side.states[str(run.ref)] == "finished")
        for run in side.runs
    ]
