"""What limits a test: of runs what limits any comparison, and what is odd about the test itself."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from samestep.answers.answer import Caveat
from samestep.answers.comparison import At
from samestep.answers.significance import DifferenceRow
from samestep.model import TestName
from samestep.questions.caveats.axes import axis_caveats
from samestep.questions.caveats.definitions import definition_caveats
from samestep.questions.caveats.differences import Found, difference_caveats
from samestep.questions.caveats.groups import seed_caveats, single_caveats
from samestep.questions.caveats.placements import end_caveats
from samestep.questions.caveats.room import fitted
from samestep.questions.caveats.words import Said, joined, listed, said
from samestep.questions.rows import Judged
from samestep.questions.sides import reading_caveats
from samestep.questions.significance.over_tasks import OverTasks
from samestep.questions.significance.rows import Row
from samestep.questions.significance.sides import Contested, tasks_differ

if TYPE_CHECKING:
    from samestep.analysis.comparable import Finding


def run_caveats(
    found: Contested, rows: Sequence[Row], at: At, asked: TestName | None, over: OverTasks
) -> list[Caveat]:
    """Return the caveats of a test of runs, as far as there is room."""
    judged = [row.contest.judged for row in rows if row.contest is not None]
    told = [
        *definition_caveats(judged),
        *axis_caveats(found.sides, found.chosen),
        *difference_caveats(found.sides[0].name, _audits(judged)),
        *_seeds(found, judged),
        *(Said(caveat, needed=True) for caveat in reading_caveats(found.sides)),
        *test_caveats([row.row for row in rows], asked),
        *_tasks_apart(found),
        *_other_task(found),
        *(_scales() if over.scales_apart else ()),
        *(_metrics_for_tasks() if over.rows and found.several and not found.tasks_by else ()),
        *end_caveats(at, judged),
    ]
    return fitted(told, len(rows))


def test_caveats(rows: Sequence[DifferenceRow], asked: TestName | None) -> Iterator[Said]:
    """Say what the numbers of the rows do not tell."""
    if asked not in {None, "welch"} and any(row.given.p is not None for row in rows):
        text = "The test was chosen by the caller: trying several and telling the best is no test."
        yield said("winner-evidence", "notes", text)
    if asked == "bootstrap":
        text = (
            "Of few seeds a resampled interval is too narrow: it decides nothing here, "
            "and Welch's test stands beside it."
        )
        yield said("winner-evidence", "warns", text)
    small = [row for row in rows if _is_small(row)]
    if small:
        names = listed([row.task or row.metric for row in small])
        text = f"Below the smallest difference that matters, whatever the test says: {names}."
        yield said("winner-evidence", "warns", text)


def _audits(judged: Sequence[Judged]) -> Found:
    """Return what was found between a and each b, over all tasks, each thing once."""
    found: dict[str, dict[str, Finding]] = {}
    for one in judged:
        of_side = found.setdefault(one.baseline.name, {})
        of_side.update({repr(finding): finding for finding in one.facing.audit.findings})
    return [(name, list(findings.values())) for name, findings in found.items()]


def _seeds(found: Contested, judged: Sequence[Judged]) -> Iterator[Said]:
    """Yield what is to be known of seeds; on several tasks, or folds, a seed may come again."""
    if found.folds is not None:
        return single_caveats(found.sides)
    if not found.tasks_by:
        return seed_caveats(found.sides, judged)
    on_tasks = sorted(
        [side for one in judged for side in (one.facing.student, one.facing.baseline)],
        key=lambda side: -len(side.runs),
    )
    return seed_caveats(list({side.name: side for side in on_tasks}.values()), judged)


def _is_small(row: DifferenceRow) -> bool:
    least = row.minimum_effect
    return least is not None and row.delta is not None and abs(row.delta) < least


def _tasks_apart(found: Contested) -> Iterator[Said]:
    """Say what tells the tasks, and which of them only one side has."""
    if found.tasks_by:
        count = len({contest.task for contest in found.contests})
        yield said("same-definition", "notes", f"Compared on {count} tasks, by {found.tasks_by}.")
    tasks = found.tasks_apart
    if tasks:
        text = f"Tasks that not all sides have are not compared: {listed(tasks)}."
        yield said("absent-said", "warns", text, needed=True)


def _other_task(found: Contested) -> Iterator[Said]:
    """Say which sides are of another task than a by the names of their runs."""
    if found.tasks_by:
        return
    told = {
        one.judged.baseline.name: tasks
        for one in found.contests
        if (tasks := tasks_differ(one.judged)) is not None
    }
    if told:
        ours = next(iter(told.values()))[0]
        others = [f"{name} of {listed(sorted(tasks))}" for name, (_, tasks) in told.items()]
        text = (
            f"By the names of their runs {found.sides[0].name} is of {listed(sorted(ours))}, "
            f"{joined(others)}: values of different tasks are not compared."
        )
        yield said("same-definition", "blocks", text)


def _metrics_for_tasks() -> Iterator[Said]:
    text = (
        "Metrics of the same runs are taken for tasks, and are not independent of each other as "
        "tasks are: what is found over them may hold for these runs and not for other seeds."
    )
    yield said("winner-evidence", "warns", text, needed=True)


def _scales() -> Iterator[Said]:
    text = (
        "The values of some tasks are more than ten times those of others and outweigh them in an "
        "interquartile mean: log normalized scores to compare them alike."
    )
    yield said("same-definition", "warns", text)
