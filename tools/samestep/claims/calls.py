"""The calls that would verify what no answer holds."""

from collections.abc import Sequence

from samestep.claims.recorded import Record

GROUP = "group:"


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
    return f'fetch_history(run="{_one(record, name)}"{named})'


def converging(record: Record, name: str, metrics: Sequence[str] | None) -> str:
    """Return the call that judges one curve."""
    metric = metrics[0] if metrics else "<metric>"
    return f'convergence_check(run="{_one(record, name)}", metric="{metric}")'


def testing(record: Record, names: Sequence[str], metrics: Sequence[str] | None) -> str:
    """Return the call that tests a difference between groups of seeds, with its interval."""
    one, other = (*names[:2], "<group>", "<other group>")[:2]
    metric = metrics[0] if metrics else "<metric>"
    sides = f'a="{_ref(record, one)}", b="{_ref(record, other)}"'
    return f'significance_test({sides}, metric="{metric}")'


def auditing(record: Record, names: Sequence[str]) -> str:
    """Return the call that tells what changed between runs."""
    listed = ", ".join(f'"{_ref(record, name)}"' for name in names)
    return f"compare_configs(runs=[{listed}])"


def _ref(record: Record, name: str) -> str:
    known = record.runs.get(name)
    is_group = name.endswith("*") and not name.startswith(GROUP)
    return known or (f"{GROUP}{name}" if is_group else name)


def _one(record: Record, name: str) -> str:
    """Return a run for a call that takes one: of a group, a member."""
    ref = _ref(record, name)
    if not ref.startswith(GROUP):
        return ref
    members = record.members.get(name)
    return _ref(record, members[0]) if members else f"<a run of {name.removeprefix(GROUP)}>"
