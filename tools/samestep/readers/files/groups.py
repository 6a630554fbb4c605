"""Which log files of a directory are parts of one run, and which are runs of their own."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np

from samestep.errors import NotReadable
from samestep.formats.local import Log, sb3_evaluations
from samestep.formats.local.axes import is_axis
from samestep.formats.local.columns import ROLES
from samestep.model import Metric
from samestep.readers.files.logs import LogFile, read_log

EQUAL = 1e-6  # relative difference up to which two writers print one value

Bond = Literal["same", "roles", "mates", "disjoint", "apart"]
"""How two files belong together: they repeat each other; log one thing for two splits; are named
for two splits; log different things; or log one thing differently, as two runs do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a run, and what its metrics' names begin with there."""

    file: LogFile
    role: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """The files of each run, and why some files are in none."""

    runs: tuple[tuple[Member, ...], ...]
    broken: tuple[tuple[str, str], ...] = ()
    """Relative path and reason of the files that turned out not to be readable."""


def grouped(files: Sequence[LogFile]) -> Groups:
    """Group the logs of one directory by run; files are read where their columns are shared."""
    if len(files) <= 1:
        return Groups(tuple((Member(file),) for file in files))
    bonds = _Bonds()
    runs = [list(files)]
    if any(bonds.between(one, other) == "apart" for one, other in combinations(files, 2)):
        runs = _apart(files, bonds)
    whole = [[file for file in run if file.relative not in bonds.broken] for run in runs]
    return Groups(
        tuple(tuple(_members(run, bonds)) for run in whole if run), tuple(bonds.broken.items())
    )


def words(name: str) -> tuple[str, frozenset[str]]:
    """Return the split a file name names, "" where it names none, and its other words."""
    stem = name.rpartition(".")[0] or name
    found = re.split(r"[^0-9a-z]+", stem.lower())
    roles = [word for word in found if word in ROLES]
    return roles[0] if len(roles) == 1 else "", frozenset(found) - ROLES - {""}


@dataclass(slots=True)
class _Bonds:
    """The bonds between files, each file read at most once and only if needed."""

    logs: dict[str, Log] = field(default_factory=dict[str, Log])
    broken: dict[str, str] = field(default_factory=dict[str, str])
    points: dict[tuple[str, str], dict[float, float]] = field(
        default_factory=dict[tuple[str, str], dict[float, float]]
    )

    def between(self, one: LogFile, other: LogFile) -> Bond:
        """Return how two files belong together."""
        role, rest = words(one.path.name)
        other_role, other_rest = words(other.path.name)
        namesakes = rest == other_rest and role != other_role
        mates = namesakes and bool(role and other_role)
        shared = self._shared(one, other)
        if not shared:
            return "mates" if mates else "disjoint"
        places = self._agreeing_places(one, other, shared)
        # One point may agree by chance, as two runs of one seed do before their first update; a
        # directory's one file of evaluations repeats what the training beside it logged.
        sure = namesakes or sb3_evaluations.read in (one.format.read, other.format.read)
        if places is not None and len(places) >= (1 if sure else 2):
            return "same"
        return "roles" if mates else "apart"

    def _shared(self, one: LogFile, other: LogFile) -> list[str]:
        """Return the metrics that two files have in common."""
        known = one.columns, other.columns
        if known[0] is not None and known[1] is not None and not known[0] & known[1]:
            return []
        metrics = self._log(one).metrics
        others = self._log(other).metrics
        return [name for name in metrics if name in others and not is_axis(name)]

    def _agreeing_places(
        self, one: LogFile, other: LogFile, shared: Sequence[str]
    ) -> set[float] | None:
        """Return where both files log one metric; None where they differ anywhere."""
        places: set[float] = set()
        for name in shared:
            ours, theirs = self._points(one, name), self._points(other, name)
            fewer, more = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
            for place, value in fewer.items():
                if place in more:
                    if not _equal(value, more[place]):
                        return None
                    places.add(place)
        return places

    def _points(self, file: LogFile, name: str) -> dict[float, float]:
        key = (file.relative, name)
        if key not in self.points:
            self.points[key] = dict(_placed(self._log(file), self._log(file).metrics[name]))
        return self.points[key]

    def _log(self, file: LogFile) -> Log:
        if file.relative not in self.logs:
            try:
                self.logs[file.relative] = read_log(file)
            except NotReadable as error:
                self.broken[file.relative] = error.why
                self.logs[file.relative] = Log(file.path.name)
        return self.logs[file.relative]


def _apart(files: Sequence[LogFile], bonds: _Bonds) -> list[list[LogFile]]:
    """Return the files of each run where a directory holds several runs."""
    runs: list[list[LogFile]] = []
    for file in files:
        run = next((run for run in runs if _fits(file, run, bonds)), None)
        if run is None:
            runs.append([file])
        else:
            run.append(file)
    return runs


def _fits(file: LogFile, group: Sequence[LogFile], bonds: _Bonds) -> bool:
    """Return whether a file is a part of the run that a group is."""
    to_group = {bonds.between(member, file) for member in group}
    return "apart" not in to_group and to_group != {"disjoint"}


def _members(files: Sequence[LogFile], bonds: _Bonds) -> list[Member]:
    split = {
        file.relative
        for pair in combinations(files, 2)
        if bonds.between(*pair) == "roles"
        for file in pair
    }
    return [
        Member(file, f"{words(file.path.name)[0]}/" if file.relative in split else "")
        for file in files
    ]


def _placed(log: Log, metric: Metric) -> Iterator[tuple[float, float]]:
    """Yield the last value at each step, else at each epoch, else in each row."""
    places = metric.steps
    if log.epochs is not None and np.isnan(places).all():
        counted = log.metrics[log.epochs.metric]
        by_row = dict(zip(counted.rows.tolist(), counted.values.tolist(), strict=True))
        yield from (
            (by_row.get(row, math.nan), value)
            for row, value in zip(metric.rows.tolist(), metric.values.tolist(), strict=True)
        )
        return
    places = np.where(np.isnan(places), metric.rows, places)
    yield from zip(places.tolist(), metric.values.tolist(), strict=True)


def _equal(one: float, other: float) -> bool:
    both_nan = math.isnan(one) and math.isnan(other)
    return both_nan or math.isclose(one, other, rel_tol=EQUAL, abs_tol=1e-12)
