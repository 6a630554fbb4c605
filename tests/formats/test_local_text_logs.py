"""Lines of figures behind a logger's prefix: fairseq and MLPerf.

fairseq needs torch: its lines are written by hand, in the form of its JsonProgressBar and
SimpleProgressBar. MLPerf's are written by its own logger where that is installed, and by hand in
the same form.
"""

from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of

AT = "2021-03-08 12:31:36 | INFO |"
FAIRSEQ = f"""\
{AT} fairseq_cli.train | Namespace(seed=3, max_update=40, lr=[0.0005], max_tokens=4096)
{AT} train_inner | {{"epoch": 1, "update": 0.5, "loss": "16.475", "num_updates": "10"}}
{AT} fairseq.trainer | NOTE: gradient overflow detected, setting loss scale to: 16.0
{AT} train_inner | {{"epoch": 1, "update": 1.0, "loss": "12.25", "num_updates": "20"}}
{AT} valid | {{"epoch": 1, "valid_loss": "11.5", "valid_ppl": "inf", "valid_num_updates": "20"}}
{AT} train | {{"epoch": 1, "train_loss": "14.5", "train_num_updates": "20"}}
{AT} train_inner | {{"epoch": 2, "update": 1.5, "loss": "9.5", "num_updates": "30"}}
"""
SIMPLE = f"""\
{AT} fairseq_cli.train | {{'_name': None, 'common': {{'seed': 3}}, 'max_update': 40}}
{AT} train_inner | epoch 001:     10 / 20 loss=16.475, ppl=91120.8, num_updates=10, lr=2e-05
{AT} valid | epoch 001 | valid on 'valid' subset | loss 11.5 | ppl 2896 | num_updates 20
{AT} train | epoch 001 | loss 14.5 | num_updates 20
"""


def put(directory: Path, content: str, name: str = "train.log") -> Path:
    path = directory / name
    path.write_text(content)
    return path


def read(path: Path, name: str) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    assert found.name == name
    return found.read(path)


def curve(log: Log, metric: str) -> list[tuple[float, float]]:
    found = log.metrics[metric]
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def test_fairseq_s_texts_are_numbers_at_its_updates(tmp_path: Path):
    log = read(put(tmp_path, FAIRSEQ), "fairseq")

    assert curve(log, "loss") == [(10.0, 16.475), (20.0, 12.25), (30.0, 9.5)]
    assert curve(log, "valid_loss") == [(20.0, 11.5)]
    assert curve(log, "valid_ppl") == [(20.0, float("inf"))]
    assert curve(log, "train_loss") == [(20.0, 14.5)]
    assert log.config == {"seed": 3, "max_update": 40, "max_tokens": 4096}
    assert (log.finished, log.losses) == (False, ())


def test_fairseq_counts_epochs_from_1(tmp_path: Path):
    log = read(put(tmp_path, FAIRSEQ), "fairseq")

    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("epoch", "first is 1")
    assert [value for _, value in curve(log, "epoch")] == [1.0, 1.0, 1.0, 1.0, 2.0]


def test_fairseq_s_plain_lines_bear_the_names_of_its_json(tmp_path: Path):
    log = read(put(tmp_path, SIMPLE), "fairseq")

    assert curve(log, "loss") == [(10.0, 16.475)]
    assert curve(log, "valid_loss") == [(20.0, 11.5)]
    assert curve(log, "train_loss") == [(20.0, 14.5)]
    assert curve(log, "lr") == [(10.0, 2e-05)]
    assert (log.config, log.losses) == ({"seed": 3, "max_update": 40}, ())


def test_fairseq_says_when_it_is_done(tmp_path: Path):
    done = f"{AT} fairseq_cli.train | done training in 5432.1 seconds\n"

    assert read(put(tmp_path, FAIRSEQ + done), "fairseq").finished


def test_a_fairseq_line_cut_short_is_counted(tmp_path: Path):
    log = read(put(tmp_path, f'{FAIRSEQ}{AT} train_inner | {{"epoch": 2, "upd'), "fairseq")

    assert len(log.metrics["loss"].values) == 3
    assert log.losses == ("1 lines whose figures are not whole were skipped",)


