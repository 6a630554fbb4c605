"""In a terminal a name that others chose is shown as it is, and acts on nothing."""

import io
from collections.abc import Generator

import pytest
from rich.console import Console
from typer.testing import CliRunner

import samestep
from samestep import MemoryRun, forget, remember
from samestep_server.cli import app
from samestep_server.terminal.pull import pull as pull_view

METRIC = "[red]lo|ss[/red] :smile:"
NAME = "resnet50\nseed0 [bold]"
SHOWN = "resnet50\ufffdseed0 [bold]"
RUN = f"memory:odd#{NAME}"
OTHER = "memory:odd#resnet50-seed1"


@pytest.fixture(autouse=True)
def odd_names(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Hold runs whose names and metric hold markup and a new line."""
    monkeypatch.setenv("COLUMNS", "250")
    rows = [{"step": float(step), METRIC: 1.0 / step} for step in range(1, 9)]
    remember("odd", [MemoryRun(NAME, rows), MemoryRun("resnet50-seed1", rows)])
    yield
    forget("odd")


def printed(*words: str) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("history", RUN, "--include", "history"),
        ("converge", RUN, METRIC),
        ("compare", RUN, OTHER, "--x", "step"),
    ],
    ids=["history", "converge", "compare"],
)
def test_a_metric_is_shown_as_it_is(words: tuple[str, ...]) -> None:
    assert METRIC in printed(*words)


def test_a_metric_is_shown_as_it_is_among_all_a_run_logged() -> None:
    pulled = samestep.pull(runs=[RUN], x="step")
    console = Console(width=250, file=io.StringIO(), record=True)

    console.print(*pull_view(pulled))

    rows = console.export_text().partition("HISTORY")[2].partition("STATS")[0]
    assert METRIC in rows


@pytest.mark.parametrize(
    "words",
    [("list", "memory:odd"), ("history", RUN), ("compare", RUN, OTHER, "--x", "step")],
    ids=["list", "history", "compare"],
)
def test_a_new_line_in_a_name_breaks_no_line(words: tuple[str, ...]) -> None:
    shown = printed(*words)

    assert SHOWN in shown
    assert NAME not in shown
