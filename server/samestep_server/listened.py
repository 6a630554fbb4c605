"""Standard output that may stop being read, or have no room left."""

import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer

UNWRITTEN = 2


@contextmanager
def listened() -> Generator[None]:
    """Write to standard output for as long as somebody reads it, and leave as usual.

    Output that cannot be written for another reason is said in a line, and left with status 2.
    """
    # A terminal is neither closed early nor full.
    if sys.stdout is None or sys.stdout.isatty():
        yield
        return
    sys.stdout = _over(sys.stdout)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except _Unwritten as lost:
        sys.stderr.write(f"The answer could not be written to standard output: {lost}.\n")
        sys.exit(UNWRITTEN)


def _over(stdout: "TextIO") -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(stdout.fileno(), "w", closefd=False)),
        encoding=stdout.encoding,
        errors=stdout.errors,
    )


class _Unwritten(Exception):
    """Output that is lost; no refusal of what was asked."""


class _Output(io.FileIO):
    """A file that takes everything once it cannot be written, so that nothing fails again."""

    def write(self, b: "ReadableBuffer", /) -> int:
        try:
            return super().write(b)
        except BrokenPipeError:  # `| head` has read enough
            self._let_go()
        except OSError as error:
            self._let_go()
            raise _Unwritten(error.strerror or str(error)) from error
        return memoryview(b).nbytes

    def _let_go(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
