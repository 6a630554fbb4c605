"""The sentences of parameter importance: what was found, and how little it says of causes."""

from collections.abc import Iterator
from dataclasses import replace

from samestep.analysis.roles import Character
from samestep.answers.answer import Caveat, LegendEntry
from samestep.phrases import number
from samestep.questions.caveats.axes import axis_caveats
from samestep.questions.caveats.room import fitted
from samestep.questions.caveats.words import Said, joined, names_told, said
from samestep.questions.importance.parts import Learned
from samestep.questions.ranking.at_one_x import Contest
from samestep.questions.ranking.candidates import Candidates
from samestep.questions.ranking.caveats import apart_caveats, put_together_caveats
from samestep.questions.sides import KnownSide, legend_entry, reading_caveats

MOST_NAMED = 3
MOST_SHOWN = 5  # runs of the legend: the others are counted, and reached by list_runs


def reading(known: Character, stands: Contest, got: Learned) -> str:
    """Return which settings stand out, or why none does; the x stated."""
    where = f"At {stands.chosen.name} {number(stands.x)} of {len(got.values)} configurations"
    if got.importances is None:
        return f"{where} no importance for {known.metric} is given: {got.why}."
    if got.strength == "unexplained":
        return f"{where}: {got.why}."
    out = [one for one in got.importances.parameters if one.stands_out]
    names = joined(
        [f"{_quoted(one.key)} ({number(round(one.mean, 3))})" for one in out[:MOST_NAMED]]
    )
    more = f" and {len(out) - MOST_NAMED} more" if len(out) > MOST_NAMED else ""
    what = (
        f"{known.metric} varies most with {names}{more}"
        if out
        else (f"no setting stands out for {known.metric}")
    )
    return f"{where} {what}; {got.strength}: {got.why}."


def legend(stands: Contest) -> list[LegendEntry]:
    """Return the first few of the runs looked at."""
    axes = stands.chosen.axes
    return [
        legend_entry(
            one.side,
            "run",
            {ref: axes[ref].rule if ref in axes else "" for ref in one.side.states},
        )
        for one in stands.entrants[:MOST_SHOWN]
    ]


def caveats(found: Candidates, stands: Contest, got: Learned) -> list[Caveat]:
    """Return what limits the importances."""
    shown = [one.side for one in stands.entrants[:MOST_SHOWN]]
    everyone = [one.side for one in stands.entrants]
    return fitted(
        [
            *apart_caveats(stands.apart, "counted"),
            *axis_caveats(everyone, stands.chosen),
            *_observed(got),
            *_together(got),
            *put_together_caveats(found),
            *_losses(shown, everyone),
            *_not_shown(stands),
        ],
        len(got.rows),
    )


def _observed(got: Learned) -> Iterator[Said]:
    """Say that nobody set the settings at random, and what of their choice is known."""
    how = (
        "every combination of the values was tried"
        if got.is_grid
        else "which combinations were tried is the choice of whoever, or whatever, ran them"
    )
    yield said(
        "one-change",
        "warns",
        f"Observed, not set at random: {how}. A setting tried in a narrow range looks unimportant, "
        "one that a search narrowed down looks like what it went along with; no cause is named.",
        needed=True,
    )


def _together(got: Learned) -> Iterator[Said]:
    pairs = got.together
    if pairs:
        told = names_told([f"{pair.one} and {pair.other}" for pair in pairs])
        text = f"Settings that moved together share their importance ({told})."
        yield said("one-change", "warns", text, needed=True)


def _losses(shown: list[KnownSide], everyone: list[KnownSide]) -> Iterator[Said]:
    yield from (
        Said(caveat, needed=True)
        for caveat in reading_caveats([replace(one.side, unreadable=()) for one in shown])
    )
    names = {one.name for one in shown}
    others = [
        run.full_name
        for one in everyone
        if one.name not in names
        for run in one.runs
        if run.history.read.losses
    ]
    if others:
        text = f"{len(others)} more runs were read in part ({names_told(others)})."
        yield said("partial-said", "warns", text, needed=True)


def _not_shown(stands: Contest) -> Iterator[Said]:
    more = len(stands.entrants) - MOST_SHOWN
    if more > 0:
        text = f"{more} more runs or groups were looked at; list_runs gives their references."
        yield said("partial-said", "notes", text, needed=True)


def _quoted(key: str) -> str:
    """Return a key that others chose between quotation marks of its own."""
    return f"`{key.replace('`', ' ')[:80]}`"
