"""What every reader promises, on the same runs kept by every tracker's own writer."""

import hashlib
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import current_thread
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from tests.readers.contract.kept import worlds_of
from tests.readers.contract.known import (
    DIVERGED,
    LOSS,
    NARROW,
    RESUMED,
    SILENT,
    STEADY,
    TOP1,
    TWICE,
    TWINS,
    WIDE,
    WORLDS,
    KnownRun,
)
from tests.readers.contract.store import Kept, Store
from tests.readers.contract.stores import GAPS, STORES

from samestep import compare_same_epoch, detect_tracker, fetch_history, list_runs
from samestep.answers import Comparison
from samestep.errors import AmbiguousRun, NoSuchRun
from samestep.model import Run
from samestep.readers.base import Reader
from samestep.resolve import source_reader

Written = tuple[Store, Mapping[str, Kept]]
KNOWN = sorted(run.name for run in WORLDS["known"])
THREADS = Path("/proc/self/task")


@pytest.fixture(scope="session", params=STORES, ids=[store.name for store in STORES])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Keep every world in one tracker's store, for all tests."""
    store: Store = request.param
    return store, worlds_of(store, request, tmp_path_factory)


@pytest.fixture
def worlds(written: Written, request: pytest.FixtureRequest) -> Iterator[Mapping[str, Kept]]:
    """Return the worlds of one store; a test of what the store declares a gap must fail."""
    shown = request.node.get_closest_marker("shows")
    reason = GAPS.get((written[0].name, shown.args[0])) if shown else None
    if reason:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    with ExitStack() as held:
        for kept in written[1].values():
            held.enter_context(kept.in_use())
        yield written[1]


def reader(kept: Kept) -> Reader:
    return source_reader(kept.source, kept.project)


def read(kept: Kept, run: KnownRun) -> Run:
    opened = reader(kept)
    [head] = [head for head in opened.list().runs if head.full_name == run.name]
    return opened.read(head.ref.id)


def reference(kept: Kept, run: KnownRun) -> str:
    [head] = [head for head in reader(kept).list().runs if head.full_name == run.name]
    return str(head.ref)


def points(run: Run, metric: str) -> list[tuple[float, float]]:
    found = run.history.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def compared(kept: Kept, student: KnownRun, baseline: KnownRun, at: float) -> Comparison:
    """Compare two runs of one store at a step."""
    return compare_same_epoch(
        reference(kept, student), [reference(kept, baseline)], x="step", at=at, project=kept.project
    )


def test_every_run_is_listed_by_its_name_and_read_by_its_reference(
    worlds: Mapping[str, Kept],
) -> None:
    opened = reader(worlds["known"])
    heads = opened.list().runs

    assert sorted(head.full_name for head in heads) == KNOWN
    assert [(run.ref, run.full_name) for run in (opened.read(head.ref.id) for head in heads)] == [
        (head.ref, head.full_name) for head in heads
    ]
    assert opened.list().unreadable == ()


@pytest.mark.shows("detected")
def test_its_source_is_detected_with_its_runs_counted(worlds: Mapping[str, Kept]) -> None:
    found = detect_tracker(project=worlds["known"].project)

    assert [(one.source, one.runs) for one in found.sources] == [
        (worlds["known"].source, len(KNOWN))
    ]
    assert found.chosen == worlds["known"].source


def test_pages_of_a_listing_hold_every_run_once(worlds: Mapping[str, Kept]) -> None:
    kept = worlds["known"]
    page = list_runs(kept.source, order_by="full_name", limit=3, project=kept.project)
    names = [item.full_name for item in page.items]
    while page.next_cursor:
        page = list_runs(
            kept.source,
            order_by="full_name",
            limit=3,
            cursor=page.next_cursor,
            project=kept.project,
        )
        names.extend(item.full_name for item in page.items)

    assert names == KNOWN


