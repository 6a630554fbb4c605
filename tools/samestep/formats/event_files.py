"""TensorBoard event files as columns: scalars, hyperparameters, texts, session starts."""

import os
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from samestep.formats.summary_metadata import Setting, hyperparameters, plugin
from samestep.formats.tensor_protos import scalar, strings
from samestep.formats.tfrecords import HEADER, Damage, frame, record_end
from samestep.formats.wire import FIXED32, FIXED64, LENGTH, VARINT, Malformed, fields, key, signed

if TYPE_CHECKING:
    from samestep.model import Floats, Integers

Content = Literal["empty", "header only", "not an event file", "events"]

PEEKED: Final = 4096
"""How many bytes a glance at a file reads."""

_WALL_TIME = key(1, FIXED64)
_STEP = key(2, VARINT)
_FILE_VERSION = key(3, LENGTH)
_SUMMARY = key(5, LENGTH)
_SESSION_LOG = key(7, LENGTH)
_CONTENTS = frozenset({_SUMMARY, *(key(number, LENGTH) for number in (4, 6, 8, 9))})
"""What an event may hold besides the notes of a writer that starts or ends."""

_SESSION_STATUS = key(1, VARINT)
_SESSION_START = 1

_VALUE = key(1, LENGTH)
_TAG = key(1, LENGTH)
_SIMPLE_VALUE = key(2, FIXED32)
_TENSOR = key(8, LENGTH)
_METADATA = key(9, LENGTH)
_NODE_NAME = key(7, LENGTH)

_SCALARS = frozenset({"", "scalars"})
"""The plugins whose tensors are scalars; some writers name none."""

_Value = float | str | dict[str, Setting] | None


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """One tag's scalars, in the order they were written; all arrays have the shape (points,)."""

    steps: "Floats"
    values: "Floats"
    times: "Floats"
    """Seconds since 1970; 0 where the event names no time."""
    rows: "Integers"
    """The number of the record each point was written in."""


@dataclass(frozen=True, slots=True)
class SessionStart:
    """A writer's note that a session begins at a step."""

    row: int
    step: float
    time: float


@dataclass(frozen=True, slots=True, eq=False)
class EventFile:
    """Everything one event file says about a run."""

    content: Content
    scalars: Mapping[str, Points]
    texts: Mapping[str, str]
    """The newest text under each tag, without the suffix `/text_summary`."""
    hparams: Mapping[str, Setting]
    plugins: Mapping[str, str]
    """Every tag in the order of its first record, and the plugin it is for ("" where unsaid)."""
    starts: tuple[SessionStart, ...]
    records: int
    """The records that are intact."""
    damage: Damage


@dataclass(frozen=True, slots=True)
class Peek:
    """What the first bytes of an event file show."""

    content: Content
    tags: tuple[str, ...]


def read_events(path: Path) -> EventFile:
    """Read a whole event file."""
    return parse_events(path.read_bytes())


def parse_events(data: bytes) -> EventFile:
    """Decode the bytes of an event file; damage is counted and never raised."""
    spans, damage = frame(data)
    columns = _Columns()
    foreign = 0
    for row, (start, end) in enumerate(spans):
        try:
            columns.add(row, data[start:end])
        except Malformed:
            foreign += 1
    return EventFile(
        content=columns.content if data else "empty",
        scalars={tag: _points(column) for tag, column in columns.scalars.items()},
        texts=columns.texts,
        hparams=columns.hparams,
        plugins=columns.plugins,
        starts=tuple(columns.starts),
        records=len(spans),
        damage=replace(damage, foreign_records=foreign),
    )


def peek(path: Path) -> Peek:
    """Tell what kind of file this is from its first bytes."""
    with path.open("rb") as file:
        head = file.read(PEEKED)
        size = os.fstat(file.fileno()).st_size
    seen = parse_events(head)
    cut_at = len(head) - seen.damage.cut_off_bytes
    cut_ends = record_end(head, cut_at)
    if cut_ends is None or not len(head) < cut_ends <= size:
        return Peek(seen.content, tuple(seen.plugins))
    cut_tags = (tag for tag in _leading_tags(head[cut_at + HEADER :]) if tag not in seen.plugins)
    return Peek("events", (*seen.plugins, *cut_tags))


