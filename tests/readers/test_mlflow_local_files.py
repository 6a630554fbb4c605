import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.record.mlflow_stores import recorded

from samestep.analysis.axis import RunAxis, Unplaced, run_axis
from samestep.errors import NotReadable
from samestep.model import Lineage, Run, RunHead, Source
from samestep.readers.base import Reader
from samestep.readers.mlflow import holds_store, is_path, opened
from samestep.settings import Project

REAL = Path(__file__).parents[2].parent / "shared" / "data"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")

needs_rights = pytest.mark.skipif(
    not hasattr(os, "geteuid") or not os.geteuid(), reason="root reads everything"
)


@dataclass(frozen=True)
class Copied:
    """A copy of a directory that the real client logged into."""

    root: Path

    def reader(self, location: str = "./mlruns") -> Reader:
        """A reader of the store, new each time."""
        return opened(Source("mlflow", location), Project(self.root))

    def head(self, name: str) -> RunHead:
        """Return the run of a full name as it is listed."""
        [head] = [head for head in self.reader().list().runs if head.full_name == name]
        return head

    def run(self, name: str) -> Run:
        """Read the run of a full name."""
        return self.reader().read(self.head(name).ref.id)

    def directory(self, name: str) -> Path:
        """Return the directory of the run of a name."""
        [found] = [
            tag.parents[1]
            for tag in self.root.glob("mlruns/*/*/tags/mlflow.runName")
            if tag.read_text() == name
        ]
        return found

    def lost(self) -> dict[str, str]:
        """Return what cannot be read and why."""
        listing = self.reader().list()
        return {one.where: one.why for one in listing.unreadable}


