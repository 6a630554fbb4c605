"""The judgement of a test, and the answer of one about runs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from samestep.analysis.axis import unit_of
from samestep.answers import significance as answers
from samestep.answers.comparison import At, MetricCharacter
from samestep.model import TestName
from samestep.questions.metrics import Compared
from samestep.questions.pages import MOST_CHARACTERS
from samestep.questions.sides import legend_entry
from samestep.questions.significance.caveats import run_caveats
from samestep.questions.significance.over_tasks import OverTasks, over_tasks
from samestep.questions.significance.rows import Row, rows_of
from samestep.questions.significance.sides import Contested
from samestep.questions.significance.wording import reading, verdict_text
from samestep.verdict import Judgement, judge

if TYPE_CHECKING:
    from samestep.rules import RuleId

MOST_ROWS = 20
MOST_VALUES = 40
MOST_AGAINST = 20


def of_runs(found: Contested, metric: str, asked: TestName | None) -> answers.SignificanceAnswer:
    """Answer a question about runs, with as many rows and values as a host takes in."""
    rows = rows_of(found.contests, _of_seeds(found, asked), found.folds)
    over = over_tasks(found, metric, asked)
    most_rows, most_values = MOST_ROWS, MOST_VALUES
    answer = _answer(found, rows, over, asked, (most_rows, most_values))
    while len(answer.model_dump_json()) > MOST_CHARACTERS and most_rows > 1:
        most_rows, most_values = (most_rows, 0) if most_values else (most_rows // 2, 0)
        answer = _answer(found, rows, over, asked, (most_rows, most_values))
    return answer


def verdict_of(
    rows: Sequence[Row], at: answers.StandsAt | None, *, over: bool = False
) -> answers.SignificanceVerdict:
    """Return what may be judged from rows; over several tasks no winner is named."""
    if over:
        text = "Over several tasks nothing is judged: a winner is named on one metric, at its end."
        return answers.SignificanceVerdict(
            kind="undecided", winner=None, blocked_by=["winner-evidence"], text=text, against=[]
        )
    judged = [(row, judge(row.standing)) for row in rows]
    deciding = [pair for pair in judged if pair[1].role == "downstream"] or judged
    against = [_against(row, judgement) for row, judgement in deciding]
    agreed = len({(one.kind, one.winner) for one in against}) == 1
    blocked: list[RuleId] = ["same-definition"]
    if against:
        blocked = list(dict.fromkeys(rule for _, one in deciding for rule in one.blocked_by))
    return answers.SignificanceVerdict(
        kind=against[0].kind if agreed else None if against else "not_comparable",
        winner=against[0].winner if agreed else None,
        blocked_by=blocked,
        text=verdict_text(deciding, at) or "There is nothing to judge.",
        against=against[:MOST_AGAINST],
    )


def _of_seeds(found: Contested, asked: TestName | None) -> TestName | None:
    """Return the test of each row: where the one asked for is over tasks, that of the table."""
    over = asked in {"iqm", "friedman"} or (asked == "wilcoxon" and found.several)
    return None if over else asked


def _answer(
    found: Contested,
    rows: Sequence[Row],
    over: OverTasks,
    asked: TestName | None,
    room: tuple[int, int],
) -> answers.SignificanceAnswer:
    most_rows, most_values = room
    at = answers.StandsAt(
        axis=found.chosen.name, unit=unit_of(found.chosen.name), value=found.limit
    )
    shown = rows[: max(0, most_rows - len(over.rows))]
    told, left = _with_values(_bare(shown) if over.rows else shown, most_values)
    everything = [*over.rows, *told]
    return answers.SignificanceAnswer(
        answer_id="",
        runs=[legend_entry(side, "run", _x_from(found)) for side in found.sides],
        caveats=run_caveats(found, rows, _place(at), asked, over),
        reading=reading(everything, at),
        at=at,
        metrics=[_character(one) for one in found.compared],
        rows=everything,
        rows_left=len(rows) - len(shown),
        compared=sum(row.row.adjusted_p is not None for row in rows),
        values_left=left,
        aggregates=list(over.aggregates),
        ranking=over.ranking,
        verdict=verdict_of(rows, at, over=found.of_tasks or (bool(over.rows) and found.several)),
    )


def _bare(rows: Sequence[Row]) -> list[Row]:
    """Return rows without the tests beside: where tasks are told together, each is a detail."""
    return [replace(one, row=one.row.model_copy(update={"beside": []})) for one in rows]


def _with_values(rows: Sequence[Row], most: int) -> tuple[list[answers.DifferenceRow], int]:
    """Return rows with the values of their runs as far as there is room, the others counted."""
    told: list[answers.DifferenceRow] = []
    left, once = 0, set[tuple[answers.SeedValue, ...]]()
    for one in rows:
        sides: list[answers.Sample] = []
        for sample, values in zip((one.row.a, one.row.b), one.values, strict=True):
            shown = [] if values in once else list(values[:most])
            left += 0 if values in once else len(values) - len(shown)
            most -= len(shown)
            once.add(values)
            sides.append(sample.model_copy(update={"values": shown} if shown else {}))
        told.append(one.row.model_copy(update={"a": sides[0], "b": sides[1]}))
    return told, left


def _against(row: Row, judgement: Judgement) -> answers.TestedAgainst:
    entry = answers.TestedAgainst(
        baseline=row.row.b.full_name,
        metric=row.row.metric,
        role=judgement.role,
        kind=judgement.kind,
    )
    if row.row.task is not None:
        entry = entry.model_copy(update={"task": row.row.task})
    if judgement.winner is None:
        return entry
    winner = row.row.a if judgement.winner.side == "student" else row.row.b
    return entry.model_copy(update={"winner": winner.full_name})


def _x_from(found: Contested) -> dict[str, str]:
    return {ref: axis.rule for ref, axis in found.chosen.axes.items()}


def _place(at: answers.StandsAt) -> At:
    return At(axis=at.axis, unit=at.unit, value=at.value, student_current=at.value)


def _character(compared: Compared) -> MetricCharacter:
    one = compared.character
    return MetricCharacter(
        metric=compared.student,
        role=one.role,
        role_why=one.role_why,
        direction=one.direction,
        direction_why=one.direction_why,
    )
