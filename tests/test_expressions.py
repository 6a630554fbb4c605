import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from samestep.expressions import derived, matching, parse

NAN = float("nan")


def numbers(*values: float) -> NDArray[np.float64]:
    return np.array(values, np.float64)


def cells(*values: str | float | None) -> NDArray[np.object_]:
    return np.array(values, np.object_)


ROWS = {
    "epoch": numbers(1, 2, 3, 4),
    "loss": numbers(4, 2, NAN, 0),
    "train/loss": numbers(1, 2, 3, 4),
    "val/loss": numbers(2, 2, 2, 2),
    "state": cells("running", "finished", None, "Failed"),
    "config.lr": cells(0.1, "auto", None, 0.3),
    "never": numbers(NAN, NAN, NAN, NAN),
}


def rows(text: str) -> list[bool]:
    return matching(parse(text, ROWS), ROWS).values.tolist()


def values(text: str) -> list[float]:
    return derived(parse(text, ROWS), ROWS).values.tolist()


def one(text: str, *known: str) -> float:
    columns = {name: numbers(place) for place, name in enumerate(known, 1)}
    columns[""] = numbers(0)
    return derived(parse(text, known), columns).values.item()


def test_a_condition_gives_the_rows_that_match() -> None:
    assert rows("epoch > 2") == [False, False, True, True]
    assert rows("epoch > 2 and val/loss == 2") == [False, False, True, True]
    assert rows("epoch < 2 or not epoch != 4") == [True, False, False, True]


def test_arithmetic_derives_a_column() -> None:
    assert values("train/loss - val/loss") == [-1, 0, 1, 2]


def test_an_expression_says_what_it_uses_and_gives() -> None:
    expression = parse("val/loss - epoch > val/loss", ROWS, "derive")

    assert expression.text == "val/loss - epoch > val/loss"
    assert expression.names == ("val/loss", "epoch")
    assert expression.kind == "truth"
    assert parse("epoch * 2", ROWS).kind == "number"
    assert parse("lower(state)", ROWS).kind == "text"
    assert parse("epoch", ROWS).kind is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 - 3 - 4", -5),
        ("24 / 4 / 2", 3),
        ("7 % 4 * 2", 6),
        ("-7 % 4", 1),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("2 * -3", -6),
        ("--3", 3),
        ("1.5e1 + .5 + 1.", 16.5),
        ("abs(-3)", 3),
        ("sqrt(9) + log10(1000) + log(exp(2))", 8),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("round(2.345, 2) + round(2.6)", 5.35),
        ("round(1234, -2)", 1200),
        ("round(1e300, 15)", 1e300),
    ],
)
def test_numbers_are_computed_as_in_python(text: str, value: float) -> None:
    assert round(one(text), 12) == value


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("3 > 2 >= 2 != 1", True),
        ("true or false and false", True),
        ("(true or false) and false", False),
        ("not false and false", False),
        ("not 1 > 2", True),
        ("not not true", True),
        ("(1 > 2) == (3 > 4)", True),
    ],
)
def test_conditions_are_joined_as_in_python(text: str, *, is_true: bool) -> None:
    assert one(text) == is_true


@pytest.mark.parametrize(
    ("text", "known", "value"),
    [
        ("train/loss - val/loss", ["train/loss", "val/loss"], -1),
        ("a-b", ["a-b", "a", "b"], 1),
        ("a - b", ["a-b", "a", "b"], -1),
        ("loss (raw) * 10", ["loss (raw)", "loss"], 10),
        ("10*mAP50(B)-1", ["mAP50(B)", "B"], 9),
        ("loss_total + loss", ["loss", "loss_total"], 3),
        ("loss.mean+acc@5", ["loss.mean", "acc@5"], 3),
        ("top 5 acc * 2", ["top 5 acc"], 2),
        ("5shot/acc + 5", ["5shot/acc", "5"], 6),
        ("5 + 0", ["5"], 5),
        ("`5` + 0", ["5"], 1),
        ("`-loss` + `a``b`", ["-loss", "a`b"], 3),
        ("Genauigkeit/größe", ["Genauigkeit/größe"], 1),
        ("max + max(max, 7)", ["max"], 8),
        ("max(loss) + 1", ["max(loss)", "loss"], 2),
        ("`not` + `true`", ["not", "true"], 3),
        ("and + or", ["and", "or"], 3),
    ],
)
def test_the_longest_known_column_is_taken(text: str, known: list[str], value: float) -> None:
    assert one(text, *known) == value


def test_a_keyword_wins_over_a_column_of_its_name() -> None:
    assert one("not true", "not", "true") == 0


def test_a_missing_number_stays_missing() -> None:
    assert str(values("loss + 1")) == "[5.0, 3.0, nan, 1.0]"
    assert str(values("loss ** 0")) == "[1.0, 1.0, nan, 1.0]"
    assert str(values("1 ** loss")) == "[1.0, 1.0, nan, 1.0]"
    assert str(values("max(loss, epoch)")) == "[4.0, 2.0, nan, 4.0]"
    assert str(values("loss > 1")) == "[1.0, 1.0, nan, 0.0]"


def test_a_comparison_with_a_missing_value_matches_neither_way() -> None:
    assert rows("loss > 1") == [True, True, False, False]
    assert rows("not loss > 1") == [False, False, False, True]
    assert rows("loss != 4") == [False, True, False, True]
    assert rows("state != 'running'") == [False, True, False, True]
    assert rows("never == 1 or never == 'text'") == [False, False, False, False]


