"""What limits a ranking: seeds, luck, who stands apart, what constraints leave unknown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from samestep.analysis.comparable import Audit
from samestep.analysis.ranking.constraints import Constraint
from samestep.answers.answer import Caveat
from samestep.phrases import number
from samestep.questions.caveats.axes import axis_caveats
from samestep.questions.caveats.differences import audit_caveats
from samestep.questions.caveats.placements import overwritten_caveats, restart_caveats
from samestep.questions.caveats.room import fitted
from samestep.questions.caveats.words import Said, joined, listed, names_told, said
from samestep.questions.ranking.candidates import Candidates
from samestep.questions.ranking.entrants import Out
from samestep.questions.ranking.goal import metric_names
from samestep.questions.ranking.order import Order
from samestep.questions.ranking.same_definition import tasks_apart, tasks_pooled
from samestep.questions.sides import KnownSide, reading_caveats

MOST_REASONS = 3
MOST_LOSSES = 4  # runs whose losses are told one by one


def ranking_caveats(
    asked: Candidates,
    found: Order,
    constraints: Sequence[Constraint],
    audit: Audit | None,
    told: Sequence[KnownSide],
) -> list[Caveat]:
    """Return the caveats of a ranking, as far as there is room for them.

    Args:
        asked: The candidates.
        found: What was found of them.
        constraints: What they were held against.
        audit: What differs between those ranked; None with fewer than two.
        told: The candidates of the page's legend.
    """
    ranked = [one.entrant.side for one in found.placed]
    curves = {one.entrant.side.name: one.entrant.curves for one in found.placed}
    caveats = [
        *_unlogged(asked, found, constraints),
        *_tasks(found),
        *_in_part(found),
        *apart_caveats(found.contest.apart, "ranked"),
        *axis_caveats(ranked, found.contest.chosen),
        *restart_caveats(curves),
        *_differences(ranked, audit),
        *_single(found),
        *_repeated(found),
        *put_together_caveats(asked),
        *_not_counted(found),
        *_luck(found),
        *_losses(asked, told),
        *_role(found),
        *overwritten_caveats(curves),
    ]
    return fitted(caveats, len(told))


def _unlogged(asked: Candidates, found: Order, constraints: Sequence[Constraint]) -> Iterator[Said]:
    """Say which constraints are on metrics that nobody logged, and what is logged."""
    names = metric_names(asked.runs)
    lacking = [one.metric for one in constraints if one.metric not in names]
    if lacking:
        yield said(
            "absent-said",
            "warns",
            f"No run logs what a constraint asks for ({names_told(lacking)}): it is unknown of "
            f"every candidate, and none passes. Logged are others ({names_told(names)}).",
            needed=True,
        )
    elif found.removed and not found.placed:
        text = f"No candidate keeps to the constraints; {len(found.removed)} are listed as removed."
        yield said("absent-said", "warns", text, needed=True)


def _tasks(found: Order) -> Iterator[Said]:
    entrants = [one.entrant for one in found.placed]
    apart, pooled = tasks_apart(entrants), tasks_pooled(entrants)
    if apart:
        text = f"By the names of their runs candidates are of different tasks: {apart}."
        yield said("one-change", "blocks", text, needed=True)
    if pooled:
        text = (
            f"Tasks are no seeds: {pooled}, and its mean and interval are of them together; "
            "ask for each task apart."
        )
        yield said("one-change", "blocks", text, needed=True)


def _in_part(found: Order) -> Iterator[Said]:
    """Say which candidates keep to a constraint by some of their seeds, of others it is unknown."""
    told = [
        f"{one.entrant.side.name}: {held.constraint.metric} of {known} of {seeds} seeds"
        for one in found.placed
        for held in one.checked.constraints
        if (known := len(held.measured.seeds)) < (seeds := len(one.entrant.value.points))
    ]
    if told:
        text = f"Constraints that are known of a part of the seeds alone: {_few(told)}."
        yield said("absent-said", "warns", text, needed=True)


def _differences(ranked: Sequence[KnownSide], audit: Audit | None) -> Iterator[Said]:
    if audit is not None:
        yield from audit_caveats([side.name for side in ranked], audit.findings)


def apart_caveats(apart: Sequence[Out], what: str) -> Iterator[Said]:
    """Say how many candidates are not `what` (ranked, counted), and the reasons of the first few."""
    lost = [one for one in apart if one.side is None]
    others = [one for one in apart if one.side is not None]
    if others:
        reasons = [f"{one.name}: {one.why}" for one in others]
        text = f"Not {what} at this x, and listed apart: {len(others)} ({_few(reasons)})."
        running = sum(one.state == "running" for one in others)
        still = f" Still running, and may yet pass the first there: {running}." if running else ""
        yield said("same-x", "blocks" if running else "warns", f"{text}{still}", needed=True)
    if lost:
        reasons = [f"{one.name}: {one.why}" for one in lost]
        text = f"{len(lost)} that look like runs cannot be read ({_few(reasons)})."
        yield said("partial-said", "warns", text, needed=True)


def _few(reasons: Sequence[str]) -> str:
    shown = [reason.translate(str.maketrans("()", "[]")) for reason in reasons]
    return listed(shown, MOST_REASONS)


def _single(found: Order) -> Iterator[Said]:
    single = [one.entrant.side.name for one in found.placed if len(one.entrant.value.points) == 1]
    if single:
        of = f"{len(single)} of {len(found.placed)} ranked candidates are single runs"
        text = f"{of} ({joined(single)}): another seed may have another place."
        yield said("single-seed", "warns", text, needed=True)


def _repeated(found: Order) -> Iterator[Said]:
    for one in found.placed:
        runs = one.entrant.side.runs
        seeds = [run.seed for run in runs if run.seed is not None]
        if len(set(seeds)) < len(seeds):
            text = (
                f"Of the {len(runs)} runs of {one.entrant.side.name} some have the same seed "
                f"({listed(seeds)}); a seed counts once."
            )
            yield said("single-seed", "warns", text)


def put_together_caveats(asked: Candidates) -> Iterator[Said]:
    """Say which runs were taken as the seeds of one thing without being asked for as one."""
    if asked.groups:
        runs = sum(len(group.members) for group in asked.groups)
        things = "1 candidate" if len(asked.groups) == 1 else f"{len(asked.groups)} candidates"
        keys = dict.fromkeys(f"config {key}" for group in asked.groups for key in group.by)
        by = names_told(list(keys)) or "no seed is named"
        text = f"{runs} runs are equal in everything but the seed ({by}) and taken as {things}."
        yield said("single-seed", "notes", text, needed=True)


def _not_counted(found: Order) -> Iterator[Said]:
    missing: Mapping[str, str] = {
        name: why for one in found.placed for name, why in one.entrant.value.missing.items()
    }
    if missing:
        told = _few([f"{name}: {why}" for name, why in missing.items()])
        text = f"Seeds that do not count in their group at this x: {len(missing)} ({told})."
        yield said("absent-said", "warns", f"{text} Those that remain are no fair sample.")


def _luck(found: Order) -> Iterator[Said]:
    """Say that the first of many is first by luck too, and by how much where that is known."""
    if len(found.placed) <= 1:
        return
    first = found.placed[0]
    value = number(first.entrant.value.value)
    opening = f"The first of {len(found.placed)} candidates stands too high on average"
    name = first.entrant.side.name
    if first.shrunken is not None:
        drawn = f"{name} is at {number(first.shrunken)} rather than {value}"
        text = f"{opening}: drawn to the mean of all, {drawn} ({found.luck.source})."
    elif found.luck.spread is None:
        text = f"{opening}; by how much cannot be said, as {found.luck.source}."
    else:
        text = f"{opening}; of fewer than three, or equal ones, no estimate is made."
    text = text if found.goal.direction == "higher" else text.replace("too high", "too low")
    yield said("winner-evidence", "notes", text, needed=True)


def _losses(asked: Candidates, told: Sequence[KnownSide]) -> Iterator[Said]:
    """Say what the reading of runs lost: of the page's one by one, of the others how many."""
    shown = [replace(side.side, unreadable=()) for side in told]
    for caveat in reading_caveats(shown):
        yield Said(caveat, needed=True)
    names = {str(run.ref) for side in told for run in side.runs}
    others = [one for one in asked.runs if one.history.read.losses and str(one.ref) not in names]
    if others:
        names_of = listed([one.full_name for one in others], MOST_LOSSES)
        text = f"{len(others)} more runs were read in part ({names_of})."
        yield said("partial-said", "warns", text, needed=True)


def _role(found: Order) -> Iterator[Said]:
    goal = found.goal
    if goal.character.role == "proxy":
        text = (
            f"{goal.name} is a proxy ({goal.character.role_why}), so this order decides nothing; "
            f"samestep.toml declares what the project is for ([metrics] downstream)."
        )
        yield said("roles-apart", "notes", text, needed=True)
