"""Every fact stands in the text too, and nothing that others wrote breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from samestep import (
    MemoryRun,
    Project,
    compare_same_epoch,
    detect_tracker,
    forget,
    list_runs,
    remember,
)
from samestep.answers import Comparison
from samestep.answers.comparison import CatchUp
from samestep.answers.listing import UnreadableItem
from samestep.answers.markdown import line, table
from samestep.phrases import number

HOSTILE = [
    pytest.param("a|b", r"a\|b", id="a column"),
    pytest.param(r"a\|b", r"a\\\|b", id="a column behind a backslash"),
    pytest.param("a\n\n# b", "a # b", id="a heading"),
    pytest.param("a\r\n| - | - |", r"a \| - \| - \|", id="a table"),
    pytest.param("a\u2028b\x85c", "a b c", id="breaks of other alphabets"),
    pytest.param("a\x1b[2Jb\u202ec", "a�[2Jb�c", id="signs for a terminal"),
    pytest.param("<img src=x onerror=y>", r"\<img src=x onerror=y>", id="a tag"),
    pytest.param("<!-- a", r"\<!-- a", id="a comment"),
    pytest.param("![a](http://b)", r"![a]\(http://b)", id="an image"),
]


MARKUP = {"html_inline", "html_block", "image", "link_open"}


def rendered(page: str) -> list[Token]:
    """Return a page as a Markdown renderer that lets HTML through understands it."""
    return MarkdownIt("commonmark").enable("table").parse(page)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project; the runs held in memory are forgotten after the test."""
    yield Project(tmp_path)
    forget("runs")


def compared(project: Project, student: str, metric: str = "test/top1") -> Comparison:
    """Compare a student of that name with a baseline that logs its metric at other steps."""
    baseline = "resnet50-step/seed0"
    rows = {
        student: [{"step": 125.0 * n, "epoch": float(n), metric: 30.0 + n} for n in range(1, 12)],
        baseline: [{"step": 250.0 * n, "epoch": float(n), metric: 32.0 + n} for n in range(1, 21)],
    }
    remember("runs", [MemoryRun(name, logged, {"seed": 0}) for name, logged in rows.items()])
    return compare_same_epoch(
        f"memory:runs#{student.replace('#', '%23')}", [f"memory:runs#{baseline}"], project=project
    )


@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_cannot_break_a_table(name: str, shown: str) -> None:
    assert table(["run", "loss"], [[name, "0.5"]]) == (f"| run | loss |\n|-|-|\n| {shown} | 0.5 |")


@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_runs_name_cannot_break_a_page(project: Project, name: str, shown: str) -> None:
    page = compared(project, name).to_markdown()
    plain = compared(project, "resnet50-cosine/seed0").to_markdown()

    assert line(name) in page.splitlines()[0]
    assert shown in table(["run"], [[name]])
    assert [token.type for token in rendered(page)] == [token.type for token in rendered(plain)]
    assert MARKUP.isdisjoint(
        inner.type for token in rendered(page) for inner in token.children or ()
    )


@pytest.mark.parametrize(("metric", "shown"), HOSTILE)
def test_a_metrics_name_cannot_break_a_table(project: Project, metric: str, shown: str) -> None:
    page = compared(project, "resnet50-cosine/seed0", metric).to_markdown()
    plain = compared(project, "resnet50-cosine/seed0", "quantity").to_markdown()

    assert f"| {shown} | 41 | 43 | -2 |" in page
    assert [token.type for token in rendered(page)] == [token.type for token in rendered(plain)]
    assert MARKUP.isdisjoint(
        inner.type for token in rendered(page) for inner in token.children or ()
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (11.0, "11"),
        (-0.0, "0"),
        (117000.0, "117000"),
        (1234567890.0, "1234567890"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1e+15"),
        (41.0123456, "41.0123"),
        (0.1 + 0.2, "0.3"),
        (-1.5e-07, "-1.5e-07"),
    ],
)
def test_a_number_keeps_six_digits_and_whole_numbers_all(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_words_of_our_own_are_left_alone() -> None:
    text = 'Declare with downstream=["test/top1"]; lr < 0.1 and a > b (c).'

    assert line(text) == text


def test_a_row_shows_the_steps_its_values_were_logged_at(project: Project) -> None:
    page = compared(project, "resnet50-cosine/seed0").to_markdown()
    [row] = [row for row in page.splitlines() if row.startswith("| test/top1 |")]

    assert row == (
        "| test/top1 | 41 | 43 | -2 | baseline | 0 | 11 (step 1375 and 2750) | 2 (0) | not_on_track |"
    )


def test_a_projection_is_shown_with_its_interval(project: Project) -> None:
    projection = CatchUp(
        metric="test/top1",
        baseline="resnet50-step/seed0",
        outlook="on_track",
        at=40.5,
        interval=(31.25, 55.75),
        method="own course",
        why="probability 0.70 by 100, at least 0.6",
        points=(11, 100),
        behind_then=(-2.5, -0.5),
        until=100.0,
        naive_not_used=35.5,
    )
    answer = compared(project, "resnet50-cosine/seed0")

    page = answer.model_copy(update={"catch_up": [projection]}).to_markdown()

    assert (
        "- test/top1 against resnet50-step/seed0: on_track at 40.5 (31.25 to 55.75); "
        "probability 0.70 by 100, at least 0.6; behind by -2.5 to -0.5 at 100; "
        "11 and 100 points, own course; straight line (not used): 35.5\n"
    ) in page


def test_a_listing_shows_groups_tags_and_what_cannot_be_read(project: Project) -> None:
    run = MemoryRun("resnet50|b", [{"step": 3.0, "loss": 0.5}], group="sweep", tags=("a", "b"))
    remember("runs", [run])
    torn = UnreadableItem(run="memory:runs#torn", why="cut\nshort")
    listing = list_runs("memory:runs", project=project).model_copy(update={"unreadable": [torn]})

    page = listing.to_markdown().splitlines()

    assert (
        r"| resnet50\|b | memory:runs#resnet50\|b | unknown | - | - | 3 | - | sweep | a, b | 1 |"
        in page
    )
    assert "Unreadable: memory:runs#torn: cut short" in page


def test_a_question_to_the_user_stands_in_the_text(project: Project) -> None:
    found = detect_tracker(project=project)

    assert f"Ask: {found.ask}" in found.to_markdown().splitlines()
