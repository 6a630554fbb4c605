import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samestep.errors import BadReference
from samestep.model import RunRef, Source

unhurried = settings(deadline=None)  # a busy machine is no failure
trackers = st.sampled_from(["tensorboard", "files", "mlflow", "wandb", "neptune", "memory"])
sources = st.builds(Source, trackers, st.text(min_size=1))
text_with_marks = st.text(st.sampled_from("#%235ab/ :") | st.characters(), min_size=1)


@pytest.mark.parametrize(
    ("text", "tracker", "location"),
    [
        ("tensorboard:runs", "tensorboard", "runs"),
        ("mlflow:sqlite:///mlflow.db", "mlflow", "sqlite:///mlflow.db"),
        ("mlflow:http://127.0.0.1:5000", "mlflow", "http://127.0.0.1:5000"),
        ("files:C:\\runs\\tb", "files", "C:\\runs\\tb"),
        ("wandb:entity/project", "wandb", "entity/project"),
        ("files:a#b", "files", "a#b"),
    ],
)
def test_the_tracker_stands_before_the_first_colon(text: str, tracker: str, location: str) -> None:
    assert Source.parse(text) == Source(tracker, location)
    assert str(Source(tracker, location)) == text


@pytest.mark.parametrize(
    "text", ["", "runs", "tensorboard:", ":runs", "C:\\runs", "TB:runs", "a b:c"]
)
def test_text_without_a_tracker_is_no_source(text: str) -> None:
    with pytest.raises(BadReference) as refused:
        Source.parse(text)

    assert str(refused.value) == (
        f"source={text!r} cannot be used: source takes <tracker>:<location>, "
        "such as 'tensorboard:runs'; detect_tracker(path=...) finds the sources below a directory."
    )


@pytest.mark.parametrize(
    ("text", "location", "run_id"),
    [
        ("tensorboard:runs#resnet50/seed0", "runs", "resnet50/seed0"),
        ("mlflow:sqlite:///mlflow.db#3f2a9c", "sqlite:///mlflow.db", "3f2a9c"),
        ("files:a#b#seed0", "a#b", "seed0"),
        ("files:runs#trial %231", "runs", "trial #1"),
        ("files:runs#100%25", "runs", "100%"),
        ("files:runs#100%", "runs", "100%"),
        ("files:runs#a%20b", "runs", "a%20b"),
    ],
)
def test_the_run_id_stands_after_the_last_mark(text: str, location: str, run_id: str) -> None:
    parsed = RunRef.parse(text)

    assert (parsed.source.location, parsed.id) == (location, run_id)


@pytest.mark.parametrize(
    ("run_id", "written"),
    [
        ("resnet50/seed0", "resnet50/seed0"),
        ("trial #1", "trial %231"),
        ("100%", "100%"),
        ("a%20b", "a%20b"),
        ("a%23b", "a%2523b"),
        ("a%25b", "a%2525b"),
        ("%#", "%%23"),
    ],
)
def test_only_what_would_be_misread_in_a_run_id_is_quoted(run_id: str, written: str) -> None:
    assert str(RunRef(Source("files", "runs"), run_id)) == f"files:runs#{written}"


@pytest.mark.parametrize("text", ["", "files:runs", "files:runs#", "#seed0", "runs#seed0"])
def test_text_without_a_source_or_an_id_is_no_run_reference(text: str) -> None:
    with pytest.raises(BadReference):
        RunRef.parse(text)


@unhurried
@given(sources)
def test_a_source_is_read_back_as_it_was(source: Source) -> None:
    assert Source.parse(str(source)) == source


@unhurried
@given(sources, text_with_marks)
@example(Source("files", "#%23"), "%2523#%25%")
@example(Source("files", "a:b#"), "%%2%23")
def test_a_run_reference_is_read_back_as_it_was(source: Source, run_id: str) -> None:
    reference = RunRef(source, run_id)

    assert RunRef.parse(str(reference)) == reference


@unhurried
@given(text_with_marks, text_with_marks)
def test_different_runs_have_different_references(one: str, other: str) -> None:
    source = Source("files", "runs")

    assert (str(RunRef(source, one)) == str(RunRef(source, other))) == (one == other)
