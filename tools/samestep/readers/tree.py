"""The directories below a location, walked once and within bounds."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.model import RunRef, Source, Unreadable

MOST_DIRECTORIES = 50_000
DEEPEST = 16
STORES = frozenset({"mlruns", "wandb", ".neptune"})
"""Directories that are another tracker's own store: named, never walked."""
NEVER_RUNS = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "lost+found"})
"""Directories that hold no runs."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory and the names in it, sorted."""

    path: Path
    relative: str
    """The path below the walked root with `/` between the parts; `.` for the root itself."""
    files: tuple[str, ...]
    directories: tuple[str, ...]
    stores: tuple[str, ...] = ()
    """Other trackers' stores in it, which are not walked."""
    unnamable: tuple[str, ...] = ()
    """Entries whose names are no text (not UTF-8), escaped: no reference can name them."""


def walk(root: Path, within: Sequence[Path] | None = None) -> Iterator[Directory]:
    """Yield the root and every directory below it, parents first, in the order of their names.

    Hidden directories, `STORES` and `NEVER_RUNS` are passed over, links are followed, and a
    directory reached twice is yielded once. A directory that may not be listed is passed over.

    Args:
        root: Where to begin.
        within: The directories that may be read; a link that leads beyond them is passed over.
            None follows every link.
    """
    visited: set[tuple[int, int]] = set()
    waiting = [(root, ".", 0)]
    while waiting and len(visited) < MOST_DIRECTORIES:
        path, relative, depth = waiting.pop()
        entries = _entries(path, within)
        identity = None if entries is None else _identity(path)
        if entries is None or identity is None or identity in visited:
            continue
        visited.add(identity)
        named, unnamable = _named(entries)
        below = sorted(name for name, is_directory in named if is_directory and _may_hold(name))
        files = sorted(name for name, is_directory in named if not is_directory)
        stores = sorted(name for name, is_directory in named if is_directory and name in STORES)
        yield Directory(path, relative, tuple(files), tuple(below), tuple(stores), tuple(unnamable))
        if depth < DEEPEST:
            waiting.extend(
                (path / name, name if relative == "." else f"{relative}/{name}", depth + 1)
                for name in reversed(below)
            )


def unnamable(directories: Iterable[Directory], source: Source) -> list[Unreadable]:
    """Return what cannot be named in a reference, to be listed as unreadable."""
    return [
        Unreadable(str(RunRef(source, f"{directory.relative}/{name}")), "its name is not UTF-8")
        for directory in directories
        for name in directory.unnamable
    ]


def _named(entries: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], list[str]]:
    """Return the entries whose names are text, and the names of the others, escaped."""
    texts = [entry for entry in entries if _is_text(entry[0])]
    others = sorted({name for name, _ in entries} - {name for name, _ in texts})
    return texts, [
        name.encode(errors="surrogateescape").decode(errors="backslashreplace") for name in others
    ]


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _entries(path: Path, within: Sequence[Path] | None) -> list[tuple[str, bool]] | None:
    try:
        with os.scandir(path) as entries:
            return [
                (entry.name, _is_directory(entry)) for entry in entries if _may_read(entry, within)
            ]
    except OSError:
        return None


def _may_read(entry: "os.DirEntry[str]", within: Sequence[Path] | None) -> bool:
    if within is None or not entry.is_symlink():
        return True
    reached = Path(entry.path).resolve()
    return any(reached.is_relative_to(root) for root in within)


def _is_directory(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:  # it was removed since it was listed
        return None
    return (status.st_dev, status.st_ino)


def _may_hold(name: str) -> bool:
    return not name.startswith(".") and name not in NEVER_RUNS | STORES
