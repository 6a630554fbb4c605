"""The log files of a directory: known by their first bytes, read whole only when asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.local import LocalFormat, Log, dvclive, format_of
from samestep.formats.local.axes import is_axis
from samestep.formats.local.hf_trainer import FILE_NAME as TRAINER_STATE
from samestep.formats.local.json_results import is_about_run, is_results_name
from samestep.formats.local.several import MARK
from samestep.formats.local.text import head_of, is_text
from samestep.readers.sidecars import is_config_name
from samestep.readers.tree import Directory

TABLES = (".csv", ".tsv")
JSON_LINES = (".jsonl", ".ndjson")
ARRAYS = ".npz"
EVALUATIONS = "evaluations.npz"
DATABASES = (".db",)
NEVER_LOGS = frozenset(
    {"package.json", "package-lock.json", "tsconfig.json", "tokenizer.json", "vocab.json"}
)
TEXT_LOG = re.compile(
    r".*\.(log|out)|.*(log|out|result|train).*\.txt|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.txt"
)
"""Names of texts that may be logs: of a run, of what a program printed, or of a run's UUID."""
CHECKPOINT = re.compile(r"checkpoint-\d+")
MOST_PARSED = 32  # logs kept in memory
MOST_CANDIDATES = 5_000  # files of one directory that are looked at; a data set may hold more


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that logs a run, or a part of one."""

    path: Path
    relative: str
    """Its path below the location of the source, with `/` between the parts; `?` and `part`."""
    format: LocalFormat
    columns: frozenset[str] | None
    """The metrics it logs, where its first bytes say so."""
    part: str = ""
    """Which run of a file that holds several; empty where the file holds one."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first bytes of a directory's files say."""

    logs: tuple[LogFile, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    """Relative path and reason of files that are named as logs and cannot be read."""


def is_candidate(name: str) -> bool:
    """Return whether a file may log a run, by its name."""
    lower = name.lower()
    if lower.endswith(".json"):
        return is_results_name(name) or not (lower in NEVER_LOGS or is_config_name(name))
    if lower.endswith(ARRAYS):
        return "eval" in lower
    return (
        lower.endswith((*TABLES, *JSON_LINES, *DATABASES)) or TEXT_LOG.fullmatch(lower) is not None
    )


def holds_runs(directory: Directory) -> bool:
    """Return whether a directory holds a file that logs a run, by its first bytes."""
    if dvclive.stands_above(directory.path, directory.relative):
        return False
    names = islice(filter(is_candidate, directory.files), MOST_CANDIDATES)
    return any(known_format(directory.path / name) is not None for name in names)


def known_format(path: Path) -> LocalFormat | None:
    """Return the format of a file; None where it has none or cannot be read."""
    try:
        return format_of(path.name, head_of(path))
    except NotReadable:
        return None


def candidates(directory: Directory) -> Iterator[tuple[Path, str]]:
    """Yield the files of a run in a directory that may be logs, with their relative paths.

    The state that a trainer saved with each checkpoint belongs to the directory above it, as do
    the tables that DVCLive writes below its own.
    """
    if dvclive.stands_above(directory.path, directory.relative):
        return
    within = "" if directory.relative == "." else f"{directory.relative}/"
    is_checkpoint = within and CHECKPOINT.fullmatch(directory.path.name)
    for name in filter(is_candidate, directory.files):
        if not (is_checkpoint and name == TRAINER_STATE):
            yield directory.path / name, f"{within}{name}"
    for name in filter(CHECKPOINT.fullmatch, directory.directories):
        if (directory.path / name / TRAINER_STATE).is_file():
            yield directory.path / name / TRAINER_STATE, f"{within}{name}/{TRAINER_STATE}"


def look(directory: Directory) -> Looked:
    """Return the logs of a directory by their first bytes."""
    logs: list[LogFile] = []
    unreadable: list[tuple[str, str]] = []
    found = candidates(directory)
    for path, relative in islice(found, MOST_CANDIDATES):
        try:
            head = head_of(path)
        except NotReadable as error:
            unreadable.append((relative, error.why))
            continue
        known = format_of(path.name, head)
        if known is not None:
            file = LogFile(path, relative, known, known.columns(head))
            try:
                logs.extend(_runs_of(file) if known.several(head) else [file])
            except NotReadable as error:
                unreadable.append((relative, error.why))
        elif why := _why_not(path.name, head):
            unreadable.append((relative, why))
    if beyond := sum(1 for _ in found):
        why = f"{beyond} files beyond the first {MOST_CANDIDATES:,} were not looked at"
        unreadable.append((directory.relative, why))
    return Looked(tuple(logs), tuple(unreadable))


def read_log(file: LogFile) -> Log:
    """Read a log, once for as long as the file stays as it is.

    Raises:
        NotReadable: The file is broken, too large, or may not be read.
    """
    instead = "list_runs names what is there now."
    try:
        log = _parsed(file.path, file.format, stamp(file.path))
    except OSError as error:
        raise NotReadable(str(file.path), str(error.strerror or error), instead) from error
    if not file.part:
        return log
    if file.part not in log.runs:
        raise NotReadable(str(file.path), f"it no longer holds {file.part}", instead)
    return log.runs[file.part]


def stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does, with what a database wrote beside it.

    Raises:
        OSError: It is not there, or may not be looked at.
    """
    status = path.stat()
    journal = path.with_name(f"{path.name}-wal")
    if path.suffix.lower() not in DATABASES or not journal.is_file():
        return status.st_size, status.st_mtime_ns
    beside = journal.stat()
    return status.st_size, status.st_mtime_ns, beside.st_size, beside.st_mtime_ns


def _runs_of(file: LogFile) -> list[LogFile]:
    """Return a file once for each run it holds."""
    runs = read_log(file).runs
    return [
        replace(
            file,
            relative=f"{file.relative}{MARK}{part}",
            columns=frozenset(name for name in log.metrics if not is_axis(name)),
            part=part,
        )
        for part, log in runs.items()
    ] or [file]


@lru_cache(maxsize=MOST_PARSED)
def _parsed(path: Path, known: LocalFormat, _stamp: tuple[int, ...]) -> Log:
    return known.read(path)


def _why_not(name: str, head: bytes) -> str | None:
    """Return why a file that is named as a log is none; None where it may be something else."""
    lower = name.lower()
    is_document = name == TRAINER_STATE or (is_results_name(name) and not is_about_run(name))
    if not (is_document or lower == EVALUATIONS or lower.endswith((*TABLES, *JSON_LINES))):
        return None
    if not head.strip():
        return "it is empty"
    if lower == EVALUATIONS:
        return "it is no whole archive of evaluations"
    if not is_text(head):
        return "it is not text"
    broken = not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    return "it is no JSON from its start" if broken and not lower.endswith(TABLES) else None
