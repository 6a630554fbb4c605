"""A name that a listing shows leads to its run, however the listing's source was written."""

from pathlib import Path

import pytest

from samestep import Project, list_runs
from samestep.errors import NoSuchRun
from samestep.resolve import Lookup


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with two seeds of two things below one directory of results."""
    for run in ("resnet50-cosine", "resnet50-step"):
        for seed in (0, 1):
            directory = tmp_path / f"results/imagenet/{run}/seed{seed}"
            directory.mkdir(parents=True)
            (directory / "metrics.csv").write_text(f"step,loss\n1,0.5\n2,0.{seed}25\n")
    return Project(tmp_path)


def shown(source: str, project: Project) -> dict[str, str]:
    """Return the full names that a listing shows, and the reference of each run."""
    return {item.full_name: item.run for item in list_runs(source, project=project).items}


@pytest.mark.parametrize("source", ["files:.", "files:results"])
def test_every_name_a_listing_shows_leads_to_that_run(source: str, project: Project) -> None:
    names = shown(source, project)
    assert len(names) == 4

    for name, run in names.items():
        asked = Lookup(project).one_run(name)
        assert str(asked.ref).removeprefix("files:results#") == run.removeprefix(
            f"{source}#"
        ).removeprefix("results/")


def test_a_group_of_paths_holds_the_runs_below_them(project: Project) -> None:
    side = Lookup(project).side("group:results/imagenet/resnet50-step/*")

    assert [run.full_name.split("/")[1:] for run in side.runs] == [
        ["resnet50-step", "seed0"],
        ["resnet50-step", "seed1"],
    ]


def test_a_full_name_comes_before_a_path(tmp_path: Path) -> None:
    for directory in ("a/b/seed0", "b/seed0", "b/seed1"):
        (tmp_path / directory).mkdir(parents=True)
        (tmp_path / directory / "metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    named = Lookup(Project(tmp_path)).one_run("b/seed0")

    assert str(named.ref) == "files:a#b/seed0"


def test_a_path_that_no_run_has_is_refused(project: Project) -> None:
    with pytest.raises(NoSuchRun, match="results/imagenet/resnet50-step/seed9"):
        Lookup(project).one_run("results/imagenet/resnet50-step/seed9")
