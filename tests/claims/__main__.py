"""Print precision, recall and every confusion of both halves: `python -m tests.claims`."""

import sys

from tests.claims.measure import (
    HALVES,
    HERE,
    VERDICTS,
    Told,
    confusions,
    items,
    precision_and_recall,
    told,
)

LEAST = 0.95
FIRST_MET = HERE / "first_met.csv"
NEWEST = 3  # rounds whose figures the README tells


def main() -> int:
    """Return 1 where precision or recall of a half is below what is meant."""
    halves = {half: told(items(name)) for half, name in HALVES.items()}
    together = [one for found in halves.values() for one in found]
    for half, found in {**halves, "both halves": together}.items():
        sys.stdout.write(page(half, found))
    sys.stdout.write(first_met())
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


def first_met() -> str:
    """Return how the texts of each round were judged before anything was mended for them.

    Unlike the figures of both halves these cannot be measured again: they are what was counted
    when the grammar of the day met texts that were written, and labelled, before it was run.
    """
    rows = rounds_first_met()
    named = [(f"round {row[0]}", [row]) for row in rows]
    newest = f"rounds {rows[-NEWEST][0]} to {rows[-1][0]}"
    together = [*named, (newest, rows[-NEWEST:]), ("all rounds", rows)]
    return "".join(_counted(name, summed(of_rounds)) for name, of_rounds in together)


def rounds_first_met() -> list[list[int]]:
    """Return of each round its number, texts, and how many were meant, told, both and right."""
    lines = FIRST_MET.read_text().splitlines()[1:]
    return [[int(cell) for cell in line.split(",")] for line in lines]


def summed(rows: list[list[int]]) -> list[int]:
    """Return the counts of several rounds together, without their numbers."""
    return [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]


def _counted(name: str, counts: list[int]) -> str:
    texts, meant, told, both, right = counts
    return (
        f"as first met, {name}: {texts} texts, precision {right / told:.2f}, "
        f"recall {right / meant:.2f}; by verdict alone {both / told:.2f} and {both / meant:.2f}\n"
    )


def confusion(one: Told) -> str:
    """Return one text that was not judged as meant."""
    item = one.item
    meant = f"{item.verdict} {','.join(sorted(item.rules))}".strip()
    said = f"{one.verdict} {','.join(sorted(one.rules))}".strip()
    return f"meant {meant}, told {said}: {item.text!r} ({item.voice}, {item.ledger})\n"


if __name__ == "__main__":
    sys.exit(main())
