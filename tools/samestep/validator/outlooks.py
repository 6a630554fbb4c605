"""The rule over outlooks: every projection told with its bounds, every other one with its reason."""

from collections.abc import Iterator

from samestep.answers.comparison import CatchUp, Comparison, Row
from samestep.validator.parts import place, rows, slack
from samestep.validator.problems import Check, comparison_check
from samestep.verdict import BEYOND_NOISE, is_below


def _projection_bounded(answer: Comparison) -> Iterator[str]:
    known = {(row.metric, row.baseline.full_name): row for row in rows(answer)}
    told = {(one.metric, one.baseline): one for one in answer.catch_up}
    for key, one in told.items():
        about = f"{one.metric} against {one.baseline}"
        yield from (f"{about}: {problem}" for problem in _loose(answer, one, known.get(key)))
    no_room = any(caveat.rule == "projection-bounded" for caveat in answer.caveats)
    no_direction = {one.metric for one in answer.metrics if one.direction is None}
    for key, row in known.items():
        about = f"{row.metric} against {row.baseline.full_name}"
        plain = no_direction if row.outlook == "refused" else ()
        problems = _untold(row, told.get(key), no_room=no_room, is_plain=row.metric in plain)
        yield from (f"{about}: {problem}" for problem in problems)


def _loose(answer: Comparison, one: CatchUp, row: Row | None) -> Iterator[str]:
    """Yield what a projection lacks."""
    if row is None:
        yield "details of no row"
        return
    tells_when = one.interval is not None
    if one.outlook == "on_track" and (one.at is None or not tells_when):
        yield "on track, and nothing says when"
    if one.outlook == "not_on_track" and (one.at is not None or tells_when):
        yield "not on track, and something says when"
    projected = one.outlook in {"on_track", "not_on_track"} or one.at is not None or tells_when
    if projected and (one.method in {"", "none"} or not (tells_when or one.behind_then)):
        yield "projected without an interval or a method"
    if projected and one.points is None:
        yield "projected, and nothing says from how many points"
    if not _is_bounded(one, place(answer, row)):
        yield "an interval that does not hold its projection"
    if not 0.0 <= (one.probability or 0.0) <= 1.0:
        yield "a probability beyond 0 and 1"
    if not one.why:
        yield "nothing says what the outlook rests on"


def _is_bounded(one: CatchUp, current: float) -> bool:
    """Return whether the intervals are in order, and none begins before the present."""
    if one.behind_then is not None and one.behind_then[0] > one.behind_then[1]:
        return False
    if one.interval is None:
        return True
    low, high = one.interval
    at = low if one.at is None else one.at
    return current - slack(current) <= low <= at <= (at if high is None else high)


def _untold(row: Row, told: CatchUp | None, *, no_room: bool, is_plain: bool) -> Iterator[str]:
    """Yield what a row's outlook lacks; `is_plain` is one that its missing direction explains."""
    if row.outlook is None:
        if row.delta is not None and not no_room:
            yield "a difference and its outlook do not go together"
        return
    if row.delta is None:
        yield "a difference and its outlook do not go together"
    if told is not None and told.outlook != row.outlook:
        yield f"the outlook is {row.outlook}, and its details say {told.outlook}"
    if row.outlook == "already_ahead" and row.better != "student":
        yield "already ahead, and the student's value is not better"
    if row.outlook in {"on_track", "not_on_track"} and row.better == "student":
        yield f"{row.outlook}, and the student's value is better"
    if row.outlook in {"on_track", "not_on_track", "refused"} and told is None and not is_plain:
        yield f"{row.outlook}, and nothing says how"
    if row.outlook == "undecided" and told is None and not _is_level(row):
        yield "undecided, and nothing says why"


def _is_level(row: Row) -> bool:
    """Return whether a difference is too small to be told from none."""
    if not row.delta or is_below(row.delta, row.minimum_effect):
        return True
    return row.noise is not None and abs(row.delta) <= BEYOND_NOISE * row.noise * (1.0 + 1e-5)


OUTLOOK_CHECKS: tuple[Check, ...] = (comparison_check("projection-bounded", _projection_bounded),)