def test_an_unknown_side_leaves_open_only_what_it_decides() -> None:
    assert rows("loss > 1 or epoch == 3") == [True, True, True, False]
    assert rows("not (loss > 1 and epoch < 3)") == [False, False, True, True]
    assert rows("not (loss > 1 and epoch == 3)") == [True, True, False, True]


def test_missing_values_are_found_and_counted() -> None:
    assert rows("missing(loss)") == [False, False, True, False]
    assert rows("not missing(state)") == [True, True, False, True]
    assert rows("missing(loss > 1)") == [False, False, True, False]
    assert rows("missing(never)") == [True, True, True, True]
    assert matching(parse("loss > 1", ROWS), ROWS).missing == 1
    assert derived(parse("loss + never", ROWS), ROWS).missing == 4
    assert parse("state", ROWS).over(ROWS).missing == 1


def test_text_is_compared_with_text() -> None:
    assert rows("state == 'finished'") == [False, True, False, False]
    assert rows('state >= "finished"') == [True, True, False, False]
    assert rows("contains(state, 'nn')") == [True, False, False, False]
    assert rows("startswith(state, 'f')") == [False, True, False, False]
    assert rows("startswith(lower(state), 'f')") == [False, True, False, True]
    assert rows("endswith(state, 'ed')") == [False, True, False, True]
    assert parse("lower(state)", ROWS).over(ROWS).values.tolist() == [
        "running",
        "finished",
        None,
        "failed",
    ]


def test_a_doubled_quote_stands_for_one_and_a_backslash_for_itself() -> None:
    columns = {"run": cells("it's", 'a "b"', "C:\\runs")}
    for place, text in enumerate(("run == 'it''s'", 'run == "a ""b"""', "run == 'C:\\runs'")):
        found = matching(parse(text, columns), columns).values

        assert found.nonzero()[0].tolist() == [place]


def test_flags_are_kept_as_numbers_and_compared_with_true() -> None:
    flags = {"config.amp": np.array([True, False, None], np.object_), "seed": numbers(1, 0, NAN)}
    amp = matching(parse("config.amp == true", flags), flags)
    seed = matching(parse("seed != true", flags), flags)

    assert amp.values.tolist() == [True, False, False]
    assert seed.values.tolist() == [False, True, False]


def test_a_column_of_numbers_and_text_is_taken_row_by_row() -> None:
    found = matching(parse("config.lr > 0.2", ROWS), ROWS)

    assert found.values.tolist() == [False, False, False, True]
    assert found.missing == 2
    assert " ".join(found.notes) == (
        "`config.lr` holds numbers in 2 rows and text in 1; "
        "where one is due, the other counts as missing."
    )
    assert rows("config.lr == 'auto'") == [False, True, False, False]
    assert rows("config.lr == config.lr") == [True, True, False, True]
    assert rows("missing(config.lr)") == [False, False, True, False]
    assert rows("lower(config.lr) == 'auto'") == [False, True, False, False]


def test_an_integer_beyond_a_float_is_infinite() -> None:
    columns = {"config.n": cells(10**400, 1)}

    assert derived(parse("config.n", columns), columns).values.tolist() == [float("inf"), 1]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1 / loss", "`1 / loss` divides by zero in 1 of 4 rows."),
        ("epoch % 0", "`epoch % 0` divides by zero in 4 of 4 rows."),
        (
            "loss ** -1",
            "`loss ** -1` raises zero or less to a power it does not have in 1 of 4 rows.",
        ),
        (
            "(-epoch)**.5",
            "`(-epoch)**.5` raises zero or less to a power it does not have in 4 of 4 rows.",
        ),
        (
            "sqrt(2 - epoch)",
            "`sqrt(2 - epoch)` takes the square root of a negative number in 2 of 4 rows.",
        ),
        (
            "log(loss)",
            "`log(loss)` takes the logarithm of a number that is not positive in 1 of 4 rows.",
        ),
        ("exp(300 * epoch)", "`exp(300 * epoch)` overflows in 2 of 4 rows."),
        ("10 ** (200 * epoch)", "`10 ** (200 * epoch)` overflows in 3 of 4 rows."),
    ],
)
def test_what_has_no_finite_value_is_noted_with_counts(text: str, note: str) -> None:
    assert derived(parse(text, ROWS), ROWS).notes == (note,)


def test_infinity_minus_infinity_is_noted() -> None:
    columns = {"loss": numbers(float("inf"), 1)}
    found = derived(parse("loss - loss", columns), columns)

    assert str(found.values.tolist()) == "[nan, 0.0]"
    assert found.notes == (
        "`loss - loss` has no value, being infinity minus infinity or the like in 1 of 2 rows.",
    )


def test_notes_beyond_twelve_are_counted() -> None:
    text = " + ".join(f"{n}/0" for n in range(1, 31))
    notes = derived(parse(text, ROWS), ROWS).notes

    assert len(notes) == 13
    assert notes[12] == "There are 18 more such notes."


def test_reading_an_expression_does_not_import_numpy() -> None:
    program = (
        "import sys; from samestep.expressions import parse; "
        "parse('loss > 1', ['loss']); sys.exit('numpy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
