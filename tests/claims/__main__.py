"""Print precision, recall and every confusion of both halves: `python -m tests.claims`."""

import sys

from tests.claims.measure import (
    HALVES,
    VERDICTS,
    Told,
    confusions,
    items,
    precision_and_recall,
    told,
)

LEAST = 0.95


def main() -> int:
    """Return 1 where precision or recall of a half is below what is meant."""
    halves = {half: told(items(name)) for half, name in HALVES.items()}
    together = [one for found in halves.values() for one in found]
    for half, found in {**halves, "both halves": together}.items():
        sys.stdout.write(page(half, found))
    for one in together:
        if not one.is_right:
            sys.stdout.write(confusion(one))
    lowest = min(min(precision_and_recall(found)) for found in halves.values())
    return 0 if lowest >= LEAST else 1


def page(half: str, found: list[Told]) -> str:
    """Return the figures of one half."""
    precision, recall = precision_and_recall(found)
    counted = confusions(found)
    rows = [
        f"  meant {meant:<12} " + "  ".join(f"told {t} {counted[meant, t]}" for t in VERDICTS)
        for meant in VERDICTS
    ]
    head = f"{half}: {len(found)} texts, precision {precision:.3f}, recall {recall:.3f} (blocked)"
    return "\n".join([head, *rows, ""])


def confusion(one: Told) -> str:
    """Return one text that was not judged as meant."""
    item = one.item
    meant = f"{item.verdict} {','.join(sorted(item.rules))}".strip()
    said = f"{one.verdict} {','.join(sorted(one.rules))}".strip()
    return f"meant {meant}, told {said}: {item.text!r} ({item.voice}, {item.ledger})\n"


if __name__ == "__main__":
    sys.exit(main())
