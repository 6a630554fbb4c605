"""What writers do that no format foresees: read where it is clear, said where it is not."""

from pathlib import Path

import pytest

from samestep import Project, fetch_history, list_runs


def write(directory: Path, name: str, text: str) -> Project:
    """Write one log of the run `wide` and return its project."""
    (directory / "runs/wide").mkdir(parents=True)
    (directory / "runs/wide" / name).write_text(text, encoding="utf-8")
    return Project(directory)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log.csv", "# made by hand\n\nstep,loss\n1,0.5\n2,0.25\n"),
        ("log.jsonl", '[{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]'),
        ("history.json", '[\n {"step": 1, "loss": 0.5},\n {"step": 2, "loss": 0.25}\n]'),
    ],
    ids=["comments above the header", "one array of rows", "an array over lines"],
)
def test_rows_in_an_unusual_frame_are_read(tmp_path: Path, name: str, text: str) -> None:
    project = write(tmp_path, name, text)

    history = fetch_history("files:runs#wide", ["loss"], project=project).history

    assert history is not None
    assert history.rows == [[1, 1, 0.5], [2, 2, 0.25]]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("log.csv", "step,acc\n1,50%\n2,60%\n", "acc ('50%')"),
        ("log.csv", "step;loss\n1;0,5\n2;0,4\n", "loss ('0,5')"),
        ("log.jsonl", '{"step": 1, "loss": "0.5"}\n{"step": 2, "loss": "0.4"}\n', "loss ('0.5')"),
    ],
    ids=["percent signs", "decimal commas", "numbers in quotes"],
)
def test_text_that_looks_like_numbers_is_not_read_in_silence(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    project = write(tmp_path, name, text)

    answer = fetch_history("files:runs#wide", project=project)

    assert list_runs(project=project).items[0].metrics == 0
    assert any(said in caveat.text for caveat in answer.caveats)
