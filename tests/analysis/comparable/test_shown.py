from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.analysis.comparable.shown import LONGEST, contrasted, shown


def test_long_values_that_differ_look_different() -> None:
    folder = "/very/long/path/to/the/submissions/of/everybody"

    assert contrasted([f"{folder}/adam.py", f"{folder}/sgd.py"]) == ["...adam.py", "...sgd.py"]


def test_a_value_of_others_cannot_open_or_close_our_parentheses() -> None:
    assert shown("mean) because (sum") == "mean] because [sum"
    assert shown("two\nlines\x1b[31m") == "two lines\ufffd[31m"
    assert shown("") == '""'


values = st.one_of(st.text(max_size=80), st.none(), st.booleans(), st.integers(), st.floats())


@settings(max_examples=200, deadline=None)
@given(st.lists(values, min_size=1, max_size=4))
def test_values_are_short_and_in_one_line(found: list[object]) -> None:
    told = contrasted(found)

    assert all(len(text) <= LONGEST + len("... [99 characters]") for text in told)
    assert not any(set(text) & set("()\n") for text in told)
