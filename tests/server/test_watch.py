"""A question that asks servers tells how far it is, and ends when nobody waits for it."""

from pathlib import Path

import anyio
import pytest
from mcp import Client
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve
from tests.readers.mlflow_server.stub import Answer, Call, Silence, serving

from samestep import Project
from samestep_server.app import build

pytestmark = pytest.mark.anyio

SEEDS = [
    HeldRun(f"{seed:032x}", f"vit-s16 seed {seed}", {"loss": curve(20, seed + 1.0)})
    for seed in range(3)
]


def silent(_call: Call) -> Answer:
    """Answer nothing, as a server that hangs."""
    raise Silence


async def test_a_client_hears_how_far_the_reading_is(tmp_path: Path) -> None:
    heard: list[str | None] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        del progress, total
        heard.append(message)

    with serving(Runs(SEEDS)) as stub:
        async with Client(build(Project(tmp_path))) as client:
            await client.call_tool(
                "list_runs", {"source": f"mlflow:{stub.url}"}, progress_callback=hear
            )

    assert heard
    assert all(heard)


async def test_a_cancelled_question_lets_the_next_one_be_answered_at_once(tmp_path: Path) -> None:
    with serving(silent) as stub:
        async with Client(build(Project(tmp_path))) as client:
            with anyio.move_on_after(1.0) as waited:
                await client.call_tool("list_runs", {"source": f"mlflow:{stub.url}"})
            with anyio.fail_after(5.0):
                answered = await client.call_tool("detect_tracker", {})

    assert waited.cancelled_caught
    assert not answered.is_error
