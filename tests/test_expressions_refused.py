import builtins
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.errors import BadExpression
from samestep.expressions import derived, matching, parse

ROWS = {
    "epoch": np.array([1, 2, 3, 4], np.float64),
    "loss": np.array([4, 2, np.nan, 0], np.float64),
    "train/loss": np.array([1, 2, 3, 4], np.float64),
    "state": np.array(["running", "finished", None, "Failed"], np.object_),
    "config.lr": np.array([0.1, "auto", None, 0.3], np.object_),
}


def refusal(text: str, known: Sequence[str] = tuple(ROWS)) -> BadExpression:
    with pytest.raises(BadExpression) as refused:
        parse(text, known)
    return refused.value


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "it ends where a value is due."),
        ("epoch >", 7, "it ends where a value is due."),
        ("epoch = 3", 6, "an operator is due here, not '='; `==` compares."),
        (
            "epoch > 3 & loss < 1",
            10,
            "an operator is due here, not '&'; conditions are joined with `and`.",
        ),
        (
            "epoch > 3 || loss < 1",
            10,
            "an operator is due here, not '||'; conditions are joined with `or`.",
        ),
        (
            "epoch > 3 AND loss < 1",
            10,
            "an operator is due here, not 'AND'; `and` is written in small letters.",
        ),
        ("!epoch", 0, "a value is due here, not '!'; a condition is turned round with `not`."),
        ("epoch ^ 2", 6, "an operator is due here, not '^'; a power is written `**`."),
        ("epoch in (1, 2)", 6, "an operator is due here, not 'in'."),
        ("epoch 'x'", 6, 'an operator is due here, not "\'".'),
        ("epoch > and", 8, "a value is due here, not 'and'."),
        ("(epoch > 1", 0, "this ( is never closed."),
        ("1 + max(epoch", 7, "this ( is never closed."),
        ("epoch > 1)", 9, "no ( is open for this )."),
        ("epoch (1)", 6, "an operator is due before this (."),
        ("(epoch (1))", 7, "an operator is due before this (."),
        ("epoch, loss", 5, "a comma stands only between the arguments of a function."),
        ("(epoch, loss)", 6, "a comma stands only between the arguments of a function."),
        ("state == 'run", 9, "the ' that opens here is never closed."),
        ("1 + `epoch", 4, "the ` that opens here is never closed."),
        ("loss + 1e999", 7, "the number is too large for a 64-bit float."),
        ("epoch > None", 8, "there is no column 'None'; missing(x) finds missing values."),
        ("1 + max", 4, "`max` is a function and is written max(a, b, ...)."),
        ("1 + max(2)", 4, "max is written max(a, b, ...); here it has 1 argument."),
        ("abs()", 0, "abs is written abs(x); here it has 0 arguments."),
        ("round(epoch, 1.5)", 13, "digits is a whole number from -15 to 15."),
        ("round(epoch, -loss)", 13, "digits is a whole number from -15 to 15."),
        ("1 + not epoch > 1", 4, "`not` needs parentheses around it here."),
        ("1 + (epoch > 1)", 4, "`+` takes numbers, and `(epoch > 1)` is a condition."),
        ("-(epoch > 1)", 1, "`-` takes numbers, and `(epoch > 1)` is a condition."),
        (
            "'a' * 2",
            0,
            "`*` takes numbers, and `'a'` is text; backticks quote a column.",
        ),
        (
            "epoch > 1 and loss",
            14,
            "`and` takes conditions, and `loss` is a column; compare it, as in `loss > 0`.",
        ),
        (
            "not loss",
            4,
            "`not` takes conditions, and `loss` is a column; compare it, as in `loss > 0`.",
        ),
        ("lower(1)", 6, "lower takes text, and `1` is a number."),
        (
            "epoch > 1 == true",
            13,
            "`1` is a number and `true` is a condition, which do not compare.",
        ),
        (
            "'state' == 'failed'",
            0,
            "both sides are text, and neither is a column; backticks quote a column.",
        ),
        (
            "'loss' > 3",
            0,
            "`'loss'` is text and `3` is a number, which do not compare; backticks quote a column.",
        ),
    ],
)
def test_a_refusal_points_at_the_character(text: str, position: int, problem: str) -> None:
    refused = refusal(text)
    said, shown, caret = str(refused).split("\n")

    assert refused.position == position
    assert said == f"where={text!r} cannot be read at character {position + 1}: {problem}"
    assert shown == f"  {text}"
    assert caret == " " * (position + 2) + "^"


