import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from tests.readers.mlflow_server.asking import points, reader
from tests.readers.mlflow_server.server import copied, served, writing
from tests.record.mlflow_stores import recorded

from samestep import compare_same_epoch, list_runs
from samestep.analysis.axis import Unplaced, run_axis
from samestep.errors import NoSuchRun
from samestep.model import Lineage, Planned, Run, Source
from samestep.readers.base import Selective
from samestep.readers.mlflow import opened
from samestep.readers.mlflow.server.connection import Connection
from samestep.readers.mlflow.server.histories import history
from samestep.readers.mlflow.server.inquiry import Inquiry
from samestep.readers.mlflow.server.reader import MlflowServerReader
from samestep.readers.mlflow.server.refusals import Refusals
from samestep.settings import Project

Answers = dict[str, Any]  # Any: JSON
INFINITE = {"1.7976931348623157e+308": "inf", "-1.7976931348623157e+308": "-inf"}
COMMIT = "8855254d201ebd6e6b7dd5f7a5ef8b46b1775c29"


@dataclass(frozen=True)
class Tracked:
    """A server that runs, and what MLflow's own client reads of its runs."""

    url: str
    answers: Answers
    project: Project

    @property
    def reader(self) -> MlflowServerReader:
        """A reader of the server, new each time."""
        return reader(self.url)

    def id_of(self, name: str) -> str:
        """Return the id of the one run that the client knows by a name."""
        [run_id] = [run_id for run_id, one in self.answers.items() if one["name"] == name]
        return run_id

    def run(self, name: str) -> Run:
        """Read a run by itself."""
        return self.reader.read(self.id_of(name))


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracked]:
    """Serve the recorded runs and those of write_runs.py, logged while the server starts."""
    record = recorded(tmp_path_factory)
    database = copied(record / "mlflow.db", tmp_path_factory.mktemp("mlflow") / "server")
    more = database.with_name("answers.json")
    writer = writing(database, more)
    with served(database) as url:
        assert writer.wait(120) == 0
        answers = json.loads((record / "mlflow.db.json").read_text()) | json.loads(more.read_text())
        yield Tracked(url, answers, Project(database.parent))


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the paths that are asked for."""
    asked: list[str] = []
    send = httpx2.Client.send

    def noting(client: httpx2.Client, request: httpx2.Request, **options: Any) -> httpx2.Response:
        asked.append(request.url.path.rpartition("/mlflow/")[2])
        return send(client, request, **options)

    monkeypatch.setattr(httpx2.Client, "send", noting)
    return asked


def told(answer: Answers, metric: str) -> list[tuple[float, float, str]]:
    """Return what the client reads of a metric; it gives infinities as the largest float."""
    found = sorted((time, step, value) for time, step, value in in_order(answer["points"][metric]))
    is_system = metric.startswith("system/")
    return [
        (time / 1000, -1.0 if is_system else float(step), INFINITE.get(value, value))
        for time, step, value in found
    ]


def in_order(recorded_points: list[list[Any]]) -> Iterator[tuple[int, int, str]]:
    """Yield time, step and value; the two recordings differ in the order of the last two."""
    for time, one, other in recorded_points:
        yield (time, other, one) if isinstance(one, str) else (time, one, other)


def test_every_run_is_listed_with_all_that_list_runs_shows(
    tracked: Tracked, requests: list[str]
) -> None:
    listing = tracked.reader.list()

    assert requests == ["experiments/search", "runs/search"]
    assert {head.ref.id for head in listing.runs} == tracked.answers.keys()
    assert listing.unreadable == ()
    glances = {head.full_name: head.glance for head in listing.runs}
    glance = glances["resnet18 seed 1"]
    assert glance is not None
    assert (glance.state, glance.metrics, glance.step, glance.seed) == ("finished", 2, 1100.0, "1")
    assert glance.newest["val/acc top 1"] == 0.61
    assert glance.config["optimizer/lr"] == "0.0001"
    assert set(glance.tags) == {"experiment=cifar10", "stage=final", "team=vision"}
    odd = glances["not finite"]
    assert odd is not None
    assert odd.newest["loss"] == 0.25


def test_every_point_that_mlflows_client_reads_is_read(tracked: Tracked) -> None:
    runs = tracked.reader.read_several(list(tracked.answers), lambda _metric: True)

    for run, answer in zip(runs, tracked.answers.values(), strict=True):
        assert isinstance(run, Run)
        assert run.history.read.losses == ()
        assert run.history.metrics.keys() == answer["points"].keys()
        for metric in answer["points"]:
            assert sorted(points(run, metric)) == sorted(told(answer, metric))


def test_one_run_read_by_itself_is_the_run_read_among_others(tracked: Tracked) -> None:
    names = ["vit-s16 seed 1", "vit-s16 seed 2", "makes a model", "sweep"]
    ids = [tracked.id_of(name) for name in names]
    together = tracked.reader.read_several(ids, lambda _metric: True)

    for run_id, among_others in zip(ids, together, strict=True):
        alone = tracked.reader.read(run_id)
        assert isinstance(among_others, Run)
        assert (alone.head, alone.lineage, alone.group) == (
            (among_others.head, among_others.lineage, among_others.group)
        )
        for name, metric in alone.history.metrics.items():
            other = among_others.history.metrics[name]
            assert metric.rows.tolist() == other.rows.tolist()
            assert points(alone, name) == points(among_others, name)


def test_a_run_is_read_in_a_request_for_each_metric_and_three_more(
    tracked: Tracked, requests: list[str]
) -> None:
    run = tracked.run("vit-s16 seed 7")

    assert len(run.history.metrics) == 8
    assert sorted(requests) == [
        "experiments/search",
        *["metrics/get-history"] * 8,
        "runs/get",
        "runs/search",
    ]


def test_twenty_runs_of_eight_metrics_are_read_in_few_requests(
    tracked: Tracked, requests: list[str]
) -> None:
    seeds = [tracked.id_of(f"vit-s16 seed {seed}") for seed in range(3, 20)]
    plain = [tracked.id_of(f"resnet18 seed {seed}") for seed in (0, 1)]
    runs = tracked.reader.read_several([*seeds, *plain], lambda _metric: True)

    assert [type(run) for run in runs] == [Run] * 19
    windows = "metrics/get-history-bulk-interval"
    # Two windows for each metric of many: before step 0 and from there on; the rest by themselves.
    assert requests.count(windows) == 16
    assert requests.count("metrics/get-history") == 6
    assert len(requests) == 2 + 16 + 6


def test_what_a_window_cannot_show_whole_is_read_by_itself(
    tracked: Tracked, requests: list[str]
) -> None:
    ids = [tracked.id_of(f"vit-s16 seed {seed}") for seed in range(20)]
    runs = tracked.reader.read_several(ids, lambda metric: metric in {"loss", "accuracy", "lr"})

    by_seed = [run for run in runs if isinstance(run, Run)]
    assert len(by_seed[0].history.metrics["loss"].values) == 30 + 2600
    assert points(by_seed[1], "accuracy")[0][1:] == (-7.0, "0.5")
    assert sorted(value for *_, value in points(by_seed[1], "accuracy")[-2:]) == ["inf", "nan"]
    assert points(by_seed[2], "lr")[-1][1:] == (6000.0, "0.25")
    assert requests.count("metrics/get-history") == 2  # seed 0's loss and seed 1's accuracy


def test_pages_of_a_history_are_put_together(tracked: Tracked, requests: list[str]) -> None:
    refusals = Refusals(f"mlflow:{tracked.url}", "127.0.0.1", "")
    connection = Connection(lambda: httpx2.Client(base_url=tracked.url), refusals, 30.0)
    read = history(Inquiry(connection), tracked.id_of("long"), "loss", size=700)

    assert read.points.steps.tolist() == list(range(3000))
    assert requests == ["metrics/get-history"] * 5


def test_only_wanted_metrics_and_the_counters_that_place_them_are_read(
    tracked: Tracked, requests: list[str]
) -> None:
    opened_reader = tracked.reader
    assert isinstance(opened_reader, Selective)
    run_id = tracked.id_of("vit-s16 seed 7")
    run = opened_reader.read_wanted(run_id, lambda name: name == "val/loss")

    assert run.history.metrics.keys() == {"val/loss", "epoch"}
    assert run.history.unread == {"accuracy", "grad norm", "loss", "lr", "val/accuracy", "β"}
    assert requests.count("metrics/get-history") == 2


def test_a_server_and_its_database_say_the_same_of_every_run(tracked: Tracked) -> None:
    source = Source("mlflow", f"sqlite:///{tracked.project.directory}/mlflow.db")
    local = {head.ref.id: head for head in opened(source, tracked.project).list().runs}

    for head in tracked.reader.list().runs:
        same = local[head.ref.id]
        assert (head.full_name, head.started) == (same.full_name, same.started)
        assert head.glance is not None
        assert same.glance is not None
        assert (head.glance.state, head.glance.group, head.glance.written) == (
            (same.glance.state, same.glance.group, same.glance.written)
        )
        assert set(head.glance.tags) == set(same.glance.tags)
        assert repr(sorted(head.glance.newest.items())) == repr(sorted(same.glance.newest.items()))


def test_params_tags_and_inputs_say_what_the_run_is(tracked: Tracked) -> None:
    run, model = tracked.run("resnet18 seed 1"), tracked.run("makes a model")

    assert (run.state, run.seed) == ("finished", "1")
    assert run.planned == Planned(12.0, "epochs", "max_epochs")
    assert run.environment["program"]
    assert run.lineage == (
        Lineage("code", "https://example.org/r", COMMIT, "tag mlflow.source.git.commit"),
    )
    [data, made] = [one for one in model.lineage if one.kind != "code"]
    assert (data.kind, data.name, data.context) == ("dataset", "cifar10-train", "training")
    assert (made.kind, made.context) == ("model", "output")


def test_states_groups_and_shared_names_are_as_mlflow_has_them(tracked: Tracked) -> None:
    trials = [run_id for run_id, one in tracked.answers.items() if one["name"] == "trial"]
    by_state = {run.state: run for run in map(tracked.reader.read, trials)}

    assert tracked.run("failed").state == "failed"
    assert tracked.run("killed").state == "unknown"
    assert by_state.keys() == {"finished", "crashed"}
    assert {run.full_name for run in by_state.values()} == {f"trial {one}" for one in trials}
    assert (by_state["finished"].group, by_state["crashed"].group) == ("sweep", None)
    [parent] = [one for one in by_state["finished"].lineage if one.kind == "parent run"]
    assert (parent.name, parent.digest) == ("sweep", tracked.id_of("sweep"))


def test_a_run_without_steps_has_no_step_axis_and_system_metrics_have_none(
    tracked: Tracked,
) -> None:
    axis = run_axis(tracked.run("no steps").history, "step")
    usage = tracked.run("resnet18 seed 0").history.metrics["system/cpu_utilization_percentage"]

    assert isinstance(axis, Unplaced)
    assert all(map(math.isnan, usage.steps.tolist()))


def test_the_address_of_a_runs_page_leads_to_the_run(tracked: Tracked) -> None:
    run_id = tracked.id_of("long")

    assert tracked.reader.read(f"/experiments/1/runs/{run_id}").ref.id == run_id
    with pytest.raises(NoSuchRun, match=rf"'{run_id} \(long\)'"):
        tracked.reader.read("lond")


def test_runs_of_a_server_are_listed_and_compared(tracked: Tracked, requests: list[str]) -> None:
    source = f"mlflow:{tracked.url}"
    listed = list_runs(source, match="vit-s16*", where="metric.loss > 5", project=tracked.project)

    assert requests == ["experiments/search", "runs/search"]
    assert listed.matched > 10
    answer = compare_same_epoch(
        f"{source}#{tracked.id_of('vit-s16 seed 4')}",
        [f"{source}#{tracked.id_of('vit-s16 seed 3')}"],
        metrics=["loss"],
        x="step",
        project=tracked.project,
    )
    [row] = answer.proxy
    assert (row.student.value, row.baseline.value, row.delta) == (
        (pytest.approx(7 + 1 / 30, rel=1e-4), pytest.approx(6 + 1 / 30, rel=1e-4), 1.0)
    )
