"""What was not read is said, and where there is a choice the user is asked."""

from collections.abc import Callable, Mapping

import pytest

from samestep import (
    MemoryRun,
    Project,
    compare_same_epoch,
    detect_tracker,
    fetch_history,
    list_runs,
    remember,
)
from samestep.answers import Comparison, Detection, RunList
from samestep.answers.history import FetchedHistory, Rows
from samestep.answers.listing import UnreadableItem
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]

ROWS = [{"step": float(step), "loss": 1.0 / step} for step in range(1, 4)]
TORN = UnreadableItem(run="memory:runs#resnet50-torn/seed0", why="its first record is torn")


@pytest.fixture
def listing(project: Project) -> RunList:
    """A listing of two runs."""
    remember("runs", [MemoryRun(f"resnet50-step/seed{seed}", ROWS) for seed in range(2)])
    return list_runs("memory:runs", project=project)


@pytest.fixture
def sampled(project: Project) -> FetchedHistory:
    """Five of a hundred rows of one run."""
    rows = [{"step": float(step), "loss": 1.0 / step} for step in range(1, 101)]
    remember("runs", [MemoryRun("resnet50-step/seed0", rows)])
    return fetch_history(
        "memory:runs#resnet50-step/seed0", metrics=["loss"], max_points=5, project=project
    )


@pytest.fixture
def detection(project: Project) -> Detection:
    """Two directories of results, the first of which is chosen."""
    for name in ("first", "second"):
        directory = project.directory / name / "seed0"
        directory.mkdir(parents=True)
        (directory / "metrics.csv").write_text("step,loss\n1,0.5\n2,0.4\n")
    return detect_tracker(project=project)


@pytest.mark.rule("partial-said")
def test_a_run_read_in_part_passes_where_the_loss_is_told(project: Project) -> None:
    losses = ("2 rows are torn because of a full disk; see resnet50-cosine/seed0.csv",)
    runs = [
        MemoryRun("resnet50-cosine/seed0", ROWS, losses=losses),
        MemoryRun("resnet50-step/seed0", ROWS),
    ]
    remember("runs", runs)
    student, baseline = [f"memory:runs#{run.full_name}" for run in runs]

    answer = compare_same_epoch(student, [baseline], project=project)

    assert not answer.runs[0].read.complete
    assert [caveat.rule for caveat in answer.caveats].count("partial-said") == 1


@pytest.mark.rule("partial-said")
def test_a_run_read_in_part_without_a_word_is_refused(halfway: Comparison, edit: Edit) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: resnet50-step/seed0 was read in part"):
        validate(edit(halfway, {"runs.1.read.complete": False}))


@pytest.mark.rule("partial-said")
@pytest.mark.parametrize("changes", [{"metrics_left": 3}, {"next_cursor": "2"}])
def test_metrics_left_without_a_way_to_them_are_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object]
) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: \d metrics are left, and the cursor is"):
        validate(edit(halfway, changes))


@pytest.mark.rule("partial-said")
def test_a_legend_longer_than_it_may_be_is_refused(halfway: Comparison, edit: Edit) -> None:
    more = [
        halfway.runs[1].model_copy(update={"full_name": f"resnet50-other/{at}", "role": "run"})
        for at in range(19)
    ]
    label = "resnet50-cosine/seed0 and 20 more are single runs."

    with pytest.raises(RuleBroken, match=r"^partial-said: a legend of 21 entries"):
        validate(edit(halfway, {"runs": [*halfway.runs, *more], "caveats.0.text": label}))


@pytest.mark.rule("partial-said")
def test_a_listing_of_every_run_passes(listing: RunList) -> None:
    assert validate(listing) is listing
    assert (listing.matched, len(listing.items)) == (2, 2)


@pytest.mark.rule("partial-said")
def test_a_listing_that_drops_its_runs_is_refused(listing: RunList) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: 2 runs matched, none is listed"):
        validate(listing.model_copy(update={"items": []}))


@pytest.mark.rule("partial-said")
def test_unreadable_runs_that_nothing_counts_are_refused(listing: RunList) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: 1 runs are unreadable, and no caveat"):
        validate(listing.model_copy(update={"unreadable": [TORN]}))


