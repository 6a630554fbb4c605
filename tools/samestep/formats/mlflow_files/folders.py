"""The names in a store's directories, within what may be read."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.errors import NotReadable

DEEPEST = 32  # parts of a metric's name
LARGEST_TEXT = 100_000  # bytes of one param or tag
INSTEAD = "The other runs are still read."

Within = Sequence[Path] | None
"""The directories that may be read; None is everywhere."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The names in one directory, sorted; links that lead beyond what may be read are left out."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    unnamable: tuple[str, ...] = ()
    """Names that are no text (not UTF-8), escaped: no reference can name them."""


def folder(path: Path, within: Within) -> Folder:
    """Return what a directory holds; nothing where there is none.

    Raises:
        NotReadable: It may not be listed.
    """
    try:
        with os.scandir(path) as entries:
            known = [entry for entry in entries if _may_read(entry, within)]
    except (FileNotFoundError, NotADirectoryError):
        return Folder()
    except OSError as error:
        raise NotReadable(str(path), str(error.strerror or error), INSTEAD) from error
    texts = sorted((one for one in known if _is_text(one.name)), key=lambda one: one.name)
    return Folder(
        tuple(one.name for one in texts if one.is_file()),  # no pipe: reading it may never end
        tuple(one.name for one in texts if one.is_dir()),
        frozenset(one.name for one in texts if one.is_symlink()),
        tuple(sorted(_escaped(one.name) for one in known if not _is_text(one.name))),
    )


@dataclass(frozen=True, slots=True)
class Leaves:
    """The files below a directory by their relative path, which is what MLflow names them."""

    files: tuple[tuple[str, Path], ...]
    losses: tuple[str, ...]


def leaves(path: Path, within: Within) -> Leaves:
    """Return every file below a directory; links to directories are not followed.

    Raises:
        NotReadable: A directory may not be listed.
    """
    files: list[tuple[str, Path]] = []
    losses: list[str] = []
    for name, found in _walk(path, "", within):
        if name.count("/") > DEEPEST:
            losses.append(f"What lies deeper than {DEEPEST} levels in {path.name} was not read.")
            break
        files.extend((f"{name}{file}", path / name / file) for file in found.files)
        if found.unnamable:
            losses.append(_unnamed(path.name, found.unnamable))
    return Leaves(tuple(files), tuple(losses))


def text_of(path: Path) -> tuple[str, bool]:
    """Return the text of a small file, and whether that is all of it.

    Raises:
        NotReadable: It may not be read.
    """
    try:
        with path.open("rb") as file:
            written = file.read(LARGEST_TEXT + 1)
    except OSError as error:
        raise NotReadable(str(path), str(error.strerror or error), INSTEAD) from error
    return written[:LARGEST_TEXT].decode(errors="replace"), len(written) <= LARGEST_TEXT


def _walk(path: Path, prefix: str, within: Within) -> Iterator[tuple[str, Folder]]:
    waiting = [prefix]
    while waiting:
        name = waiting.pop(0)
        found = folder(path / name, within)
        yield name, found
        waiting.extend(f"{name}{one}/" for one in found.folders if one not in found.links)


def _unnamed(where: str, names: Sequence[str]) -> str:
    is_one = len(names) == 1
    kind = "file was" if is_one else "files were"
    whose = "its name is" if is_one else "their names are"
    return f"{len(names)} {kind} left out of {where}: {whose} not UTF-8 ({names[0]})."


def _may_read(entry: "os.DirEntry[str]", within: Within) -> bool:
    if within is None or not entry.is_symlink():
        return True
    reached = Path(entry.path).resolve()
    return any(reached.is_relative_to(root) for root in within)


def _is_text(name: str) -> bool:
    return _escaped(name) == name


def _escaped(name: str) -> str:
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
