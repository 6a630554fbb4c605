import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.record.mlflow_stores import recorded

from samestep.analysis.axis import RunAxis, Unplaced, run_axis
from samestep.errors import NoSuchRun, NotReadable
from samestep.model import Lineage, Planned, Run, RunHead, Source
from samestep.readers.base import Reader
from samestep.readers.mlflow import opened
from samestep.settings import Project

COMMIT = "8855254d201ebd6e6b7dd5f7a5ef8b46b1775c29"
LARGEST = {1.7976931348623157e308: math.inf, -1.7976931348623157e308: -math.inf}


@dataclass(frozen=True)
class Written:
    """A store that the real client wrote, and what that client reads in it."""

    project: Project
    source: Source
    answers: dict[str, Any]  # Any: JSON

    @property
    def reader(self) -> Reader:
        """A reader of the store, new each time."""
        return opened(self.source, self.project)

    def head(self, name: str) -> RunHead:
        """Return the run of a full name as it is listed."""
        [head] = [head for head in self.reader.list().runs if head.full_name == name]
        return head

    def run(self, name: str) -> Run:
        """Read the run of a full name."""
        return self.reader.read(self.head(name).ref.id)


@pytest.fixture(scope="session", params=["mlflow.db", "mlruns"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    directory = recorded(tmp_path_factory)
    location = "sqlite:///mlflow.db" if request.param == "mlflow.db" else "./mlruns"
    answers = json.loads((directory / f"{request.param}.json").read_text())
    return Written(Project(directory), Source("mlflow", location), answers)


def points(run: Run, metric: str) -> list[tuple[float, float]]:
    found = run.history.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def of_kind(run: Run, kind: str) -> list[Lineage]:
    return [one for one in run.lineage if one.kind == kind]


def told(written: Written, run: Run, metric: str) -> list[tuple[int, str, float]]:
    """Return the points of a metric as MLflow's client reads them, put right where it is wrong.

    It gives a database's infinities as the largest float, and 0 for every step of a metric file
    that names a data set.
    """
    in_file = written.source.location == "./mlruns"
    answer = written.answers[run.ref.id]["points"][metric]
    return [
        (
            time,
            repr(LARGEST.get(float(value), float(value))),
            20.0 if in_file and metric == "acc" else float(step),
        )
        for time, value, step in answer
    ]


def everything_below(directory: Path) -> Iterator[tuple[str, int, str]]:
    for path in [directory, *sorted(directory.rglob("*"))]:
        content = path.read_bytes() if path.is_file() else b""
        yield str(path), path.stat().st_mtime_ns, hashlib.sha256(content).hexdigest()


def test_every_run_that_the_client_finds_is_listed_as_it_says(written: Written) -> None:
    heads = {head.ref.id: head for head in written.reader.list().runs}

    assert heads.keys() == written.answers.keys()
    for run_id, answer in written.answers.items():
        started = datetime.fromtimestamp(answer["started"] / 1000, UTC)
        assert heads[run_id].started == started
        assert heads[run_id].full_name.split(f" {run_id}")[0] == answer["name"]


def test_every_point_that_the_client_reads_is_read(written: Written) -> None:
    for run_id, answer in written.answers.items():
        run = written.reader.read(run_id)
        assert (run.history.read.losses, run.history.append_only) == ((), False)
        assert run.history.metrics.keys() == answer["points"].keys()
        for name, metric in run.history.metrics.items():
            assert metric.times is not None
            times = [round(time * 1000) for time in metric.times.tolist()]
            found = list(zip(times, map(repr, metric.values.tolist()), strict=True))
            theirs = told(written, run, name)
            assert found == [(time, value) for time, value, _ in theirs]
            if not name.startswith("system/"):
                assert metric.steps.tolist() == [step for _, _, step in theirs]


def test_params_and_tags_are_what_the_client_reads(written: Written) -> None:
    for run_id, answer in written.answers.items():
        run = written.reader.read(run_id)
        own = [f"{k}={v}" for k, v in answer["tags"].items() if not k.startswith("mlflow.")]
        assert run.config == answer["params"]
        assert sorted(run.tags[1:]) == sorted(own)
        assert run.environment.get("user") == answer["tags"].get("mlflow.user")
        assert run.environment.get("program") == answer["tags"].get("mlflow.source.name")


def test_metrics_logged_in_one_call_share_a_row(written: Written) -> None:
    metrics = written.run("resnet18 seed 1").history.metrics
    loss, accuracy = metrics["train/loss"], metrics["val/acc top 1"]

    assert points(written.run("resnet18 seed 1"), "train/loss")[:3] == [
        (0.0, 0.5),
        (100.0, 1 / 3),
        (200.0, 0.25),
    ]
    assert loss.rows.tolist() == accuracy.rows.tolist()
    assert loss.rows[:5].tolist() == [0, 2, 3, 5, 6]  # between them lie samples of the system
    assert loss.times is not None
    assert loss.times[:2].tolist() == [1_700_000_000.0, 1_700_000_001.0]


def test_params_tell_the_seed_and_the_planned_length(written: Written) -> None:
    run = written.run("resnet18 seed 1")

    assert (run.seed, run.planned) == ("1", Planned(12.0, "epochs", "max_epochs"))
    assert run.config["model"] == "{'depth': 18, 'width': [64, 128]}"
    assert run.tags[0] == "experiment=cifar10"
    assert {"stage=final", "team=vision"} == set(run.tags[1:])


def test_system_metrics_count_their_own_samples_and_are_placed_by_time(written: Written) -> None:
    history = written.run("resnet18 seed 0").history
    usage = history.metrics["system/cpu_utilization_percentage"]

    assert [math.isnan(step) for step in usage.steps.tolist()] == [True] * 6
    assert usage.values.tolist() == [50.0, 51.0, 52.0, 53.0, 54.0, 55.0]
    by_step, by_time = run_axis(history, "step"), run_axis(history, "seconds")
    assert isinstance(by_step, RunAxis)
    assert isinstance(by_time, RunAxis)
    assert by_step.newest == 1100.0
    assert usage.name in by_step.unplaced
    assert by_time.curves[usage.name].x[:2].tolist() == pytest.approx([0.007, 2.007], abs=1e-6)


def test_a_run_that_logged_no_steps_has_no_step_axis(written: Written) -> None:
    history = written.run("no steps").history
    by_step, in_order = run_axis(history, "step"), run_axis(history, "order")

    assert isinstance(by_step, Unplaced)
    assert by_step.why == 'every point is logged at step 0; x="order" counts points instead'
    assert isinstance(in_order, RunAxis)
    assert in_order.curves["loss"].values.tolist() == [0.9, 0.8, 0.7]


def test_values_that_are_not_finite_are_values(written: Written) -> None:
    found = points(written.run("not finite"), "loss")

    assert str(found) == "[(0.0, nan), (1.0, inf), (2.0, -inf), (3.0, 0.25)]"


def test_steps_in_disorder_are_sorted_and_of_two_at_one_step_the_last_logged_counts(
    written: Written,
) -> None:
    run = written.run("out of order")
    axis = run_axis(run.history, "step")

    assert points(run, "loss") == [(5.0, 0.5), (1.0, 0.1), (3.0, 0.3), (3.0, 0.33), (-2.0, 0.2)]
    assert isinstance(axis, RunAxis)
    curve = axis.curves["loss"]
    assert (curve.x.tolist(), curve.values.tolist()) == ([-2, 1, 3, 5], [0.2, 0.1, 0.33, 0.5])
    assert (curve.restarts, curve.duplicates) == (0, 1)


def test_a_state_is_what_mlflow_can_know(written: Written) -> None:
    [elsewhere] = [
        head
        for head in written.reader.list().runs
        if head.full_name.startswith("trial ")
        and written.answers[head.ref.id]["status"] == "KILLED"
    ]

    assert written.run("resnet18 seed 0").state == "finished"
    assert written.run("failed").state == "failed"
    assert written.reader.read(elsewhere.ref.id).state == "crashed"
    assert written.answers[written.head("killed").ref.id]["status"] == "RUNNING"
    assert written.run("killed").state == "unknown"
    assert points(written.run("killed"), "loss") == [(3.0, 0.75)]


def test_a_nested_run_belongs_to_its_parent(written: Written) -> None:
    [nested] = [
        run
        for run in (written.reader.read(head.ref.id) for head in written.reader.list().runs)
        if run.full_name.startswith("trial ") and "experiment=cifar10" in run.tags
    ]

    assert (written.run("sweep").group, nested.group) == (None, "sweep")
    assert of_kind(nested, "parent run") == [
        Lineage("parent run", "sweep", written.head("sweep").ref.id, "tag mlflow.parentRunId")
    ]


def test_runs_of_one_name_are_told_apart_by_their_ids(written: Written) -> None:
    ids = {run_id for run_id, answer in written.answers.items() if answer["name"] == "trial"}

    names = {head.full_name for head in written.reader.list().runs if head.ref.id in ids}
    assert names == {f"trial {run_id}" for run_id in ids}
    assert {written.reader.read(run_id).full_name for run_id in ids} == names


def test_code_data_and_models_are_named(written: Written) -> None:
    makes, evaluates = written.run("makes a model"), written.run("evaluates it")
    [[name, digest, _tags]] = written.answers[written.head("makes a model").ref.id]["datasets"]

    assert written.run("resnet18 seed 0").lineage == (
        Lineage("code", "https://example.org/r", COMMIT, "tag mlflow.source.git.commit"),
    )
    assert of_kind(makes, "dataset") == [
        Lineage("dataset", name, digest, "dataset input", "training")
    ]
    [made], [used] = of_kind(makes, "model"), of_kind(evaluates, "model")
    assert (made.name, made.context, used.name, used.context) == (
        ("resnet18", "output", "resnet18", "input")
    )
    assert made.digest == used.digest


def test_deleted_runs_are_counted_and_refused(written: Written) -> None:
    listing = written.reader.list()
    [said] = listing.left_out

    assert listing.unreadable == ()
    assert said in {
        f"2 deleted runs of {written.source} are left out, as MLflow does.",
        f"1 deleted run and 1 deleted experiment of {written.source} are left out, as MLflow does.",
    }
    assert not [head for head in listing.runs if head.full_name == "deleted"]


def test_a_mistyped_id_is_refused_with_the_ids_and_a_name_with_the_names(
    written: Written,
) -> None:
    run_id = written.head("sweep").ref.id
    with pytest.raises(NoSuchRun, match=rf"'{run_id} \(sweep\)'"):
        written.reader.read(run_id[:-1])

    with pytest.raises(NoSuchRun, match="Known runs: 'resnet18 seed 1', 'resnet18 seed 0'"):
        written.reader.read("resnet18 seed 11")


def test_listing_a_database_says_of_runs_what_reading_them_does(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    reader = opened(Source("mlflow", "mlflow.db"), Project(recorded(tmp_path_factory)))
    for head in reader.list().runs:
        run, glance = reader.read(head.ref.id), head.glance
        assert glance is not None
        of_training = [name for name in run.history.metrics if not name.startswith("system/")]
        assert (glance.state, glance.metrics) == (run.state, len(of_training))
        assert (glance.config, glance.seed) == (run.config, run.seed)
        assert (glance.group, glance.tags) == (run.group, run.tags)
        for name, metric in run.history.metrics.items():
            at_last_step = metric.values[metric.steps == metric.steps.max()]
            assert glance.newest[name] in at_last_step.tolist() or name.startswith("system/")


def test_a_glance_tells_progress_and_the_newest_record(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    reader = opened(Source("mlflow", "mlflow.db"), Project(recorded(tmp_path_factory)))
    glances = {head.full_name: head.glance for head in reader.list().runs}

    trained, no_steps, silent = (glances[name] for name in ("resnet18 seed 0", "no steps", "sweep"))
    assert trained is not None
    assert trained.step == 1100.0
    assert trained.written == datetime(2023, 11, 14, 22, 13, 31, tzinfo=UTC)
    assert trained.newest["system/cpu_utilization_percentage"] == 55.0
    assert no_steps is not None
    assert no_steps.step is None
    assert silent is not None
    assert (silent.metrics, silent.step, silent.written) == (0, None, None)


@pytest.mark.parametrize(
    "location",
    ["sqlite:///mlflow.db", "sqlite:///{}/mlflow.db", "mlflow.db", "./mlflow.db"],
)
def test_a_database_is_reached_by_all_its_addresses(
    tmp_path_factory: pytest.TempPathFactory, location: str
) -> None:
    directory = recorded(tmp_path_factory)
    source = Source("mlflow", location.format(directory))
    listing = opened(source, Project(directory)).list()

    assert len(listing.runs) == len(json.loads((directory / "mlflow.db.json").read_text()))
    assert {head.ref.source for head in listing.runs} == {source}


@pytest.mark.parametrize(
    "location", ["./mlruns", "mlruns", "file:mlruns", "file:./mlruns", "file://{}/mlruns", "."]
)
def test_a_directory_is_reached_by_all_its_addresses(
    tmp_path_factory: pytest.TempPathFactory, location: str
) -> None:
    directory = recorded(tmp_path_factory)
    source = Source("mlflow", location.format(directory))
    listing = opened(source, Project(directory)).list()

    assert len(listing.runs) == len(json.loads((directory / "mlruns.json").read_text()))


def test_reading_leaves_the_store_as_it_was_to_the_byte(written: Written) -> None:
    before = list(everything_below(written.project.directory))
    for head in written.reader.list().runs:
        written.reader.read(head.ref.id)
    with pytest.raises((NoSuchRun, NotReadable)):
        written.reader.read("0" * 32)

    assert list(everything_below(written.project.directory)) == before
