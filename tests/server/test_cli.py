"""The command line as a person meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samestep.answers import Comparison, Detection, RunList
from samestep_server.cli import app

RECORDED = str(Path(__file__).parents[2] / "tools/samestep/recorded")
SIDES = ["tensorboard:runs#shifted/seed0", "tensorboard:runs#plain/seed0"]


def samestep(*words: str, status: int = 0) -> tuple[str, str]:
    """Run a command and return what it printed and what it said on standard error."""
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "100"})
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


def test_the_demo_shows_the_usual_answer_beside_the_right_one() -> None:
    printed, _ = samestep("demo")

    usual, right = printed.split("samestep's answer to the same question")
    assert "test/shifted_accuracy" in usual
    assert "-0.0346667" in usual
    assert "shifted/* at epoch 14" in right
    assert "verdict: ahead so far." in right


def test_a_comparison_tells_how_far_behind_a_student_is_and_where_it_goes() -> None:
    printed, _ = samestep("demo")

    assert "val/loss: 6.77 epochs behind, not on track; probability 0.04 by 60" in printed


def test_detect_list_and_compare_print_tables() -> None:
    detected, _ = samestep("detect", "--project", RECORDED)
    listed, _ = samestep("list", "--project", RECORDED)
    compared, _ = samestep("compare", *SIDES, "--project", RECORDED, "-d", "test/shifted_accuracy")

    assert "tensorboard:runs" in detected
    assert "plain/seed2" in listed
    assert "against plain/seed0" in compared


def test_json_is_the_answer_itself() -> None:
    detected, _ = samestep("detect", "--json", "--project", RECORDED)
    listed, _ = samestep("list", "--json", "--project", RECORDED)
    compared, _ = samestep("compare", *SIDES, "--json", "--project", RECORDED)

    assert Detection.model_validate_json(detected).chosen == "tensorboard:runs"
    assert RunList.model_validate_json(listed).matched == 6
    assert Comparison.model_validate_json(compared).at.value == 14


def test_a_json_list_of_runs_is_one_side() -> None:
    seeds = json.dumps([f"plain/seed{seed}" for seed in range(3)])
    compared, _ = samestep("compare", "shifted/seed0", seeds, "--json", "--project", RECORDED)

    assert len(json.loads(compared)["runs"][1]["members"]) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("list", "tensorboard:nowhere"),
        ("compare", "plain/seed9", "plain/seed0"),
        ("compare", *SIDES, "--pair", "loss"),
        ("detect", "nowhere"),
    ],
)
def test_a_refusal_has_status_2_and_speaks_on_standard_error(words: tuple[str, ...]) -> None:
    printed, said = samestep(*words, "--project", RECORDED, status=2)

    assert printed == ""
    assert said
    assert "Traceback" not in said


def test_the_module_starts_the_command_line() -> None:
    command = [sys.executable, "-m", "samestep_server", "--help"]

    done = subprocess.run(command, check=True, capture_output=True, text=True)

    assert "compare" in done.stdout
