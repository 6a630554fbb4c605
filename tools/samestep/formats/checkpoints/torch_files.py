"""The object that torch.save wrote, in every format it has had, as inert values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Literal

from samestep.formats.checkpoints.bounds import LARGEST_PICKLE
from samestep.formats.checkpoints.machine import Broken, Machine, read_pickle
from samestep.formats.checkpoints.nodes import Global, Node, Value
from samestep.formats.checkpoints.tar_members import is_tar, tar_content
from samestep.formats.checkpoints.zip_members import LOCAL, MOST_SHOWN, Member, content, members

Form = Literal["zip", "legacy", "tar", "pickle", "safetensors", "directory"]
MAGIC_PICKLE = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
"""The number that begins the format torch wrote before 1.6."""
BEFORE_THE_OBJECT = 3  # pickles: that number, the version of the protocol, the system's numbers
PROTOCOL = b"\x80"
DATA = "data.pkl"
KNOWN = {
    b"\x89HDF": "an HDF5 file",
    b"GGUF": "a GGUF file",
    b"\x93NUMPY": "a NumPy array",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"{": "JSON",
    b"<": "a page or XML",
    b"version https://git-lfs": "a pointer to Git LFS, which `git lfs pull` replaces by the file",
}
"""First bytes of files that are met under a checkpoint's name."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What torch.save was given."""

    form: Form
    root: Value
    calls: tuple[Global, ...]
    """What unpickling it would call, by name."""


def read_saved(file: IO[bytes], length: int) -> Saved:
    """Return the object in a file.

    Raises:
        Broken: It is torn, too large, or of another kind.
    """
    head = file.read(1024)
    if head.startswith(LOCAL):
        return _of("zip", _pickle_in_zip(file, length))
    if is_tar(head):
        written = tar_content(file, "pickle", LARGEST_PICKLE)
        if written is None:
            raise Broken("it is a tar archive without the `pickle` that torch puts there")
        return _of("tar", written)
    if not head.startswith(PROTOCOL):
        raise Broken(_other_kind(head))
    file.seek(0)
    written = file.read(LARGEST_PICKLE)
    if MAGIC_PICKLE in head[: len(MAGIC_PICKLE) + 2]:
        return _of("legacy", written, BEFORE_THE_OBJECT)
    return _of("pickle", written)


def _of(form: Form, written: bytes, before: int = 0) -> Saved:
    """Return the object of a pickle that others may stand before."""
    at = 0
    for _ in range(before):
        at = read_pickle(written, at)[1].at
    root, machine = read_pickle(written, at)
    if not isinstance(root, Node):
        raise Broken("it holds a single value, no checkpoint")
    return Saved(form, root, _calls(machine))


def _calls(machine: Machine) -> tuple[Global, ...]:
    return tuple(machine.calls)


def _pickle_in_zip(file: IO[bytes], length: int) -> bytes:
    listed = members(file, length)
    found = [one for one in listed if one.name.endswith(f"/{DATA}") and one.name.count("/") == 1]
    if len(found) != 1:
        raise Broken(f"it is a zip archive, and torch's `{DATA}` is not in it{_held(listed)}")
    return content(file, found[0], LARGEST_PICKLE)


def _held(listed: Sequence[Member]) -> str:
    names = ", ".join(repr(one.name[:100]) for one in listed[:MOST_SHOWN])
    rest = len(listed) - MOST_SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return f"; it holds {names}{more}" if listed else "; it is empty"


def _other_kind(head: bytes) -> str:
    if not head:
        return "it is empty"
    kind = next((kind for start, kind in KNOWN.items() if head.startswith(start)), None)
    return f"it is {kind or f'of another kind (it begins with {head[:8]!r})'}, no checkpoint"
