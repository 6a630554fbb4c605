"""Where questions are asked from, and what they may read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from samestep.errors import BadArgument, NoSuchPath, OutsideProject
from samestep.settings.file import Settings

DEADLINE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Project:
    """Where questions are asked from, and what they may read."""

    directory: Path
    settings: Settings = field(default_factory=Settings)
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

        SAMESTEP_DEADLINE says so, else `[sources] deadline`, else it is 30.

        Raises:
            BadArgument: SAMESTEP_DEADLINE is no positive number.
        """
        written = self.environment.get("SAMESTEP_DEADLINE")
        if written is None:
            return DEADLINE if self.settings.deadline is None else self.settings.deadline
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
