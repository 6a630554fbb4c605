import math
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import Metric, Purge, RunRef, Source, Unreadable
from samestep.readers.tensorboard import TensorBoardReader, is_run_directory
from samestep.readers.tree import DEEPEST, walk

# The generated protobuf modules carry no types, and a module's attributes are Any.
event_pb2 = import_module("tensorboard.compat.proto.event_pb2")
record_writer = import_module("tensorboard.summary.writer.record_writer")
tensorboardx = import_module("tensorboardX")

REAL = Path(__file__).parents[2].parent / "shared" / "data"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")
SOURCE = Source("tensorboard", "runs")
FILE = "events.out.tfevents.1700000000.host"


def write(path: Path, *events: Any) -> Path:  # Any: protobuf messages carry no types
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = record_writer.RecordWriter(file)
        for event in (event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2"), *events):
            writer.write(event.SerializeToString())
    return path


def scalar(tag: str, step: int, value: float) -> Any:  # Any: as above
    event = event_pb2.Event(wall_time=1.7e9 + step, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return event


def session_start(step: int) -> Any:  # Any: as above
    log = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    return event_pb2.Event(wall_time=1.7e9, step=step, session_log=log)


def points(metric: Metric) -> list[tuple[int, float, float]]:
    return list(
        zip(metric.rows.tolist(), metric.steps.tolist(), metric.values.tolist(), strict=True)
    )


def test_every_directory_of_event_files_is_a_run_named_by_its_path(tmp_path: Path):
    write(tmp_path / "resnet50/seed1" / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "resnet50/seed0" / FILE, scalar("loss", 0, 1.0))
    (tmp_path / "notes").mkdir()
    listing = TensorBoardReader(SOURCE, tmp_path).list()

    assert [(str(run.ref), run.full_name) for run in listing.runs] == [
        ("tensorboard:runs#resnet50/seed0", "resnet50/seed0"),
        ("tensorboard:runs#resnet50/seed1", "resnet50/seed1"),
    ]
    assert listing.runs[0].started == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert listing.unreadable == ()
    assert [d.relative for d in walk(tmp_path) if is_run_directory(d)] == [
        "resnet50/seed0",
        "resnet50/seed1",
    ]


def test_a_run_in_the_location_itself_has_the_name_of_its_directory(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0))
    reader = TensorBoardReader(SOURCE, tmp_path / "resnet50")

    assert [(run.ref.id, run.full_name) for run in reader.list().runs] == [(".", "resnet50")]
    assert reader.read(".").full_name == "resnet50"


def test_the_name_of_the_location_is_told_from_a_run_of_that_name(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0))
    write(tmp_path / "resnet50/resnet50" / FILE, scalar("accuracy", 0, 1.0))
    listing = TensorBoardReader(SOURCE, tmp_path / "resnet50").list()

    assert [run.full_name for run in listing.runs] == ["resnet50 .", "resnet50"]


def test_a_linked_directory_is_followed(tmp_path: Path):
    write(tmp_path / "elsewhere/seed0" / FILE, scalar("loss", 0, 1.0))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/linked").symlink_to(tmp_path / "elsewhere/seed0")

    assert [run.full_name for run in TensorBoardReader(SOURCE, tmp_path / "runs").list().runs] == [
        "linked"
    ]


@pytest.mark.parametrize("name", ["tfevents", "events.out.tfevents.17", "tfevents.99999999999.v2"])
def test_a_time_that_cannot_be_is_no_start(tmp_path: Path, name: str):
    write(tmp_path / "resnet50" / name, scalar("loss", 0, 1.0))

    assert TensorBoardReader(SOURCE, tmp_path).list().runs[0].started is None