class _Columns:
    """The columns of one file while its events are decoded."""

    def __init__(self) -> None:
        self.fields: set[int] = set()
        self.scalars: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self.texts: dict[str, str] = {}
        self.hparams: dict[str, Setting] = {}
        self.plugins: dict[str, str] = {}
        self.starts: list[SessionStart] = []

    @property
    def content(self) -> Content:
        """What the events hold together."""
        if self.fields & _CONTENTS:
            return "events"
        return "header only" if _FILE_VERSION in self.fields else "not an event file"

    def add(self, row: int, payload: bytes) -> None:
        """Take one event; one that is malformed leaves no value behind."""
        step, time, starts = 0, 0.0, False
        values: list[tuple[str, _Value]] = []
        for tag, chunk, number in fields(payload):
            self.fields.add(tag)
            if tag == _WALL_TIME:
                (time,) = struct.unpack("<d", chunk)
            elif tag == _STEP:
                step = signed(number)
            elif tag == _SUMMARY:
                values += [self._value(part) for kind, part, _ in fields(chunk) if kind == _VALUE]
            elif tag == _SESSION_LOG:
                starts = _starts_session(chunk)
        if starts:
            self.starts.append(SessionStart(row, float(step), time))
        for name, value in values:
            self._keep(name, value, (step, time, row))

    def _value(self, message: bytes) -> tuple[str, _Value]:
        """Return a tag and what stands under it; None where that is no scalar, text or setting."""
        name, kind, content = b"", "", b""
        value_key, value = 0, b""
        for tag, chunk, _ in fields(message):
            if tag == _TAG:
                name = chunk
            elif tag == _METADATA:
                kind, content = plugin(chunk)
            elif tag != _NODE_NAME:
                value_key, value = tag, chunk
        decoded = name.decode(errors="replace")
        kind = self._plugin(decoded, kind)
        if value_key == _SIMPLE_VALUE:
            return decoded, struct.unpack("<f", value)[0]
        if kind == "hparams":
            return decoded, hyperparameters(content)
        if value_key == _TENSOR and kind == "text":
            return decoded, "\n".join(strings(value))
        return decoded, scalar(value) if value_key == _TENSOR and kind in _SCALARS else None

    def _keep(self, name: str, value: _Value, at: tuple[float, float, float]) -> None:
        if isinstance(value, dict):
            self.hparams.update(value)
        elif isinstance(value, str):
            self.texts[name.removesuffix("/text_summary")] = value
        elif value is not None:
            self.scalars[name].extend((value, *at))

    def _plugin(self, tag: str, named: str) -> str:
        """Return the plugin a tag is for; a writer may name it with the tag's first value only."""
        if named or tag not in self.plugins:
            self.plugins[tag] = named
        return self.plugins[tag]


def _starts_session(session_log: bytes) -> bool:
    return any(
        tag == _SESSION_STATUS and status == _SESSION_START
        for tag, _, status in fields(session_log)
    )


def _points(column: "array[float]") -> Points:
    table = np.array(column).reshape(-1, 4)
    return Points(
        steps=table[:, 1].copy(),
        values=table[:, 0].copy(),
        times=table[:, 2].copy(),
        rows=table[:, 3].astype(np.int64),
    )


def _leading_tags(payload: bytes) -> Iterator[str]:
    """Yield the whole tags at the start of an event whose end is missing."""
    try:
        for kind, summary, _ in fields(payload, cut=True):
            if kind == _SUMMARY:
                for _, value, _ in fields(summary, cut=True):
                    parts = fields(value, cut=True)
                    if len(parts) > 1 and parts[0][0] == _TAG:
                        yield parts[0][1].decode(errors="replace")
    except Malformed:
        return
