"""A run's id alone, or its name where its id belongs, is refused with the reference to pass."""

from pathlib import Path

import pytest
from tests.record.wandb_runs import recorded as recorded_runs

from samestep.errors import BadReference, NoSuchRun, WantsReference
from samestep.resolve import Lookup, source_reader
from samestep.settings import Project


@pytest.fixture(name="project")
def wandb_project(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Project:
    monkeypatch.setattr("samestep.resolve.sources._named", {})
    return Project(recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb").parent)


def test_a_full_name_behind_its_source_is_refused_with_the_reference(project: Project):
    with pytest.raises(WantsReference) as refused:
        Lookup(project).one_run("wandb:./wandb#resnet50-cosine/seed3")

    assert str(refused.value) == (
        "'resnet50-cosine/seed3' is a run's full name behind #, where its id belongs. "
        "Its reference is 'wandb:./wandb#cosine01'."
    )


def test_a_runs_id_alone_is_no_name_and_is_refused_with_the_reference(project: Project):
    with pytest.raises(WantsReference) as refused:
        Lookup(project).side(["cosine01", "wandb:./wandb#forked"])

    assert str(refused.value) == (
        "'cosine01' is a run's id alone. Its reference is 'wandb:./wandb#cosine01'."
    )


def test_text_behind_a_source_that_is_neither_id_nor_name_lists_the_ids(project: Project):
    with pytest.raises(NoSuchRun, match="Known runs: 'cosine01'") as refused:
        Lookup(project).one_run("wandb:./wandb#cosine02")

    assert not isinstance(refused.value, WantsReference)


def test_a_path_behind_its_tracker_is_refused_with_the_reference(tmp_path: Path):
    with pytest.raises(WantsReference) as run:
        Lookup(Project(tmp_path)).one_run("wandb:vision/imagenet/abc123")
    with pytest.raises(BadReference) as source:
        source_reader("wandb:vision/imagenet/runs/abc123", Project(tmp_path))

    assert str(run.value) == (
        "'wandb:vision/imagenet/abc123' is a run's path behind its tracker. "
        "Its reference is 'wandb:vision/imagenet#abc123'."
    )
    assert str(source.value).endswith("the run of that path is wandb:vision/imagenet#abc123.")
