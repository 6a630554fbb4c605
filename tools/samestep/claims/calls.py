"""The calls that would verify what no answer holds."""

from collections.abc import Sequence

from samestep.claims.recorded import Record


def comparing(record: Record, names: Sequence[str], metrics: Sequence[str] | None) -> str:
    """Return the call that compares runs."""
    student, *others = [*names, "<student>", "<baseline>"][: max(2, len(names))]
    downstream = f', downstream=["{metrics[0]}"]' if metrics else ""
    listed = ", ".join(f'"{_ref(record, name)}"' for name in others)
    return (
        f'compare_same_epoch(student="{_ref(record, student)}", baselines=[{listed}]{downstream})'
    )


def fetching(record: Record, name: str, metrics: Sequence[str] | None) -> str:
    """Return the call that reads one run's values."""
    named = f', metrics=["{metrics[0]}"]' if metrics else ""
    return f'fetch_history(run="{_ref(record, name)}"{named})'


def converging(record: Record, name: str, metrics: Sequence[str] | None) -> str:
    """Return the call that judges one curve."""
    metric = metrics[0] if metrics else "<metric>"
    return f'convergence_check(run="{_ref(record, name)}", metric="{metric}")'


def auditing(record: Record, names: Sequence[str]) -> str:
    """Return the call that tells what changed between runs."""
    listed = ", ".join(f'"{_ref(record, name)}"' for name in names)
    return f"compare_configs(runs=[{listed}])"


def _ref(record: Record, name: str) -> str:
    return record.runs.get(name) or name
