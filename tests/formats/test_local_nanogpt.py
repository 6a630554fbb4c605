"""Logs of nanoGPT, modded-nanogpt and llm.c.

The trainers need a GPU: the texts are written by hand, in the form of nanoGPT's train.py, of the
records of modded-nanogpt and of llm.c's logger; the records under shared/data, which the real
scripts wrote, are checked line by line with a pattern of its own.
"""

import re
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of

NANOGPT = """\
Overriding config with config/train_shakespeare_char.py:
# train a miniature character-level shakespeare model
out_dir = 'out-shakespeare-char'
learning_rate = 1e-3 # with baby networks can afford to go a bit higher
max_iters = 5000
wandb_log = False # override via command line
Overriding: seed = 7
tokens per iteration will be: 16,384
Initializing a new model from scratch
number of parameters: 10.65M
step 0: train loss 4.2874, val loss 4.2823
iter 0: loss 4.2649, time 33213.53ms, mfu -100.00%
iter 10: loss 3.2438, time 28.10 ms, mfu 13.26%
step 250: train loss 1.9601, val loss 2.0635
saving checkpoint to out-shakespeare-char
"""
SOURCE = '''\
"""
Prints lines such as
step:1/2 val_loss:9.99 train_time:1ms step_avg:1ms
"""
import sys
with open(sys.argv[0]) as f:
    code = f.read() # read the code of this file ASAP, for logging
seed = 5
print0(f"step:{step}/{train_steps} val_loss:{val_loss:.5f}")
'''
RULE = "=" * 100
HEADER = f"{SOURCE}\n{RULE}\nRunning PyTorch 2.10.0+cu128 compiled for CUDA 12.8\n{RULE}\n"


def rows(losses: list[float], planned: int = 250) -> str:
    lines = (
        f"step:{125 * place}/{planned} val_loss:{loss:.5f} train_time:{place}.500s step_avg:nanms"
        for place, loss in enumerate(losses)
    )
    return "".join(f"{line}\n" for line in lines)


def put(directory: Path, content: str, name: str = "train.log") -> Path:
    path = directory / name
    path.write_text(content)
    return path


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    assert found.name == "nanoGPT"
    return found.read(path)


def curve(log: Log, metric: str) -> list[tuple[float, float]]:
    found = log.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def test_nanogpt_s_lines_are_points_under_the_names_it_gives_its_trackers(tmp_path: Path):
    log = read(put(tmp_path, NANOGPT))

    assert curve(log, "train/loss") == [(0.0, 4.2874), (250.0, 1.9601)]
    assert curve(log, "val/loss") == [(0.0, 4.2823), (250.0, 2.0635)]
    assert curve(log, "loss") == [(0.0, 4.2649), (10.0, 3.2438)]
    assert curve(log, "time_ms") == [(0.0, 33213.53), (10.0, 28.1)]
    assert curve(log, "mfu") == [(0.0, -100.0), (10.0, 13.26)]
    assert (log.runs, log.losses, log.epochs) == ({}, (), None)


def test_settings_echoed_before_the_first_step_are_config(tmp_path: Path):
    assert read(put(tmp_path, NANOGPT)).config == {
        "out_dir": "out-shakespeare-char",
        "learning_rate": 0.001,
        "max_iters": 5000,
        "wandb_log": False,
        "seed": 7,
    }


def test_source_code_before_a_log_is_no_log(tmp_path: Path):
    log = read(put(tmp_path, HEADER + "Using seed=3\n" + rows([10.8, 4.6, 3.9])))

    assert curve(log, "val_loss") == [(0.0, 10.8), (125.0, 4.6), (250.0, 3.9)]
    assert log.config == {"max_steps": 250, "seed": 3}
    assert log.losses == ("1 lines like a row of figures, within source code, were skipped",)


def test_source_code_longer_than_the_head_of_a_file_is_known_by_the_run_s_uuid(tmp_path: Path):
    code = "import torch\n" + "x = 1\n" * 5_000
    text = f"{RULE}\n{code}{RULE}\n{rows([10.8, 4.6])}"
    path = put(tmp_path, text, "5bdc3988-496c-4232-b4ef-53764cb81c92.txt")

    assert curve(read(path), "val_loss") == [(0.0, 10.8), (125.0, 4.6)]
    assert format_of("notes.txt", head_of(put(tmp_path, code, "notes.txt"))) is None


def test_python_that_is_no_log_is_refused_when_it_is_read(tmp_path: Path):
    with pytest.raises(NotReadable, match="no line with a step"):
        read(put(tmp_path, SOURCE))


