"""What a tracker brings to the contract: a writer that keeps known runs in its store."""

import re
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.readers.contract.known import KnownRun

from samestep import MemoryRun, forget, remember
from samestep.model import Source
from samestep.settings import Project


@dataclass(frozen=True, slots=True)
class Kept:
    """One set of runs in a store: the project it belongs to, and the source that leads to it."""

    project: Project
    source: str
    on_disk: bool = True
    """Whether the source lies in the project's directory."""
    behind_network: bool = False
    """Whether a server is asked, which serves for as long as the tests run."""
    in_memory: Sequence[MemoryRun] | None = None
    """The runs that must be held in memory while the source is in use."""

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Hold what must be held in memory."""
        if self.in_memory is None:
            yield
            return
        name = Source.parse(self.source).location
        remember(name, self.in_memory)
        yield
        forget(name)

    def called_from_above(self, directory: str) -> str:
        """Return the source as it is written where the project is a directory in another."""
        return re.sub(r"^\w+:(sqlite:///|\./)?", rf"\g<0>{directory}/", self.source)

    def copied(self, directory: Path) -> "Kept":
        """Return the same set in a copy of its project, to be damaged."""
        shutil.copytree(self.project.directory, directory, dirs_exist_ok=True)
        return Kept(Project(directory, environment=self.project.environment), self.source)


class Store(Protocol):
    """One tracker's way to keep runs."""

    @property
    def name(self) -> str:
        """What it is called in the tests' ids, and in the table of gaps."""
        ...

    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> AbstractContextManager[Mapping[str, Kept]]:
        """Write every set of runs with the tracker's own writer, each into a project of its own.

        Whatever serves them does so until the context ends.
        """
        ...

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the run's log in the middle of a record, as a killed writer does."""
        ...

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Make the run unreadable, and no other."""
        ...


def cut(path: Path, keep: float = 0.6) -> None:
    """End a file early."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])


def put_noise(path: Path) -> None:
    """Put noise where a file's records were."""
    path.write_bytes(b"\x1f\x8b" + bytes(range(256)) * 16)
