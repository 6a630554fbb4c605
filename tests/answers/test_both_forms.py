"""Every fact stands in both forms of an answer: hosts show the one or the other."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.answers.told import facts

from samestep import (
    MemoryRun,
    compare_same_epoch,
    convergence_check,
    detect_tracker,
    fetch_history,
    forget,
    list_runs,
    remember,
)
from samestep.answers import Comparison, ConvergenceAnswer, Detection, FetchedHistory, RunList
from samestep.errors import SamestepError

AnyAnswer = Comparison | ConvergenceAnswer | Detection | FetchedHistory | RunList
FORM = {"contract", "complete", "times", "sampled", "not_finite", "method"}
"""Fields about the form of an answer, or told in words where they matter."""


def missing(answer: AnyAnswer) -> set[str]:
    """Return the facts of the structured answer that its Markdown does not tell."""
    text = " ".join(answer.to_markdown().replace("\\|", "|").split())
    return {fact for fact in facts(answer.model_dump(mode="json"), FORM) if fact not in text}


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold runs whose comparison has cells of every kind."""
    rows = [
        {"epoch": e, "step": 7 * e, "val/loss": 2.0 / e, "test/top1": e * 1.5} for e in range(1, 31)
    ]
    other = [
        {"epoch": e, "step": 9 * e, "val/loss": 2.1 / e, "top1": e * 1.25} for e in range(2, 41, 3)
    ]
    remember(
        "forms",
        [
            *(MemoryRun(f"wide/seed{s}", rows[: 20 + s], config={"seed": s}) for s in range(3)),
            MemoryRun(
                "deep", other, group="a group", tags=("one", "two"), losses=("two lines cut",)
            ),
        ],
    )
    yield
    forget("forms")


ANSWERS: dict[str, Callable[[], AnyAnswer]] = {
    "groups": lambda: compare_same_epoch("group:memory:forms#wide/*", ["memory:forms#deep"]),
    "pairs": lambda: compare_same_epoch(
        "memory:forms#wide/seed0",
        ["memory:forms#deep", "group:memory:forms#wide/seed[12]"],
        pairs={"test/top1": "top1"},
        downstream=["test/top1"],
    ),
    "nearest": lambda: compare_same_epoch(
        "memory:forms#wide/seed0", ["memory:forms#deep"], match="nearest", tolerance=2
    ),
    "list": lambda: list_runs("memory:forms"),
    "detect": lambda: detect_tracker("tests"),
    "history": lambda: fetch_history("memory:forms#deep", ["top1"], max_points=5),
    "schema": lambda: fetch_history("memory:forms#wide/seed0", include=["config", "schema"]),
    "converge": lambda: convergence_check("memory:forms#wide/seed2", "val/loss"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_markdown_tells_every_fact_of_the_structured_answer(kind: str) -> None:
    assert missing(ANSWERS[kind]()) == set()


def test_names_that_look_like_markup_do_not_break_a_table() -> None:
    names = ("a|b", "c\nd <script>")
    remember("odd", [MemoryRun(name, [{"step": 1, "loss": 1.0}]) for name in names])

    lines = list_runs("memory:odd").to_markdown().splitlines()
    forget("odd")

    assert [line.replace("\\|", "").count("|") for line in lines if line.startswith("|")] == [
        11
    ] * 4


values = st.floats(-100, 100) | st.sampled_from([float("nan"), float("inf")])
rows = st.lists(
    st.fixed_dictionaries({}, optional={"val/loss": values, "test/acc": values}), max_size=12
)


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, min_size=2, max_size=5), st.sampled_from(["epoch", "step"]))
def test_whatever_runs_hold_the_answer_keeps_the_rules_and_tells_all(
    histories: Sequence[Sequence[dict[str, float]]], axis: str
) -> None:
    runs = [
        MemoryRun(
            f"run{at}",
            [{axis: float(n), **row} for n, row in enumerate(history)],
            config={"seed": at},
        )
        for at, history in enumerate(histories)
    ]
    source = remember("random", runs)
    try:
        answer = compare_same_epoch(
            f"{source}#run0",
            [[f"{source}#run{at}" for at in range(1, len(runs))]],
            downstream=["test/acc"],
        )
    except SamestepError:  # a refusal is an answer too: nothing to compare
        return
    finally:
        forget("random")

    assert missing(answer) == set()
