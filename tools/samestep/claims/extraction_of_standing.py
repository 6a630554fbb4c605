"""How runs stand by recorded answers: states, lags, places, tests, projected gains and slopes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from samestep.claims.facts import Gain, Lag, Ranked, Tested
from samestep.claims.parts import Json, number_of, numbers_in, part_of, rows_of, text_of

if TYPE_CHECKING:
    from samestep.model import Role


def states_of(answer: Json) -> Iterator[tuple[str, str]]:
    """Yield the state of every run that an answer names, by full name."""
    for entry in (*rows_of(answer, "runs"), *rows_of(answer, "items")):
        if text_of(entry, "state"):
            yield text_of(entry, "full_name"), text_of(entry, "state")


def lags_of(answer: Json) -> Iterator[Lag]:
    """Yield how far along x a student lags each baseline, below 0 where it leads."""
    axis = text_of(part_of(answer, "at"), "axis")
    for row in (*rows_of(answer, "downstream"), *rows_of(answer, "proxy")):
        lag, student = number_of(row, "lag"), part_of(row, "student")
        if lag is not None:
            baseline = text_of(part_of(row, "baseline"), "full_name")
            name, metric = text_of(student, "full_name"), text_of(row, "metric")
            x, answer_id = number_of(student, "x"), text_of(answer, "answer_id")
            yield Lag(name, baseline, metric, axis, x, lag, answer_id)


def gains_of(answer: Json) -> Iterator[Gain]:
    """Yield every gain that is projected of a curve."""
    curve = part_of(answer, "curve")
    name, metric = _first(answer), text_of(curve, "metric")
    for row in rows_of(answer, "projected_gain"):
        x, gain = number_of(row, "x"), number_of(row, "gain")
        if x is not None and gain is not None:
            yield Gain(name, metric, text_of(curve, "axis"), x, gain, text_of(answer, "answer_id"))


def slopes_of(answer: Json) -> Iterator[tuple[str, float]]:
    """Yield how much the curve of a run changes along x, with the ends of its interval."""
    slope = part_of(answer, "slope")
    for value in (number_of(slope, "per_x"), *numbers_in(slope.get("interval"))):
        if value is not None:
            yield _first(answer), value


def _first(answer: Json) -> str:
    return next((text_of(entry, "full_name") for entry in rows_of(answer, "runs")), "")


def roles_of(answer: Json) -> "Iterator[tuple[frozenset[str], str, Role]]":
    """Yield what every metric is for between the two runs that are compared on it."""
    kinds: tuple[Role, ...] = ("downstream", "proxy")
    for role in kinds:
        for row in rows_of(answer, role):
            sides = (text_of(part_of(row, side), "full_name") for side in ("student", "baseline"))
            yield frozenset(sides), text_of(row, "metric"), role


def ranked_of(answer: Json) -> Iterator[Ranked]:
    """Yield the place of every run that an answer ranks."""
    at, metric = part_of(answer, "at"), text_of(part_of(answer, "metric"), "metric")
    rows = rows_of(answer, "ranked")
    last = int(number_of(part_of(answer, "counts"), "ranked") or len(rows))
    for row in rows:
        place, name = number_of(row, "place"), text_of(row, "full_name")
        if place is not None:
            x, answer_id = number_of(at, "value"), text_of(answer, "answer_id")
            yield Ranked(name, metric, text_of(at, "axis"), x, int(place), last, answer_id)


def tested_of(answer: Json) -> Iterator[Tested]:
    """Yield what a test says of every difference it was asked about."""
    for row in rows_of(answer, "rows"):
        given, outcome = part_of(row, "given"), text_of(row, "outcome")
        if not outcome:
            continue
        beside = [number_of(one, "p") for one in rows_of(row, "beside")]
        p_values = (number_of(given, "p"), number_of(row, "adjusted_p"), *beside)
        sides = text_of(part_of(row, "a"), "full_name"), text_of(part_of(row, "b"), "full_name")
        yield Tested(
            sides,
            text_of(row, "metric"),
            outcome,
            tuple(p for p in p_values if p is not None),
            text_of(answer, "reading"),
            text_of(answer, "answer_id"),
            number_of(row, "x"),
        )
