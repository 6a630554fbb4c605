"""A pipeline over MCP: each call built only from the answer before it."""

import csv
import os
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp import Client, StdioServerParameters
from tensorboardX import SummaryWriter  # pyright: ignore[reportMissingTypeStubs] # it ships none

pytestmark = pytest.mark.anyio

EPOCHS = {"baseline": 30, "student": 12}


def write_events(directory: Path, epochs: int, pace: float) -> None:
    """Log one run with tensorboardX."""
    writer: Any = SummaryWriter(str(directory))  # Any: tensorboardX has no types
    for epoch in range(1, epochs + 1):
        writer.add_scalar("epoch", epoch, 50 * epoch)
        writer.add_scalar("val/loss", 1.0 / (1.0 + pace * epoch), 50 * epoch)
        writer.add_scalar("test/top1", 80.0 * (1.0 - 0.9**epoch), 50 * epoch)
    writer.close()


def write_table(directory: Path, epochs: int, pace: float) -> None:
    """Log one run with the csv module."""
    directory.mkdir(parents=True)
    rows = [
        [epoch, 50 * epoch, 1.0 / (1.0 + pace * epoch), 80.0 * (1.0 - 0.9**epoch)]
        for epoch in range(1, epochs + 1)
    ]
    with (directory / "log.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["epoch", "step", "val/loss", "test/top1"], *rows])


@pytest.mark.parametrize("era", ["auto", "legacy"])
@pytest.mark.parametrize("write", [write_events, write_table])
async def test_every_call_is_built_from_the_answer_before(
    tmp_path: Path, write: Any, era: Literal["auto", "legacy"]
) -> None:
    for name, epochs in EPOCHS.items():
        write(tmp_path / "runs" / name, epochs, 0.2)
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "samestep_server", "serve", "--project", str(tmp_path)],
        env=dict(os.environ),
    )

    async with Client(server, mode=era) as client:

        async def ask(tool: str, **arguments: object) -> dict[str, Any]:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, result.content
            return result.structured_content or {}

        found = await ask("detect_tracker")
        listed = await ask("list_runs", source=found["chosen"], order_by="-epoch")
        baseline, student = (item["run"] for item in listed["items"])
        schema = await ask("fetch_history", run=student)
        goal = next(row["metric"] for row in schema["schema"] if row["direction"] == "higher")
        compared = await ask(
            "compare_same_epoch", student=student, baselines=[baseline], downstream=[goal]
        )
        judged = await ask(
            "convergence_check",
            run=compared["runs"][0]["run"],
            metric=compared["metrics"][0]["metric"],
        )

    [row] = compared["downstream"]
    assert (compared["at"]["axis"], compared["at"]["value"]) == ("epoch", EPOCHS["student"])
    assert row["student"]["x"] == row["baseline"]["x"] == EPOCHS["student"]
    assert judged["curve"]["metric"] == goal == "test/top1"
    assert [point["x"] for point in judged["tail"]] == [8, 9, 10, 11, 12]
    assert judged["verdict"]["kind"] == "improving"
