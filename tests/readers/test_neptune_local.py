"""What Neptune's own clients left offline is read here as they logged it; see `write_local.py`."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from tests.readers.neptune_stub.exported import curve, series, values, write_part
from tests.readers.neptune_stub.left import (
    BRANCHED,
    KILLED,
    MOMENT,
    POINTS_OF_THE_KILLED,
    POINTS_OF_THE_ROLLED,
    RESNET,
    ROLLED,
    STEADY,
    TWIN,
    WIDE,
    left,
)

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import Planned, Run, Source
from samestep.readers.base import Reader
from samestep.readers.neptune import opened
from samestep.settings import Project


@pytest.fixture
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project in which the clients were run; nothing may be changed in it."""
    return left(tmp_path_factory.getbasetemp())


@pytest.fixture
def copied(there: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be damaged."""
    return Path(shutil.copytree(there, tmp_path / "copied"))


def reader(directory: Path, location: str = "./.neptune") -> Reader:
    return opened(Source("neptune", location), Project(directory))


def ids(directory: Path, location: str = "./.neptune") -> dict[str, str]:
    """Return the id of each run by its full name."""
    return {head.full_name: head.ref.id for head in reader(directory, location).list().runs}


def read(directory: Path, full_name: str) -> Run:
    return reader(directory).read(ids(directory)[full_name])


def points(run: Run, metric: str) -> str:
    """Return steps and values as text, in which NaN is equal to itself."""
    one = run.history.metrics[metric]
    return str(list(zip(one.steps.tolist(), one.values.tolist(), strict=True)))


def log_of(directory: Path, full_name: str) -> Path:
    run_id = ids(directory)[full_name]
    [path] = directory.glob(f".neptune/offline/run__{run_id}__*/data-1.log")
    return path


def everything_below(directory: Path) -> dict[Path, tuple[bytes, int]]:
    return {
        path: (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns)
        for path in [directory, *directory.rglob("*")]
    }


def test_every_run_is_listed_with_a_name_of_its_own(there: Path):
    listing = reader(there).list()
    names = sorted(head.full_name for head in listing.runs)

    twins = sorted(f"{TWIN} {head.ref.id}" for head in listing.runs if TWIN in head.full_name)
    assert len(twins) == 2
    assert names == sorted([ROLLED, KILLED, RESNET, *twins, "wide-resnet50", BRANCHED])
    assert all(head.started for head in listing.runs if head.full_name != ROLLED)
    assert listing.unreadable == ()


def test_a_run_of_neptune_1_has_what_was_logged(there: Path):
    run = read(there, RESNET)

    assert points(run, "train/loss") == str(
        [*((10.0 * epoch, STEADY[epoch]) for epoch in range(5)), (42.5, 0.5)]
    )
    assert points(run, "val/acc") == str([(float(epoch), epoch / 8) for epoch in range(5)])
    assert points(run, "monitoring/cpu") == "[(nan, 99.0)]"
    assert sorted(run.history.metrics) == ["monitoring/cpu", "train/epoch", "train/loss", "val/acc"]
    assert (run.history.append_only, run.history.row_counter) == (True, None)
    assert run.history.read.how == "Neptune's operation logs"
    assert run.history.read.losses == (
        "1 point of train/mistake had been deleted by the run itself.",
        (
            "5 points of val/acc logged without a step; numbered in order, as Neptune's server "
            "would have done."
        ),
    )


def test_points_that_were_logged_together_share_a_row(there: Path):
    metrics = read(there, RESNET).history.metrics

    rows = metrics["train/loss"].rows.tolist()
    assert metrics["train/epoch"].rows.tolist() == rows[:5]
    times = metrics["train/loss"].times
    assert times is not None
    assert times.tolist() == [MOMENT + second for second in (0.0, 1.0, 2.0, 3.0, 4.0, 9.0)]


def test_a_run_of_neptune_1_tells_its_settings(there: Path):
    run = read(there, RESNET)

    assert run.config == {
        "parameters": {
            "lr": 0.125,
            "seed": 3,
            "max_epochs": 5,
            "amp": True,
            "name": "sgd",
            "when": "2023-11-14T22:13:20+00:00",
        }
    }
    assert (run.state, run.seed, run.tags) == ("failed", "3", ("baseline",))
    assert run.group == "imagenet, sweep 1"
    assert run.planned == Planned(5.0, "epochs", "parameters.max_epochs")
    assert [(name, final.value) for name, final in run.finals.items()] == [("test/acc", 0.875)]
    assert run.environment.keys() == {"python", "os", "program"}
    assert run.environment["program"] == "write_local.py"


def test_a_run_that_logs_no_step_at_all_counts_its_log_calls(copied: Path):
    log = log_of(copied, RESNET)
    kept = [line for line in log.read_text().splitlines() if '"train", "' not in line]
    log.write_text("\n".join(kept))
    history = read(copied, RESNET).history

    assert sorted(history.metrics) == ["monitoring/cpu", "val/acc"]
    assert history.row_counter == (
        "Neptune's number of the point in its series, as no step was logged"
    )


def test_files_that_rolled_are_one_log(there: Path):
    run = read(there, ROLLED)

    assert len(list(there.glob(f".neptune/offline/run__{ROLLED}__*/data-*.log"))) > 3
    assert points(run, "val/loss") == str(
        [(float(step), step / 8) for step in range(POINTS_OF_THE_ROLLED)]
    )
    assert run.history.read.losses == ()


def test_of_a_run_that_was_sent_only_what_is_left_is_read_and_it_is_said(copied: Path):
    [offline] = copied.glob(f".neptune/offline/run__{ROLLED}__*")
    online = copied / ".neptune/async" / offline.name
    online.parent.mkdir()
    offline.rename(online)
    (online / "data-1.log").unlink()
    run = read(copied, ROLLED)

    gone = POINTS_OF_THE_ROLLED - len(run.history.metrics["val/loss"].steps)
    assert 0 < gone < POINTS_OF_THE_ROLLED
    assert run.history.metrics["val/loss"].steps[0] == gone
    [loss] = run.history.read.losses
    assert loss.endswith(
        f"only what is still here can be read: {gone} operations before it are gone."
    )


def test_several_processes_of_one_run_of_neptune_1_are_joined(copied: Path):
    first = log_of(copied, RESNET).parent
    second = first.with_name(f"{first.name[:-8]}zzzzzzzz")
    shutil.copytree(first, second)
    metadata = json.loads((second / "metadata.json").read_text())
    (second / "metadata.json").write_text(json.dumps({**metadata, "createdAt": "2099-01-01"}))
    steps = read(copied, RESNET).history.metrics["train/loss"].steps.tolist()

    assert steps == [0.0, 10.0, 20.0, 30.0, 40.0, 42.5] * 2


def test_a_torn_log_is_read_to_where_it_is_torn(copied: Path):
    log = log_of(copied, RESNET)
    content = log.read_text()
    log.write_text(content[: content.index('"train", "loss"', len(content) // 2) + 40])
    run = read(copied, RESNET)

    whole = read_steps(run)
    assert 0 < len(whole) < 6
    assert whole == [0.0, 10.0, 20.0, 30.0, 40.0, 42.5][: len(whole)]
    assert any("1 operation could not be read" in loss for loss in run.history.read.losses)
    assert any(
        "operations at the end were never written" in loss for loss in run.history.read.losses
    )


def read_steps(run: Run) -> list[float]:
    return run.history.metrics["train/loss"].steps.tolist()


def test_a_run_of_neptune_3_has_what_was_logged_in_all_its_processes(there: Path):
    run = read(there, "wide-resnet50")

    steady = [(step / 10, value) for step, value in enumerate(STEADY)]
    assert points(run, "val/loss") == str(
        [*steady, (1.0, float("nan")), (2.0, float("inf")), (3.0, float("-inf")), (5.0, 2.0)]
    )
    assert points(run, "epoch") == str([(step / 10, step + 1.0) for step in range(5)])
    metrics = run.history.metrics
    assert metrics["epoch"].rows.tolist() == metrics["val/loss"].rows.tolist()[:5]
    assert run.history.append_only
    assert run.history.read.how == "neptune-scale's databases"
    assert run.history.read.losses == (
        "1 preview point is left out: a preview is not the value of its step.",
    )


def test_a_run_of_neptune_3_tells_its_settings(there: Path):
    run = read(there, "wide-resnet50")

    assert (run.ref.id, run.state, run.seed) == (WIDE, "unknown", str(2**40))
    assert run.config == {
        "parameters": {
            "lr": 0.125,
            "seed": 2**40,
            "amp": False,
            "when": "2023-11-14T22:13:20+00:00",
        }
    }
    assert (run.tags, run.group) == (("baseline",), "sweep 1")
    assert [(name, final.value) for name, final in run.finals.items()] == [("test/acc", 0.875)]


def test_a_fork_names_the_run_it_goes_on_from(there: Path):
    run = read(there, BRANCHED)

    assert points(run, "val/loss") == "[(3.0, 1.5)]"
    assert [(one.kind, one.name, one.context) for one in run.lineage] == [
        ("parent run", WIDE, "step 2.5")
    ]
    assert run.history.read.losses == (
        (
            f"The run was forked from {WIDE} at step 2.5; what was logged before that is not "
            "repeated here."
        ),
    )


def test_what_a_killed_process_left_in_the_journal_is_read(there: Path):
    [journal] = there.glob(f".neptune/*{KILLED}*/run_operations.sqlite3-wal")

    assert journal.stat().st_size > 0
    assert points(read(there, KILLED), "val/loss") == str(
        [(float(step), step / 8) for step in range(POINTS_OF_THE_KILLED)]
    )


def test_reading_changes_nothing_and_asks_no_server(there: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(_socket: socket.socket, address: object) -> None:
        pytest.fail(f"it connects to {address!r}")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refused)
    before = everything_below(there)
    found = reader(there)
    for head in found.list().runs:
        found.read(head.ref.id)

    assert everything_below(there) == before


@pytest.mark.parametrize("location", ["./.neptune", ".", "{here}", "{here}/.neptune"])
def test_the_directory_or_the_one_around_it_is_the_source(there: Path, location: str):
    found = ids(there, location.format(here=there))

    assert found.keys() == ids(there).keys()


def test_runs_of_all_forms_are_read_from_one_place(copied: Path):
    write_part(
        copied / "exports/data",
        "NET-1",
        0,
        values({"sys/name": "exported"}),
        series("a", curve(1.0)),
    )
    write_part(copied / "exports/data", WIDE, 0, series("a", curve(1.0)))
    found = ids(copied, ".")

    assert found["exported"] == "NET-1"
    assert sorted(one for one in found.values() if one.endswith(WIDE)) == sorted(
        [
            next(one for one in found.values() if one.startswith(".neptune/")),
            next(one for one in found.values() if one.startswith("exports/")),
        ]
    )


def test_what_cannot_be_read_is_listed_and_takes_no_other_run_down(copied: Path):
    [database] = copied.glob(f".neptune/*{BRANCHED}*/run_operations.sqlite3")
    database.write_bytes(b"noise" * 1_000)
    empty = copied / ".neptune/offline/run__c0ffee__1__abcdefgh"
    empty.mkdir()
    (empty / "data-1.log").touch()
    model = copied / ".neptune/offline/model__beef__1__abcdefgh"
    shutil.copytree(log_of(copied, RESNET).parent, model)
    (model / "metadata.json").unlink()
    listing = reader(copied).list()

    assert BRANCHED not in [head.full_name for head in listing.runs]
    assert len(listing.runs) == len(ids(copied)) == 6
    assert {one.where.partition("#")[2]: one.why for one in listing.unreadable} == {
        f"{database.parent.name}/{database.name}": "file is not a database",
        f"offline/{empty.name}": "its log holds no operation",
        f"offline/{model.name}": "it is a model, and no run",
    }


def test_a_run_that_is_not_there_is_refused_with_those_that_are(there: Path):
    with pytest.raises(NoSuchRun, match=f"'{WIDE}'"):
        reader(there).read("wide-resnet50-1")


def test_a_file_is_no_source(there: Path):
    [path] = there.glob(f".neptune/*{KILLED}*/run_operations.sqlite3")

    with pytest.raises(NotReadable, match=r"it is a file.*neptune:\./\.neptune/lab_nets_killed"):
        reader(there, f"./{path.relative_to(there)}")


def test_a_link_beyond_what_may_be_read_is_passed_over(there: Path, tmp_path: Path):
    (tmp_path / "project/.neptune").mkdir(parents=True)
    (tmp_path / "project/.neptune/offline").symlink_to(there / ".neptune/offline")
    source, directory = Source("neptune", "./.neptune"), tmp_path / "project"
    confined = Project(directory, roots=(directory,))

    assert opened(source, confined).list().runs == ()
    assert len(opened(source, Project(directory)).list().runs) == 4
