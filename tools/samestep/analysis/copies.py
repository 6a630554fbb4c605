"""Runs that logged exactly what another did: under two names they are still one seed."""

from collections.abc import Sequence
from dataclasses import replace

from samestep.analysis.align import Absent
from samestep.analysis.compare import Member


def without_copies(members: Sequence[Member]) -> list[Member]:
    """Return the members, the curve of a copy absent; one point alone may be equal by chance."""
    seen: dict[bytes, str] = {}
    kept: list[Member] = []
    for member in members:
        if isinstance(member.curve, Absent):
            kept.append(member)
            continue
        content = member.curve.x.tobytes() + member.curve.values.tobytes()
        first = seen.setdefault(content, member.full_name)
        same = first != member.full_name and len(member.curve) > 1
        why = Absent(f"logged exactly what {first} did: a copy is no seed")
        kept.append(replace(member, curve=why) if same else member)
    return kept
