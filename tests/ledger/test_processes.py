"""A ledger that several processes write, that are killed, and whose disk is full."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.ledger.answering import DAMAGED, RECORD, another_process, record

from samestep.ledger import answers

SPACE = 160 * 1024  # bytes
LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({SPACE}, {SPACE}))\n"
"""Lets no file grow beyond so many bytes: the kernel refuses the write."""
ON_A_FULL_DISK = """
mount -t tmpfs -o size=192k none "$1" || exit 77
export SAMESTEP_LEDGER="$1/ledger.sqlite"
"$2" -c "$3" full 60
status=$?
cp "$1/ledger.sqlite" "$4"
exit $status
"""
CANNOT_MOUNT = 77


def is_whole(file: Path) -> bool:
    """Return whether SQLite itself finds nothing wrong with the file."""
    ledger = sqlite3.connect(file)
    [found] = ledger.execute("PRAGMA integrity_check").fetchone()
    ledger.close()
    return found == "ok"


@pytest.mark.parametrize("before", [b"", DAMAGED], ids=["none", "damaged"])
def test_two_processes_record_at_once_and_lose_nothing(ledger_file: Path, before: bytes) -> None:
    ledger_file.parent.mkdir()
    ledger_file.write_bytes(before)
    servers = [another_process(name, 40) for name in ("first", "second")]

    printed = [server.communicate(timeout=60) for server in servers]

    ids = {word for out, _ in printed for word in out.split()}
    said = "".join(err for _, err in printed)
    assert said.count("\n") == said.count("was set aside") == bool(before)
    assert len(ids) == 80
    assert {kept.answer_id for kept in answers(newest=200)} == ids
    assert is_whole(ledger_file)
    assert len(list(ledger_file.parent.iterdir())) == 1 + bool(before)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
def test_what_was_recorded_survives_a_kill(ledger_file: Path) -> None:
    recorded: list[str] = []
    for name, count in (("early", 1), ("later", 23)):
        server = another_process(name, 100_000)
        assert server.stdout is not None
        recorded += [server.stdout.readline().strip() for _ in range(count)]
        server.kill()
        recorded += server.communicate()[0].split()

    record("det-new")

    found = {kept.answer_id for kept in answers(newest=100_000)}
    assert {*recorded, "det-new"} <= found
    assert len(found) <= len(recorded) + 3  # the last of each may be recorded and not yet printed
    assert is_whole(ledger_file)
    assert [entry.name for entry in ledger_file.parent.iterdir()] == [ledger_file.name]


@pytest.mark.skipif(sys.platform == "win32", reason="limits are of POSIX")
def test_a_file_that_may_not_grow_keeps_what_it_holds_and_fails_no_answer(
    ledger_file: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED + RECORD, "limited", "60"],
        check=False,
        capture_output=True,
        text=True,
    )

    kept = [one.answer_id for one in answers(newest=100)]
    assert (done.returncode, len(done.stdout.split())) == (0, 60)
    assert done.stderr.count("answers are not recorded") == 1
    assert kept == [f"det-limited-{number}" for number in range(len(kept) - 1, -1, -1)]
    assert 5 <= len(kept) < 60
    assert is_whole(ledger_file)
    record("det-new")
    assert answers(newest=1)[0].answer_id == "det-new"


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a disk of its own to fill")
def test_a_full_disk_keeps_what_it_holds_and_fails_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, copy = tmp_path / "disk", tmp_path / "copy.sqlite"
    disk.mkdir()
    filling = ["sh", "-c", ON_A_FULL_DISK, "sh", str(disk), sys.executable, RECORD, str(copy)]
    command = [str(shutil.which("unshare")), "-rm", *filling]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == CANNOT_MOUNT or not copy.exists():
        pytest.skip("this user may not mount a disk of its own")
    monkeypatch.setenv("SAMESTEP_LEDGER", str(copy))

    kept = [one.answer_id for one in answers(newest=100)]
    assert (done.returncode, len(done.stdout.split())) == (0, 60)
    assert done.stderr.count("database or disk is full") == 1
    assert kept == [f"det-full-{number}" for number in range(len(kept) - 1, -1, -1)]
    assert 5 <= len(kept) < 60
    assert is_whole(copy)
