"""The opcodes' own reader against Python's unpickler, on values that both can read."""

import pickle
import pickletools
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.checkpoints.machine import Broken, read_pickle
from samestep.formats.checkpoints.nodes import Global, Leaves, Node
from samestep.formats.checkpoints.opcodes import OPCODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), TEXT
)
NESTED = st.recursive(
    PLAIN,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4),
        st.dictionaries(TEXT, inside, max_size=4),
        st.tuples(inside, inside),
    ),
    max_leaves=12,
)


def as_python(value: object) -> object:
    """Return a value as Python's containers: an empty one as a mapping, others by what they hold."""
    if not isinstance(value, Node):
        return value
    if value.items is not None:
        return [as_python(item) for item in value.items] or {}
    return {key: as_python(item) for key, item in value.pairs()}


def listed(value: object) -> object:
    """Return the same of what Python's unpickler gives back."""
    if isinstance(value, dict):
        return {str(key): listed(item) for key, item in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [listed(item) for item in cast("Sequence[object]", value)] or {}
    return value


@settings(max_examples=150, deadline=None)
@given(value=NESTED, protocol=st.integers(0, 5))
def test_plain_values_are_those_that_were_pickled(value: object, protocol: int) -> None:
    found, _ = read_pickle(pickle.dumps(value, protocol))

    assert as_python(found) == listed(value)


@settings(max_examples=150, deadline=None)
@given(written=st.binary(max_size=200), at=st.integers(0, 60), value=NESTED)
def test_any_bytes_are_read_or_refused(written: bytes, at: int, value: object) -> None:
    pickled = pickle.dumps(value, 4)
    for damaged in (written, pickled[:at] + written[:2] + pickled[at:], pickled[:at]):
        with suppress(Broken):
            list(Leaves(read_pickle(damaged)[0]))


def test_every_opcode_there_is_has_a_reader() -> None:
    known = {ord(opcode.code) for opcode in pickletools.opcodes if opcode.name != "STOP"}

    assert set(OPCODES) == known


@pytest.mark.parametrize("protocol", range(6))
def test_an_object_is_its_class_by_name_and_its_attributes(protocol: int) -> None:
    found, machine = read_pickle(pickle.dumps(pickle.PickleError("torn"), protocol))

    assert isinstance(found, Node)
    assert str(found.made_by).endswith(("PickleError", "_reconstructor"))
    assert all(isinstance(called, Global) for called in machine.calls)


def test_an_ordered_dict_of_python_2_has_its_pairs() -> None:
    written = b"ccollections\nOrderedDict\n((l(lS'epoch'\naI3\naatR."
    found, _ = read_pickle(written)

    assert pickle.loads(written) == OrderedDict(epoch=3)  # noqa: S301 # written above
    assert [(leaf.path, leaf.value) for leaf in Leaves(found)] == [("epoch", 3)]


def test_texts_and_numbers_that_are_too_long_are_passed_over() -> None:
    found, _ = read_pickle(pickle.dumps({"long": "x" * 5000, "large": 2**900, "epoch": 3}, 4))

    assert [(leaf.path, leaf.value) for leaf in Leaves(found)] == [("epoch", 3)]
