from pathlib import Path

import pytest
from tests.readers.neptune_stub.exported import curve, series, write_part

from samestep.errors import NoSuchPath, NotReadable
from samestep.model import Source
from samestep.readers.neptune import holds_runs, is_path, opened
from samestep.readers.neptune.local import LocalReader
from samestep.readers.neptune.local.stored import DEEPEST
from samestep.readers.neptune.server import ServerReader
from samestep.settings import Project

PATHS = """
    ./export ../export . .neptune ./.neptune/offline /data/export ~/export export a/b/c mine/a+b
"""


@pytest.mark.parametrize("location", [*PATHS.split(), "my export/data"])
def test_a_location_with_a_dot_or_without_one_slash_is_a_path(location: str):
    assert is_path(location)


@pytest.mark.parametrize("location", ["workspace/project", "lab-7/nets.v2", "a_b/c"])
def test_a_workspace_and_a_project_are_no_path(location: str):
    assert not is_path(location)


def test_a_path_is_opened_as_a_directory(tmp_path: Path):
    (tmp_path / "export").mkdir()
    found = opened(Source("neptune", "export"), Project(tmp_path))

    assert isinstance(found, LocalReader)
    assert (found.list().runs, found.list().unreadable) == ((), ())


def test_a_directory_that_is_written_like_a_project_is_asked_about(tmp_path: Path):
    (tmp_path / "exports/data").mkdir(parents=True)
    source = Source("neptune", "exports/data")
    with pytest.raises(NotReadable, match=r"The directory of that name is neptune:\./exports/data"):
        opened(source, Project(tmp_path))
    named = opened(source, Project(tmp_path, environment={"NEPTUNE_API_TOKEN": "token"}))

    assert isinstance(named, ServerReader)


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(NoSuchPath, match=r"No file or directory '\./exprot'"):
        opened(Source("neptune", "./exprot"), Project(tmp_path))


def test_an_export_and_a_log_a_few_levels_below_are_found(tmp_path: Path):
    write_part(tmp_path / "exports/data", "NET-1", 0, series("loss", curve(1.0)))
    (tmp_path / "logs/offline/run__c0ffee__1__a").mkdir(parents=True)
    (tmp_path / "logs/offline/run__c0ffee__1__a/data-1.log").touch()

    assert holds_runs(tmp_path / "exports")
    assert holds_runs(tmp_path / "logs")


def test_a_look_goes_no_further_than_a_few_levels_and_files_of_others_are_none(tmp_path: Path):
    deep = tmp_path.joinpath(*(f"level{number}" for number in range(DEEPEST + 1)))
    deep.mkdir(parents=True)
    (deep / "data-1.log").touch()
    (tmp_path / "data-one.log").touch()
    (tmp_path / "table.parquet").touch()

    assert not holds_runs(tmp_path)
    assert holds_runs(tmp_path / "level0")
    assert not holds_runs(tmp_path / "nothing")
