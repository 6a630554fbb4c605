"""Neptune's local forms as stores for the contract of all readers."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.readers.contract.known import KnownRun
from tests.readers.contract.plan import write_with
from tests.readers.contract.store import Kept, cut, put_noise
from tests.readers.neptune_stub.exported import Kept as Value
from tests.readers.neptune_stub.exported import Rows, series, values, write_part

from samestep.settings import Project

MOMENT = 1.7e9


class OwnStore:
    """A `.neptune/` directory, written by one of Neptune's clients in its offline mode."""

    def __init__(self, name: str, client: str, files: str) -> None:
        self.name = name
        self._client = client
        self._files = files
        """Which files hold a run's name."""

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Log the runs of each world in one process."""
        script = str(Path(__file__).with_name("write_known.py"))
        write_with(script, root, worlds, {"CLIENT": self._client})
        for world in worlds:
            (root / world / ".neptune").mkdir(exist_ok=True)
        yield {world: Kept(Project(root / world), "neptune:./.neptune") for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """End the run's log inside an operation."""
        cut(self._file(kept, run))

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise into the run's file."""
        put_noise(self._file(kept, run))

    def _file(self, kept: Kept, run: KnownRun) -> Path:
        files = (kept.project.directory / ".neptune").glob(self._files)
        [path] = [one for one in files if run.name.encode() in one.read_bytes()]
        return path


LOGS = OwnStore("neptune logs", "neptune", "offline/*/data-1.log")
DATABASES = OwnStore("neptune databases", "neptune_scale", "*/run_operations.sqlite3")


class ExportStore:
    """An export, by hand after neptune-exporter's source: it needs a server to export from."""

    name = "neptune export"

    @contextmanager
    def kept(
        self, root: Path, worlds: Mapping[str, Sequence[KnownRun]]
    ) -> Generator[Mapping[str, Kept]]:
        """Write a part for each run of each world."""
        for world, runs in worlds.items():
            data = root / world / "exports/data"
            data.mkdir(parents=True)
            for number, run in enumerate(runs):
                write_part(data, f"NET-{number}", 0, *_groups(run))
        yield {world: Kept(Project(root / world), "neptune:./exports") for world in worlds}

    def tear(self, kept: Kept, run: KnownRun) -> None:
        """Do nothing: what stands at the end of a part is needed to read it."""

    def spoil(self, kept: Kept, run: KnownRun) -> None:
        """Put noise into the run's part."""
        parts = (kept.project.directory / "exports").rglob("*.parquet")
        [path] = [one for one in parts if run.name.encode() in one.read_bytes()]
        put_noise(path)


def _groups(run: KnownRun) -> list[Rows]:
    """Return a run's single values and its series, sorted by step as the exporter gets them."""
    config = {path: value for path, value in run.config.items() if isinstance(value, float | int)}
    single: dict[str, Value] = {"sys/name": run.name, **config}
    names = dict.fromkeys(name for row in run.rows for name in row if name != "step")
    groups = [values(single)]
    for name in names:
        rows = [(at, row) for at, row in enumerate(run.rows) if name in row]
        rows.sort(key=lambda pair: pair[1]["step"])
        points = [(float(row["step"]), float(row[name]), MOMENT + at) for at, row in rows]
        groups.append(series(name, points))
    return groups
