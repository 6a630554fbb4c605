"""Sources that samestep.toml names: shown, looked through, and asked by their names."""

from pathlib import Path

import pytest

from samestep import Project, compare_same_epoch, detect_tracker, list_runs
from samestep.errors import NoSuchRun

ROWS = "epoch,val_loss\n" + "".join(f"{epoch},{1 / epoch}\n" for epoch in range(1, 6))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with one run of its own, and an archive beside it that its file names."""
    own, archive = tmp_path / "project" / "logs" / "cosine", tmp_path / "archive" / "linear"
    for directory in (own, archive):
        directory.mkdir(parents=True)
        (directory / "metrics.csv").write_text(ROWS)
    (tmp_path / "project" / "samestep.toml").write_text(
        '[sources]\narchive = "files:../archive"\ncluster = "mlflow:http://127.0.0.1:9"\n'
    )
    return Project.here(str(tmp_path / "project"))


def test_sources_named_in_the_file_are_shown_with_this_evidence(project: Project) -> None:
    found = {one.source: one for one in detect_tracker(project=project).sources}

    cluster = found["mlflow:http://127.0.0.1:9"]
    [archive] = [one for source, one in found.items() if source.endswith("archive")]
    assert (archive.runs, archive.evidence) == (1, ["samestep.toml"])
    assert (cluster.runs, cluster.readable, cluster.evidence[0]) == (None, True, "samestep.toml")


def test_a_run_of_a_source_named_in_the_file_is_found_by_its_bare_name(project: Project) -> None:
    answer = compare_same_epoch("cosine", ["linear"], project=project)

    assert [entry.full_name for entry in answer.runs] == ["cosine", "linear"]
    assert answer.at.value == 5.0


def test_a_name_found_nowhere_here_is_looked_for_in_the_servers_named_too(project: Project) -> None:
    with pytest.raises(NoSuchRun, match=r"mlflow:http://127\.0\.0\.1:9"):
        compare_same_epoch("cosine", ["missing"], project=project)


def test_a_source_is_listed_by_the_name_the_file_gives_it(project: Project) -> None:
    assert [item.full_name for item in list_runs("archive", project=project).items] == ["linear"]


def test_every_source_named_is_listed_with_the_others(project: Project) -> None:
    answer = list_runs(project=project)

    assert {item.full_name for item in answer.items} == {"cosine", "linear"}
    assert [one.run for one in answer.unreadable] == ["mlflow:http://127.0.0.1:9"]


@pytest.mark.parametrize("source", ["jot:logs", "files:missing"])
def test_a_source_named_that_cannot_be_read_is_shown_with_the_reason(
    project: Project, source: str
) -> None:
    (project.directory / "samestep.toml").write_text(f'[sources]\nold = "{source}"\n')
    again = Project.here(str(project.directory))

    found = {one.source: one for one in detect_tracker(project=again).sources}

    assert not found[source].readable
    assert found[source].why_not
    assert found["files:logs"].readable
