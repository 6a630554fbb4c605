"""Text logs of nanoGPT and its kin: a line of figures per step between lines of other text.

nanoGPT prints `step 250: train loss 1.9, val loss 2.0` and `iter 10: loss 2.1, time 30.1ms, mfu
4.2%`; modded-nanogpt writes `step:125/3250 val_loss:4.5 train_time:23.9s step_avg:191.7ms` after
its own source code and a line of `=`; llm.c writes `s:125 tel:4.5` and `s:125 trl:4.6` for the
losses on the test and the training text.

The step is the number that begins a line. None of them logs an epoch or a commit. Settings are
what nanoGPT echoes as `name = value` before its first step, the planned length behind the `/`
(as `max_steps`) and `Using seed=1`. A unit becomes a part of the metric's name, `train_time_ms`:
two versions of one writer differ in it.

Several runs in one file are told apart where the step goes back to where the run began, after a
new header or at the planned end; any other step back is one run that was resumed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samestep.formats.local.columns import Columns
from samestep.formats.local.log import Log
from samestep.formats.local.several import numbered
from samestep.formats.local.text import is_text, not_readable, open_lines, text_of

SUFFIXES = (".txt", ".log", ".out")
ROW = re.compile(
    r"(?P<colons>step:(?P<step>\d+)/(?P<planned>\d+)|s:(?P<s>\d+)) (?P<pairs>.+)"
    r"|(?:step|iter) (?P<n>\d+): (?P<list>.+)"
)
LIKE_A_ROW = re.compile(r"(step:\d|s:\d|(step|iter) \d+:)")
VALUE = r"(?P<value>[-+]?(?:nan|inf|\d+\.?\d*(?:e[-+]?\d+)?))\s?(?P<unit>ms|s|%)?"
PAIR = re.compile(rf"(?P<name>[A-Za-z_]\w*):{VALUE}", re.IGNORECASE)
ITEM = re.compile(rf"(?P<name>[A-Za-z_][\w/ ]*?) {VALUE}", re.IGNORECASE)
LOSSES = {"train loss": "train/loss", "val loss": "val/loss"}
"""nanoGPT's own names in the trackers it logs to."""
SOURCE = re.compile(r"(import \w|from [\w.]+ import |\"\"\"|'''|#!)")
OWN_SOURCE = "open(sys.argv[0])"
RULE = re.compile(r"={50,}")
NEW_MODEL = re.compile(r"Initializing a new model from scratch", re.IGNORECASE)
NANOGPT = "tokens per iteration will be"
SEED = re.compile(r"(?:using )?seed\s*[=:]\s*(\d+)", re.IGNORECASE)
SETTING = re.compile(
    r"(?:Overriding: )?(?P<name>[a-z]\w*) = (?:(?P<number>[-+]?\d+\.?\d*(?:e[-+]?\d+)?)"
    r"|(?P<word>True|False)|(?P<quote>['\"])(?P<text>[^'\"]*)(?P=quote))\s*(?:#.*)?"
)
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\.(txt|log)")

Figures = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Row:
    step: int
    planned: int | None
    figures: Figures


def looks_like(name: str, head: bytes) -> bool:
    """Return whether a text begins with rows, or with the source code that goes before them."""
    lower = name.lower()
    if not lower.endswith(SUFFIXES) or not is_text(head):
        return False
    text = text_of(head)
    if SOURCE.match(text.lstrip("= \r\n")):
        return OWN_SOURCE in text or UUID.fullmatch(lower) is not None
    return NANOGPT in text or any(map(_row, text.splitlines()[:-1] or text.splitlines()))


def read(path: Path) -> Log:
    """Read a text log with all runs in it.

    Raises:
        NotReadable: It is empty, too large, not text, may not be read, or holds no row.
    """
    runs = _Runs()
    with open_lines(path) as lines:
        for line in lines:
            runs.add(line.strip(), ended=lines.ended)
        losses = lines.losses()
    logs = runs.logs(path.name, losses)
    if not logs:
        raise not_readable(path, "it holds no line with a step and its figures")
    return logs[0] if len(logs) == 1 else Log(path.name, runs=numbered(logs))


