"""The page that shows the figures and says what each of them means."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from tests.calibration.curves import FAMILIES, REWARD, by_family
from tests.calibration.figures import (
    Figure,
    Measured,
    errors,
    errors_with_baseline,
    figures,
    right_and_recall,
)

if TYPE_CHECKING:
    from tests.calibration.plateaus import Judged
    from tests.calibration.telling import Told

    from samestep.analysis.calibrated import Evidence

TOP = """\
# How far projections, plateaus and outlooks can be relied on

Written by `uv run python -m tests.calibration`. Every figure is measured on public learning curves
whose whole family (the project that published them) was left out when the constants were fitted.
What was not fitted but chosen (which power laws, how fast older points lose weight, the thresholds
of the rules) was chosen with all of these families in view.
"""
MEANINGS = """\
- **projection error**: samestep sees the first 20, 40 or 60 % of a curve and projects 1.25 times
  and twice as far. Its mean error, as a part of the error of taking the last value for the future;
  families count the same (geometric mean). Usual: the line through the last five points.
- **with a finished baseline**: the same at the end of runs whose baseline has finished at the same
  x and whose schedule agrees, so that the baseline's recorded future is used.
- **90 % intervals**: how often the logged value lay inside. Usual: the newest point's noise.
- **unfinished, finished**: prefixes of curves of which the rest brings more, or less, than 2 % of
  the improvement so far. Usual: no significant slope in the last five points.
- **on track**: a student that is behind a baseline of the same workload at 20, 40 or 60 % of their
  common x. It catches up when the smoothed curves cross and it stays ahead for at least a tenth of
  what is left. Usual: the slope of the last five differences reaches zero before the end.
"""
EVIDENCE: "dict[Evidence, str]" = {
    "own curve": "not known to agree",
    "baseline's future": "agree (runs that end at the same x)",
}
BINS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 1.0)


def page(found: Measured) -> str:
    """Return FIGURES.md."""
    return "\n".join([TOP, _headline(figures(found)), MEANINGS, _families(found), _outlooks(found)])


def _headline(shown: Sequence[Figure]) -> str:
    rows = [[*figure.row, "yes" if figure.holds else "**no**"] for figure in shown]
    return _table(["figure", "samestep", "usual", "meant to be", "holds"], rows)


def _families(found: Measured) -> str:
    error, known = errors(found.forecasts, "off"), errors_with_baseline(found.together)
    coverage = {level: by_family(found.families, held) for level, held in found.held.items()}
    rows = [
        [
            f"{family} (returns)" if family in REWARD else family,
            f"{error[family]:.2f}",
            f"{known[family]:.2f}" if family in known else "-",
            *(f"{coverage[level][family]:.0%}" for level in (50, 80, 90)),
            *_judged([one for one in found.judged if one.family == family]),
            _claims([one for one in found.told if one.case.family == family]),
        ]
        for family in FAMILIES
    ]
    columns = ["family left out", "error", "with baseline", "50 % holds", "80 %", "90 %"]
    columns += ["falsely plateaued", "plateaus found", "on track: right of said, of all"]
    return f"## By family\n\n{_table(columns, rows)}"


def _judged(judged: "Sequence[Judged]") -> tuple[str, str]:
    false = [one.plateaued for one in judged if not one.is_done]
    true = [one.plateaued for one in judged if one.is_done]
    return f"{sum(false)} of {len(false)}", f"{sum(true)} of {len(true)}"


def _claims(told: "Sequence[Told]") -> str:
    came = sum(one.case.caught_up for one in told)
    right = sum(one.case.caught_up for one in told if one.on_track)
    return f"{right} of {sum(one.on_track for one in told)}, of {came}"


def _outlooks(found: Measured) -> str:
    told: dict[Evidence, Sequence[Told]] = {
        "own curve": found.alone,
        "baseline's future": found.together,
    }
    rows = [[EVIDENCE[evidence], *_outlook(known)] for evidence, known in told.items()]
    columns = ["schedules", "cases", "catch up", "on track", "right", "recall", "ahead at the end"]
    columns += ["not on track", "catch up after all", "x in the 80 % interval"]
    bins = [f"{low:.0%} to {high:.0%}" for low, high in pairwise(BINS)]
    chances = [[EVIDENCE[evidence], *_came(known)] for evidence, known in told.items()]
    return (
        f"## Outlooks\n\n{_table(columns, rows)}\n"
        "How often students caught up by the x that was looked at, by the probability told:\n\n"
        f"{_table(['schedules', *bins], chances)}"
    )


def _outlook(told: "Sequence[Told]") -> list[str]:
    right, recall = right_and_recall(told, lambda one: one.on_track)
    not_on_track = [one for one in told if one.said.outlook == "not_on_track"]
    return [
        str(len(told)),
        _part(told, lambda one: one.case.caught_up),
        str(sum(one.on_track for one in told)),
        f"{right:.0%}",
        f"{recall:.0%}",
        _part([one for one in told if one.on_track], lambda one: one.case.ended_ahead),
        str(len(not_on_track)),
        _part(not_on_track, lambda one: one.case.caught_up),
        _part(told, lambda one: one.held),
    ]


def _came(told: "Sequence[Told]") -> list[str]:
    chance = np.array([one.said.probability or 0.0 for one in told])
    came = np.array([one.case.caught_up_by(one.evidence) for one in told])
    inside = [(chance >= low) & (chance < high) for low, high in pairwise(BINS)]
    return [
        f"{np.mean(came[some]):.0%} of {np.count_nonzero(some)}" if some.any() else "-"
        for some in inside
    ]


def _part(told: "Sequence[Told]", which: "Callable[[Told], bool]") -> str:
    return f"{np.mean([which(one) for one in told]):.0%}" if told else "-"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
