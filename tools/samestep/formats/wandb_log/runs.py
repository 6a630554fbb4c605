"""What a log says of its run: its names, where it comes from, where it ran, what it used."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from samestep.formats.wandb_log.items import decoded
from samestep.formats.wire import FIXED64, LENGTH, VARINT, fields, key, signed

_RUN_TEXTS: Final = {
    key(1, LENGTH): "id",
    key(2, LENGTH): "entity",
    key(3, LENGTH): "project",
    key(6, LENGTH): "group",
    key(8, LENGTH): "name",
}
_RUN_CONFIG: Final = key(4, LENGTH)
_TAG: Final = key(10, LENGTH)
_STARTING_STEP: Final = key(14, VARINT)
_STARTED: Final = key(17, LENGTH)
_RUN_GIT: Final = key(21, LENGTH)
_BRANCH: Final = key(23, LENGTH)
_SECONDS, _NANOS = key(1, VARINT), key(2, VARINT)
_FORKED_RUN, _FORKED_AT, _FORKED_ON = key(1, LENGTH), key(2, FIXED64), key(3, LENGTH)

_ENVIRONMENT_TEXTS: Final = {
    key(1, LENGTH): "os",
    key(2, LENGTH): "python",
    key(6, LENGTH): "program",
    key(12, LENGTH): "host",
    key(13, LENGTH): "user",
    key(18, LENGTH): "gpu",
    key(25, LENGTH): "cuda",
}
_ENVIRONMENT_COUNTS: Final = {key(16, VARINT): "cpu_count", key(19, VARINT): "gpu_count"}
_ENVIRONMENT_GIT: Final = key(9, LENGTH)
_GPU_NVIDIA: Final = key(24, LENGTH)
_NAME: Final = key(1, LENGTH)

_REMOTE, _COMMIT = key(1, LENGTH), key(2, LENGTH)
_ARTIFACT: Final = {key(4, LENGTH): "type", key(5, LENGTH): "name", key(6, LENGTH): "digest"}
_USED_ARTIFACT: Final = {key(2, LENGTH): "type", key(3, LENGTH): "name"}
_EXIT_CODE: Final = key(1, VARINT)


@dataclass(frozen=True, slots=True)
class Git:
    """The commit a run's code was at, and the repository's address."""

    remote: str
    commit: str


@dataclass(frozen=True, slots=True)
class Fork:
    """The run that a run was forked from."""

    run: str
    at: str
    """Where: a metric and its value, as `_step 100`."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What identifies a run; a text is empty where nothing is said."""

    id: str = ""
    entity: str = ""
    project: str = ""
    group: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    started: float | None = None
    """When it was started, in seconds since 1970."""
    starting_step: int = 0
    """How many steps the run had when this log was begun, where the log says so."""
    git: Git | None = None
    fork: Fork | None = None
    config: bytes = b""
    """Its first config record, as it stands in the log."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run ran, and the commit of its code."""

    facts: Mapping[str, str]
    """By the keys of `samestep.model.ENVIRONMENT`."""
    git: Git | None = None

    def joined(self, later: "Environment") -> "Environment":
        """Return what both records say; W&B writes one when a run starts and one soon after."""
        return Environment({**self.facts, **later.facts}, later.git or self.git)


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something a run used or made."""

    type: str
    name: str
    digest: str
    is_used: bool


def run_facts(message: bytes) -> RunFacts:
    """Return what a run record says.

    Raises:
        Malformed: The bytes are no run record.
    """
    facts = RunFacts(tags=_texts(message, _TAG))
    for tag, chunk, number in fields(message):
        if tag == _STARTING_STEP:
            facts = replace(facts, starting_step=signed(number))
        elif tag == _STARTED:
            facts = replace(facts, started=seconds(chunk))
        elif tag == _RUN_GIT:
            facts = replace(facts, git=_git(chunk))
        elif tag == _BRANCH:
            facts = replace(facts, fork=_fork(chunk))
        elif tag == _RUN_CONFIG:
            facts = replace(facts, config=chunk)
    return replace(facts, **_named(message, _RUN_TEXTS))


def environment(message: bytes) -> Environment:
    """Return what an environment record says.

    Raises:
        Malformed: The bytes are no environment record.
    """
    facts = _named(message, _ENVIRONMENT_TEXTS)
    git: Git | None = None
    gpus: list[str] = []
    for tag, chunk, number in fields(message):
        if tag in _ENVIRONMENT_COUNTS:
            facts[_ENVIRONMENT_COUNTS[tag]] = str(number)
        elif tag == _ENVIRONMENT_GIT:
            git = _git(chunk)
        elif tag == _GPU_NVIDIA:
            gpus.extend(_texts(chunk, _NAME))
    if gpus and "gpu" not in facts:
        facts["gpu"] = ", ".join(dict.fromkeys(gpus))
    return Environment(facts, git)


def artifact(message: bytes, *, is_used: bool) -> Artifact:
    """Return what a record of an artifact says; a used one has no digest in it.

    Raises:
        Malformed: The bytes are no such record.
    """
    said = _named(message, _USED_ARTIFACT if is_used else _ARTIFACT)
    return Artifact(said.get("type", ""), said.get("name", ""), said.get("digest", ""), is_used)


def exit_code(message: bytes) -> int:
    """Return the exit code of an exit record, 0 where it is not written.

    Raises:
        Malformed: The bytes are no exit record.
    """
    return next((signed(number) for tag, _, number in fields(message) if tag == _EXIT_CODE), 0)


def seconds(message: bytes) -> float:
    """Return a timestamp in seconds since 1970.

    Raises:
        Malformed: The bytes are no timestamp.
    """
    parts = {tag: signed(number) for tag, _, number in fields(message)}
    return parts.get(_SECONDS, 0) + parts.get(_NANOS, 0) / 1e9


def _git(message: bytes) -> Git | None:
    commit, remote = _texts(message, _COMMIT), _texts(message, _REMOTE)
    return Git(remote[-1] if remote else "", commit[-1]) if commit else None


def _fork(message: bytes) -> Fork | None:
    run, metric = _texts(message, _FORKED_RUN), _texts(message, _FORKED_ON)
    values = [chunk for tag, chunk, _ in fields(message) if tag == _FORKED_AT]
    value: float = struct.unpack("<d", values[-1])[0] if values else 0.0  # 0 is not written
    return Fork(run[-1], f"{metric[-1]} {value:g}" if metric else "its end") if run else None


def _named(message: bytes, names: Mapping[int, str]) -> dict[str, str]:
    """Return the texts of a message by their names, those that are not empty."""
    return {
        names[tag]: decoded(chunk) for tag, chunk, _ in fields(message) if tag in names and chunk
    }


def _texts(message: bytes, wanted: int) -> tuple[str, ...]:
    return tuple(decoded(chunk) for tag, chunk, _ in fields(message) if tag == wanted)
