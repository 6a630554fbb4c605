"""The rules over the structure of a comparison."""

from collections.abc import Callable, Iterator

from samestep.answers.answer import Answer
from samestep.answers.comparison import Cell, Comparison, Row
from samestep.validator.problems import Check

CLOSE = 1e-9  # relative; x is often a quotient of whole numbers
FEWEST_SEEDS = 2


def _same_x(answer: Comparison) -> Iterator[str]:
    at = answer.at
    if at.value > at.student_current:
        yield f"compared at {at.value:g}, beyond the student's current {at.student_current:g}"
    for row in _rows(answer):
        ours, theirs = row.student, row.baseline
        if ours.x is not None and ours.x > at.value + _slack(at.value) + (ours.gap or 0.0):
            yield f"{row.metric}: the student's value lies beyond x {at.value:g}"
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
        if cell.match == "nearest" and cell.gap is None:
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
        if metric.role == "downstream" and not metric.role_why.startswith("declared"):
            yield f"{metric.metric} is downstream, and nobody declared it"


def _no_proxy_winner(answer: Comparison) -> Iterator[str]:
    for entry in answer.verdict.against:
        if entry.role == "proxy" and entry.kind not in {"undecided", "not_comparable"}:
            yield f"{entry.kind} against {entry.baseline} on a proxy"
    if answer.verdict.winner is not None and not answer.downstream:
        yield f"{answer.verdict.winner} named winner without a downstream metric"


def _winner_evidence(answer: Comparison) -> Iterator[str]:
    verdict = answer.verdict
    won = [entry for entry in verdict.against if entry.kind == "winner"]
    if (verdict.winner is not None) and (not won or verdict.kind != "winner"):
        yield f"{verdict.winner} named winner, and no judgement says so"
    if won and any(caveat.severity == "blocks" for caveat in answer.caveats):
        yield "a winner beside a caveat that blocks"
    directions = {metric.metric: metric.direction for metric in answer.metrics}
    for entry in won:
        rows = [
            row
            for row in answer.downstream
            if row.baseline.full_name == entry.baseline and entry.metric in {None, row.metric}
        ]
        if not rows or not all(_carries_winner(row, directions.get(row.metric)) for row in rows):
            yield f"winner against {entry.baseline} without a row that carries it"


def _carries_winner(row: Row, direction: str | None) -> bool:
    cells = (row.student, row.baseline)
    logged = all(cell.match == "exact" and (cell.n or 1) >= FEWEST_SEEDS for cell in cells)
    return logged and row.better is not None and direction is not None


def _traceable(answer: Comparison) -> Iterator[str]:
    legend = {entry.full_name: entry for entry in answer.runs}
    for row, cell in _cells(answer):
        entry = legend.get(cell.full_name)
        if entry is None:
            yield f"{row.metric}: {cell.full_name} is not in the legend"
        elif entry.run is None and not entry.members:
            yield f"{cell.full_name} leads to no run"
        if cell.value is not None and cell.match != "final":
            if cell.x is None:
                yield f"{row.metric} of {cell.full_name}: a number without its x"
            if "step" not in cell.model_fields_set:
                yield f"{row.metric} of {cell.full_name}: a number that does not speak of its step"


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
    Check("traceable", _of_comparisons(_traceable)),
    Check("same-definition", _of_comparisons(_same_definition)),
    Check("single-seed", _of_comparisons(_single_seed)),
    Check("absent-said", _of_comparisons(_absent_said)),
    Check("projection-bounded", _of_comparisons(_projection_bounded)),
)