def test_a_fairseq_log_without_figures_is_refused(tmp_path: Path):
    path = put(tmp_path, f"{AT} fairseq_cli.train | Namespace(seed=3)\n")

    with pytest.raises(NotReadable, match="no line with figures"):
        read(path, "fairseq")


def event(key: str, value: str, metadata: str = "", kind: str = "POINT_IN_TIME") -> str:
    return (
        ':::MLLOG {"namespace": "", "time_ms": 1795198540960, "event_type": '
        f'"{kind}", "key": "{key}", "value": {value}, '
        f'"metadata": {{"file": "train.py", "lineno": 12{metadata}}}}}\n'
    )


MLPERF = "".join(
    (
        event("submission_benchmark", '"resnet"'),
        event("seed", "42"),
        event("global_batch_size", "256"),
        event("run_start", "null", kind="INTERVAL_START"),
        "Iteration: 80, Loss function: 9.134, Average Loss: 0.982\n",
        event("eval_accuracy", "0.3", ', "epoch_num": 1'),
        "0: " + event("tracked_stats", '{"train_loss": 1.5}', ', "step": 10'),
        event("eval_accuracy", "0.6", ', "epoch_num": 2'),
    )
)


def test_mlperf_s_events_are_points_where_they_say_when(tmp_path: Path):
    log = read(put(tmp_path, MLPERF, "result_0.txt"), "MLPerf")

    assert log.metrics["eval_accuracy"].values.tolist() == [0.3, 0.6]
    assert log.metrics["epoch_num"].values.tolist() == [1.0, 2.0]
    assert curve(log, "train_loss") == [(10.0, 1.5)]
    assert log.metrics["eval_accuracy"].times is not None
    assert log.metrics["eval_accuracy"].times.tolist() == [1795198540.96] * 2
    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("epoch_num", "epochs completed")


def test_mlperf_s_other_events_are_settings(tmp_path: Path):
    log = read(put(tmp_path, MLPERF, "result_0.txt"), "MLPerf")

    assert log.config == {"submission_benchmark": "resnet", "seed": 42, "global_batch_size": 256}


@pytest.mark.parametrize(
    ("status", "ended"), [("success", (True, False)), ("aborted", (False, True))]
)
def test_mlperf_says_how_a_run_ended(tmp_path: Path, status: str, ended: tuple[bool, bool]):
    stop = event("run_stop", "null", f', "status": "{status}"', "INTERVAL_END")
    log = read(put(tmp_path, MLPERF + stop), "MLPerf")

    assert (log.finished, log.failed) == ended


def test_samples_that_stand_where_the_epoch_should_are_no_epochs(tmp_path: Path):
    log = read(put(tmp_path, event("eval_accuracy", "0.7", ', "epoch_num": 2030855')), "MLPerf")

    assert log.epochs is None
    assert log.metrics["epoch_num"].values.tolist() == [2030855.0]


def test_an_mlperf_line_cut_short_is_counted(tmp_path: Path):
    log = read(put(tmp_path, MLPERF + MLPERF[:60]), "MLPerf")

    assert log.losses == ("1 events that are not whole were skipped",)


def test_an_mlperf_log_without_an_event_is_refused(tmp_path: Path):
    with pytest.raises(NotReadable, match="no whole event"):
        read(put(tmp_path, ':::MLLOG {"namespace"\n'), "MLPerf")
    assert format_of("result_0.txt", b"") is None


def test_mlperf_s_own_logger_is_read(tmp_path: Path):
    mllog = pytest.importorskip("mlperf_logging.mllog", reason="mlperf-logging is not installed")
    path = tmp_path / "result_0.txt"
    mllog.config(filename=str(path))
    logger = mllog.get_mllogger()
    logger.event(key="seed", value=42)
    for epoch in (1, 2):
        logger.event(key="eval_accuracy", value=0.25 * epoch, metadata={"epoch_num": epoch})
    logger.end(key="run_stop", metadata={"status": "success"})
    log = read(path, "MLPerf")

    assert log.metrics["eval_accuracy"].values.tolist() == [0.25, 0.5]
    assert (log.config, log.finished) == ({"seed": 42}, True)