@pytest.mark.parametrize(
    ("match", "where", "names"),
    [
        ("wide/*", None, [run.name for run in WIDE]),
        (None, "seed == 1", ["wide/seed1"]),
        (None, "config.lr < 0.5", ["narrow/seed0"]),
        (None, "`metric.test/top1` == 21", ["wide/seed1"]),
        pytest.param(
            None,
            "current.step == 120",
            ["narrow/seed0", *(run.name for run in WIDE)],
            marks=pytest.mark.shows("steps in a listing"),
        ),
    ],
    ids=["name", "seed", "config", "metric", "progress"],
)
def test_a_listing_is_filtered_by_what_the_runs_are(
    worlds: Mapping[str, Kept], match: str | None, where: str | None, names: list[str]
) -> None:
    kept = worlds["known"]

    found = list_runs(kept.source, match, where, "full_name", project=kept.project)

    assert [item.full_name for item in found.items] == names


@pytest.mark.parametrize("run", [*WIDE, NARROW], ids=lambda run: run.name)
def test_points_are_what_was_logged_in_the_order_it_was(
    worlds: Mapping[str, Kept], run: KnownRun
) -> None:
    found = read(worlds["known"], run)

    assert {metric: points(found, metric) for metric in (LOSS, TOP1, "epoch")} == {
        metric: run.points(metric) for metric in (LOSS, TOP1, "epoch")
    }


def test_the_config_tells_the_seed_and_the_planned_length(worlds: Mapping[str, Kept]) -> None:
    run = read(worlds["known"], WIDE[1])

    assert (run.seed, run.planned and (run.planned.length, run.planned.unit)) == (
        "1",
        (12.0, "epochs"),
    )


@pytest.mark.shows("values that are no numbers")
def test_values_that_are_no_numbers_are_values(worlds: Mapping[str, Kept]) -> None:
    found = points(read(worlds["known"], DIVERGED), LOSS)

    assert str(found) == "[(1.0, 2.0), (2.0, inf), (3.0, nan), (4.0, -inf), (5.0, 8.0)]"


@pytest.mark.shows("two points at one step")
def test_of_two_points_at_one_step_the_last_written_is_used_and_it_is_said(
    worlds: Mapping[str, Kept],
) -> None:
    answer = compared(worlds["known"], TWICE, STEADY, at=2)

    [row] = answer.proxy
    assert (row.student.value, row.student.x, row.baseline.value) == (2.5, 2.0, 3.5)
    assert any("logged again" in caveat.text for caveat in answer.caveats)


@pytest.mark.shows("restart")
def test_after_a_restart_the_later_points_are_used_and_it_is_said(
    worlds: Mapping[str, Kept],
) -> None:
    answer = compared(worlds["known"], RESUMED, STEADY, at=3)

    [row] = answer.proxy
    assert (row.student.value, row.baseline.value, answer.at.student_current) == (2.5, 3.0, 4.0)
    assert any("started again" in caveat.text for caveat in answer.caveats)


@pytest.mark.shows("torn")
def test_of_a_torn_log_what_is_whole_is_read_and_the_rest_is_said(
    written: Written, worlds: Mapping[str, Kept], tmp_path: Path
) -> None:
    kept = worlds["known"].copied(tmp_path)
    written[0].tear(kept, NARROW)
    run = read(kept, NARROW)

    whole, torn = NARROW.points(LOSS), points(run, LOSS)
    assert 0 < len(torn) < len(whole)
    assert torn == whole[: len(torn)]
    assert run.history.read.losses


@pytest.mark.shows("unreadable neighbour")
def test_a_run_that_cannot_be_read_is_listed_so_and_takes_no_other_down(
    written: Written, worlds: Mapping[str, Kept], tmp_path: Path
) -> None:
    kept = worlds["known"].copied(tmp_path)
    written[0].spoil(kept, NARROW)

    listing = reader(kept).list()
    assert sorted(head.full_name for head in listing.runs) == sorted(set(KNOWN) - {NARROW.name})
    assert [bool(one.where and one.why) for one in listing.unreadable] == [True]
    assert points(read(kept, WIDE[0]), LOSS) == WIDE[0].points(LOSS)


def test_a_run_that_logged_nothing_is_listed_without_metrics_or_said_to_hold_nothing(
    worlds: Mapping[str, Kept],
) -> None:
    listing = reader(worlds["odd"]).list()

    if any(head.full_name == SILENT.name for head in listing.runs):
        assert read(worlds["odd"], SILENT).history.metrics == {}
    else:
        assert [SILENT.name in one.where for one in listing.unreadable] == [True]
    assert NARROW.name in [head.full_name for head in listing.runs]


