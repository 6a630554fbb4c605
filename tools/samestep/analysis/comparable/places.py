"""Paths that lead to the same thing on two machines."""

from pathlib import PurePosixPath, PureWindowsPath

from samestep.analysis.comparable.parties import Difference, Value


def same_place(difference: Difference) -> bool:
    """Return whether all values are paths that end in the same name: only the machine differs."""
    names = {_name(value) for value in difference.values}
    return len(names) == 1 and None not in names


def _name(value: Value) -> str | None:
    if not isinstance(value, str) or not {"/", "\\"} & set(value):
        return None
    kind = PureWindowsPath if "\\" in value else PurePosixPath
    return kind(value).name.lower() or None
