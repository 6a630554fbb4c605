"""What one x stands for: data in a step, and data in an epoch."""

from collections.abc import Sequence

import numpy as np

from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import CONFIG, Difference, Party, of_topics
from samestep.analysis.comparable.stand import Stand
from samestep.analysis.configs import typed
from samestep.analysis.step_size import batch_of
from samestep.model import Run

SAME_LENGTH = 0.01  # relative; the last batch of an epoch may be left out or not


def batch_sizes(
    parties: Sequence[Party], stand: Stand | None, differences: Sequence[Difference]
) -> list[Finding]:
    """Find batch sizes that differ, which on a step axis makes the same x another amount of data."""
    if stand is not None and stand.axis != "step":
        return []
    sizes = {party.name: batch_of(party.settings) for party in parties}
    known = {name: batch for name, batch in sizes.items() if batch is not None}
    if len({batch.size for batch in known.values()}) <= 1:
        return []
    rules = dict.fromkeys(batch.rule for batch in known.values())
    values = {name: f"{batch.size:g}" for name, batch in known.items()}
    if len(rules) == 1 or not of_topics(differences, "batch size"):
        return found("batch size", [Fact(next(iter(rules)), CONFIG, values)])
    told = {name: f"{batch.size:g} = {batch.rule}" for name, batch in known.items()}
    return found("batch size", [Fact("samples in a step", CONFIG, told)])


def data_per_epoch(
    parties: Sequence[Party], stand: Stand | None, differences: Sequence[Difference]
) -> list[Finding]:
    """Find epochs of different amounts of data, by the config or by steps times batch size."""
    if stand is not None and stand.axis != "epoch":
        return []
    apart = [one for one in of_topics(differences, "data per epoch") if one.named_by_all]
    told = [one for one in apart if "per_epoch" not in one.key.lower()]
    if told:
        return found("data per epoch", [one.fact(parties) for one in told])
    return [] if stand is None else _by_steps(parties, stand)


def _by_steps(parties: Sequence[Party], stand: Stand) -> list[Finding]:
    """Compare steps per epoch, times the batch size where every side's is known."""
    steps = {party.name: _steps_per_epoch(party.runs[0], stand) for party in parties}
    sizes = {party.name: batch_of(typed(party.runs[0].config)) for party in parties}
    known = {name: length for name, length in steps.items() if length is not None}
    if len(known) <= 1:
        return []
    batches = [batch for name, batch in sizes.items() if name in known and batch is not None]
    by_sample = len(batches) == len(known)
    if batches and not by_sample:
        return []
    amounts = dict(known)
    if by_sample:
        amounts = {
            name: length * batch.size
            for (name, length), batch in zip(known.items(), batches, strict=True)
        }
    low, high = min(amounts.values()), max(amounts.values())
    if high - low <= SAME_LENGTH * high:
        return []
    subject = "samples in an epoch" if by_sample else "steps in an epoch, batch size unknown"
    values = {name: f"{amount:.6g}" for name, amount in amounts.items()}
    origin = "steps per epoch x batch size" if by_sample else "by the history"
    return found("data per epoch", [Fact(subject, origin, values)])


def _steps_per_epoch(run: Run, stand: Stand) -> float | None:
    """Return how many steps an epoch has, by the history; None before one is complete."""
    if run.history.steps_per_epoch:
        return run.history.steps_per_epoch
    curves = stand.axes[str(run.ref)].curves.values()
    longest = max(curves, key=len, default=None)
    if longest is None:
        return None
    known = np.isfinite(longest.steps)
    x, steps = longest.x[known], longest.steps[known]
    if not len(x) or x[-1] - x[0] < 1.0 or steps[-1] <= steps[0]:
        return None
    return float((steps[-1] - steps[0]) / (x[-1] - x[0]))
