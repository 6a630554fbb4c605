"""Runs that count once: those that logged what another did, and those of one seed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from samestep.analysis.align import Absent
from samestep.analysis.axis import Curve
from samestep.analysis.compare import Member

NO_SEED, ONCE = "a copy is no seed", "a seed counts once"
"""How the reasons end for which a run is left out whose place another fills."""
FEWEST_SHARED = 3  # points by which curves of different names and seeds are one
WITHIN = 1e-6  # of the range of the values
FLOAT32 = float(np.finfo(np.float32).eps)  # relative: event files hold values so, CSV files do not


def without_copies(members: Sequence[Member]) -> list[Member]:
    """Return the members, the curve of a copy absent; one point alone may be equal by chance.

    Of two that are copies the one that got farther stays, else the first.
    """
    kept: list[Member] = []
    why: dict[int, str] = {}
    for at, member, curve in _farthest_first(members):
        first = next((one for one in kept if _is_copy(curve, member, one)), None)
        if first is None:
            kept.append(member)
        else:
            why[at] = f"logged exactly what {first.full_name} did: {NO_SEED}"
    return _without(members, why)


def once_a_seed(members: Sequence[Member]) -> list[Member]:
    """Return the members, the curve of one whose recorded seed another has absent.

    Of two with one seed the one that got farther stays, else the first.
    """
    kept: dict[str, str] = {}
    why: dict[int, str] = {}
    for at, member, _ in _farthest_first(members):
        if member.seed is None:
            continue
        if member.seed in kept:
            why[at] = f"of seed {member.seed} as {kept[member.seed]} is: {ONCE}"
        else:
            kept[member.seed] = member.full_name
    return _without(members, why)


def _farthest_first(members: Sequence[Member]) -> list[tuple[int, Member, Curve]]:
    """Return the members that have a curve, each with its place among all."""
    placed = [
        (at, member, member.curve)
        for at, member in enumerate(members)
        if not isinstance(member.curve, Absent) and len(member.curve)
    ]
    return sorted(placed, key=lambda one: -float(np.float32(one[2].x[-1])))


def _without(members: Sequence[Member], why: dict[int, str]) -> list[Member]:
    return [
        replace(member, curve=Absent(why[at])) if at in why else member
        for at, member in enumerate(members)
    ]


def _is_copy(curve: Curve, member: Member, other: Member) -> bool:
    if isinstance(other.curve, Absent):
        return False
    if len(curve) > 1 and _identical(curve, other.curve):
        return True
    named = member.full_name == other.full_name
    alike = named or (member.seed is not None and member.seed == other.seed)
    return _agree(curve, other.curve, 1 if alike else FEWEST_SHARED, must_vary=not alike)


def _identical(one: Curve, other: Curve) -> bool:
    same_x = one.x.tobytes() == other.x.tobytes()
    return same_x and one.values.tobytes() == other.values.tobytes()


def _agree(one: Curve, other: Curve, fewest: int, *, must_vary: bool) -> bool:
    """Return whether values are equal, as far as single precision tells, at every shared x."""
    tolerance = FLOAT32 * (1.0 + np.abs(one.x))
    at = np.searchsorted(other.x, one.x - tolerance)
    inside = np.flatnonzero(at < len(other))
    near = inside[np.abs(other.x[at[inside]] - one.x[inside]) <= tolerance[inside]]
    values = np.stack([one.values[near], other.values[at[near]]])
    values = values[:, np.isfinite(values).all(axis=0)]
    if values.shape[1] < fewest:
        return False
    rounding = FLOAT32 * float(np.abs(values).max())
    apart = float(np.abs(values[0] - values[1]).max())
    varies = float(np.ptp(values[0])) > 2.0 * apart
    return apart <= max(WITHIN * float(np.ptp(values)), rounding) and (varies or not must_vary)
