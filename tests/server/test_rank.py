"""rank_runs and parameter_importance as a person and as a model meet them."""

import json
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import TextContent
from typer.testing import CliRunner

from samestep import Project
from samestep.answers.decision import DecisionRecord
from samestep.answers.importance import ImportanceAnswer
from samestep.answers.ranking import Ranking
from samestep_server.app import build
from samestep_server.cli import app

RECORDED = str(Path(__file__).parents[2] / "tools/samestep/recorded")
RANK = ("rank", "tensorboard:runs", "--metric", "test/shifted_accuracy")


def printed(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, [*words, "--project", RECORDED], env={"COLUMNS": "110"})
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.stderr


def test_the_terminal_shows_places_and_who_cannot_be_told_from_the_first() -> None:
    told = printed(*RANK, "--objective", "train/loss:lower")

    assert "plain/seed*" in told
    assert "verdict: undecided. Only a proxy is ranked" in told
    assert "front: " in told


def test_json_is_the_answer_itself() -> None:
    answer = Ranking.model_validate_json(printed(*RANK, "--json", "--at", "10"))

    assert (answer.at.value, len(answer.ranked)) == (10.0, 2)


def test_constraints_remove_what_they_say() -> None:
    told = printed(*RANK, "-c", "train/loss < 0.05", "-c", "train/loss>=0", "--json")

    [constraint] = Ranking.model_validate_json(told).constraints
    assert (constraint.metric, constraint.constraint) == ("train/loss", "< 0.05 and >= 0")


def test_the_record_is_written_as_json_or_markdown_and_never_over_a_file(tmp_path: Path) -> None:
    as_json, as_markdown = tmp_path / "best.json", tmp_path / "best.md"
    printed(*RANK, "--record", str(as_json))
    printed(*RANK, "--record", str(as_markdown))

    record = DecisionRecord.model_validate_json(as_json.read_text("utf-8"))
    assert (record.metric, record.axis, record.ranked) == ("test/shifted_accuracy", "epoch", 2)
    assert as_markdown.read_text("utf-8") == f"{record.to_markdown()}\n"
    refused = printed(*RANK, "--record", str(as_json), status=2)
    assert "a file that is not there yet" in refused
    assert DecisionRecord.model_validate_json(as_json.read_text("utf-8")) == record


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-c", "latency_ms"), "a metric and a bound"),
        (("--record", "no/such/directory/best.md"), "a file that can be written"),
        (("--record", "best.md", "--cursor", "1"), "the first page"),
        (("--at", "99"), "the newest is epoch 60"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(words: tuple[str, ...], says: str) -> None:
    assert says in " ".join(printed(*RANK, *words, status=2).split())


def test_importance_on_few_runs_lists_what_differs() -> None:
    told = printed("importance", "tensorboard:runs", "--metric", "test/shifted_accuracy")

    assert "2 configurations are fewer than 10" in " ".join(told.split())
    assert "augmentation" in told


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("tool", "form", "most"),
    [("rank_runs", Ranking, 900), ("parameter_importance", ImportanceAnswer, 500)],
)
async def test_the_tools_answer_in_both_forms_and_are_short(
    tool: str, form: type[Ranking] | type[ImportanceAnswer], most: int
) -> None:
    async with Client(build(Project(Path(RECORDED)))) as client:
        arguments = {"runs": ["tensorboard:runs"], "metric": "test/shifted_accuracy"}
        result = await client.call_tool(tool, arguments)
        [listed] = [one for one in (await client.list_tools()).tools if one.name == tool]

    answer = form.model_validate(result.structured_content)
    [content] = result.content
    assert isinstance(content, TextContent)
    assert content.text == answer.to_markdown()
    entry = {
        "name": listed.name,
        "description": listed.description,
        "inputSchema": listed.input_schema,
    }
    assert len(json.dumps(entry, separators=(",", ":"))) <= most
