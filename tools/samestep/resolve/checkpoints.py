"""Which run saved a checkpoint: the one it names, else the one whose directory it lies in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samestep.errors import (
    MOST_NAMED,
    BadArgument,
    GoneRun,
    NoRunNamed,
    NoSuchPath,
    NoSuchRun,
    NotReadable,
    SamestepError,
    shown,
    shown_text,
)
from samestep.formats.checkpoints import (
    Checkpoint,
    RunName,
    digits,
    files_of,
    is_checkpoint,
    is_named_like_one,
    read_checkpoint,
)
from samestep.model import RunHead, RunRef
from samestep.readers.wandb.addresses import reference_of
from samestep.resolve.copies import Listed
from samestep.resolve.places import lying_in
from samestep.resolve.sources import ListedRuns, each_once
from samestep.settings import Project

WANDB_NAMES = frozenset({"W&B path", "run page"})
TRACKER_OF = {"W&B run id": "wandb", "MLflow run id": "mlflow", "Neptune id": "neptune"}
INSTEAD = "A checkpoint is what torch.save, safetensors or Hugging Face's Trainer wrote."

Listings = Sequence[Callable[[], ListedRuns]]
"""Where runs are looked for, in order, each listed when it is needed."""


@dataclass(frozen=True, slots=True)
class SavedBy:
    """A checkpoint that a run was asked for with, and how it is known that the run saved it."""

    written: str
    """The path as the caller wrote it."""
    checkpoint: Checkpoint
    how: str
    """As a clause: "it names it under wandb_run_path"."""


@dataclass(frozen=True, slots=True)
class Owners:
    """The runs that a checkpoint may be of, and how that is known."""

    saved: SavedBy
    runs: tuple[Listed, ...] = ()
    """Those found by listing; two or more are asked about."""
    elsewhere: tuple[RunRef, ...] = ()
    """Where none was found: the runs on a server that it names."""
    searched: ListedRuns = field(default_factory=ListedRuns)


def checkpoint_at(written: str, project: Project) -> Path | None:
    """Return where the checkpoint is that a text is the path of; None for any other text.

    Raises:
        OutsideProject: It lies where this caller may not read.
    """
    try:
        path = project.path(written) if is_named_like_one(written) else None
    except (NoSuchPath, BadArgument):  # nothing is there, or no path is written like this
        return None
    if path is None or not is_checkpoint(path):
        return None
    _refuse_leading_out(path, project)
    return path


def _refuse_leading_out(path: Path, project: Project) -> None:
    """Refuse a checkpoint of which a file is a link to where this caller may not read."""
    for file in files_of(path):
        if file.is_symlink() and file.exists():
            project.path(project.location(file))


def read_at(written: str, path: Path) -> Checkpoint:
    """Read a checkpoint; a refusal names it as the caller wrote it.

    Raises:
        NotReadable: It is of another kind, torn, too large, or may not be read.
    """
    try:
        return read_checkpoint(path)
    except NotReadable as refusal:
        raise NotReadable(
            f"The checkpoint {shown_text(written)}", refusal.why, INSTEAD
        ) from refusal


def owners(written: str, checkpoint: Checkpoint, listings: Listings, project: Project) -> Owners:
    """Return the runs that a checkpoint may be of.

    An id or a path it names decides, if there is such a run; then the directory it lies in; then a
    run's bare name.

    Raises:
        NoSuchRun: It names a run, and there is none of that name.
        NoRunNamed: It names none, and lies in no run's directory.
    """
    ids = _telling([name for name in checkpoint.names if name.kind != "run name"])
    searched = ListedRuns()
    for listing in listings if ids else listings[:1]:
        listed = listing()
        searched += listed
        named = [(one, name) for one in listed.runs for name in ids if _is_named(one[1], name)]
        if named:
            runs = tuple(each_once((one for one, _ in named), project))
            return Owners(SavedBy(written, checkpoint, _under(named[0][1])), runs, (), searched)
    elsewhere = tuple(dict.fromkeys(_references(ids)))
    if elsewhere:
        return Owners(SavedBy(written, checkpoint, _under(ids[0])), (), elsewhere, searched)
    return _by_place(written, checkpoint, searched, project) or _by_bare_name(
        written, checkpoint, searched, project
    )


def named_elsewhere(owned: Owners, refusal: SamestepError) -> SamestepError:
    """Return a server's refusal of a run, with the checkpoint that names the run."""
    [ref] = owned.elsewhere
    said = f"that the checkpoint {shown_text(owned.saved.written)} names"
    if isinstance(refusal, NotReadable):
        instead = str(refusal).partition(f"{refusal.why}. ")[2]
        return NotReadable(f"The run {ref} {said}", refusal.why, instead)
    return GoneRun(refusal, said) if isinstance(refusal, NoSuchRun) else refusal


