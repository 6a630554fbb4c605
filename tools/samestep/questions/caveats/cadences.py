"""Metrics that one side logs much more seldom than the other."""

from collections.abc import Iterator, Sequence

from samestep.analysis.comparable.cadences import DIFFERENT, FAR_APART, cadence, ratio
from samestep.phrases import number
from samestep.questions.caveats.words import Said, joined, listed, said
from samestep.questions.rows import Judged

Every = tuple[tuple[str, float | None], ...]
"""The usual distance between points of each side, by its name; None where a curve has one point."""


def cadence_caveats(judged: Sequence[Judged]) -> Iterator[Said]:
    """Yield which metrics are logged on other grids, those on the same two grids together."""
    on_grids: dict[Every, dict[str, None]] = {}
    for one in judged:
        every = _every(one)
        if ratio(dict(every)) >= DIFFERENT:
            on_grids.setdefault(every, {})[one.row.metric] = None
    far = {every: names for every, names in on_grids.items() if ratio(dict(every)) >= FAR_APART}
    near = {every: names for every, names in on_grids.items() if every not in far}
    if far:
        text = "so far apart that a value found between points says little"
        yield said("match-stated", "warns", f"Logged {text}: {_told(far)}.")
    if near:
        yield said("match-stated", "notes", f"Logged on different grids: {_told(near)}.")


def _every(one: Judged) -> Every:
    ours, theirs = one.facing.parties
    stand = one.facing.stand
    curves = (
        (ours.name, stand.curves(ours, one.compared.student)),
        (theirs.name, stand.curves(theirs, one.compared.baseline)),
    )
    return tuple((name, cadence(of_side)) for name, of_side in curves)


def _told(on_grids: dict[Every, dict[str, None]]) -> str:
    parts = [f"{joined(list(metrics))} ({_grids(every)})" for every, metrics in on_grids.items()]
    return listed(parts, 2)


def _grids(every: Every) -> str:
    return ", ".join(f"every {_short(usual)} in {name}" for name, usual in every)


def _short(usual: float | None) -> str:
    return "-" if usual is None else number(float(f"{usual:.3g}"))
