"""What a caller writes, and the runs it means."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from samestep import MemoryRun, Project, forget, remember
from samestep.errors import AmbiguousRun, BadArgument, NoSuchRun
from samestep.resolve import Lookup

ROWS = [{"step": 1, "loss": 1.0}]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Hold two sources that share a run's name."""
    remember("may", [MemoryRun(f"wide/seed{seed}", ROWS) for seed in range(3)])
    remember("june", [MemoryRun("wide/seed0", ROWS, state="running"), MemoryRun("deep#2", ROWS)])
    yield Project(tmp_path)
    forget("may")
    forget("june")


def test_a_reference_is_the_run_it_names(project: Project) -> None:
    assert Lookup(project).side("memory:june#deep%232").full_name == "deep#2"


def test_a_full_name_is_enough_where_it_is_unique(project: Project) -> None:
    assert str(Lookup(project).side("wide/seed1").runs[0].ref) == "memory:may#wide/seed1"


def test_a_name_two_runs_share_is_asked_about_with_both_listed(project: Project) -> None:
    with pytest.raises(AmbiguousRun) as asked:
        Lookup(project).side("wide/seed0")

    assert asked.value.candidates == (
        "wide/seed0 (memory:may#wide/seed0), unknown, start unknown",
        "wide/seed0 (memory:june#wide/seed0), running, start unknown",
    )


def test_a_name_nobody_has_is_refused_with_the_closest_first(project: Project) -> None:
    with pytest.raises(NoSuchRun) as refused:
        Lookup(project).side("wide/seed11")

    assert "Known runs: 'wide/seed1'" in str(refused.value)


def test_a_group_goes_by_its_pattern_over_all_sources_or_one(project: Project) -> None:
    everywhere, in_may = (
        Lookup(project).side("group:*seed0"),
        Lookup(project).side("group:memory:may#wide/*"),
    )

    assert [str(run.ref) for run in everywhere.runs] == [
        "memory:may#wide/seed0",
        "memory:june#wide/seed0",
    ]
    assert (in_may.full_name, len(in_may.runs)) == ("wide/*", 3)


def test_a_list_goes_by_the_names_of_its_members(project: Project) -> None:
    assert Lookup(project).side(["wide/seed1", "wide/seed2"]).full_name == "wide/seed1, wide/seed2"


@pytest.mark.parametrize("written", [[], ["wide/seed1", "memory:may#wide/seed1"]])
def test_a_side_is_at_least_one_run_and_each_once(project: Project, written: list[str]) -> None:
    with pytest.raises(BadArgument):
        Lookup(project).side(written)


def test_a_pattern_that_fits_no_run_is_refused(project: Project) -> None:
    with pytest.raises(NoSuchRun):
        Lookup(project).side("group:narrow/*")
