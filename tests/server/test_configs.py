"""compare_configs as a person and as a model meet it."""

import json
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import TextContent
from typer.testing import CliRunner

from samestep import Project
from samestep.answers.configs import ConfigComparison
from samestep_server.app import build
from samestep_server.cli import app

RECORDED = str(Path(__file__).parents[2] / "tools/samestep/recorded")
RUNS = ["plain/seed0", "plain/seed1", "shifted/seed0"]


def printed(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(
        app, ["configs", *words, "--project", RECORDED], env={"COLUMNS": "100"}
    )
    assert result.exit_code == status, result.output
    return result.stdout


def test_the_terminal_shows_what_changed_and_which_are_seeds() -> None:
    told = printed(*RUNS)

    assert "[3] shifted/seed0" in told
    assert "seeds of one thing, by config seed: plain/seed0, plain/seed1" in told
    assert "parameters are the same" in told
    assert "resources up to epoch 14" in told


def test_json_is_the_answer_itself() -> None:
    answer = ConfigComparison.model_validate_json(printed(*RUNS, "--json", "--include", "lineage"))

    assert answer.parameters is None
    assert [row.values for row in answer.lineage or [] if row.what == "seed"] == [["0", "1", "0"]]


def test_one_run_alone_is_refused() -> None:
    assert printed("plain/seed0", status=2) == ""


@pytest.mark.anyio
async def test_the_tool_answers_in_both_forms() -> None:
    async with Client(build(Project(Path(RECORDED)))) as client:
        result = await client.call_tool("compare_configs", {"runs": RUNS})
        [tool] = [
            tool for tool in (await client.list_tools()).tools if tool.name == "compare_configs"
        ]

    answer = ConfigComparison.model_validate(result.structured_content)
    [content] = result.content
    assert isinstance(content, TextContent)
    assert content.text == answer.to_markdown()
    listed = {"name": tool.name, "description": tool.description, "schema": tool.input_schema}
    assert len(json.dumps(listed, separators=(",", ":"))) < 700
