"""Every option of `samestep pull`, over runs that four trackers kept."""

import json
from pathlib import Path

import pytest
from tests.formats.checkpoints.written import saved
from tests.readers.contract.files import FilesStore
from tests.readers.contract.kept import worlds_of
from tests.readers.contract.known import BASELINE, LOSS, STUDENT, TOP1
from tests.readers.contract.mlflow_local import MLFLOW_DATABASE
from tests.readers.contract.store import Kept, Store
from tests.readers.contract.tensorboard import TensorBoardStore
from tests.readers.contract.wandb_local import WandbStore
from typer.testing import CliRunner

from samestep import list_runs
from samestep.answers.history import Rows, SchemaRow, StatsRow
from samestep.answers.pull import Pulled, PulledRun
from samestep_server.cli import app

STORES: tuple[Store, ...] = (TensorBoardStore(), FilesStore(), WandbStore(), MLFLOW_DATABASE)
ID_KEYS = {"wandb": "wandb_run_id", "mlflow": "mlflow_run_id"}


def name_of(store: Store) -> str:
    return store.name


@pytest.fixture(params=STORES, ids=name_of)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return the known runs as one tracker keeps them."""
    return worlds_of(request.param, request, tmp_path_factory)["known"]


def printed(kept: Kept, *words: str, status: int = 0) -> str:
    """Return what the command prints, or says on standard error where it is refused."""
    asked = ["pull", *words, "--project", str(kept.project.directory)]
    result = CliRunner().invoke(app, asked, env={"COLUMNS": "120"})
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.stderr


def pulled(kept: Kept, *words: str) -> Pulled:
    return Pulled.model_validate_json(printed(kept, *words, "--json"))


def only(answer: Pulled) -> PulledRun:
    [one] = answer.pulled
    return one


def rows_of(one: PulledRun) -> Rows:
    assert one.history is not None
    return one.history


def schema_of(one: PulledRun) -> list[SchemaRow]:
    assert one.metrics is not None
    return one.metrics


def stats_of(one: PulledRun) -> list[StatsRow]:
    assert one.stats is not None
    return one.stats


def reference(kept: Kept, name: str) -> str:
    listed = list_runs(kept.source, limit=50, project=kept.project).items
    [run] = [item.run for item in listed if item.full_name == name]
    return run


def test_run_shows_its_config_its_newest_values_and_its_rows(kept: Kept) -> None:
    told = printed(kept, "-r", STUDENT.name)

    titles = [line.partition(",")[0] for line in told.splitlines() if line.startswith("## ")]
    assert titles == ["## CONFIG", "## SUMMARY", "## HISTORY", "## LEFT OUT"]
    assert "| epochs | 30 |" in told
    assert f"| {LOSS} | 8.5 | 110 | history |" in told
    assert "SCHEMA: --schema" in told
    assert "STATS: --stats" in told


def test_checkpoint_shows_its_run_and_how_good_that_was_then(kept: Kept, tmp_path: Path) -> None:
    tracker, _, run_id = reference(kept, STUDENT.name).replace("#", ":").rpartition(":")
    key = ID_KEYS.get(tracker.partition(":")[0])
    named = {key: run_id} if key else {"run_name": STUDENT.name}
    path = saved(tmp_path / "last.pt", {"epoch": 4, "global_step": 50, **named})

    [checkpoint] = pulled(kept, "--checkpoint", str(path)).checkpoints

    assert checkpoint.full_name == STUDENT.name
    assert (checkpoint.epoch, checkpoint.step, checkpoint.x) == (4.0, 50.0, 5.0)
    values = {one.metric: (one.value, one.step, one.match) for one in checkpoint.values}
    assert values == {LOSS: (13.0, 50.0, "exact"), TOP1: (16.0, 50.0, "exact")}


def test_schema_shows_only_which_metrics_there_are(kept: Kept) -> None:
    one = only(pulled(kept, "--run", STUDENT.name, "--schema"))

    assert (one.config, one.summary, one.history, one.stats) == (None, None, None, None)
    points = {row.metric: (row.points, row.first_x, row.last_x) for row in schema_of(one)}
    assert points[LOSS] == (11, 1.0, 11.0)


def test_stats_shows_only_statistics_over_all_rows(kept: Kept) -> None:
    one = only(pulled(kept, "-r", STUDENT.name, "--stats"))

    assert (one.config, one.summary, one.history, one.metrics) == (None, None, None, None)
    found = {row.metric: (row.points, row.min, row.p50, row.max) for row in stats_of(one)}
    assert found[TOP1] == (11, 10.0, 17.5, 25.0)


def test_select_keeps_the_metrics_a_pattern_fits(kept: Kept) -> None:
    one = only(pulled(kept, "-r", STUDENT.name, "--select", "test/.*"))

    assert rows_of(one).columns == ["x", "step", TOP1]
    assert [value.metric for value in one.summary or []] == [TOP1]


@pytest.mark.parametrize("kept", STORES[:1], indirect=True, ids=name_of)
def test_select_of_nothing_is_refused_with_what_there_is(kept: Kept) -> None:
    said = printed(kept, "-r", STUDENT.name, "--select", "nothing/.*", status=2)

    assert "No metric 'nothing/.*'" in said
    assert TOP1 in said


def test_where_keeps_the_rows_a_condition_holds_in(kept: Kept) -> None:
    one = only(pulled(kept, "-r", STUDENT.name, "--where", "epoch > 9 and step < 110"))

    [row] = rows_of(one).rows
    assert dict(zip(rows_of(one).columns, row, strict=True)) == {
        "x": 10.0,
        "step": 100.0,
        LOSS: 9.25,
        TOP1: 23.5,
    }


def test_derive_and_eval_add_a_column_to_rows_and_to_statistics(kept: Kept) -> None:
    asked, column = ("-r", STUDENT.name, "--select", LOSS), f"sum={LOSS} + {TOP1}"
    rows = rows_of(only(pulled(kept, *asked, "--derive", column)))
    stats = stats_of(only(pulled(kept, *asked, "--eval", column, "--stats")))

    assert rows.columns == ["x", "step", LOSS, "sum"]
    assert rows.rows[-1] == [11.0, 110.0, 8.5, 33.5]
    assert {row.metric: row.max for row in stats}["sum"] == 33.5


def test_show_all_leaves_nothing_out(kept: Kept) -> None:
    usual, whole = (pulled(kept, "-r", BASELINE.name, *more) for more in ((), ("--show-all",)))

    assert next((one.section, one.left) for one in usual.left_out) == ("HISTORY", 6)
    assert (len(rows_of(only(usual)).rows), len(rows_of(only(whole)).rows)) == (24, 30)
    assert {one.shown_by for one in whole.left_out} == {"--schema", "--stats"}


def test_human_shows_tables_with_a_curve_below_them(kept: Kept) -> None:
    told = printed(kept, "-r", STUDENT.name, "--human")

    assert f"HISTORY {STUDENT.name}, x is epoch (epochs completed)" in told
    assert "█" in told
    assert "|-|" not in told


def test_json_is_the_answer_and_refresh_changes_nothing_of_it(kept: Kept) -> None:
    answer = pulled(kept, "-r", STUDENT.name)

    told = printed(kept, "-r", STUDENT.name, "--refresh").removesuffix("\n")
    assert answer.to_markdown() == told
    assert json.loads(answer.model_dump_json())["tool"] == "pull"


def test_two_runs_are_compared_at_one_step_and_never_last_against_last(kept: Kept) -> None:
    answer = pulled(kept, "-r", STUDENT.name, "-r", BASELINE.name)

    assert answer.comparison is not None
    assert (answer.comparison.at.axis, answer.comparison.at.value) == ("epoch", 11.0)
    rows = {row.metric: row for row in answer.comparison.proxy}
    assert (rows[TOP1].student.value, rows[TOP1].baseline.value) == (25.0, 20.0)
    [summary] = [one for one in answer.summary_comparison or [] if one.metric == TOP1]
    assert (summary.values, summary.steps) == ([25.0, 39.0], [110.0, 300.0])
    assert (summary.deltas, summary.why_not) == ([None], "not at one step")
    assert answer.config_diff is not None


def test_at_and_x_say_where_two_runs_are_compared(kept: Kept) -> None:
    asked = ("-r", STUDENT.name, "-r", BASELINE.name, "--x", "step", "--at", "50")
    comparison = pulled(kept, *asked).comparison

    assert comparison is not None
    assert (comparison.at.axis, comparison.at.value) == ("step", 50.0)


@pytest.mark.parametrize("kept", STORES[:1], indirect=True, ids=name_of)
def test_what_a_person_types_in_a_wrong_way_is_refused_in_words(kept: Kept, tmp_path: Path) -> None:
    image = tmp_path / "model.pt"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")

    assert "no run and no checkpoint is named" in printed(kept, status=2)
    assert "-r takes a run" in printed(kept, "-c", str(tmp_path), status=2)
    assert "no checkpoint" in printed(kept, "-c", str(image), status=2)
    assert "No file or directory" in printed(kept, "-c", "gone.pt", status=2)
    assert "Known runs: " in printed(kept, "-r", "cosine/seed9", status=2)
