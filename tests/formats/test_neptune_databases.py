import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from samestep.formats.neptune import databases
from samestep.formats.neptune.databases import DATABASE_NAME, head, read_databases

# The generated protobuf modules carry no types, and a module's attributes are Any.
common_pb2 = import_module("neptune_api.proto.neptune_pb.ingest.v1.common_pb2")

OPERATIONS = """create table run_operations (
    sequence_id integer primary key autoincrement, timestamp integer not null,
    operation_type integer not null, operation blob not null, {size} integer not null)"""
METADATA = """create table metadata (
    id integer primary key autoincrement, version text, project text, run_id text)"""
Operation = tuple[int, int, bytes]
"""The time in milliseconds, the type and the message of an operation."""


def logged(value: float, step: int, millis: int = 0, name: str = "val/loss") -> Operation:
    update: Any = common_pb2.UpdateRunSnapshot(step=common_pb2.Step(whole=step))
    update.timestamp.seconds = 1_700_000_000 + step
    update.append[name].float64 = value
    return millis, 0, update.SerializeToString()


CREATED: Operation = (0, 1, common_pb2.Run(experiment_id="resnet50").SerializeToString())


@contextmanager
def writer(
    directory: Path,
    operations: Sequence[Operation],
    version: str = "v5",
    size: str = "operation_size_bytes",
) -> Generator[sqlite3.Connection]:
    """Write a database as the client does, and keep it open."""
    directory.mkdir(exist_ok=True)
    with closing(sqlite3.connect(directory / DATABASE_NAME)) as database:
        database.execute("pragma journal_mode = wal")
        database.execute(OPERATIONS.format(size=size))
        database.execute(METADATA)
        database.execute(
            "insert into metadata (version, project, run_id) values (?, 'lab/nets', 'NET-1')",
            [version],
        )
        add(database, operations, size)
        yield database


def add(
    database: sqlite3.Connection,
    operations: Sequence[Operation],
    size: str = "operation_size_bytes",
) -> None:
    columns = f"timestamp, operation_type, operation, {size}"
    rows = [(*operation, len(operation[2])) for operation in operations]
    database.executemany(f"insert into run_operations ({columns}) values (?, ?, ?, ?)", rows)  # noqa: S608 # our own words
    database.commit()


def written(directory: Path, operations: Sequence[Operation], **options: str) -> Path:
    with writer(directory, operations, **options):
        pass
    return directory / DATABASE_NAME


def points(*paths: Path) -> list[tuple[float, float]]:
    series = read_databases(paths).series["val/loss"]
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))


def content(directory: Path) -> dict[str, tuple[bytes, int]]:
    files = directory.iterdir()
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


def test_a_database_tells_its_run_and_its_points(tmp_path: Path):
    path = written(tmp_path, [CREATED, logged(0.5, 0), logged(0.25, 1)])

    found = head(path)
    assert (found.project, found.run_id, found.name) == ("lab/nets", "NET-1", "resnet50")
    assert points(path) == [(0.0, 0.5), (1.0, 0.25)]
    assert read_databases([path]).losses == ()


def test_databases_of_one_run_are_read_in_the_order_of_their_times(tmp_path: Path):
    first = written(tmp_path / "first", [logged(1.0, 1, 10), logged(3.0, 3, 30)])
    second = written(tmp_path / "second", [logged(2.0, 2, 20), logged(4.0, 4, 40)])

    assert points(first, second) == [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (4.0, 4.0)]


def test_a_closed_database_is_read_without_a_file_made_beside_it(tmp_path: Path):
    path = written(tmp_path, [logged(0.5, 0)])
    before = content(tmp_path)
    head(path)
    read_databases([path])

    assert list(before) == [DATABASE_NAME]
    assert content(tmp_path) == before


def test_a_database_that_is_being_written_is_read_to_its_last_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with writer(tmp_path / "run", [logged(0.5, 0)]) as database:
        add(database, [logged(0.25, 1)])
        database.execute("begin immediate")
        database.execute("delete from run_operations")
        before = content(tmp_path / "run")
        found = points(tmp_path / "run" / DATABASE_NAME)
        after = content(tmp_path / "run")

    assert len(before) == 3
    assert (found, after) == ([(0.0, 0.5), (1.0, 0.25)], before)
    assert list(scratch.iterdir()) == []


