"""significance_test as a person and as a model meet it."""

import json
import re
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import TextContent
from typer.testing import CliRunner

from samestep import MemoryRun, Project, forget, remember
from samestep.answers import SignificanceAnswer
from samestep_server.app import build
from samestep_server.cli import app

RECORDED = str(Path(__file__).parents[2] / "tools/samestep/recorded")
SIDES = ("group:plain/*", "group:shifted/*")


def printed(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(
        app, ["significance", *words, "--project", RECORDED], env={"COLUMNS": "140"}
    )
    assert result.exit_code == status, result.output
    return result.stdout


def test_the_terminal_shows_the_difference_and_what_stands_beside_it() -> None:
    told = printed(*SIDES, "--metric", "test/shifted_accuracy", "--at", "9")

    assert "Welch's t-test, 3 and 3 seeds, compared as two groups" in told
    assert "the Mann-Whitney U test: with n = 3 and 3 it can reach p = 0.1 at best" in told
    assert "verdict:" in told


def test_json_is_the_answer_itself() -> None:
    told = printed(*SIDES, "-m", "test/shifted_accuracy", "--test", "permutation", "--json")

    answer = SignificanceAnswer.model_validate_json(told)
    assert answer.rows[0].given.test == "the permutation test"


def test_several_others_are_several_sides() -> None:
    told = printed(
        "plain/seed0", "shifted/seed0", "shifted/seed1", "-m", "test/shifted_accuracy", "--json"
    )

    answer = SignificanceAnswer.model_validate_json(told)
    assert [row.b.full_name for row in answer.rows] == ["shifted/seed0", "shifted/seed1"]


def shown(test: str) -> str:
    """Return what the terminal shows of agents on six tasks."""
    runs = [
        MemoryRun(
            f"{name}/{task}/{seed}",
            [{"step": 50, "return": level + at + seed / 7}],
            {"algo": name, "env_id": task, "seed": seed},
        )
        for name, level in (("iqn", 10.0), ("dqn", 8.0), ("sac", 9.0))
        for at, task in enumerate(("pong", "breakout", "qbert", "seaquest", "asterix", "enduro"))
        for seed in range(3)
    ]
    remember("shown", runs)
    sides = [f"group:memory:shown#{name}/*" for name in ("iqn", "dqn", "sac")]
    told = printed(*sides, "-m", "return", "--test", test)
    forget("shown")
    return told


def test_the_terminal_shows_what_many_tasks_come_to() -> None:
    told = shown("auto")

    assert re.search(r"interquartile mean of dqn/\* +10\.6", told)
    assert "all 6 tasks" in told


def test_the_terminal_shows_ranks_over_data_sets() -> None:
    told = shown("friedman")

    assert re.search(r"Friedman's test: +p = 0", told)
    assert re.search(r"iqn/\* +1\n", told)


def test_a_second_metric_is_refused_rather_than_put_in_place_of_the_first() -> None:
    words = [*SIDES, "-m", "test/accuracy", "-m", "test/shifted_accuracy", "--project", RECORDED]

    result = CliRunner().invoke(app, ["significance", *words])

    assert result.exit_code == 2
    assert "'test/accuracy|test/shifted_accuracy' for several" in result.stderr


def test_the_terminal_tells_where_the_values_stand() -> None:
    ends = {"wide": (40, 0), "thin": (40, 1)}
    runs = [
        MemoryRun(
            f"{name}/{seed}",
            [{"step": s, "acc": s / 50 + off + seed / 9} for s in (10, 20, 30)]
            + [{"step": end, "loss": 1.0}],
            {"seed": seed},
        )
        for name, (end, off) in ends.items()
        for seed in range(2)
    ]
    remember("stands", runs)
    told = printed("group:memory:stands#wide/*", "group:memory:stands#thin/*", "-m", "acc")
    forget("stands")

    assert "\nat step 30 (where both sides stand at or before 40)" in told


def test_a_run_on_both_sides_is_refused() -> None:
    assert printed("group:plain/*", "plain/seed0", "-m", "test/shifted_accuracy", status=2) == ""


@pytest.mark.anyio
async def test_the_tool_answers_in_both_forms_within_its_budget() -> None:
    async with Client(build(Project(Path(RECORDED)))) as client:
        result = await client.call_tool(
            "significance_test",
            {"a": SIDES[0], "b": [[SIDES[1]]], "metric": "test/shifted_accuracy"},
        )
        [tool] = [
            tool for tool in (await client.list_tools()).tools if tool.name == "significance_test"
        ]

    answer = SignificanceAnswer.model_validate(result.structured_content)
    [content] = result.content
    assert isinstance(content, TextContent)
    assert content.text == answer.to_markdown()
    listed = {"name": tool.name, "description": tool.description, "schema": tool.input_schema}
    assert len(json.dumps(listed, separators=(",", ":"))) <= 650
