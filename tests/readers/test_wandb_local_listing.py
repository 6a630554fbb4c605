import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.record.wandb_runs import recorded as recorded_runs

from samestep.errors import NoSuchPath, NoSuchRun, NotReadable, OutsideProject
from samestep.model import Final, Lineage, Source, Unreadable
from samestep.readers.detect import detect
from samestep.readers.wandb import holds_runs, is_path, opened
from samestep.readers.wandb.local import LocalReader
from samestep.settings import Project

SOURCE = Source("wandb", "./wandb")
IDS = (
    "cosine01 forked lightning nameless resumed-epochs resumed-steps twin0000 twin0001 yolo".split()
)


@pytest.fixture(scope="session", name="recorded")
def recorded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")


def copied(recorded: Path, run_id: str, to: Path) -> Path:
    """Copy the only directory of a run."""
    [made] = recorded.glob(f"offline-run-*-{run_id}")
    return shutil.copytree(made, to / made.name)


def ids(location: Path, within: list[Path] | None = None) -> list[str]:
    return [head.ref.id for head in LocalReader(SOURCE, location, within).list().runs]


@pytest.mark.parametrize(
    "location",
    [
        *("./wandb", "../results/wandb", "/home/someone/wandb", "~/wandb", ".", ".."),
        *("wandb", "runs", "results/wandb", "results/.wandb", "C:\\runs", ".\\wandb"),
    ],
)
def test_a_location_that_looks_like_a_path_is_one(location: str):
    assert is_path(location)


@pytest.mark.parametrize(
    "location", ["entity/project", "team/vision.v2", "https://wandb.ai/team/wandb", "a/b/c"]
)
def test_any_other_location_is_a_name(location: str):
    assert not is_path(location)


def test_runs_are_listed_by_their_ids_full_names_and_starts(recorded: Path):
    listing = LocalReader(SOURCE, recorded).list()
    heads = {head.ref.id: head for head in listing.runs}
    starts = [head.started for head in listing.runs]

    assert list(heads) == IDS
    assert listing.unreadable == ()
    assert str(heads["cosine01"].ref) == "wandb:./wandb#cosine01"
    assert [heads[run_id].full_name for run_id in ("cosine01", "nameless", "twin0001")] == [
        "resnet50-cosine/seed3",
        "nameless",
        "twin twin0001",
    ]
    assert all(start is not None and start.year >= 2020 for start in starts)


def test_the_location_is_the_directory_the_one_above_or_that_of_one_run(recorded: Path):
    [cosine] = recorded.glob("offline-run-*-cosine01")
    first, _ = recorded.glob("offline-run-*-resumed-steps*")

    assert ids(recorded.parent) == IDS
    assert ids(recorded / "latest-run") == ["forked"]
    assert ids(cosine) == ["cosine01"]
    assert ids(first) == ["resumed-steps"]
    assert LocalReader(SOURCE, first).read("resumed-steps").history.read.how == "2 W&B logs"


def test_a_directory_of_another_name_is_a_location_too(recorded: Path, tmp_path: Path):
    shutil.move(copied(recorded, "cosine01", tmp_path), tmp_path / "kept")

    assert ids(tmp_path / "kept") == ["cosine01"]
    assert ids(tmp_path) == []


def test_runs_are_found_by_a_cheap_look(recorded: Path, tmp_path: Path):
    (tmp_path / "run-20200101_000000-empty").mkdir()

    assert holds_runs(recorded)
    assert not holds_runs(recorded.parent)
    assert not holds_runs(tmp_path)
    assert not holds_runs(tmp_path / "nowhere")


def test_two_projects_in_one_directory_may_use_the_same_id(recorded: Path, tmp_path: Path):
    copied(recorded, "nameless", tmp_path)
    other = copied(recorded, "nameless", tmp_path / "elsewhere")
    log = other / "run-nameless.wandb"
    log.write_bytes(reframed(log.read_bytes(), b"vision", b"speech"))
    other.rename(tmp_path / "offline-run-20200101_000000-nameless")

    assert ids(tmp_path) == ["speech/nameless", "vision/nameless"]
    assert LocalReader(SOURCE, tmp_path).read("speech/nameless").full_name == "speech/nameless"


def reframed(log: bytes, old: bytes, new: bytes) -> bytes:
    """Replace a text by one as long in the records of a short log, checksums included."""
    changed, at = bytearray(log), 7
    while at < len(changed):
        _, size, kind = struct.unpack_from("<IHB", changed, at)
        data = bytes(changed[at + 7 : at + 7 + size]).replace(old, new)
        struct.pack_into("<IHB", changed, at, zlib.crc32(bytes([kind]) + data), size, kind)
        changed[at + 7 : at + 7 + size] = data
        at += 7 + size
    return bytes(changed)


