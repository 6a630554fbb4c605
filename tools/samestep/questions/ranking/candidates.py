"""The candidates of a ranking: what a caller listed, and seeds of one thing put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import takewhile

from samestep.analysis.finals import with_finals
from samestep.analysis.seeds import Candidate, SeedGroup, seed_groups
from samestep.analysis.seen import with_epoch_length
from samestep.errors import BadArgument
from samestep.model import Run, Unreadable
from samestep.questions.seed_settings import with_seed
from samestep.questions.sides import KnownSide, known
from samestep.readers.registry import identity, is_tracker
from samestep.resolve import Lookup, Side
from samestep.settings import Project

GROUP = "group:"
Written = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is compared with each other."""

    sides: tuple[KnownSide, ...]
    groups: tuple[SeedGroup, ...]
    """The runs that were put together as seeds of one thing, by their configs."""
    unreadable: tuple[Unreadable, ...]

    @property
    def runs(self) -> list[Run]:
        """Every run of every candidate."""
        return [run for side in self.sides for run in side.runs]


def candidates(
    written: Sequence[Written], wanted: Callable[[str], bool], project: Project
) -> Candidates:
    """Return the candidates a caller wrote.

    An entry is one candidate: a run, a list of seeds, a `group:`. A source, and a `group:` that
    stands alone, are every run of them: those that are seeds of one thing by their configs are
    one candidate, every other run is one of its own.

    Raises:
        BadArgument: A run belongs to two candidates.
        SamestepError: What `Lookup.sides` raises.
    """
    entries = [_as_group(one, project) for one in written]
    sides = Lookup(project).sides(entries, wanted)
    alone = len(entries) == 1
    whole: list[Side] = []
    groups: list[SeedGroup] = []
    for given, entry, side in zip(written, entries, sides, strict=True):
        is_many = entry != given or (alone and isinstance(entry, str) and entry.startswith(GROUP))
        if not is_many:
            whole.append(side)
            continue
        apart, found = _spread(side, entry if entry != given else None, project)
        whole.extend(apart)
        groups.extend(found)
    _refuse_overlap(whole, project)
    placed = [replace(one, runs=tuple(map(_placed, one.runs))) for one in whole]
    unreadable = tuple(lost for side in sides for lost in side.unreadable)
    return Candidates(tuple(known(placed, project)), tuple(groups), unreadable)


def _placed(run: Run) -> Run:
    return with_epoch_length(with_finals(run))


def _as_group(written: Written, project: Project) -> Written:
    """Return a source as the group of all its runs, anything else as it is."""
    if not isinstance(written, str) or "#" in written or written.startswith(GROUP):
        return written
    named = project.settings.sources.get(written)
    if named is not None:
        return f"{GROUP}{named}#*"
    tracker, colon, location = written.partition(":")
    return f"{GROUP}{written}#*" if colon and location and is_tracker(tracker) else written


def _spread(
    side: Side, source: Written | None, project: Project
) -> tuple[list[Side], list[SeedGroup]]:
    """Return the runs of a side as candidates, seeds of one thing together.

    Args:
        side: The runs.
        source: The group of all runs of a source, where the side is one.
        project: Where the question is asked from.
    """
    runs = {str(run.ref): with_seed(run, project) for run in side.runs}
    found = seed_groups(Candidate.of_run(run) for run in runs.values())
    first = {group.members[0].ref: group for group in found}
    together = {member.ref for group in found for member in group.members}
    sides: list[Side] = []
    for ref, run in runs.items():
        if ref in first:
            members = tuple(runs[member.ref] for member in first[ref].members)
            sides.append(_together(members, side, source))
        elif ref not in together:
            sides.append(Side(run.full_name, (run,)))
    return sides, found


def _together(members: tuple[Run, ...], of: Side, source: Written | None) -> Side:
    """Return seeds as one side: by the pattern that fits them and no other run, where one does."""
    names = [run.full_name for run in members]
    start = _shared_start(names)
    end = _shared_start([name[len(start) :][::-1] for name in names])[::-1]
    pattern = f"{start}*{end}"
    others = [*(run.full_name for run in of.runs), *(lost.where for lost in of.unreadable)]
    fits = {name for name in others if fnmatchcase(name, pattern)}
    if isinstance(source, str) and start and fits == set(names) and "#" not in pattern:
        return Side(pattern, members, f"{source.removesuffix('*')}{pattern}")
    return Side(", ".join(names), members)


def _shared_start(names: Sequence[str]) -> str:
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    return "".join(signs[0] for signs in alike)


def _refuse_overlap(sides: Sequence[Side], project: Project) -> None:
    seen: set[str] = set()
    for side in sides:
        for run in side.runs:
            same = identity(run.ref, project)
            if same in seen:
                takes = "every run in one candidate: this one belongs to two"
                raise BadArgument("runs", str(run.ref), takes)
            seen.add(same)
