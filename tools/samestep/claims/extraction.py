"""Recorded answers, tool by tool, as the facts they hold."""

from collections.abc import Iterator

from samestep.claims.facts import Cell, Changes, Curve, Judged, Projection
from samestep.claims.parts import Json, list_of, number_of, numbers_in, part_of, rows_of, text_of
from samestep.claims.patterns import words

COUNTED_CHANGES = words(r"differ in (\d+) things")
ONE_CHANGE = "One thing differs"
LISTED_CHANGES = words(r"\(([^()]*)\)\.$")
NEVER = float("inf")


def cells_of(answer: Json) -> Iterator[Cell]:
    """Yield every value an answer holds, with where it stands."""
    yield from _of_comparison(answer)
    yield from _of_slices(answer)
    for curve in curves_of(answer):
        yield from curve.tail
        best = {**part_of(answer, "best"), "full_name": curve.run}
        yield from _cell(best, curve.metric, curve.axis, _id(answer))
    yield from _of_history(answer)
    yield from _of_summary(answer)
    yield from _of_ranking(answer)
    yield from _of_significance(answer)


def absent_of(answer: Json) -> Iterator[tuple[str, str]]:
    """Yield every run and metric of which an answer says that it is not logged at its x."""
    for row in _rows(answer):
        for cell in (part_of(row, "student"), part_of(row, "baseline")):
            if text_of(cell, "absent"):
                yield text_of(cell, "full_name"), text_of(row, "metric")


def _of_comparison(answer: Json) -> Iterator[Cell]:
    axis = text_of(part_of(answer, "at"), "axis")
    for row in _rows(answer):
        for side in ("student", "baseline"):
            yield from _cell(part_of(row, side), text_of(row, "metric"), axis, _id(answer))


def _of_slices(answer: Json) -> Iterator[Cell]:
    axis = text_of(part_of(answer, "at"), "axis")
    for family in rows_of(answer, "slices"):
        names = {"student": _student(answer), "baseline": text_of(family, "baseline")}
        for one in (*rows_of(family, "regressions"), *rows_of(family, "improvements")):
            for side, name in names.items():
                value, metric = number_of(one, side), text_of(one, "metric")
                if value is not None:
                    yield Cell(name, metric, axis, number_of(one, "x"), None, value, _id(answer))


def _of_history(answer: Json) -> Iterator[Cell]:
    history, axis = part_of(answer, "history"), text_of(part_of(answer, "x"), "axis")
    columns = [str(column) for column in list_of(history, "columns")]
    for row in list_of(history, "rows"):
        x, step, *rest = [*numbers_in(row), None, None]
        for metric, value in zip(columns[2:], rest, strict=False):
            if value is not None:
                yield Cell(_first(answer), metric, axis, x, step, value, _id(answer))


def _of_summary(answer: Json) -> Iterator[Cell]:
    for final in rows_of(answer, "summary"):
        value, step = number_of(final, "value"), number_of(final, "step")
        if value is not None:
            metric = text_of(final, "metric")
            yield Cell(_first(answer), metric, "step", step, step, value, _id(answer))


def _of_ranking(answer: Json) -> Iterator[Cell]:
    at, metric = part_of(answer, "at"), text_of(part_of(answer, "metric"), "metric")
    for ranked in rows_of(answer, "ranked"):
        placed = {**ranked, "x": at.get("value")}
        for value in (ranked.get("value"), ranked.get("shrunken")):
            told = {**placed, "value": value}
            yield from _cell(told, metric, text_of(at, "axis"), _id(answer))


def _of_significance(answer: Json) -> Iterator[Cell]:
    axis = text_of(part_of(answer, "at"), "axis")
    for row in rows_of(answer, "rows"):
        for sample in (part_of(row, "a"), part_of(row, "b")):
            placed = {**sample, "x": row.get("x"), "value": sample.get("mean")}
            for one in (placed, *rows_of(sample, "values")):
                yield from _cell(one, text_of(row, "metric"), axis, _id(answer))


def _rows(answer: Json) -> list[Json]:
    return [*rows_of(answer, "downstream"), *rows_of(answer, "proxy")]


def _cell(cell: Json, metric: str, axis: str, answer_id: str) -> Iterator[Cell]:
    value = number_of(cell, "value")
    if value is not None:
        x, step = number_of(cell, "x"), number_of(cell, "step")
        seeds = int(number_of(cell, "n") or 1)
        name, match = text_of(cell, "full_name"), text_of(cell, "match")
        yield Cell(name, metric, axis, x, step, value, answer_id, seeds, match)


def judged_of(answer: Json) -> Iterator[Judged]:
    """Yield what an answer says of each metric of a student against each baseline."""
    verdict = part_of(answer, "verdict")
    for entry in rows_of(verdict, "against"):
        for metric, noise, x in _judged_metrics(answer, entry):
            yield Judged(
                _student(answer) or _first(answer),
                text_of(entry, "baseline"),
                metric,
                text_of(entry, "kind"),
                text_of(entry, "winner") or None,
                noise,
                _id(answer),
                x,
            )
    yield from _ranked_winner(answer)


