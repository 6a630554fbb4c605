"""The rules over the structure of a comparison."""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from samestep.answers.answer import Answer, LegendEntry
from samestep.answers.comparison import Against, Cell, Comparison, Row
from samestep.validator.problems import Check
from samestep.verdict import better_side

if TYPE_CHECKING:
    from samestep.model import Direction

CLOSE = 1e-9  # relative; x is often a quotient of whole numbers
FEWEST_SEEDS = 2
LEADER = {"ahead_so_far": "student", "behind_so_far": "baseline"}
NEAR_THE_END = 0.9  # of where a side has got to; its last evaluation may come a little before


def _same_x(answer: Comparison) -> Iterator[str]:
    at = answer.at
    if at.value > at.student_current:
        yield f"compared at {at.value:g}, beyond the student's current {at.student_current:g}"
    for row in _rows(answer):
        ours, theirs = row.student, row.baseline
        for cell in (ours, theirs):
            beyond = at.value + _slack(at.value) + (cell.gap or 0.0)
            if cell.x is not None and cell.x > beyond:
                yield f"{row.metric}: {cell.full_name} stands beyond x {at.value:g}"
        if row.delta is None:
            continue
        if ours.x is None or theirs.x is None:
            yield f"{row.metric}: a difference without an x"
            continue
        apart = abs(ours.x - theirs.x)
        reach = sum(cell.gap or 0.0 for cell in (ours, theirs) if cell.match == "nearest")
        if apart > reach + _slack(ours.x):
            yield f"{row.metric}: subtracted between x {ours.x:g} and x {theirs.x:g}"


def _match_stated(answer: Comparison) -> Iterator[str]:
    for row, cell in _cells(answer):
        where = f"{row.metric} of {cell.full_name}"
        if cell.value is not None and cell.match is None:
            yield f"{where}: a value that does not say how it was found"
        if cell.match == "nearest" and not (cell.gap or 0.0) > 0.0:
            yield f"{where}: nearest without its gap"
        if cell.match == "interpolated" and cell.n is None and not _between(cell):
            yield f"{where}: interpolated, and not between two points"


def _between(cell: Cell) -> bool:
    if cell.between is None or cell.x is None or cell.step is not None:
        return False
    return cell.between[0] <= cell.x <= cell.between[1]


def _history_not_summary(answer: Comparison) -> Iterator[str]:
    finished = {entry.full_name for entry in answer.runs if entry.state == "finished"}
    for row, cell in _cells(answer):
        if cell.match != "final":
            continue
        if cell.full_name not in finished:
            yield f"{row.metric}: a final value of {cell.full_name}, which has not finished"
        if row.delta is not None or row in answer.proxy:
            yield f"{row.metric}: a final value is compared as if it stood in a history"


def _roles_apart(answer: Comparison) -> Iterator[str]:
    roles = {metric.metric: metric for metric in answer.metrics}
    for role, rows in (("proxy", answer.proxy), ("downstream", answer.downstream)):
        for row in rows:
            if row.metric not in roles or roles[row.metric].role != role:
                yield f"{row.metric} stands among the {role} metrics without that role"
    for metric in answer.metrics:
        if not metric.role_why:
            yield f"{metric.metric} does not say why it is {metric.role}"
        if not metric.direction_why:
            yield f"{metric.metric} does not say who knows its direction"
        if metric.role == "downstream" and not metric.role_why.startswith("declared"):
            yield f"{metric.metric} is downstream, and nobody declared it"


def _no_proxy_winner(answer: Comparison) -> Iterator[str]:
    for entry in answer.verdict.against:
        if entry.role == "proxy" and entry.kind not in {"undecided", "not_comparable"}:
            yield f"{entry.kind} against {entry.baseline} on a proxy"
    if answer.verdict.winner is not None and not answer.downstream:
        yield f"{answer.verdict.winner} named winner without a downstream metric"


