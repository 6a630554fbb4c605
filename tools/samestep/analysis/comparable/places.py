"""Paths that lead to the same thing on two machines."""

import re
from pathlib import PurePosixPath

from samestep.analysis.comparable.parties import Difference, Value

OF_A_MACHINE = re.compile(
    r"(~|[a-z]:|/(home|users|scratch|work|gpfs|nfs)/[^/]+|/(mnt|data|tmp|root|content|workspace))(?=/)",
    re.IGNORECASE,
)
"""How paths begin that lead to a user's or a machine's own place."""
OF_ANY_DATA = frozenset(
    "train training val valid validation dev test data dataset images raw processed all full".split()
)
"""Names that any data set has a file or directory of: `cifar10/train` is not `imagenet/train`."""


def same_place(difference: Difference) -> bool:
    """Return whether all values are paths that end in the same name: only the machine differs."""
    names = {_name(value) for value in difference.values}
    return len(names) == 1 and None not in names


def _name(value: Value) -> str | None:
    """Return what a path leads to: its last name, with the one before where any data have it."""
    if not isinstance(value, str) or not {"/", "\\"} & set(value):
        return None
    path = PurePosixPath(OF_A_MACHINE.sub("", value.replace("\\", "/"), count=1).lower())
    names = [name for name in path.parts if name not in {"/", ".", ".."}]
    if not names:
        return None
    return "/".join(names[-2:]) if names[-1].split(".")[0] in OF_ANY_DATA else names[-1]
