import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from samestep.expressions import matching, parse

NAMES = ("train/loss", "val/loss", "top-1", "loss (raw)", "lr-AdamW/pg1", "acc.mean", "epoch")
ROWS = 6

Columns = dict[str, NDArray[np.float64]]


def numbers(values: st.SearchStrategy[float]) -> st.SearchStrategy[Columns]:
    column = st.lists(values, min_size=ROWS, max_size=ROWS).map(np.array)
    return st.fixed_dictionaries(dict.fromkeys(NAMES, column))


def arithmetic(operators: str) -> st.SearchStrategy[str]:
    """Write arithmetic as it comes, so that precedence decides what belongs together."""
    column = st.sampled_from(NAMES).map("`{}`".format)
    operator = st.sampled_from(operators.split())
    return st.recursive(
        st.one_of(column, st.builds("{} * {}".format, column, st.integers(1, 9))),
        lambda inner: st.one_of(
            st.builds("{} {} {}".format, inner, operator, inner),
            inner.map("-{}".format),
            inner.map("({})".format),
        ),
        max_leaves=8,
    )


def conditions() -> st.SearchStrategy[str]:
    test = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    side = arithmetic("+ - *")
    return st.recursive(
        st.one_of(
            st.builds("{} {} {}".format, side, test, side),
            st.builds("{} {} {} {} {}".format, side, test, side, test, side),
        ),
        lambda inner: st.one_of(
            st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner),
            inner.map("not {}".format),
            inner.map("({})".format),
        ),
        max_leaves=5,
    )


FINITE = st.one_of(st.integers(-3, 3).map(float), st.floats(-100, 100))
OR_MISSING = st.one_of(FINITE, st.just(float("nan")))
WHOLE = st.integers(0, 4).map(float)


def as_we_have_it(text: str, columns: Columns) -> NDArray[np.generic]:
    return parse(text, NAMES).over(columns).values


def as_pandas_has_it(text: str, columns: Columns) -> NDArray[np.generic]:
    from pandas import DataFrame

    with np.errstate(all="ignore"):
        return np.asarray(DataFrame(columns).eval(text, engine="python"))


def as_nullable_pandas_has_it(text: str, columns: Columns) -> list[bool | None]:
    """Evaluate with the nullable columns of pandas, which know unknown truths."""
    from pandas import NA, DataFrame

    nullable = DataFrame(columns).astype("Float64")
    truths = np.asarray(nullable.eval(text, engine="python"), np.object_)
    return [None if truth is NA else bool(truth) for truth in truths]


@settings(max_examples=100, deadline=None)
@given(arithmetic("+ - * / %"), numbers(OR_MISSING), st.sampled_from(["`", ""]))
def test_arithmetic_is_that_of_pandas(text: str, columns: Columns, quote: str) -> None:
    found = as_we_have_it(text.replace("`", quote), columns)

    np.testing.assert_array_equal(found, as_pandas_has_it(text, columns))


@settings(max_examples=100, deadline=None)
@given(arithmetic("** * -"), numbers(WHOLE))
def test_powers_are_those_of_pandas_where_they_have_a_value(text: str, columns: Columns) -> None:
    found = as_we_have_it(text, columns)
    has_value = ~np.isnan(found.astype(np.float64))

    np.testing.assert_array_equal(found[has_value], as_pandas_has_it(text, columns)[has_value])


@settings(max_examples=100, deadline=None)
@given(conditions(), numbers(OR_MISSING), st.sampled_from(["`", ""]))
def test_conditions_are_those_of_pandas_in_complete_rows(
    text: str, columns: Columns, quote: str
) -> None:
    found = as_we_have_it(text.replace("`", quote), columns)
    complete = ~np.isnan(list(columns.values())).any(axis=0)

    assert found[complete].tolist() == as_pandas_has_it(text, columns)[complete].tolist()


@settings(max_examples=100, deadline=None)
@given(conditions(), numbers(OR_MISSING))
def test_unknown_truths_are_those_of_nullable_columns(text: str, columns: Columns) -> None:
    found = as_we_have_it(text, columns)
    truths = as_nullable_pandas_has_it(text, columns)

    assert found.tolist() == [truth is True for truth in truths]
    assert matching(parse(text, NAMES), columns).missing == truths.count(None)
