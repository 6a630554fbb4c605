"""What befalls a ledger's file: no answer fails for it, and it is said once."""

import os
import sqlite3
from pathlib import Path

import pytest
from tests.ledger.answering import DAMAGED, detection, record

from samestep.errors import BadArgument
from samestep.ledger import answer, answers


def aside(file: Path) -> list[Path]:
    """Return what was set aside."""
    return sorted(file.parent.glob(f"{file.name}.damaged-*"))


def test_a_damaged_ledger_is_set_aside_whole_and_said(
    ledger_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger_file.parent.mkdir()
    ledger_file.write_bytes(DAMAGED)

    given = record("det-1")

    [old] = aside(ledger_file)
    assert given == detection("det-1")
    assert [kept.answer_id for kept in answers()] == ["det-1"]
    assert old.read_bytes() == DAMAGED
    assert capsys.readouterr().err == (
        f"samestep: the ledger {str(ledger_file)!r} is damaged (file is not a database) and was "
        f"set aside as {old.name!r}.\n"
    )


def test_a_file_that_never_was_a_ledger_is_left_as_it_is_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "train.py"
    script.write_text("print('an hour of work')\n" * 50)
    monkeypatch.setenv("SAMESTEP_LEDGER", str(script))

    assert record("det-1") == record("det-1") == detection("det-1")

    assert script.read_text() == "print('an hour of work')\n" * 50
    assert [entry.name for entry in tmp_path.iterdir()] == [script.name]
    [said] = capsys.readouterr().err.splitlines()
    assert "answers are not recorded" in said
    assert f"{str(script)!r} is no ledger, and is left as it is" in said


@pytest.mark.parametrize(
    "address", ["file:ledger?mode=memory", "file:///ledger", ":memory:", "sqlite:///ledger.db"]
)
def test_an_address_is_no_path_and_makes_no_directory(
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMESTEP_LEDGER", address)

    assert record("det-1") == record("det-1") == detection("det-1")

    assert list(tmp_path.iterdir()) == []
    [said] = capsys.readouterr().err.splitlines()
    assert f"SAMESTEP_LEDGER={address!r} cannot be used" in said


@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_ledger_cut_short_is_set_aside_and_the_next_answer_recorded(
    ledger_file: Path, part: float
) -> None:
    for number in range(20):
        record(f"det-{number}", path=str(number), reading=f"{number} " * 2_000)
    whole = ledger_file.read_bytes()
    ledger_file.write_bytes(whole[: int(part * len(whole))])

    assert answers(["det-19"]) == []
    record("det-new")

    assert len(aside(ledger_file)) == 1
    assert [kept.answer_id for kept in answers()] == ["det-new"]


def test_an_answer_whose_bytes_have_changed_is_left_out_and_counted(
    ledger_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record("det-1", path="1", reading="The first reading.")
    record("det-2", path="2", reading="The second reading.")
    bytes_now = ledger_file.read_bytes()
    ledger_file.write_bytes(bytes_now.replace(b"The first reading", b"The first \xffeading"))

    assert [kept.answer_id for kept in answers()] == ["det-2"]
    answers()

    assert capsys.readouterr().err == (
        "samestep: 1 of 2 recorded answers are damaged and were left out.\n"
    )


def test_a_ledger_without_its_tables_is_set_aside(ledger_file: Path) -> None:
    record("det-1")
    ledger = sqlite3.connect(ledger_file)
    ledger.execute("DROP TABLE given")
    ledger.close()

    record("det-2")

    assert len(aside(ledger_file)) == 1
    assert [kept.answer_id for kept in answers()] == ["det-2"]


def test_another_programs_database_is_left_as_it_is(
    ledger_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger_file.parent.mkdir()
    other = sqlite3.connect(ledger_file)
    other.execute("CREATE TABLE runs (run_uuid TEXT)")
    other.commit()
    other.close()
    before = ledger_file.read_bytes()

    assert record("det-1") == detection("det-1")
    assert answers() == []
    record("det-2")

    said = capsys.readouterr().err
    assert ledger_file.read_bytes() == before
    assert [entry.name for entry in ledger_file.parent.iterdir()] == [ledger_file.name]
    assert said.count("a database of another program") == 2
    assert said.count("answers are not recorded") == 1


@pytest.mark.parametrize("place", ["a file/ledger.sqlite", "."])
def test_a_place_that_cannot_be_written_is_said_once(
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("SAMESTEP_LEDGER", str(tmp_path / place))

    assert record("det-1") == record("det-1")

    assert capsys.readouterr().err.count("answers are not recorded") == 1


@pytest.mark.parametrize("setting", ["SAMESTEP_LEDGER_DAYS", "SAMESTEP_LEDGER_MEGABYTES"])
@pytest.mark.usefixtures("ledger_file")
def test_a_setting_that_cannot_be_used_is_said_and_keeps_no_answer_back(
    setting: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(setting, "-3")

    assert record("det-1") == detection("det-1")

    assert f"{setting}='-3' cannot be used" in capsys.readouterr().err
    with pytest.raises(BadArgument, match="a number above 0"):
        answer("det-1")


@pytest.mark.skipif(not hasattr(os, "O_CREAT") or os.name != "posix", reason="locks of POSIX")
def test_a_ledger_that_another_holds_for_long_keeps_no_answer_back(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record("det-1", path="1")
    monkeypatch.setattr("samestep.ledger.file.PATIENCE", 0.05)
    holder = sqlite3.connect(ledger_file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    given = record("det-2", path="2")
    holder.execute("ROLLBACK")
    holder.close()

    assert given == detection("det-2")
    assert "database is locked" in capsys.readouterr().err
    assert [kept.answer_id for kept in answers()] == ["det-1"]
