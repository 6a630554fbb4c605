from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party, audit
from samestep.model import Lineage, Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


def changed(parties: list[Party]) -> list[str]:
    return [fact.subject for fact in audit(parties).changed]


def test_one_change_may_be_named(pair: Pair, audited: Audited) -> None:
    parties = pair({"shared_head": True, "lr": 1}, {"shared_head": False, "lr": 1})

    assert changed(parties) == ["shared_head"]
    assert audited(parties)["one setting"].ruling.severity == "notes"


def test_more_changes_are_one_too_many(pair: Pair, audited: Audited) -> None:
    parties = pair({"lr": 1, "depth": 12}, {"lr": 2, "depth": 24})

    found = audited(parties)
    assert changed(parties) == ["lr", "depth"]
    assert (found["settings"].ruling.rule, found["settings"].ruling.severity) == (
        "one-change",
        "warns",
    )
    assert "one setting" not in found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"lr": 0.001}, {"lr": "1e-3"}),
        ({"layers": [1, 2]}, {"layers": "[1, 2]"}),
        ({"parameters": {"lr": 0.1}}, {"lr": 0.1}),
        ({"dropout": None, "lr": 1}, {"lr": 1}),
        ({"seed": 1, "run_name": "a"}, {"seed": 2, "run_name": "b"}),
        ({"limit": float("nan")}, {"limit": float("nan")}),
    ],
    ids=["as text", "a list as text", "in a table", "off and left out", "of the seed", "NaN"],
)
def test_what_is_the_same_is_no_change(
    pair: Pair, one: dict[str, object], other: dict[str, object]
) -> None:
    assert changed(pair(one, other)) == []


def test_a_setting_written_twice_is_one_change(pair: Pair) -> None:
    one, other = (
        {"lr": lr, "optimizer": {"lr": lr}, "args": {"optim": {"lr": lr}}} for lr in (1, 2)
    )

    assert changed(pair(one, other)) == ["lr"]


def test_a_switch_is_not_the_number_one(pair: Pair) -> None:
    assert changed(pair({"bias": True}, {"bias": 1})) == ["bias"]


def test_code_data_and_environment_are_changes_too(make_run: MakeRun) -> None:
    sides = [
        Party.of(
            name,
            [
                make_run(
                    name,
                    {"lr": 1},
                    lineage=[
                        Lineage("code", "nets", name, "tag git.commit"),
                        Lineage("dataset", "c4", name, "dataset input", "train"),
                    ],
                    environment={"cuda": name},
                )
            ],
        )
        for name in ("1a2b", "3c4d")
    ]

    assert changed(sides) == ["code", "dataset for train", "cuda"]


def test_secrets_are_no_change_and_are_never_shown(pair: Pair) -> None:
    one, other = ({"api_key": key, "db": f"postgres://me:{key}@host/x"} for key in ("k1", "k2"))

    assert changed(pair(one, other)) == []


def test_runs_without_a_config_are_said_to_tell_nothing(pair: Pair, audited: Audited) -> None:
    assert audited(pair({"lr": 1}, {"seed": 1}))["no config"].facts[0].values == {
        "deep/seed0": "none"
    }
    assert "no config" not in audited(pair({"lr": 1}, {"lr": 1}))


def test_a_setting_that_a_run_is_called_after_is_a_change(make_run: MakeRun) -> None:
    sides = [Party.of(name, [make_run(name, {"optimizer": name})]) for name in ("adam", "sgd")]

    assert changed(sides) == ["optimizer"]


def test_a_path_that_holds_the_runs_name_is_no_change(make_run: MakeRun) -> None:
    sides = [
        Party.of(name, [make_run(name, {"model_path": f"models/{name}/last.pt"})])
        for name in ("wide", "deep")
    ]

    assert changed(sides) == []


def test_a_warm_up_of_0_is_one_left_out(pair: Pair) -> None:
    assert changed(pair({"warmup_steps": 0, "lr": 1}, {"lr": 1})) == []
    assert changed(pair({"warmup_steps": 5, "lr": 1}, {"lr": 1})) == ["warmup_steps"]


def test_a_secret_that_one_side_leaves_out_is_no_change(pair: Pair) -> None:
    assert changed(pair({"lr": 1, "api_key": "k1", "key": None}, {"lr": 1})) == []


def test_variables_of_the_environment_are_no_change(pair: Pair) -> None:
    assert changed(pair({"lr": 1, "env": ["HOME=/a"]}, {"lr": 1, "env": ["HOME=/b"]})) == []
    assert changed(pair({"env": ["Ant-v4"]}, {"env": ["Pong-v5"]})) == ["env"]
