"""What pull tells of a checkpoint, asked of the tools there are."""

from pathlib import Path

import pytest
from mcp import Client
from tests.formats.checkpoints.written import saved

from samestep import Project
from samestep.answers import Comparison, FetchedHistory
from samestep.answers.configs import ConfigComparison
from samestep.answers.pull import Pulled
from samestep.questions.pull import pull
from samestep_server.app import build

pytestmark = pytest.mark.anyio
CHECKPOINT = "runs/wide/checkpoints/best.pt"
SECTIONS = ["config", "summary", "history", "schema", "stats"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with two runs and a checkpoint that one saved."""
    for name, pace in (("wide", 2), ("deep", 1)):
        run = tmp_path / "runs" / name
        run.mkdir(parents=True)
        rows = [f"{epoch},{epoch * 10},{pace * epoch}" for epoch in range(1, 13)]
        (run / "metrics.csv").write_text("\n".join(["epoch,step,top1", *rows, ""]))
        (run / "config.yaml").write_text(f"lr: 0.{pace}\nbetas: [0.5, 0.75]\nresume: null\n")
    saved(tmp_path / CHECKPOINT, {"step": 40})
    return Project(tmp_path)


async def called(project: Project, tool: str, **arguments: object) -> object:
    async with Client(build(project)) as client:
        result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


@pytest.fixture
def pulled(project: Project) -> Pulled:
    return pull([CHECKPOINT], ["deep"], show_all=True, project=project)


async def test_its_sections_are_those_of_fetch_history(project: Project, pulled: Pulled) -> None:
    told = await called(project, "fetch_history", run=CHECKPOINT, include=SECTIONS)

    fetched, [one, _] = FetchedHistory.model_validate(told), pulled.pulled
    assert fetched.config == one.config
    assert fetched.history is not None
    assert one.history is not None
    assert fetched.history.rows == one.history.rows
    assert {row.metric: row.max for row in fetched.stats or []}["top1"] == 24.0


async def test_how_good_it_was_is_compared_at_the_x_that_is_offered(
    project: Project, pulled: Pulled
) -> None:
    asked = {"student": CHECKPOINT, "baselines": ["deep"], "metrics": ["top1"]}
    first = Comparison.model_validate(await called(project, "compare_same_epoch", **asked))
    then = Comparison.model_validate(await called(project, "compare_same_epoch", **asked, at=4))

    assert any("at=4 compares there" in caveat.text for caveat in first.caveats)
    [checkpoint] = pulled.checkpoints
    told = {value.metric: value.value for value in checkpoint.values}
    assert (checkpoint.x, told["top1"]) == (4.0, then.proxy[0].student.value)


async def test_configs_are_compared_by_a_checkpoint_too(project: Project, pulled: Pulled) -> None:
    told = await called(project, "compare_configs", runs=[CHECKPOINT, "deep"])

    found = ConfigComparison.model_validate(told)
    assert pulled.config_diff is not None
    assert found.parameters == pulled.config_diff.parameters
    assert found.parameters is not None
    assert found.parameters.equal == 2
