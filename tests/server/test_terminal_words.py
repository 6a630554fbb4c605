"""In a terminal a refusal names the command to type, and never a tool of MCP."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import samestep
from samestep_server.app import QUESTIONS
from samestep_server.cli import COMMANDS
from samestep_server.commands.words import COMMAND_OF, in_terminal


def asked(directory: Path, *words: str) -> str:
    """Return what a command says on standard error when it is refused."""
    ran = subprocess.run(
        [sys.executable, "-m", "samestep_server", *words, "--project", str(directory)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2
    return ran.stderr


def test_a_name_nobody_has_leads_to_the_command_that_lists(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results/metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")

    said = asked(tmp_path, "history", "files:results#nobody")
    assert "samestep list gives every run with its full name and reference." in said
    assert "list_runs" not in said


@pytest.mark.parametrize(
    ("sentence", "typed"),
    [
        ("at=2.5 compares there.", "--at 2.5 compares there."),
        ("It stands at=30.", "It stands --at 30."),
        ("Call detect_tracker(path=...) there.", "Call samestep detect PATH there."),
        ('list_runs() tells; x="auto" picks one.', "samestep list tells; --x auto picks one."),
        ('cursor="rows:0" leads on.', "--cursor rows:0 leads on."),
        ('Declare one (downstream=["a/b", "c"]).', "Declare one (-d a/b -d c)."),
        ("metrics=[...] shows any.", "-m NAME shows any."),
        ("W&B's list_runs names 'it'.", "W&B's samestep list names 'it'."),
        ("No run 'list_runs' in \"x=list_runs\".", "No run 'list_runs' in \"x=list_runs\"."),
        ("my_list_runs and list_runs2 stay", "my_list_runs and list_runs2 stay"),
    ],
)
def test_calls_become_commands_and_what_others_wrote_stays(sentence: str, typed: str) -> None:
    assert in_terminal(sentence) == typed


def test_every_tool_and_command_named_exists() -> None:
    assert COMMAND_OF.keys() <= {inspect.unwrap(question).__name__ for question in QUESTIONS}
    assert set(COMMAND_OF.values()) <= {name for name, *_ in COMMANDS}


def test_the_module_names_what_it_hands_on_late() -> None:
    assert set(samestep.__all__) <= set(dir(samestep))
    assert "__name__" in dir(samestep)
