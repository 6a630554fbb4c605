"""What a pull asks of every run, gathered from its history."""

from collections.abc import Sequence
from dataclasses import replace

from samestep.analysis.axis import RunAxis
from samestep.analysis.choose import own_axis
from samestep.analysis.comparable.shown import shown
from samestep.analysis.naming import SYSTEM
from samestep.analysis.roles import Declared, Wanted
from samestep.analysis.table import Table, joined
from samestep.answers.answer import Caveat
from samestep.errors import BadExpression, NoSuchAxis
from samestep.model import Run
from samestep.questions.columns import derived, holding
from samestep.questions.history_gaps import gap_caveats, steps_apart, with_steps
from samestep.questions.metrics import Request, by_weight
from samestep.questions.pulled.run import Gathered, Wish
from samestep.questions.pulled.summaries import summary_of
from samestep.questions.sides import KnownSide

LONGEST_REFUSAL = 600  # characters


def gathered(sides: Sequence[KnownSide], wish: Wish) -> list[Gathered]:
    """Gather what is asked of every run; one without the columns asked for has no rows.

    Raises:
        NoSuchAxis: A run does not have the axis that was named.
        BadExpression: A condition or a derived column is outside the grammar, or names columns
            that no run has.
    """
    found: list[Gathered] = []
    refused: list[BadExpression] = []
    for side in sides:
        try:
            found.append(_gathered(side, wish))
        except BadExpression as refusal:
            refused.append(refusal)
            found.append(_without_rows(side, wish, refusal))
    if len(refused) == len(sides):
        raise refused[0]
    return found


def _without_rows(side: KnownSide, wish: Wish, refusal: BadExpression) -> Gathered:
    rest = tuple(section for section in wish.include if section not in {"history", "stats"})
    plain = _gathered(side, replace(wish, include=rest, where=None, derive={}))
    said = _note(f"There are no rows ({shown(str(refusal), LONGEST_REFUSAL)}).")
    return replace(plain, caveats=(*plain.caveats, said))


def _gathered(side: KnownSide, wish: Wish) -> Gathered:
    """Gather what is asked of one run; a run without the usual axis keeps its other sections."""
    [run] = side.runs
    axis, said = _own_axis(run, wish)
    names = _names(run, axis, wish)
    table, caveats = _table(axis, names, wish) if wish.needs_rows else (None, [])
    if axis is not None and {"history", "stats", "schema", "summary"} & set(wish.include):
        by_name = names if wish.select else ()
        caveats.extend(gap_caveats(axis, names, by_name))
    summary = tuple(summary_of(run, axis, names))
    return Gathered(side, wish, axis, names, table, summary, (*said, *caveats))


def _own_axis(run: Run, wish: Wish) -> tuple[RunAxis | None, list[Caveat]]:
    """Return the axis of a run's values, or why the usual ones do not serve."""
    if not run.history.metrics:
        return None, [_note("Nothing was logged over time.")]
    try:
        return own_axis(wish.x, run), []
    except NoSuchAxis as refusal:
        if wish.x != "auto":
            raise
        return None, [_note(f"There are no rows ({shown(str(refusal), LONGEST_REFUSAL)}).")]


def _names(run: Run, axis: RunAxis | None, wish: Wish) -> tuple[str, ...]:
    """Return the metrics asked for; without a selection all but the counters, the telling first."""
    placed = [*axis.curves, *axis.unplaced] if axis else list(run.history.metrics)
    known = list(dict.fromkeys([*placed, *run.finals]))
    if wish.select is None:
        weighed = by_weight(known, Request(None, {}, Declared()))
        return tuple(sorted(weighed, key=lambda name: name.startswith(SYSTEM)))
    wanted = [Wanted(entry, None, "select") for entry in wish.select]
    return tuple(dict.fromkeys(name for one in wanted for name in one.picks(known)))


def _table(
    axis: RunAxis | None, names: Sequence[str], wish: Wish
) -> tuple[Table | None, list[Caveat]]:
    """Return the rows with what is derived, where the condition holds."""
    if axis is None:
        return None, []
    curves = dict(axis.curves)
    placed = [name for name in names if name in curves] or list(curves)
    whole, apart = with_steps(joined(curves), curves, placed)
    with_derived, notes = derived(whole, wish.derive, axis)
    kept, more_notes = holding(with_derived, wish.where, axis)
    told = [_note(text) for text in (*notes, *more_notes)]
    shown_rows = kept.only([*placed, *wish.derive]).with_values()
    return kept, [*told, *steps_apart(shown_rows, apart)]


def _note(text: str) -> Caveat:
    return Caveat(rule="partial-said", severity="notes", text=text)
