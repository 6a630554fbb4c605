"""Whole answers of parameter_importance, on sweeps held in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.questions.sweeps import run_to

from samestep import MemoryRun, Project, forget, parameter_importance, remember
from samestep.answers.importance import ImportanceAnswer
from samestep.errors import BadArgument, NoSuchMetric

Ask = Callable[..., ImportanceAnswer]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Ask about all the runs given."""

    def asked(held: list[MemoryRun], metric: str = "test/top1") -> ImportanceAnswer:
        source = remember("importance", held)
        return parameter_importance([source], metric, project=Project(tmp_path))

    yield asked
    forget("importance")


def searched(count: int, *, seeds: int = 1, noise: float = 0.1) -> list[MemoryRun]:
    """Return runs whose top1 follows the learning rate, the optimizer a little, nothing else."""
    generator = np.random.default_rng(0)
    runs: list[MemoryRun] = []
    for number in range(count):
        lr, adam = float(10 ** generator.uniform(-4, -1)), number % 2 == 0
        config = {
            "lr": lr,
            "optimizer": "adam" if adam else "sgd",
            "width": int(generator.integers(1, 5)) * 64,
            "warmup": lr * 10,
        }
        for seed in range(seeds):
            top = 70 + 5 * float(np.log10(lr)) + 2 * adam + float(generator.normal(0, noise))
            runs.append(run_to(f"r{number}/seed{seed}", top, {**config, "seed": seed}))
    return runs


def importance(answer: ImportanceAnswer) -> dict[str, float | None]:
    return {row.key: row.importance for row in answer.parameters}


def test_below_ten_configurations_what_differs_is_listed_and_nothing_is_learned(ask: Ask) -> None:
    answer = ask(searched(9))

    assert answer.strength == "refused"
    assert importance(answer) == {"optimizer": None, "lr": None, "width": None}
    assert answer.parameters[0].values == ["adam", "sgd"]
    assert answer.reading == (
        "At epoch 3 of 9 configurations no importance for test/top1 is given: 9 configurations are "
        "fewer than 10: only what differs is listed."
    )


def test_seeds_of_one_configuration_count_once(ask: Ask) -> None:
    answer = ask(searched(5, seeds=3))

    assert (answer.configurations, answer.counted, answer.strength) == (5, 15, "refused")


def test_runs_listed_apart_with_the_same_settings_count_once(ask: Ask, tmp_path: Path) -> None:
    ask(searched(3, seeds=2))
    refs = [f"memory:importance#r{n}/seed{seed}" for n in range(3) for seed in range(2)]
    answer = parameter_importance(refs, "test/top1", project=Project(tmp_path))

    assert (answer.configurations, answer.counted) == (3, 6)


def test_from_thirty_configurations_what_matters_stands_out_with_its_spread(ask: Ask) -> None:
    answer = ask(searched(36))

    assert answer.strength == "reported"
    assert [row.key for row in answer.parameters] == ["lr", "optimizer", "width"]
    rate, optimizer, width = answer.parameters
    assert (rate.importance or 0) > 0.5 > (optimizer.importance or 0) > 0.02
    assert (rate.stands_out, optimizer.stands_out, width.stands_out) == (True, True, False)
    assert (rate.logarithmic, (rate.trend or 0) > 0.8) == (True, True)
    assert all((row.spread or 0) > 0 for row in answer.parameters)


def test_between_ten_and_thirty_it_is_weak_and_always_the_same(ask: Ask) -> None:
    answer = ask(searched(16))

    assert (answer.strength, "fewer than 30" in answer.why) == ("weak", True)
    assert ask(searched(16)).answer_id == answer.answer_id


def test_where_the_settings_explain_too_little_none_is_given_an_importance(ask: Ask) -> None:
    answer = ask(searched(14, noise=50.0))

    assert (answer.strength, set(importance(answer).values())) == ("unexplained", {None})
    assert answer.explained is not None
    assert answer.explained <= 0.2


def test_settings_that_say_the_same_are_passed_over(ask: Ask) -> None:
    assert ask(searched(9)).passed_over == {"warmup": "varies exactly as lr"}


def test_it_is_said_that_nobody_set_the_settings_at_random(ask: Ask) -> None:
    [told] = [c for c in ask(searched(9)).caveats if c.text.startswith("Observed")]

    assert (told.rule, told.severity) == ("one-change", "warns")
    assert "no cause is named" in told.text


def test_settings_that_moved_together_are_named(ask: Ask) -> None:
    runs = [
        run_to(f"r{n}", 70.0 + n, {"batch_size": 2**n, "gain": n + 0.5 * (n == 1) + 1.6 * (n == 2)})
        for n in range(6)
    ]
    answer = ask(runs)

    assert [(one.one, one.other) for one in answer.together] == [("batch_size", "gain")]
    assert any("moved together" in caveat.text for caveat in answer.caveats)


def test_runs_short_of_x_do_not_count_and_are_listed(ask: Ask) -> None:
    late = run_to("late", 1.0, {"lr": 1.0}, epochs=2)
    answer = ask([*searched(8), late])

    assert (answer.configurations, [one.full_name for one in answer.apart]) == (8, ["late"])


def test_runs_that_differ_in_nothing_are_refused_in_words(ask: Ask) -> None:
    answer = ask([run_to(f"r{n}", 1.0 + n, {}) for n in range(12)])

    assert (answer.strength, answer.parameters) == ("refused", [])
    assert answer.why.startswith("no setting differs")


def test_a_metric_that_is_not_there_is_refused(ask: Ask) -> None:
    with pytest.raises(NoSuchMetric, match="'test/top1'"):
        ask(searched(3), "top5")


def test_a_run_in_two_entries_is_refused(ask: Ask, tmp_path: Path) -> None:
    ask(searched(3))

    with pytest.raises(BadArgument, match="every run in one candidate"):
        parameter_importance(
            ["memory:importance", "memory:importance#r0/seed0"],
            "test/top1",
            project=Project(tmp_path),
        )
