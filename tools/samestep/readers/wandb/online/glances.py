"""What the server's listing says of a run without its history."""

from collections.abc import Mapping

from samestep.model import Glance
from samestep.readers.facts import seed_of
from samestep.readers.wandb.online.definitions import declared_axes, definitions
from samestep.readers.wandb.online.nodes import RunNode, is_metric, numbers
from samestep.readers.wandb.writers import epoch_counter, step_name

EPOCH = "epoch"


def glance_of(node: RunNode) -> Glance:
    """Return what a listing shows of a run."""
    newest = _newest(node)
    return Glance(
        state=node.state,
        metrics=len({*node.metrics, *newest}),
        newest=newest,
        epoch=_epochs_completed(node, newest),
        step=_step(node, newest),
        written=node.written,
        config=node.config,
        seed=seed_of(node.config),
        group=node.group,
        tags=node.tags,
    )


def _newest(node: RunNode) -> Mapping[str, float]:
    """Return the newest value of each metric and the final values beside them."""
    found = {name: value for name, value in numbers(node.summary) if is_metric(name)}
    metrics = set(node.metrics)
    for name in [name for name in found if name not in metrics]:
        key, _, kept = name.rpartition(".")
        if key in metrics:  # what define_metric keeps of it: last, min, max, mean
            value = found.pop(name)
            found |= {key: value} if kept == "last" else {}
    return found


def _step(node: RunNode, newest: Mapping[str, float]) -> float | None:
    name = step_name(node.metrics, declared_axes(definitions(node.internals)))
    if name is not None:
        return newest.get(name)
    return float(node.last_step) if node.last_step >= 0 else None


def _epochs_completed(node: RunNode, newest: Mapping[str, float]) -> float | None:
    """Return the epochs that are over for certain, None where the listing cannot tell.

    A number counted from 0 is that of the epoch in progress, so that as many are over. Where
    nobody says what the number means, as many rows as it says are one for each epoch.
    """
    counter = epoch_counter(node.metrics, declared_axes(definitions(node.internals)))
    name = EPOCH if counter is None else counter.metric
    if name not in newest:
        return None
    number, base = newest[name], "unknown" if counter is None else counter.base
    if base == "epochs completed":
        return number
    if base == "first is 0":
        return number + 1.0 if node.state == "finished" else number
    rows = node.counts.get(name)
    return float(rows) if rows in {number, number + 1.0} else None
