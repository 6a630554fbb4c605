"""A reader of another package: the README's, really installed, and some that are broken."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from samestep import Project, compare_same_epoch, detect_tracker, list_runs
from samestep.errors import BadArgument, NoSuchRun, NotReadable
from samestep.model import Source
from samestep.readers.registry import TRACKERS, open_reader

README = Path(__file__).parents[2] / "README.md"
UV = os.environ.get("UV") or shutil.which("uv")
needs_uv = pytest.mark.skipif(UV is None, reason="uv installs the package, and is not here")
POINTS = {"wide/seed0": 4, "narrow/seed0": 6}
"""Runs and how many points they have."""


def package_in_readme() -> dict[str, str]:
    """Return the files that the README shows, by their names."""
    return dict(re.findall(r"```\w+ (\S+)\n(.*?)```", README.read_text("utf-8"), re.DOTALL))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build and install the README's package, without a network."""
    source, site = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for name, content in package_in_readme().items():
        (source / name).write_text(content, "utf-8")
    offline = ["--quiet", "--offline", "--no-deps", "--no-build-isolation", "--no-config"]
    install = [str(UV), "pip", "install", *offline, "--python", sys.executable]
    subprocess.run([*install, "--target", str(site), str(source)], check=True)
    return site


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make what is installed there importable, for one test."""
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    yield
    sys.modules.pop("samestep_jot", None)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with runs that jot kept, one of them torn, and a table."""
    for name, points in POINTS.items():
        (tmp_path / "logs" / name).parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{step} loss {2 / step}\n" for step in range(1, points + 1)]
        (tmp_path / "logs" / f"{name}.jot").write_text("".join(lines) + "7 lo\n")
    (tmp_path / "csv/wide").mkdir(parents=True)
    (tmp_path / "csv/wide/metrics.csv").write_text("step,loss\n1,2.0\n2,0.5\n3,0.25\n")
    return Project(tmp_path)


def test_the_readme_shows_a_reader_of_less_than_sixty_lines() -> None:
    assert len(package_in_readme()["samestep_jot.py"].splitlines()) < 60


@needs_uv
@pytest.mark.usefixtures("installed")
def test_its_sources_are_detected_and_its_runs_listed(project: Project) -> None:
    detected = detect_tracker(project=project)
    listed = list_runs("jot:logs", project=project)

    assert [(one.source, one.runs, one.evidence) for one in detected.sources] == [
        ("files:csv", 1, ["directory csv/"]),
        ("jot:logs", 2, ["directory logs/"]),
    ]
    assert {item.run: item.current.step for item in listed.items} == {
        "jot:logs#wide/seed0": 4.0,
        "jot:logs#narrow/seed0": 6.0,
    }


@needs_uv
@pytest.mark.usefixtures("installed")
def test_its_runs_compare_with_those_of_other_trackers(project: Project) -> None:
    answer = compare_same_epoch("wide", ["jot:logs#wide/seed0", "narrow/seed0"], project=project)

    assert [(row.student.value, row.baseline.value, row.baseline.x) for row in answer.proxy] == [
        (0.25, pytest.approx(2 / 3), 3.0),
        (0.25, pytest.approx(2 / 3), 3.0),
    ]
    assert any("1 lines are not whole" in caveat.text for caveat in answer.caveats)


@needs_uv
@pytest.mark.usefixtures("installed")
def test_its_refusals_pass_and_its_bugs_become_refusals_that_name_it(project: Project) -> None:
    (project.directory / "logs/odd.jot").write_text("one loss 2\n")

    with pytest.raises(NoSuchRun, match="wide/seed0"):
        open_reader(Source("jot", "logs"), project).read("wide/seed1")
    with pytest.raises(
        NotReadable, match=r"jot = samestep_jot:tracker of samestep-jot.*ValueError"
    ):
        open_reader(Source("jot", "logs"), project).read("odd")
    listed = list_runs("jot:logs", project=project)
    assert len(listed.items) == 2
    assert [one.run for one in listed.unreadable] == ["jot:logs#odd"]


