from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party

Pair = Callable[..., list[Party]]
Audited = Callable[..., dict[str, Finding]]


@pytest.mark.parametrize("key", ["precision", "fp16", "model.torch_dtype", "use_amp", "tf32"])
def test_another_precision_warns(pair: Pair, audited: Audited, key: str) -> None:
    found = audited(pair({key: "16-mixed"}, {key: "32"}))["precision"]

    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "warns")
    assert [(fact.subject, fact.origin) for fact in found.facts] == [(key, "config")]


def test_the_same_precision_does_not(pair: Pair, audited: Audited) -> None:
    assert "precision" not in audited(pair({"fp16": "False"}, {"fp16": False}))
    assert "precision" not in audited(pair({"fp16": False}, {"lr": 1}))
