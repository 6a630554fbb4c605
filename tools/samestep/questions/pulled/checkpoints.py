"""Checkpoints of a pull: what they say of themselves, and how good their runs were then."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samestep.analysis.align import Absent, Point, value_at
from samestep.analysis.comparable.shown import shown
from samestep.analysis.saved import NotPlaced
from samestep.answers.answer import Caveat
from samestep.answers.pull import LeftOut, SavedCheckpoint, SavedValue
from samestep.answers.record import derived
from samestep.errors import BadArgument
from samestep.model import Run
from samestep.questions.caveats.checkpoints import place_of, said_of_reading
from samestep.questions.caveats.words import LONGEST_NAME
from samestep.questions.pulled.run import SELECT, SHOW_ALL
from samestep.resolve import SavedBy
from samestep.resolve.checkpoints import checkpoint_at, read_at
from samestep.settings import Project

if TYPE_CHECKING:
    from samestep.questions.pulled.run import Gathered, Room

TAKES = "the path of a checkpoint, named like one (.pt, .pth, .ckpt, .safetensors, .bin, .tar)"


def refuse_others(written: Sequence[str], project: Project) -> None:
    """Refuse what is no checkpoint where one is asked for.

    Raises:
        NoSuchPath: Nothing is there.
        NotReadable: A file of another kind is there.
        BadArgument: It is a directory, or a checkpoint under a name that no trainer gives one.
    """
    for one in written:
        if checkpoint_at(one, project) is None:
            path = project.path(one)
            if path.is_file():
                read_at(one, path)
            raise BadArgument("checkpoint", one, f"{TAKES}; -r takes a run")


def saved_checkpoint(
    run: "Gathered", of: tuple[Run, SavedBy], room: "Room"
) -> tuple[SavedCheckpoint, list[Caveat], list[LeftOut]]:
    """Return a checkpoint with the values its run had when it was saved, and what is left out.

    Args:
        run: The run that saved it, looked at.
        of: The run as it was found, and the checkpoint.
        room: How many metrics and keys there is room for.
    """
    _, saved = of
    checkpoint = saved.checkpoint
    x, placed = _place(run, saved)
    keys = [shown(key, LONGEST_NAME) for key in checkpoint.keys]
    names = [] if x is None else run.columns
    told = SavedCheckpoint(
        checkpoint=saved.written,
        full_name=run.side.name,
        how=saved.how,
        form=checkpoint.form,
        epoch=checkpoint.epoch and checkpoint.epoch.value,
        step=checkpoint.step and checkpoint.step.value,
        keys=keys[: room.keys],
        more_keys=None if checkpoint.more_keys else max(0, len(keys) - room.keys),
        axis=run.axis and run.axis.name,
        x=x,
        placed=placed,
        values=[] if x is None else [_value(run, name, x) for name in names[: room.columns]],
    )
    beyond = (
        (len(keys) - room.keys, "keys", SHOW_ALL),
        (len(names) - room.columns, "metrics", SELECT),
    )
    left = [
        LeftOut(section="CHECKPOINT", left=count, what=what, shown_by=by)
        for count, what, by in beyond
        if count > 0
    ]
    return told, [one.caveat for one in said_of_reading(saved)], left


def _place(run: "Gathered", saved: SavedBy) -> tuple[float | None, str]:
    if run.axis is None:
        return None, "the run has no axis to place it on"
    found = place_of(run.run, saved, run.axis)
    return (None, found.why) if isinstance(found, NotPlaced) else (found.x, found.how)


def _value(run: "Gathered", name: str, x: float) -> SavedValue:
    found = value_at(run.axis.curves[name], x) if run.axis else Absent("no axis")
    return _absent(name, found) if isinstance(found, Absent) else _found(name, found)


def _absent(name: str, found: Absent) -> SavedValue:
    return SavedValue(metric=name, value=None, absent=found.why)


def _found(name: str, point: Point) -> SavedValue:
    value = SavedValue(
        metric=name, value=point.value, x=point.x, step=point.step, match=point.match
    )
    extra: dict[str, object] = {}
    if point.match == "nearest" and point.gap is not None:
        extra["gap"] = derived(point.gap)
    if point.between is not None:
        extra["between"] = point.between
    return value.model_copy(update=extra)