def test_runs_with_nothing_to_read_are_listed_with_the_reason(tmp_path: Path):
    write(tmp_path / "crashed" / FILE)
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / FILE).write_bytes(b"step,loss\n0,1\n" * 9)
    (tmp_path / "unstarted").mkdir()
    (tmp_path / "unstarted" / FILE).touch()
    (tmp_path / "circular").mkdir()
    (tmp_path / "circular" / FILE).symlink_to(FILE)
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / FILE)
    reader = TensorBoardReader(SOURCE, tmp_path)

    assert reader.list().runs == ()
    assert reader.list().unreadable == (
        Unreadable(
            "tensorboard:runs#circular",
            f"{FILE} could not be read (Too many levels of symbolic links)",
        ),
        Unreadable("tensorboard:runs#crashed", f"{FILE} holds only its header"),
        Unreadable("tensorboard:runs#garbage", f"{FILE} is not an event file"),
        Unreadable("tensorboard:runs#pipe", f"{FILE} could not be read (not a regular file)"),
        Unreadable("tensorboard:runs#unstarted", f"{FILE} is empty"),
    )
    with pytest.raises(NotReadable, match=r"tensorboard:runs#crashed cannot be read: .* header"):
        reader.read("crashed")
    with pytest.raises(NotReadable, match="Too many levels"):
        reader.read("circular")


def test_of_many_files_with_nothing_to_read_the_first_are_named(tmp_path: Path):
    for number in range(5):
        write(tmp_path / "crashed" / f"events.out.tfevents.{number}")

    assert TensorBoardReader(SOURCE, tmp_path).list().unreadable[0].why == (
        "events.out.tfevents.0 holds only its header; events.out.tfevents.1 holds only its "
        "header; events.out.tfevents.2 holds only its header; and 2 more files"
    )


def test_a_file_that_may_not_be_read_is_listed_with_the_reason(tmp_path: Path):
    path = write(tmp_path / "secret" / FILE, scalar("loss", 0, 1.0))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")

    assert TensorBoardReader(SOURCE, tmp_path).list().unreadable[0].why == (
        f"{FILE} could not be read (Permission denied)"
    )


def test_a_run_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0))

    with pytest.raises(NoSuchRun, match=r"No run 'resnet' in tensorboard:runs.*'resnet50'"):
        TensorBoardReader(SOURCE, tmp_path).read("resnet")


def test_a_run_is_read_with_steps_values_rows_and_times(tmp_path: Path):
    write(
        tmp_path / "resnet50" / FILE,
        scalar("loss", 1, 0.5),
        scalar("loss", 2, math.nan),
        scalar("accuracy", 2, 0.75),
    )
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")
    loss = run.history.metrics["loss"]

    assert run.ref == RunRef(SOURCE, "resnet50")
    assert str(points(loss)) == "[(1, 1.0, 0.5), (2, 2.0, nan)]"
    assert points(run.history.metrics["accuracy"]) == [(3, 2.0, 0.75)]
    assert loss.times is not None
    assert loss.times.tolist() == [1.7e9 + 1, 1.7e9 + 2]
    assert loss.counts == "steps"
    assert (run.history.read.how, run.history.read.losses) == ("event files", ())
    assert run.history.append_only
    assert run.state == "unknown"


def test_a_metric_without_any_time_has_none(tmp_path: Path):
    event = event_pb2.Event(step=1)
    event.summary.value.add(tag="loss", simple_value=0.5)
    write(tmp_path / "resnet50" / FILE, event)

    assert (
        TensorBoardReader(SOURCE, tmp_path).read("resnet50").history.metrics["loss"].times is None
    )


def test_files_of_one_directory_are_one_run_in_the_order_they_were_begun(tmp_path: Path):
    later, earlier = "events.out.tfevents.1700000000.host", "events.out.tfevents.999999999.host"
    write(tmp_path / "resnet50" / later, scalar("loss", 1, 0.25), scalar("loss", 2, 0.125))
    write(tmp_path / "resnet50" / earlier, scalar("loss", 0, 1.0), scalar("loss", 1, 0.5))
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")

    assert points(run.history.metrics["loss"]) == [
        (1, 0.0, 1.0),
        (2, 1.0, 0.5),
        (4, 1.0, 0.25),
        (5, 2.0, 0.125),
    ]
    assert run.head.started == datetime(2001, 9, 9, 1, 46, 39, tzinfo=UTC)
    assert run.history.purges == ()