def test_the_caret_stays_under_its_character_in_a_text_of_several_lines() -> None:
    assert str(refusal("epoch >\n\tlos")).split("\n")[-2:] == ["  epoch >  los", "           ^"]


def test_an_unknown_column_is_answered_with_those_most_like_it() -> None:
    refused = refusal("epoch > 1 and train/lss < 2", ["epoch", "train/loss", "val/loss"])

    assert refused.position == 14
    assert "there is no column 'train/lss'; the columns are 'train/loss'," in str(refused)
    assert "the columns are 'loss'." in str(refusal("loss2", ["loss"]))
    assert "there is no column 'lo'; the columns are 'loss'." in str(refusal("`lo`", ["loss"]))
    assert "there are no columns at all." in str(refusal("loss", []))


def test_columns_beyond_twelve_are_counted() -> None:
    refused = refusal("layer", [f"weights/{number}" for number in range(40)])

    assert str(refused).count("'weights/") == 12
    assert "and 28 more." in str(refused)


def test_an_unknown_function_is_answered_with_the_functions() -> None:
    refused = refusal("1 + mAP50(A)", ["mAP50(B)"])

    assert refused.position == 4
    assert "there is no function 'mAP50'; the functions are abs(x), sqrt(x)," in str(refused)
    assert "endswith(text, part), lower(text). Columns like it: 'mAP50(B)'." in str(refused)


def test_a_column_of_text_is_no_number() -> None:
    with pytest.raises(BadExpression, match="`state` is text and `5` is a number") as refused:
        matching(parse("state > 5", ROWS), ROWS)
    assert refused.value.position == 8
    with pytest.raises(BadExpression, match="`epoch` is a number and `'a'` is text"):
        parse("epoch == 'a'", ROWS).over(ROWS)
    with pytest.raises(BadExpression, match=r"`\+` takes numbers, and `state` is text"):
        parse("state + 1 > 2", ROWS).over(ROWS)
    with pytest.raises(BadExpression, match="derive takes numbers, and `state` is text"):
        derived(parse("state", ROWS, "derive"), ROWS)


def test_a_filter_must_be_a_condition() -> None:
    with pytest.raises(BadExpression, match="where takes conditions, and `loss` is a column"):
        matching(parse("loss", ROWS), ROWS)
    with pytest.raises(BadExpression, match="where takes conditions, and `loss - 1` is a number"):
        parse("loss - 1", ROWS, gives="truth")


def test_an_expression_is_bounded_in_length_nodes_and_depth() -> None:
    assert "it has 2,001 characters, and at most 2,000 are read." in str(refusal("1" * 2001))
    assert parse("+".join(["1"] * 499), []).kind == "number"
    assert "it has more than 500 names" in str(refusal("+".join(["1"] * 500)))
    assert parse("(" * 49 + "1" + ")" * 49, []).kind == "number"
    assert refusal("(" * 50 + "1" + ")" * 50).position == 50
    assert refusal("-" * 60 + "1").position == 50
    assert "50 levels deep" in str(refusal("(" * 20 + "1" + " ** 1 * 1 + 1)" * 20))


def test_many_columns_and_a_hostile_text_are_refused() -> None:
    known = [f"layer{number}/grad (l2)" for number in range(2000)]

    assert refusal("(" * 2000, known).position == 50
    assert refusal("layer1" * 333, known).position == 0
    assert refusal("`" + "``" * 999, known).position == 0


@pytest.mark.parametrize("name", dir(builtins))
def test_nothing_of_python_can_be_reached(name: str) -> None:
    refusal(name, [])
    refusal(f"{name}('os')", [])
    refusal(f"(1).{name}", [])


@pytest.mark.parametrize(
    "text", ["__import__('os').system('id')", "().__class__", "[1]", "{}", "lambda: 1", "x := 1"]
)
def test_python_is_outside_the_grammar(text: str) -> None:
    refusal(text, ["x"])


PIECES = (
    *ROWS,
    *"+-*/%()<>=!&|,'\"`",
    *("**", "==", "<=", "!=", " and ", " or ", "not ", "true", "0", "2", "1e3", ".5", "'run'"),
    *("min(", "round(", "missing(", "lower(", "contains("),
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    position, shape = 0, (4,)
    try:
        shape = parse(text, ROWS).over(ROWS).values.shape
    except BadExpression as refused:
        position = refused.position

    assert shape == (4,)
    assert 0 <= position <= len(text)
