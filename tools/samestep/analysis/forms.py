"""The power laws a learning curve is carried on with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from samestep.analysis.jumps import last_jump
from samestep.analysis.noise import MAD_TO_SD
from samestep.analysis.unitless import FEWEST, Prefix, noise_sd

if TYPE_CHECKING:
    from samestep.model import Floats

EXPONENTS = np.array([[0.0], [0.25], [0.5], [0.75], [1.0], [1.5], [2.0], [3.0], [4.0]])
"""Of the laws c + a (u^-b - 1) / b with a >= 0; 0 is the logarithm, which levels off last."""
RECENCY = 3.0  # a point weighs as much as the third power of the part of the run done at it
EARLIEST = 1e-3  # part of the run below which u counts as this: power laws have a pole at 0
HUBER = 2.5  # residuals beyond this many deviations weigh less
TRIM = 4.0  # residuals beyond so many deviations of a law all count the same when it is ranked
NO_ERROR = 1e-8  # square of the part of the range that no law's fit is better than
TINY = 1e-12
NEWEST = 3  # points whose distance from the course is the surprise
DOUBTED = 3.0  # standard errors within which that distance is noise
MOST_GAIN = 2.0  # how far a prediction may leave the present, in ranges seen


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """A curve's course carried on: power laws, weighed by how well they fit what was seen.

    The newest points weigh most, so the course needs no anchor at the newest value: tied to it,
    noisy curves are predicted worse. It is moved towards the newest points only where they lie
    farther from it than noise explains, and a lasting jump starts it anew.
    """

    start: float
    """Where the course starts, as a part of the run: 0, or the newest lasting jump."""
    offsets: "Floats"
    scales: "Floats"
    weights: "Floats"
    """Shape (laws,), as the two above; they sum to 1."""
    shift: float
    """What the course is moved by, towards the newest points."""
    surprise: float
    """How far the newest points lie from the course before that, on the mean."""
    span: float
    """The distance from the lowest to the highest value seen."""

    @classmethod
    def on(cls, prefix: Prefix) -> Self:
        """Fit the laws to a curve of at least five points."""
        jump = last_jump(prefix)
        if jump is None:
            return cls._fitted(0.0, prefix, prefix.range)
        start = float(prefix.u[jump - 1] + prefix.u[jump]) / 2
        since = Prefix((prefix.u[jump:] - start) / (1.0 - start), prefix.z[jump:])
        carried = cls._fitted if len(since) >= FEWEST else cls._level
        return carried(start, since, prefix.range)

    @classmethod
    def _fitted(cls, start: float, since: Prefix, seen: float) -> Self:
        shapes = falling(since.u)
        recency: Floats = np.maximum(since.u, EARLIEST) ** RECENCY
        recency = recency / np.sum(recency)
        offsets, scales, squares = _robust_fit(shapes, since.z, recency)
        points = 1.0 / float(np.sum(recency**2))
        likelihood = -0.5 * points * np.log(squares + NO_ERROR)
        weights = np.exp(likelihood - np.max(likelihood))
        weights /= np.sum(weights)
        newest = min(NEWEST, max(1, len(since) // 4))
        course: Floats = weights @ (offsets[:, np.newaxis] + scales[:, np.newaxis] * shapes)
        away = float(np.mean((since.z - course)[-newest:]))
        shift = _beyond(away, DOUBTED * noise_sd(since.z) / newest**0.5)
        return cls(start, offsets, scales, weights, shift, abs(away), seen)

    @classmethod
    def _level(cls, start: float, since: Prefix, seen: float) -> Self:
        """Stay at the level since a jump; its first stretch may hold points from before it."""
        laws = len(EXPONENTS)
        level = float(np.mean(since.z[1:]))
        surprise = abs(float(since.z[-1]) - level)
        alike = np.full(laws, 1.0 / laws)
        return cls(start, np.full(laws, level), np.zeros(laws), alike, 0.0, surprise, seen)

    @property
    def now(self) -> float:
        """The level at the newest point, free of its noise."""
        return float(self.weights @ self.offsets) + self.shift  # every law is 0 at u = 1

    def at(self, h: float) -> float:
        """Return the level at u = h, h at least 1."""
        return self._within_reach(self.now + float(self.weights @ self._changes(h)), h)

    def slowest(self, h: float) -> float:
        """Return the level at u = h by the law that levels off last, from the same present."""
        return self._within_reach(self.now + float(self._changes(h)[0]), h)

    def _changes(self, h: float) -> "Floats":
        u = np.array([(h - self.start) / (1.0 - self.start)])
        return self.scales * falling(u)[:, 0]

    def _within_reach(self, z: float, h: float) -> float:
        gain = MOST_GAIN * min(1.0, float(np.log2(h)) + 0.25)
        return max(z, self.now - gain * self.span)


def falling(u: "Floats") -> "Floats":
    """Return the laws (u^-b - 1) / b, which fall with u and are 0 at 1: (laws, points)."""
    log = np.log(np.maximum(u, EARLIEST))[np.newaxis]
    powers = np.expm1(-EXPONENTS[1:] * log) / EXPONENTS[1:]
    return np.concatenate([-log, powers])


def _beyond(away: float, doubted: float) -> float:
    """Return a distance less what noise may explain of its square (James and Stein's estimate)."""
    return away * max(0.0, 1.0 - (doubted / away) ** 2) if away else 0.0


def _robust_fit(
    shapes: "Floats", z: "Floats", recency: "Floats"
) -> tuple["Floats", "Floats", "Floats"]:
    """Return offset, scale and mean square residual of each law, outliers weighing less."""
    offset, scale = _least_squares(shapes, z, np.broadcast_to(recency, shapes.shape))
    residuals = np.abs(z - offset - scale * shapes)
    deviation = MAD_TO_SD * np.median(residuals, axis=1, keepdims=True) + TINY
    weights = recency * np.minimum(1.0, HUBER * deviation / np.maximum(residuals, TINY**2))
    offset, scale = _least_squares(shapes, z, weights)
    residuals = np.abs(z - offset - scale * shapes)
    trimmed = np.minimum(residuals, TRIM * deviation)
    return offset[:, 0], scale[:, 0], np.sum(recency * trimmed**2, axis=1)


def _least_squares(shapes: "Floats", z: "Floats", weights: "Floats") -> tuple["Floats", "Floats"]:
    """Return offset and scale of z = offset + scale * shape for each row, no scale below 0."""
    total = np.sum(weights, axis=1, keepdims=True)
    centre = np.sum(weights * shapes, axis=1, keepdims=True) / total
    mean = np.sum(weights * z, axis=1, keepdims=True) / total
    around = shapes - centre
    variance = np.sum(weights * around**2, axis=1, keepdims=True)
    covariance = np.sum(weights * around * (z - mean), axis=1, keepdims=True)
    scale = np.where(variance > TINY * total, covariance / np.maximum(variance, TINY**2), 0.0)
    scale = np.maximum(scale, 0.0)
    return mean - scale * centre, scale
