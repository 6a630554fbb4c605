"""Every fact of compare_configs stands in both forms of its answer."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.answers.told import facts

from samestep import MemoryRun, compare_configs, forget, remember
from samestep.answers.configs import ConfigComparison
from samestep.answers.configs_text import value_text

FORM = {"contract", "complete", "answer_id", "tool"}
"""Fields about the form of an answer."""


def missing(answer: ConfigComparison) -> set[str]:
    """Return the facts of the structured answer that its Markdown does not tell."""
    text = " ".join(answer.to_markdown().replace("\\", "").split())
    return {
        fact for fact in facts(answer.model_dump(mode="json"), FORM, value_text) if fact not in text
    }


def compared(*configs: Mapping[str, object]) -> ConfigComparison:
    rows = [{"step": n, "time": 7.5 * n, "val/loss": 1 / n, "gpu_mem": 3.0 * n} for n in (1, 2, 3)]
    runs = [MemoryRun(f"wide/seed{at}", rows, config) for at, config in enumerate(configs)]
    source = remember("both", runs)
    answer = compare_configs([f"{source}#{run.full_name}" for run in runs])
    forget("both")
    return answer


@pytest.mark.parametrize(
    "configs",
    [
        ({"lr": 0.1, "depth": 12, "seed": 1}, {"lr": 0.01, "seed": 2}),
        tuple({"lr": 0.1, "depth": 12, "width": 1, "seed": seed} for seed in range(3)),
        ({"git_commit": "1a", "dataset": "c4"}, {"git_commit": "2b", "framework": "jax"}),
        ({}, {}),
        tuple({f"option{n}": n + at for n in range(70)} for at in range(2)),
    ],
    ids=["several", "seeds", "lineage", "nothing", "paged"],
)
def test_the_markdown_tells_every_fact_of_the_structured_answer(
    configs: tuple[Mapping[str, object], ...],
) -> None:
    assert missing(compared(*configs)) == set()


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=12),
)
keys = st.text(max_size=8) | st.sampled_from(
    ["lr", "depth", "seed", "eval_set", "dataset", "resume", "fp16", "a.b", "best) because (of"]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(keys, plain | st.lists(plain, max_size=3)), min_size=2, max_size=3))
def test_whatever_configs_hold_the_answer_keeps_the_rules(
    configs: list[dict[str, object]],
) -> None:
    answer = compared(*configs)

    assert answer.parameters is not None
    assert all(len(row.values) == len(configs) for row in answer.parameters.differing)


def test_a_value_that_json_has_no_number_for_is_told_by_name() -> None:
    answer = compared({"limit": float("nan")}, {"limit": float("inf")})

    assert answer.parameters is not None
    assert answer.parameters.differing[0].values == ["NaN", "Infinity"]


def test_the_frame_has_a_column_for_each_run() -> None:
    frame = compared({"lr": 0.1}, {"lr": 0.2}).to_frame()

    assert list(frame.columns) == ["setting", "wide/seed0", "wide/seed1"]
    assert frame.to_numpy().tolist() == [["lr", 0.1, 0.2]]
