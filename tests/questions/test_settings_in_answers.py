"""What each setting of samestep.toml changes in an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from samestep import (
    MemoryRun,
    Project,
    compare_configs,
    compare_same_epoch,
    forget,
    list_runs,
    remember,
)
from samestep.answers import Comparison
from samestep.validator import RuleBroken, validate

Write = Callable[[str], Project]
GOAL = '[metrics]\ndownstream = ["test/top1"]\n'
COSINE, LINEAR = "memory:test#cosine/0", "memory:test#linear/0"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write samestep.toml and return the project it belongs to."""

    def written(text: str) -> Project:
        (tmp_path / "samestep.toml").write_text(text)
        return Project.here(str(tmp_path))

    return written


def curve(name: str, points: float, metric: str = "test/top1", **config: object) -> MemoryRun:
    """Return a run of ten epochs with `points` more of a metric each."""
    rows = [{"epoch": epoch, metric: points * epoch} for epoch in range(1, 11)]
    return MemoryRun(name, rows, config={"epochs": 10, **config}, state="finished")


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold two runs whose top-1 differs by 1 at epoch 10."""
    remember("test", [curve("cosine/0", 2.1), curve("linear/0", 2.0)])
    yield
    forget("test")


def compared(project: Project) -> Comparison:
    return compare_same_epoch(COSINE, [LINEAR], project=project)


def grouped(project: Project) -> Comparison:
    """Compare the seeds of both."""
    return compare_same_epoch(
        "group:memory:test#cosine/*", ["group:memory:test#linear/*"], project=project
    )


def test_a_goal_that_none_of_the_runs_logs_is_said_not_to_be(write: Write) -> None:
    answer = compared(write('[metrics]\ndownstream = ["test/top5"]\n'))

    [text] = [caveat.text for caveat in answer.caveats if caveat.rule == "roles-apart"]
    assert text == (
        "What is declared downstream (test/top5) is logged by none of these runs, so nothing here "
        'decides (likely: test/top1). Declare one (downstream=["test/top1"]).'
    )


def test_a_downstream_metric_of_the_file_decides(write: Write) -> None:
    answer = compared(write(GOAL))

    assert (answer.metrics[0].role, answer.metrics[0].role_why) == (
        "downstream",
        "declared in samestep.toml",
    )
    assert answer.verdict.kind == "ahead_so_far"


def test_a_proxy_of_the_file_gives_its_reason(write: Write) -> None:
    [metric] = compared(write('[metrics]\nproxy = ["test/.*"]\n')).metrics

    assert (metric.role, metric.role_why) == ("proxy", "declared in samestep.toml")


@pytest.mark.parametrize("way", ["higher", "lower"])
def test_a_direction_of_the_file_says_which_value_is_better(write: Write, way: str) -> None:
    answer = compared(write(f'[metrics]\n{way}_is_better = ["test/top1"]\n'))

    [row] = answer.proxy
    assert answer.metrics[0].direction_why == "declared in samestep.toml"
    assert row.better == {"higher": "student", "lower": "baseline"}[way]


def test_a_declared_noise_keeps_a_small_lead_of_single_seeds_within_it(write: Write) -> None:
    answer = compared(write(GOAL + '[metrics.noise]\n"test/top1" = 1\n'))

    [row] = answer.downstream
    assert (row.delta, row.noise, row.noise_from) == (1.0, 1.41421, "declared in samestep.toml")
    assert answer.verdict.kind == "within_noise"
    assert "1.41421†" in answer.to_markdown()
    assert "† noise declared in samestep.toml." in answer.to_markdown()


def test_a_lead_beyond_a_declared_noise_is_suggestive_and_no_more(write: Write) -> None:
    answer = compared(write(GOAL + '[metrics.noise]\n"test/.*" = 0.1\n'))

    assert answer.verdict.kind == "ahead_so_far"
    assert "single-seed" in answer.verdict.blocked_by
    assert answer.verdict.text.startswith(
        "On test/top1 at epoch 10 cosine/0 is ahead of linear/0, by more than the noise "
        "declared in samestep.toml: suggestive, not decided."
    )


def test_a_declared_noise_below_that_of_the_curves_does_not_count(write: Write) -> None:
    wild = [(-1.0) ** epoch + epoch / 10 for epoch in range(1, 11)]
    rows = [{"epoch": epoch, "test/top1": value} for epoch, value in enumerate(wild, 1)]
    remember("test", [MemoryRun("cosine/0", rows), curve("linear/0", 2.0)])

    [row] = compared(write(GOAL + '[metrics.noise]\n"test/top1" = 0.001\n')).downstream

    assert row.noise_from is None
    assert (row.noise or 0.0) > 1.0


def test_seeds_have_a_spread_of_their_own_whatever_is_declared(write: Write) -> None:
    seeds = [
        curve(f"{name}/{seed}", points + seed / 100, seed=seed)
        for name, points in (("cosine", 3.0), ("linear", 2.0))
        for seed in range(3)
    ]
    remember("test", seeds)
    project = write(GOAL + '[metrics.noise]\n"test/top1" = 100\n')

    answer = grouped(project)

    assert answer.downstream[0].noise_from is None
    assert answer.verdict.kind == "winner"


def test_a_difference_below_the_smallest_that_matters_decides_nothing(write: Write) -> None:
    answer = compared(write(GOAL + '[metrics.minimum_effect]\n"test/top1" = 1.5\n'))

    [row] = answer.downstream
    assert (row.delta, row.minimum_effect, row.outlook) == (1.0, 1.5, "undecided")
    assert answer.verdict.kind == "within_noise"
    assert answer.verdict.text.startswith(
        "On test/top1 at epoch 10 cosine/0 differs from linear/0 by less than "
        "the smallest difference that matters (1.5)."
    )
    assert "1 (matters from 1.5)" in answer.to_markdown()


def test_significant_seeds_that_differ_too_little_to_matter_have_no_winner(write: Write) -> None:
    runs = [
        curve(f"{name}/{seed}", points + seed / 1000, seed=seed)
        for name, points in (("cosine", 2.1), ("linear", 2.0))
        for seed in range(3)
    ]
    remember("test", runs)

    def asked(least: float) -> Comparison:
        return grouped(write(GOAL + f'[metrics.minimum_effect]\n"test/top1" = {least}\n'))

    assert asked(0.5).verdict.kind == "winner"
    assert asked(1.5).verdict.kind == "within_noise"


@pytest.mark.rule("winner-evidence")
def test_a_lead_too_small_to_matter_is_refused_where_it_is_told_as_one(write: Write) -> None:
    answer = compared(write(GOAL + '[metrics.minimum_effect]\n"test/top1" = 0.5\n'))
    assert answer.verdict.kind == "ahead_so_far"
    rows = [row.model_copy(update={"minimum_effect": 1.5}) for row in answer.downstream]

    with pytest.raises(RuleBroken, match="below the smallest that matters"):
        validate(answer.model_copy(update={"downstream": rows}))


@pytest.mark.parametrize("turned", [False, True], ids=["as written", "the other way round"])
def test_a_pair_of_the_file_is_compared_whichever_side_logs_which_name(
    write: Write, *, turned: bool
) -> None:
    names = ["val_loss", "eval/loss"][:: -1 if turned else 1]
    remember("test", [curve("cosine/0", 2.1, names[0]), curve("linear/0", 2.0, names[1])])

    answer = compared(write('[metrics.pairs]\nval_loss = "eval/loss"\n'))

    [row] = answer.proxy
    assert (row.metric, row.baseline.metric, row.delta) == (names[0], names[1], 1.0)
    assert any("as declared in samestep.toml" in caveat.text for caveat in answer.caveats)


def test_a_pair_of_the_file_gives_way_to_a_name_both_log(write: Write) -> None:
    rows = [{"epoch": e, "val_loss": 1 / e, "eval/loss": 2 / e} for e in range(1, 6)]
    remember("test", [MemoryRun("cosine/0", rows), MemoryRun("linear/0", rows)])

    answer = compared(write('[metrics.pairs]\nval_loss = "eval/loss"\n'))

    assert [row.baseline.metric for row in answer.proxy] == [None, None]


def test_the_goal_may_be_declared_under_either_name_of_a_pair(write: Write) -> None:
    remember("test", [curve("cosine/0", 2.1, "top1"), curve("linear/0", 2.0, "eval/acc")])
    project = write('[metrics]\ndownstream = ["eval/acc"]\n[metrics.pairs]\ntop1 = "eval/acc"\n')

    answer = compared(project)

    [row] = answer.downstream
    assert (row.metric, row.delta) == ("top1", 1.0)
    assert answer.metrics[0].role_why == "declared in samestep.toml for eval/acc"


def test_a_declared_config_key_holds_the_seed(write: Write) -> None:
    runs = [
        curve(f"{name}/{seed}", points + seed / 100, trial={"Replicate": seed}, seed=42)
        for name, points in (("cosine", 3.0), ("linear", 2.0))
        for seed in range(3)
    ]
    remember("test", runs)

    without = grouped(write(GOAL))
    answer = grouped(write(f'{GOAL}[runs]\nseed_keys = ["replicate"]\n'))

    assert answer.downstream[0].student.seeds == ["0", "1", "2"]
    assert (without.verdict.winner, answer.verdict.winner) == (None, "cosine/*")


@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "as W&B writes it"])
def test_a_listing_and_a_comparison_of_configs_know_the_declared_seed(
    write: Write,
    wrapped: bool,  # noqa: FBT001 # a case of the test
) -> None:
    values: list[object] = [{"value": seed, "desc": None} if wrapped else seed for seed in range(2)]
    remember(
        "test", [curve(f"cosine/{at}", 2.0, replicate=value) for at, value in enumerate(values)]
    )
    project = write('[runs]\nseed_keys = ["replicate"]\n')

    items = list_runs("memory:test", order_by="seed", project=project).items
    configs = compare_configs(["memory:test#cosine/0", "memory:test#cosine/1"], project=project)

    assert [item.seed for item in items] == ["0", "1"]
    assert configs.parameters is not None
    assert [one.key for one in configs.parameters.differing] == ["replicate (seed)"]
    assert configs.changed == []


def test_runs_of_the_file_that_have_finished_are_finished(write: Write) -> None:
    remember("test", [replace(curve("cosine/0", 2.0), state="unknown", config={})])

    def states(text: str) -> Sequence[str]:
        return [item.state for item in list_runs("memory:test", project=write(text)).items]

    assert states("") == ["unknown"]
    assert states('[runs]\nfinished = ["cosine/*"]\n') == ["finished"]
