"""The figures that samestep is held to, each from families left out of the fit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tests.calibration import outlooks, plateaus, projections, telling
from tests.calibration.curves import FAMILIES, SUPERVISED, by_family

from samestep.analysis.calibrated import DEVIATIONS, LEVELS, Level

if TYPE_CHECKING:
    from tests.calibration.outlooks import Case
    from tests.calibration.plateaus import Judged
    from tests.calibration.projections import Forecast
    from tests.calibration.telling import Told

    from samestep.model import Floats


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, what it is held to, and the same of what is usually done instead."""

    name: str
    value: float
    usual: float | None = None
    least: float | None = None
    most: float | None = None
    shown: str = "{:.1%}"

    @property
    def holds(self) -> bool:
        """Whether it is as good as it is meant to be."""
        least, most = self.least, self.most
        return (least is None or self.value >= least) and (most is None or self.value <= most)

    @property
    def row(self) -> list[str]:
        """Its row of the table."""
        bounds = {"at least": self.least, "at most": self.most}
        meant = [f"{word} {self._as_text(bound)}" for word, bound in bounds.items() if bound]
        usual = "" if self.usual is None else self._as_text(self.usual)
        return [self.name, self._as_text(self.value), usual, ", ".join(meant)]

    def _as_text(self, value: float) -> str:
        return self.shown.format(value)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Everything that was measured, each family with what was fitted to the others."""

    forecasts: "Sequence[Forecast]"
    held: "Mapping[Level, Floats]"
    """For each level, 1 where the interval of a forecast held the logged value."""
    judged: "Sequence[Judged]"
    alone: "Sequence[Told]"
    """Every case, told as where nobody knows whether the schedules agree."""
    together: "Sequence[Told]"
    """The cases whose runs end at the same x, told as where the schedules are known to agree."""

    @property
    def told(self) -> "list[Told]":
        """Every case once: as where the schedules agree if the runs end at the same x."""
        return [*self.together, *(one for one in self.alone if not one.case.same_end)]

    @property
    def families(self) -> list[str]:
        """The family of each forecast."""
        return [one.family for one in self.forecasts]


def measured(forecasts: "Sequence[Forecast]", cases: "Sequence[Case]") -> Measured:
    """Measure each family with what was fitted to the others."""
    widths = projections.left_out(forecasts)
    fitted = outlooks.left_out(cases, widths)
    told_from = [one for one in forecasts if one.is_measured]
    same_end = [case for case in cases if case.same_end]
    return Measured(
        forecasts=told_from,
        held={level: projections.held(told_from, widths, level) for level in LEVELS},
        judged=plateaus.judgements(),
        alone=telling.told(cases, "own curve", fitted),
        together=telling.told(same_end, "baseline's future", fitted),
    )


def figures(found: Measured) -> list[Figure]:
    """Return the figures that samestep is held to."""
    return [
        *_errors(found),
        *_coverage(found),
        *_convergence(found.judged),
        *_catching_up(found.told),
    ]


def _errors(found: Measured) -> list[Figure]:
    error, line = errors(found.forecasts, "off"), errors(found.forecasts, "line_off")
    overall, supervised = mean(error, FAMILIES), mean(error, SUPERVISED)
    known = mean(errors_with_baseline(found.together), SUPERVISED)
    return [
        Figure("projection error", overall, mean(line, FAMILIES), most=0.75, shown="{:.2f}"),
        Figure(
            "projection error, supervised families",
            supervised,
            mean(line, SUPERVISED),
            most=0.66,
            shown="{:.2f}",
        ),
        Figure("the same with a finished baseline", known, most=0.55, shown="{:.2f}"),
    ]


def _coverage(found: Measured) -> list[Figure]:
    coverage = list(by_family(found.families, found.held[90]).values())
    noise = [one.missed <= DEVIATIONS[90] * one.doubt.noise for one in found.forecasts]
    usual = list(by_family(found.families, np.array(noise, dtype=np.float64)).values())
    return [
        Figure(
            "90 % intervals that hold the value",
            float(np.mean(coverage)),
            float(np.mean(usual)),
            least=0.86,
            most=0.93,
        ),
        Figure("the same in the worst family", min(coverage), min(usual), least=0.75),
    ]


def _convergence(judged: "Sequence[Judged]") -> list[Figure]:
    done = np.array([one.is_done for one in judged])
    plateaued = np.array([float(one.plateaued) for one in judged])
    converged = np.array([float(one.converged) for one in judged])
    flat = np.array([float(one.flat) for one in judged])
    false, usual = (float(np.mean(said[~done])) for said in (plateaued, flat))
    return [
        Figure("unfinished, called converged", float(np.mean(converged[~done])), usual, most=0.01),
        Figure("unfinished, called plateaued", false, usual, most=0.07),
        Figure(
            "finished, called plateaued",
            float(np.mean(plateaued[done])),
            float(np.mean(flat[done])),
            least=0.35,
        ),
    ]


def _catching_up(told: "Sequence[Told]") -> list[Figure]:
    right, recall = right_and_recall(told, lambda one: one.on_track)
    usual = right_and_recall(told, lambda one: one.naive)
    return [
        Figure("said to be on track, and catches up", right, usual[0], least=0.80),
        Figure("catches up, and was said to be on track", recall, usual[1], least=0.20),
    ]


def right_and_recall(told: "Sequence[Told]", said: "Callable[[Told], bool]") -> tuple[float, float]:
    """Return the part of claims that came true, and the part of what came that was claimed."""
    claims = np.array([said(one) for one in told])
    came = np.array([one.case.caught_up for one in told])
    right = float(np.mean(came[claims])) if claims.any() else float("nan")
    return right, float(np.mean(claims[came])) if came.any() else float("nan")


def errors(forecasts: "Sequence[Forecast]", which: str) -> dict[str, float]:
    """Return each family's mean error as a part of the last value's."""
    families = [one.family for one in forecasts]
    error = by_family(families, np.array([getattr(one, which) for one in forecasts]))
    last = by_family(families, np.array([one.last_off for one in forecasts]))
    return {family: error[family] / last[family] for family in error}


def errors_with_baseline(told: "Sequence[Told]") -> dict[str, float]:
    """Return each family's mean error at the end as a part of the last value's."""
    families = [one.case.family for one in told]
    expected, last = (by_family(families, off) for off in np.array([one.offs for one in told]).T)
    return {family: expected[family] / last[family] for family in expected}


def mean(ratios: Mapping[str, float], families: Sequence[str]) -> float:
    """Return the geometric mean over families, each counting the same."""
    return float(np.exp(np.mean([np.log(ratios[one]) for one in families if one in ratios])))
