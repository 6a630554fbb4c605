"""Metrics that are likely the same under two names, with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis.naming import direction_by_name, is_bookkeeping, words

SAME: Mapping[str, str] = {
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "eval": "val",
    "evaluation": "val",
    "heldout": "val",
    "holdout": "val",
    "training": "train",
    "testing": "test",
    "acc": "accuracy",
    "accs": "accuracy",
    "accuracies": "accuracy",
    "losses": "loss",
    "ppl": "perplexity",
    "ce": "crossentropy",
    "xent": "crossentropy",
    "rew": "reward",
    "err": "error",
}
"""Words that different writers use for one thing."""
PLURAL = re.compile(r"(?<=\w{3})(?<![aisu])s\Z")
FILLERS = frozenset(
    "avg average epoch mean metric metrics score scores step the iter iteration".split()
)
"""Words that say how a value was gathered, or nothing, rather than what it is."""


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """Two names that may stand for one metric."""

    student: str
    baseline: str
    meaning: str
    """What both say in the same words: `loss of val`."""


def proposed_pairs(ours: Sequence[str], theirs: Sequence[str]) -> list[ProposedPair]:
    """Return the names that only one side logs and that mean one thing by their words.

    A meaning that two names of one side share is not paired: nobody can tell which is meant.
    """
    known = {*ours} & {*theirs}
    taken = {_meaning(name) for name in known}
    left, right = (
        _by_meaning([name for name in names if name not in known]) for names in (ours, theirs)
    )
    return [
        ProposedPair(name, right[meaning], " ".join(sorted(meaning)))
        for meaning, name in left.items()
        if meaning in right and meaning not in taken and _same_way(name, right[meaning])
    ]


def _by_meaning(names: Sequence[str]) -> dict[frozenset[str], str]:
    found: dict[frozenset[str], list[str]] = {}
    for name in dict.fromkeys(names):
        if direction_by_name(name) is not None and not is_bookkeeping(name):
            found.setdefault(_meaning(name), []).append(name)
    return {meaning: of_it[0] for meaning, of_it in found.items() if len(of_it) == 1}


def _meaning(name: str) -> frozenset[str]:
    told = {SAME.get(word) or PLURAL.sub("", word) for word in words(name)}
    return frozenset(told - FILLERS)


def _same_way(one: str, other: str) -> bool:
    return direction_by_name(one) == direction_by_name(other)