@dataclass(slots=True)
class _Run:
    """One run as far as it was read."""

    first: int
    last: int
    config: dict[str, object]
    columns: Columns = field(default_factory=Columns)

    def add(self, row: _Row) -> None:
        """Add one row."""
        self.last = row.step
        if row.planned is not None:
            self.config["max_steps"] = row.planned
        self.columns.add([("step", float(row.step)), *row.figures])

    def has_ended(self) -> bool:
        """Return whether it reached its planned end."""
        planned = self.config.get("max_steps")
        return isinstance(planned, int) and self.last >= planned


class _Runs:
    """The runs of one file, line by line."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._config: dict[str, object] = {}
        self._header = False
        self._begins_with_source: bool | None = None
        self._in_source: list[_Row] | None = None  # like rows, since what may be source code began
        self._broken = 0
        self._code = 0
        self._losses: list[str] = []

    def add(self, line: str, *, ended: bool) -> None:
        """Take the next line."""
        row = _row(line)
        if row is not None:
            self._take(row)
            if not ended and line[-1].isdigit():
                self._losses.append("the last line has no line break: its figures may be cut short")
        elif LIKE_A_ROW.match(line):
            self._count_broken(ended=ended)
        elif line:
            self._take_text(line)

    def logs(self, how: str, losses: Iterable[str]) -> list[Log]:
        """Return the log of each run."""
        in_source, self._in_source = self._in_source, None
        for row in () if self._begins_with_source else in_source or ():
            self._take(row)
        said = [*losses, *self._losses]
        if self._broken:
            said.append(f"{self._broken} lines that begin like a row of figures were skipped")
        if self._code:
            said.append(
                f"{self._code} lines like a row of figures, within source code, were skipped"
            )
        return [run.columns.log(how, run.config, said) for run in self._runs]

    def _take(self, row: _Row) -> None:
        if self._in_source is not None:
            self._in_source.append(row)
            return
        if not self._runs or self._begins_anew(row):
            self._runs.append(_Run(row.step, row.step, self._config))
            self._config = {}
        self._header = False
        self._runs[-1].add(row)

    def _begins_anew(self, row: _Row) -> bool:
        run = self._runs[-1]
        return row.step <= run.first and (self._header or (row.step < run.last and run.has_ended()))

    def _take_text(self, line: str) -> None:
        """Take a line without figures for what it says about the rows that follow."""
        if RULE.fullmatch(line):
            self._begins_with_source = None if self._in_source is None else False
            self._code += len(self._in_source or ())
            self._in_source = None
            self._header = True
            return
        is_source = SOURCE.match(line) is not None
        if self._begins_with_source is None:
            self._begins_with_source = is_source and not self._runs
        if is_source and self._in_source is None:
            self._in_source = []
        elif NEW_MODEL.search(line):
            self._header = True
        elif self._in_source is None:
            self._config |= _settings(line)

    def _count_broken(self, *, ended: bool) -> None:
        if self._in_source is not None:
            return
        if ended:
            self._broken += 1
        else:
            self._losses.append("the last line is half-written and was dropped")


def _row(line: str) -> _Row | None:
    """Return a line's step and figures, if the whole line is a row."""
    found = ROW.fullmatch(line.strip())
    if found is None:
        return None
    if found["colons"] is None:
        figures = _figures(ITEM.fullmatch(item) for item in found["list"].split(", "))
        return _Row(int(found["n"]), None, figures) if figures else None
    figures = _figures(PAIR.fullmatch(pair) for pair in found["pairs"].split())
    planned = None if found["planned"] is None else int(found["planned"])
    return _Row(int(found["step"] or found["s"]), planned, figures) if figures else None


def _figures(matches: Iterable[re.Match[str] | None]) -> Figures:
    """Return names with their numbers; nothing where one of them is no figure."""
    figures: Figures = []
    for found in matches:
        if found is None:
            return []
        unit = f"_{found['unit']}" if found["unit"] in ("ms", "s") else ""
        name = LOSSES.get(found["name"], found["name"])
        figures.append((f"{name}{unit}", float(found["value"])))
    return figures


def _settings(line: str) -> Mapping[str, object]:
    """Return the setting that a line before the first row names."""
    seed = SEED.fullmatch(line)
    if seed is not None:
        return {"seed": int(seed[1])}
    found = SETTING.fullmatch(line)
    if found is None:
        return {}
    if found["number"] is not None:
        number = float(found["number"])
        whole = number.is_integer() and found["number"].lstrip("+-").isdecimal()
        return {found["name"]: int(found["number"]) if whole else number}
    return {found["name"]: found["word"] == "True" if found["word"] else found["text"]}