@pytest.fixture
def copied(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Copied:
    shutil.copytree(recorded(tmp_path_factory) / "mlruns", tmp_path / "mlruns")
    return Copied(tmp_path)


def points(run: Run, metric: str) -> list[tuple[float, float]]:
    found = run.history.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


@pytest.mark.parametrize(
    ("lines", "left", "why"),
    [
        (r"run_name.*", "run_name: out of", "it is cut off"),
        (r"run_name.*", "run_na", "it is not whole YAML"),
        (r"run_id.*", "", "its meta.yaml names no run"),
        (r"run_id: ", "run_id: f", "its meta.yaml is that of a run"),
        (r".+", "", "it is empty"),
    ],
    ids=["cut in a value", "cut in a name", "cut at a line", "of another run", "empty"],
)
def test_a_broken_meta_file_takes_down_its_own_run_alone(
    copied: Copied, lines: str, left: str, why: str
) -> None:
    broken, number = copied.directory("no steps"), len(copied.reader().list().runs)
    meta = broken / "meta.yaml"
    meta.write_text(re.sub(lines, left, meta.read_text(), count=1, flags=re.DOTALL))

    assert len(copied.reader().list().runs) == number - 1
    [(where, said)] = copied.lost().items()
    assert where == f"mlflow:./mlruns#{broken.parent.name}/{broken.name}"
    assert said.startswith(why)
    with pytest.raises(NotReadable, match=why):
        copied.reader().read(broken.name)
    assert points(copied.run("failed"), "loss") == [(0.0, 1.0)]


def test_a_run_whose_meta_file_is_lost_is_listed_as_unreadable(copied: Copied) -> None:
    (copied.directory("no steps") / "meta.yaml").unlink()
    (copied.directory("killed").parent / "files that a run logged/plots").mkdir(parents=True)

    assert list(copied.lost().values()) == ["it has no meta.yaml"]


def test_runs_of_an_experiment_without_a_meta_file_are_read_and_it_is_said(
    copied: Copied,
) -> None:
    (copied.directory("failed").parent / "meta.yaml").unlink()
    run = copied.run("failed")

    assert points(run, "loss") == [(0.0, 1.0)]
    assert run.tags == ()
    assert run.history.read.losses == (
        "The meta.yaml of its experiment is missing, so that the experiment has no name.",
    )


def test_one_experiment_is_a_source_with_or_without_its_meta_file(copied: Copied) -> None:
    experiment = copied.directory("failed").parent
    location = f"./mlruns/{experiment.name}"
    names = {head.full_name for head in copied.reader(location).list().runs}
    (experiment / "meta.yaml").unlink()

    assert {"trial", "failed", "sweep"} < names  # the other trial is in another experiment
    assert {head.full_name for head in copied.reader(location).list().runs} == names


def test_a_run_that_lies_in_two_experiments_is_listed_once_and_it_is_said(copied: Copied) -> None:
    run = copied.directory("failed")
    shutil.copytree(run, copied.root / "mlruns/0" / run.name)
    [(where, why)] = copied.lost().items()

    assert where.endswith(f"/{run.name}")
    assert why.startswith("a run of the same id is read from ")
    assert copied.head("failed").ref.id == run.name


def test_damage_to_a_metric_file_is_said_and_the_rest_is_read(copied: Copied) -> None:
    metrics = copied.directory("out of order") / "metrics"
    with (metrics / "loss").open("a") as loss:
        loss.write("this is no point\n1700000000009 0.")
    (metrics / "accuracy").touch()
    run = copied.run("out of order")

    assert points(run, "loss") == [(5.0, 0.5), (1.0, 0.1), (3.0, 0.3), (3.0, 0.33), (-2.0, 0.2)]
    assert run.history.read.losses == (
        "The last line was cut off and was dropped in loss.",
        "1 line that is no point was skipped in loss.",
        "No point is logged in accuracy.",
    )


def test_lines_that_mlflow_itself_cannot_read_are_read(copied: Copied) -> None:
    metrics = copied.directory("sweep") / "metrics"
    (metrics / "loss").write_text(
        "1700000000000 0.5 2.5\n"
        "1700000001000 0.25 9223372036854775808\n"
        "1700000002000 0.125 9 test set of mnist 1a2b3c4d\n"
    )

    assert points(copied.run("sweep"), "loss") == [(2.5, 0.5), (2.0**63, 0.25), (9.0, 0.125)]


def test_a_metric_in_directories_deep_down_has_their_names(copied: Copied) -> None:
    file = copied.directory("sweep") / "metrics/val/epoch/wandb/top 1"
    file.parent.mkdir(parents=True)
    file.write_text("1700000000000 0.5 1\n")

    assert points(copied.run("sweep"), "val/epoch/wandb/top 1") == [(1.0, 0.5)]


def test_a_run_that_only_logs_system_metrics_has_no_steps_and_says_why(copied: Copied) -> None:
    file = copied.directory("sweep") / "metrics/system/gpu_0_power_usage_watts"
    file.parent.mkdir(parents=True)
    file.write_text("1700000000000 200 0\n1700000010000 210 1\n")
    axis = run_axis(copied.run("sweep").history, "step")

    assert axis == Unplaced("only system metrics are logged, and they count their own samples")


def test_params_and_tags_that_cannot_be_read_are_said(copied: Copied) -> None:
    run = copied.directory("sweep")
    (run / "params").mkdir(exist_ok=True)
    (run / "params/notes").write_text("n" * 100_001)
    (run / "tags/mlflow.note.content").write_text("n" * 100_001)
    read = copied.run("sweep")

    assert len(str(read.config["notes"])) == 100_000
    assert read.history.read.losses == ("params/notes is long and was read in part.",)


@pytest.mark.skipif(os.name != "posix", reason="names are text on this system")
def test_a_metric_whose_name_is_no_text_is_left_out_and_counted(copied: Copied) -> None:
    (copied.directory("failed") / os.fsdecode(b"metrics/lo\xdfs")).write_text("1 0.5 1\n")

    assert copied.run("failed").history.read.losses == (
        "1 file was left out of metrics: its name is not UTF-8 (lo\\xdfs).",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_among_metrics_holds_nothing_up(copied: Copied) -> None:
    os.mkfifo(copied.directory("failed") / "metrics/pipe")

    assert copied.run("failed").history.metrics.keys() == {"loss"}


def test_an_input_leads_nowhere_outside_its_experiment(copied: Copied) -> None:
    run = copied.directory("makes a model")
    [meta] = [path for path in run.glob("inputs/*/meta.yaml") if "DATASET" in path.read_text()]
    [dataset] = (run.parent / "datasets").iterdir()
    shutil.move(dataset, copied.root / "outside")
    meta.write_text(meta.read_text().replace(dataset.name, "../../../outside"))

    assert [one.kind for one in copied.run("makes a model").lineage if one.kind == "dataset"] == []


def test_what_a_run_was_made_from_is_read_as_far_as_it_can_be(copied: Copied) -> None:
    makes, evaluates = copied.directory("makes a model"), copied.directory("evaluates it")
    [made] = (makes.parent / "models").iterdir()
    shutil.rmtree(made)
    [used] = evaluates.glob("inputs/*/meta.yaml")
    used.write_text("source_type: MODEL\nsource_id: [")

    models = [one for one in copied.run("makes a model").lineage if one.kind == "model"]
    assert models == [Lineage("model", made.name, made.name, "logged model", "output")]
    run = copied.run("evaluates it")
    assert [one for one in run.lineage if one.kind == "model"] == []
    [loss] = run.history.read.losses
    assert loss.startswith(f"inputs/{used.parent.name}/meta.yaml could not be read: ")


def test_a_clock_far_outside_the_calendar_gives_no_start(copied: Copied) -> None:
    meta = copied.directory("failed") / "meta.yaml"
    meta.write_text(re.sub(r"start_time: \d+", f"start_time: {10**17}", meta.read_text()))

    assert copied.head("failed").started is None


@needs_rights
def test_what_may_not_be_listed_is_said_and_takes_nothing_else_down(copied: Copied) -> None:
    failed, trial = copied.directory("failed"), copied.root / "mlruns/0"
    closed = [failed / "metrics", copied.directory("sweep"), trial]
    for directory in closed:
        directory.chmod(0)
    reader = copied.reader()
    lost = list(copied.lost().values())
    with pytest.raises(NotReadable, match="metrics cannot be read: Permission denied"):
        reader.read(failed.name)
    for directory in closed:
        directory.chmod(0o755)

    assert lost == ["Permission denied"] * 2
    assert points(copied.run("killed"), "loss") == [(3.0, 0.75)]


def test_an_experiment_marked_as_deleted_is_counted(copied: Copied) -> None:
    experiment = copied.directory("failed").parent
    meta = experiment / "meta.yaml"
    meta.write_text(meta.read_text().replace("lifecycle_stage: active", "lifecycle_stage: deleted"))
    listing = copied.reader().list()

    assert [head.full_name for head in listing.runs] == ["trial"]
    assert listing.left_out == (
        "2 deleted experiments of mlflow:./mlruns are left out, as MLflow does.",
    )


def test_deleted_runs_and_experiments_are_counted_and_refused(copied: Copied) -> None:
    deleted = copied.directory("deleted")
    listing = copied.reader().list()

    assert listing.unreadable == ()
    assert listing.left_out == (
        "1 deleted run and 1 deleted experiment of mlflow:./mlruns are left out, as MLflow does.",
    )
    with pytest.raises(NotReadable, match="it was deleted in MLflow"):
        copied.reader().read(deleted.name)


def test_links_that_lead_beyond_the_roots_are_not_followed(copied: Copied) -> None:
    run = copied.directory("failed")
    shutil.move(run, copied.root / "outside")
    run.symlink_to(copied.root / "outside")
    confined = Project(copied.root / "mlruns", roots=(copied.root / "mlruns",))
    listing = opened(Source("mlflow", "."), confined).list()

    assert "failed" not in {head.full_name for head in listing.runs}
    assert copied.head("failed").ref.id == run.name


def test_a_runs_own_directory_is_refused_with_its_reference(copied: Copied) -> None:
    run = copied.directory("failed")

    with pytest.raises(NotReadable, match=f"mlflow:mlruns/{run.parent.name}#{run.name}"):
        copied.reader(f"./mlruns/{run.parent.name}/{run.name}")


def test_a_directory_beside_a_database_is_refused_with_its_source(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").touch()

    with pytest.raises(NotReadable, match=r"There is a database: mlflow:sqlite:///mlflow\.db\."):
        opened(Source("mlflow", "."), Project(tmp_path))


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("./mlruns", True),
        ("mlflow.db", True),
        ("sqlite:///mlflow.db", True),
        ("file:./mlruns", True),
        ("file:///data/mlruns", True),
        ("C:\\runs\\mlflow.db", True),
        ("http://127.0.0.1:5000", False),
        ("HTTPS://host/prefix", False),
        ("databricks", False),
        ("databricks://profile", False),
        ("postgresql://user:secret@host/mlflow", False),
        ("./databricks", True),
    ],
)
def test_a_location_is_a_path_or_an_address(location: str, *, path: bool) -> None:
    assert is_path(location) == path


def test_a_database_behind_a_server_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="mlflow server --backend-store-uri") as refused:
        opened(Source("mlflow", "postgresql://user:secret@host/mlflow"), Project(tmp_path))

    assert "secret" not in str(refused.value)


