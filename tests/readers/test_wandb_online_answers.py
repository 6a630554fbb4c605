import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.readers.wandb.online.columns import Column, Gathering
from samestep.readers.wandb.online.definitions import definitions
from samestep.readers.wandb.online.environment import environment_of, lineage_of
from samestep.readers.wandb.online.glances import glance_of
from samestep.readers.wandb.online.nodes import RunNode, numbers
from samestep.readers.wandb.online.worker import columns

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)
fields = st.sampled_from(
    "name displayName state config group tags commit createdAt heartbeatAt historyLineCount user "
    "summaryMetrics historyKeys".split()
)
nodes = st.dictionaries(fields, json_values | json_values.map(json.dumps))
finite = st.floats(allow_nan=False, allow_infinity=False)


@dataclass(frozen=True)
class Item:
    """One value as the client's messages hold it."""

    key: str
    value_json: str


@dataclass(frozen=True)
class Row:
    """One row as the client's messages hold it."""

    history_items: Sequence[Item]


def message(row: Mapping[str, object]) -> Row:
    return Row([Item(key, json.dumps(value)) for key, value in row.items()])


def gathered(*pages: list[dict[str, object]]) -> Gathering:
    gathering = Gathering()
    for page in pages:
        gathering.add_page(json.loads(columns(list(map(message, page)))))
    return gathering


@settings(max_examples=60)
@given(nodes)
def test_any_answer_about_a_run_is_read(node: dict[str, object]):
    read = RunNode.of(node)

    glance = glance_of(read)
    assert glance.metrics >= len(read.metrics)
    assert all(isinstance(value, str) for value in environment_of(read).values())
    assert all(one.digest for one in lineage_of(read))


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from("1245678"), json_values, max_size=3), max_size=3))
def test_any_definitions_are_read(records: list[object]):
    assert all(one.fits(one.name) for one in definitions({"m": records}))


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.text("ab._", max_size=2), json_values, max_size=4), max_size=4))
def test_any_rows_are_read(rows: list[dict[str, object]]):
    found = gathered(rows).columns()

    assert all((np.diff(column.steps) > 0).all() for column in found.values())


@given(st.dictionaries(st.integers(0, 2**62), st.dictionaries(st.sampled_from("abc"), finite)))
def test_every_number_of_every_row_is_in_its_column_however_the_rows_are_cut_into_pages(
    rows: dict[int, dict[str, float]],
):
    written: list[dict[str, object]] = [{"_step": step, **row} for step, row in rows.items()]
    half = len(written) // 2
    found = gathered(written[:half], written[half:], written[half:]).columns()

    assert {
        key: dict(zip(column.steps.tolist(), column.values.tolist(), strict=True))
        for key, column in found.items()
    } == {
        key: {step: row[key] for step, row in rows.items() if key in row}
        for key in {key for row in rows.values() for key in row}
    }


def test_a_number_beyond_all_is_infinite():
    [(name, value)] = numbers({"loss": -(10**400)})

    assert (name, value) == ("loss", -math.inf)
    assert gathered([{"_step": 0, "loss": 10**400}]).columns()["loss"].values.tolist() == [math.inf]


def test_nesting_without_end_ends():
    deep: dict[str, object] = {"loss": 1.0}
    for _ in range(200):
        deep = {"a": deep}

    assert list(numbers(deep)) == []
    assert RunNode.of({"name": "abc123", "config": "{" * 100_000}).config == {}


def test_a_column_has_no_value_in_a_row_it_lacks():
    column = Column(np.array([2, 5]), np.array([0.5, 0.25]))

    assert str(column.at(np.array([1, 2, 5, 9])).tolist()) == "[nan, 0.5, 0.25, nan]"
    assert str(Column.empty().at(np.array([1])).tolist()) == "[nan]"
