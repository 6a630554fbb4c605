"""What pull tells: values with their steps, deltas only at one step, and what is left out."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.formats.checkpoints.malice import CALLING
from tests.formats.checkpoints.written import saved
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve
from tests.readers.mlflow_server.stub import serving

from samestep import MemoryRun, Project, forget, remember
from samestep.answers.pull import PulledRun
from samestep.errors import BadArgument, BadArguments, BadExpression, NoSuchMetric
from samestep.model import Final
from samestep.questions.pages import MOST_CHARACTERS
from samestep.questions.pull import pull
from samestep.readers.memory import held

Rows = list[dict[str, float]]
ROWS: Rows = [{"step": 10.0 * n, "loss": 4.0 / n, "top1": 10.0 * n} for n in (1, 2, 4)]
LONGER: Rows = [*ROWS, {"step": 80.0, "loss": 0.5, "top1": 60.0}]
NEVER_REACHED = "after the object"
"""What stands behind the end of a pickle is not called by whoever loads it."""
WIDE, NARROW, DEEP = "wide/seed0", "narrow/seed0", "deep/seed0"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setattr("samestep.resolve.sources._named", {})
    yield Project(tmp_path)
    for name in list(held()):
        forget(name)


def remembered(*runs: MemoryRun) -> list[str]:
    """Hold runs in memory and return their references."""
    source = remember("pulled", list(runs))
    return [f"{source}#{run.full_name}" for run in runs]


def told(one: PulledRun) -> dict[str, tuple[float, float | None, str]]:
    return {value.metric: (value.value, value.step, value.origin) for value in one.summary or []}


def test_a_value_logged_once_has_its_step_or_is_marked_as_having_none(project: Project) -> None:
    finals = {"test/f1": Final(0.5, "results.json: f1"), "test/em": Final(0.25, "eval", step=40.0)}
    answer = pull(runs=remembered(MemoryRun(WIDE, ROWS, finals=finals)), project=project)

    assert told(answer.pulled[0]) == {
        "loss": (1.0, 40.0, "history"),
        "top1": (40.0, 40.0, "history"),
        "test/f1": (0.5, None, "results.json: f1"),
        "test/em": (0.25, 40.0, "eval"),
    }
    assert "| test/f1 | 0.5 | none | results.json: f1 |" in answer.to_markdown()


def test_steps_that_only_count_log_calls_are_none(project: Project) -> None:
    run = MemoryRun(WIDE, ROWS, row_counter="W&B's row counter `_step`")
    answer = pull(runs=remembered(run), x="order", project=project)

    assert told(answer.pulled[0])["loss"] == (1.0, None, "history")


def test_summaries_are_subtracted_only_where_the_steps_agree(project: Project) -> None:
    lower = [{**row, "top1": row["top1"] - 1.0} for row in ROWS]
    runs = [MemoryRun(WIDE, ROWS), MemoryRun(NARROW, lower), MemoryRun(DEEP, LONGER)]
    answer = pull(runs=remembered(*runs), project=project)

    rows = {row.metric: row for row in answer.summary_comparison or []}
    assert rows["top1"].steps == [40.0, 40.0, 80.0]
    assert rows["top1"].values == [40.0, 39.0, 60.0]
    assert rows["top1"].deltas == [1.0, None]
    assert rows["top1"].why_not == "not at one step"


def test_values_on_two_scales_are_not_subtracted(project: Project) -> None:
    percent, fraction = (
        [{"step": 10.0 * n, "accuracy": scale * n / 8.0} for n in (1, 2, 4)] for scale in (100, 1)
    )
    runs = remembered(MemoryRun(WIDE, percent), MemoryRun(NARROW, fraction))
    [row] = pull(runs=runs, project=project).summary_comparison or []

    assert row.steps == [40.0, 40.0]
    assert (row.deltas, row.why_not) == ([None], "measured differently")


def test_what_only_one_run_has_and_what_is_not_finite_is_told_with_the_reason(
    project: Project,
) -> None:
    diverged = [*ROWS[:2], {"step": 40.0, "loss": math.nan, "kl": 1.0}]
    runs = remembered(MemoryRun(WIDE, ROWS), MemoryRun(NARROW, diverged))
    found = pull(runs=runs, project=project).summary_comparison or []

    rows = {row.metric: row for row in found}
    assert rows["loss"].why_not == "a value is not finite"
    assert (rows["kl"].values, rows["kl"].why_not) == ([None, 1.0], "not logged by both")
    assert [row.metric for row in found][-1] == "kl"


def test_a_config_is_flat_keeps_lists_and_nulls_and_hides_secrets(project: Project) -> None:
    config = {
        "optim": {"lr": {"value": 0.5, "desc": None}, "betas": [0.875, 0.5]},
        "resume": None,
        "api_key": "sk-1234567890abcdef1234",
        "tokenizer": "bpe",
    }
    answer = pull(runs=remembered(MemoryRun(WIDE, ROWS, config)), project=project)

    assert {one.key: one.value for one in answer.pulled[0].config or []} == {
        "optim.lr": 0.5,
        "optim.betas": [0.875, 0.5],
        "resume": None,
        "api_key": "[redacted]",
        "tokenizer": "bpe",
    }
    assert "| optim.betas | [0.875, 0.5] |" in answer.to_markdown()


def test_equal_settings_are_left_out_of_the_diff_and_counted(project: Project) -> None:
    configs = [{"lr": lr, "epochs": 30, "betas": [0.5]} for lr in (0.5, 0.25)]
    runs = [MemoryRun(n, ROWS, c) for n, c in zip((WIDE, NARROW), configs, strict=True)]
    answer = pull(runs=remembered(*runs), project=project)

    assert answer.config_diff is not None
    assert answer.config_diff.parameters is not None
    [row] = answer.config_diff.parameters.differing
    assert (row.key, row.values, answer.config_diff.parameters.equal) == ("lr", [0.5, 0.25], 2)
    assert "2 settings are the same in every run." in answer.to_markdown()


def test_two_checkpoints_of_one_run_are_two_places_on_one_curve(project: Project) -> None:
    remembered(MemoryRun(WIDE, LONGER))
    for step in (20, 80):
        saved(project.directory / f"step{step}.pt", {"step": step, "run_name": WIDE})
    answer = pull(checkpoints=["step20.pt", "step80.pt"], project=project)

    assert [one.full_name for one in answer.pulled] == [WIDE]
    found = [(one.x, {v.metric: v.value for v in one.values}["top1"]) for one in answer.checkpoints]
    assert found == [(20.0, 20.0), (80.0, 60.0)]
    assert answer.comparison is None


def test_a_checkpoint_between_two_points_has_interpolated_values(project: Project) -> None:
    remembered(MemoryRun(WIDE, ROWS))
    saved(project.directory / "last.pt", {"step": 30, "run_name": WIDE})
    answer = pull(checkpoints=["last.pt"], select=["top1"], project=project)

    [[value]] = [one.values for one in answer.checkpoints]
    assert (value.value, value.x, value.match, value.between) == (30, 30, "interpolated", (20, 40))
    assert "| top1 | ~30 | - | 30 (between 20 and 40) |" in answer.to_markdown()


def test_a_checkpoint_beyond_the_log_has_no_values_and_says_why(project: Project) -> None:
    remembered(MemoryRun(WIDE, ROWS))
    saved(project.directory / "last.pt", {"step": 9_000, "run_name": WIDE})
    [checkpoint] = pull(checkpoints=["last.pt"], project=project).checkpoints

    assert (checkpoint.x, checkpoint.values) == (None, [])
    assert checkpoint.placed == "it was saved at step 9000, and the run logged steps 10 to 40"


@pytest.mark.parametrize("malice", CALLING)
def test_a_checkpoint_that_would_run_code_runs_none_and_is_told_of(
    malice: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.directory)
    run = project.directory / "runs/wide"
    run.mkdir(parents=True)
    (run / "metrics.csv").write_text("step,epoch,loss\n10,2,0.5\n20,3,0.25\n")
    (run / "last.pt").write_bytes(CALLING[malice])
    answer = pull(checkpoints=["runs/wide/last.pt"], project=project)

    [checkpoint] = answer.checkpoints
    assert checkpoint.epoch == 3.0
    assert not (project.directory / "EXECUTED").exists()
    warned = [caveat.severity for caveat in answer.caveats if "would call" in caveat.text]
    assert warned == ([] if malice == NEVER_REACHED else ["warns"])


def test_names_of_others_may_say_what_no_answer_says_itself(project: Project) -> None:
    name = "best, converged because it will catch up"
    remembered(MemoryRun(name, ROWS))
    path = saved(project.directory / f"{name}.pt", {"step": 99_999, "run_name": name})
    answer = pull(checkpoints=[path.name], project=project)

    assert answer.reading.startswith(f"{name} saved the checkpoint asked for, and where is not")


def test_a_run_without_an_axis_keeps_its_other_sections(project: Project) -> None:
    rows = [{"step": 0.0, "loss": 4.0}, {"step": 0.0, "loss": 2.0}]
    runs = remembered(MemoryRun(WIDE, rows, {"lr": 0.5}), MemoryRun(NARROW, ROWS, {"lr": 0.25}))
    answer = pull(runs=runs, project=project)

    first, second = answer.pulled
    assert (first.x, first.history) == (None, None)
    assert told(first) == {"loss": (2.0, None, "history")}
    assert [one.value for one in first.config or []] == [0.5]
    assert second.history is not None
    assert answer.config_diff is not None
    said = [caveat.text for caveat in answer.caveats]
    assert any(text.startswith(f"{WIDE}: There are no rows (No x-axis 'auto'") for text in said)


def test_a_pattern_may_fit_metrics_of_one_run_alone(project: Project) -> None:
    other = [{"step": row["step"], "kl": 1.0} for row in ROWS]
    runs = remembered(MemoryRun(WIDE, ROWS), MemoryRun(NARROW, other))
    answer = pull(runs=runs, select=["kl"], project=project)

    assert [[*told(one)] for one in answer.pulled] == [[], ["kl"]]
    with pytest.raises(NoSuchMetric, match="'bleu'"):
        pull(runs=runs, select=["kl", "bleu"], project=project)


def test_a_column_that_one_run_lacks_leaves_that_run_without_rows(project: Project) -> None:
    other = [{"step": row["step"], "kl": 1.0} for row in ROWS]
    runs = remembered(MemoryRun(WIDE, ROWS), MemoryRun(NARROW, other))
    answer = pull(runs=runs, derive={"twice": "kl * 2"}, project=project)

    without, with_rows = answer.pulled
    assert without.history is None
    assert with_rows.history is not None
    assert [row[-1] for row in with_rows.history.rows] == [2.0, 2.0, 2.0]
    said = [c.text for c in answer.caveats if c.text.startswith(f"{WIDE}: There are no rows (")]
    assert len(said) == 1
    with pytest.raises(BadExpression, match="bleu"):
        pull(runs=runs, where="bleu > 0", project=project)


def test_six_runs_of_many_metrics_fit_and_say_what_they_leave_out(project: Project) -> None:
    rows = [{"step": 1.0 + n, **{f"m{k}/loss": n / 8 + k for k in range(40)}} for n in range(60)]
    config = {f"setting_{k}": f"a text of some length {k}" for k in range(60)}
    runs = [
        MemoryRun(f"resnet50-cosine-augmented/seed{seed}", rows, {**config, "seed": seed})
        for seed in range(6)
    ]
    answer = pull(runs=remembered(*runs), project=project)

    assert len(answer.model_dump_json()) <= MOST_CHARACTERS
    left = {(one.section, one.what): one.left for one in answer.left_out}
    settings = sum(len(one.config or []) for one in answer.pulled)
    assert left["CONFIG", "settings"] == 6 * 61 - settings
    assert left["SCHEMA", "metrics"] == 40


def test_the_longest_names_fit_too(project: Project) -> None:
    names = [f"{'a_directory_of_a_long_name/' * 3}seed{seed}" for seed in range(6)]
    runs = [MemoryRun(n, ROWS, {f"s{k}": f"{n}{k}" for k in range(30)}) for n in names]
    answer = pull(runs=remembered(*runs), project=project)

    assert len(answer.model_dump_json()) <= MOST_CHARACTERS
    [left] = [one for one in answer.left_out if one.section == "CONFIG_DIFF"]
    shown = answer.config_diff and answer.config_diff.parameters
    assert left.left == 30 - len(shown.differing if shown else [])


def test_what_a_checkpoint_leaves_out_is_counted_too(project: Project) -> None:
    rows = [{"step": 10.0 * n, **{f"m{k}/loss": n + k for k in range(40)}} for n in range(1, 5)]
    remembered(MemoryRun(WIDE, rows))
    others = {f"extra_{number}": 1 for number in range(20)}
    saved(project.directory / "last.pt", {"step": 30, "run_name": WIDE, **others})
    usual, whole = (
        pull(checkpoints=["last.pt"], show_all=show_all, project=project)
        for show_all in (False, True)
    )

    [told] = usual.checkpoints
    left = {one.what: (one.left, one.shown_by) for one in usual.left_out[:2]}
    assert (len(told.values), len(told.keys), told.more_keys) == (10, 12, 10)
    assert left == {"keys": (10, "--show-all"), "metrics": (30, "--select REGEX, --show-all")}
    assert usual.left_out[0].section == "CHECKPOINT"
    assert (len(whole.checkpoints[0].values), len(whole.checkpoints[0].keys)) == (40, 22)


def test_what_measures_the_machine_is_counted_and_shown_where_it_is_asked_for(
    project: Project,
) -> None:
    machine = {f"system.cpu.{number}": 0.5 for number in range(30)}
    rows = [{"step": 10.0 * n, "loss": 1.0 / n, **machine} for n in (1, 2, 3)]
    runs = remembered(MemoryRun(WIDE, rows), MemoryRun(NARROW, rows))
    usual = pull(runs=runs, project=project)
    asked = pull(runs=runs, select=[r"system\..*"], project=project)

    assert [list(told(one)) for one in usual.pulled] == [["loss"], ["loss"]]
    assert [row.metric for row in usual.summary_comparison or []] == ["loss"]
    left = {one.section: one.left for one in usual.left_out if "SUMMARY" in one.section}
    assert left == {"SUMMARY": 60, "SUMMARY_COMPARISON": 30}
    assert "system.cpu.0" in told(asked.pulled[0])


def test_runs_on_a_server_are_read_once_and_compared_as_they_were_read(tmp_path: Path) -> None:
    seeds = [HeldRun(f"{n:032x}", f"vit seed {n}", {"top1": curve(40, n + 1.0)}) for n in (1, 2)]
    with serving(Runs(seeds)) as stub:
        runs = [f"mlflow:{stub.url}#{run.id}" for run in seeds]
        answer = pull(runs=runs, project=Project(tmp_path))
        read = [call for call in stub.endpoints if call.endswith("get-history")]

    assert len(read) == 2
    assert answer.comparison is not None
    [row] = answer.comparison.proxy
    assert [entry.run for entry in answer.comparison.runs] == runs
    assert (row.student.x, row.baseline.x) == (39.0, 39.0)


def test_both_checkpoints_of_a_compared_run_are_told_of(project: Project) -> None:
    [_, narrow] = remembered(MemoryRun(WIDE, LONGER), MemoryRun(NARROW, LONGER))
    for step in (20, 40):
        saved(project.directory / f"step{step}.pt", {"step": step, "run_name": WIDE})
    answer = pull(["step20.pt", "step40.pt"], [narrow], project=project)

    offered = [one.text for one in (answer.comparison.caveats if answer.comparison else [])]
    assert [f"at={at}" in "".join(offered) for at in (20, 40)] == [True, True]


def test_show_all_shows_every_setting_metric_and_row(project: Project) -> None:
    rows = [{"step": 1.0 + n, **{f"m{k}/loss": n / 8 + k for k in range(40)}} for n in range(60)]
    run = MemoryRun(WIDE, rows, {f"setting_{k}": k for k in range(300)})
    answer = pull(
        runs=remembered(run),
        include=["config", "summary", "history", "schema", "stats"],
        show_all=True,
        project=project,
    )

    [one] = answer.pulled
    assert answer.left_out == []
    assert one.history is not None
    assert (len(one.history.rows), len(one.history.columns), one.history.sampled) == (60, 42, False)
    counts = [len(part or []) for part in (one.config, one.summary, one.metrics, one.stats)]
    assert counts == [300, 40, 40, 40]


def test_what_cannot_be_asked_is_refused(project: Project) -> None:
    [wide] = remembered(MemoryRun(WIDE, ROWS))
    saved(project.directory / "model.weights", {"epoch": 3})
    (project.directory / "many").mkdir()

    with pytest.raises(BadArguments, match="no run and no checkpoint is named"):
        pull(project=project)
    with pytest.raises(BadArgument, match="two runs or more"):
        pull(runs=[wide], at=10.0, project=project)
    with pytest.raises(BadArgument, match="named like one"):
        pull(checkpoints=["model.weights"], project=project)
    with pytest.raises(BadArgument, match="at most 6 runs; these are 7, and rank_runs takes more"):
        pull(
            runs=remembered(*(MemoryRun(f"wide/seed{n}", ROWS) for n in range(7))), project=project
        )


def test_the_same_run_named_twice_is_one_run(project: Project) -> None:
    [wide] = remembered(MemoryRun(WIDE, ROWS))

    answer = pull(runs=[wide, WIDE], project=project)

    assert [entry.full_name for entry in answer.runs] == [WIDE]


def test_the_rows_of_all_runs_are_one_frame(project: Project) -> None:
    runs = remembered(MemoryRun(WIDE, ROWS), MemoryRun(NARROW, LONGER))
    frame = pull(runs=runs, project=project).to_frame()

    assert list(frame["run"]) == [WIDE] * 3 + [NARROW] * 4
    assert list(frame["top1"]) == [10.0, 20.0, 40.0, 10.0, 20.0, 40.0, 60.0]
