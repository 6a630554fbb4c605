"""A checkpoint's path where a tool takes a run, as a model passes it."""

from pathlib import Path

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent
from tests.formats.checkpoints.malice import CALLING
from tests.formats.checkpoints.written import saved

from samestep import Project
from samestep_server.app import build

pytestmark = pytest.mark.anyio
CHECKPOINT = "runs/wide/checkpoints/last.pt"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project that may be read, with a run and its checkpoint."""
    here = tmp_path / "here"
    for name in ("wide", "deep"):
        (here / "runs" / name).mkdir(parents=True)
        (here / "runs" / name / "metrics.csv").write_text("step,loss\n10,0.5\n20,0.25\n")
    saved(here / CHECKPOINT, {"step": 10})
    return Project(here, environment={"SAMESTEP_ROOTS": str(here)})


async def called(project: Project, tool: str, **arguments: object) -> CallToolResult:
    async with Client(build(project.confined())) as client:
        return await client.call_tool(tool, arguments)


def text_of(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("compare_same_epoch", {"student": CHECKPOINT, "baselines": ["deep"]}),
        ("fetch_history", {"run": CHECKPOINT}),
        ("convergence_check", {"run": CHECKPOINT, "metric": "loss"}),
    ],
)
async def test_every_tool_takes_it_for_the_run_that_saved_it(
    project: Project, tool: str, arguments: dict[str, object]
) -> None:
    result = await called(project, tool, **arguments)

    assert not result.is_error
    assert "files:runs#wide" in text_of(result)


async def test_a_comparison_offers_the_step_it_was_saved_at(project: Project) -> None:
    result = await called(
        project, "compare_same_epoch", student=CHECKPOINT, baselines=["deep"], x="step"
    )

    assert "at=10 compares there, this answer stands at step 20." in text_of(result)


async def test_one_beyond_the_roots_is_refused_and_not_opened(
    project: Project, tmp_path: Path
) -> None:
    beyond = tmp_path / "beyond.pt"
    beyond.write_bytes(CALLING["object"])
    result = await called(project, "fetch_history", run=str(beyond))

    assert result.is_error
    assert "SAMESTEP_ROOTS" in text_of(result)


async def test_one_of_no_run_is_refused_with_what_it_holds(project: Project) -> None:
    saved(project.directory / "best.pt", {"epoch": 3, "model": {}})
    result = await called(project, "fetch_history", run="best.pt")

    assert result.is_error
    assert "It holds epoch 3 (epoch), the keys 'epoch', 'model'." in text_of(result)
