from collections.abc import Callable

from samestep.analysis.comparable import Finding, Party

Pair = Callable[..., list[Party]]
Audited = Callable[..., dict[str, Finding]]


def test_other_environments_warn_with_where_that_is_recorded(pair: Pair, audited: Audited) -> None:
    one = {"python": "3.10.4", "cuda": "11.8", "gpu": "A100", "gpu_count": "8", "host": "node1"}
    other = {"python": "3.11.2", "cuda": "11.8", "gpu": "H100", "gpu_count": "4", "host": "node2"}

    found = audited(pair(one, other, "environment"))["environment"]
    assert (found.ruling.rule, found.ruling.severity) == ("one-change", "warns")
    assert [fact.subject for fact in found.facts] == ["python", "gpu", "gpu_count"]
    assert {fact.origin for fact in found.facts} == {"environment record"}


def test_the_same_environment_on_another_host_does_not(pair: Pair, audited: Audited) -> None:
    one, other = {"cuda": "11.8", "host": "node1"}, {"cuda": "11.8", "host": "node2"}

    assert "environment" not in audited(pair(one, other, "environment"))


def test_an_environment_that_only_one_side_records_tells_nothing(
    pair: Pair, audited: Audited
) -> None:
    assert "environment" not in audited(pair({"cuda": "11.8"}, {}, "environment"))


def test_frameworks_and_counts_in_the_config_count(pair: Pair, audited: Audited) -> None:
    found = audited(
        pair({"framework": "jax", "num_nodes": 1}, {"framework": "torch", "num_nodes": 4})
    )

    assert [fact.subject for fact in found["environment"].facts] == ["framework", "num_nodes"]