def _judged_metrics(answer: Json, entry: Json) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield the metrics that a judgement is about, with the noise of each and the x."""
    named = text_of(entry, "metric")
    for row in rows_of(answer, text_of(entry, "role")):
        baseline = text_of(part_of(row, "baseline"), "full_name")
        metric = text_of(row, "metric")
        if baseline == text_of(entry, "baseline") and named in {"", metric}:
            x = number_of(part_of(row, "student"), "x")
            yield metric, number_of(row, "noise"), x
    for row in rows_of(answer, "rows")[:1] if named else ():
        yield named, None, number_of(row, "x")


def _ranked_winner(answer: Json) -> Iterator[Judged]:
    """Yield the first of a ranking against every other: the winner, or what it is short of one."""
    verdict, ranked = part_of(answer, "verdict"), rows_of(answer, "ranked")
    metric = text_of(part_of(answer, "metric"), "metric")
    first = text_of(verdict, "winner") or next((text_of(r, "full_name") for r in ranked), "")
    for other in (text_of(one, "full_name") for one in ranked):
        if other != first:
            winner, kind = text_of(verdict, "winner") or None, text_of(verdict, "kind")
            x = number_of(part_of(answer, "at"), "value")
            yield Judged(first, other, metric, kind, winner, None, _id(answer), x)


def curves_of(answer: Json) -> Iterator[Curve]:
    """Yield the curve an answer judges, with its last epochs."""
    curve, verdict = part_of(answer, "curve"), part_of(answer, "verdict")
    if not curve:
        return
    name, answer_id = _first(answer), _id(answer)
    metric, axis = text_of(curve, "metric"), text_of(curve, "axis")
    tail = [
        Cell(name, metric, axis, number_of(p, "x"), number_of(p, "step"), value, answer_id)
        for p in rows_of(answer, "tail")
        if (value := number_of(p, "value")) is not None
    ]
    current, kind = number_of(curve, "current") or 0.0, text_of(verdict, "kind")
    told = text_of(verdict, "text")
    yield Curve(name, metric, axis, current, kind, tuple(tail), told, answer_id)


def changes_of(answer: Json) -> Iterator[Changes]:
    """Yield what an answer says has changed between runs."""
    names = frozenset(text_of(entry, "full_name") for entry in rows_of(answer, "runs"))
    changed = rows_of(answer, "changed")
    if "changed" in answer:
        count = len(changed) + int(number_of(answer, "changed_left") or 0)
        values = (str(value) for one in changed for value in list_of(one, "values"))
        named = (*(text_of(one, "what") for one in changed), *values)
        yield Changes(names, count, named, text_of(answer, "reading"), _id(answer))
        return
    said = [one for one in rows_of(answer, "caveats") if one.get("rule") == "one-change"]
    texts = [text_of(one, "text") for one in said]
    listed = [text for text in texts if COUNTED_CHANGES.search(text) or text.startswith(ONE_CHANGE)]
    for text in listed or texts:
        told = frozenset(name for name in names if name in text)
        count, things = _counted(text)
        count = count if listed else max(count, len(said))
        yield Changes(told or names, count, things, text, _id(answer))


def _counted(text: str) -> tuple[int, tuple[str, ...]]:
    """Return how many things a caveat says have changed, and which."""
    counted, listed = COUNTED_CHANGES.search(text), LISTED_CHANGES.search(text)
    things = listed[1].split(", ") if listed else []
    count = int(counted[1]) if counted else 1 if text.startswith(ONE_CHANGE) else 2
    return count, tuple(thing.removeprefix("config ") for thing in things)


def projections_of(answer: Json) -> Iterator[Projection]:
    """Yield what an answer expects of a student that is behind."""
    axis = text_of(part_of(answer, "at"), "axis")
    for entry in rows_of(answer, "catch_up"):
        low, high, *_ = [*numbers_in(entry.get("interval")), None, None]
        yield Projection(
            _student(answer),
            text_of(entry, "baseline"),
            text_of(entry, "metric"),
            axis,
            text_of(entry, "outlook"),
            number_of(entry, "at"),
            None if low is None else (low, NEVER if high is None else high),
            text_of(entry, "why"),
            _id(answer),
            number_of(entry, "probability"),
            number_of(entry, "until"),
            next(iter(numbers_in(entry.get("points"))), None),
        )


def _id(answer: Json) -> str:
    return text_of(answer, "answer_id")


def _first(answer: Json) -> str:
    return next((text_of(entry, "full_name") for entry in rows_of(answer, "runs")), "")


def _student(answer: Json) -> str:
    names = (text_of(e, "full_name") for e in rows_of(answer, "runs") if e.get("role") == "student")
    return next(names, "")