def test_a_writer_that_resumes_with_purge_step_says_from_where_older_points_are_void(
    tmp_path: Path,
):
    with tensorboardx.SummaryWriter(str(tmp_path / "resnet50"), filename_suffix=".0") as writer:
        for step in range(4):
            writer.add_scalar("loss", 0.5, step)
    with tensorboardx.SummaryWriter(
        str(tmp_path / "resnet50"), purge_step=2, filename_suffix=".1"
    ) as writer:
        writer.add_scalar("loss", 0.25, 2)
    history = TensorBoardReader(SOURCE, tmp_path).read("resnet50").history

    assert points(history.metrics["loss"]) == [
        (1, 0.0, 0.5),
        (2, 1.0, 0.5),
        (3, 2.0, 0.5),
        (4, 3.0, 0.5),
        (8, 2.0, 0.25),
    ]
    assert history.purges == (Purge(row=7, step=2.0),)


def test_a_first_session_at_step_0_voids_nothing_and_a_later_one_everything(tmp_path: Path):
    write(
        tmp_path / "resnet50" / FILE,
        session_start(0),
        scalar("loss", 0, 1.0),
        session_start(0),
        scalar("loss", 0, 2.0),
    )

    assert TensorBoardReader(SOURCE, tmp_path).read("resnet50").history.purges == (Purge(3, 0.0),)


def test_what_is_damaged_or_missing_is_said(tmp_path: Path):
    damaged = write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0), scalar("loss", 1, 0.5))
    damaged.write_bytes(damaged.read_bytes()[:-7])
    (tmp_path / "resnet50/events.out.tfevents.1700000001.gone").symlink_to("nowhere")
    run = TensorBoardReader(SOURCE, tmp_path).read("resnet50")

    assert points(run.history.metrics["loss"]) == [(1, 0.0, 1.0)]
    assert run.history.read.losses == (
        f"The last record of {FILE} is cut off (35 bytes), as in a file still being written.",
        "events.out.tfevents.1700000001.gone could not be read (No such file or directory).",
    )


def test_a_file_that_grew_is_read_anew(tmp_path: Path):
    path = write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0))
    reader = TensorBoardReader(SOURCE, tmp_path)
    before = points(reader.read("resnet50").history.metrics["loss"])
    write(path, scalar("loss", 0, 1.0), scalar("loss", 1, 0.5))

    assert before == [(1, 0.0, 1.0)]
    assert points(reader.read("resnet50").history.metrics["loss"]) == [(1, 0.0, 1.0), (2, 1.0, 0.5)]


def test_reading_a_run_imports_neither_tensorboard_nor_protobuf_nor_pandas(tmp_path: Path):
    write(tmp_path / "resnet50" / FILE, scalar("loss", 0, 1.0))
    program = (
        "import sys; from pathlib import Path; from samestep.model import Source;"
        "from samestep.readers.tensorboard import TensorBoardReader;"
        f"run = TensorBoardReader(Source('tensorboard', 'runs'), Path({str(tmp_path)!r}));"
        "print(len(run.read('resnet50').history.metrics),"
        " sorted({'tensorboard', 'google.protobuf', 'pandas'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout.decode().strip() == "1 []"


@needs_real_files
def test_real_runs_of_algoperf_are_read_and_the_unstarted_listed():
    logs = "tensorboard/mlcommons__submissions_algorithms/previous_leaderboards/algoperf_v05/logs"
    reader = TensorBoardReader(SOURCE, REAL / logs)
    listing = reader.list()
    relaunched = reader.read("self_tuning/sinv6/study_0/librispeech_deepspeech_jax/trial_1")
    loss = relaunched.history.metrics["validation/ctc_loss"]

    assert (len(listing.runs), len(listing.unreadable)) == (10, 4)
    assert all(one.why.endswith("holds only its header") for one in listing.unreadable)
    assert relaunched.seed == "1809296601"
    assert (len(relaunched.history.metrics), relaunched.history.read.losses) == (17, ())
    assert int((loss.steps[1:] < loss.steps[:-1]).sum()) == 1
    assert (loss.rows[1:] > loss.rows[:-1]).all()


def test_what_the_walk_passes_over_is_said_beside_the_runs(tmp_path: Path):
    (tmp_path / "/".join("d" * DEEPEST) / "deeper").mkdir(parents=True)

    assert TensorBoardReader(SOURCE, tmp_path).list().left_out == (
        (
            f"{SOURCE}: passed over: 1 directory deeper than 16 levels "
            f"(the first is {'d/' * DEEPEST}deeper)."
        ),
    )
