"""Whole answers of compare_configs, on runs held in memory."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from samestep import MemoryRun, Project, compare_configs, forget, remember
from samestep.answers.configs import ConfigComparison
from samestep.errors import BadArgument, BadArguments, NoSuchRun, SamestepError

Hold = Callable[..., list[str]]
COMMON = {"depth": 12, "width": 64, "optimizer": "sgd"}


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Hold runs of these configs, by their names, and return their references."""

    def held(**configs: Mapping[str, object]) -> list[str]:
        rows = [{"step": n, "time": 60.0 * n, "val/loss": 1 / n, "fps": 10.0} for n in (1, 2, 3)]
        runs = [MemoryRun(name, rows, config) for name, config in configs.items()]
        source = remember("configs", runs)
        return [f"{source}#{run.full_name}" for run in runs]

    yield held
    forget("configs")


def differing(answer: ConfigComparison) -> dict[str, list[object]]:
    assert answer.parameters is not None
    return {row.key: row.values for row in answer.parameters.differing}


def test_what_differs_is_listed_and_what_is_equal_is_counted(hold: Hold) -> None:
    answer = compare_configs(
        hold(wide={**COMMON, "lr": "1e-3"}, deep={**COMMON, "lr": 0.01, "depth": 24})
    )

    assert differing(answer) == {"lr": [0.001, 0.01], "depth": [12, 24]}
    assert answer.parameters is not None
    assert answer.parameters.equal == 2
    assert answer.reading == (
        "wide and deep differ in 2 things: `depth`, `lr`. None of them can be named as the "
        "difference."
    )
    assert [c.severity for c in answer.caveats if c.rule == "one-change"] == ["warns"]


def test_absent_is_told_from_null(hold: Hold) -> None:
    answer = compare_configs(hold(wide={**COMMON, "dropout": None}, deep=COMMON))

    assert answer.parameters is not None
    [row] = answer.parameters.differing
    assert (row.key, row.values, row.absent) == ("dropout", [None, None], ("deep",))
    assert answer.changed == []
    assert "| dropout | null | absent |" in answer.to_markdown()


def test_a_single_change_is_named(hold: Hold) -> None:
    answer = compare_configs(
        hold(
            on={**COMMON, "head": {"shared": True}, "seed": 1, "run_name": "on"},
            off={**COMMON, "head": {"shared": False}, "seed": 2, "run_name": "off"},
        )
    )

    assert [(one.what, one.origin, one.values) for one in answer.changed] == [
        ("head.shared", "config", ["true", "false"])
    ]
    assert answer.reading == "One thing differs between on and off: `head.shared` (config)."
    assert list(differing(answer)) == ["head.shared", "seed", "run_name"]


def test_three_runs_or_more_name_the_groups_of_seeds_among_them(hold: Hold) -> None:
    answer = compare_configs(
        hold(
            **{f"wide/seed{s}": {**COMMON, "seed": s} for s in range(2)},
            deep={**COMMON, "depth": 24},
        )
    )

    assert [(group.members, group.by) for group in answer.groups] == [
        (["wide/seed0", "wide/seed1"], ["config seed"])
    ]


def test_seeds_of_one_thing_are_said_to_be_that(hold: Hold) -> None:
    answer = compare_configs(hold(**{f"wide/seed{s}": {**COMMON, "seed": s} for s in range(3)}))

    assert answer.changed == []
    assert answer.reading == (
        "wide/seed0, wide/seed1 and wide/seed2 are equal in everything but the seed."
    )


def test_no_setting_is_the_same_as_in_a_config_that_is_not_there(hold: Hold) -> None:
    answer = compare_configs(hold(wide=COMMON, deep={}))

    assert answer.parameters is not None
    assert answer.parameters.equal == 0
    assert {row.key: row.absent for row in answer.parameters.differing} == dict.fromkeys(
        COMMON, ("deep",)
    )
    assert answer.changed == []


def test_a_seed_that_differs_is_said_where_names_are_no_seeds_of_one_thing(hold: Hold) -> None:
    answer = compare_configs(hold(cosine={**COMMON, "seed": 1}, linear={**COMMON, "seed": 2}))

    assert answer.groups == []
    assert answer.reading == (
        "Only the seed is recorded to differ between cosine and linear: `seed` (config)."
    )


def test_runs_without_a_config_tell_nothing_of_what_changed(hold: Hold) -> None:
    assert compare_configs(hold(wide={}, deep={})).reading == (
        "What changed between wide and deep is not recorded."
    )


def test_secrets_never_reach_the_answer(hold: Hold) -> None:
    answer = compare_configs(
        hold(
            wide={**COMMON, "api_key": "hunter1", "db": "postgres://me:hunter1@one/x"},
            deep={**COMMON, "api_key": "hunter2", "db": "postgres://me:hunter2@two/x"},
        )
    )

    told = f"{answer.model_dump_json()}{answer.to_markdown()}"
    assert "hunter" not in told
    assert differing(answer) == {
        "db": ["postgres://[redacted]@one/x", "postgres://[redacted]@two/x"]
    }


