"""Checkpoints made to harm: nothing of them is executed, and each is answered in time."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from tests.formats.checkpoints.malice import CALLING, HEAVY, HERE, REFUSED, tarred

from samestep.errors import NotReadable
from samestep.formats.checkpoints import read_checkpoint

Outcome = tuple[str | None, float, list[str], float]
SECONDS, MEGABYTES = 1.0, 200.0


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """Read all of them in one process, whose memory and time nothing else takes."""
    directory = tmp_path_factory.mktemp("malice")
    ran = subprocess.run(
        [sys.executable, HERE, directory], cwd=directory, capture_output=True, check=True
    )
    made = {path.name for path in directory.iterdir() if path.suffix != ".pt"}
    assert made == set()
    return json.loads(ran.stdout)


@pytest.mark.parametrize("name", [*CALLING, *HEAVY, *REFUSED])
def test_it_is_answered_within_a_second_and_200_megabytes(
    outcomes: Mapping[str, Outcome], name: str
) -> None:
    _, seconds, _, megabytes = outcomes[name]

    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("name", [*CALLING, *HEAVY])
def test_what_is_whole_is_read_and_executes_nothing(
    outcomes: Mapping[str, Outcome], name: str
) -> None:
    assert outcomes[name][0] is None


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, (_, words) in REFUSED.items()])
def test_what_cannot_be_read_is_refused_with_the_reason(
    outcomes: Mapping[str, Outcome], name: str, words: str
) -> None:
    assert words in (outcomes[name][0] or "")


@pytest.mark.parametrize("name", [name for name in CALLING if name != "after the object"])
def test_what_loading_would_call_is_said(outcomes: Mapping[str, Outcome], name: str) -> None:
    [called] = outcomes[name][2]

    assert called in {"builtins.exec", "__builtin__.exec", "posix.system", "pickle.loads"}


def test_the_same_file_executes_where_it_is_unpickled(tmp_path: Path) -> None:
    pickled = tmp_path / "evil.pkl"
    pickled.write_bytes(CALLING["plain pickle"])
    load = f"import pickle; pickle.load(open({str(pickled)!r}, 'rb'))"
    run = [sys.executable, "-W", "ignore", "-c", load]

    subprocess.run(run, cwd=tmp_path, check=True)

    assert (tmp_path / "EXECUTED").exists()


def test_a_pipe_is_no_checkpoint_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.pt")

    with pytest.raises(NotReadable, match="no regular file"):
        read_checkpoint(tmp_path / "model.pt")


@pytest.mark.parametrize("name", ["trainer_state.json", "README.md", "model.safetensors"])
def test_nobody_waits_for_a_pipe_in_a_directory_either(tmp_path: Path, name: str) -> None:
    directory = tmp_path / "checkpoint-40"
    directory.mkdir()
    os.mkfifo(directory / name)

    with suppress(NotReadable):
        assert read_checkpoint(directory).names == ()


def test_a_card_of_addresses_that_lead_nowhere_is_looked_through_in_time(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("https://" * 25_000, encoding="utf-8")
    (tmp_path / "trainer_state.json").write_text("{}", encoding="utf-8")
    begun = time.process_time()

    assert read_checkpoint(tmp_path).names == ()
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("epoch", ["1" + "0" * 400, "1e400", "-3", "NaN", "1e300"])
def test_a_state_whose_count_is_none_gives_the_other(tmp_path: Path, epoch: str) -> None:
    state = f'{{"epoch": {epoch}, "global_step": 40}}'
    (tmp_path / "trainer_state.json").write_text(state, encoding="utf-8")
    found = read_checkpoint(tmp_path)

    assert found.epoch is None
    assert found.step is not None
    assert found.step.value == 40


def test_a_negative_size_in_a_tar_reads_nothing_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_bytes(tarred(b"pickle", b"-1"))
    with path.open("r+b") as file:
        file.truncate(5 * 2**30)

    with pytest.raises(NotReadable, match="has no size"):
        read_checkpoint(path)


def test_tensors_of_any_size_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"\x80\x02}U\x05epochK\x03s.")
    with path.open("r+b") as file:
        file.truncate(8 * 2**30)  # a hole: it takes no room on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert read_checkpoint(path).keys == ("epoch",)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024
