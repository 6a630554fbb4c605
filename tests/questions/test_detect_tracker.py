"""Where runs are found, on directories written by real writers."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter  # pyright: ignore[reportMissingTypeStubs] # it ships none

from samestep import Project, detect_tracker, list_runs
from samestep.errors import NoSuchPath, NoTrackerFound, OutsideProject


def events(directory: Path) -> None:
    """Log one run with tensorboardX."""
    with SummaryWriter(str(directory)) as writer:  # pyright: ignore[reportUnknownVariableType]
        for step in range(5):
            writer.add_scalar("loss", 1.0 / (step + 1), step)  # pyright: ignore[reportUnknownMemberType]


def table(directory: Path) -> None:
    """Log one run with the csv module."""
    directory.mkdir(parents=True)
    with (directory / "metrics.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["step", "loss"], [1, 0.5], [2, 0.25]])


def test_every_top_level_directory_that_holds_runs_is_a_source(tmp_path: Path) -> None:
    events(tmp_path / "tb/wide/seed0")
    events(tmp_path / "tb/wide/seed1")
    table(tmp_path / "csv/wide")

    answer = detect_tracker(project=Project(tmp_path))

    assert [(found.source, found.runs) for found in answer.sources] == [
        ("tensorboard:tb", 2),
        ("files:csv", 1),
    ]
    assert answer.chosen == "tensorboard:tb"
    assert answer.ask is None
    assert answer.to_frame()["runs"].tolist() == [2, 1]


def test_a_directory_of_runs_is_itself_the_source(tmp_path: Path) -> None:
    for seed in range(3):
        events(tmp_path / f"seed{seed}")

    answer = detect_tracker(project=Project(tmp_path))

    assert [(found.source, found.runs) for found in answer.sources] == [("tensorboard:.", 3)]


def test_references_lead_from_the_project_to_what_lies_below_the_path(tmp_path: Path) -> None:
    events(tmp_path / "experiments/may/wide/seed0")
    project = Project(tmp_path)

    found = detect_tracker("experiments", project=project)
    listed = list_runs(found.chosen, project=project)

    assert found.chosen == "tensorboard:experiments/may"
    assert [item.run for item in listed.items] == ["tensorboard:experiments/may#wide/seed0"]


def test_trackers_come_in_the_protocols_order_and_never_with_their_keys(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    (tmp_path / "wandb").mkdir()
    events(tmp_path / "tb/wide")
    table(tmp_path / "csv/wide")
    environment = {
        "WANDB_API_KEY": "hunter2",
        "NEPTUNE_API_TOKEN": "hunter2",
        "MLFLOW_TRACKING_URI": "http://me:hunter2@host",
    }

    answer = detect_tracker(project=Project(tmp_path, environment=environment))

    assert [found.source for found in answer.sources] == [
        "wandb:entity/project",
        "wandb:./wandb",
        "neptune:workspace/project",
        "mlflow:http://host",
        "mlflow:./mlruns",
        "tensorboard:tb",
        "files:csv",
    ]
    assert "hunter2" not in answer.model_dump_json() + answer.to_markdown()


def test_a_source_that_lists_runs_comes_before_one_nobody_has_asked(tmp_path: Path) -> None:
    server = Project(tmp_path, environment={"MLFLOW_TRACKING_URI": "http://127.0.0.1:1"})
    alone = detect_tracker(project=server)
    (tmp_path / "results").mkdir()
    table(tmp_path / "results/wide")
    beside = detect_tracker(project=server)

    assert (alone.chosen, beside.chosen) == ("mlflow:http://127.0.0.1:1", "files:results")
    assert [(one.readable, one.runs) for one in beside.sources] == [(True, None), (True, 1)]
    assert any("was not asked" in text for text in beside.sources[0].evidence)


def test_a_source_that_lacks_its_key_is_never_chosen(tmp_path: Path) -> None:
    environment = {"WANDB_ENTITY": "vision", "WANDB_PROJECT": "resnets"}

    answer = detect_tracker(project=Project(tmp_path, environment=environment))

    assert [(one.source, one.readable) for one in answer.sources] == [
        ("wandb:vision/resnets", False)
    ]
    assert answer.chosen is None
    assert "WANDB_API_KEY is not set" in (answer.ask or "")


def test_code_that_uses_a_tracker_is_evidence_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import torch\nimport wandb\n")

    answer = detect_tracker(project=Project(tmp_path))

    [found] = answer.sources
    assert (found.source, found.evidence) == ("wandb:entity/project", ["train.py:2 imports wandb"])
    assert "WANDB_API_KEY" in (answer.ask or "")


def test_what_was_not_looked_at_is_said(tmp_path: Path) -> None:
    table(tmp_path.joinpath("csv", *(["deep"] * 17)))
    table(tmp_path / "csv/wide")

    answer = detect_tracker(project=Project(tmp_path))

    assert [(found.source, found.runs) for found in answer.sources] == [("files:csv", 1)]
    assert [caveat.rule for caveat in answer.caveats] == ["partial-said"]
    assert "1 directory deeper than 16 levels" in answer.to_markdown()


def test_where_nothing_is_found_the_user_is_asked(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"name": "a web page"}))

    answer = detect_tracker(project=Project(tmp_path))

    assert (answer.sources, answer.chosen) == ([], None)
    assert (answer.ask or "").startswith("Where do the metrics of this project live?")
    with pytest.raises(NoTrackerFound):
        list_runs(project=Project(tmp_path))


def test_a_path_that_is_not_there_is_refused_with_what_is(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()

    with pytest.raises(NoSuchPath) as refused:
        detect_tracker("rnus/may", project=Project(tmp_path))

    assert "'runs'" in str(refused.value)


@pytest.mark.parametrize("path", ["..", "runs/../../elsewhere", "/etc"])
def test_a_confined_server_reads_nothing_beyond_its_roots(tmp_path: Path, path: str) -> None:
    project = Project(tmp_path, environment={"SAMESTEP_ROOTS": str(tmp_path)})

    with pytest.raises(OutsideProject):
        detect_tracker(path, project=project.confined())


def test_a_link_does_not_lead_a_confined_server_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "project", tmp_path / "outside"
    inside.mkdir()
    events(outside / "wide")
    (inside / "link").symlink_to(outside)
    (inside / "runs").mkdir()
    (inside / "runs/link").symlink_to(outside)
    project = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)})

    with pytest.raises(OutsideProject):
        list_runs("tensorboard:link", project=project.confined())
    assert list_runs("tensorboard:runs", project=project.confined()).items == []
    assert detect_tracker(project=project.confined()).sources == []
    assert len(list_runs("tensorboard:runs", project=project).items) == 1


@pytest.mark.parametrize("write", [events, table])
def test_reading_leaves_the_project_as_it_was(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "runs/wide")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    list_runs(project=Project(tmp_path))

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
