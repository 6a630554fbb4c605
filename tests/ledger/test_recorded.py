"""What is recorded of an answer, and found again."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.answering import PROJECT, detection, record

from samestep import (
    MemoryRun,
    Project,
    compare_configs,
    compare_same_epoch,
    convergence_check,
    detect_tracker,
    fetch_history,
    forget,
    list_runs,
    remember,
)
from samestep.answers.answer import Answer
from samestep.errors import NoSuchAnswer
from samestep.ledger import answer, answers, recorded
from samestep.validator import validate

STUDENT, BASELINE = "cosine/seed0", "step/seed0"


def hold(rows: int) -> None:
    """Hold a student of so many rows and its baseline in memory."""
    curve = [{"step": 10 * n, "val/loss": 1.0 / n} for n in range(1, 13)]
    runs = [MemoryRun(STUDENT, curve[:rows]), MemoryRun(BASELINE, curve)]
    remember("ledger", runs)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget("ledger")


QUESTIONS: dict[str, Callable[[Project], Answer]] = {
    "detect_tracker": lambda project: detect_tracker(project=project),
    "list_runs": lambda project: list_runs("memory:ledger", project=project),
    "fetch_history": lambda project: fetch_history(STUDENT, ["val/loss"], project=project),
    "compare_same_epoch": lambda project: compare_same_epoch(STUDENT, [BASELINE], project=project),
    "compare_configs": lambda project: compare_configs([STUDENT, BASELINE], project=project),
    "convergence_check": lambda project: convergence_check(STUDENT, "val/loss", project=project),
}


@pytest.mark.parametrize("tool", QUESTIONS)
@pytest.mark.usefixtures("ledger_file")
def test_every_answer_is_recorded_as_it_is_given(tool: str, tmp_path: Path) -> None:
    hold(8)

    given = QUESTIONS[tool](Project(tmp_path))

    [kept] = answers()
    assert (kept.answer_id, kept.tool, kept.supersedes) == (given.answer_id, tool, None)
    assert kept.answer == given.model_dump(mode="json")
    assert type(given).model_validate(kept.answer).model_dump(mode="json") == kept.answer
    assert kept.project == str(tmp_path)


@pytest.mark.usefixtures("ledger_file")
def test_unchanged_runs_give_the_same_id_and_changed_ones_an_id_that_names_the_old(
    tmp_path: Path,
) -> None:
    hold(8)
    first = compare_same_epoch(STUDENT, [BASELINE], project=Project(tmp_path))
    again = compare_same_epoch(STUDENT, [BASELINE], project=Project(tmp_path))
    hold(9)
    changed = compare_same_epoch(STUDENT, [BASELINE], x="auto", project=Project(tmp_path))
    once_more = compare_same_epoch(STUDENT, [BASELINE], project=Project(tmp_path))

    assert again == first
    assert changed.answer_id != first.answer_id
    assert once_more == changed
    assert validate(changed).caveats[-1].text == (
        f"This supersedes {first.answer_id}, the answer this question had before."
    )
    assert [(kept.answer_id, kept.supersedes, kept.superseded_by) for kept in answers()] == [
        (changed.answer_id, first.answer_id, None),
        (first.answer_id, None, changed.answer_id),
    ]


@pytest.mark.usefixtures("ledger_file")
def test_another_question_or_another_project_supersedes_nothing(tmp_path: Path) -> None:
    (tmp_path / "another").mkdir()
    hold(8)
    compare_same_epoch(STUDENT, [BASELINE], project=Project(tmp_path))
    hold(9)
    compare_same_epoch(STUDENT, [BASELINE], at=50.0, project=Project(tmp_path))
    compare_same_epoch(STUDENT, [BASELINE], project=Project(tmp_path / "another"))

    assert [kept.supersedes for kept in answers()] == [None] * 3
    assert len(answers(project=tmp_path)) == 2


@pytest.mark.usefixtures("ledger_file")
def test_runs_as_they_were_before_give_back_the_answer_there_was() -> None:
    given = [record("det-before"), record("det-after"), record("det-before")]

    assert given[2] == given[0]
    assert [len(one.caveats) for one in given] == [0, 1, 0]
    assert answer("det-before").superseded_by is None


@pytest.mark.usefixtures("ledger_file")
def test_an_answer_given_again_is_the_newest_and_is_found_once() -> None:
    record("det-1", path="1")
    record("det-2", path="2")
    record("det-1", path="1")

    assert [kept.answer_id for kept in answers()] == ["det-1", "det-2"]
    assert [kept.answer_id for kept in answers(newest=1)] == ["det-1"]
    assert [kept.answer_id for kept in answers(["det-2", "det-9", "det-1"])] == ["det-1", "det-2"]
    assert answers([]) == []


@pytest.mark.usefixtures("ledger_file")
def test_content_that_only_the_clock_changed_is_kept_as_it_was_last_given() -> None:
    record("det-1", reading="It is running.")
    record("det-1", reading="It has finished.")

    [kept] = answers()
    assert kept.answer["reading"] == "It has finished."


@pytest.mark.usefixtures("ledger_file")
def test_a_check_of_prose_is_not_recorded() -> None:
    check = detection("chk-1").model_copy(update={"tool": "check_claim"})

    assert recorded(check, {"text": "my password is horse"}, PROJECT) == check
    assert answers() == []


@pytest.mark.usefixtures("ledger_file")
def test_another_password_in_an_address_is_no_other_question() -> None:
    record("det-1", path="mlflow:http://reader:horse@127.0.0.1:5000")

    record("det-2", path="mlflow:http://reader:battery@127.0.0.1:5000")

    assert answer("det-2").supersedes == "det-1"


@pytest.mark.usefixtures("ledger_file")
def test_a_directory_whose_name_is_no_text_holds_answers_too(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"runs\xff")

    recorded(detection("det-1"), {}, odd)

    assert [kept.answer_id for kept in answers(project=odd)] == ["det-1"]


def test_a_ledger_is_only_appended_to_and_read_by_its_user_alone(ledger_file: Path) -> None:
    record("det-1")

    ledger = sqlite3.connect(ledger_file)
    for change in ("UPDATE given SET answer_id = 'another'", "UPDATE contents SET answer = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
            ledger.execute(change)
    ledger.close()
    if os.name == "posix":
        assert stat.S_IMODE(ledger_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(ledger_file.parent.stat().st_mode) == 0o700


def test_content_given_twice_is_kept_once(ledger_file: Path) -> None:
    for _ in range(3):
        record("det-1")

    ledger = sqlite3.connect(ledger_file)
    tables = ("SELECT count(*) FROM given", "SELECT count(*) FROM contents")
    rows = [ledger.execute(count).fetchone()[0] for count in tables]
    ledger.close()
    assert rows == [3, 1]


def test_a_ledger_that_is_switched_off_is_neither_written_nor_read(
    ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("det-1")
    before = ledger_file.read_bytes()
    monkeypatch.setenv("SAMESTEP_LEDGER", "off")

    assert record("det-2").caveats == []
    assert answers() == []
    assert ledger_file.read_bytes() == before
    with pytest.raises(NoSuchAnswer, match="switched off"):
        answer("det-1")


def test_an_answer_that_is_not_recorded_is_refused_with_those_that_are(ledger_file: Path) -> None:
    with pytest.raises(NoSuchAnswer, match="None is recorded"):
        answer("det-9")
    assert not ledger_file.exists()
    record("det-1")

    with pytest.raises(NoSuchAnswer) as refusal:
        answer("det-9")

    assert str(refusal.value) == (
        "No answer 'det-9' in the ledger. The newest recorded: 'det-1' (detect_tracker). "
        "Ask its question again: on unchanged runs the answer has the same id."
    )
    assert answer("det-1", project=PROJECT).tool == "detect_tracker"
    with pytest.raises(NoSuchAnswer, match="None is recorded"):
        answer("det-1", project=PROJECT / "another")


def test_no_secret_reaches_the_file(
    ledger_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_API_KEY", "0123456789abcdef" * 2)
    config: dict[str, Any] = {  # Any: a config holds anything
        "api_key": "correct horse",
        "data": {"uri": "s3://reader:battery@bucket/train"},
        "lr": 0.1,
    }
    source = remember("ledger", [MemoryRun(STUDENT, [{"step": 1, "loss": 1.0}], config=config)])

    fetch_history(STUDENT, include=["config"], project=Project.here(str(tmp_path)))
    list_runs(source, where="config.lr < 1", project=Project.here(str(tmp_path)))

    kept = ledger_file.read_bytes()
    assert b"redacted" in kept
    assert not [word for word in (b"horse", b"battery", b"0123456789abcdef") if word in kept]
    assert len(answers()) == 2


@pytest.mark.usefixtures("ledger_file")
def test_names_in_any_writing_come_back_as_they_were() -> None:
    reading = "Läufe/種子0 \ud800 \x00 😀"

    record("det-1", reading=reading)

    assert json.dumps(answer("det-1").answer["reading"]) == json.dumps(reading)
