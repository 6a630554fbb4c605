"""What a few runs of every source show that samestep.toml can say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from samestep.analysis.comparable.topics import topic_of
from samestep.analysis.naming import direction_by_name, is_bookkeeping
from samestep.analysis.pairing import ProposedPair, proposed_pairs
from samestep.errors import NoTrackerFound, SamestepError
from samestep.model import Direction, Run
from samestep.progress import tell
from samestep.questions.metrics import likely_goals, logged
from samestep.questions.sides import run_state
from samestep.readers.detect import Found, detect
from samestep.readers.facts import SEED_KEYS, leaves
from samestep.readers.registry import TRACKERS, open_reader
from samestep.settings import Project

BY_TRACKER, BY_NAME = "the tracker", "the name"
MOST_SOURCES = 8
MOST_RUNS = 4  # read of one source, the first and the last listed among them


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, and what of it was read."""

    sources: tuple[Found, ...]
    read: Mapping[str, Sequence[Run]] = field(default_factory=dict[str, Sequence[Run]])
    """The runs read, by source."""
    unread: tuple[str, ...] = ()
    """Sources and runs that were not read, each with the reason."""
    unfinished: tuple[str, ...] = ()
    """Full names of runs of which nobody knows whether they have finished."""

    @property
    def runs(self) -> list[Run]:
        """Every run read."""
        return [run for runs in self.read.values() for run in runs]

    @property
    def metrics(self) -> list[str]:
        """The metrics that say how good a run is, or might."""
        return [name for name in logged(self.runs) if not is_bookkeeping(name)]

    @property
    def goals(self) -> list[str]:
        """The metrics that may be what the project is for."""
        return likely_goals(self.metrics)

    @property
    def directions(self) -> dict[str, tuple[Direction | None, str]]:
        """Which way each metric is better, and who says so."""
        found: dict[str, tuple[Direction | None, str]] = {
            name: (direction_by_name(name), BY_NAME) for name in self.metrics
        }
        for run in self.runs:
            for name, metric in run.history.metrics.items():
                if name in found and metric.direction is not None:
                    found[name] = (metric.direction, BY_TRACKER)
        return found

    @property
    def pairs(self) -> list[ProposedPair]:
        """Names of different runs that may stand for one metric, each pair once."""
        names = dict.fromkeys(tuple(logged([run])) for run in self.runs)
        found = (
            pair for one, other in combinations(names, 2) for pair in proposed_pairs(one, other)
        )
        return list({frozenset((one.student, one.baseline)): one for one in found}.values())

    @property
    def seed_keys(self) -> list[str]:
        """Config keys that look like a seed's and are none of those always read."""
        keys = (
            key for run in self.runs for key, _ in leaves(run.config) if topic_of(key) == "seed"
        )
        return [key for key in dict.fromkeys(keys) if _last(key) not in SEED_KEYS]


def findings(project: Project) -> Findings:
    """Read a few runs of every source on this machine; no server is asked.

    Raises:
        NoTrackerFound: There is no source.
    """
    found = detect(project.directory, project).sources
    if not found:
        raise NoTrackerFound(str(project.directory), list(TRACKERS))
    holding = [one for one in found if one.runs]
    read: dict[str, list[Run]] = {}
    unread = [*_passed_over(found, holding)]
    for one in holding[:MOST_SOURCES]:
        tell("Sources read", len(read), min(len(holding), MOST_SOURCES))
        read[str(one.source)] = list(_few(one, project, unread))
    unknown = (
        run.full_name
        for runs in read.values()
        for run in runs
        if run_state(run, project) == "unknown"
    )
    return Findings(tuple(found), read, tuple(unread), tuple(dict.fromkeys(unknown)))


def _passed_over(found: Iterable[Found], holding: Sequence[Found]) -> Iterator[str]:
    for one in found:
        if one not in holding:
            yield f"{one.source}: {one.why_not or 'its server was not asked'}"
    for one in holding[MOST_SOURCES:]:
        yield f"{one.source}: {MOST_SOURCES} sources were read before it"


def _few(found: Found, project: Project, unread: list[str]) -> Iterator[Run]:
    """Yield runs spread over a source's listing, and note those that cannot be read."""
    try:
        reader = open_reader(found.source, project)
        listing = reader.list()
    except SamestepError as refusal:
        unread.append(f"{found.source}: {refusal}")
        return
    unread.extend(f"{lost.where}: {lost.why}" for lost in listing.unreadable)
    heads = listing.runs
    places = sorted({round(at * (len(heads) - 1) / (MOST_RUNS - 1)) for at in range(MOST_RUNS)})
    for head in (heads[at] for at in places if heads):
        try:
            yield reader.read(head.ref.id)
        except SamestepError as refusal:
            unread.append(f"{head.ref}: {refusal}")


def _last(key: str) -> str:
    return key.replace("/", ".").rsplit(".", 1)[-1].replace("-", "_").lower()