@pytest.mark.parametrize("key", ["key", "wandb.key", "sort_key"])
def test_a_key_drawn_at_random_never_reaches_the_answer(hold: Hold, key: str) -> None:
    drawn = "9f8a7d6c5b4a39281706f5e4d3c2b1a0"
    answer = compare_configs(hold(wide={**COMMON, key: drawn}, deep=COMMON))

    assert drawn not in f"{answer.model_dump_json()}{answer.to_markdown()}"


def test_costs_are_told_up_to_the_newest_x_of_all(hold: Hold) -> None:
    answer = compare_configs(hold(wide=COMMON, deep=COMMON), include=["resources"])

    assert answer.resources is not None
    assert (answer.resources.axis, answer.resources.value) == ("step", 3.0)
    assert [(row.what, row.how, row.values) for row in answer.resources.rows] == [
        ("training time (seconds)", "at x", [120.0, 120.0]),
        ("throughput", "mean up to x", [10.0, 10.0]),
    ]
    assert (answer.parameters, answer.lineage, answer.environment) == (None, None, None)


def test_code_data_and_seed_stand_in_the_lineage(hold: Hold) -> None:
    answer = compare_configs(
        hold(
            wide={"git_commit": "1a2b", "dataset": "c4", "seed": 1, "lr": 1, "framework": "jax"},
            deep={"git_commit": "3c4d", "dataset": "c4", "seed": 2, "lr": 1, "framework": "jax"},
        )
    )

    assert [(row.what, row.values, row.same) for row in answer.lineage or []] == [
        ("git_commit", ["1a2b", "3c4d"], False),
        ("dataset", ["c4", "c4"], True),
        ("seed", ["1", "2"], False),
    ]
    assert [(row.what, row.origin) for row in answer.environment or []] == [("framework", "config")]


def test_many_settings_are_paged_the_telling_ones_first(hold: Hold) -> None:
    sides = hold(
        wide={**{f"log_every_{n}": 1 for n in range(50)}, **{f"option{n}": 1 for n in range(50)}},
        deep={**{f"log_every_{n}": 2 for n in range(50)}, **{f"option{n}": 2 for n in range(50)}},
    )

    first = compare_configs(sides, include=["parameters"])
    second = compare_configs(sides, include=["parameters"], cursor=first.next_cursor)
    assert list(differing(first))[:50] == [f"option{n}" for n in range(50)]
    assert (first.parameters_left, second.parameters_left) == (40, 0)
    assert len(differing(first)) + len(differing(second)) == 100
    assert (len(first.changed), first.changed_left) == (20, 30)


def test_runs_that_share_neither_metric_nor_axis_are_told_apart(tmp_path: Path) -> None:
    runs = [
        MemoryRun("by-epoch", [{"epoch": e, "val/loss": 1.0} for e in (1, 2)]),
        MemoryRun("by-step", [{"step": s, "test/top1": 1.0} for s in (1, 2)]),
    ]
    source = remember("configs", runs)
    answer = compare_configs([f"{source}#by-epoch", f"{source}#by-step"], project=Project(tmp_path))
    forget("configs")

    assert [c.text for c in answer.caveats if c.severity == "blocks"] == [
        "The runs share no metric (by-epoch: val/loss; by-step: test/top1).",
        "The runs share no axis (by-epoch: epoch; by-step: step).",
    ]
    assert answer.resources is not None
    assert answer.resources.axis is None


def test_a_group_is_as_many_runs_as_it_has(hold: Hold) -> None:
    hold(**{f"wide/seed{s}": {**COMMON, "seed": s} for s in range(3)})

    assert len(compare_configs(["group:memory:configs#wide/*"]).runs) == 3


@pytest.mark.parametrize(
    ("runs", "refusal", "says"),
    [
        (["memory:configs#wide"], BadArgument, "two to 20 runs; these are 1"),
        ([], BadArguments, "at least 1 item"),
        (["memory:configs#wide", "memory:configs#wide"], BadArgument, "each run once"),
        (["memory:configs#wide", "memory:configs#thin"], NoSuchRun, "'thin'"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    hold: Hold, runs: list[str], refusal: type[SamestepError], says: str
) -> None:
    hold(wide=COMMON, deep=COMMON)

    with pytest.raises(refusal, match=says):
        compare_configs(runs)


def test_the_same_question_has_the_same_id(hold: Hold) -> None:
    sides = hold(wide=COMMON, deep=COMMON)

    assert compare_configs(sides).answer_id == compare_configs(sides).answer_id
