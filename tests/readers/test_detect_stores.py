"""Which stores of W&B, MLflow and Neptune are found on a disk, and what is taken for none."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from samestep import Project, detect_tracker, list_runs
from samestep.readers.detect import Found, configured, detect, local_sources

REAL = Path(__file__).parents[2].parent / "shared" / "data"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")

TABLES = """
create table experiments(experiment_id integer primary key, name text, lifecycle_stage text);
create table runs(run_uuid text primary key, name text, experiment_id integer, status text,
    start_time integer, end_time integer, lifecycle_stage text);
create table metrics(key text, value real, timestamp integer, run_uuid text, step integer,
    is_nan integer);
create table latest_metrics(key text, value real, timestamp integer, step integer,
    is_nan integer, run_uuid text);
create table params(key text, value text, run_uuid text);
create table tags(key text, value text, run_uuid text);
insert into experiments values (0, 'Default', 'active');
insert into runs values ('3f2a', 'wide', 0, 'FINISHED', 1700000000000, 1700000001000, 'active');
"""


def database(path: Path, script: str = TABLES) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(script)


def file_store(directory: Path) -> None:
    """Lay out one experiment with one run, as MLflow does."""
    run = directory / "0" / "3f2a"
    (run / "metrics").mkdir(parents=True)
    (directory / "0/meta.yaml").write_text(
        "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n"
    )
    (run / "meta.yaml").write_text(
        "run_id: 3f2a\nrun_uuid: 3f2a\nrun_name: wide\nexperiment_id: '0'\nstatus: 3\n"
        "start_time: 1700000000000\nend_time: 1700000001000\nlifecycle_stage: active\n"
    )
    (run / "metrics/loss").write_text("1700000000000 0.5 1\n")


def found(directory: Path, environment: dict[str, str] | None = None) -> dict[str, Found]:
    project = Project(directory, environment=environment or {})
    return {str(one.source): one for one in detect(directory, project).sources}


def counted(directory: Path) -> dict[str, int | None]:
    return {source: one.runs for source, one in found(directory).items()}


def test_a_database_is_found_at_any_depth_and_under_any_name(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    database(tmp_path / "experiments/may/tracking.sqlite")
    database(tmp_path / "notes.db", "create table notes(text text)")
    (tmp_path / "noise.db").write_bytes(bytes(range(256)) * 8)

    assert counted(tmp_path) == {
        "mlflow:sqlite:///mlflow.db": 1,
        "mlflow:sqlite:///experiments/may/tracking.sqlite": 1,
    }


def test_a_database_that_is_no_mlflow_s_is_named_with_the_reason(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", "create table notes(text text)")

    [one] = found(tmp_path).values()
    assert (one.runs, one.evidence) == (None, ("database mlflow.db",))
    assert one.why_not


def test_looking_for_databases_writes_nothing_and_waits_for_no_writer(tmp_path: Path) -> None:
    path = tmp_path / "tracking.db"
    database(path, f"pragma journal_mode=wal; {TABLES}")
    os.mkfifo(tmp_path / "pipe.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        before = sorted(entry.name for entry in tmp_path.iterdir())
        sources = local_sources(tmp_path, Project(tmp_path))
        after = sorted(entry.name for entry in tmp_path.iterdir())

    assert [str(source) for source in sources] == ["mlflow:sqlite:///tracking.db"]
    assert before == after


def test_a_directory_of_files_is_found_at_any_depth_and_under_any_name(tmp_path: Path) -> None:
    file_store(tmp_path / "mlruns")
    file_store(tmp_path / "experiments/may/mlruns")
    file_store(tmp_path / "tracking")

    assert counted(tmp_path) == {
        "mlflow:./mlruns": 1,
        "mlflow:./tracking": 1,
        "mlflow:./experiments/may/mlruns": 1,
    }


def test_artifacts_beside_a_database_are_no_store(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    (tmp_path / "mlruns/0/3f2a/artifacts").mkdir(parents=True)

    assert list(found(tmp_path)) == ["mlflow:sqlite:///mlflow.db"]


def test_a_store_is_found_from_inside(tmp_path: Path) -> None:
    file_store(tmp_path / "mlruns")

    answer = detect_tracker("mlruns", project=Project(tmp_path))

    assert [(one.source, one.runs) for one in answer.sources] == [("mlflow:./mlruns", 1)]


def test_a_package_of_a_trackers_name_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "wandb").mkdir()
    (tmp_path / "wandb/__init__.py").touch()

    assert found(tmp_path) == {}


def test_a_directory_of_a_trackers_name_without_runs_is_named(tmp_path: Path) -> None:
    for name in ("wandb", "mlruns", ".neptune"):
        (tmp_path / name).mkdir()

    assert {source: bool(one.runs) for source, one in found(tmp_path).items()} == {
        "wandb:./wandb": False,
        "neptune:./.neptune": False,
        "mlflow:./mlruns": False,
    }


@pytest.mark.parametrize(
    "address", ["sqlite:///{here}/mlflow.db", "sqlite:///mlflow.db", "{here}/mlflow.db"]
)
def test_a_store_that_the_environment_names_too_is_one_source(tmp_path: Path, address: str) -> None:
    database(tmp_path / "mlflow.db")
    environment = {"MLFLOW_TRACKING_URI": address.format(here=tmp_path)}

    [(source, one)] = found(tmp_path, environment).items()
    assert (source, one.runs) == ("mlflow:sqlite:///mlflow.db", 1)
    assert one.evidence == ("MLFLOW_TRACKING_URI is set", "database mlflow.db")


def test_a_store_elsewhere_that_the_environment_names_is_read(tmp_path: Path) -> None:
    file_store(tmp_path / "shared/mlruns")
    (tmp_path / "project").mkdir()
    environment = {"MLFLOW_TRACKING_URI": f"file://{tmp_path}/shared/mlruns"}
    project = Project(tmp_path / "project", environment=environment)

    assert [item.full_name for item in list_runs(project=project).items] == ["wide"]


def test_a_store_that_is_not_there_says_so(tmp_path: Path) -> None:
    [one] = found(tmp_path, {"MLFLOW_TRACKING_URI": "sqlite:///gone.db"}).values()

    assert str(one.source) == "mlflow:sqlite:///gone.db"
    assert "No file or directory" in (one.why_not or "")


@pytest.mark.parametrize("address", ["sqlite:///../mlflow.db", "file:///etc", "/etc/mlflow.db"])
def test_an_address_does_not_lead_a_confined_caller_out(tmp_path: Path, address: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    database(tmp_path / "mlflow.db")
    environment = {"MLFLOW_TRACKING_URI": address, "SAMESTEP_ROOTS": str(inside)}
    (inside / "train.py").write_text(f"mlflow.set_tracking_uri({address!r})\n")

    [one] = detect(inside, Project(inside, environment=environment).confined()).sources
    assert (one.runs, one.evidence) == (
        None,
        ("MLFLOW_TRACKING_URI is set", "train.py:1 sets the tracking URI"),
    )
    assert "lies outside what this server may read" in (one.why_not or "")


def test_a_database_that_only_mlflow_s_server_reads_says_so(tmp_path: Path) -> None:
    address = {"MLFLOW_TRACKING_URI": "postgresql://me:hunter2@host/mlflow"}

    [one] = found(tmp_path, address).values()
    assert "hunter2" not in str(one)
    assert "postgresql" in (one.why_not or "")
    assert configured(Project(tmp_path, environment=address)) == []


def test_code_that_uses_a_tracker_speaks_for_the_runs_that_lie_here(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    (tmp_path / "train.py").write_text("import mlflow\n")

    [one] = found(tmp_path).values()
    assert one.evidence == ("database mlflow.db", "train.py:1 imports mlflow")


def test_an_export_of_neptune_is_found_by_its_parts(tmp_path: Path) -> None:
    parts = tmp_path / "out/export/data/lab_nets-1a2b3c4d"
    parts.mkdir(parents=True)
    (parts / "NETS-1-5e6f7a8b_part_0.parquet").write_bytes(b"PAR1 and no more of it")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/part-0000.parquet").write_bytes(b"PAR1")

    [(source, one)] = found(tmp_path).items()
    assert source == "neptune:./out"
    assert (one.runs, bool(one.evidence[1:])) == (0, True)


@needs_real_files
@pytest.mark.parametrize(
    ("project", "sources"),
    [
        (
            "wandb/Bokai-Ji__ConceptPPO",
            {"wandb:./wandb": 3, "tensorboard:logs": 3, "files:logs": 3},
        ),
        ("mlflow/Finnk11__bilevel-rl", {"mlflow:./mlruns": 5, "mlflow:./experiments/mlruns": 2}),
        ("mlflow/rymuelle__ConvNeXt-V2-UNet", {"mlflow:./examples/mlruns": 2}),
    ],
)
def test_the_stores_of_strangers_are_found(project: str, sources: dict[str, int]) -> None:
    assert counted(REAL / project) == sources


def test_runs_below_a_directory_called_wandb_that_is_no_store_are_found(tmp_path: Path) -> None:
    (tmp_path / "wandb/tables").mkdir(parents=True)
    (tmp_path / "wandb/tables/metrics.csv").write_text("step,loss\n1,0.5\n2,0.25\n")

    assert counted(tmp_path) == {"files:wandb": 1}


def test_a_database_whose_tables_stand_in_its_log_alone_is_found(tmp_path: Path) -> None:
    path = tmp_path / "tracking.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.executescript(f"pragma journal_mode=wal; pragma wal_autocheckpoint=0; {TABLES}")
        before = sorted(entry.name for entry in tmp_path.iterdir())
        during = counted(tmp_path)
        after = sorted(entry.name for entry in tmp_path.iterdir())

    assert during == {"mlflow:sqlite:///tracking.db": 1}
    assert before == after == ["tracking.db", "tracking.db-shm", "tracking.db-wal"]


def test_a_source_that_cannot_be_read_is_not_told_to_be_detected(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db", "create table notes(text text)")

    [one] = found(tmp_path).values()
    assert one.why_not == (
        "it is no MLflow database: it has no table experiments, runs, metrics, params, tags "
        "(its tables: notes)."
    )


def test_the_path_in_the_address_of_a_directory_is_unquoted(tmp_path: Path) -> None:
    file_store(tmp_path / "my dir%20")
    address = (tmp_path / "my dir%20").as_uri()

    assert address.endswith("/my%20dir%2520")
    assert [item.full_name for item in list_runs(f"mlflow:{address}").items] == ["wide"]
    assert counted(tmp_path) == {"mlflow:./my dir%20": 1}
    assert [one.runs for one in found(tmp_path, {"MLFLOW_TRACKING_URI": address}).values()] == [1]
