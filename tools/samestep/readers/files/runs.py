"""The runs of one directory: log files grouped, results beside them, each run with its id."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from samestep.errors import NotReadable
from samestep.formats.local import json_results, lm_eval
from samestep.formats.local.hf_trainer import FILE_NAME as TRAINER_STATE
from samestep.formats.local.hf_trainer import TrainerState, distinct, read_state
from samestep.formats.local.several import MARK
from samestep.readers.files.evaluations import Series, by_series
from samestep.readers.files.groups import Groups, Member, grouped, words
from samestep.readers.files.logs import LogFile, candidates, look, read_log, stamp
from samestep.readers.files.merge import one_value
from samestep.readers.tree import Directory

MOST_DIRECTORIES = 256  # directories whose runs are kept in memory
GENERIC_WORDS = frozenset({"results", "result", "log", "logs", "metrics", "history"})

Members = tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The files of one run."""

    id: str
    members: Members
    alone: bool
    """Whether it is the only run of its directory, so that what lies beside it is about it."""


@dataclass(frozen=True, slots=True)
class DirectoryRuns:
    """The runs of one directory, and the files of it that cannot be read."""

    runs: tuple[RunFiles, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    """Run id and reason."""


def runs_in(directory: Directory) -> DirectoryRuns:
    """Return the runs of a directory, found once for as long as its files stay as they are."""
    return _runs_in(directory, _signature(directory))


def _signature(directory: Directory) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return what changes when a file of the directory that may be a log does."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for path, relative in candidates(directory):
        try:
            found.append((relative, stamp(path)))
        except OSError:
            continue
    return tuple(found)


@lru_cache(maxsize=MOST_DIRECTORIES)
def _runs_in(
    directory: Directory, _signature: tuple[tuple[str, tuple[int, ...]], ...]
) -> DirectoryRuns:
    looked = look(directory)
    states = [file for file in looked.logs if file.path.name == TRAINER_STATE]
    parts = [file for file in looked.logs if file.part]
    evaluations = [file for file in looked.logs if file.format.read is lm_eval.read]
    apart = {*states, *parts, *evaluations}
    others = [file for file in looked.logs if file not in apart]
    newest, broken_states = _newest_of_each_run(states)
    results, broken_results = _results(others) if len(looked.logs) > 1 else ([], [])
    series, broken_series = by_series(evaluations)
    broken = {*broken_states, *broken_results, *broken_series}
    logs = [f for f in others if f not in results and f.relative not in dict(broken)]
    groups = grouped([*newest, *logs])
    unreadable = [*looked.unreadable, *broken, *groups.broken]
    runs = [*_with_results(groups, results), *((Member(file),) for file in parts)]
    if len(runs) <= 1 and len(series) == 1:  # the checkpoints of the one run here
        runs = [(*(runs[0] if runs else ()), *series.popitem()[1])]
    if not (runs or series) and len(unreadable) == 1:
        unreadable = [(directory.relative, unreadable[0][1])]
    found = _identified(runs, series, directory.relative)
    return DirectoryRuns(found, tuple(sorted(unreadable)))


def _identified(runs: Sequence[Members], series: Series, directory: str) -> tuple[RunFiles, ...]:
    """Return each run with its id: the directory, else its file, or what it is a series of."""
    alone = len(runs) + len(series) == 1
    place = "" if directory == "." else directory
    return (
        *(RunFiles(directory if alone else run[0].file.relative, run, alone) for run in runs),
        *(RunFiles(f"{place}{MARK}{name}", run, alone) for name, run in series.items()),
    )


def _newest_of_each_run(
    files: Sequence[LogFile],
) -> tuple[list[LogFile], list[tuple[str, str]]]:
    """Return the newest state of each run that checkpoints of one directory come from."""
    if len(files) <= 1:
        return list(files), []
    states: list[TrainerState] = []
    broken: list[tuple[str, str]] = []
    for file in files:
        try:
            states.append(read_state(file.path))
        except NotReadable as error:
            broken.append((file.relative, error.why))
    newest = {run[0].path for run in distinct(states)}
    return [file for file in files if file.path in newest], broken


def _results(files: Sequence[LogFile]) -> tuple[list[LogFile], list[tuple[str, str]]]:
    """Return the files that hold final values and no history."""
    results: list[LogFile] = []
    broken: list[tuple[str, str]] = []
    for file in files:
        if file.format.read is not json_results.read:
            continue
        try:
            if not read_log(file).metrics:
                results.append(file)
        except NotReadable as error:
            broken.append((file.relative, error.why))
    return results, broken


def _with_results(groups: Groups, results: Sequence[LogFile]) -> list[Members]:
    """Return the runs with the results that are about them; others are runs of their own."""
    members = [Member(file) for file in results]
    if len(groups.runs) == 1:
        return [(*groups.runs[0], *members)]
    if not groups.runs:
        return [tuple(members)] if _agree(results) else [(member,) for member in members]
    runs = [list(run) for run in groups.runs]
    for member in members:
        named = [run for run in runs if _own_words(run[0].file) == _own_words(member.file)]
        if len(named) == 1:
            named[0].append(member)
        else:
            runs.append([member])
    return [tuple(run) for run in runs]


def _agree(results: Sequence[LogFile]) -> bool:
    """Return whether no two files of results give one value differently."""
    finals = [read_log(file).finals for file in results]
    return bool(finals) and all(
        one_value(one[name], other[name])
        for one, other in combinations(finals, 2)
        for name in one.keys() & other.keys()
    )


def _own_words(file: LogFile) -> frozenset[str]:
    """Return what a file name says beyond which kind of file it is."""
    return words(file.path.name)[1] - GENERIC_WORDS
