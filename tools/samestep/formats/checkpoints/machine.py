"""Reads a pickle's opcodes one by one into inert values: the opposite of an unpickler.

An unpickler looks up names and calls what it finds. This one knows no module and calls nothing:
a class is its name, an object the arguments it would have been made with.
Opcodes: https://github.com/python/cpython/blob/3.13/Lib/pickletools.py
"""

import struct
from dataclasses import dataclass, field

from samestep.formats.checkpoints.bounds import LONGEST_TEXT, MOST_OPCODES, MOST_TEXT
from samestep.formats.checkpoints.nodes import OPAQUE, Global, Node, Value

STOP = ord(".")
UNNAMED = Global("?", "?")
"""What is called without a name that can be read."""
LARGEST_INTEGER = 8  # bytes; a longer one is no epoch and no step


class Broken(Exception):
    """Why a pickle cannot be read, as a clause."""


@dataclass(slots=True)
class Machine:
    """The state of reading one pickle."""

    written: bytes
    at: int = 0
    """The place of the next byte."""
    stack: list[Value] = field(default_factory=list[Value])
    below: list[list[Value]] = field(default_factory=list[list[Value]])
    """The stacks below each mark, the outermost first."""
    memo: dict[int, Value] = field(default_factory=dict[int, Value])
    calls: dict[Global, None] = field(default_factory=dict[Global, None])
    """What an unpickler would call, in order."""
    texts: int = 0
    """Bytes of the texts kept so far."""

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        start = self.at
        self.skip(count)
        return self.written[start : self.at]

    def skip(self, count: int) -> None:
        """Pass over bytes that nobody needs."""
        if not 0 <= count <= len(self.written) - self.at:
            raise Broken("it ends in the middle of a value")
        self.at += count

    def number(self, layout: str) -> int:
        """Return a number of fixed width."""
        (value,) = struct.unpack_from(layout, self.written, self.at)
        self.at += struct.calcsize(layout)
        return int(value)

    def line(self) -> bytes:
        """Return the bytes up to the next line's end, which is passed over."""
        end = self.written.find(b"\n", self.at)
        if end < 0:
            raise Broken("it ends in the middle of a value")
        line = self.kept(self.written[self.at : end]) if end - self.at <= LONGEST_TEXT else b""
        self.at = end + 1
        return line

    def kept(self, text: bytes) -> bytes:
        """Return bytes that are kept as text, which takes up to four times as much memory."""
        self.texts += len(text)
        if self.texts > MOST_TEXT:
            raise Broken(f"its texts take more than {MOST_TEXT // 1_000_000} MB")
        return text

    def text(self, length: int) -> Value:
        """Return the next bytes as text, or nothing of a text that is too long."""
        if length > LONGEST_TEXT:
            self.skip(length)
            return OPAQUE
        return self.kept(self.take(length)).decode("utf-8", "replace")

    def integer(self, length: int) -> Value:
        """Return the next bytes as a whole number, little end first."""
        if length > LARGEST_INTEGER:
            self.skip(length)
            return OPAQUE
        return int.from_bytes(self.take(length), "little", signed=True)

    def marked(self) -> list[Value]:
        """Return what stands above the newest mark, and take it and the mark away."""
        above, self.stack = self.stack, self.below.pop()
        return above

    def top(self) -> Node | None:
        """Return what is on top, if it takes items or entries."""
        top = self.stack[-1]
        return top if isinstance(top, Node) else None

    def made(self, callee: Value, given: Value) -> Node:
        """Return what a call would make: its name and arguments."""
        made_by = callee if isinstance(callee, Global) else UNNAMED
        self.calls[made_by] = None
        return Node(made_by, items=given.items if isinstance(given, Node) else [given])


def read_pickle(written: bytes, start: int = 0) -> tuple[Value, Machine]:
    """Return what the pickle that begins at a place describes; the machine stands at its end.

    Raises:
        Broken: It is torn, is no pickle, or has too many opcodes.
    """
    from samestep.formats.checkpoints.opcodes import OPCODES

    machine = Machine(written, start)
    try:
        for _ in range(MOST_OPCODES):
            code = written[machine.at]
            machine.at += 1
            if code == STOP:
                return machine.stack[-1], machine
            OPCODES[code](machine)
    except (IndexError, struct.error) as error:
        raise Broken("it is torn") from error
    except KeyError as error:
        raise Broken(f"it is no pickle, at byte {machine.at - 1}") from error
    except ValueError as error:
        raise Broken("one of its numbers is none") from error
    raise Broken(f"it has more than {MOST_OPCODES:,} opcodes")
