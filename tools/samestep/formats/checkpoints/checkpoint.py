"""What one checkpoint says of itself."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from stat import S_ISREG

from samestep.errors import NotReadable
from samestep.formats.checkpoints.bounds import DEEPEST, LONGEST_PATH, MOST_KEYS, MOST_VALUES
from samestep.formats.checkpoints.counts import Count, counts, named_counts
from samestep.formats.checkpoints.machine import Broken
from samestep.formats.checkpoints.names import RunName, run_names
from samestep.formats.checkpoints.nodes import Global, Leaves, Node
from samestep.formats.checkpoints.safetensors_files import is_safetensors, read_header
from samestep.formats.checkpoints.torch_files import Form, Saved, read_saved

INSTEAD = "A checkpoint is what torch.save, safetensors or Hugging Face's Trainer wrote."
HEAD = 16  # bytes
RUNS_CODE = frozenset(
    {"os", "posix", "nt", "subprocess", "sys", "builtins", "__builtin__", "runpy", "socket"}
    | {"shutil", "importlib", "webbrowser", "pty", "platform", "code", "timeit", "ctypes"}
    | {"pickle", "_pickle", "marshal", "dill", "cloudpickle", "types", "bdb", "pdb", "pydoc"}
    | {"_posixsubprocess", "commands", "multiprocessing", "asyncio", "urllib", "requests"}
)
"""Modules whose functions a checkpoint has no need to call."""
HARMLESS = frozenset(
    {"set", "frozenset", "dict", "list", "tuple", "slice", "range", "complex", "bytearray"}
    | {"object", "int", "float", "bool", "str", "bytes", "getattr"}
)
"""What pickles of plain values call of `builtins`."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one checkpoint says of itself, without its tensors."""

    path: Path
    form: Form
    keys: tuple[str, ...]
    """The outermost keys, at most 200."""
    more_keys: bool
    """Whether there are others."""
    names: tuple[RunName, ...] = ()
    """The runs it names, ids and paths before names."""
    epoch: Count | None = None
    """The epoch as written, whatever it counts from."""
    step: Count | None = None
    calls: tuple[str, ...] = ()
    """Functions beyond torch's own that loading it would call: a reason not to load it."""
    losses: tuple[str, ...] = ()
    """One sentence for everything that was not looked at."""


def read_file(path: Path) -> Checkpoint:
    """Read a file that torch.save or safetensors wrote; none of its code is run.

    Raises:
        NotReadable: It is of another kind, torn, too large, or may not be read.
    """
    try:
        saved = _saved(path)
    except (Broken, struct.error) as error:
        why = str(error) if isinstance(error, Broken) else "it is torn"
        raise not_readable(path, why) from error
    except OSError as error:
        raise not_readable(path, str(error.strerror or error)) from error
    return _checkpoint(path, saved)


def _saved(path: Path) -> Saved:
    status = path.stat()
    if not S_ISREG(status.st_mode):
        raise Broken("it is no regular file")
    with path.open("rb") as file:
        if is_safetensors(file.read(HEAD), status.st_size):
            return Saved("safetensors", read_header(file), ())
        file.seek(0)
        return read_saved(file, status.st_size)


def not_readable(path: Path, why: str) -> NotReadable:
    """Return the refusal of a checkpoint."""
    return NotReadable(str(path), why, INSTEAD)


def _checkpoint(path: Path, saved: Saved) -> Checkpoint:
    walked = Leaves(saved.root)
    leaves = list(walked)
    found = counts(leaves).or_else(named_counts(path.name))
    keys = list(islice(_keys(saved), MOST_KEYS + 1))
    beyond = f"{MOST_VALUES:,} values, {DEEPEST} levels or keys of {LONGEST_PATH} characters"
    cut = f"What lies beyond {beyond} was not looked at."
    return Checkpoint(
        path,
        saved.form,
        tuple(keys[:MOST_KEYS]),
        len(keys) > MOST_KEYS,
        run_names(leaves),
        found.epoch,
        found.step,
        tuple(map(str, filter(_runs_code, saved.calls))),
        (cut,) if walked.cut else (),
    )


def _keys(saved: Saved) -> Iterator[str]:
    """Yield the keys of a mapping, and the names of an object's attributes."""
    if isinstance(saved.root, Node) and saved.root.entries:
        yield from saved.root.entries
    elif isinstance(saved.root, Node):
        yield from (key for key, _ in saved.root.pairs() if key is not None)


def _runs_code(called: Global) -> bool:
    module = called.module.partition(".")[0]
    return module in RUNS_CODE and called.name not in HARMLESS