@needs_uv
@pytest.mark.usefixtures("installed")
def test_nothing_of_it_is_imported_before_its_tracker_is_named(project: Project) -> None:
    list_runs("files:csv", project=project)
    before = "samestep_jot" in sys.modules
    list_runs("jot:logs", project=project)

    assert (before, "samestep_jot" in sys.modules) == (False, True)


def provide(site: Path, entry_points: str, code: str = "") -> None:
    """Put a package's metadata and its module where Python finds them."""
    metadata = site / "stranger-2.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 2.0\n")
    (metadata / "entry_points.txt").write_text(f"[samestep.readers]\n{entry_points}\n")
    (site / "stranger.py").write_text(code)


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return where a package is looked for, for one test."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    yield site
    sys.modules.pop("stranger", None)
    importlib.invalidate_caches()


@pytest.mark.parametrize(
    ("value", "code", "why"),
    [
        ("missing_module:tracker", "", "ModuleNotFoundError"),
        ("stranger:tracker", "", "AttributeError"),
        ("stranger:tracker", "class Odd(Exception): pass\nraise Odd('no licence')", "no licence"),
        ("stranger:tracker", "raise SystemExit(3)", "SystemExit"),
        ("stranger:tracker", "tracker = 42", "neither a Tracker nor an opener"),
        ("stranger:tracker", "tracker = print", "AttributeError"),
        (
            "stranger:tracker",
            "class tracker:\n def __init__(*_): ...\n def list(_): ...",
            "Listing",
        ),
    ],
)
def test_a_broken_package_is_refused_where_its_tracker_is_named(
    project: Project, stranger: Path, value: str, code: str, why: str
) -> None:
    provide(stranger, f"odd = {value}", code)

    with pytest.raises(NotReadable, match="of stranger") as refused:
        list_runs("odd:place", project=project)

    assert why in str(refused.value)


def test_a_broken_package_is_listed_as_unreadable_and_takes_nothing_down(
    project: Project, stranger: Path
) -> None:
    provide(stranger, "odd = stranger:tracker", "import nothing_of_that_name")

    detected = detect_tracker(project=project)
    listed = list_runs(project=project)

    assert [(one.source, one.readable) for one in detected.sources] == [
        ("files:csv", True),
        ("odd:.", False),
    ]
    assert "nothing_of_that_name" in (detected.sources[1].why_not or "")
    assert [item.full_name for item in listed.items] == ["wide"]


def test_a_look_that_fails_is_said_and_takes_nothing_down(project: Project, stranger: Path) -> None:
    code = "from samestep.readers.tracker import Tracker\ntracker = Tracker(print, lambda d: 1 / 0)"
    provide(stranger, "odd = stranger:tracker", code)

    detected = detect_tracker(project=project)

    assert [one.readable for one in detected.sources] == [True, False]
    assert "ZeroDivisionError" in (detected.sources[1].why_not or "")


@pytest.mark.parametrize("name", [*TRACKERS, "Odd-Name"])
def test_a_name_that_is_taken_or_cannot_be_written_is_passed_over_and_said(
    project: Project, stranger: Path, name: str
) -> None:
    provide(stranger, f"{name} = stranger:tracker", "raise SystemExit('taken over')")

    detected = detect_tracker(project=project)

    assert [one.source for one in detected.sources] == ["files:csv"]
    assert any("of stranger is passed over" in caveat.text for caveat in detected.caveats)


def test_two_packages_of_one_name_are_not_told_apart_by_chance(
    project: Project, stranger: Path
) -> None:
    provide(stranger, "odd = stranger:tracker")
    shutil.copytree(stranger / "stranger-2.0.dist-info", stranger / "other-1.0.dist-info")
    (stranger / "other-1.0.dist-info/METADATA").write_text("Name: other\nVersion: 1.0\n")

    with pytest.raises(NotReadable, match="both give it"):
        list_runs("odd:place", project=project)


def test_a_tracker_nobody_reads_is_refused_with_those_there_are(
    project: Project, stranger: Path
) -> None:
    provide(stranger, "odd = stranger:tracker")

    with pytest.raises(BadArgument, match="tensorboard, files, memory, odd"):
        list_runs("neither:place", project=project)