@pytest.mark.rule("partial-said")
def test_an_unreadable_run_without_a_reason_is_refused(
    listing: RunList, halfway: Comparison
) -> None:
    caveat = halfway.caveats[0].model_copy(update={"rule": "partial-said"})
    silent = TORN.model_copy(update={"why": ""})

    with pytest.raises(RuleBroken, match=r"^partial-said: .* is unreadable without a reason"):
        validate(listing.model_copy(update={"unreadable": [silent], "caveats": [caveat]}))


@pytest.mark.rule("partial-said")
def test_sampled_rows_pass_where_their_number_is_told(sampled: FetchedHistory) -> None:
    assert validate(sampled) is sampled
    assert "5 of 100 rows" in sampled.caveats[0].text


@pytest.mark.rule("partial-said")
def test_sampled_rows_without_a_word_are_refused(sampled: FetchedHistory) -> None:
    with pytest.raises(RuleBroken, match=r"^partial-said: 5 of 100 rows are shown, and no caveat"):
        validate(sampled.model_copy(update={"caveats": []}))


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("columns", "rows", "problem"),
    [
        (["loss"], [[0.5]], "do not begin with their x and step"),
        (["x", "step", "loss"], [[1.0, 1.0]], "longer or shorter than its columns"),
        (["x", "step", "loss"], [[200.0, 200.0, 0.5]], "a row at 200, and the run has reached 100"),
    ],
)
def test_rows_that_lead_nowhere_are_refused(
    sampled: FetchedHistory, columns: list[str], rows: list[list[float | None]], problem: str
) -> None:
    history = Rows(columns=columns, rows=rows, total=100, sampled=True)

    with pytest.raises(RuleBroken, match=f"^traceable: .*{problem}"):
        validate(sampled.model_copy(update={"history": history}))


@pytest.mark.rule("traceable")
@pytest.mark.parametrize(
    ("run", "problem"),
    [
        ("memory:runs#resnet50-step/seed1", "resnet50-step/seed1 is listed twice"),
        ("seed0", "seed0 leads to no run"),
    ],
)
def test_a_listed_run_that_leads_nowhere_is_refused(
    listing: RunList, run: str, problem: str
) -> None:
    items = [item.model_copy(update={"run": run}) for item in listing.items[:1]]

    with pytest.raises(RuleBroken, match=f"^traceable: .*{problem}"):
        validate(listing.model_copy(update={"items": [*items, *listing.items[1:]]}))


@pytest.mark.rule("ask-when-ambiguous")
def test_the_first_readable_source_is_chosen(detection: Detection) -> None:
    assert validate(detection) is detection
    assert (detection.chosen, detection.ask) == ("files:first", None)


@pytest.mark.rule("ask-when-ambiguous")
def test_nothing_found_is_a_question(project: Project) -> None:
    empty = detect_tracker(project=project)

    assert validate(empty) is empty
    assert (empty.sources, empty.chosen, bool(empty.ask)) == ([], None, True)


@pytest.mark.rule("ask-when-ambiguous")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"chosen": None}, "either a source is chosen or the user is asked"),
        ({"ask": "Where?"}, "either a source is chosen or the user is asked"),
        ({"chosen": "files:second"}, "files:second is chosen, and is not the first readable"),
        ({"chosen": "wandb:entity/project"}, "is chosen, and is not the first readable source"),
        ({"sources": []}, "files:first is chosen, and is not the first readable source"),
    ],
)
def test_a_guess_instead_of_a_question_is_refused(
    detection: Detection, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^ask-when-ambiguous: .*{problem}"):
        validate(detection.model_copy(update=changes))


@pytest.mark.rule("ask-when-ambiguous")
def test_an_unreadable_source_without_a_reason_is_refused(detection: Detection) -> None:
    broken = detection.sources[1].model_copy(update={"readable": False})

    with pytest.raises(RuleBroken, match=r"^ask-when-ambiguous: files:second cannot be read, and"):
        validate(detection.model_copy(update={"sources": [detection.sources[0], broken]}))
