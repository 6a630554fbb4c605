"""The files of one run: params, tags and metrics."""

from collections.abc import Callable
from pathlib import Path

from samestep.errors import NotReadable
from samestep.formats.mlflow_files.folders import Within, leaves, text_of
from samestep.formats.mlflow_files.metric_files import MetricFiles
from samestep.formats.mlflow_records import Points, is_read
from samestep.progress import tell

Losses = tuple[str, ...]


def params(path: Path, within: Within) -> tuple[dict[str, str], Losses]:
    """Return a run's params by name, and a sentence for every loss."""
    return _texts(path / "params", within, lambda _name: True)


def tags(path: Path, within: Within) -> tuple[dict[str, str], Losses]:
    """Return those of a run's tags that say something of it, and a sentence for every loss."""
    return _texts(path / "tags", within, is_read)


def metrics(path: Path, within: Within) -> tuple[dict[str, Points], Losses]:
    """Return a run's metrics by name, and a sentence for every loss.

    Raises:
        NotReadable: The directory of metrics may not be listed.
    """
    found = leaves(path / "metrics", within)
    files = MetricFiles()
    for number, (name, file) in enumerate(found.files):
        tell(f"metric files read of run {path.name}", number, len(found.files))
        files.add(name, file)
    return files.points, (*files.losses(), *found.losses)


def _texts(
    path: Path, within: Within, wanted: Callable[[str], bool]
) -> tuple[dict[str, str], Losses]:
    texts: dict[str, str] = {}
    losses: list[str] = []
    try:
        found = leaves(path, within)
    except NotReadable as refusal:
        return texts, (f"The run's {path.name} could not be read: {refusal.why}.",)
    for name, file in found.files:
        if not wanted(name):
            continue
        try:
            texts[name], is_whole = text_of(file)
        except NotReadable as refusal:
            losses.append(f"{path.name}/{name} could not be read: {refusal.why}.")
            continue
        if not is_whole:
            losses.append(f"{path.name}/{name} is long and was read in part.")
    return texts, (*losses, *found.losses)
