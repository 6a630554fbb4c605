"""A student in one tracker, its baseline in another: the numbers are those of any other pair."""

import shutil
from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from tests.readers.contract.kept import worlds_of
from tests.readers.contract.known import BASELINE, LOSS, STUDENT, TOP1
from tests.readers.contract.stores import STORES

from samestep import Project, compare_same_epoch, list_runs
from samestep.answers import Comparison
from samestep.answers.comparison import Row

pytestmark = pytest.mark.slow

NAMES = [store.name for store in STORES]


@dataclass(frozen=True)
class Races:
    """One project in which every tracker keeps the same student and the same baseline."""

    project: Project
    runs: Mapping[tuple[str, str], str]
    """The reference of a run, by its store and its name."""

    def compared(self, student: str, baseline: str, x: str) -> Comparison:
        """Compare the student in one store with the baseline in another."""
        return compare_same_epoch(
            self.runs[student, STUDENT.name],
            [self.runs[baseline, BASELINE.name]],
            downstream=[TOP1],
            x=x,
            project=self.project,
        )


@pytest.fixture(scope="module")
def races(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Races]:
    """Put the stores side by side in one project."""
    directory = tmp_path_factory.mktemp("all")
    races = {store.name: worlds_of(store, request, tmp_path_factory)["known"] for store in STORES}
    environments = [kept.project.environment for kept in races.values()]
    project = Project(directory, environment=dict(ChainMap(*map(dict, environments))))
    runs: dict[tuple[str, str], str] = {}
    with ExitStack() as in_use:
        for number, (store, kept) in enumerate(races.items()):
            in_use.enter_context(kept.in_use())
            shutil.copytree(kept.project.directory, directory / str(number))
            source = kept.called_from_above(str(number)) if kept.on_disk else kept.source
            listed = list_runs(source, project=project).items
            runs |= {(store, item.full_name): item.run for item in listed}
        yield Races(project, runs)


def shown(row: Row) -> tuple[object, ...]:
    """Return what a row says, but for the runs' names."""
    sides = (row.student, row.baseline)
    return (row.metric, *((side.value, side.x, side.step, side.match) for side in sides), row.delta)


@pytest.mark.parametrize("baseline", NAMES)
@pytest.mark.parametrize("student", NAMES)
def test_both_stand_at_the_students_epoch(races: Races, student: str, baseline: str) -> None:
    answer = races.compared(student, baseline, x="auto")

    assert (answer.at.axis, answer.at.value, answer.at.student_current) == ("epoch", 11.0, 11.0)
    assert [shown(row) for row in (*answer.downstream, *answer.proxy)] == [
        (TOP1, (25.0, 11.0, 110.0, "exact"), (20.0, 11.0, 110.0, "exact"), 5.0),
        (LOSS, (8.5, 11.0, 110.0, "exact"), (11.0, 11.0, 110.0, "exact"), -2.5),
    ]
    assert (answer.verdict.kind, answer.verdict.winner) == ("ahead_so_far", None)
    assert [entry.full_name for entry in answer.runs] == [STUDENT.name, BASELINE.name]


@pytest.mark.parametrize("other", NAMES)
def test_both_stand_at_the_students_step(races: Races, other: str) -> None:
    answer = races.compared(other, "memory", x="step")

    assert (answer.at.axis, answer.at.value) == ("step", 110.0)
    assert [row.delta for row in (*answer.downstream, *answer.proxy)] == [5.0, -2.5]
    assert answer.verdict.kind == "ahead_so_far"


@pytest.mark.parametrize("other", NAMES)
def test_the_tracker_a_run_is_in_is_no_change_of_the_experiment(races: Races, other: str) -> None:
    answer = races.compared("memory", other, x="auto")

    assert not [caveat.text for caveat in answer.caveats if caveat.rule == "one-change"]
    assert not [caveat.text for caveat in answer.caveats if caveat.severity == "blocks"]
