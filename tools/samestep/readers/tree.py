"""The directories below a location, walked once and within bounds."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.errors import shown_text
from samestep.model import RunRef, Source, Unreadable

MOST_DIRECTORIES = 50_000
DEEPEST = 16
STORES = frozenset({"mlruns", "wandb", ".wandb", ".neptune"})
"""Names of directories that are a tracker's own store: named, never walked."""
WANDB = "wandb"
"""W&B's directory, whose name is that of the tracker: people give it to directories of their own."""
OF_WANDB = re.compile(
    r"(offline-)?run-.*|latest-run|debug.*\.log|logs|sweep-.*|settings|wandb-.*|.*\.wandb"
)
"""What W&B itself puts into it."""
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


class Walk(Iterator[Directory]):
    """The root and every directory below it, each once, and a count of what was passed over."""

    def __init__(
        self, root: Path, within: Sequence[Path] | None = None, most: int = MOST_DIRECTORIES
    ) -> None:
        self._within = within
        self._most = most
        self._waiting = [(root, ".", 0)]
        self._visited: set[tuple[int, int]] = set()
        self._closed: list[str] = []
        self._deep: list[str] = []

    @property
    def losses(self) -> tuple[str, ...]:
        """One sentence for every reason to pass over a directory, with counts."""
        losses: list[str] = []
        if self._closed:
            losses.append(_passed_over(self._closed, "that cannot be listed"))
        if self._deep:
            losses.append(_passed_over(self._deep, f"deeper than {DEEPEST} levels"))
        if self._waiting and len(self._visited) >= self._most:
            losses.append(f"passed over: what lies beyond the first {self._most} directories")
        return tuple(losses)

    def __next__(self) -> Directory:
        while self._waiting and len(self._visited) < self._most:
            path, relative, depth = self._waiting.pop()
            entries = _entries(path, self._within)
            identity = None if entries is None else _identity(path)
            if entries is None or identity is None:
                self._closed.append(relative)
            elif identity not in self._visited:
                self._visited.add(identity)
                return self._directory(path, relative, depth, entries)
        raise StopIteration

    def _directory(
        self, path: Path, relative: str, depth: int, entries: list[tuple[str, bool]]
    ) -> Directory:
        named, unnamable = _named(entries)
        files = sorted(name for name, is_directory in named if not is_directory)
        directories = sorted(name for name, is_directory in named if is_directory)
        stores = [name for name in directories if name in STORES and _is_store(path / name)]
        below = [name for name in directories if name not in stores and _may_hold(name)]
        further = [
            (path / name, name if relative == "." else f"{relative}/{name}", depth + 1)
            for name in reversed(below)
        ]
        if depth < DEEPEST:
            self._waiting.extend(further)
        else:
            self._deep.extend(name for _, name, _ in reversed(further))
        return Directory(
            path, relative, tuple(files), tuple(below), tuple(stores), tuple(unnamable)
        )


def walk(root: Path, within: Sequence[Path] | None = None) -> Walk:
    """Walk the root and every directory below it, parents first, in the order of their names.

    Hidden directories, stores and `NEVER_RUNS` are passed over, links are followed, and a
    directory reached twice is yielded once. A directory that may not be listed is passed over
    and counted, and so are those beyond the bounds; `losses` says it.

    Args:
        root: Where to begin.
        within: The directories that may be read; a link that leads beyond them is passed over.
            None follows every link.
    """
    return Walk(root, within)


def _passed_over(names: Sequence[str], which: str) -> str:
    directories = "1 directory" if len(names) == 1 else f"{len(names)} directories"
    return f"passed over: {directories} {which} (the first is {shown_text(names[0])})"


def passed_over(source: Source, losses: Sequence[str]) -> tuple[str, ...]:
    """Return what a listing leaves out because the walk below its source did."""
    return tuple(f"{source}: {loss}." for loss in losses)


def may_be_walked(path: Path) -> bool:
    """Return whether a walk that meets a directory goes on below it."""
    return _may_hold(path.name) and not (path.name in STORES and _is_store(path))


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


def _is_store(path: Path) -> bool:
    """Return whether a directory of a store's name is one; an empty one may become one."""
    if path.name != WANDB:
        return True
    try:
        names = [entry.name for entry in path.iterdir()]
    except OSError:
        return True
    return not names or any(map(OF_WANDB.fullmatch, names))


def _may_hold(name: str) -> bool:
    return not name.startswith(".") and name not in NEVER_RUNS
