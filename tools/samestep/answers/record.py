"""What every part of an answer is made of."""

import math
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
)

DIGITS = 8  # significant digits of a number in JSON: as many as a float32 holds
DERIVED_DIGITS = 6  # of noise, spread and gap


def _json_number(value: float) -> float | int | str:
    """Return what JSON can hold: eight significant digits, values that are not finite by name."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    return rounded(value)


Number = Annotated[
    float,
    PlainSerializer(_json_number),
    WithJsonSchema(
        {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]},
    ),
]
"""A number that may be NaN or infinite: those travel as the strings JSON has no number for."""


def rounded(value: float) -> float:
    """Round a number to the digits that both forms of an answer start from."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else value


def derived(value: float) -> float:
    """Round a computed number to six significant digits."""
    return float(f"{value:.{DERIVED_DIGITS}g}") if math.isfinite(value) else value


class Record(BaseModel):
    """One part of an answer: frozen, and documented by the sentence under each field."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Sparse(Record):
    """A record that leaves out the fields it has nothing to say in."""

    @model_serializer(mode="wrap")
    def _without_unset(
        self, handler: SerializerFunctionWrapHandler
    ):  # an annotation would replace the fields in the schema
        said = self.model_fields_set
        return {name: value for name, value in handler(self).items() if name in said}
