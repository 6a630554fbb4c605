"""Where the directories of runs lie below a location."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.formats.wandb_log import peek
from samestep.readers.tree import Directory, walk

RUN_DIRECTORY = re.compile(r"(?:offline-)?run-(?P<begun>\d{8}_\d{6})-(?P<id>.+)")
LOG = re.compile(r"run-(?P<id>.+)\.wandb")
STORES = ("wandb", ".wandb")
FILES = "files"
SYNC_STATE = ".syncstate"


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The directory that W&B makes when a run is started or resumed."""

    path: Path
    run_id: str
    """The run's id by the names of the directory and of its log."""
    begun: str
    """When it was made, by the machine's own clock; empty where its name does not say."""
    log: Path | None
    sync_state: Path | None
    """What W&B notes beside the log of how far a server has it."""
    beside: frozenset[str]
    """The names in `files/`: what W&B keeps of the run outside its log."""

    @property
    def log_name(self) -> str:
        """The log's name, told from those of the same run in other directories."""
        return f"{self.path.name}/{self.log.name if self.log else ''}"


def run_directories(
    location: Path, within: Sequence[Path] | None
) -> tuple[list[RunDirectory], Directory | None]:
    """Return the runs' directories, and the directory they lie in; None where it has gone.

    The location is W&B's own directory, the one that holds it, or one run's: the others of the
    same run, which was resumed, then belong to it.
    """
    here = next(walk(location, within), None)
    if here is None:
        return [], None
    own = list(_logged_in(here, within))
    if own:
        return [*_with_the_others(own, location, within), *_below(here, within)], here
    store = next((name for name in STORES if name in here.stores), None)
    if store is not None and not any(map(RUN_DIRECTORY.fullmatch, here.directories)):
        here = next(walk(location / store, within), here)
    return list(_below(here, within)), here


def holds_logs(directory: Path) -> bool:
    """Return whether a directory holds a log, or a run's directory with its log."""
    inside = _inside(directory)
    named = (path for path in inside if RUN_DIRECTORY.fullmatch(path.name))
    return any(map(_is_log, inside)) or any(
        LOG.fullmatch(path.name) for run in named for path in _inside(run)
    )


def is_run_directory(name: str) -> bool:
    """Return whether W&B gives a run's directory such a name."""
    return RUN_DIRECTORY.fullmatch(name) is not None


def run_of_log(path: Path) -> str | None:
    """Return the id of the run whose log a file is, by its beginning; None for another file."""
    if not path.is_file():  # opening a pipe would wait for its writer
        return None
    try:
        found = peek(path)
    except OSError:
        return None
    named = LOG.fullmatch(path.name)
    by_name = named["id"] if named else path.stem
    is_log = found.content in {"records", "header only"}
    return (found.run.id if found.run else by_name) or by_name if is_log else None


def is_named_as_log(path: Path) -> bool:
    """Return whether a file has the name that W&B gives to logs."""
    return LOG.fullmatch(path.name) is not None


def _is_log(path: Path) -> bool:
    return is_named_as_log(path) and run_of_log(path) is not None


def _inside(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except OSError:
        return []


def _with_the_others(
    own: list[RunDirectory], location: Path, within: Sequence[Path] | None
) -> list[RunDirectory]:
    """Return the directories of one run and those beside it that are of the same run."""
    above = location.resolve().parent
    if within is not None and not any(above.is_relative_to(root) for root in within):
        return own
    around = next(walk(above, within), None)
    ids, known = {one.run_id for one in own}, {one.path.resolve() for one in own}
    others = _below(around, within) if around else ()
    return own + [one for one in others if one.run_id in ids and one.path.resolve() not in known]


def _below(directory: Directory, within: Sequence[Path] | None) -> Iterator[RunDirectory]:
    for name in directory.directories:
        if RUN_DIRECTORY.fullmatch(name):
            here = next(walk(directory.path / name, within), None)
            if here is not None:
                yield from list(_logged_in(here, within)) or [_without_log(here, within)]


def _logged_in(directory: Directory, within: Sequence[Path] | None) -> Iterator[RunDirectory]:
    """Yield a run's directory for each log in it; there is one unless somebody copied another."""
    for name in directory.files:
        found = LOG.fullmatch(name)
        if found:
            yield _run_directory(directory, within, found["id"], directory.path / name)


def _without_log(directory: Directory, within: Sequence[Path] | None) -> RunDirectory:
    named = RUN_DIRECTORY.fullmatch(directory.path.name)
    return _run_directory(directory, within, named["id"] if named else directory.path.name, None)


def _run_directory(
    directory: Directory, within: Sequence[Path] | None, run_id: str, log: Path | None
) -> RunDirectory:
    named = RUN_DIRECTORY.fullmatch(directory.path.name)
    beside = next(walk(directory.path / FILES, within), None) if _has_files(directory) else None
    noted = f"{log.name if log else ''}{SYNC_STATE}"
    return RunDirectory(
        path=directory.path,
        run_id=run_id,
        begun=named["begun"] if named else "",
        log=log,
        sync_state=directory.path / noted if noted in directory.files else None,
        beside=frozenset(beside.files) if beside else frozenset(),
    )


def _has_files(directory: Directory) -> bool:
    return FILES in directory.directories