def test_a_store_without_runs_has_none(worlds: Mapping[str, Kept]) -> None:
    listing = reader(worlds["nothing"]).list()

    assert (listing.runs, listing.unreadable) == ((), ())


@pytest.mark.shows("several runs of one name")
def test_runs_that_share_a_name_have_full_names_of_their_own(worlds: Mapping[str, Kept]) -> None:
    opened = reader(worlds["odd"])
    heads = [head for head in opened.list().runs if head.full_name.startswith(TWINS[0].name)]

    names = {head.full_name for head in heads}
    curves = sorted(points(opened.read(head.ref.id), LOSS) for head in heads)
    assert len(names) == len(heads) == 2
    assert TWINS[0].name not in names
    assert curves == sorted(run.points(LOSS) for run in TWINS)


@pytest.mark.shows("several runs of one name")
def test_a_name_that_runs_share_is_asked_about_with_all_of_them_listed(
    worlds: Mapping[str, Kept],
) -> None:
    kept = worlds["odd"]
    heads = reader(kept).list().runs
    refs = [str(head.ref) for head in heads if head.full_name.startswith(TWINS[0].name)]

    with pytest.raises(AmbiguousRun) as asked:
        fetch_history(TWINS[0].name, project=kept.project)

    assert len(refs) == len(asked.value.candidates) == 2
    assert all(ref in str(asked.value) for ref in refs)


def test_a_run_that_is_not_there_is_refused_with_those_that_are(
    worlds: Mapping[str, Kept],
) -> None:
    opened = reader(worlds["known"])
    known = [(head.full_name, head.ref.id) for head in opened.list().runs]

    with pytest.raises(NoSuchRun) as refused:
        opened.read("cosine/seed1")

    assert any(name in str(refused.value) for names in known for name in names)


def test_reading_leaves_a_store_as_it_was_to_the_byte(worlds: Mapping[str, Kept]) -> None:
    kept = worlds["known"]
    before = everything_below(kept.project.directory)
    opened = reader(kept)
    for head in opened.list().runs:
        opened.read(head.ref.id)
    detect_tracker(project=kept.project)
    list_runs(kept.source, where="current.step > 3", project=kept.project)

    assert everything_below(kept.project.directory) == before


def everything_below(directory: Path) -> dict[str, tuple[int, str]]:
    """Return when every file and directory changed last, and what is in it."""
    return {
        str(path): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in [directory, *directory.rglob("*")]
    }


def test_what_lies_on_this_machine_is_read_without_a_network(
    worlds: Mapping[str, Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    if worlds["known"].behind_network:
        pytest.skip("it lies behind one")

    connect, reading = socket.socket.connect, current_thread()

    def refused(self: socket.socket, address: Any) -> None:  # Any: a family's own address
        if current_thread() is reading:
            pytest.fail(f"it connects to {address!r}")
        connect(self, address)  # other stores are being written meanwhile

    monkeypatch.setattr(socket.socket, "connect", refused)

    assert points(read(worlds["known"], NARROW), LOSS) == NARROW.points(LOSS)
    assert detect_tracker(project=worlds["known"].project)


@pytest.mark.skipif(not THREADS.exists(), reason="this system does not count what is read")
def test_listing_reads_no_more_of_a_history_a_hundred_times_as_long(
    worlds: Mapping[str, Kept],
) -> None:
    if not worlds["known"].on_disk:
        pytest.skip("it reads nothing from a disk")
    read(worlds["odd"], NARROW)  # imports what reading needs
    short = bytes_read_by(lambda: reader(worlds["odd"]).list())
    opened = reader(worlds["long"])
    long = bytes_read_by(opened.list)
    [head] = opened.list().runs
    whole = bytes_read_by(lambda: opened.read(head.ref.id))

    assert 4 * (long - short) < whole


def bytes_read_by(call: Callable[[], object]) -> int:
    """Return how many bytes a call reads, from files as from databases."""
    before = bytes_read()
    call()
    return bytes_read() - before


def bytes_read() -> int:
    """Return what this thread has read, and those of libraries; not those that write stores."""
    others = {thread.native_id for thread in enumerate_threads() if thread is not current_thread()}
    return sum(
        int((task / "io").read_text().split()[1])
        for task in THREADS.iterdir()
        if int(task.name) not in others
    )