def test_an_older_schema_is_read_too(tmp_path: Path):
    path = written(tmp_path, [logged(0.5, 0)], version="v1", size="metadata_size")

    assert points(path) == [(0.0, 0.5)]
    assert read_databases([path]).losses == ()


def test_a_version_that_is_not_known_is_said(tmp_path: Path):
    losses = read_databases([written(tmp_path / "run", [logged(0.5, 0)], version="v9")]).losses

    assert losses == (
        "run: the database has version v9, which samestep does not know; it was read like v5.",
    )


def test_operations_that_are_no_longer_there_are_said(tmp_path: Path):
    with writer(tmp_path / "run", [logged(float(step), step) for step in range(9)]) as database:
        database.execute("delete from run_operations where sequence_id in (1, 2, 3, 6)")
        database.commit()

    path = tmp_path / "run" / DATABASE_NAME
    assert [step for step, _ in points(path)] == [3.0, 4.0, 6.0, 7.0, 8.0]
    assert read_databases([path]).losses == (
        "run: the first 3 operations were sent to Neptune and cannot be read here.",
        "run: 1 operation between those that are there is missing.",
    )


def test_a_database_whose_operations_were_all_sent_says_so(tmp_path: Path):
    with writer(tmp_path / "run", [logged(0.5, 0), logged(0.25, 1)]) as database:
        database.execute("delete from run_operations")
        database.commit()
    held = read_databases([tmp_path / "run" / DATABASE_NAME])

    assert held.series == {}
    assert held.losses == (
        "run: the first 2 operations were sent to Neptune and cannot be read here.",
    )


def test_operations_that_are_broken_are_counted(tmp_path: Path):
    strays = [(0, 0, b"\xff\xff"), (0, 7, b""), (0, 1, b"\x0a\x99")]
    path = written(tmp_path, [logged(0.5, 0), *strays, logged(0.25, 1)])

    assert points(path) == [(0.0, 0.5), (1.0, 0.25)]
    assert read_databases([path]).losses == ("3 operations could not be read.",)


@pytest.mark.parametrize(
    "statement",
    [
        "drop table metadata",
        "delete from metadata",
        "drop table run_operations",
        (
            "alter table run_operations rename to kept; create view run_operations as "
            "with recursive n(sequence_id) as (select 1 union all select sequence_id from n) "
            "select sequence_id, 0 as timestamp, 0 as operation_type, x'' as operation from n"
        ),
    ],
)
def test_what_is_no_such_database_is_refused(tmp_path: Path, statement: str):
    with writer(tmp_path, [logged(0.5, 0)]) as database:
        database.executescript(statement)

    with pytest.raises(sqlite3.Error):
        head(tmp_path / DATABASE_NAME)


def test_a_file_cut_short_or_empty_or_no_file_is_refused(tmp_path: Path):
    whole = written(tmp_path, [logged(float(step), step) for step in range(500)]).read_bytes()
    cut, empty, pipe = (tmp_path / name for name in ("cut", "empty", "pipe"))
    cut.write_bytes(whole[: len(whole) // 2])
    empty.touch()
    os.mkfifo(pipe)

    for path in (cut, empty):
        with pytest.raises(sqlite3.Error):
            read_databases([path])
    with pytest.raises(OSError, match="not a regular file"):
        head(pipe)


def test_a_damaged_schema_is_refused(tmp_path: Path):
    path = written(tmp_path, [logged(0.5, 0)])
    path.write_bytes(path.read_bytes().replace(b"tablemetadata", b"table\xd1\xfftadata"))

    with pytest.raises(sqlite3.Error, match="its schema is damaged"):
        head(path)


@pytest.mark.parametrize(("changes", "is_read"), [(4, True), (5, False)])
def test_a_copy_is_begun_anew_while_a_writer_rewrites_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: int, *, is_read: bool
):
    left = iter(range(changes))

    def copied_while_written(source: Path, target: Path) -> None:
        shutil.copyfile(source, target)
        if source.name == DATABASE_NAME and next(left, None) is not None:
            os.utime(source)

    monkeypatch.setattr(databases, "copyfile", copied_while_written)
    with writer(tmp_path, [logged(0.5, 0)]):
        if is_read:
            assert points(tmp_path / DATABASE_NAME) == [(0.0, 0.5)]
        else:
            with pytest.raises(sqlite3.Error, match="faster than it can be copied"):
                head(tmp_path / DATABASE_NAME)
