"""The seeds that a project's own config keys hold, as samestep.toml names them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import cast

from samestep.model import Glance, Run
from samestep.settings import Project

MARK = " (seed)"
"""Follows a key that is declared a seed's, so that its differences are told as a seed's."""


def with_seed(run: Run, project: Project) -> Run:
    """Return a run with the seed that a declared key holds; it comes before any found otherwise."""
    keys = _keys(project)
    seed = _seed(run.config, keys)
    return run if seed is None else replace(run, seed=seed, config=_marked(run.config, keys))


def glance_with_seed(glance: Glance, project: Project) -> Glance:
    """Return what a listing says of a run, with the same seed."""
    seed = _seed(glance.config, _keys(project))
    return glance if seed is None else replace(glance, seed=seed)


def _keys(project: Project) -> frozenset[str]:
    return frozenset(map(_plain, project.settings.seed_keys))


def _plain(key: str) -> str:
    return key.replace("-", "_").lower()


def _seed(config: Mapping[str, object], keys: Collection[str]) -> str | None:
    """Return the first value under a declared key, shallow ones first."""
    if not keys:
        return None
    from samestep.readers.facts import leaves  # brings numpy with it

    found = (value for key, value in leaves(config) if _is_one(key, keys) and value is not None)
    first = next(found, None)
    return None if first is None else str(first)


def _is_one(key: str, keys: Collection[str]) -> bool:
    """Return whether a dotted key, or its last name, is declared."""
    return not {_plain(key), _plain(re.split(r"[./]", key)[-1])}.isdisjoint(keys)


def _marked(
    config: Mapping[str, object], keys: Collection[str], above: str = ""
) -> dict[str, object]:
    marked: dict[str, object] = {}
    for key, value in config.items():
        dotted = f"{above}{key}"
        if _is_one(dotted, keys):
            marked[f"{key}{MARK}"] = value
        elif isinstance(value, Mapping):
            marked[key] = _marked(cast("Mapping[str, object]", value), keys, f"{dotted}.")
        else:
            marked[key] = value
    return marked
