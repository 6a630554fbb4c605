from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.readers.wandb_stub.fixtures import SOURCE, home, project, reader, running_stub, stub
from tests.readers.wandb_stub.runs import StubRun, logged
from tests.readers.wandb_stub.server import Stub

from samestep import list_runs
from samestep.errors import NotReadable
from samestep.model import State
from samestep.progress import listening

__all__ = ["home", "running_stub", "stub"]

RESNET = StubRun(
    "abc123",
    "resnet50-cosine/seed1",
    rows=[logged(0, loss=2.5, epoch=1), logged(1, loss=2.25), logged(2, val__top1=30.5, epoch=2)],
    state="running",
    config={"seed": 1, "optimizer": {"lr": 0.1}},
    summary={"test/top1": 31.0},
    group="resnet50-cosine",
    tags=["baseline"],
)


def test_five_hundred_runs_are_listed_and_shown_in_two_requests(stub: Stub, home: Path):
    stub.projects["vision/imagenet"] = [
        StubRun(f"run{number}", f"resnet50/seed{number}", [logged(0, loss=float(number))])
        for number in range(500)
    ]
    told: list[tuple[str, int, int | None]] = []

    def hear(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    with listening(hear):
        heads = reader(stub, home).list().runs

    assert [head.full_name for head in heads] == [f"resnet50/seed{n}" for n in range(500)]
    assert [head.glance and head.glance.newest["loss"] for head in heads] == list(range(500))
    assert stub.operations == ["Runs", "Runs"]
    assert told == [("runs of wandb:vision/imagenet", n, 500) for n in (250, 500)]
    shown = list_runs(SOURCE, where="metric.loss >= 480", project=project(stub, home))
    assert (shown.matched, len(stub.operations)) == (20, 4)


def test_a_listing_tells_of_a_run_what_the_server_keeps_of_it(stub: Stub, home: Path):
    stub.projects["vision/imagenet"] = [RESNET]
    [head] = reader(stub, home).list().runs

    assert (str(head.ref), head.full_name) == ("wandb:vision/imagenet#abc123", RESNET.name)
    assert head.started == datetime(2026, 11, 20, tzinfo=UTC)
    glance = head.glance
    assert glance is not None
    assert (glance.state, glance.seed, glance.group, glance.tags) == (
        "running",
        "1",
        "resnet50-cosine",
        ("baseline",),
    )
    assert glance.config == {"seed": 1, "optimizer": {"lr": 0.1}}
    assert glance.newest == {"loss": 2.25, "epoch": 2.0, "val/top1": 30.5, "test/top1": 31.0}
    assert (glance.metrics, glance.step, glance.epoch) == (4, 2.0, 2.0)
    assert glance.written == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_project_without_runs_has_none(stub: Stub, home: Path):
    stub.projects["vision/imagenet"] = []

    assert reader(stub, home).list().runs == ()


def test_runs_that_share_a_name_are_told_apart_by_their_ids(stub: Stub, home: Path):
    stub.projects["vision/imagenet"] = [
        StubRun("abc123", "resnet50"),
        StubRun("def456", "resnet50"),
        StubRun("ghi789", "vit-small"),
        StubRun("jkl012"),
    ]
    names = ["resnet50 abc123", "resnet50 def456", "vit-small", "jkl012"]

    heads = reader(stub, home).list().runs
    assert [head.full_name for head in heads] == names
    assert [reader(stub, home).read(head.ref.id).full_name for head in heads] == names


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("running", "running"),
        ("pending", "running"),
        ("finished", "finished"),
        ("failed", "failed"),
        ("crashed", "crashed"),
        ("killed", "crashed"),
        ("preempted", "unknown"),
        ("something new", "unknown"),
    ],
)
def test_a_state_is_the_servers_word(stub: Stub, home: Path, said: str, state: State):
    stub.projects["vision/imagenet"] = [StubRun("abc123", state=said)]
    [head] = reader(stub, home).list().runs

    assert head.glance is not None
    assert head.glance.state == reader(stub, home).read("abc123").state == state


@pytest.mark.parametrize(
    ("rows", "epochs"),
    [
        ([logged(0, epoch=0, loss=1.0), logged(1, epoch=1, loss=1.0)], 2.0),
        ([logged(0, epoch=1, loss=1.0), logged(1, epoch=2, loss=1.0)], 2.0),
        ([logged(n, epoch=n // 4, loss=1.0) for n in range(8)], None),
        ([logged(0, train__epoch=1.5, train__global_step=30)], 1.5),
        ([logged(n, epoch=n // 4, trainer__global_step=n) for n in range(8)], 1.0),
        ([logged(0, loss=1.0)], None),
    ],
    ids=["from 0", "from 1", "several rows", "Trainer", "Lightning", "none"],
)
def test_epochs_are_listed_where_it_is_certain_that_they_are_over(
    stub: Stub, home: Path, rows: list[Mapping[str, object]], epochs: float | None
):
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows, state="running")]
    [head] = reader(stub, home).list().runs

    assert head.glance is not None
    assert head.glance.epoch == epochs


def test_what_define_metric_keeps_of_a_metric_is_no_metric_of_its_own(stub: Stub, home: Path):
    kept = {"val/top1": {"last": 30.5, "max": 32.0, "min": 1.0}}
    rows = [logged(0, val__top1=32.0), logged(1, val__top1=30.5)]
    stub.projects["vision/imagenet"] = [StubRun("abc123", rows=rows, summary=kept)]
    [head] = reader(stub, home).list().runs

    assert head.glance is not None
    assert (head.glance.metrics, head.glance.newest) == (1, {"val/top1": 30.5})


def test_a_project_that_is_not_there_is_refused_with_those_that_are(stub: Stub, home: Path):
    stub.projects |= {"vision/imagenet": [], "vision/cifar10": [], "speech/librispeech": []}

    with pytest.raises(NotReadable) as refused:
        reader(stub, home, "wandb:vision/imagnet").list()
    assert str(refused.value) == (
        f"wandb:vision/imagnet cannot be read: {stub.address} has no project 'imagnet' of "
        "'vision' that the key may see. Projects of 'vision' are wandb:vision/imagenet, "
        "wandb:vision/cifar10."
    )
    with pytest.raises(NotReadable, match="shows no project of 'nobody' at all"):
        reader(stub, home, "wandb:nobody/imagenet").read("abc123")
