"""The README's page about checkpoints: every command on it is run, on runs of those names."""

import re
import shlex
from pathlib import Path

import pytest
from tests.formats.checkpoints.written import saved
from typer.testing import CliRunner

from samestep_server.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text("utf-8").split("## A checkpoint in hand")[1].split("\n## ")[0]
[BLOCK] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = BLOCK.splitlines()
SECTIONS = (
    ("CHECKPOINT", "CONFIG", "SUMMARY", "HISTORY", "LEFT OUT"),
    ("CHECKPOINT", "CHECKPOINT", "CONFIG", "SUMMARY", "HISTORY", "LEFT OUT"),
    ("SCHEMA",),
    ("STATS",),
    ("CONFIG", "SUMMARY", "HISTORY", "LEFT OUT"),
    (*("CONFIG", "SUMMARY", "HISTORY") * 2, "COMPARISON", "CONFIG_DIFF", "SUMMARY_COMPARISON"),
)
"""The sections of each command that prints them, in their order; with two runs more is left out."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with the runs and checkpoints that the page speaks of."""
    project = tmp_path_factory.mktemp("project")
    for name, pace in (("resnet50-cosine", 1.5), ("resnet50-step", 1.0)):
        run = project / "runs" / name / "seed0"
        run.mkdir(parents=True)
        rows = [f"{e},{e * 100},{8 / e},{9 / e},{pace * e}" for e in range(1, 13)]
        lines = ["epoch,step,train/loss,test/loss,test/top1", *rows]
        (run / "metrics.csv").write_text("\n".join([*lines, ""]))
        (run / "config.yaml").write_text(f"lr: 0.5\nschedule: {name}\nepochs: 30\n")
    for name, epoch in (("best", 4), ("last", 12)):
        content = {"step": epoch * 100, "run_name": "resnet50-cosine/seed0"}
        saved(project / f"checkpoints/{name}.ckpt", content)
    return project


def printed(directory: Path, command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "samestep"
    result = CliRunner().invoke(app, [*words, "--project", str(directory)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_page_has_eight_commands() -> None:
    assert len(COMMANDS) == 8
    assert all(command.startswith("samestep pull ") for command in COMMANDS)


@pytest.mark.parametrize(("command", "sections"), list(zip(COMMANDS, SECTIONS, strict=False)))
def test_a_command_prints_its_sections_in_their_order(
    command: str, sections: tuple[str, ...], directory: Path
) -> None:
    found = re.findall(r"^## ([A-Z_ ]+?)(?=[,:]|$)", printed(directory, command), re.MULTILINE)

    assert tuple(found[: len(sections)]) == sections
    assert found[len(sections) :] in ([], ["LEFT OUT"])


def test_a_checkpoint_is_told_with_how_good_its_run_was_then(directory: Path) -> None:
    told = printed(directory, COMMANDS[1])

    best, last = told.split("## CHECKPOINT")[1:]
    assert "It was saved at epoch 4 (placed by its step 400)." in best
    assert "| test/top1 | 6 | 400 | 4 |" in best
    assert "| test/top1 | 18 | 1200 | 12 |" in last


def test_a_person_sees_both_runs_where_the_checkpoint_was_saved(directory: Path) -> None:
    told = printed(directory, COMMANDS[6])

    assert "resnet50-cosine/seed0 at epoch 4 (epochs completed)" in told
    assert re.search(r"test/top1 +6 +4 +2 ", told)


def test_a_group_is_several_runs_in_json(directory: Path) -> None:
    told = printed(directory, COMMANDS[7])

    assert told.startswith('{"contract":"1"')
    assert '"tool":"pull"' in told
    assert '"full_name":"resnet50-step/seed0"' in told


def test_every_section_named_on_the_page_is_one_there_is(directory: Path) -> None:
    named = re.findall(r"^\| ([A-Z][A-Z_, ]+) \|", PAGE, re.MULTILINE)
    printed_at_all = "".join(printed(directory, command) for command in COMMANDS[:6])

    assert all(f"## {name}" in printed_at_all for row in named for name in row.split(", "))


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path: Path) -> None:
    for name in ("[red]wide", "deep"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        rows = "step,[bold]loss[/bold]\n10,0.5\n20,0.25\n"
        (tmp_path / "runs" / name / "metrics.csv").write_text(rows)
    told = printed(tmp_path, "samestep pull -r '[red]wide' -r deep -H")

    history = told.split("HISTORY [red]wide")[1].split("CONFIG")[0]
    assert "[bold]loss[/bold]" in history
    assert "[red]wide" in told.split("SUMMARY_COMPARISON")[1]


@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_number_loses_a_digit_to_the_margin(tmp_path: Path, width: int) -> None:
    names = [f"test/accuracy of the task numbered {number}" for number in range(6)]
    for run, offset in (("wide", 0), ("deep", 7)):
        (tmp_path / "runs" / run).mkdir(parents=True)
        rows = [
            ",".join(map(str, [step, *(step + offset + number for number in range(6))]))
            for step in (10_032_768, 25_001_984)
        ]
        table = "\n".join([",".join(["step", *names]), *rows, ""])
        (tmp_path / "runs" / run / "metrics.csv").write_text(table)
    asked = ["pull", "-r", "wide", "-r", "deep", "-H", "--project", str(tmp_path)]
    told = CliRunner().invoke(app, asked, env={"COLUMNS": str(width)}).stdout

    assert max(map(len, told.splitlines())) <= width
    history = told.split("HISTORY wide")[1].split("CONFIG")[0]
    for value in (10_032_768, 25_001_984, *(25_001_984 + number for number in range(1, 6))):
        assert str(value) in history.split()
    assert told.split("SUMMARY_COMPARISON")[1].split().count("-7") == 6


def test_a_person_sees_the_step_of_a_value_and_what_it_lies_between(directory: Path) -> None:
    saved(directory / "runs/resnet50-cosine/seed0/between.pt", {"step": 450})
    told = printed(directory, "samestep pull -c runs/resnet50-cosine/seed0/between.pt -H")

    assert "(between 4 and 5)" in told
    asked = COMMANDS[6]
    assert re.search(r"test/top1 +6 +400 +4 ", printed(directory, asked))
