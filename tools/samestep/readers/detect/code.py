"""What a project's Python files and notebooks say of trackers: read, and never run."""

import json
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from samestep.readers.detect.statements import Said, said_in
from samestep.readers.tree import Directory
from samestep.settings import Project

MOST_FILES = 300
NOTEBOOK = ".ipynb"
MOST_BYTES = {".py": 512 * 1024, NOTEBOOK: 4 * 1024 * 1024}
NOT_PYTHON = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
"""A notebook's magics."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement that speaks of a tracker."""

    place: str
    """Its file and line, or cell: "train.py:12"."""
    said: Said

    def __str__(self) -> str:
        return f"{self.place} {self.said.what}"


@dataclass(frozen=True, slots=True)
class Code:
    """What a project's code says of trackers."""

    mentions: tuple[Mention, ...] = ()
    losses: tuple[str, ...] = ()
    """One sentence for everything that was not looked at, with counts."""

    def of(self, tracker: str) -> list[Mention]:
        """Return what is said of one tracker."""
        return [mention for mention in self.mentions if mention.said.tracker == tracker]


def code_below(directories: Iterable[Directory], project: Project) -> Code:
    """Look through the Python files and notebooks in directories, those nearest the top first."""
    files = sorted(
        (directory.relative.count("/") + (directory.relative != "."), directory.path / name)
        for directory in directories
        for name in directory.files
        if name.endswith(tuple(MOST_BYTES))
    )
    mentions: list[Mention] = []
    cut: list[str] = []
    for _, path in files[:MOST_FILES]:
        place = project.location(path)
        found, whole = _said(path)
        mentions.extend(Mention(f"{place}{at}", said) for at, said in found)
        cut.extend([] if whole else [place])
    return Code(tuple(mentions), tuple(_losses(len(files) - MOST_FILES, cut)))


def _losses(beyond: int, cut: list[str]) -> Iterator[str]:
    if beyond > 0:
        yield (
            f"trackers were looked for in the {MOST_FILES} Python files nearest the top, "
            f"and not in {beyond} more"
        )
    if cut:
        files = "1 Python file was" if len(cut) == 1 else f"{len(cut)} Python files were"
        yield f"{files} looked through in part (the first is {cut[0]})"


def _said(path: Path) -> tuple[list[tuple[str, Said]], bool]:
    """Return what a file says with the place inside it, and whether all of it was understood."""
    most = MOST_BYTES[path.suffix]
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return [], True
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        return [], False
    if path.suffix == NOTEBOOK:
        return _said_in_cells(content)
    found, whole = said_in(content[:most])
    return [(f":{said.line}", said) for said in found], whole and len(content) <= most


def _said_in_cells(content: bytes) -> tuple[list[tuple[str, Said]], bool]:
    try:
        cells = list(_cells(json.loads(content)))
    except (ValueError, RecursionError):
        return [], False
    looked = [(number, *said_in(code)) for number, code in cells]
    found = [(f" cell {number}", said) for number, here, _ in looked for said in here]
    return found, all(whole for *_, whole in looked)


def _cells(document: object) -> Iterator[tuple[int, bytes]]:
    """Yield the code cells of a notebook with their numbers, counted from 1."""
    notebook = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    cells = notebook.get("cells")
    for number, cell in enumerate(
        cast("list[object]", cells) if isinstance(cells, list) else [], 1
    ):
        fields = cast("dict[str, object]", cell) if isinstance(cell, dict) else {}
        source = fields.get("source")
        lines = cast("list[object]", source) if isinstance(source, list) else [source]
        if fields.get("cell_type") == "code":
            text = "".join(line for line in lines if isinstance(line, str))
            yield number, NOT_PYTHON.sub("pass", text).encode(errors="replace")
