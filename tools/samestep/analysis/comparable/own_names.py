"""What a run's settings repeat of its own name and seed."""

import re
from collections.abc import Sequence

from samestep.analysis.comparable.parties import Difference, Party
from samestep.analysis.comparable.topic_patterns import Topic

SEED_IN_NAME = re.compile(r"(?<![a-z])(seed|s|rng)[-_ =]*\d+", re.IGNORECASE)
DATA: tuple[Topic, ...] = ("dataset", "evaluation data")
"""Topics in which a number is a part of the data, not the seed: `shards/1.tar`."""


def only_own(difference: Difference, parties: Sequence[Party]) -> bool:
    """Return whether single runs differ in a setting by their own names and seeds alone."""
    runs = [party.runs[0] for party in parties]
    if difference.topic in DATA or any(len(party.runs) > 1 for party in parties):
        return False
    texts = [value for value in difference.values if isinstance(value, str)]
    if len(texts) < len(runs):
        return False
    told = {
        without_own(text, run.full_name, run.seed) for text, run in zip(texts, runs, strict=True)
    }
    return len(told) == 1


def without_own(text: str, full_name: str, seed: str | None) -> str:
    """Return a text with `#` for its seed, and in a path for a run's full name too.

    A run called `adam` whose optimizer is `adam` does not repeat its name there.
    """
    text = SEED_IN_NAME.sub(
        "#", text.replace(full_name, "#") if _is_path(text, full_name) else text
    )
    if not seed or "/" not in text:
        return text
    return re.sub(rf"(?<![0-9A-Za-z.]){re.escape(seed)}(?![0-9A-Za-z])(?!\.\d)", "#", text)


def _is_path(text: str, full_name: str) -> bool:
    return "/" in text.replace(full_name, "")
