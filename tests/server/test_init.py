"""`samestep init`: the one command that writes, and the one file it writes."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samestep.settings import Settings
from samestep_server.cli import app


def samestep(*words: str, status: int = 0) -> tuple[str, str]:
    """Run a command and return what it printed and what it said on standard error."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


def log(directory: Path, name: str, metrics: dict[str, float], **config: object) -> None:
    """Write a run of three epochs, and its config beside it."""
    run = directory / "logs" / name
    run.mkdir(parents=True)
    rows = [{"epoch": epoch, **metrics} for epoch in range(1, 4)]
    (run / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (run / "config.json").write_text(json.dumps(config))


def contents(directory: Path) -> dict[str, bytes]:
    return {
        file.relative_to(directory).as_posix(): file.read_bytes()
        for file in directory.rglob("*")
        if file.is_file()
    }


def test_it_writes_what_the_runs_show_and_nothing_but_that_file(tmp_path: Path) -> None:
    log(tmp_path, "cosine", {"val_loss": 1.0, "test/top1": 50.0, "oddity": 3.0}, init_seed=1)
    log(tmp_path, "linear", {"eval/loss": 1.0, "test/top1": 40.0, "oddity": 2.0}, init_seed=2)
    before = contents(tmp_path)

    printed, _ = samestep("init", "--project", str(tmp_path))

    after = contents(tmp_path)
    written = after.pop("samestep.toml").decode()
    assert after == before
    assert "samestep.toml is written" in printed
    assert Settings.read(tmp_path / "samestep.toml") == Settings(
        downstream=("test/top1",), seed_keys=("init_seed",)
    )
    assert '# "val_loss" = "eval/loss"  # both say loss val' in written
    assert '# higher_is_better = ["oddity"]' in written
    assert "# higher by the name: test/top1" in written
    assert "# Read: files:logs (cosine, linear)" in written


def test_several_likely_goals_are_left_to_the_person(tmp_path: Path) -> None:
    log(tmp_path, "cosine", {"test/top1": 50.0, "test/top5": 80.0, "val/top1": 51.0})

    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert '# downstream = ["test/top1", "test/top5"]' in printed
    assert not (tmp_path / "samestep.toml").exists()


def test_a_proposal_is_read_back_with_every_suggestion_taken(tmp_path: Path) -> None:
    log(tmp_path, "cosine", {"val_loss": 1.0, "oddity": 3.0}, data_seed=1, init_seed=1)
    log(tmp_path, "linear", {"eval/loss": 1.0, "oddity": 2.0}, data_seed=1, init_seed=1)
    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))
    taken = [line.removeprefix("# ") if " = " in line else line for line in printed.splitlines()]
    taken = [line for line in taken if not line.startswith("lower_is_better")]
    (tmp_path / "samestep.toml").write_text("\n".join(taken))

    settings = Settings.read(tmp_path / "samestep.toml")

    assert settings.pairs == {"val_loss": "eval/loss"}
    assert settings.higher_is_better == ("oddity",)
    assert settings.seed_keys == ("data_seed", "init_seed")
    assert list(settings.sources) == ["cluster"]
    assert settings.deadline == 30.0


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    log(tmp_path, "cosine", {"test/top1": 50.0})
    (tmp_path / "samestep.toml").write_text("# mine\n")

    printed, said = samestep("init", "--project", str(tmp_path), status=2)
    shown, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert printed == ""
    assert "is there already, and is not overwritten. `samestep init --stdout` prints" in said
    assert (tmp_path / "samestep.toml").read_text() == "# mine\n"
    assert 'downstream = ["test/top1"]' in shown


@pytest.mark.parametrize(
    "name",
    ['test/acc"]\nproxy = ["x"]', "test/acc \x7f\u2028\x00", "test/acc\\", "test/acc ' # \ud800"],
)
def test_a_metric_may_have_any_name_and_stays_a_name(tmp_path: Path, name: str) -> None:
    log(tmp_path, "cosine", {name: 50.0})

    samestep("init", "--project", str(tmp_path))

    settings = Settings.read(tmp_path / "samestep.toml")
    assert settings.proxy == ()
    assert len(settings.downstream) == 1


def test_a_name_that_is_no_regular_expression_is_written_as_one(tmp_path: Path) -> None:
    for name in ("cosine", "linear"):
        log(tmp_path, name, {"test/acc (top": 50.0})

    samestep("init", "--project", str(tmp_path))

    printed, _ = samestep("compare", "cosine", "linear", "--json", "--project", str(tmp_path))
    assert [(one["metric"], one["role_why"]) for one in json.loads(printed)["metrics"]] == [
        ("test/acc (top", "declared in samestep.toml")
    ]


def test_runs_of_one_name_are_named_once_among_the_unfinished(tmp_path: Path) -> None:
    for source in ("first", "second"):
        log(tmp_path, "cosine", {"test/top1": 50.0})
        (tmp_path / "logs").rename(tmp_path / source)

    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert "# Read: files:second (cosine)" in printed
    assert '# finished = ["cosine"]' in printed


def test_of_many_runs_a_few_are_read(tmp_path: Path) -> None:
    for at in range(12):
        log(tmp_path, f"run{at:02}", {"test/top1": 50.0})

    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert "# Read: files:logs (run00, run04, run07, run11)" in printed


def test_a_server_is_named_and_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log(tmp_path, "cosine", {"test/top1": 50.0})
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")

    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert "# Not read: mlflow:http://127.0.0.1:9: its server was not asked" in printed
    assert '# mlflow1 = "mlflow:http://127.0.0.1:9"' in printed


def test_a_source_that_cannot_be_read_is_named_and_takes_no_other_down(tmp_path: Path) -> None:
    log(tmp_path, "cosine", {"test/top1": 50.0})
    (tmp_path / "mlflow.db").write_bytes(b"no database")

    printed, _ = samestep("init", "--stdout", "--project", str(tmp_path))

    assert "# Read: files:logs (cosine)" in printed
    assert re.search("# Not read: mlflow:sqlite:///mlflow.db: .+", printed)
    assert 'downstream = ["test/top1"]' in printed


def test_a_project_without_runs_is_refused_with_the_next_call(tmp_path: Path) -> None:
    _, said = samestep("init", "--project", str(tmp_path), status=2)

    assert "No tracker found" in said
    assert not (tmp_path / "samestep.toml").exists()
