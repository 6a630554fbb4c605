"""Which caveats a comparison has room for: the most decisive ones, the others counted."""

from collections.abc import Sequence

from samestep.answers.answer import Caveat, Severity
from samestep.questions.caveats.words import Said

ORDER: tuple[Severity, ...] = ("blocks", "warns", "notes")
LEAST_ROOM = 550  # characters left beside 24 rows, of 14,000 as JSON and 6,000 as Markdown
MORE_ROOM = 2_000  # where an answer of more rows has more room anyway
ROOM_OF_A_ROW = 120
ROWS = 24
FRAME = 55  # characters a caveat takes beyond its text
COUNT = 150  # characters of the caveat that counts the others


def fitted(said: Sequence[Said], rows: int, taken: int = 0) -> list[Caveat]:
    """Return the caveats in order of severity as far as there is room, and a count of the rest.

    What the answer cannot do without stands first in line; within a severity the order given is
    that of weight.
    """
    in_order = _in_order(said)
    least = MORE_ROOM if rows > ROWS else LEAST_ROOM
    room = least + max(0, ROWS - rows) * ROOM_OF_A_ROW - taken
    optional = [one for one in in_order if not one.needed]
    room -= sum(_size(one) for one in in_order if one.needed)
    if sum(map(_size, optional)) <= room:
        return [one.caveat for one in in_order]
    kept = _kept(optional, room - COUNT)
    left = [one for one in optional if one not in kept]
    shown = [one.caveat for one in in_order if one.needed or one in kept]
    return [*shown, _count(left)]


def ranked(said: Sequence[Said]) -> list[Caveat]:
    """Return all caveats in order of severity."""
    return [one.caveat for one in _in_order(said)]


def _in_order(said: Sequence[Said]) -> list[Said]:
    return sorted(said, key=lambda one: ORDER.index(one.caveat.severity))


def _kept(optional: Sequence[Said], room: int) -> list[Said]:
    kept: list[Said] = []
    for one in optional:
        if _size(one) <= room:
            kept.append(one)
            room -= _size(one)
    return kept


def _size(one: Said) -> int:
    return len(one.caveat.text) + FRAME


def _count(left: Sequence[Said]) -> Caveat:
    counts = {severity: sum(one.caveat.severity == severity for one in left) for severity in ORDER}
    told = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    text = (
        f"No room for {len(left)} more caveats ({told}): compare_configs tells what differs, "
        "limit=1 leaves room."
    )
    return Caveat(rule="partial-said", severity="notes", text=text)
