"""Exports are written here by hand after neptune-exporter's source; see `exported.py`."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.neptune_stub.exported import (
    SCHEMA,
    Point,
    Rows,
    curve,
    pa,
    parquet,
    safe,
    series,
    values,
    write,
    write_part,
)

from samestep.errors import MissingPackage, NoSuchRun, NotReadable
from samestep.formats.neptune.exports import part_of, read_parts
from samestep.model import Run, Source
from samestep.readers.base import Reader
from samestep.readers.neptune import opened
from samestep.settings import Project

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def reader(directory: Path, location: str = "./export") -> Reader:
    return opened(Source("neptune", location), Project(directory))


def points(run: Run, metric: str) -> str:
    """Return steps and values as text, in which NaN is equal to itself."""
    one = run.history.metrics[metric]
    return str(list(zip(one.steps.tolist(), one.values.tolist(), strict=True)))


def test_a_run_has_the_values_and_the_points_of_its_parts(tmp_path: Path):
    single = {
        "sys/name": "resnet50",
        "sys/creation_time": STARTED,
        "sys/tags": ["vision", "baseline"],
        "sys/failed": True,
        "parameters/lr": 0.1,
        "parameters/seed": 2**60,
        "parameters/amp": True,
        "parameters/layers": ["a", "b"],
        "test/acc": 0.75,
    }
    loss: Sequence[Point] = [
        (0.1, 1 / 3, 1.7e9),
        (0.2, float("inf"), 1.7e9 + 1),
        (7.3, -0.5, 1.7e9 + 2),
    ]
    text: Rows = [
        {"attribute_path": "notes", "attribute_type": "string_series", "string_value": "x"}
    ]
    write_part(tmp_path / "export/data", "NET-1", 0, values(single), series("val/loss", loss), text)
    [head] = reader(tmp_path).list().runs
    run = reader(tmp_path).read("NET-1")

    assert (str(head.ref), head.full_name, head.started) == (
        "neptune:./export#NET-1",
        "resnet50",
        STARTED,
    )
    assert run.head == head
    assert (run.state, run.tags, run.seed) == ("failed", ("baseline", "vision"), str(2**60))
    assert run.config == {
        "parameters": {"lr": 0.1, "seed": 2**60, "amp": True, "layers": ["a", "b"]}
    }
    assert {name: final.value for name, final in run.finals.items()} == {"test/acc": 0.75}
    assert list(run.history.metrics) == ["val/loss"]
    assert points(run, "val/loss") == "[(0.1, 0.3333333333333333), (0.2, inf), (7.3, -0.5)]"
    times = run.history.metrics["val/loss"].times
    assert times is not None
    assert times.tolist() == [1.7e9, 1.7e9 + 1, 1.7e9 + 2]
    assert (run.history.append_only, run.history.read.losses) == (False, ())


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=50))
@settings(max_examples=20, deadline=None)
def test_every_step_of_six_decimals_comes_back_as_it_was_logged(
    tmp_path_factory: pytest.TempPathFactory, millionths: list[int]
):
    directory = tmp_path_factory.mktemp("export")
    steps = [number / 10**6 for number in millionths]
    path = write_part(directory, "NET-1", 0, series("loss", [(step, 1.0, 1.7e9) for step in steps]))
    part = part_of(path)
    assert part is not None

    assert read_parts([part], ("lab/nets", "NET-1")).series["loss"].steps.tolist() == steps


def test_a_value_that_is_missing_at_a_time_is_nan_and_without_a_time_no_point(tmp_path: Path):
    loss: Sequence[Point] = [(0.0, 1.0, 1.7e9), (1.0, None, 1.7e9 + 1), (2.0, None, None)]
    single = values({"parameters/lr": 0.5, "parameters/momentum": None})
    write_part(tmp_path / "export", "NET-1", 0, single, series("val/loss", loss))
    run = reader(tmp_path).read("NET-1")

    assert points(run, "val/loss") == "[(0.0, 1.0), (1.0, nan)]"
    assert run.config == {"parameters": {"lr": 0.5}}


def test_points_of_one_step_and_time_share_a_row(tmp_path: Path):
    loss, rare = curve(1.0, 2.0, 3.0), [curve(0.0, 0.0, 5.0)[2]]
    write_part(tmp_path / "export", "NET-1", 0, series("loss", loss), series("acc", rare))
    metrics = reader(tmp_path).read("NET-1").history.metrics

    assert (metrics["loss"].rows.tolist(), metrics["acc"].rows.tolist()) == ([0, 1, 2], [2])


def test_parts_are_joined_in_their_order(tmp_path: Path):
    for number in range(11):
        part = series("loss", [(float(number), float(number), 1.7e9 + number)])
        write_part(tmp_path / "export", "NET-1", number, part)
    run = reader(tmp_path).read("NET-1")

    assert run.history.metrics["loss"].steps.tolist() == [float(number) for number in range(11)]
    assert run.history.read.losses == ()


@pytest.mark.parametrize(
    ("there", "unfinished", "loss"),
    [
        (
            (1, 2),
            (),
            "The export is not whole: part 0 is missing, and it is the last to be put in its place.",
        ),
        ((0, 2), (), "The export is not whole: part 1 is missing."),
        (
            (1, 2),
            (0,),
            "The export was not finished: part 0 is named .tmp, as while written.",
        ),
        (
            (2,),
            (0, 1),
            "The export was not finished: 2 parts (the first is part 0) are named .tmp, as while written.",
        ),
    ],
)
def test_a_part_that_is_missing_or_unfinished_is_said(
    tmp_path: Path, there: Sequence[int], unfinished: Sequence[int], loss: str
):
    for number in there:
        write_part(tmp_path / "export", "NET-1", number, series(f"part{number}", curve(1.0)))
    for number in unfinished:
        write_part(tmp_path / "export", "NET-1", number, series("x", curve(1.0)), ending=".tmp")
    run = reader(tmp_path).read("NET-1")

    assert sorted(run.history.metrics) == [f"part{number}" for number in there]
    assert run.history.read.losses == (loss,)


def test_a_run_of_unfinished_parts_alone_is_unreadable(tmp_path: Path):
    write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(1.0)), ending=".tmp")
    write_part(tmp_path / "export", "NET-2", 0, series("loss", curve(1.0)))
    listing = reader(tmp_path).list()

    assert [head.ref.id for head in listing.runs] == ["NET-2"]
    assert [(one.where, one.why) for one in listing.unreadable] == [
        (
            f"neptune:./export#{safe('lab/nets')}/{safe('NET-1')}",
            "its export was not finished: its parts are still named .tmp",
        )
    ]


def test_runs_of_several_projects_have_ids_of_their_own(tmp_path: Path):
    write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(1.0)))
    write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(2.0)), project="lab/others")
    write_part(tmp_path / "export", "NET-2", 0, series("loss", curve(3.0)), project="lab/others")
    found = reader(tmp_path)

    assert [head.ref.id for head in found.list().runs] == [
        "NET-2",
        "lab/nets/NET-1",
        "lab/others/NET-1",
    ]
    assert points(found.read("lab/others/NET-1"), "loss") == "[(0.0, 2.0)]"
    with pytest.raises(NoSuchRun, match="'lab/nets/NET-1'"):
        found.read("NET-1")


def test_names_that_runs_share_are_followed_by_their_ids(tmp_path: Path):
    for run, name in (("NET-1", "twin"), ("NET-2", "twin"), ("NET-3", "single"), ("NET-4", None)):
        write_part(tmp_path / "export", run, 0, values({"sys/name": name}), series("a", curve(1.0)))

    assert [head.full_name for head in reader(tmp_path).list().runs] == [
        "twin NET-1",
        "twin NET-2",
        "single",
        "NET-4",
    ]


def test_several_runs_in_one_file_are_told_apart(tmp_path: Path):
    rows = [
        {"project_id": "lab/nets", "run_id": run, **row}
        for run in ("NET-1", "NET-2")
        for row in [*values({"sys/name": f"name of {run}"}), *series("loss", curve(float(run[-1])))]
    ]
    write(tmp_path / "export/lab/part_0.parquet", [rows[::2], rows[1::2]])
    found = reader(tmp_path)

    assert [head.full_name for head in found.list().runs] == ["name of NET-1", "name of NET-2"]
    assert [points(found.read(run), "loss") for run in ("NET-1", "NET-2")] == [
        "[(0.0, 1.0)]",
        "[(0.0, 2.0)]",
    ]


def test_a_fork_says_that_its_parents_points_stand_with_the_parent(tmp_path: Path):
    single = values({"sys/forking/parent": "NET-1", "sys/forking/step": 4.0})
    write_part(tmp_path / "export", "NET-2", 0, single, series("loss", curve(1.0)))
    run = reader(tmp_path).read("NET-2")

    assert [(one.kind, one.name, one.context) for one in run.lineage] == [
        ("parent run", "NET-1", "step 4")
    ]
    assert run.history.read.losses == (
        "The run was forked from NET-1 at step 4; what was logged before that is not repeated here.",
    )


def test_a_run_that_was_active_when_it_was_exported_is_not_running(tmp_path: Path):
    single = values({"sys/state": "active", "sys/failed": False})
    write_part(tmp_path / "export", "NET-1", 0, single, series("loss", curve(1.0)))

    assert reader(tmp_path).read("NET-1").state == "unknown"


def test_what_cannot_be_read_is_listed_and_takes_no_other_run_down(tmp_path: Path):
    export = tmp_path / "export"
    whole = write_part(export, "NET-1", 0, series("loss", curve(1.0, 2.0))).read_bytes()
    (export / "cut_part_0.parquet").write_bytes(whole[:-9])
    (export / "empty_part_0.parquet").touch()
    (export / "rowless_part_0.parquet").parent.mkdir(exist_ok=True)
    write(export / "rowless_part_0.parquet", [])
    parquet.write_table(pa.table({"a": [1]}), export / "other_part_0.parquet")
    os.mkfifo(export / "pipe_part_0.parquet")
    listing = reader(tmp_path).list()

    assert [head.ref.id for head in listing.runs] == ["NET-1"]
    why = {one.where.partition("#")[2]: one.why for one in listing.unreadable}
    assert sorted(why) == ["./cut", "./empty", "./other", "./pipe", "./rowless"]
    assert why["./rowless"] == "rowless_part_0.parquet holds no rows"
    assert why["./pipe"] == "not a regular file"
    assert why["./other"].startswith("it lacks the columns attribute_path, attribute_type,")


def test_a_part_that_is_broken_is_said_and_the_others_are_read(tmp_path: Path):
    write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(1.0)))
    broken = write_part(tmp_path / "export", "NET-1", 1, series("acc", curve(2.0)))
    broken.write_bytes(b"PAR1" + bytes(64))
    run = reader(tmp_path).read("NET-1")

    assert list(run.history.metrics) == ["loss"]
    [loss] = run.history.read.losses
    assert loss.startswith(f"{broken.name} could not be read: ")


def test_a_run_that_breaks_after_it_was_listed_is_refused(tmp_path: Path):
    path = write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(1.0)))
    found = reader(tmp_path)
    found.list()
    path.write_bytes(b"PAR1" + bytes(64))

    with pytest.raises(NotReadable, match=r"neptune:\./export#NET-1 cannot be read: .*parquet"):
        found.read("NET-1")


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_damage_anywhere_is_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes
):
    directory = tmp_path_factory.mktemp("damaged")
    path = write_part(directory / "export", "NET-1", 0, series("loss", curve(1.0, 2.0, 3.0)))
    whole = path.read_bytes()
    place %= len(whole)
    path.write_bytes(whole[:place] + noise + whole[place + len(noise) :])
    found = reader(directory)
    listing = found.list()

    for head in listing.runs:
        with suppress(NotReadable):
            found.read(head.ref.id)
    assert len(listing.runs) + len(listing.unreadable) == 1


def test_only_what_is_asked_for_is_read_of_a_large_part(tmp_path: Path):
    many = curve(*np.random.default_rng(0).random(20_000).tolist())
    groups = [series(f"metric{number}", many) for number in range(5)]
    path = write_part(tmp_path / "export", "NET-1", 0, values({"sys/name": "resnet50"}), *groups)
    before = _bytes_read()
    reader(tmp_path).list()

    assert path.stat().st_size > 1_000_000
    assert _bytes_read() - before < 300_000


def _bytes_read() -> int:
    counters = Path("/proc/self/io")
    if not counters.exists():
        pytest.skip("this system does not count what is read")
    return int(counters.read_text().split()[1])


def test_without_pyarrow_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_part(tmp_path / "export", "NET-1", 0, series("loss", curve(1.0)))
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingPackage, match=r"'pyarrow' is not installed.*samestep\[neptune\]"):
        reader(tmp_path).list()


def test_steps_of_another_type_are_read_as_they_are(tmp_path: Path):
    step = SCHEMA.get_field_index("step")
    schema = SCHEMA.set(step, pa.field("step", pa.float64()))
    row = {"project_id": "lab/nets", "run_id": "NET-1", **series("loss", [(None, 1.0, 1.7e9)])[0]}
    rows = [{**row, "step": 0.1}, row]
    path = tmp_path / "export/NET-1_part_0.parquet"
    path.parent.mkdir()
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path)

    assert points(reader(tmp_path).read("NET-1"), "loss") == "[(0.1, 1.0), (nan, 1.0)]"
