"""The rows over many tasks: interquartile means, signed ranks and ranks over data sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from samestep.analysis.align import Absent
from samestep.analysis.compare import SideValue
from samestep.analysis.significance import tasks
from samestep.analysis.significance.seed_tests import wilcoxon_test
from samestep.analysis.significance.task_ranks import Ranked, friedman
from samestep.analysis.significance.tested import DifferenceTest
from samestep.answers import significance as answers
from samestep.answers.record import derived
from samestep.model import Direction, TestName
from samestep.questions.significance.rows import adjust, bounds, given, outcome_of
from samestep.questions.significance.sides import Contest, Contested
from samestep.verdict import better_side

OF_TASKS: tuple[TestName, ...] = ("iqm", "wilcoxon", "friedman")
FEWEST_PAIRS = 6  # tasks from which signed ranks can reach significance


@dataclass(frozen=True, slots=True)
class OverTasks:
    """What is said over all tasks."""

    rows: tuple[answers.DifferenceRow, ...] = ()
    aggregates: tuple[answers.Aggregate, ...] = ()
    ranking: answers.Ranking | None = None
    scales_apart: bool = False
    """Whether an average is made of values of very different size."""


@dataclass(frozen=True, slots=True)
class _Against:
    """a against one b on every task they share."""

    ours: str
    name: str
    contests: tuple[Contest, ...] = field(default=())

    @property
    def scores(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """Both sides' values by task."""
        ours = {one.name: _values(one.pair.student) for one in self.contests}
        return ours, {one.name: _values(one.pair.baseline) for one in self.contests}

    @property
    def means(self) -> tuple[dict[str, float], dict[str, float]]:
        """Both sides' means by task, higher for better."""
        signs = {one.name: _sign(one) for one in self.contests}
        ours, theirs = (
            {task: signs[task] * float(np.mean(values)) for task, values in side.items()}
            for side in self.scores
        )
        return ours, theirs

    @property
    def directions(self) -> set[Direction | None]:
        """Which way is better, task by task."""
        return {one.judged.standing.direction for one in self.contests}

    @property
    def mean_pair(self) -> tuple[float, float] | None:
        """Both sides' means over tasks; None where what is better differs between them."""
        if len(self.directions) != 1:
            return None
        ours, theirs = ([float(np.mean(of)) for of in side.values()] for side in self.scores)
        return float(np.mean(ours)), float(np.mean(theirs))


def over_tasks(found: Contested, metric: str, asked: TestName | None) -> OverTasks:
    """Return what can be said over all tasks, by the test asked for or the one that fits."""
    against = _by_side(found)
    wanted = asked if asked in OF_TASKS else _fitting(found, against) if asked is None else None
    if wanted is None or (wanted == "wilcoxon" and not found.several):
        return OverTasks()
    if wanted == "iqm":
        return _interquartile(against, metric)
    ranked = _friedman(against) if wanted == "friedman" else None
    tests = [_signed_ranks(one) for one in against]
    adjusted = adjust(tests)
    rows = [
        _over(one, metric, test, p, one.mean_pair)
        for one, test, p in zip(against, tests, adjusted, strict=True)
    ]
    return OverTasks(tuple(rows), ranking=ranked and _ranking(ranked, found))


def _by_side(found: Contested) -> list[_Against]:
    """Return the contests that can be compared, by the side a is set against."""
    by_name: dict[str, list[Contest]] = {side.name: [] for side in found.sides[1:]}
    for one in found.contests:
        if one.pair.delta is not None and "same-definition" not in one.judged.standing.blocking:
            by_name[one.judged.baseline.name].append(one)
    ours = found.sides[0].name
    return [_Against(ours, name, tuple(of)) for name, of in by_name.items()]


def _fitting(found: Contested, against: Sequence[_Against]) -> TestName | None:
    """Return the test over tasks that fits where runs are of several; metrics are no tasks."""
    if not any(contest.task for contest in found.contests):
        return None
    fewest = min(len(one.contests) for one in against)
    runs = [len(values) for one in against for side in one.scores for values in side.values()]
    if fewest >= tasks.FEWEST_TASKS and min(runs, default=0) >= tasks.FEWEST_RUNS:
        return "iqm"
    return "wilcoxon" if fewest >= FEWEST_PAIRS else None


