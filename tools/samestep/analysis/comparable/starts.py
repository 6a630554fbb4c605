"""Runs that did not start from nothing: resumed, forked, or begun from a checkpoint."""

import re
from collections.abc import Iterator, Sequence

from samestep.analysis.comparable.finding import Fact, Finding, found
from samestep.analysis.comparable.parties import CONFIG, Party
from samestep.analysis.comparable.shown import shown
from samestep.analysis.comparable.topics import topic_of
from samestep.analysis.configs import is_unset
from samestep.analysis.redaction import without_credentials
from samestep.analysis.safe_values import Setting
from samestep.model import Lineage, Run

NOT_ASKED = frozenset("none null no false never allow auto must scratch off 0 -1".split())
"""Values of a resume setting that do not say that the run was resumed."""
OTHER_RUN = re.compile(r"(load|init|initial|start|continue|pretrained|finetune)_")
TAGS = re.compile(r"(resumed|forked|restarted|continued|warm[-_ ]?start)", re.IGNORECASE)
FORKS = re.compile(r"fork|branch|checkpoint|start", re.IGNORECASE)
KNOW_FORKS = frozenset(["wandb", "neptune"])
"""Trackers whose record of a parent is one of a fork."""


def starts(parties: Sequence[Party]) -> list[Finding]:
    """Find runs that were resumed, and those that began where another run had got to."""
    resumed = [fact for party in parties for fact in _resumed(party)]
    ahead = [fact for party in parties for fact in _head_starts(party)]
    return [*found("head start", ahead), *found("resumed", resumed)]


def _resumed(party: Party) -> Iterator[Fact]:
    for key, value in _starting(party):
        if not OTHER_RUN.match(_last(key)):
            yield Fact(key, CONFIG, {party.name: shown(value)})
    for run in party.runs:
        for tag in filter(TAGS.fullmatch, run.tags):
            yield Fact(shown(tag), "tag", {party.name: "set"})


def _head_starts(party: Party) -> Iterator[Fact]:
    for key, value in _starting(party):
        if OTHER_RUN.match(_last(key)):
            yield Fact(key, CONFIG, {party.name: shown(value)})
    for run in party.runs:
        yield from (_origin(one, party) for one in run.lineage if _is_fork(one, run))


def _origin(lineage: Lineage, party: Party) -> Fact:
    name = shown(without_credentials(lineage.name))
    return Fact(lineage.kind, lineage.origin, {party.name: name})


def _is_fork(lineage: Lineage, run: Run) -> bool:
    """Return whether a record says that the run went on from another, or from a model.

    MLflow calls the run that a sweep's runs are shown under their parent, too.
    """
    if lineage.kind in {"checkpoint", "model"}:
        return lineage.context == "input"
    told = bool(FORKS.search(f"{lineage.origin} {lineage.context or ''}"))
    return lineage.kind == "parent run" and (told or run.ref.source.tracker in KNOW_FORKS)


def _starting(party: Party) -> Iterator[tuple[str, Setting]]:
    for key, value in party.settings.items():
        asked = not is_unset(value) and str(value).strip().lower() not in NOT_ASKED
        if asked and topic_of(key) == "resume":
            yield key, value


def _last(key: str) -> str:
    return re.split(r"[./]", key)[-1].lower()
