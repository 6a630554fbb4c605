"""How much the ledger keeps."""

from pathlib import Path

import pytest
from tests.ledger.answering import record

from samestep.ledger import answers
from samestep.ledger.file import writing
from samestep.ledger.keeping import Keeping
from samestep.ledger.pruning import prune

DAY = 86_400.0


def test_answers_older_than_the_age_set_are_forgotten(ledger_file: Path) -> None:
    for number in range(3):
        record(f"det-{number}", path=str(number))
    given = {kept.answer_id: kept.recorded_at for kept in answers()}

    with writing(ledger_file) as ledger:
        prune(ledger, Keeping(ledger_file, DAY, 10**6), given["det-1"] + DAY)
        contents = ledger.execute("SELECT count(*) FROM contents").fetchone()[0]

    assert {kept.answer_id for kept in answers()} == {"det-1", "det-2"}
    assert contents == 2


def test_an_old_answer_goes_with_the_next_one_recorded(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("det-old", path="old")
    monkeypatch.setenv("SAMESTEP_LEDGER_DAYS", "1e-12")

    record("det-new", path="new")

    assert [kept.answer_id for kept in answers()] == ["det-new"]
    assert b"det-old" not in ledger_file.read_bytes()


def test_the_file_stays_within_the_size_set_and_keeps_the_newest(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMESTEP_LEDGER_MEGABYTES", "0.2")
    sizes: list[int] = []

    for number in range(60):
        record(f"det-{number}", path=str(number), reading=f"{number} " * 3_000)
        sizes.append(ledger_file.stat().st_size)

    kept = [one.answer_id for one in answers(newest=60)]
    assert max(sizes) <= 200_000
    assert kept == [f"det-{number}" for number in range(59, 59 - len(kept), -1)]
    assert len(kept) >= 5


def test_a_smaller_size_shrinks_the_file(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        record(f"det-{number}", path=str(number), reading="x" * 10_000)
    large = ledger_file.stat().st_size
    monkeypatch.setenv("SAMESTEP_LEDGER_MEGABYTES", "0.05")

    record("det-new", path="new")

    assert large > 300_000
    assert ledger_file.stat().st_size <= 50_000


def test_an_answer_larger_than_the_size_set_is_kept_alone(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMESTEP_LEDGER_MEGABYTES", "0.00001")
    record("det-1", path="1")

    record("det-2", path="2")

    assert [kept.answer_id for kept in answers()] == ["det-2"]
    assert ledger_file.exists()


def test_the_ledger_lies_in_the_users_state_directory_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))

    default, named, off = (
        Keeping.of(environment)
        for environment in (
            {},
            {"SAMESTEP_LEDGER": "~/mine.sqlite", "SAMESTEP_LEDGER_DAYS": "2"},
            {"SAMESTEP_LEDGER": "OFF"},
        )
    )

    assert default is not None
    assert default.file.is_relative_to(tmp_path)
    assert default.file.parts[-2:] == ("samestep", "ledger.sqlite")
    assert (default.seconds, default.size) == (90 * DAY, 50_000_000)
    assert named == Keeping(tmp_path / "mine.sqlite", 2 * DAY, 50_000_000)
    assert off is None
