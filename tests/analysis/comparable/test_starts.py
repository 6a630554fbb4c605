from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party
from samestep.model import Lineage, Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


def of_lineage(make_run: MakeRun, lineage: Lineage) -> list[Party]:
    return [
        Party.of("forked/seed0", [make_run("forked/seed0", lineage=[lineage])]),
        Party.of("plain/seed0", [make_run("plain/seed0")]),
    ]


@pytest.mark.parametrize(
    "config", [{"resume_from_checkpoint": "ckpt/last.pt"}, {"resume": True}, {"resume_last_run": 1}]
)
def test_a_resumed_run_is_said(pair: Pair, audited: Audited, config: dict[str, object]) -> None:
    found = audited(pair(config, {}))["resumed"]

    assert (found.ruling.rule, found.ruling.severity) == ("partial-said", "warns")
    assert list(found.facts[0].values) == ["wide/seed0"]


@pytest.mark.parametrize(
    "config",
    [{"resume": "never"}, {"resume": False}, {"resume_from": None}, {"init_from": "scratch"}],
)
def test_a_run_that_may_be_resumed_was_not(
    pair: Pair, audited: Audited, config: dict[str, object]
) -> None:
    assert not {"resumed", "head start"} & audited(pair(config, {})).keys()


def test_a_tag_that_says_so_is_believed(pair: Pair, audited: Audited) -> None:
    assert "resumed" in audited(pair(["resumed"], ["resnet"], "tags"))
    assert "resumed" not in audited(pair(["resnet"], ["resnet"], "tags"))


def test_a_run_begun_from_a_checkpoint_has_a_head_start(pair: Pair, audited: Audited) -> None:
    found = audited(pair({"init_checkpoint": "base.pt", "start_epoch": 5}, {"start_epoch": 0}))

    assert found["head start"].ruling.rule == "same-x"
    assert [fact.subject for fact in found["head start"].facts] == [
        "init_checkpoint",
        "start_epoch",
    ]


@pytest.mark.parametrize(
    ("lineage", "ahead"),
    [
        (Lineage("parent run", "base", None, "attribute sys/forking/parent"), True),
        (Lineage("checkpoint", "base.pt", "1a", "used artifact", "input"), True),
        (Lineage("checkpoint", "mine.pt", "1a", "artifact", "output"), False),
        (Lineage("parent run", "sweep", "1a", "tag mlflow.parentRunId"), False),
    ],
    ids=["forked", "from a checkpoint", "made a checkpoint", "part of a sweep"],
)
def test_records_tell_a_fork_from_a_group(
    make_run: MakeRun, audited: Audited, lineage: Lineage, ahead: object
) -> None:
    assert ("head start" in audited(of_lineage(make_run, lineage))) is ahead