def _telling(names: Sequence[RunName]) -> list[RunName]:
    """Return the outermost names of each kind: one further in may be of a run it started from."""
    nearest = {
        kind: min(name.key.count(".") for name in names if name.kind == kind)
        for kind in dict.fromkeys(name.kind for name in names)
    }
    return [name for name in names if name.key.count(".") == nearest[name.kind]]


def _is_named(head: RunHead, name: RunName) -> bool:
    """Return whether a run is the one that an id or a path names."""
    tracker, run_id = head.ref.source.tracker, head.ref.id
    if name.kind in WANDB_NAMES:
        ref = reference_of(name.value)
        if ref is None or tracker != "wandb" or run_id != ref.id:
            return False
        on_server = reference_of(f"{head.ref.source.location}/{run_id}") is not None
        return not on_server or head.ref.source == ref.source
    if tracker != TRACKER_OF.get(name.kind):
        return False
    return run_id == name.value or run_id.endswith(f"/{name.value}")


def _references(names: Iterable[RunName]) -> Iterator[RunRef]:
    for name in names:
        ref = reference_of(name.value) if name.kind in WANDB_NAMES else None
        if ref is not None:
            yield ref


def _by_place(
    written: str, checkpoint: Checkpoint, searched: ListedRuns, project: Project
) -> Owners | None:
    found = lying_in(checkpoint.path, searched, project)
    if found is None:
        return None
    runs, where = found
    ids = [name for name in checkpoint.names if name.kind != "run name"]
    unseen = f"; no source searched has the {ids[0].kind} it names, {ids[0].value}" if ids else ""
    how = f"it lies {where}{unseen}"
    return Owners(SavedBy(written, checkpoint, how), tuple(runs), (), searched)


def _by_bare_name(
    written: str, checkpoint: Checkpoint, searched: ListedRuns, project: Project
) -> Owners:
    names = [name for name in checkpoint.names if name.kind == "run name"]
    for name in names:
        runs = [one for one in searched.runs if one[1].full_name == name.value]
        if runs:
            saved = SavedBy(written, checkpoint, _under(name))
            return Owners(saved, tuple(each_once(runs, project)), (), searched)
    if checkpoint.names:
        raise _unknown(checkpoint, written, searched, searched.sources)
    known = dict.fromkeys(head.full_name for _, head in searched.runs)
    raise NoRunNamed(written, _held(checkpoint), list(known))


def _unknown(
    checkpoint: Checkpoint, written: str, searched: ListedRuns, sources: Sequence[str]
) -> NoSuchRun:
    name = checkpoint.names[0]
    known = dict.fromkeys(head.full_name for _, head in searched.runs)
    ids = dict.fromkeys(str(head.ref) for _, head in searched.runs)
    where = ", ".join(sources) or "any source there is"
    said = f"{where} (the checkpoint {shown_text(written)} names it under {name.key})"
    return NoSuchRun(name.value, list(known if name.kind == "run name" else ids), said)


def _under(name: RunName) -> str:
    return f"it names it under {shown_text(name.key)}"


def _held(checkpoint: Checkpoint) -> str:
    """Return what a checkpoint does hold, as a sentence."""
    counted = [
        f"{what} {digits(count.value)} ({count.key})"
        for what, count in (("epoch", checkpoint.epoch), ("step", checkpoint.step))
        if count is not None
    ]
    more = " and more" if checkpoint.more_keys else ""
    keys = f"the keys {_quoted(checkpoint.keys)}{more}" if checkpoint.keys else "no keys"
    return f"It holds {', '.join([*counted, keys])}."


def _quoted(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    listed = ", ".join(map(shown, names[:MOST_NAMED]))
    return f"{listed} and {rest} more" if rest > 0 else listed
