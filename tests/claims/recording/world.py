"""The runs of one ledger, held under its name, and what is asked of them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.claims.recording.curves import Rows

from samestep import (
    MemoryRun,
    Project,
    compare_configs,
    compare_same_epoch,
    convergence_check,
    fetch_history,
    list_runs,
    rank_runs,
    remember,
    significance_test,
)
from samestep.answers.answer import Answer
from samestep.answers.comparison import CatchUp, Comparison
from samestep.settings import Settings

Config = Mapping[str, object]
Runs = list[MemoryRun]


def running(name: str, rows: Rows, config: Config) -> MemoryRun:
    """Return a run that is not at its end."""
    return MemoryRun(name, rows, config, "running")


def finished(name: str, rows: Rows, config: Config) -> MemoryRun:
    """Return a run that has come to its end."""
    return MemoryRun(name, rows, config, "finished")


def seeded(way: str, config: Config, seeds: Iterable[Rows], first: int = 0) -> Runs:
    """Return the finished runs of a way, their seeds in the place of the asterisk in its name."""
    return [
        finished(way.replace("*", f"{seed}"), rows, {"seed": seed} | dict(config))
        for seed, rows in enumerate(seeds, start=first)
    ]


def by_hand(answer: Comparison, entry: CatchUp) -> Comparison:
    """Return the comparison with a projection of our own in the place of its own."""
    told = entry.metric, entry.baseline
    entries = [entry if (one.metric, one.baseline) == told else one for one in answer.catch_up]
    proxy = [
        one.model_copy(update={"outlook": entry.outlook})
        if (one.metric, one.baseline.full_name) == told
        else one
        for one in answer.proxy
    ]
    return answer.model_copy(update={"catch_up": entries, "proxy": proxy})


class World:
    """Runs by full name, or seeds by a name with an asterisk, that answer questions."""

    def __init__(
        self,
        name: str,
        runs: Runs,
        *downstream: str,
        x: str = "auto",
        higher: tuple[str, ...] = (),
        lower: tuple[str, ...] = (),
    ) -> None:
        """Hold the runs under a name, which is their ledger's too."""
        self.names = [run.full_name for run in runs]
        self._source = remember(name, runs)
        self._x = x
        self._project = Project(Path(__file__).parent, Settings(downstream, (), higher, lower))

    def compared(self, student: str, *baselines: str, at: float | None = None) -> Comparison:
        """Ask how a student stands against baselines."""
        sides: list[str | list[str]] = [self._reference(one) for one in baselines]
        student = self._reference(student)
        return compare_same_epoch(student, sides, x=self._x, at=at, project=self._project)

    def changed(self, *names: str) -> Answer:
        """Ask what differs between runs."""
        return compare_configs([self._reference(one) for one in names], project=self._project)

    def converged(self, name: str, metric: str) -> Answer:
        """Ask whether a run still improves."""
        return convergence_check(self._reference(name), metric, self._x, project=self._project)

    def history(self, name: str, where: str, *metrics: str) -> Answer:
        """Ask what a run logged."""
        run = self._reference(name)
        return fetch_history(run, [*metrics], self._x, where, project=self._project)

    def tested(self, one: str, other: str, metric: str) -> Answer:
        """Ask whether seeds differ beyond chance."""
        sides = self._reference(one), self._reference(other)
        return significance_test(*sides, metric, project=self._project)

    def ranked(self, metric: str, *names: str) -> Answer:
        """Ask for the order of seeds."""
        sides: list[str | list[str]] = [self._reference(one) for one in names]
        return rank_runs(sides, metric, project=self._project)

    def listed(self) -> Answer:
        """Ask which runs there are."""
        return list_runs(self._source, project=self._project)

    def _reference(self, name: str) -> str:
        return f"{'group:' * ('*' in name)}{self._source}#{name}"
