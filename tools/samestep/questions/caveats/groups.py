"""Seeds: single runs, groups that count one twice, members that did not get to x."""

from collections.abc import Iterator, Mapping, Sequence

from samestep.analysis.copies import NO_SEED, ONCE
from samestep.analysis.seeds import Candidate, SeedGroup, seed_groups
from samestep.answers.comparison import Cell, Row
from samestep.questions.caveats.words import MOST_NAMED, Said, joined, listed, names_told, said
from samestep.questions.rows import Judged
from samestep.questions.sides import KnownSide

FEWEST_SEEDS = 2
MOST_AWAY = 3  # metrics whose distance from a group's mean is told


def seed_caveats(sides: Sequence[KnownSide], judged: Sequence[Judged]) -> Iterator[Said]:
    """Yield what is to be known of the seeds of each side."""
    yield from _repeated(sides)
    yield from single_caveats(sides)
    yield from _deviations(judged)
    yield from _not_counted(judged)


def sibling_caveats(sides: Sequence[KnownSide], beside: Sequence[Candidate]) -> Iterator[Said]:
    """Yield which runs would make a group of seeds, by their configs.

    Args:
        sides: The sides of the question.
        beside: Other runs of their sources, as far as a listing tells their configs.
    """
    single = [side.runs[0] for side in sides if len(side.runs) == 1]
    asked = {str(run.ref): Candidate.of_run(run) for run in single}
    others = [candidate for candidate in beside if candidate.ref not in asked]
    for group in seed_groups([*asked.values(), *others]):
        if any(member.ref in asked for member in group.members):
            yield said("single-seed", "notes", group_told(group))


def group_told(group: SeedGroup) -> str:
    """Return which runs are seeds of one thing, and how they are compared as one."""
    names = joined(group.names, MOST_NAMED)
    if group.by:
        keys = names_told([f"config {key}" for key in group.by])
        return f"{names} are equal in everything but the seed ({keys}); a list of them is one side."
    seed = group.members[0].seed
    known = f"the seed included ({names_told([seed])})" if seed else "and none names a seed"
    return f"{names} are equal in every setting that is recorded, {known}."


def _repeated(sides: Sequence[KnownSide]) -> Iterator[Said]:
    for side in sides:
        seeds = [run.seed for run in side.runs if run.seed is not None]
        if len(set(seeds)) < len(seeds):
            yield said(
                "single-seed",
                "warns",
                f"Of the {len(side.runs)} runs of {side.name} some have the same seed "
                f"({listed(seeds)}); a seed counts once.",
            )


def single_caveats(sides: Sequence[KnownSide]) -> Iterator[Said]:
    """Label single runs as such."""
    single = [side.name for side in sides if len(side.runs) == 1]
    if single:
        some = f"{listed(single)} {'is a single run' if len(single) == 1 else 'are single runs'}"
        are = "Every side is a single run" if 1 < len(single) == len(sides) else some
        its = "its" if len(single) == 1 else "their"
        yield said(
            "single-seed",
            "warns",
            f"{are}: another seed may differ by more than {its} noise, "
            "which is that of the curve around x.",
            needed=True,
        )


def _deviations(judged: Sequence[Judged]) -> Iterator[Said]:
    """Say how far a single value lies from the mean of a group, in the group's own spread."""
    away: dict[tuple[str, str, int], list[str]] = {}
    for one in judged:
        for single, group in _single_and_group(one.row):
            if single.value is None or group.value is None or not group.spread:
                continue
            deviations = (single.value - group.value) / group.spread
            key = (single.full_name, group.full_name, group.n or 0)
            away.setdefault(key, []).append(f"{deviations:+.2g} on {one.row.metric}")
    for (single_name, group_name, n), told in away.items():
        yield said(
            "single-seed",
            "warns",
            f"From the mean of {group_name} (n={n}) {single_name} is, in standard deviations of "
            f"its seeds, {listed(told, MOST_AWAY)}.",
        )


def _single_and_group(row: Row) -> Iterator[tuple[Cell, Cell]]:
    for one, other in ((row.student, row.baseline), (row.baseline, row.student)):
        several = len(set(other.seeds or ())) >= FEWEST_SEEDS
        if one.n is None and several and row.delta is not None:
            yield one, other


def _not_counted(judged: Sequence[Judged]) -> Iterator[Said]:
    missing: dict[str, dict[str, str]] = {}
    for one in judged:
        for cell in (one.row.student, one.row.baseline):
            for name, why in (cell.not_counted or {}).items():
                missing.setdefault(name, {})[one.row.metric] = why
    if missing:
        told = [_missing_told(name, of) for name, of in missing.items()]
        filled = all(
            why.endswith((NO_SEED, ONCE)) for of in missing.values() for why in of.values()
        )
        rest = "" if filled else " Those that remain are no fair sample."
        yield said(
            "absent-said",
            "warns",
            f"Not counted in their group at x: {listed(told)}.{rest}",
        )


def _missing_told(name: str, of: Mapping[str, str]) -> str:
    return f"{name} in {listed(list(of))} ({next(iter(of.values()))})"
