import math
import os
import sqlite3
import sys
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.errors import NotReadable
from samestep.formats import mlflow_database
from samestep.formats.mlflow_database import connection

RUN = "5eed" * 8
TABLES = """
create table experiments (experiment_id integer primary key, name text, lifecycle_stage text);
create table runs (run_uuid varchar(32) primary key, name varchar(250), status varchar(20),
    start_time bigint, lifecycle_stage varchar(20), experiment_id integer);
create table metrics (key varchar(250), value float, timestamp bigint, run_uuid varchar(32),
    step bigint default 0, is_nan boolean default 0);
create table params (key varchar(250), value varchar(8000), run_uuid varchar(32));
create table tags (key varchar(250), value varchar(8000), run_uuid varchar(32));
"""
INSERT = "insert into metrics (run_uuid, key, timestamp, value, step) values (?, 'loss', ?, ?, ?)"
Point = tuple[float, float]


def make(path: Path, *points: Point) -> Path:
    """Make a database of one run that logged these steps and values, a second apart."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("pragma synchronous = off")
        database.executescript(TABLES)
        database.execute("insert into experiments values (1, 'cifar10', 'active')")
        seed0 = (RUN, "seed0", "FINISHED", 1_700_000_000_000, "active", 1)
        database.execute("insert into runs values (?, ?, ?, ?, ?, ?)", seed0)
        log(database, points)
    return path


def log(database: sqlite3.Connection, points: Sequence[Point]) -> None:
    rows = [
        (RUN, 1_700_000_000_000 + 1000 * number, value, step)
        for number, (step, value) in enumerate(points)
    ]
    database.executemany(INSERT, rows)


def read(path: Path, deadline: float = 5.0) -> list[Point]:
    """Return the steps and values of the run's loss."""
    with mlflow_database.opened(path, deadline) as database:
        schema = mlflow_database.schema_of(database)
        points, _ = mlflow_database.points_of(database, schema, RUN)
    loss = points["loss"]
    return list(zip(loss.steps.tolist(), loss.values.tolist(), strict=True))


@contextmanager
def writing(path: Path, *statements: str) -> Generator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
        yield database