def _interquartile(against: Sequence[_Against], metric: str) -> OverTasks:
    found = [tasks.aggregate(*one.scores) for one in against]
    tests = [_of_means(one, each) for one, each in zip(against, found, strict=True)]
    rows = [
        _over(one, metric, test, p, None if isinstance(each, str) else _means(each))
        for one, each, test, p in zip(against, found, tests, adjust(tests), strict=True)
    ]
    aggregates = [
        _aggregate(one.name, each)
        for one, each in zip(against, found, strict=True)
        if not isinstance(each, str)
    ]
    apart = any(tasks.scales_apart(side) for one in against for side in one.scores)
    return OverTasks(tuple(rows), tuple(aggregates), scales_apart=apart)


def _of_means(one: _Against, found: tasks.Aggregate | str) -> DifferenceTest:
    ours, theirs = (sum(map(len, side.values())) for side in one.scores)
    if isinstance(found, str):
        return DifferenceTest("iqm", (ours, theirs), why_not=found)
    if not one.contests[0].task:
        interval, why_not = found.difference.interval, "metrics of the same runs are no tasks"
        return DifferenceTest("iqm", (ours, theirs), interval=interval, why_not=why_not)
    how = (
        f"{tasks.DIVISIONS:,} divisions of the runs of each task; the interval is of "
        f"{tasks.RESAMPLES:,} resamples within each task, too narrow of few runs"
    )
    interval = found.difference.interval
    return DifferenceTest("iqm", (ours, theirs), found.p_value, interval=interval, how=how)


def _means(found: tasks.Aggregate) -> tuple[float, float]:
    return found.one.value, found.other.value


def _aggregate(name: str, found: tasks.Aggregate) -> answers.Aggregate:
    return answers.Aggregate(
        b=name,
        tasks=len(found.tasks),
        fewest_runs=found.runs,
        a_iqm=_estimate(found.one),
        b_iqm=_estimate(found.other),
        difference=_estimate(found.difference),
        improvement=_estimate(found.improvement),
    )


def _estimate(found: tasks.Estimate) -> answers.Estimate:
    low, high = found.interval
    return answers.Estimate(value=derived(found.value), interval=(derived(low), derived(high)))


def _signed_ranks(one: _Against) -> DifferenceTest:
    ours, theirs = one.means
    return wilcoxon_test(list(ours.values()), list(theirs.values()))


def _friedman(against: Sequence[_Against]) -> Ranked:
    """Rank a and every b on the tasks that all of them have."""
    first = against[0]
    common = [c.name for c in first.contests if all(c.name in one.means[1] for one in against)]
    ours = [first.means[0][task] for task in common]
    return friedman([ours, *([one.means[1][task] for task in common] for one in against)])


def _ranking(found: Ranked, contested: Contested) -> answers.Ranking:
    ranks = [
        answers.RankedSide(full_name=side.name, rank=derived(rank))
        for side, rank in zip(contested.sides, found.ranks, strict=True)
    ]
    return answers.Ranking(given=given(found.omnibus), ranks=ranks)


def _over(
    one: _Against,
    metric: str,
    test: DifferenceTest,
    adjusted_p: float | None,
    means: tuple[float, float] | None,
) -> answers.DifferenceRow:
    """Return the row of a against one b over all tasks."""
    places = {contest.pair.x for contest in one.contests}
    delta = None if means is None else means[0] - means[1]
    ways = one.directions
    better = better_side(delta, ways.pop() if len(ways) == 1 else None)
    return answers.DifferenceRow(
        metric=metric,
        task=_together(one.contests),
        x=places.pop() if len(places) == 1 else None,
        unit="runs" if test.test == "iqm" else "tasks",
        a=_side(one.ours, test.n[0], means and means[0]),
        b=_side(one.name, test.n[1], means and means[1]),
        delta=None if delta is None else derived(delta),
        better=None if better is None else "a" if better == "student" else "b",
        given=given(test).model_copy(update={"interval": bounds(test.interval)}),
        why="over all tasks that both sides have",
        adjusted_p=None if adjusted_p is None else derived(adjusted_p),
        outcome=outcome_of(test, adjusted_p, comparable=True),
    )


def _together(contests: Sequence[Contest]) -> str:
    what = "task" if not contests or contests[0].task else "metric"
    return f"all {len(contests)} {what}s" if len(contests) != 1 else f"one {what}"


def _side(name: str, n: int, mean: float | None) -> answers.Sample:
    if mean is None:
        return answers.Sample(full_name=name, n=n, mean=None, absent="not taken over these tasks")
    return answers.Sample(full_name=name, n=n, mean=derived(mean))


def _values(found: SideValue | Absent) -> list[float]:
    return [] if isinstance(found, Absent) else found.values


def _sign(contest: Contest) -> float:
    return -1.0 if contest.judged.standing.direction == "lower" else 1.0
