"""The server as a host starts it: mcp.json, over stdio, in both protocol eras."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from samestep.answers import Comparison, Detection, RunList

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
ERAS: tuple[Literal["auto", "legacy"], ...] = ("auto", "legacy")
HEAVY = ("numpy", "pandas", "scipy", "wandb", "mlflow", "neptune", "tbparse", "tensorboard")


def started_by_mcp_json() -> StdioServerParameters:
    """Return what mcp.json starts, with this environment's `samestep` in place of `uv run`'s."""
    [server] = json.loads((ROOT / "mcp.json").read_text("utf-8"))["mcpServers"].values()
    assert [server["command"], *server["args"][:2]] == ["uv", "run", "samestep"]
    recorded = ROOT / "tools/samestep/recorded"
    arguments = [str(recorded) if word == "." else word for word in server["args"][2:]]
    return StdioServerParameters(
        command=sys.executable, args=["-m", "samestep_server", *arguments], env=dict(os.environ)
    )


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_detects_lists_and_compares(era: Literal["auto", "legacy"]) -> None:
    async with Client(started_by_mcp_json(), mode=era) as client:
        detected = await client.call_tool("detect_tracker", {})
        found = Detection.model_validate(detected.structured_content)
        listed = await client.call_tool("list_runs", {"source": found.chosen})
        runs = RunList.model_validate(listed.structured_content)
        reference = {item.full_name: item.run for item in runs.items}
        compared = await client.call_tool(
            "compare_same_epoch",
            {
                "student": reference["shifted/seed0"],
                "baselines": [reference["plain/seed0"]],
                "downstream": ["test/shifted_accuracy"],
            },
        )

    answer = Comparison.model_validate(compared.structured_content)
    [row] = answer.downstream
    [text] = compared.content
    assert found.chosen == "tensorboard:runs"
    assert len(reference) == 6
    assert row.student.x == row.baseline.x == answer.at.value
    assert answer.verdict.winner is None
    assert isinstance(text, TextContent)
    assert answer.reading in text.text


async def test_a_server_started_in_another_directory_reads_its_project() -> None:
    async with Client(started_by_mcp_json()) as client:
        outside = await client.call_tool("detect_tracker", {"path": "../.."})

    [text] = outside.content
    assert outside.is_error
    assert isinstance(text, TextContent)
    assert "SAMESTEP_ROOTS" in text.text


def test_answering_initialize_imports_nothing_heavy() -> None:
    code = (
        "import anyio, sys\n"
        "from mcp import Client\n"
        "from samestep.settings import Project\n"
        "from samestep_server.app import build\n"
        "async def main():\n"
        "    async with Client(build(Project.here()), mode='legacy') as client:\n"
        "        await client.list_tools()\n"
        "anyio.run(main)\n"
        f"sys.exit(', '.join({set(HEAVY)!r} & sys.modules.keys()) or None)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert done.stderr == ""
    assert done.returncode == 0
