"""Where a run ran and what code it ran, as its environment record says."""

import re
from collections.abc import Mapping

from samestep.model import Lineage
from samestep.readers.wandb.online.nodes import RunNode, Table, entries, table, text

CREDENTIALS = re.compile(r"(?<=://)[^/@]+@")
RECORD = "W&B environment record"
FIELDS = {
    "python": "python",
    "os": "os",
    "host": "host",
    "gpu": "gpu",
    "gpu_count": "gpu_count",
    "cuda": "cudaVersion",
    "cpu_count": "cpu_count",
    "program": "program",
    "user": "username",
}
"""Our names for what the record holds, and its own."""


def environment_of(node: RunNode) -> Mapping[str, str]:
    """Return a run's environment: that of the last process that wrote to it."""
    record = _record(node)
    found = {ours: _plain(record.get(theirs)) for ours, theirs in FIELDS.items()}
    found["python"] = found["python"] or _plain(node.internals.get("python_version"))
    found["user"] = found["user"] or node.user
    return {key: value for key, value in found.items() if value}


def lineage_of(node: RunNode) -> tuple[Lineage, ...]:
    """Return the commit a run was started from."""
    git = table(_record(node).get("git"))
    commit = text(git.get("commit")) or node.commit
    if commit is None:
        return ()
    origin = RECORD if text(git.get("commit")) else "W&B run record"
    remote = CREDENTIALS.sub("", text(git.get("remote")) or "")
    return (Lineage("code", remote or "git repository", commit, origin),)


def _record(node: RunNode) -> Table:
    """Return the newest of the environments of the processes that wrote to a run."""
    records = [table(one) for one in table(node.internals.get("e")).values()]
    return max(records, key=lambda one: str(one.get("startedAt", "")), default=table(None))


def _plain(value: object) -> str | None:
    if isinstance(value, bool | Mapping) or entries(value):
        return None
    return str(value) if value else None
