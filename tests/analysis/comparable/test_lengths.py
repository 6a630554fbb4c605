from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party

Pair = Callable[..., list[Party]]
Audited = Callable[..., dict[str, Finding]]


def test_planned_lengths_that_differ_are_named_with_their_settings(
    pair: Pair, audited: Audited
) -> None:
    found = audited(pair({"max_epochs": 30}, {"epochs": 100}))["planned length"]

    [fact] = found.facts
    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "blocks")
    assert (fact.subject, fact.origin) == ("max_epochs, epochs", "config")
    assert fact.values == {"wide/seed0": "30 epochs", "deep/seed0": "100 epochs"}


@pytest.mark.parametrize("other", [{"epochs": 90}, {"optimizer": "sgd"}], ids=["equal", "no plan"])
def test_equal_lengths_and_a_run_without_a_plan_do_not_differ(
    pair: Pair, audited: Audited, other: dict[str, object]
) -> None:
    assert "planned length" not in audited(pair({"epochs": 90}, other))


def test_lengths_in_other_units_are_not_known_to_be_equal(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"epochs": 90}, {"max_steps": 9000}))["planned length"]

    assert list(found.facts[0].values.values()) == ["90 epochs", "9000 steps"]