def test_what_cannot_be_read_is_listed_with_the_reason_and_takes_no_other_down(
    recorded: Path, tmp_path: Path
):
    copied(recorded, "yolo", tmp_path)
    for run_id, content in {
        "begun": b":W&B\xe1\xbe\x00",
        "noise": b"\x1f\x8b" * 99,
        "no": b"",
    }.items():
        directory = tmp_path / f"run-20240101_000000-{run_id}"
        directory.mkdir()
        (directory / f"run-{run_id}.wandb").write_bytes(content)
    (tmp_path / "run-20240101_000000-gone/files").mkdir(parents=True)
    (tmp_path / "run-20240101_000000-gone/files/config.yaml").write_text("lr: {value: 1}")
    (tmp_path / "run-20240101_000000-pipe").mkdir()
    os.mkfifo(tmp_path / "run-20240101_000000-pipe/run-pipe.wandb")
    reader = LocalReader(SOURCE, tmp_path)
    listing = reader.list()

    assert [head.ref.id for head in listing.runs] == ["yolo"]
    assert {one.where.partition("#")[2]: one.why for one in listing.unreadable} == {
        "begun": "run-20240101_000000-begun/run-begun.wandb holds only its header yet: "
        "W&B writes rows some time later, or at the end",
        "noise": "run-20240101_000000-noise/run-noise.wandb is no log of W&B's",
        "no": "run-20240101_000000-no/run-no.wandb is empty",
        "gone": "run-20240101_000000-gone has no log; its summary and config are no history",
        "pipe": "run-20240101_000000-pipe/run-pipe.wandb could not be read (not a regular file)",
    }
    with pytest.raises(NotReadable, match=r"wandb:\./wandb#noise cannot be read: .* no log of"):
        reader.read("noise")


def test_an_entry_whose_name_is_no_text_is_listed_as_unreadable(recorded: Path, tmp_path: Path):
    copied(recorded, "yolo", tmp_path)
    (tmp_path / os.fsdecode(b"run-20240101_000000-\xff")).mkdir()

    assert LocalReader(SOURCE, tmp_path).list().unreadable == (
        Unreadable("wandb:./wandb#./run-20240101_000000-\\xff", "its name is not UTF-8"),
    )


def test_a_run_that_is_not_there_is_refused_with_those_that_are(recorded: Path):
    with pytest.raises(NoSuchRun, match=r"No run 'cosine' in wandb:\./wandb.*'cosine01'"):
        LocalReader(SOURCE, recorded).read("cosine")


def test_links_that_lead_beyond_what_may_be_read_are_passed_over(recorded: Path, tmp_path: Path):
    project, secret = tmp_path / "project", tmp_path / "secret"
    elsewhere = copied(recorded, "yolo", secret)
    copied(recorded, "nameless", project)
    (project / elsewhere.name).symlink_to(elsewhere)
    linked = project / "run-20240101_000000-linked"
    linked.mkdir()
    (linked / "run-yolo.wandb").symlink_to(elsewhere / "run-yolo.wandb")

    assert ids(project) == ["nameless", "yolo"]
    assert ids(project, [project]) == ["nameless"]
    assert ids(elsewhere, [elsewhere]) == ["yolo"]


def test_what_the_log_lacks_is_taken_from_the_files_beside_it(recorded: Path, tmp_path: Path):
    files = copied(recorded, "nameless", tmp_path) / "files"
    (files / "config.yaml").write_text(
        "wandb_version: 1\nlr: {desc: null, value: 0.1}\nseed: {value: 5}\n"
        "data: {value: {size: 64}}\nplain: {lr: 1}\n_wandb: {value: {m: []}}\n"
    )
    (files / "wandb-summary.json").write_text(
        json.dumps({"loss": 9.0, "test": {"top1": 91.0}, "_step": 7, "best": "no"})
    )
    (files / "wandb-metadata.json").write_text(
        json.dumps(
            {
                "username": "someone",
                "python": "3.8",
                "gpu": "NVIDIA A100",
                "gpu_count": 8,
                "cuda": "11.8",
                "git": {"remote": "git@example.org:vision.git", "commit": "5f1d"},
            }
        )
    )
    run = LocalReader(SOURCE, tmp_path).read("nameless")

    assert run.config == {"lr": 0.1, "seed": 5, "data": {"size": 64}, "plain": {"lr": 1}}
    assert run.seed == "5"
    assert run.finals == {"test.top1": Final(91.0, "wandb-summary.json: test.top1")}
    assert run.history.metrics["loss"].values.tolist() == [4.0, 2.0, 1.0]
    assert {key: run.environment[key] for key in ("user", "gpu", "gpu_count", "cuda")} == {
        "user": "someone",
        "gpu": "NVIDIA A100",
        "gpu_count": "8",
        "cuda": "11.8",
    }
    assert run.environment["python"] != "3.8"
    assert run.lineage == (
        Lineage("code", "git@example.org:vision.git", "5f1d", "wandb-metadata.json"),
    )
    assert run.history.read.losses == ()


