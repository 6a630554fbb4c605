"""The words of a setting's key."""

import re

HUMP = re.compile(r"([a-z0-9])([A-Z])")
BETWEEN = re.compile(r"[^a-z0-9]+")


def words_of(key: str) -> list[str]:
    """Return the words of a key in lower case: `maxEpochs` is max, epochs."""
    spaced = HUMP.sub(r"\1 \2", key)
    return [word for word in BETWEEN.split(spaced.lower()) if word]
