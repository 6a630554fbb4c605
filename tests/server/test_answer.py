"""An answer shown again: in a terminal, and as a resource."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import TextResourceContents
from typer.testing import CliRunner

from samestep import Project
from samestep.ledger import answers
from samestep.ledger.given import NOT_RECORDED
from samestep_server.app import QUESTIONS, build
from samestep_server.cli import app
from samestep_server.terminal.recorded import VIEWS

RECORDED = Path(__file__).parents[2] / "tools/samestep/recorded"
COMMANDS = [
    ("detect",),
    ("list",),
    ("history", "plain/seed0"),
    ("compare", "shifted/seed0", "plain/seed0"),
    ("configs", "shifted/seed0", "plain/seed0"),
    ("converge", "plain/seed0", "test/shifted_accuracy"),
]


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMESTEP_LEDGER", str(tmp_path / "ledger.sqlite"))


def samestep(*words: str, status: int = 0) -> tuple[str, str]:
    """Run a command and return what it printed and what it said on standard error."""
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "100"})
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=[words[0] for words in COMMANDS])
def test_the_terminal_shows_an_answer_again_as_its_command_did(command: tuple[str, ...]) -> None:
    printed, _ = samestep(*command, "--project", str(RECORDED))
    [kept] = answers()

    again, _ = samestep("answer", kept.answer_id)
    as_json, _ = samestep("answer", kept.answer_id, "--json")

    heading, _, shown = again.partition("\n\n")
    assert shown == printed
    assert heading.startswith(f"{kept.tool} {kept.answer_id}, given 2")
    assert json.loads(as_json) == kept.answer


def test_every_tool_whose_answers_are_recorded_has_a_view() -> None:
    asked_in_a_terminal_alone = {"pull"}

    assert {tool.__name__ for tool in QUESTIONS} | asked_in_a_terminal_alone == {
        *VIEWS,
        *NOT_RECORDED,
    }


def test_an_id_that_is_not_recorded_is_refused() -> None:
    printed, said = samestep("answer", "cmp-000000000000", status=2)

    assert printed == ""
    assert said.startswith("No answer 'cmp-000000000000' in the ledger. None is recorded. ")


def test_an_answer_in_a_form_that_is_not_known_is_told_by_its_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samestep("list", "--project", str(RECORDED))
    [kept] = answers()
    monkeypatch.delitem(VIEWS, kept.tool)

    again, _ = samestep("answer", kept.answer_id)

    assert str(kept.answer["reading"]) in again
    assert "--json shows it whole" in again


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a tool's answer as a client gets it."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content or {}


async def read(client: Client, answer_id: str) -> object:
    """Return the answer that a client reads under an id."""
    [content] = (await client.read_resource(f"samestep://answer/{answer_id}")).contents
    assert isinstance(content, TextResourceContents)
    assert content.mime_type == "application/json"
    return json.loads(content.text)


@pytest.mark.anyio
async def test_a_host_reads_an_answer_again_by_its_address() -> None:
    async with Client(build(Project(RECORDED))) as client:
        given = await ask(client, "fetch_history", {"run": "plain/seed0"})
        again = await read(client, given["answer_id"])
        [template] = (await client.list_resource_templates()).resource_templates

    assert again == given
    assert template.uri_template == "samestep://answer/{id}"


@pytest.mark.anyio
async def test_a_server_shows_only_what_was_asked_in_its_project(tmp_path: Path) -> None:
    samestep("list", "--project", str(RECORDED))
    [kept] = answers()

    async with Client(build(Project(tmp_path))) as client:
        with pytest.raises(MCPError) as refusal:
            await client.read_resource(f"samestep://answer/{kept.answer_id}")

    assert "None is recorded." in str(refusal.value)


@pytest.mark.anyio
async def test_two_servers_share_one_ledger() -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "samestep_server", "serve", "--project", str(RECORDED)],
        env=dict(os.environ),
    )
    given: list[dict[str, Any]] = []  # Any: answers of several tools

    async def ask_about(client: Client, seed: int) -> None:
        given.append(await ask(client, "fetch_history", {"run": f"plain/seed{seed}"}))

    async with Client(server) as one, Client(server) as other:
        async with anyio.create_task_group() as asking:
            for client in (one, other):
                for seed in range(3):
                    asking.start_soon(ask_about, client, seed)
        again = [
            await read(client, answer["answer_id"])
            for answer, client in zip(given, [other, one] * 3, strict=True)
        ]

    assert again == given
    assert len({answer["answer_id"] for answer in given}) == len(answers()) == 3
