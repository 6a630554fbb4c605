"""Public learning curves, the families they come from and the workloads they share."""

import csv
import gzip
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.axis import Curve
from samestep.analysis.calibrated import Kind

if TYPE_CHECKING:
    from samestep.model import Direction, Floats

FOLDER = Path("../shared/data/curves")
SUPERVISED = ("nanogpt", "algoperf", "adabelief", "pythia")
REWARD = ("dopamine", "td3", "tdmpc2")
FAMILIES = (*SUPERVISED, *REWARD)
SEVERAL_SEEDS = ("algoperf", "nanogpt", "td3")
"""Families of which the folder `multiseed` holds more runs."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """One curve that somebody published."""

    name: str
    """`family|configuration|seed|metric`."""
    direction: "Direction"
    x: "Floats"
    values: "Floats"

    @property
    def family(self) -> str:
        """The project it comes from."""
        return self._parts[0]

    @property
    def configuration(self) -> str:
        """What was trained, and how."""
        return self._parts[1]

    @property
    def metric(self) -> str:
        """The metric."""
        return self._parts[3]

    @property
    def kind(self) -> Kind:
        """What kind of metric it is."""
        return "reward" if self.family in REWARD else "supervised"

    @property
    def workload(self) -> str:
        """What its curves may be compared with: the same task and metric."""
        task = self.configuration.split("/")[0]
        match self.family:
            case "adabelief":
                found = re.search(r"cifar/[a-z]+|nlayers\d", self.configuration)
                task = found.group() if found else task
            case "dopamine":
                task = re.sub(r"_(CNN|Impala)$", "", task)
            case "pythia":
                task = "zero-shot"
            case _:
                pass
        return f"{task} {self.metric}"

    @property
    def range(self) -> float:
        """The distance from the 3rd to the 97th percentile of its values."""
        low, high = np.percentile(self.values, [3, 97])
        return float(high - low)

    @property
    def sign(self) -> float:
        """What its values are multiplied by so that lower is better."""
        return 1.0 if self.direction == "lower" else -1.0

    def until(self, x: float) -> "Recorded":
        """Return the curve as it was when its newest point was at most x."""
        count = int(np.searchsorted(self.x, x, side="right"))
        return Recorded(self.name, self.direction, self.x[:count], self.values[:count])

    def placed(self) -> Curve:
        """Return it as samestep reads it."""
        return Curve(self.metric, self.x, self.values, self.x, 0, 0, 0, 0)

    @property
    def _parts(self) -> list[str]:
        return self.name.split("|")


@cache
def bench() -> tuple[Recorded, ...]:
    """Return one seed of each configuration, in the order of the files."""
    return tuple(curve for family in FAMILIES for curve in _read(FOLDER / f"{family}.csv.gz"))


@cache
def pool(family: str) -> tuple[Recorded, ...]:
    """Return every curve of a family with 20 points or more."""
    curves = {curve.name: curve for curve in bench() if curve.family == family}
    if family in SEVERAL_SEEDS:
        several = several_seeds(family)
        curves |= {curve.name: curve for curve in several if curve.name not in curves}
    return tuple(curve for curve in curves.values() if len(curve.x) >= 20)


@cache
def several_seeds(family: str) -> tuple[Recorded, ...]:
    """Return every run of the configurations of a family that were trained with several seeds."""
    return tuple(_read(FOLDER / "multiseed" / f"{family}.csv.gz"))


def balanced(families: Iterable[str]) -> "Floats":
    """Return weights by which every family counts the same: (cases,)."""
    names = np.array(list(families))
    _, at, counts = np.unique(names, return_inverse=True, return_counts=True)
    weights = 1.0 / counts[at]
    return weights / np.sum(weights)


def by_family(families: Iterable[str], values: "Floats") -> Mapping[str, float]:
    """Return the mean of each family's values."""
    names = np.array(list(families))
    return {one: float(np.mean(values[names == one])) for one in FAMILIES if (names == one).any()}


def _read(path: Path) -> list[Recorded]:
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with gzip.open(path, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            points = rows.setdefault((row["curve_id"], row["direction"]), [])
            points.append((float(row["step"]), float(row["value"])))
    return [
        _recorded(name, "lower" if best == "min" else "higher", points)
        for (name, best), points in rows.items()
    ]


def _recorded(name: str, direction: "Direction", points: list[tuple[float, float]]) -> Recorded:
    x, values = np.array(sorted(points)).T
    return Recorded(name, direction, x, values)
