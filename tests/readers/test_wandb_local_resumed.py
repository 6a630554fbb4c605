import json
import math
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.record.wandb_runs import environment
from tests.record.wandb_runs import recorded as recorded_runs

from samestep.analysis.axis import Unplaced, run_axis
from samestep.model import Lineage, Run, Source
from samestep.readers.wandb.local import LocalReader

SOURCE = Source("wandb", "./wandb")
SCRIPT = Path(__file__).parents[1] / "record" / "wandb_runs.py"
PATIENCE = 30.0  # seconds; a flush takes 0.2 of them


@pytest.fixture(scope="session", name="recorded")
def recorded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")


def read(directory: Path, run_id: str) -> Run:
    return LocalReader(SOURCE, directory).read(run_id)


def points(run: Run, name: str) -> list[tuple[float, float]]:
    metric = run.history.metrics[name]
    return list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True))


def copied(recorded: Path, run_id: str, to: Path) -> list[Path]:
    """Copy the directories of a run, in the order they were made."""
    made = sorted(recorded.glob(f"offline-run-*-{run_id}*"), key=lambda one: one.stat().st_mtime_ns)
    return [shutil.copytree(one, to / one.name) for one in made]


def test_a_resumed_run_is_one_run_its_logs_in_the_order_they_were_begun(recorded: Path):
    run = read(recorded, "resumed-steps")

    assert points(run, "val/top1") == [(10, 0), (20, 1), (30, 2), (30, 12), (40, 13)]
    assert run.history.metrics["val/top1"].rows.tolist() == [0, 1, 2, 3, 4]
    assert run.history.read.how == "2 W&B logs"
    assert (run.state, run.config) == ("finished", {"epochs": 4, "resumed": True})


def test_of_what_was_logged_twice_the_later_start_is_used(recorded: Path):
    axis = run_axis(read(recorded, "resumed-steps").history, "epoch")

    assert not isinstance(axis, Unplaced)
    assert axis.curves["val/top1"].x.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert axis.curves["val/top1"].values.tolist() == [0.0, 1.0, 12.0, 13.0]


def test_a_row_counter_that_starts_again_is_no_step(recorded: Path):
    run = read(recorded, "resumed-epochs")
    steps, epochs = run_axis(run.history, "step"), run_axis(run.history, "epoch")

    assert all(math.isnan(step) for step, _ in points(run, "val/top1"))
    assert isinstance(steps, Unplaced)
    assert "starts at 0 again where the run was resumed offline" in steps.why
    assert not isinstance(epochs, Unplaced)
    assert epochs.curves["val/top1"].values.tolist() == [0.0, 1.0, 12.0, 13.0]


def test_a_row_counter_that_a_server_counted_on_goes_on(recorded: Path, tmp_path: Path):
    _, later = copied(recorded, "resumed-epochs", tmp_path)
    state = {"starting_step": 3, "starting_runtime": 0}
    (later / "run-resumed-epochs.wandb.syncstate").write_text(json.dumps(state))
    run = read(tmp_path, "resumed-epochs")

    assert points(run, "val/top1") == [(0, 0), (1, 1), (2, 2), (3, 12), (4, 13)]
    assert run.history.row_counter == "W&B's row counter `_step`"
    assert run.history.read.losses == ()


def test_what_was_logged_before_on_another_machine_is_said_to_be_missing(
    recorded: Path, tmp_path: Path
):
    earlier, later = copied(recorded, "resumed-steps", tmp_path)
    shutil.rmtree(earlier)
    (later / "run-resumed-steps.wandb.syncstate").write_text('{"starting_step": 3}')

    assert read(tmp_path, "resumed-steps").history.read.losses == (
        "What was logged before step 3, where it was resumed, is not here.",
    )


def test_a_start_that_cannot_be_read_is_said_and_the_others_are_read(
    recorded: Path, tmp_path: Path
):
    _, later = copied(recorded, "resumed-steps", tmp_path)
    (later / "run-resumed-steps.wandb").write_bytes(b":W&B\xe1\xbe\x00")
    run = read(tmp_path, "resumed-steps")

    assert points(run, "val/top1") == [(10, 0), (20, 1), (30, 2)]
    assert run.state == "unknown"
    assert [loss.partition(":")[0] for loss in run.history.read.losses] == [
        f"{later.name}/run-resumed-steps.wandb holds only its header yet"
    ]


def test_of_a_forked_run_the_history_before_the_fork_is_said_to_be_elsewhere(recorded: Path):
    run = read(recorded, "forked")

    assert run.lineage == (
        Lineage("parent run", "cosine01", None, "W&B run record", "forked at _step 3"),
    )
    assert run.history.read.losses == (
        "What stands before the fork at _step 3 is in the run cosine01.",
    )


@pytest.fixture
def writer(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process that logs two runs and goes on."""
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(tmp_path), "live"],
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"logged\n"
    yield process
    process.kill()
    process.communicate()


def test_a_run_is_read_while_it_is_written_and_after_it_was_killed(
    tmp_path: Path, writer: "subprocess.Popen[bytes]"
):
    directory = tmp_path / "wandb"
    written = [1.0 / (step + 1) for step in range(5)]
    patience = time.monotonic() + PATIENCE
    while (live := losses(directory)) != written and time.monotonic() < patience:
        assert live == written[: len(live)]
    listing = LocalReader(SOURCE, directory).list()
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    killed = read(directory, "flushed")

    assert live == written
    assert [(head.ref.id, head.full_name) for head in listing.runs] == [("flushed", "flushed")]
    assert [one.where for one in listing.unreadable] == ["wandb:./wandb#waiting"]
    assert listing.unreadable[0].why.endswith(
        "holds only its header yet: W&B writes rows some time later, or at the end"
    )
    assert killed.history.metrics["loss"].values.tolist() == written
    assert killed.state == "unknown"


def losses(directory: Path) -> list[float]:
    """Return what can be read by now of the run that is flushed."""
    reader = LocalReader(SOURCE, directory)
    if not any(head.ref.id == "flushed" for head in reader.list().runs):
        return []
    loss = reader.read("flushed").history.metrics.get("loss")
    return loss.values.tolist() if loss else []
