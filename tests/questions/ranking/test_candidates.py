"""What a caller wrote becomes the candidates of a ranking."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.questions.sweeps import run_to, sweep

from samestep import Project, forget, rank_runs, remember
from samestep.model import Source
from samestep.settings import Settings

SOURCE = "memory:candidates"


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold two configurations of two seeds, and one run alone."""
    lone = run_to("wide-lone", 60.0, {"width": "lone"})
    remember("candidates", [*sweep({"wide": [76.0, 76.5], "thin": [70.0, 70.5]}), lone])
    yield
    forget("candidates")


def ranked(*written: str | list[str], project: Path) -> list[str]:
    settings = Settings(sources={"mine": Source("memory", "candidates")})
    answer = rank_runs(list(written), "test/top1", project=Project(project, settings))
    return [row.full_name for row in answer.ranked]


@pytest.mark.parametrize("source", [SOURCE, "mine", f"group:{SOURCE}#*"])
def test_a_source_is_all_its_runs_seeds_of_one_thing_together(source: str, tmp_path: Path) -> None:
    assert len(ranked(source, project=tmp_path)) == 3


def test_a_group_alone_is_all_its_runs_and_one_of_several_is_a_candidate(tmp_path: Path) -> None:
    wide, thin = f"group:{SOURCE}#wide*", f"group:{SOURCE}#thin/*"

    assert ranked(wide, project=tmp_path) == ["wide/seed0, wide/seed1", "wide-lone"]
    assert ranked(wide, thin, project=tmp_path) == ["wide*", "thin/*"]


def test_a_list_is_one_candidate_and_runs_listed_apart_are_not_put_together(tmp_path: Path) -> None:
    first, second = (f"{SOURCE}#wide/seed{seed}" for seed in (0, 1))

    assert ranked([first, second], f"{SOURCE}#thin/seed0", project=tmp_path) == [
        "wide/seed0, wide/seed1",
        "thin/seed0",
    ]
    assert ranked(first, second, project=tmp_path) == ["wide/seed1", "wide/seed0"]


def test_seeds_go_by_a_pattern_only_where_it_fits_no_other_run(tmp_path: Path) -> None:
    assert ranked(SOURCE, project=tmp_path)[:2] == ["wide/seed*", "thin/seed*"]
    other = run_to("wide/seedling", 60.0, {"width": "other"})
    remember("candidates", [*sweep({"wide": [76.0, 76.5]}), other])

    assert ranked(SOURCE, project=tmp_path) == ["wide/seed0, wide/seed1", "wide/seedling"]
