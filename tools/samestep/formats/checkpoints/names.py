"""The run that a checkpoint names, by the keys that people and frameworks write it under."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from samestep.formats.checkpoints.nodes import Leaf

NameKind = Literal["W&B path", "W&B run id", "MLflow run id", "Neptune id", "run page", "run name"]
WANDB_PATH = re.compile(r"[\w.-]+/[^/#?%:\\\s][^/#?%:\\]*/(?:runs/)?[^/#?%:\\\s]+")
WANDB_ID = re.compile(r"[\w.-]{4,128}")
MLFLOW_ID = re.compile(r"[0-9a-f]{32}")
MLFLOW_PAGE = re.compile(r"https?://\S*/runs/(?P<id>[0-9a-f]{32})(?:[/?#]\S*)?")
NEPTUNE_ID = re.compile(r"[\w./-]{2,200}")
PAGE = re.compile(r"https?://\S+/runs/[^/#?%\s]\S*")
LONGEST = 500  # characters of a run's name
MOST_NAMES = 16
PARTS = ("entity", "project")

IDS = frozenset({"id", "run_id", "run_uuid"})
PATHS = frozenset({"wandb_run_path", "wandb_path"})
WANDB_IDS = frozenset({"wandb_run_id", "wandb_id", "wandb_resume_id"})
MLFLOW_IDS = frozenset({"mlflow_run_id", "mlflow_id", "mlflow_run_uuid"})
NEPTUNE_IDS = frozenset({"neptune_run_id", "neptune_id", "neptune_run", "sys/id", "with_id"})
RUN_NAMES = frozenset({"run_name", "wandb_run_name", "wandb_name", "mlflow_run_name"})


@dataclass(frozen=True, slots=True)
class RunName:
    """One run as a checkpoint names it."""

    kind: NameKind
    value: str
    key: str
    """The keys that lead to it, with dots between them."""


def run_names(leaves: Iterable[Leaf]) -> tuple[RunName, ...]:
    """Return the runs that plain values name, the most telling kinds first, each once."""
    texts = [one for one in leaves if isinstance(one.value, str)]
    # Looked up, not searched for anew: a file may name thousands of runs.
    projects = {one.path.lower(): str(one.value) for one in texts if _is_part(one)}
    found = {(one.kind, one.value): one for one in _named(texts, projects)}
    return tuple(sorted(found.values(), key=_weight)[:MOST_NAMES])


def _is_part(leaf: Leaf) -> bool:
    return leaf.keys[-1].lower().removeprefix("wandb_") in PARTS


def _weight(name: RunName) -> bool:
    """Return what sorts a name others may share behind the ids and paths."""
    return name.kind == "run name"


def _named(texts: Iterable[Leaf], projects: Mapping[str, str]) -> Iterator[RunName]:
    for text in texts:
        key, value = text.path, str(text.value).strip()
        telling = 0 < len(value) <= LONGEST and (key + value).isprintable()
        found = _kind(key, value) if telling else None
        if found is not None:
            yield _with_project(RunName(found[0], found[1], key), projects)


def _kind(key: str, value: str) -> tuple[NameKind, str] | None:
    """Return what kind of name a value is, and the name."""
    words = key.lower().replace("-", "_")
    above, _, last = words.rpartition(".")
    if value.startswith(("http://", "https://")):
        return _page(value)
    if (last in PATHS or ("wandb" in above and last == "run_path")) and WANDB_PATH.fullmatch(value):
        return "W&B path", value
    if (last in WANDB_IDS or ("wandb" in above and last in IDS)) and WANDB_ID.fullmatch(value):
        return "W&B run id", value
    if (last in NEPTUNE_IDS or ("neptune" in above and last in IDS)) and NEPTUNE_ID.fullmatch(
        value
    ):
        return "Neptune id", value
    if (last in MLFLOW_IDS or last in IDS) and MLFLOW_ID.fullmatch(value):
        return "MLflow run id", value
    return ("run name", value) if last in RUN_NAMES else None


def _page(address: str) -> tuple[NameKind, str] | None:
    if " " in address:  # no page's, and the patterns would take quadratic time to find out
        return None
    mlflow = MLFLOW_PAGE.fullmatch(address)
    if mlflow:
        return "MLflow run id", mlflow["id"]
    return ("run page", address) if PAGE.fullmatch(address) else None


def _with_project(name: RunName, projects: Mapping[str, str]) -> RunName:
    """Return a W&B id as a path, where entity and project stand beside it."""
    if name.kind != "W&B run id":
        return name
    above, dot, _ = name.key.lower().rpartition(".")
    parts = [
        projects.get(f"{above}{dot}wandb_{part}", projects.get(f"{above}{dot}{part}", ""))
        for part in PARTS
    ]
    path = "/".join([*parts, name.value])
    return RunName("W&B path", path, name.key) if WANDB_PATH.fullmatch(path) else name
