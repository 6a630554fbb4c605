"""Every fact of rankings and importances stands in both forms of their answers."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.answers.told import facts, plain
from tests.questions.sweeps import run_to, sweep

from samestep import MemoryRun, Project, forget, parameter_importance, rank_runs, remember
from samestep.answers.answer import Answer
from samestep.errors import SamestepError
from samestep.settings import Settings

FORM = {"contract", "complete"}
"""Fields about the form of an answer."""
SOURCE = "memory:ranked"
PROJECT = Project(Path.cwd(), Settings(downstream=("test/top1",)))


def spaced(value: object) -> str:
    """Return a value as its Markdown writes it, names of kinds with spaces."""
    return plain(value).replace("_", " ")


def missing(answer: Answer) -> set[str]:
    """Return the facts of the structured answer that its Markdown does not tell."""
    text = " ".join(answer.to_markdown().replace("\\", "").replace("_", " ").split())
    return {
        fact for fact in facts(answer.model_dump(mode="json"), FORM, spaced) if fact not in text
    }


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold groups and single runs, one torn, one late, one without the costs of the others."""
    tops = {"wide": [76.0, 76.5], "deep": [75.0, 75.2], "lone": [74.0]}
    costs = {"wide": {"latency_ms": 62.0}, "deep": {"latency_ms": 48.0}}
    late = run_to("late", 70.0, {"width": "late"}, epochs=2)
    rows = [{"epoch": e + 0.5, "test/top1": 60.0 + e} for e in range(4)]
    between = MemoryRun("between", rows, {"width": "between"}, losses=("two lines cut",))
    remember("ranked", [*sweep(tops, costs), late, between])
    yield
    forget("ranked")


ANSWERS: dict[str, Callable[[], Answer]] = {
    "plain": lambda: rank_runs([SOURCE], "test/top1", project=PROJECT),
    "listed": lambda: rank_runs(
        [[f"{SOURCE}#wide/seed0", f"{SOURCE}#wide/seed1"], f"{SOURCE}#lone/seed0"],
        "test/top1",
        project=PROJECT,
    ),
    "constrained": lambda: rank_runs(
        [SOURCE], "test/top1", constraints={"latency_ms": ">= 1 and <= 50"}, project=PROJECT
    ),
    "fronts": lambda: rank_runs(
        [SOURCE], "test/top1", objectives=["latency_ms:lower"], project=PROJECT
    ),
    "nobody": lambda: rank_runs([SOURCE], "test/top1", constraints={"x": "> 1"}, project=PROJECT),
    "paged": lambda: rank_runs([SOURCE], "test/top1", limit=2, cursor="2", project=PROJECT),
    "importance": lambda: parameter_importance([SOURCE], "test/top1", project=PROJECT),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_markdown_tells_every_fact_of_the_structured_answer(kind: str) -> None:
    assert missing(ANSWERS[kind]()) == set()


def test_the_record_as_markdown_tells_every_fact_of_the_record() -> None:
    record = rank_runs(
        [SOURCE], "test/top1", constraints={"latency_ms": "<= 50"}, project=PROJECT
    ).record

    assert record is not None
    text = record.to_markdown().replace("\\", "").replace("_", " ")
    assert {
        fact for fact in facts(record.model_dump(mode="json"), FORM, spaced) if fact not in text
    } == set()


def test_the_frame_has_a_row_for_each_ranked_candidate() -> None:
    frame = rank_runs([SOURCE], "test/top1", project=PROJECT).to_frame()

    assert frame["full_name"].tolist() == ["wide/seed*", "deep/seed*", "lone/seed0", "between"]
    assert frame["place"].tolist() == [1, 2, 3, 4]


values = st.floats(-100, 100) | st.sampled_from([float("nan"), float("inf"), 1e308])
required: dict[str, st.SearchStrategy[float]] = {"test/top1": values}
optional: dict[str, st.SearchStrategy[float]] = {"flops": values, "epoch": st.just(2.0)}
rows = st.lists(
    st.fixed_dictionaries(required, optional=optional),
    min_size=1,
    max_size=4,
)
names = st.sampled_from(
    ["wide", "best because (of", "the winner", "a|b", "deep/seed0", "deep/seed1"]
)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(names, rows, min_size=2, max_size=6),
    st.sampled_from(["<= 0", "> -5"]) | st.none(),
    st.sampled_from([None, ["flops:lower"]]),
    st.sampled_from(["running", "finished", "unknown"]),
)
def test_whatever_runs_hold_a_ranking_keeps_the_rules_and_tells_all(
    histories: dict[str, Sequence[dict[str, float]]],
    bound: str | None,
    objectives: list[str] | None,
    state: str,
) -> None:
    runs = [
        MemoryRun(
            name,
            [{"epoch": epoch, **row} for epoch, row in enumerate(history, start=1)],
            {"width": name[:4], "depth": 1, "seed": name[-1], "epochs": 2},
            state=state,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] # one of three sampled
        )
        for name, history in histories.items()
    ]
    source = remember("any", runs)
    constraints = None if bound is None else {"flops": bound}
    try:
        answer = rank_runs(
            [source], "test/top1", None, constraints, objectives, limit=3, project=PROJECT
        )
    except SamestepError:
        return
    finally:
        forget("any")
    assert missing(answer) == set()
