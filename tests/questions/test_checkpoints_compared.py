"""A run asked for by a checkpoint: the answer says at which x that was saved, and how to ask there."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.formats.checkpoints.malice import CALLING
from tests.formats.checkpoints.written import saved

from samestep import Project, compare_same_epoch, convergence_check, fetch_history
from samestep.answers import Comparison
from samestep.questions.caveats.checkpoints import caveats_of_one
from samestep.resolve import Lookup

STUDENT, BASELINE = "resnet50-cosine/seed0", "resnet50-step/seed0"
PATH = f"runs/{STUDENT}/checkpoints/last.pt"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with two runs of four epochs of 400 steps, counted from 0."""
    for name in (STUDENT, BASELINE):
        directory = tmp_path / "runs" / name
        directory.mkdir(parents=True)
        rows = [f"{epoch},{400 * (epoch + 1)},{1 / (epoch + 1)}\n" for epoch in range(4)]
        (directory / "metrics.csv").write_text("".join(["epoch,step,val_loss\n", *rows]))
    return Project(tmp_path)


def compared(project: Project, at: float | None = None, **content: object) -> Comparison:
    """Compare the student by a checkpoint with some content."""
    saved(project.directory / PATH, content)
    return compare_same_epoch(PATH, [BASELINE], at=at, project=project)


def told(answer: Comparison) -> Sequence[tuple[str, str]]:
    return [
        (caveat.severity, caveat.text)
        for caveat in answer.caveats
        if caveat.text.startswith(f"{STUDENT} was asked for by a checkpoint")
    ]


def test_the_x_at_which_it_was_saved_is_offered(project: Project) -> None:
    answer = compared(project, epoch=1, global_step=800)

    where = f"({PATH}: it lies in the run's directory runs/{STUDENT}; placed by its step 800)"
    text = f"{STUDENT} was asked for by a checkpoint saved at epoch 2 {where}"
    there = "at=2 compares there, this answer stands at epoch 4."
    assert told(answer) == [("warns", f"{text}: {there}")]
    assert answer.runs[0].run == f"files:runs#{STUDENT}"


def test_asked_there_the_answer_stands_there(project: Project) -> None:
    answer = compared(project, at=2.0, epoch=1, global_step=800)

    [(severity, text)] = told(answer)
    assert (severity, answer.at.value) == ("notes", 2.0)
    assert "and stands where that was saved" in text
    assert [row.student.value for row in answer.proxy] == [0.5]


def test_an_epoch_alone_counts_as_the_run_counts(project: Project) -> None:
    [(_, text)] = told(compared(project, epoch=1))

    assert "saved at epoch 2" in text
    assert "placed by its epoch 1, the first being 0" in text


def test_what_says_neither_epoch_nor_step_is_the_run_and_no_x_is_offered(
    project: Project,
) -> None:
    [(severity, text)] = told(compared(project, model={}))

    assert severity == "notes"
    assert text.endswith("and where it was saved is not known: it gives no step.")


def test_the_x_offered_can_be_asked_for_as_it_is_written(project: Project) -> None:
    for name in (STUDENT, BASELINE):
        rows = [f"{12_345_678 * row},{1 / row}\n" for row in range(1, 4)]
        table = project.directory / "runs" / name / "metrics.csv"
        table.write_text("".join(["step,val_loss\n", *rows]))
    [(_, text)] = told(compared(project, global_step=24_691_356))

    assert "at=24691356 compares there" in text
    [(severity, _)] = told(compared(project, at=24691356, global_step=24_691_356))
    assert severity == "notes"


def test_an_x_between_two_epochs_is_never_beyond_the_student(project: Project) -> None:
    [(_, text)] = told(compared(project, global_step=1333))
    at = float(text.partition("at=")[2].partition(" ")[0])

    assert at == pytest.approx(1333 / 400, rel=1e-5)
    assert compare_same_epoch(PATH, [BASELINE], at=at, project=project).at.value == at


def test_a_baseline_may_be_a_checkpoint_too(project: Project) -> None:
    path = f"runs/{BASELINE}/best.ckpt"
    saved(project.directory / path, {"global_step": 1200})
    answer = compare_same_epoch(STUDENT, [path], project=project)

    assert answer.runs[1].full_name == BASELINE
    assert any("at=3 compares there" in caveat.text for caveat in answer.caveats)


def test_seeds_are_asked_for_by_checkpoints_one_by_one(project: Project) -> None:
    for name in (STUDENT, BASELINE):
        saved(project.directory / "runs" / name / "last.pt", {"global_step": 400})
    other = project.directory / "runs/wide"
    other.mkdir()
    (other / "metrics.csv").write_text(
        "epoch,step,val_loss\n0,400,1\n1,800,1\n2,1200,1\n3,1600,1\n"
    )
    answer = compare_same_epoch(
        [f"runs/{name}/last.pt" for name in (STUDENT, BASELINE)], ["wide"], project=project
    )

    offered = [caveat.text for caveat in answer.caveats if "at=1 compares there" in caveat.text]
    assert [text.partition(" was ")[0] for text in offered] == [STUDENT, BASELINE]


def test_what_loading_it_would_call_is_said_and_not_called(project: Project) -> None:
    path = project.directory / PATH
    path.parent.mkdir()
    path.write_bytes(CALLING["object"])
    answer = compare_same_epoch(PATH, [BASELINE], project=project)

    assert f"Loading the checkpoint ({PATH}) would call posix.system; none of it was run here." in [
        caveat.text for caveat in answer.caveats
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"global_step": 800}, f"saved at epoch 2 ({PATH}: it lies in the run's directory"),
        ({"epoch": 9}, "is not known: its epoch 9 is not among the epochs logged, 1 to 4."),
    ],
)
def test_a_run_asked_about_alone_is_told_where_it_was_saved_too(
    project: Project, content: dict[str, object], words: str
) -> None:
    saved(project.directory / PATH, content)
    history = fetch_history(PATH, ["val_loss"], project=project)
    judged = convergence_check(PATH, "val_loss:lower", project=project)

    for answer in (history, judged):
        [caveat] = [one for one in answer.caveats if "checkpoint" in one.text]
        assert caveat.text.startswith(f"{STUDENT} was asked for by a checkpoint")
        assert words in caveat.text


def test_a_run_without_an_axis_is_told_only_what_it_was_asked_for_by(project: Project) -> None:
    saved(project.directory / PATH, {"epoch": 1})
    [caveat] = caveats_of_one(Lookup(project).one_side(PATH), None)

    assert caveat.text.endswith(f"({PATH}: it lies in the run's directory runs/{STUDENT}).")
