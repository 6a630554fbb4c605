"""The operations that the client of Neptune 1.x and 2.x keeps until they are sent.

They are JSON objects one behind another, `{"obj": {"type", "path", ...}, "version", "at"}`, in
files that roll at 64 MB; a version is the number of an operation in its directory.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from samestep.formats.config_files import whole_text
from samestep.formats.neptune.held import Log, moment

START = '{"obj"'
"""How every operation begins; what follows damage is found by it."""
IRRELEVANT = frozenset(
    {
        "LogStrings",
        "LogImages",
        "ClearStringLog",
        "ClearImageLog",
        "ConfigFloatSeries",
        "UploadFile",
        "UploadFileContent",
        "UploadFileSet",
        "DeleteFiles",
        "TrackFilesToArtifact",
        "ClearArtifact",
    }
)
"""Operations on texts, images and files, which are neither metrics nor settings."""
_decoder = json.JSONDecoder(strict=False)

Fields = Mapping[str, object]


class Malformed(ValueError):
    """An operation that does not say what its type says it does."""


@dataclass(slots=True)
class Applied:
    """What was met while operations were applied."""

    operations: int = 0
    first: int | None = None
    """The version of the first operation."""
    last: int = 0
    missing: int = 0
    """How many versions between the first and the last are not there."""
    torn: int = 0
    """Stretches that are no operation."""
    malformed: int = 0
    unknown: int = 0
    """Operations of a type that is not known."""
    copies: int = 0
    """Values copied from another run by reference: the log does not hold them."""

    def passed(self, version: int) -> None:
        """Note the version of an operation that is there."""
        self.operations += 1
        if self.first is None:
            self.first = version
        else:
            self.missing += max(0, version - self.last - 1)
        self.last = max(self.last, version)


def apply(text: str, log: Log, applied: Applied) -> None:
    """Apply the operations in a file's text to a log, in their order."""
    for entry in entries(text):
        operation = None if entry is None else entry.get("obj")
        version = None if entry is None else entry.get("version")
        if not isinstance(operation, Mapping) or not isinstance(version, int):
            applied.torn += 1
            continue
        applied.passed(version)
        try:
            _apply(cast("Fields", operation), log, applied)
        except Malformed:
            applied.malformed += 1


def entries(text: str) -> Iterator[Fields | None]:
    """Yield the JSON objects in a text, and None for each stretch that is none."""
    at = _skip(text, 0)
    while at < len(text):
        try:
            value, at = cast("tuple[object, int]", _decoder.raw_decode(text, at))
        except (ValueError, RecursionError):  # ValueError: no JSON; a number too long to read
            following = text.find(START, at + 1)
            at = len(text) if following < 0 else following
            value = None
        yield cast("Fields", value) if isinstance(value, dict) else None
        at = _skip(text, at)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _apply(operation: Fields, log: Log, applied: Applied) -> None:
    kind = operation.get("type")
    path = "/".join(_strings(operation.get("path")))
    if not isinstance(kind, str) or not path:
        raise Malformed
    if kind in _OPERATIONS:
        _OPERATIONS[kind](log, path, operation)
    elif kind == "CopyAttribute":
        applied.copies += 1
    elif kind not in IRRELEVANT:
        applied.unknown += 1


def _assign(log: Log, path: str, operation: Fields) -> None:
    value = operation.get("value")
    if not isinstance(value, str | int | float):
        raise Malformed
    log.attributes[path] = whole_text(value) if isinstance(value, str) else value


def _assign_datetime(log: Log, path: str, operation: Fields) -> None:
    value = moment(_number(operation.get("value")) / 1000.0)
    if value is None:
        raise Malformed
    log.attributes[path] = value


def _assign_artifact(log: Log, path: str, operation: Fields) -> None:
    log.artifacts[path] = str(operation.get("hash"))


def _log_floats(log: Log, path: str, operation: Fields) -> None:
    values = operation.get("values")
    if not isinstance(values, list):
        raise Malformed
    points = [_point(value) for value in cast("list[object]", values)]
    for step, value, time in points:
        log.append(path, step, value, time)


def _point(value: object) -> tuple[float | None, float, float]:
    if not isinstance(value, dict):
        raise Malformed
    fields = cast("Fields", value)
    step = fields.get("step")
    return (
        None if step is None else _number(step),
        _number(fields.get("value")),
        _number(fields.get("ts")),
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed
    try:
        return float(value)
    except OverflowError:
        raise Malformed from None


def _strings(value: object) -> list[str]:
    entries = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(entry, str) for entry in entries):
        raise Malformed
    return [whole_text(entry) for entry in cast("list[str]", entries)]


_OPERATIONS: Mapping[str, Callable[[Log, str, Fields], None]] = {
    "AssignFloat": _assign,
    "AssignInt": _assign,
    "AssignBool": _assign,
    "AssignString": _assign,
    "AssignDatetime": _assign_datetime,
    "AssignArtifact": _assign_artifact,
    "AddStrings": lambda log, path, operation: log.add(path, _strings(operation.get("values"))),
    "RemoveStrings": lambda log, path, operation: log.remove(
        path, _strings(operation.get("values"))
    ),
    "ClearStringSet": lambda log, path, _: log.attributes.update({path: ()}),
    "LogFloats": _log_floats,
    "ClearFloatLog": lambda log, path, _: log.clear(path),
    "DeleteAttribute": lambda log, path, _: log.delete(path),
}
