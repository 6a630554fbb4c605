"""The `log_<unix time>.txt` that torchtune's DiskLogger writes, and what StdoutLogger prints.

A line is `Step N | name:value name:value `, its steps counted from 1; there is no epoch. The run is
named by its directory, the config stands in `torchtune_config.yaml` beside it or above a directory
`logs`; no git commit is written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.config_files import read_config
from samestep.formats.local.columns import Columns
from samestep.formats.local.log import Log
from samestep.formats.local.text import is_text, lies_in, open_lines, text_of
from samestep.formats.local.values import Cell, written

SUFFIXES = (".txt", ".log")
VALUE = r"(?>tensor\([^)]*\)|\S+)"  # atomic: a long line that does not fit is left at once
LINE = re.compile(rf"Step (\d+) \| ([^\s:]+:{VALUE}(?: [^\s:]+:{VALUE})*)\s*")
PAIR = re.compile(r"([^\s:]+):(?:tensor\(([^,)]*)[^)]*\)|(\S+))")
CONFIG = "torchtune_config.yaml"


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a file is a text whose first line is one of torchtune's."""
    if not name.lower().endswith(SUFFIXES) or not is_text(head):
        return False
    first = next((line for line in text_of(head).splitlines() if line.strip()), "")
    return LINE.fullmatch(first) is not None


def read(path: Path) -> Log:
    """Read one training.

    Raises:
        NotReadable: The file is empty, too large, not text, or may not be read.
    """
    logged = Columns()
    other = 0
    torn: list[str] = []
    with open_lines(path) as lines:
        for line in lines:
            if not lines.ended:
                torn = ["the last line is half-written and was dropped"]
            elif LINE.fullmatch(line):
                logged.add(_cells(line))
            else:
                other += bool(line.strip())
        losses = [*lines.losses(), *torn]
    if other:
        losses.append(f"{other} lines that are none of torchtune's were skipped")
    config, lost = _settings(path.parent)
    return logged.log(path.name, config, [*losses, *lost])


def _cells(line: str) -> Iterator[tuple[str, Cell]]:
    found = LINE.fullmatch(line)
    if found is not None:
        yield "step", float(found[1])
        for name, inside, plain in PAIR.findall(found[2]):
            yield name, written(inside or plain)


def _settings(directory: Path) -> tuple[dict[str, object], list[str]]:
    above = [directory.parent] if directory.name == "logs" else []
    for path in (place / CONFIG for place in (directory, *above)):
        if lies_in(path, path.parent):
            try:
                return read_config(path).settings, []
            except NotReadable as error:
                return {}, [f"{CONFIG} could not be read: {error.why}"]
    return {}, []
