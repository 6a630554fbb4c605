"""The server as a model meets it: through a client in the same process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from samestep import MemoryRun, Project, forget, remember
from samestep.answers import Comparison
from samestep_server.app import build

pytestmark = pytest.mark.anyio

MOST_FOR_TOOLS = 7_900  # of 8,000


@pytest.fixture
def source() -> Iterator[str]:
    rows = [{"step": step, "val/loss": 2.0 / step} for step in (10, 20, 30)]
    diverged = [*rows, {"step": 40, "val/loss": float("nan")}]
    longer = [*rows, {"step": 40, "val/loss": 0.04}]
    yield remember(
        "here",
        [
            MemoryRun("width64/seed0", rows),
            MemoryRun("width128/seed0", diverged),
            MemoryRun("longer/seed0", longer),
        ],
    )
    forget("here")


def text_of(result: CallToolResult) -> str:
    """Return the words of a result."""
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


async def test_every_fact_of_the_answer_stands_in_both_forms(source: str, tmp_path: Path) -> None:
    async with Client(build(Project(tmp_path))) as client:
        result = await client.call_tool(
            "compare_same_epoch",
            {"student": f"{source}#width64/seed0", "baselines": [f"{source}#width128/seed0"]},
        )

    answer = Comparison.model_validate(result.structured_content)
    assert answer.at.value == 30
    assert text_of(result) == answer.to_markdown()


async def test_a_value_that_is_not_a_number_survives_structured_output(
    source: str, tmp_path: Path
) -> None:
    async with Client(build(Project(tmp_path))) as client:
        result = await client.call_tool(
            "compare_same_epoch",
            {"student": f"{source}#width128/seed0", "baselines": [f"{source}#longer/seed0"]},
        )

    [row] = Comparison.model_validate(result.structured_content).proxy
    assert (result.structured_content or {})["proxy"][0]["student"]["value"] == "NaN"
    assert str(row.student.value) == "nan"
    assert row.delta is None


async def test_an_unknown_argument_is_refused_with_those_there_are(tmp_path: Path) -> None:
    async with Client(build(Project(tmp_path))) as client:
        result = await client.call_tool("list_runs", {"sorce": "memory:here"})

    assert result.is_error
    assert text_of(result) == (
        "list_runs: no argument 'sorce'. It takes source, match, where, order_by, limit, cursor."
    )


async def test_a_refusal_reaches_the_model_in_its_own_words(source: str, tmp_path: Path) -> None:
    async with Client(build(Project(tmp_path))) as client:
        result = await client.call_tool(
            "compare_same_epoch", {"student": f"{source}#width65/seed0", "baselines": ["x"]}
        )

    assert result.is_error
    assert text_of(result) == (
        "No run 'width65/seed0' in memory:here. Known runs: 'width64/seed0', 'width128/seed0', 'longer/seed0'. "
        "list_runs gives every run with its full name and reference."
    )


async def test_a_bug_tells_the_model_nothing_but_that_it_is_one(tmp_path: Path) -> None:
    class Broken(dict[str, float]):
        def __getitem__(self, name: str) -> float:
            raise RuntimeError("a password")

    held = remember("broken", [MemoryRun("width64/seed0", [Broken(step=1.0, loss=2.0)])])

    async with Client(build(Project(tmp_path))) as client:
        result = await client.call_tool("list_runs", {"source": held})
    forget("broken")

    assert result.is_error
    assert "a password" not in text_of(result)
    assert text_of(result).startswith("list_runs failed: a bug in samestep")


async def test_the_tools_fit_their_budget_and_take_no_other_arguments(tmp_path: Path) -> None:
    async with Client(build(Project(tmp_path))) as client:
        tools = (await client.list_tools()).tools

    listed = [
        {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
        for tool in tools
    ]
    assert len(json.dumps(listed, separators=(",", ":"))) <= MOST_FOR_TOOLS
    assert all(tool.input_schema["additionalProperties"] is False for tool in tools)
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)


async def test_the_instructions_fit_the_shortest_host(tmp_path: Path) -> None:
    async with Client(build(Project(tmp_path)), mode="legacy") as client:
        instructions = client.instructions or ""

    assert "detect_tracker, then list_runs, then compare_same_epoch" in instructions
    assert len(instructions) <= 2_000
