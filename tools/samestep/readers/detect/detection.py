"""Which sources there are below a path, by what lies there, the environment and the code."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from samestep.errors import NotReadable, SamestepError
from samestep.model import Source
from samestep.readers.added import Added, added
from samestep.readers.detect.addresses import addresses, is_server
from samestep.readers.detect.code import Code, code_below
from samestep.readers.detect.found import Detected, Found, why_not
from samestep.readers.detect.named import named_here
from samestep.readers.detect.remote import remote, told
from samestep.readers.detect.stores import stores
from samestep.readers.places import location_of
from samestep.readers.registry import TRACKERS, open_reader
from samestep.readers.tracker import Holds
from samestep.readers.tree import Directory, walk
from samestep.settings import Project

LOGDIR_AT = 3  # as many runs side by side make the directory around them the source


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """The sources that lie on a disk, not opened yet."""

    evidence: dict[Source, list[str]] = field(default_factory=dict[Source, list[str]])
    broken: list[Found] = field(default_factory=list[Found])
    """Trackers of other packages that cannot be loaded."""

    def add(self, source: Source, evidence: str) -> None:
        """Note what says that there is a source; one that two things speak for is one."""
        said = self.evidence.setdefault(source, [])
        if evidence not in said:
            said.append(evidence)


def detect(path: Path, project: Project) -> Detected:
    """Return every source below a path, in the protocol's order of trackers.

    What lies on a disk is opened and its runs are counted; what is behind a network is named,
    and not asked.
    """
    walked = walk(path, project.roots)
    directories = list(walked)
    code = code_below(directories, project)
    theirs, passed_over = added(TRACKERS)
    on_disk = _on_disk(path, directories, project, code, theirs)
    elsewhere = remote(project, code, {source.tracker for source in on_disk.evidence})
    local = [_opened(source, said, project) for source, said in on_disk.evidence.items()]
    found = [*elsewhere, *_with_mentions(local, elsewhere, code), *on_disk.broken]
    order = {name: at for at, name in enumerate((*TRACKERS, *theirs))}
    return Detected(
        tuple(sorted(found, key=lambda one: order.get(one.source.tracker, len(order)))),
        (*walked.losses, *code.losses, *passed_over, *_left_out(found)),
    )


def local_sources(path: Path, project: Project) -> list[Source]:
    """Return the sources that lie on a disk, below a path and where MLflow's are set to be."""
    directories = list(walk(path, project.roots))
    return list(_on_disk(path, directories, project, Code(), added(TRACKERS)[0]).evidence)


def _on_disk(
    path: Path,
    directories: Sequence[Directory],
    project: Project,
    code: Code,
    theirs: Mapping[str, Added],
) -> _OnDisk:
    found = _OnDisk()
    for source, evidence in (*addresses(project, code), *stores(directories, project)):
        if not is_server(source.location):
            found.add(source, evidence)
    for source, evidence in named_here(project):
        found.add(source, evidence)
    for tracker, holds in _trackers_that_look(theirs, found.broken):
        try:
            holding = [directory for directory in directories if holds(directory)]
        except NotReadable as refusal:  # only another package's look can fail
            found.broken.append(_broken(tracker, "its own look at directories", refusal))
            continue
        for place in _places(path, holding, project):
            source = Source(tracker, location_of(tracker, place, project))
            found.add(source, f"directory {project.location(place)}/")
    return found


def _trackers_that_look(
    theirs: Mapping[str, Added], broken: list[Found]
) -> Iterator[tuple[str, Holds]]:
    """Yield the trackers whose runs are told by a look, and note those that cannot be loaded."""
    for name, tracker in TRACKERS.items():
        if tracker.holds:
            yield name, tracker.holds
    for name, point in theirs.items():
        try:
            looks = point.tracker().holds
        except NotReadable as refusal:
            broken.append(_broken(name, point.origin, refusal))
        else:
            if looks:
                yield name, looks


def _broken(tracker: str, evidence: str, refusal: NotReadable) -> Found:
    return Found(Source(tracker, "."), (evidence,), why_not=why_not(refusal))


def _places(path: Path, holding: Sequence[Directory], project: Project) -> list[Path]:
    """Return the directories of the sources that the directories with runs make up.

    Each directory right below the path that holds runs is a source. The path itself is one when
    it holds a run's files, when it is no project directory and its subdirectories are runs
    themselves, or when at least `LOGDIR_AT` of them are: it is then a directory of runs.
    """
    below = dict.fromkeys(d.relative.split("/", 1)[0] for d in holding)
    runs_right_below = sum("/" not in d.relative for d in holding)
    enough = LOGDIR_AT if path == project.directory else 1
    if "." in below or runs_right_below >= enough:
        return [path]
    return [path / name for name in below]


def _opened(source: Source, evidence: Sequence[str], project: Project) -> Found:
    try:
        listing = open_reader(source, project).list()
    except SamestepError as refusal:
        return Found(source, tuple(evidence), why_not=why_not(refusal))
    lost = len(listing.unreadable)
    more = [f"{lost} that look like runs cannot be read"] if lost else []
    # A source told by a look at directories leaves out what detection's own walk passed over.
    is_walked = source.tracker in TRACKERS and TRACKERS[source.tracker].holds is not None
    left_out = () if is_walked else listing.left_out
    return Found(source, (*evidence, *more), runs=len(listing.runs), left_out=left_out)


def _left_out(found: Sequence[Found]) -> list[str]:
    return [text.rstrip(".") for one in found for text in one.left_out]


def _with_mentions(local: Sequence[Found], elsewhere: Sequence[Found], code: Code) -> list[Found]:
    """Add what code says of a tracker to its first source, unless one behind a network has it."""
    said = {found.source.tracker for found in elsewhere}
    result: list[Found] = []
    for found in local:
        tracker = found.source.tracker
        mentions = () if tracker in said else told(code.of(tracker))
        said.add(tracker)
        evidence = tuple(dict.fromkeys([*found.evidence, *mentions]))
        result.append(replace(found, evidence=evidence))
    return result
