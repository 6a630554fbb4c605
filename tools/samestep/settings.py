"""What a user set: the project directory, the environment and samestep.toml."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from samestep.errors import BadArgument, BadSettings, NoSuchPath, OutsideProject

KNOWN = (
    "metrics.downstream",
    "metrics.proxy",
    "metrics.higher_is_better",
    "metrics.lower_is_better",
    "runs.finished",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """samestep.toml: every setting is a list of names or patterns."""

    downstream: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()
    higher_is_better: tuple[str, ...] = ()
    lower_is_better: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    """Patterns over full names of runs that are known to have finished."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read samestep.toml; a file that is not there sets nothing."""
        if not file.is_file():
            return cls()
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (
            OSError,
            ValueError,
            RecursionError,
        ) as error:  # ValueError: bad TOML, UTF-8 or number
            raise BadSettings(str(file), f"cannot be read ({error})", KNOWN) from error
        found: dict[str, tuple[str, ...]] = {}
        for table, entries in document.items():
            if not isinstance(entries, dict):
                raise BadSettings(str(file), f"unknown setting {table!r}", KNOWN)
            for key, value in cast("dict[str, object]", entries).items():
                found[key] = _patterns(str(file), f"{table}.{key}", value)
        return cls(**found)


def _patterns(file: str, setting: str, value: object) -> tuple[str, ...]:
    if setting not in KNOWN:
        raise BadSettings(file, f"unknown setting {setting!r}", KNOWN)
    if not isinstance(value, list):
        raise BadSettings(file, f"{setting} = {value!r} is not a list of names or patterns", KNOWN)
    entries = cast("list[object]", value)
    strays = [entry for entry in entries if not isinstance(entry, str)]
    if strays:
        raise BadSettings(file, f"{setting} holds {strays[0]!r}, which is not text", KNOWN)
    return tuple(map(str, entries))


@dataclass(frozen=True, slots=True)
class Project:
    """Where questions are asked from, and what they may read."""

    directory: Path
    settings: Settings = Settings()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    roots: tuple[Path, ...] | None = None
    """Directories that may be read; None reads what the user can read (terminal, Python)."""

    @classmethod
    def here(cls, directory: str | None = None) -> Self:
        """Return the project of a directory, else of SAMESTEP_PROJECT, else of the working one."""
        at = Path(directory or os.environ.get("SAMESTEP_PROJECT") or Path.cwd()).resolve()
        if not at.is_dir():
            raise NoSuchPath(str(at), *_nearest(at))
        return cls(at, Settings.read(at / "samestep.toml"), dict(os.environ))

    def confined(self) -> "Project":
        """Return the same project for a caller that may read only below the configured roots."""
        named = self.environment.get("SAMESTEP_ROOTS", "")
        roots = [Path(root).resolve() for root in named.split(os.pathsep) if root]
        allowed = (self.directory, *(roots or [Path.home().resolve()]))
        return Project(self.directory, self.settings, self.environment, allowed)

    @property
    def deadline(self) -> float:
        """How many seconds one call to a tracker's server may take.

        Raises:
            BadArgument: SAMESTEP_DEADLINE is no positive number.
        """
        written = self.environment.get("SAMESTEP_DEADLINE", "30")
        try:
            seconds = float(written)
        except ValueError:
            seconds = 0.0
        if not 0.0 < seconds < float("inf"):
            raise BadArgument("SAMESTEP_DEADLINE", written, "a number of seconds above 0")
        return seconds

    def path(self, location: str) -> Path:
        """Return the existing path a location leads to from the project directory.

        Raises:
            OutsideProject: It leads where this caller may not read.
            NoSuchPath: Nothing is there.
        """
        try:
            return self._reached(location)
        except (OSError, ValueError, RuntimeError) as error:  # NUL, too long, no such user
            raise BadArgument("path", location, f"a path of this machine ({error})") from error

    def _reached(self, location: str) -> Path:
        written = Path(location).expanduser()
        path = Path(os.path.normpath(self.directory / written))
        if self.roots is not None:
            allowed = self.roots if written.is_absolute() else (self.directory,)
            reached = path.resolve()
            if not _below(path, allowed) or not _below(reached, self.roots):
                raise OutsideProject(location, [str(root) for root in self.roots])
        if not path.exists():
            raise NoSuchPath(location, *_nearest(path))
        return path

    def location(self, path: Path) -> str:
        """Return a path as a location that leads there from the project directory."""
        try:
            return path.relative_to(self.directory).as_posix()
        except ValueError:
            return path.as_posix()


def _below(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(root) for root in roots)


def _nearest(path: Path) -> tuple[str, list[str]]:
    """Return the nearest directory above that exists, and what it holds."""
    above = next((parent for parent in path.parents if parent.is_dir()), path)
    try:
        return str(above), sorted(entry.name for entry in above.iterdir())
    except OSError:
        return str(above), []