def _agreed(answer: Comparison) -> Iterator[str]:
    """The verdict above is what every judgement below says, and nothing where they differ."""
    verdict = answer.verdict
    said = {(entry.kind, entry.winner) for entry in verdict.against}
    above = (verdict.kind, verdict.winner)
    if len(said) == 1 and above not in said:
        yield f"the verdict {above} is not what every judgement says"
    if len(said) > 1 and above != (None, None):
        yield f"the verdict {above} stands above judgements that differ"
    if not said and above != ("not_comparable", None):
        yield f"the verdict {above} without any judgement"


def _winner_evidence(answer: Comparison) -> Iterator[str]:
    for entry in answer.verdict.against:
        rows = _rows_of(answer, entry)
        if (entry.kind == "winner") != (entry.winner is not None):
            yield f"kind {entry.kind} and winner {entry.winner} against {entry.baseline}"
        if entry.kind == "winner" and not (rows and all(_carries(answer, r, entry) for r in rows)):
            yield f"winner against {entry.baseline} without a row that carries it"
        side = LEADER.get(entry.kind)
        if side is not None and not (rows and all(row.better == side for row in rows)):
            yield f"{entry.kind} against {entry.baseline}, and the row does not say so"
    won = [entry for entry in answer.verdict.against if entry.winner is not None]
    if won and any(caveat.severity == "blocks" for caveat in answer.caveats):
        yield "a winner beside a caveat that blocks"
    if answer.verdict.winner is not None and answer.verdict.blocked_by:
        yield "a winner, and rules that keep it from being one"


def _rows_of(answer: Comparison, entry: Against) -> list[Row]:
    return [
        row
        for row in (answer.downstream if entry.role == "downstream" else answer.proxy)
        if row.baseline.full_name == entry.baseline and entry.metric in {None, row.metric}
    ]


def _carries(answer: Comparison, row: Row, entry: Against) -> bool:
    """Return whether a row alone could make the winner named: seeds, a lead, and the end of both."""
    cells = (row.student, row.baseline)
    logged = all(cell.match == "exact" and (cell.n or 1) >= FEWEST_SEEDS for cell in cells)
    leader = row.student.full_name if row.better == "student" else row.baseline.full_name
    at_end = all(_at_end(answer, cell) for cell in cells)
    return logged and row.better is not None and entry.winner == leader and at_end


def _at_end(answer: Comparison, cell: Cell) -> bool:
    """Return whether a value stands near where its side has got to, on the axis of the answer."""
    [entry] = [entry for entry in answer.runs if entry.full_name == cell.full_name]
    reached = {"epoch": entry.current.epoch, "step": entry.current.step}.get(answer.at.axis)
    return reached is None or (cell.x is not None and cell.x >= NEAR_THE_END * reached)


def _arithmetic(answer: Comparison) -> Iterator[str]:
    """A difference is what its two values make, and the better side what its direction says."""
    directions: dict[str, Direction | None] = {m.metric: m.direction for m in answer.metrics}
    for row in _rows(answer):
        if row.noise is not None and row.noise < 0:
            yield f"{row.metric}: noise below 0"
        if row.better != better_side(row.delta, directions.get(row.metric)):
            yield f"{row.metric}: {row.better} is not the better side of {row.delta}"
        ours, theirs = row.student.value, row.baseline.value
        if row.delta is not None and ours is not None and theirs is not None:
            made = ours - theirs
            if not math.isclose(row.delta, made, rel_tol=1e-6, abs_tol=1e-12):
                yield f"{row.metric}: {row.delta:g} is not {ours:g} - {theirs:g}"


def _traceable(answer: Comparison) -> Iterator[str]:
    legend = {entry.full_name: entry for entry in answer.runs}
    for row, cell in _cells(answer):
        entry = legend.get(cell.full_name)
        if entry is None:
            yield f"{row.metric}: {cell.full_name} is not in the legend"
        elif entry.run is None and not entry.members:
            yield f"{cell.full_name} leads to no run"
        if cell.match == "exact" and cell.n is None and cell.step is None and _counts_steps(entry):
            yield f"{row.metric} of {cell.full_name}: logged, and its step is not told"
        if cell.value is not None and cell.match != "final":
            if cell.x is None:
                yield f"{row.metric} of {cell.full_name}: a number without its x"
            if "step" not in cell.model_fields_set:
                yield f"{row.metric} of {cell.full_name}: a number that does not speak of its step"


