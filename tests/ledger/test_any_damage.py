"""Whatever bytes a ledger is made of, no answer fails and none comes back changed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.answering import detection, record

from samestep.ledger import answers

READINGS = {f"det-{number}": f"{number} " * 1_500 for number in range(12)}
Damage = tuple[int, bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger that holds some answers."""
    file = tmp_path_factory.mktemp("whole") / "ledger.sqlite"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SAMESTEP_LEDGER", str(file))
        for answer_id, reading in READINGS.items():
            record(answer_id, path=answer_id, reading=reading)
    return file


def damaged(whole: bytes, damages: list[Damage], length: float) -> bytes:
    """Return the bytes with some written over, and the end cut off."""
    changed = bytearray(whole)
    for at, written in damages:
        start = at % len(changed)
        changed[start : start + len(written)] = written
    return bytes(changed[: int(length * len(changed))])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    damages=st.lists(
        st.tuples(
            st.one_of(st.integers(0, 200), st.integers(4_096, 10**6)),
            st.binary(min_size=1, max_size=64),
        ),
        max_size=8,
    ),
    length=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_no_damage_fails_an_answer_or_changes_one(
    damages: list[Damage], length: float, whole: Path, ledger_file: Path
) -> None:
    ledger_file.parent.mkdir(exist_ok=True)
    for left in ledger_file.parent.iterdir():
        left.unlink()
    ledger_file.write_bytes(damaged(whole.read_bytes(), damages, length))

    found = answers()
    recorded = record("det-new", path="det-new")
    again = answers()

    assert recorded == detection("det-new")
    for kept in (*found, *again):
        reading = READINGS.get(kept.answer_id, recorded.reading)
        assert kept.answer == detection(kept.answer_id, reading).model_dump(mode="json")
