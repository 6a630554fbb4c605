"""The directories in which the client of Neptune 1.x and 2.x keeps a run's operations."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from samestep.errors import shown_text
from samestep.formats.neptune.held import CREATED, NAME, Held, Log
from samestep.formats.neptune.operations import Applied, apply
from samestep.formats.neptune.regular import opened
from samestep.progress import tell

LOG_NAME = re.compile(r"data-(\d{1,18})\.log", re.ASCII)
"""A file of operations; the number is the version of its first one."""
PEEKED = 32 * 1024
"""How much of the first file is read for a run's name."""
MOST_METADATA = 64 * 1024
MOST_LOG = 1024 * 1024 * 1024  # files roll at 64 MB; one far larger is no operation log


@dataclass(frozen=True, slots=True)
class Execution:
    """One directory of operations: what one process logged to a run."""

    path: Path
    container: str
    """The id of what was logged to."""
    kind: str
    """What that is: `run`, `project`, `model` or `model_version`."""
    mode: str
    """`offline`, or `async` where operations were sent while the run was training."""
    metadata: Mapping[str, object]

    @property
    def created(self) -> datetime | None:
        """When the process began, where that is recorded."""
        try:
            created = datetime.fromisoformat(str(self.metadata.get("createdAt")))
        except ValueError:
            return None
        return created if created.tzinfo else created.replace(tzinfo=UTC)


def execution(path: Path) -> Execution:
    """Return what a directory's name and metadata say of it, in any of the three layouts."""
    metadata = _metadata(path / "metadata.json")
    own = path.parent.name if path.name.startswith("exec-") else path.name
    parts = own.split("__")
    container, kind = (parts[1], parts[0]) if len(parts) > 1 else (own, "run")
    above = [parent.name for parent in path.parents[:3]]
    mode = "async" if "async" in above and "offline" not in above else "offline"
    return Execution(
        path,
        _text(metadata.get("containerId")) or container,
        _text(metadata.get("containerType")) or kind,
        _text(metadata.get("mode")) or mode,
        metadata,
    )


def peek(executions: Sequence[Execution]) -> tuple[bool, str | None]:
    """Return whether a run may have operations, and its name, by the beginnings of its logs.

    Raises:
        OSError: A file cannot be read.
    """
    log, applied, goes_on = Log(), Applied(), False
    for one in executions:
        for file in _logs(one.path)[:1]:
            with opened(file) as reading:
                apply(reading.read(PEEKED).decode(errors="replace"), log, applied)
                goes_on |= reading.read(1) != b""
        name = log.attributes.get(NAME)
        if isinstance(name, str) and name:
            return True, name
    return goes_on or applied.operations > 0, None


def read_executions(executions: Sequence[Execution]) -> Held:
    """Return what all directories of one run hold, applied in the order they were begun.

    Raises:
        OSError: A file cannot be read.
    """
    log = Log()
    losses: list[str] = []
    for one in executions:
        applied = Applied()
        for file in _logs(one.path):
            tell(f"operations of {one.container}", applied.operations)
            with opened(file) as reading:
                text = reading.read(MOST_LOG).decode(errors="replace")
                if reading.read(1):
                    losses.append(f"{one.path.name}/{file.name} was read up to {MOST_LOG} bytes.")
            apply(text, log, applied)
        losses.extend(_losses(one, applied))
    created = next((one.created for one in executions if one.created), None)
    if created is not None:
        log.attributes.setdefault(CREATED, created)
    environment = {
        key: value for one in executions for key, value in _environment(one.metadata).items()
    }
    return log.held(losses, environment)


def _logs(path: Path) -> list[Path]:
    numbered = ((LOG_NAME.fullmatch(file.name), file) for file in path.iterdir())
    return [file for _, file in sorted((int(match[1]), file) for match, file in numbered if match)]


def _losses(one: Execution, applied: Applied) -> list[str]:
    put = _number_in(one.path / "last_put_version")
    said = {
        "could not be read (torn or overwritten)": applied.torn,
        "do not say what their type says": applied.malformed,
        "are of a type that samestep does not know": applied.unknown,
        "copy a value from another run, which is not in the log": applied.copies,
        "are missing between those that are there": applied.missing,
        "at the end were never written": max(0, put - applied.last) if applied.operations else put,
    }
    losses = [
        f"{shown_text(one.path.name)}: {count} operation{'s'[: count != 1]} {what}."
        for what, count in said.items()
        if count
    ]
    if one.mode == "async":
        sent = (applied.first or 1) - 1
        losses.append(
            f"{shown_text(one.path.name)}: the run was sent to Neptune while it was training, and "
            f"only what is still here can be read: {sent} operations before it are gone."
        )
    return losses


def _number_in(file: Path) -> int:
    try:
        with opened(file) as reading:
            return max(0, int(reading.read(32)))
    except (OSError, ValueError):
        return 0


def _metadata(file: Path) -> Mapping[str, object]:
    try:
        with opened(file) as reading:
            document: object = json.loads(reading.read(MOST_METADATA))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("Mapping[str, object]", document) if isinstance(document, dict) else {}


def _environment(metadata: Mapping[str, object]) -> dict[str, str]:
    python, system = _text(metadata.get("pythonVersion")), _text(metadata.get("os"))
    found = {"python": python.partition(" ")[0], "os": system}
    return {key: value for key, value in found.items() if value}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