def _counts_steps(entry: LegendEntry | None) -> bool:
    return entry is not None and entry.current.step is not None


def _same_definition(answer: Comparison) -> Iterator[str]:
    blocked = any(c.rule == "same-definition" and c.severity == "blocks" for c in answer.caveats)
    apart = [entry for entry in answer.verdict.against if entry.kind == "not_comparable"]
    for entry in apart:
        named = [row for row in _rows(answer) if row.metric == entry.metric]
        if any(row.delta is not None and row.baseline.full_name == entry.baseline for row in named):
            yield f"{entry.metric} is not comparable with {entry.baseline}, and subtracted"
    if apart and not blocked:
        yield "not comparable, and no caveat says why"


def _single_seed(answer: Comparison) -> Iterator[str]:
    single = [entry.full_name for entry in answer.runs if not entry.members]
    if single and not any(caveat.rule == "single-seed" for caveat in answer.caveats):
        yield f"{', '.join(single)} compared as single runs, and no caveat says so"
    for row, cell in _cells(answer):
        if (cell.n or 0) >= FEWEST_SEEDS and "spread" not in cell.model_fields_set:
            yield f"{row.metric} of {cell.full_name}: several seeds without their spread"


def _absent_said(answer: Comparison) -> Iterator[str]:
    for row, cell in _cells(answer):
        if (cell.value is None) != bool(cell.absent):
            yield f"{row.metric} of {cell.full_name}: absence and its reason do not go together"
    for row in _rows(answer):
        if row.delta is not None and None in {row.student.value, row.baseline.value}:
            yield f"{row.metric}: a difference with a value that is absent"


def _projection_bounded(answer: Comparison) -> Iterator[str]:
    for projected in answer.catch_up:
        if projected.at is not None and (projected.interval is None or not projected.method):
            yield f"{projected.metric}: projected without an interval or a method"
    projected = {(one.metric, one.baseline, one.outlook) for one in answer.catch_up}
    for row in _rows(answer):
        told = (row.metric, row.baseline.full_name, row.outlook)
        if row.outlook in {"on_track", "not_on_track", "refused"} and told not in projected:
            yield f"{row.metric}: {row.outlook}, and nothing says what that rests on"
    undecided = any(row.outlook == "undecided" for row in _rows(answer))
    reasoned = {entry.metric for entry in answer.catch_up}
    if undecided and not reasoned and not _says(answer, "projection-bounded"):
        yield "an outlook is undecided, and nothing says why"


def _rows(answer: Comparison) -> list[Row]:
    return [*answer.downstream, *answer.proxy]


def _cells(answer: Comparison) -> Iterator[tuple[Row, Cell]]:
    for row in _rows(answer):
        yield row, row.student
        yield row, row.baseline


def _says(answer: Answer, rule: str) -> bool:
    return any(caveat.rule == rule for caveat in answer.caveats)


def _slack(x: float) -> float:
    return CLOSE * max(1.0, abs(x))


def _of_comparisons(
    problems: Callable[[Comparison], Iterator[str]],
) -> Callable[[Answer], Iterator[str]]:
    return lambda answer: problems(answer) if isinstance(answer, Comparison) else iter(())


COMPARISON_CHECKS: tuple[Check, ...] = (
    Check("same-x", _of_comparisons(_same_x)),
    Check("match-stated", _of_comparisons(_match_stated)),
    Check("history-not-summary", _of_comparisons(_history_not_summary)),
    Check("roles-apart", _of_comparisons(_roles_apart)),
    Check("no-proxy-winner", _of_comparisons(_no_proxy_winner)),
    Check("winner-evidence", _of_comparisons(_winner_evidence)),
    Check("winner-evidence", _of_comparisons(_agreed)),
    Check("traceable", _of_comparisons(_arithmetic)),
    Check("traceable", _of_comparisons(_traceable)),
    Check("same-definition", _of_comparisons(_same_definition)),
    Check("single-seed", _of_comparisons(_single_seed)),
    Check("absent-said", _of_comparisons(_absent_said)),
    Check("projection-bounded", _of_comparisons(_projection_bounded)),
)
