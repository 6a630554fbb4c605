"""Metrics under two names: proposed with the reason, compared only when asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.model import Source
from samestep.questions.caveats.pairs import pair_caveats
from samestep.questions.sides import known
from samestep.readers.memory import MemoryReader
from samestep.resolve import Side


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold two runs that log one loss under two names."""
    remember(
        "test",
        [
            MemoryRun(name, [{"epoch": e, loss: top / e, "lr": 0.1} for e in range(1, 6)])
            for name, loss, top in (("cosine", "val_loss", 2), ("linear", "eval/loss", 3))
        ],
    )
    yield
    forget("test")


def compared(pairs: dict[str, str] | None = None) -> Comparison:
    return compare_same_epoch("memory:test#cosine", ["memory:test#linear"], pairs=pairs)


def proposals(answer: Comparison) -> list[str]:
    return [caveat.text for caveat in answer.caveats if "By their names one metric" in caveat.text]


def test_a_pair_is_proposed_with_its_reason_and_not_compared() -> None:
    answer = compared()

    assert [row.metric for row in answer.proxy] == ["lr"]
    [proposal] = proposals(answer)
    assert proposal == (
        "By their names one metric, and not compared until somebody says so: val_loss and "
        'eval/loss (both say loss val); pairs={"val_loss": "eval/loss"} or [metrics.pairs] in '
        "samestep.toml compares them."
    )


def test_a_pair_that_was_asked_for_is_compared_and_no_longer_proposed() -> None:
    answer = compared({"val_loss": "eval/loss"})

    assert ("val_loss", "eval/loss") in [(r.metric, r.baseline.metric) for r in answer.proxy]
    assert proposals(answer) == []


def test_a_metric_that_a_server_was_not_asked_for_is_proposed_too(tmp_path: Path) -> None:
    runs = [MemoryReader(Source("memory", "test")).read(name) for name in ("cosine", "linear")]
    read = {name: one for name, one in runs[1].history.metrics.items() if name != "eval/loss"}
    history = replace(runs[1].history, metrics=read, unread=frozenset(["eval/loss"]))
    sides = [Side("cosine", (runs[0],)), Side("linear", (replace(runs[1], history=history),))]
    [told] = pair_caveats(known(sides, Project(tmp_path)), [])

    assert "val_loss and eval/loss (both say loss val)" in told.caveat.text
