"""What Neptune's single values are: settings or results; Neptune itself does not tell."""

import sys
from collections.abc import Mapping
from datetime import datetime

from samestep.formats.neptune.held import Value
from samestep.model import Final

OWN = ("sys/", "monitoring/", "source_code/")
"""Namespaces that Neptune fills; what is in them is told elsewhere."""
RESULTS = frozenset(
    "best eval evaluation final metrics results scores summary test val valid validation".split()
)
"""Namespaces of values that were measured."""
SETTINGS = frozenset(
    "args config configs hparams hyper_parameters hyperparameters hyperparams model_parameters "
    "parameters params settings trainer_parameters".split()
)
"""Namespaces of values that were set, whatever stands around them."""


def is_own(path: str) -> bool:
    """Return whether Neptune itself logs a value."""
    return path.startswith(OWN)


def is_result(path: str, value: Value) -> bool:
    """Return whether a value was measured: a number in a namespace named for results."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return False
    above = {part.lower() for part in path.split("/")[:-1]}
    return not above & SETTINGS and bool(above & RESULTS)


def nested(attributes: Mapping[str, Value]) -> dict[str, object]:
    """Return the settings nested by path; what is a value and a namespace keeps its path."""
    config: dict[str, object] = {}
    tables: dict[str, dict[str, object]] = {"": config}
    for path, value in sorted(attributes.items()):
        if is_own(path) or is_result(path, value):
            continue
        table, rest = _table(path, tables)
        table[rest] = _plain(value)
    return config


def finals(attributes: Mapping[str, Value]) -> dict[str, Final]:
    """Return the numbers that were measured once."""
    return {
        path: Final(float(value), f"attribute {path}")
        for path, value in attributes.items()
        if isinstance(value, int | float) and not is_own(path) and is_result(path, value)
    }


def _table(path: str, tables: dict[str, dict[str, object]]) -> tuple[dict[str, object], str]:
    """Return the table a value belongs to, made where it is missing, and its key there."""
    parts = path.split("/")
    above = ""
    for number, part in enumerate(parts[:-1]):
        below = f"{above}{part}/"
        if below not in tables:
            if part in tables[above]:
                return tables[above], "/".join(parts[number:])
            tables[above][part] = tables[below] = {}
        above = below
    return tables[above], parts[-1]


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
