"""The config that stands in files beside a run's logs."""

import re
from collections.abc import Sequence
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.config_files import read_config, read_document
from samestep.formats.local.json_results import table_of
from samestep.readers.tree import walk

NAMES = re.compile(
    r"(?P<name>config|hparams|hyperparameters|args|params|flags|settings"
    r"|hparams_.*|flags_.*|.*meta.*)\.(json|ya?ml)",
    re.IGNORECASE,
)
MOST_FILES = 50
MOST_NAMED = 3  # settings named in one sentence


def is_config_name(name: str) -> bool:
    """Return whether a file name says that the file holds a run's settings."""
    return NAMES.fullmatch(name) is not None and "results" not in name.lower()


def config_beside(
    directory: Path, within: Sequence[Path] | None = None
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the settings of all config files in a directory, and a sentence per loss.

    Where two files name one setting, the file whose name says "config" most plainly is kept. A
    link that leads beyond the directories in `within` is passed over.
    """
    here = next(walk(directory, within), None)
    names = sorted(filter(is_config_name, here.files if here else ()), key=_rank)
    config: dict[str, object] = {}
    losses: list[str] = []
    for name in names[:MOST_FILES]:
        try:
            if _is_log(directory / name):
                continue
            found = read_config(directory / name)
        except NotReadable as error:
            losses.append(f"{name} could not be read: {error.why}")
            continue
        losses.extend(f"{name}: {loss}" for loss in found.losses)
        losses.extend(_conflicts(name, config, found.settings))
        config = {**found.settings, **config}
    if len(names) > MOST_FILES:
        losses.append(f"{len(names) - MOST_FILES} config files beyond {MOST_FILES} were not read")
    return config, tuple(losses)


def _is_log(path: Path) -> bool:
    """Return whether a file about the run holds rows instead of settings."""
    if "meta" not in path.stem.lower():
        return False
    document, _ = read_document(path)
    return isinstance(document, list) or table_of(document) is not None


def _rank(name: str) -> tuple[int, str]:
    """Sort config.* first, then files named for their settings, then what is only about the run."""
    stem = name.rpartition(".")[0].lower()
    if stem == "config":
        return (0, name)
    return (2 if "meta" in stem else 1, name)


def _conflicts(name: str, config: dict[str, object], settings: dict[str, object]) -> list[str]:
    differ = [
        key for key, value in settings.items() if key in config and repr(value) != repr(config[key])
    ]
    if not differ:
        return []
    more = f" and {len(differ) - MOST_NAMED} more" if len(differ) > MOST_NAMED else ""
    named = f"{', '.join(differ[:MOST_NAMED])}{more}"
    return [f"{name} differs from the config files before it in {named}; the first are used"]