def test_a_broken_file_beside_a_log_is_said_and_the_run_is_read(recorded: Path, tmp_path: Path):
    files = copied(recorded, "nameless", tmp_path) / "files"
    (files / "wandb-metadata.json").write_text("{")
    run = LocalReader(SOURCE, tmp_path).read("nameless")

    assert run.history.metrics["loss"].values.tolist() == [4.0, 2.0, 1.0]
    assert [loss.partition(":")[0] for loss in run.history.read.losses] == [
        "wandb-metadata.json could not be read"
    ]


def test_a_log_that_grew_is_read_anew(recorded: Path, tmp_path: Path):
    log = copied(recorded, "twin0000", tmp_path) / "run-twin0000.wandb"
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) // 2])
    reader = LocalReader(SOURCE, tmp_path)
    before = reader.read("twin0000").history
    log.write_bytes(whole)

    assert 0 < len(before.metrics["loss"].values) < 5
    assert "is cut off" in before.read.losses[0]
    assert len(reader.read("twin0000").history.metrics["loss"].values) == 5


def test_reading_leaves_every_byte_as_it_was(recorded: Path):
    before = everything_below(recorded)
    reader = LocalReader(SOURCE, recorded)
    for head in reader.list().runs:
        reader.read(head.ref.id)

    assert everything_below(recorded) == before


def everything_below(directory: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in directory.rglob("*")
    }


def test_reading_imports_neither_wandb_nor_protobuf_nor_pandas(recorded: Path):
    program = (
        "import sys; from pathlib import Path; from samestep.model import Source;"
        "from samestep.readers.wandb.local import LocalReader;"
        f"run = LocalReader(Source('wandb', 'x'), Path({str(recorded)!r})).read('yolo');"
        "print(len(run.history.metrics),"
        " sorted({'wandb', 'google.protobuf', 'pandas'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert said.stdout.decode().strip() == "3 []"


def test_a_source_is_opened_within_the_project(recorded: Path, tmp_path: Path):
    project = Project(recorded.parent)
    confined = Project(tmp_path, roots=(tmp_path,))

    assert len(opened(SOURCE, project).list().runs) == len(IDS)
    assert len(opened(Source("wandb", "."), project).list().runs) == len(IDS)
    with pytest.raises(NoSuchPath):
        opened(Source("wandb", "./nowhere"), project)
    with pytest.raises(OutsideProject):
        opened(Source("wandb", str(recorded)), confined)
    with pytest.raises(NotReadable, match="it is a file"):
        opened(Source("wandb", "./wandb/latest-run/run-forked.wandb"), project)


def loose(recorded: Path, to: Path, name: str = "run-cosine01.wandb") -> Path:
    """Copy a run's log alone."""
    [log] = recorded.glob("offline-run-*-cosine01/*.wandb")
    to.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(log, to / name))


def test_a_log_outside_a_runs_directory_is_found_where_it_lies(recorded: Path, tmp_path: Path):
    loose(recorded, tmp_path / "logs")
    copied(recorded, "forked", tmp_path / "logs")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/run-cosine01.wandb").write_text("a text of that name")

    [one] = detect(tmp_path, Project(tmp_path)).sources
    assert (str(one.source), one.runs) == ("wandb:./logs", 2)


def test_a_log_beside_the_directories_of_other_runs_hides_none(recorded: Path, tmp_path: Path):
    loose(recorded, tmp_path)
    copied(recorded, "forked", tmp_path)

    assert ids(tmp_path) == ["cosine01", "forked"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("run-cosine01.wandb", "The reference of its run is wandb:.#cosine01."),
        ("copy.wandb", "Under the name run-cosine01.wandb it is read there."),
    ],
)
def test_a_log_named_as_a_source_leads_to_its_run(
    recorded: Path, tmp_path: Path, name: str, said: str
):
    loose(recorded, tmp_path, name)

    with pytest.raises(NotReadable, match="it is a file, and a source is a directory") as refused:
        opened(Source("wandb", f"./{name}"), Project(tmp_path))
    assert str(refused.value).endswith(said)


def test_a_text_named_like_a_log_is_refused_as_none(tmp_path: Path):
    (tmp_path / "run-1.wandb").write_text("a text of that name")

    with pytest.raises(NotReadable, match=r"no log of W&B's\. detect_tracker names the sources"):
        opened(Source("wandb", "./run-1.wandb"), Project(tmp_path))