def test_points_come_in_the_order_of_their_times_then_of_writing(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db", (5, 0.5), (1, 0.25), (3, 0.125))
    with writing(path) as database:
        log(database, [(9, 0.75)])

    assert read(path) == [(5.0, 0.5), (9.0, 0.75), (1.0, 0.25), (3.0, 0.125)]


def test_steps_between_whole_numbers_are_kept(tmp_path: Path) -> None:
    assert read(make(tmp_path / "mlflow.db", (2.7, 0.5), (-1, 0.25))) == [(2.7, 0.5), (-1.0, 0.25)]


def test_rows_that_hold_no_numbers_are_counted(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db", (1, 0.5))
    with writing(path) as database:
        database.execute(INSERT, (RUN, 1_700_000_000_000, None, 2))
        database.execute(INSERT, (RUN, 1_700_000_000_000, "high", 3))
        database.execute(INSERT, (RUN, "now", 0.25, b"4"))
    with mlflow_database.opened(path, 1.0) as opened:
        schema = mlflow_database.schema_of(opened)
        points, losses = mlflow_database.points_of(opened, schema, RUN)

    assert points["loss"].steps.tolist() == [1.0]
    assert losses == ("3 rows of metrics hold no numbers and were skipped.",)


number = st.floats(allow_nan=True, allow_infinity=True)
rows = st.tuples(
    st.sampled_from(["loss", "val/top 1", "größe"]),
    number,
    st.integers(0, 2**44),
    st.integers(-(2**63), 2**63 - 1),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(rows, max_size=30))
def test_every_point_is_read_as_mlflow_keeps_it(written: list[tuple[str, float, int, int]]) -> None:
    database = sqlite3.connect(":memory:", isolation_level=None)
    with closing(database):
        database.executescript(TABLES)
        for key, value, timestamp, step in written:
            kept = (
                0.0
                if math.isnan(value)
                else max(min(value, sys.float_info.max), -sys.float_info.max)
            )
            row = (key, kept, timestamp, RUN, step, math.isnan(value))
            database.execute("insert into metrics values (?, ?, ?, ?, ?, ?)", row)
        opened = connection.Database(database, Path("mlflow.db"), 5.0)
        points, losses = mlflow_database.points_of(opened, mlflow_database.schema_of(opened), RUN)

    assert losses == ()
    assert sum(len(found.values) for found in points.values()) == len(written)
    for name, found in points.items():
        logged = sorted((row for row in written if row[0] == name), key=lambda row: row[2])
        # SQLite keeps a real that is whole as an integer, and so no negative zero.
        largest = {sys.float_info.max: math.inf, -sys.float_info.max: -math.inf}
        assert list(map(str, found.values.tolist())) == [
            str(largest.get(value, value + 0.0)) for _, value, _, _ in logged
        ]
        assert found.steps.tolist() == [float(step) for _, _, _, step in logged]
        assert found.timestamps.tolist() == [float(time) for _, _, time, _ in logged]


def test_a_run_longer_than_a_page_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PAGE", 3)
    points = [(float(step), step / 8) for step in range(9)]

    assert read(make(tmp_path / "mlflow.db", *points)) == points
    assert read(make(tmp_path / "more.db", *points, (9, 9.0))) == [*points, (9.0, 9.0)]


def test_a_writer_is_not_kept_waiting_between_two_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PAGE", 2)
    path = make(tmp_path / "mlflow.db", (0, 1.0), (1, 0.5), (2, 0.25))
    with mlflow_database.opened(path, 1.0) as database, writing(path) as writer:
        writer.execute("pragma busy_timeout = 0")
        pages = database.pages("step", "metrics", "1")
        first = next(pages)
        log(writer, [(3, 0.125)])
        rest = list(pages)

    assert [row[1] for page in [first, *rest] for row in page] == [0, 1, 2, 3]


def refusal(path: Path) -> str:
    with pytest.raises(NotReadable) as refused, mlflow_database.opened(path, 1.0) as database:
        mlflow_database.schema_of(database)
    return refused.value.why


def test_another_programs_database_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    with writing(tmp_path / "optuna.db", "create table trials (trial_id integer)"):
        why = refusal(tmp_path / "optuna.db")

    assert why == (
        "it is no MLflow database: it has no table experiments, runs, metrics, params, tags "
        "(its tables: trials)"
    )


def test_tables_without_their_columns_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db")
    with writing(path, "alter table metrics drop column value"):
        assert refusal(path) == ("it is no MLflow database: its table metrics has no column value")


def test_a_view_is_no_table(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db")
    with writing(path, "drop table params", "create view params as select * from tags"):
        assert "it has no table params" in refusal(path)


def test_a_database_in_the_middle_of_a_migration_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db")
    with writing(path, "create table _alembic_tmp_metrics (key text)"):
        assert "it is being migrated, or a migration broke off" in refusal(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"no database at all, but text of some length" * 9)

    assert refusal(tmp_path / "mlflow.db") == "it is no SQLite database"


def test_an_empty_file_is_a_database_without_tables(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").touch()

    assert refusal(tmp_path / "mlflow.db").endswith("(its tables: none)")


def test_a_query_without_end_is_stopped_at_the_deadline(tmp_path: Path) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"
    with (
        pytest.raises(NotReadable, match=r"a query took longer than 0\.2 seconds"),
        mlflow_database.opened(make(tmp_path / "mlflow.db"), 0.2) as database,
    ):
        database.rows(endless)


@pytest.mark.skipif(not hasattr(os, "geteuid") or not os.geteuid(), reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "mlflow.db")
    path.chmod(0)

    assert refusal(path) == "Permission denied"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "mlflow.db"
    return make(path, *((float(step), step / 8) for step in range(200))).read_bytes()


@settings(deadline=None, max_examples=60)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), is_cut=st.booleans())
def test_damage_is_refused_or_read_and_never_breaks(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, at: float, bit: int, *, is_cut: bool
) -> None:
    position = int(at * len(whole))
    damaged = bytearray(whole)
    damaged[position] ^= 1 << bit
    path = tmp_path_factory.getbasetemp() / "damaged.db"
    path.write_bytes(whole[:position] if is_cut else damaged)

    try:
        with mlflow_database.opened(path, 1.0) as database:
            schema = mlflow_database.schema_of(database)
            mlflow_database.runs(database, schema)
            points, _ = mlflow_database.points_of(database, schema, RUN)
    except NotReadable:
        return
    assert sum(len(found.values) for found in points.values()) <= 200


def test_an_empty_file_that_a_process_keeps_to_itself_has_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as writer,
        closing(writer.execute("begin exclusive")),
        pytest.raises(NotReadable, match=r"it is no MLflow database: it has no table experiments"),
    ):
        read(path, deadline=0.3)