def test_units_are_a_part_of_a_name_and_nan_is_a_value(tmp_path: Path):
    log = read(put(tmp_path, "step:0/9 train_time:0ms step_avg:nanms\n" + rows([9.0, 8.0], 9)))

    assert list(log.metrics) == ["train_time_ms", "step_avg_ms", "val_loss", "train_time_s"]
    assert [str(value) for value in log.metrics["step_avg_ms"].values] == ["nan", "nan", "nan"]


def test_llm_c_s_losses_keep_their_names(tmp_path: Path):
    log = read(put(tmp_path, "s:0 tel:10.968871\ns:0 trl:10.965596\ns:1 trl:10.814037\n"))

    assert curve(log, "tel") == [(0.0, 10.968871)]
    assert curve(log, "trl") == [(0.0, 10.965596), (1.0, 10.814037)]
    assert log.config == {}


def test_a_step_back_to_the_start_at_the_planned_end_begins_another_run(tmp_path: Path):
    text = HEADER + rows([10.8, 4.6, 3.9]) + rows([10.8, 4.7, 3.8]) + rows([10.8, 4.5])
    log = read(put(tmp_path, text))

    assert list(log.runs) == ["run=1", "run=2", "run=3"]
    assert [curve(run, "val_loss")[-1] for run in log.runs.values()] == [
        (250.0, 3.9),
        (250.0, 3.8),
        (125.0, 4.5),
    ]
    assert [run.config for run in log.runs.values()] == [{"max_steps": 250}] * 3


def test_a_step_back_short_of_the_planned_end_is_one_run_that_was_resumed(tmp_path: Path):
    log = read(put(tmp_path, rows([10.8, 4.6], 500) + rows([10.8, 4.7, 3.8], 500)))

    assert log.runs == {}
    assert curve(log, "val_loss")[1:3] == [(125.0, 4.6), (0.0, 10.8)]


def test_a_new_header_begins_another_run_where_the_step_goes_back_to_the_start(tmp_path: Path):
    crashed = HEADER + rows([10.8, 4.6], 500)
    log = read(put(tmp_path, crashed + HEADER + rows([10.8, 4.7, 3.8], 500)))
    again = read(put(tmp_path, NANOGPT + NANOGPT.replace("4.28", "4.29")))

    assert [len(run.metrics["val_loss"].values) for run in log.runs.values()] == [2, 3]
    assert [curve(run, "train/loss")[0] for run in again.runs.values()] == [
        (0.0, 4.2874),
        (0.0, 4.2974),
    ]


def test_a_run_resumed_with_a_new_header_stays_one_run(tmp_path: Path):
    resumed = "Resuming training from out\nstep 250: train loss 1.9, val loss 2.0\n"
    log = read(put(tmp_path, NANOGPT + resumed + "step 500: train loss 1.8, val loss 1.9\n"))

    assert log.runs == {}
    assert [step for step, _ in curve(log, "val/loss")] == [0.0, 250.0, 250.0, 500.0]


def test_a_last_line_cut_short_is_dropped_and_said(tmp_path: Path):
    half = read(put(tmp_path, rows([10.8, 4.6]) + "step:250/250 val_lo"))
    number = read(put(tmp_path, "s:0 tel:10.9\ns:1 tel:9.1"))

    assert len(half.metrics["val_loss"].values) == 2
    assert half.losses == ("the last line is half-written and was dropped",)
    assert number.losses == ("the last line has no line break: its figures may be cut short",)


def test_a_line_like_a_row_that_is_none_is_counted(tmp_path: Path):
    log = read(put(tmp_path, rows([10.8]) + "step:125/250 val_loss:oops\n" + rows([10.8])))

    assert log.losses == ("1 lines that begin like a row of figures were skipped",)


def test_an_empty_text_is_no_log():
    for content in ("", "\n", "epoch over\n"):
        assert format_of("train.log", content.encode()) is None


SHARED = Path(__file__).parents[2].parent / "shared" / "data"
RECORDS = SHARED / "speedrun-logs" / "KellerJordan__modded-nanogpt" / "records"
REAL_ROW = re.compile(
    r"^(?:step|s):(\d+)(?:/\d+)? (?:.*?\b)?(?:val_loss|tel):([\d.]+)", re.MULTILINE
)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_every_validation_loss_of_the_records_is_in_a_run():
    found = 0
    for path in (*RECORDS.rglob("*.txt"), *RECORDS.rglob("*.log")):
        log = read(path)
        runs = list(log.runs.values()) or [log]
        found += len(runs)
        metric = "val_loss" if "val_loss" in runs[0].metrics else "tel"
        expected = [(float(step), float(loss)) for step, loss in REAL_ROW.findall(path.read_text())]
        assert [point for run in runs for point in curve(run, metric)] == expected
        assert len(runs) == (10 if "normuon" in str(path) else 1)
        assert all(points == sorted(set(points)) for points in (curve(run, metric) for run in runs))

    assert found == 79
