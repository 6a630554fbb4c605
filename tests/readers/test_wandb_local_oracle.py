import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.record.wandb_runs import environment
from tests.record.wandb_runs import recorded as recorded_runs

from samestep.formats.wandb_log import read_log

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "wandb"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"no recorded runs at {REAL}")
SECONDS = 60
WHOLE, FROM_HERE = 20 * 32_768, 300_000  # bytes of a log that is long enough, and one amidst them


@pytest.fixture(scope="session", name="recorded")
def recorded_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_runs(tmp_path_factory.getbasetemp() / "recorded-wandb")


def inspected(log: Path, directory: Path) -> list[tuple[int, str, str]]:
    """Return every number of every row, as W&B's own inspector prints them."""
    wandb = find_spec("wandb")
    assert wandb is not None
    assert wandb.submodule_search_locations
    core = Path(wandb.submodule_search_locations[0], "bin", "wandb-core")
    command = [str(core), "leet", "inspect", "--no-observability", "--json", "--run-file", str(log)]
    said = subprocess.run(
        [*command, str(log.parents[1])],
        env=environment(directory),
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    records: list[Any] = [json.loads(line) for line in said.stdout.splitlines()]  # Any: JSON
    rows = [one["history"]["item"] for one in records if one.get("type") == "history"]
    return sorted(
        (number, name, str(float(value)))
        for number, row in enumerate(rows)
        for name, value in row.items()
        if is_number(value) and not name.startswith("table.")
    )


def is_number(value: object) -> bool:
    if isinstance(value, str):
        return value in {"NaN", "Infinity", "-Infinity"}
    return isinstance(value, int | float) and not isinstance(value, bool)


def decoded(log: Path) -> list[tuple[int, str, str]]:
    """Return the same as this package reads it, the rows of the history alone numbered."""
    columns = read_log(log).columns
    rows = sorted({row for column in columns.values() for row in column.rows.tolist()})
    number_of = {row: number for number, row in enumerate(rows)}
    return sorted(
        (number_of[row], name, str(value))
        for name, column in columns.items()
        for row, value in zip(column.rows.tolist(), column.values.tolist(), strict=True)
    )


@pytest.mark.parametrize("run_id", ["cosine01", "nameless", "twin0001", "lightning", "yolo"])
def test_every_number_is_what_wandbs_own_inspector_reads(
    recorded: Path, tmp_path: Path, run_id: str
):
    [log] = recorded.glob(f"offline-run-*-{run_id}/*.wandb")
    found = decoded(log)

    assert found
    assert found == inspected(log, tmp_path)


@needs_real_files
@pytest.mark.parametrize("damage", ["cut", "flipped", "zeros"])
def test_of_a_damaged_log_the_same_is_read_as_by_wandbs_own_inspector(tmp_path: Path, damage: str):
    [source] = REAL.glob("*/wandb/run-20230723_121755-61qqbz3a/*.wandb")
    data = bytearray(source.read_bytes()[:WHOLE])
    if damage == "cut":
        del data[FROM_HERE:]
    elif damage == "flipped":
        data[FROM_HERE] ^= 255
    elif damage == "zeros":
        data[FROM_HERE : FROM_HERE + 100_000] = bytes(100_000)
    log = tmp_path / "run-20230723_121755-61qqbz3a" / source.name
    log.parent.mkdir()
    log.write_bytes(data)
    found = decoded(log)

    assert found
    assert found == inspected(log, tmp_path)
    assert read_log(log).damage.sentences(log.name)