def test_a_store_is_told_from_files_that_runs_logged(copied: Copied) -> None:
    assert holds_store(copied.root / "mlruns")
    assert not holds_store(copied.root)
    for meta in copied.root.rglob("meta.yaml"):
        meta.unlink()
    assert not holds_store(copied.root / "mlruns")


@needs_real_files
def test_real_runs_that_logged_true_steps_are_read() -> None:
    project = Project(REAL / "mlflow/Finnk11__bilevel-rl")
    reader = opened(Source("mlflow", "./mlruns"), project)
    listing = reader.list()
    run = reader.read("26df4d45aa134dcaaef9e42ba1818e3d")
    axis = run_axis(run.history, "step")

    assert [head.full_name.split()[0] for head in listing.runs] == ["qb"] * 5
    assert len({head.full_name for head in listing.runs}) == 5
    assert listing.unreadable == ()
    assert points(run, "rollout/ep_rew_mean")[:2] == [(720.0, -950.083333), (1440.0, -1001.458333)]
    assert "rollout/exploration rate" in run.history.metrics
    assert (run.state, run.tags, run.config["lr"]) == ("finished", ("experiment=DQN",), "0.0001")
    assert run.lineage[0] == Lineage(
        "code",
        "experiments/train.py",
        "8855254d201ebd6e6b7dd5f7a5ef8b46b1775c29",
        "tag mlflow.source.git.commit",
    )
    assert isinstance(axis, RunAxis)
    assert axis.newest == 21_600.0


@needs_real_files
def test_a_real_run_that_logged_no_steps_has_no_step_axis() -> None:
    project = Project(REAL / "mlflow/rymuelle__ConvNeXt-V2-UNet")
    reader = opened(Source("mlflow", "examples"), project)
    run = reader.read("ea71e54bc850434eaa5170c17d564de6")

    assert {name: len(metric.values) for name, metric in run.history.metrics.items()} == {
        "loss": 100,
        "lr": 10,
    }
    assert isinstance(run_axis(run.history, "step"), Unplaced)
    assert isinstance(run_axis(run.history, "seconds"), RunAxis)
    assert [head.full_name for head in reader.list().runs] == ["placid-shad-212", run.full_name]
    assert run.full_name == "nimble-roo-550"
