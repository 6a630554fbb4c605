"""Answers survive JSON: every number as it is, every field that has something to say."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.answers import Comparison
from samestep.answers.comparison import Cell
from samestep.answers.record import Number, Record, Sparse, derived


class Measured(Record):
    """A record of one number."""

    value: Number | None
    """The number."""


class Told(Sparse):
    """A record that may have nothing to say."""

    name: str
    """Always said."""
    gap: Number | None = None
    """Said where it was set."""
    members: tuple[str, ...] = ()
    """Said where there are any."""


@pytest.fixture
def exploded(tmp_path: Path) -> Iterator[Comparison]:
    """A student whose loss is no number, against a baseline whose loss is infinite."""
    losses = {"resnet50-cosine/seed0": math.nan, "resnet50-step/seed0": math.inf}
    runs = [
        MemoryRun(name, [{"step": 1.0, "loss": 0.5}, {"step": 2.0, "loss": loss}], {"seed": 0})
        for name, loss in losses.items()
    ]
    remember("runs", runs)
    student, baseline = [f"memory:runs#{name}" for name in losses]
    yield compare_same_epoch(student, [baseline], project=Project(tmp_path))
    forget("runs")


@pytest.mark.parametrize(
    ("value", "in_json"),
    [
        (math.nan, '"NaN"'),
        (math.inf, '"Infinity"'),
        (-math.inf, '"-Infinity"'),
        (None, "null"),
        (11.0, "11"),
        (-0.0, "0"),
        (117000.0, "117000"),
        (0.1 + 0.2, "0.3"),
        (41.25, "41.25"),
        (1e-12, "1e-12"),
        (2.0**60, "1.1529215e+18"),
    ],
)
def test_a_number_is_written_as_json_can_hold_it(value: float | None, in_json: str) -> None:
    assert Measured(value=value).model_dump_json() == f'{{"value":{in_json}}}'


@pytest.mark.parametrize("value", [math.inf, -math.inf, 41.25, 11.0, 1e-12])
def test_a_number_comes_back_from_json_as_it_was(value: float) -> None:
    assert Measured.model_validate_json(Measured(value=value).model_dump_json()).value == value


def test_a_value_that_is_no_number_comes_back_as_one() -> None:
    read = Measured.model_validate_json('{"value":"NaN"}').value

    assert read is not None
    assert math.isnan(read)


def test_values_that_are_not_finite_keep_the_schema(exploded: Comparison) -> None:
    content = json.loads(exploded.model_dump_json())
    [row] = content["proxy"]

    jsonschema.validate(content, Comparison.model_json_schema(mode="serialization"))
    assert (row["student"]["value"], row["baseline"]["value"]) == ("NaN", "Infinity")
    assert (row["delta"], row["better"], row["outlook"]) == (None, None, None)


def test_a_number_in_words_does_not_keep_the_schema() -> None:
    with pytest.raises(jsonschema.ValidationError, match="'nan' is not valid"):
        jsonschema.validate({"value": "nan"}, Measured.model_json_schema(mode="serialization"))


def test_a_sparse_record_leaves_out_what_was_never_set() -> None:
    assert Told(name="resnet50").model_dump() == {"name": "resnet50"}
    assert Told(name="resnet50", gap=None).model_dump() == {"name": "resnet50", "gap": None}
    assert Told(name="resnet50", members=()).model_dump() == {"name": "resnet50", "members": ()}


def test_a_field_set_in_a_copy_is_said() -> None:
    near = Told(name="resnet50").model_copy(update={"gap": 0.5})

    assert near.model_dump() == {"name": "resnet50", "gap": 0.5}


def test_a_cell_speaks_of_its_step_even_where_there_is_none() -> None:
    cell = Cell(full_name="resnet50", value=41.25, x=11.0, step=None, match="interpolated")

    assert json.loads(cell.model_dump_json()) == {
        "full_name": "resnet50",
        "value": 41.25,
        "x": 11,
        "step": None,
        "match": "interpolated",
    }


def test_a_sparse_record_keeps_its_fields_in_the_schema() -> None:
    schema = Told.model_json_schema(mode="serialization")

    assert list(schema["properties"]) == ["name", "gap", "members"]
    assert schema["required"] == ["name"]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.18158067461, 0.181581),
        (1234567.89, 1234570.0),
        (-2.5, -2.5),
        (0.0, 0.0),
        (1e-300, 1e-300),
        (math.inf, math.inf),
    ],
)
def test_a_derived_number_has_six_digits(value: float, rounded: float) -> None:
    assert derived(value) == rounded


def test_a_derived_number_that_is_none_stays_none() -> None:
    assert math.isnan(derived(math.nan))


def test_an_answer_is_frozen(exploded: Comparison) -> None:
    with pytest.raises(ValueError, match="frozen"):
        exploded.reading = "Something else."  # pyright: ignore[reportAttributeAccessIssue] # frozen


def test_an_answer_takes_no_field_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Measured.model_validate({"value": 1.0, "median": 2.0})
