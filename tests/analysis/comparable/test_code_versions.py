from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Finding, Party
from samestep.model import Lineage, Run

Pair = Callable[..., list[Party]]
MakeRun = Callable[..., Run]
Audited = Callable[..., dict[str, Finding]]


def committed(make_run: MakeRun, *commits: str, context: str | None = None) -> list[Party]:
    return [
        Party.of(
            f"wide/seed{at}",
            [
                make_run(
                    f"wide/seed{at}",
                    lineage=[Lineage("code", "git@host:nets", commit, "tag git.commit", context)],
                )
            ],
        )
        for at, commit in enumerate(commits)
    ]


def test_another_commit_warns_with_the_record_that_says_so(
    make_run: MakeRun, audited: Audited
) -> None:
    found = audited(committed(make_run, "a" * 40, "b" * 40))["code"]

    [fact] = found.facts
    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "warns")
    assert (fact.subject, fact.origin) == ("code", "tag git.commit")
    assert fact.values == {"wide/seed0": "a" * 12, "wide/seed1": "b" * 12}


def test_the_same_commit_does_not(make_run: MakeRun, audited: Audited) -> None:
    assert "code" not in audited(committed(make_run, "a" * 40, "a" * 40))


def test_a_commit_in_the_config_counts(pair: Pair, audited: Audited) -> None:
    assert "code" in audited(pair({"git_commit": "1a2b"}, {"git_commit": "3c4d"}))


@pytest.mark.parametrize("config", [{"git_dirty": True}, {"git": {"dirty": True}}])
def test_code_that_was_not_committed_is_said(
    pair: Pair, audited: Audited, config: dict[str, object]
) -> None:
    found = audited(pair(config, {"git_dirty": False}))

    assert found["uncommitted code"].facts[0].values == {"wide/seed0": "uncommitted changes"}
    assert "uncommitted code" not in audited(pair({"git_dirty": False}, {}))


def test_a_record_of_uncommitted_changes_is_said(make_run: MakeRun, audited: Audited) -> None:
    sides = committed(make_run, "a" * 40, "a" * 40, context="with uncommitted changes")

    assert list(audited(sides)["uncommitted code"].facts[0].values) == ["wide/seed0", "wide/seed1"]
