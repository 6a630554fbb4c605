"""Files of HF Trainer, Lightning and Ultralytics.

The trainers are too heavy to install here: states and tables are written by hand, in the form of
Transformers' TrainerState.save_to_json, Lightning's CSVLogger and Ultralytics' save_metrics, and
the states of UniTSyn under shared/data, which a real Trainer wrote, are checked against json.
"""

import json
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of, hf_trainer
from samestep.formats.local.text import head_of

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
UNITSYN = SHARED / "hf-trainer" / "SecurityLab-UCD__UniTSyn" / "results"

TRAINED = [
    {"epoch": 0.5, "learning_rate": 5e-5, "loss": 2.5, "step": 10},
    {"epoch": 1.0, "learning_rate": 4e-5, "loss": 2.0, "step": 20},
    {"epoch": 1.0, "eval_loss": 2.2, "eval_runtime": 3.5, "step": 20},
]
CLOSING = {"epoch": 1.0, "step": 20, "total_flos": 1e15, "train_loss": 2.25, "train_runtime": 60.5}


def state(path: Path, rows: list[dict[str, float]], step: int = 20, max_steps: int = 40) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    top = {"best_metric": 2.2, "epoch": step / 20, "global_step": step, "max_steps": max_steps}
    more = {"num_train_epochs": 2, "logging_steps": 10, "trial_name": None}
    path.write_text(json.dumps({**top, **more, "log_history": rows}, indent=2) + "\n")
    return path


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def known_as(path: Path) -> str | None:
    found = format_of(path.name, head_of(path))
    return found.name if found else None


def text(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_a_trainer_s_rows_are_points_and_its_settings_config(tmp_path: Path):
    log = read(state(tmp_path / "trainer_state.json", TRAINED))

    assert log.metrics["loss"].steps.tolist() == [10.0, 20.0]
    assert log.metrics["eval_loss"].values.tolist() == [2.2]
    assert log.metrics["epoch"].values.tolist() == [0.5, 1.0, 1.0]
    assert log.config == {"max_steps": 40, "num_train_epochs": 2, "logging_steps": 10}
    assert (log.steps_per_epoch, log.finished, log.finals) == (20.0, False, {})
    assert log.epochs is not None
    assert log.epochs.base == "epochs completed"


def test_the_closing_row_of_a_trainer_holds_final_values(tmp_path: Path):
    log = read(state(tmp_path / "trainer_state.json", [*TRAINED, CLOSING]))

    assert log.finished
    assert {name: (final.value, final.step) for name, final in log.finals.items()} == {
        "total_flos": (1e15, 20.0),
        "train_loss": (2.25, 20.0),
        "train_runtime": (60.5, 20.0),
    }
    assert "train_loss" not in log.metrics


def test_a_trainer_that_went_on_after_closing_has_not_finished(tmp_path: Path):
    went_on = [*TRAINED, CLOSING, {"epoch": 1.5, "loss": 1.9, "step": 30}]

    assert not read(state(tmp_path / "trainer_state.json", went_on, step=30)).finished


def test_a_trainer_at_its_last_step_has_finished(tmp_path: Path):
    assert read(state(tmp_path / "trainer_state.json", TRAINED, max_steps=20)).finished


def test_a_state_without_a_history_is_refused(tmp_path: Path):
    for content in ('{"global_step": 3}', '{"log_history": 3}', '{"log_history": [{"lo'):
        with pytest.raises(NotReadable):
            read(text(tmp_path / "trainer_state.json", content))


def test_states_belong_together_where_one_repeats_the_other(tmp_path: Path):
    nan = [{"step": 10, "loss": float("nan")}]
    states = [
        hf_trainer.read_state(state(tmp_path / name / "trainer_state.json", rows))
        for name, rows in {
            "early": nan,
            "late": [*nan, {"step": 20, "loss": 2.0}],
            "other": [{"step": 10, "loss": 3.0}],
        }.items()
    ]
    runs = hf_trainer.distinct(states)

    assert [[member.path.parent.name for member in run] for run in runs] == [
        ["late", "early"],
        ["other"],
    ]


LIGHTNING = """\
epoch,step,train_loss,val_loss
0,19,2.5,
0,19,,2.6
1,39,2.1,
"""


def test_lightning_counts_epochs_from_0(tmp_path: Path):
    in_version = read(text(tmp_path / "version_0" / "metrics.csv", LIGHTNING))
    beside_hparams = text(tmp_path / "run" / "metrics.csv", LIGHTNING)
    text(tmp_path / "run" / "hparams.yaml", "{}")

    assert known_as(beside_hparams) == "Lightning"
    for log in (in_version, read(beside_hparams)):
        assert log.epochs is not None
        assert log.epochs.base == "first is 0"
        assert log.metrics["val_loss"].steps.tolist() == [19.0]
        assert log.metrics["val_loss"].rows.tolist() == [1]


def test_a_metrics_csv_of_an_unknown_writer_leaves_its_epochs_open(tmp_path: Path):
    log = read(text(tmp_path / "run" / "metrics.csv", LIGHTNING))

    assert log.epochs is not None
    assert (log.epochs.metric, log.epochs.base) == ("epoch", "unknown")


ULTRALYTICS = """\
                  epoch,                   time,         train/box_loss,   metrics/mAP50(B),  lr/pg0
                      {first},                12.5,                 1.234,                0.5,    0.01
                      {second},                25.1,                 1.100,                0.6,    0.01
"""


@pytest.mark.parametrize(("first", "base"), [(1, "first is 1"), (0, "first is 0")])
def test_ultralytics_counts_epochs_from_1_and_did_from_0(tmp_path: Path, first: int, base: str):
    content = ULTRALYTICS.format(first=first, second=first + 1)
    log = read(text(tmp_path / "results.csv", content))

    assert log.epochs is not None
    assert log.epochs.base == base
    assert log.metrics["metrics/mAP50(B)"].values.tolist() == [0.5, 0.6]
    assert log.metrics["time"].values.tolist() == [12.5, 25.1]


@pytest.mark.skipif(not UNITSYN.is_dir(), reason="../shared/data is not here")
def test_a_real_trainer_s_state_is_read_as_json_reads_it():
    log = read(UNITSYN / "checkpoint-3500" / "trainer_state.json")
    rows = json.loads((UNITSYN / "checkpoint-3500" / "trainer_state.json").read_text())[
        "log_history"
    ]

    assert log.metrics["loss"].values.tolist() == [row["loss"] for row in rows]
    assert log.metrics["loss"].steps.tolist() == [row["step"] for row in rows]
    assert log.metrics["epoch"].values.tolist() == [row["epoch"] for row in rows]
    assert (len(rows), log.steps_per_epoch, log.config["max_steps"]) == (350, 58884.0, 176652)
