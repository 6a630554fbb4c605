"""What a run's logs and the files beside them say of it beyond its history."""

import re
from collections.abc import Container, Mapping, Sequence

from samestep.formats.config_files import plain
from samestep.formats.wandb_log import Git, KeyPath, Log, NotParsed, numbers, settled
from samestep.model import Final, Lineage, LineageKind, State
from samestep.readers.wandb.local.beside import METADATA, SUMMARY, Beside, Table, as_table

INTERNAL = "_wandb"

_METADATA_KEYS = {
    "python": ("python",),
    "os": ("os",),
    "host": ("host",),
    "gpu": ("gpu", "gpu_type"),
    "gpu_count": ("gpu_count",),
    "cuda": ("cudaVersion", "cuda"),
    "cpu_count": ("cpu_count",),
    "program": ("program",),
    "user": ("username",),
}
"""Our names for what `wandb-metadata.json` holds, and its own over the years."""
_KINDS: Mapping[str, LineageKind] = {
    "dataset": "dataset",
    "model": "model",
    "checkpoint": "checkpoint",
}
_CREDENTIALS = re.compile(r"(?<=://)[^/@]+@")


def state(newest: Log | None) -> State:
    """Return how the run's newest start ended.

    A log without an exit code is that of a run still going on or of one that was killed, which it
    does not tell: the times of its rows do.
    """
    if newest is None or newest.exit_code is None:
        return "unknown"
    return "finished" if newest.exit_code == 0 else "failed"


def config(
    logs: Sequence[Log], besides: Sequence[Beside]
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the settings after every change, and a sentence for what could not be kept.

    `config.yaml` gives those that no log holds, such as those of an earlier start elsewhere.
    """
    changes = [change for log in logs for change in log.changes]
    written = {key: value for one in besides for key, value in one.config.items()}
    written.pop(INTERNAL, None)
    settings, left_out = plain({**written, **settled(changes)})
    unparsed = sum(isinstance(value, NotParsed) for _, value in changes)
    said = [f"{unparsed} settings that are no JSON or too long"] if unparsed else []
    return settings, (
        *(f"{one} were left out of the config." for one in said),
        *(f"The config: {one}." for one in left_out),
    )


def finals(
    logs: Sequence[Log], besides: Sequence[Beside], logged: Container[str]
) -> Mapping[str, Final]:
    """Return the numbers of the summary under keys that no row holds.

    What W&B makes of a metric itself (its last value, its minimum and maximum) is none of them.

    Args:
        logs: The run's logs.
        besides: The files beside each of them.
        logged: The keys of all rows.
    """
    found: dict[KeyPath, Final] = {}
    for origin, summary in (
        *((SUMMARY, dict(numbers((), one.summary))) for one in besides),
        *(("summary", log.summary) for log in logs),
    ):
        for path, value in summary.items():
            found[path] = Final(value, f"{origin}: {'.'.join(path)}")
    return {
        ".".join(path): final
        for path, final in found.items()
        if not path[0].startswith("_") and not _lies_at(path, logged)
    }


def environment(logs: Sequence[Log], besides: Sequence[Beside]) -> Mapping[str, str]:
    """Return where the run ran, its newest start last; `wandb-metadata.json` fills gaps."""
    facts = [_from_metadata(one.metadata) for one in besides]
    facts.extend(log.environment.facts for log in logs)
    return {key: value for one in facts for key, value in one.items()}


def lineage(logs: Sequence[Log], besides: Sequence[Beside]) -> tuple[Lineage, ...]:
    """Return what the run was made from and what it made, as its records say."""
    return (*_code(logs, besides), *_parents(logs), *_artifacts(logs))


def _lies_at(path: KeyPath, logged: Container[str]) -> bool:
    return any(".".join(path[:depth]) in logged for depth in range(1, len(path) + 1))


def _from_metadata(metadata: Table) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, theirs in _METADATA_KEYS.items():
        values = [metadata[name] for name in theirs if isinstance(metadata.get(name), str | int)]
        if values:
            found[key] = str(values[0])
    return found


def _code(logs: Sequence[Log], besides: Sequence[Beside]) -> list[Lineage]:
    """Return the commit of the run's newest start that says it."""
    written = [as_table(one.metadata.get("git")) for one in besides]
    said = [
        *(
            (METADATA, Git(str(one.get("remote") or ""), str(one["commit"])))
            for one in written
            if one.get("commit")
        ),
        *(("W&B run record", log.run.git) for log in logs if log.run and log.run.git),
        *(("W&B environment record", log.environment.git) for log in logs if log.environment.git),
    ]
    return [
        Lineage("code", _CREDENTIALS.sub("", git.remote) or "git repository", git.commit, origin)
        for origin, git in said[-1:]
    ]


def _parents(logs: Sequence[Log]) -> list[Lineage]:
    forks = [log.run.fork for log in logs if log.run and log.run.fork]
    return [
        Lineage("parent run", fork.run, None, "W&B run record", f"forked at {fork.at}")
        for fork in forks[-1:]
    ]


def _artifacts(logs: Sequence[Log]) -> list[Lineage]:
    """Return the data sets and models used and made; of one made again and again, the newest."""
    found: dict[tuple[object, ...], Lineage] = {}
    for one in (artifact for log in logs for artifact in log.artifacts):
        kind = _KINDS.get(one.type.lower())
        if kind is not None:
            origin = "W&B used artifact record" if one.is_used else "W&B artifact record"
            context = "input" if one.is_used else "output"
            found[kind, one.name, context] = Lineage(
                kind, one.name, one.digest or None, origin, context
            )
    return list(found.values())
