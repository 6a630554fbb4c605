"""Logs of torchtune's DiskLogger, written by hand with the same f-strings as its log_dict.

torchtune needs PyTorch. The numbers are held against the values the lines are made of.
"""

from pathlib import Path

import pytest

from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of

PAYLOADS = [
    {"loss": 2.5, "lr": 2e-05, "tokens_per_second_per_gpu": 612.25},
    {"loss": 2.25, "lr": 4e-05, "tokens_per_second_per_gpu": 650.5},
]
LINES = "".join(
    f"Step {step} | " + "".join(f"{name}:{value} " for name, value in payload.items()) + "\n"
    for step, payload in enumerate(PAYLOADS, start=1)
)
NAME = "log_1700000000.txt"


def write(directory: Path, content: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / NAME).write_text(content)
    return directory / NAME


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def test_each_line_is_a_step_with_its_values(tmp_path: Path):
    path = write(tmp_path, LINES)
    log = read(path)

    assert known_as(path) == "torchtune"
    assert {name: metric.values.tolist() for name, metric in log.metrics.items()} == {
        name: [payload[name] for payload in PAYLOADS] for name in PAYLOADS[0]
    }
    assert log.metrics["loss"].steps.tolist() == [1.0, 2.0]
    assert (log.epochs, log.losses) == (None, ())


def test_a_tensor_is_the_number_in_it_and_nan_a_value(tmp_path: Path):
    line = "Step 1 | loss:tensor(2.5, device='cuda:0') grad_norm:nan lr:2e-05 \n"
    metrics = read(write(tmp_path, line)).metrics

    assert {name: str(metric.values.tolist()) for name, metric in metrics.items()} == {
        "loss": "[2.5]",
        "grad_norm": "[nan]",
        "lr": "[2e-05]",
    }


def test_a_single_metric_is_logged_without_a_blank_behind_it(tmp_path: Path):
    assert read(write(tmp_path, "Step 7 | val_loss:2.5\n")).metrics["val_loss"].steps == [7.0]


@pytest.mark.parametrize("directory", [".", "logs"])
def test_the_config_stands_beside_the_log_or_above_its_directory(tmp_path: Path, directory: str):
    (tmp_path / "torchtune_config.yaml").write_text("seed: 7\nepochs: 3\n")

    assert read(write(tmp_path / directory, LINES)).config == {"seed": 7, "epochs": 3}


def test_a_broken_config_is_said(tmp_path: Path):
    (tmp_path / "torchtune_config.yaml").write_text("seed: [7\n")

    log = read(write(tmp_path, LINES))
    assert log.losses[0].startswith("torchtune_config.yaml could not be read: it is not whole YAML")


def test_a_half_written_last_line_is_dropped_and_foreign_lines_are_counted(tmp_path: Path):
    log = read(write(tmp_path, f"{LINES}WARNING: slow\nStep 3 | loss:2.1"))

    assert log.metrics["loss"].values.tolist() == [2.5, 2.25]
    assert log.losses == (
        "the last line is half-written and was dropped",
        "1 lines that are none of torchtune's were skipped",
    )


@pytest.mark.parametrize("content", ["", "Step 1 | hello\n", "Step one | loss:2\n", "loss:2\n"])
def test_other_texts_are_no_logs(tmp_path: Path, content: str):
    assert known_as(write(tmp_path, content)) != "torchtune"


def test_a_long_line_that_does_not_fit_is_left_at_once(tmp_path: Path):
    line = "Step 1 | " + "a:tensor(1, b='c:d') " * 5_000 + "end\n"

    assert known_as(write(tmp_path, line)) is None
