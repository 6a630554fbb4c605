import math
from collections.abc import Callable, Sequence

import pytest

from samestep.analysis.comparable import Finding, Party
from samestep.model import Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


def cosine(steps: int, peak: float = 0.1, warmup: int = 0) -> list[float]:
    """Return a cosine schedule over so many steps, its first 40 rates."""
    return [
        peak
        * min(1.0, (step + 1) / warmup if warmup else 1.0)
        * (1 + math.cos(math.pi * step / steps))
        / 2
        for step in range(40)
    ]


@pytest.fixture
def rated(make_run: MakeRun) -> Callable[..., list[Party]]:
    """A function that returns two sides that log these learning rates, with these configs."""

    def sides(
        one: Sequence[float], other: Sequence[float], *configs: dict[str, object]
    ) -> list[Party]:
        runs = zip(("wide/seed0", "deep/seed0"), (one, other), configs or ({}, {}), strict=True)
        return [
            Party.of(
                name,
                [make_run(name, config, [{"step": n, "lr": lr} for n, lr in enumerate(rates)])],
            )
            for name, rates, config in runs
        ]

    return sides


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"lr_scheduler": "cosine"}, {"lr_scheduler": "step"}),
        ({"warmup_steps": 500}, {"warmup_steps": 0}),
        ({"optimizer": {"lr_decay": "linear"}}, {"optimizer": {"lr": 0.1}}),
        ({"scheduler": {"name": "cosine"}}, {"scheduler": {"name": "linear"}}),
        ({"T_max": 100}, {"T_max": 200}),
    ],
)
def test_schedules_that_differ_by_the_config_block(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    found = audited(pair(one, other))["schedule"]

    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "blocks")
    assert [fact.origin for fact in found.facts] == ["config"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"lr_scheduler": "cosine"}, {"lr_scheduler": "cosine"}),
        ({"warmup_steps": None}, {"lr": 0.1}),
        ({"weight_decay": 0.1}, {"weight_decay": 0.2}),
        ({"ema_decay": 0.9}, {"ema_decay": 0.99}),
        ({"policy": "MlpPolicy"}, {"policy": "CnnPolicy"}),
    ],
    ids=["equal", "not used", "weight decay", "averaged weights", "of an agent"],
)
def test_what_is_no_other_schedule_does_not(
    pair: Pair, audited: Audited, one: dict[str, object], other: dict[str, object]
) -> None:
    assert "schedule" not in audited(pair(one, other))


@pytest.mark.parametrize(
    "other", [cosine(80), cosine(60, peak=0.2), [0.1] * 40], ids=["longer", "higher", "constant"]
)
def test_logged_rates_that_differ_at_x_block(
    rated: Callable[..., list[Party]], audited: Audited, other: list[float]
) -> None:
    found = audited(rated(cosine(60), other), "step")["learning rate"]

    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "blocks")
    assert (found.facts[0].subject, found.facts[0].origin) == ("lr", "logged at step 39")


def test_a_warm_up_that_is_over_at_x_blocks_as_well(
    rated: Callable[..., list[Party]], audited: Audited
) -> None:
    found = audited(rated(cosine(60), cosine(60, warmup=20)), "step")["learning rate"]

    assert found.facts[0].origin == "logged at step 18"


def test_equal_logged_rates_do_not(rated: Callable[..., list[Party]], audited: Audited) -> None:
    assert "learning rate" not in audited(rated(cosine(60), cosine(60)), "step")


def test_a_peak_that_the_configs_name_is_no_other_schedule(
    rated: Callable[..., list[Party]], audited: Audited
) -> None:
    named = audited(rated(cosine(60), cosine(60, 0.2), {"lr": 0.1}, {"lr": 0.2}), "step")
    unnamed = audited(rated(cosine(60), cosine(60, 0.2)), "step")

    assert "learning rate" not in named
    assert "learning rate" in unnamed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("train/learning_rate", "train/learning_rate"),
        ("lr/pg0", "lr/pg0"),
        ("lr-AdamW", "lr-AdamW"),
        ("lr-SGD/pg1", "learning_rate"),
        ("charts/learning_rate", "train/lr"),
    ],
)
def test_a_rate_goes_by_many_names(
    make_run: MakeRun, audited: Audited, one: str, other: str
) -> None:
    sides = [
        Party.of(name, [make_run(name, {}, [{"step": n, metric: lr} for n in range(9)])])
        for name, metric, lr in (("wide", one, 0.1), ("deep", other, 0.2))
    ]

    assert audited(sides, "step")["learning rate"].facts[0].subject == one


@pytest.mark.parametrize("metric", ["lr_scale", "lr_mult", "lrap"])
def test_what_only_sounds_like_a_rate_is_none(
    make_run: MakeRun, audited: Audited, metric: str
) -> None:
    sides = [
        Party.of(name, [make_run(name, {}, [{"step": n, metric: value} for n in range(9)])])
        for name, value in (("wide", 0.1), ("deep", 0.2))
    ]

    assert "learning rate" not in audited(sides, "step")


def test_of_several_rates_those_of_one_name_are_compared(
    make_run: MakeRun, audited: Audited
) -> None:
    logged = {"lr/pg0": 0.1, "lr/pg1": 0.2}
    sides = [
        Party.of(name, [make_run(name, {}, [{"step": n, **rates} for n in range(9)])])
        for name, rates in (("wide", logged), ("deep", dict(reversed(logged.items()))))
    ]

    assert "learning rate" not in audited(sides, "step")
