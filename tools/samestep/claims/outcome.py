"""How a checked text is told: its outcome, and what of it was not read."""

from samestep.claims.check import LONGEST, Checked
from samestep.claims.finding import Verdict

MOST_LINES = 5
VERDICTS: tuple[Verdict, ...] = ("blocked", "unverifiable", "supported")


def outcome(checked: Checked) -> str:
    """Return in a sentence how many claims there are and how they stand."""
    against = "" if checked.answers else " No answer is recorded to hold them against."
    if not checked.claims:
        return f"The text claims nothing of runs.{against}"
    verdicts = [*(one.verdict for one in checked.claims), *checked.more]
    counts = {v: verdicts.count(v) for v in VERDICTS}
    told = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    rules = dict.fromkeys(rule for one in checked.claims for rule in one.rules)
    broken = f" Broken: {', '.join(rules)}." if rules else ""
    total = len(verdicts)
    return f"{total} {'claim' if total == 1 else 'claims'}: {', '.join(told)}.{broken}{against}"


def unread(checked: Checked) -> str | None:
    """Return what of the text was not read; None where all was."""
    told: list[str] = []
    if checked.unread:
        told.append(
            f"The text has {checked.characters} characters; the first {LONGEST} were read, "
            f"{checked.unread} were not."
        )
    if checked.cut:
        lines = ", ".join(map(str, checked.cut[:MOST_LINES]))
        told.append(
            f"Too long to be read to the end of a sentence or row: {len(checked.cut)} (line {lines})."
        )
    return " ".join(told) or None


def untold(checked: Checked) -> str | None:
    """Return how many claims are not told one by one; None where all are."""
    if not checked.more:
        return None
    counts = {v: checked.more.count(v) for v in VERDICTS}
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    return f"{len(checked.claims)} claims are told one by one; not told: {told}."
