"""Whatever was logged, a comparison is refused in our words or keeps every rule in both forms."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from samestep import MemoryRun, Project, SamestepError, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.model import Final, State
from samestep.validator import validate

HERE = Project(Path(__file__).parent)
METRICS = ("test/top1", "val/loss", "knn.top1", "grad norm")
NAMES = (
    "resnet50-cosine",
    "resnet50-cosine-long",
    "v1. Final",
    "the winner, so far",
    "best (converged) run",
    "epoch 3",
    "max_epochs",
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
VALUES = st.one_of(
    st.floats(0.0, 1.0),
    st.floats(-100.0, 100.0),
    st.sampled_from([0.0, 0.5, math.nan, math.inf, -math.inf, 1e300]),
)


@st.composite
def runs(draw: st.DrawFn, name: str, *, with_epochs: bool) -> MemoryRun:
    """Draw one run: any length, any metric every so many rows, or no metric at all."""
    count = draw(st.integers(0, 9))
    first = draw(st.sampled_from([0, 1]))
    pace = draw(st.sampled_from([10.0, 7.0]))
    rows: list[dict[str, float]] = [
        {"step": pace * at} | ({"epoch": float(at)} if with_epochs else {})
        for at in range(first, first + count)
    ]
    for metric in draw(st.sets(st.sampled_from(METRICS))):
        every = draw(st.integers(1, 3))
        for row in rows[::every]:
            row[metric] = draw(VALUES)
    planned = draw(st.sampled_from([None, None, count, 10]))
    state: State = draw(st.sampled_from(["running", "finished", "unknown"]))
    score = draw(st.none() | st.builds(Final, VALUES, st.just("results.json"), st.none()))
    return MemoryRun(
        name,
        rows,
        {"seed": name[-1]} | ({} if planned is None else {"epochs": planned}),
        state,
        finals={} if score is None else {"bench/acc": score},
        losses=("2 rows are torn",) if draw(st.integers(0, 9)) == 9 else (),
    )


@st.composite
def sides(draw: st.DrawFn) -> list[list[MemoryRun]]:
    """Draw a student and one baseline or two, of one to three seeds each."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True))
    epochs = draw(st.booleans())
    return [
        [
            draw(runs(f"{name}/seed{seed}", with_epochs=epochs))
            for seed in range(draw(st.integers(1, 3)))
        ]
        for name in names
    ]


QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "downstream": st.sampled_from([["test/top1"], ["test/top1", "bench/acc"], ["grad norm"]]),
        "metrics": st.sampled_from([["val/loss", "grad norm:lower"], ["knn.top1"]]),
        "match": st.sampled_from(["exact", "interpolated", "nearest"]),
        "tolerance": st.sampled_from([0.0, 2.5]),
        "at": st.sampled_from([1.0, 2.5, 30.0]),
        "x": st.sampled_from(["epoch", "step", "order"]),
        "limit": st.integers(1, 3),
    },
)


@settings(max_examples=200, deadline=None)
@given(sides(), QUESTIONS)
def test_any_comparison_keeps_the_rules_and_stands_whole_in_both_forms(
    drawn: list[list[MemoryRun]], question: Mapping[str, object]
) -> None:
    answer = asked(drawn, question)
    if answer is None:
        return

    assert validate(answer) is answer
    page = answer.to_markdown()
    rows = [*answer.downstream, *answer.proxy]
    assert [row.metric for row in rows if row.metric not in page] == []
    assert [caveat.text for caveat in answer.caveats if caveat.text not in page] == []
    assert answer.verdict.text in page
    assert list(untold(answer, page)) == []


def asked(drawn: list[list[MemoryRun]], question: Mapping[str, object]) -> Comparison | None:
    """Compare the runs as asked; None where that is refused."""
    source = remember("any", [run for side in drawn for run in side])
    student, *baselines = [[f"{source}#{run.full_name}" for run in side] for side in drawn]
    try:
        return compare_same_epoch(student, list(baselines), project=HERE, **question)  # pyright: ignore[reportArgumentType] # drawn by name
    except SamestepError:
        return None
    finally:
        forget("any")


def untold(answer: Comparison, page: str) -> Iterator[object]:
    """Yield every number of the structured answer that the page does not show to five digits."""
    shown = [float(text) for text in NUMBER.findall(page)]
    rounded = {f"{value:.6g}" for value in shown}
    for number in numbers(answer.model_dump(mode="json")):
        if isinstance(number, str):
            if number not in page:
                yield number
        elif f"{number:.6g}" not in rounded and not any(
            math.isclose(number, value, rel_tol=1e-5) for value in shown
        ):
            yield number


def numbers(content: object) -> Iterator[float | str]:
    """Yield every number in JSON content, and the names of those that are not finite."""
    if isinstance(content, dict):
        yield from numbers(list(cast("dict[str, object]", content).values()))
    elif isinstance(content, list):
        for part in cast("list[object]", content):
            yield from numbers(part)
    elif content in {"NaN", "Infinity", "-Infinity"}:
        yield str(content)
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield content
