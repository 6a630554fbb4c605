"""Which candidates measure one thing: on one scale, with one sign, data and task."""

from collections.abc import Sequence

from samestep.analysis.comparable import scale_mismatch, sign_mismatch
from samestep.analysis.comparable.evaluations import evaluation_data, is_measured_on
from samestep.analysis.comparable.parties import differing
from samestep.analysis.significance.factors import tasks_of
from samestep.analysis.significance.task_names import tasks_spelled
from samestep.questions.ranking.entrants import Entrant

MOST_TASKS = 3  # named in one sentence


def measured_alike(
    entrants: Sequence[Entrant], metric: str, x: float
) -> tuple[list[Entrant], list[tuple[Entrant, str]]]:
    """Return the most candidates that measure a metric alike, and the others with the reason.

    In the order asked; of two equally large parts the one that comes first is kept.
    """
    parts: list[list[Entrant]] = []
    for entrant in entrants:
        part = next((one for one in parts if not _apart(one[0], entrant, metric, x)), None)
        if part is None:
            parts.append([entrant])
        else:
            part.append(entrant)
    first = max(parts, key=len)[0] if parts else None
    kept: list[Entrant] = []
    others: list[tuple[Entrant, str]] = []
    for one in (one for part in parts for one in part):
        how = "" if first is None else _apart(first, one, metric, x)
        if how:
            others.append((one, how))
        else:
            kept.append(one)
    place = {id(entrant): at for at, entrant in enumerate(entrants)}
    kept.sort(key=lambda one: place[id(one)])
    return kept, [(one, f"{how} of {_most(kept)}") for one, how in others]


def tasks_pooled(entrants: Sequence[Entrant]) -> str:
    """Return which candidate's runs are of several tasks by their names, as a clause; or nothing.

    Of tasks that a setting names the audit tells already.
    """
    for entrant in entrants:
        found = tasks_of([entrant.side.runs])
        seeds = {run.seed for run in entrant.side.runs}
        if found is not None and len(seeds) > 1:  # one seed again and again tells no tasks
            count = len(set(found.of.values()))
            return f"{entrant.side.name} is of {count} tasks, by {found.by}"
    return ""


def tasks_apart(entrants: Sequence[Entrant]) -> str:
    """Return which candidates are of different tasks by their names, as a clause; or nothing."""
    first: dict[frozenset[str], str] = {}
    for entrant in entrants:
        tasks = tasks_spelled(entrant.side.runs)
        if tasks is not None:
            first.setdefault(frozenset(tasks), entrant.side.name)
    told = [f"{name} of {', '.join(sorted(tasks)[:2])}" for tasks, name in first.items()]
    return ", ".join(told[:MOST_TASKS]) if len(told) > 1 else ""


def _most(kept: Sequence[Entrant]) -> str:
    more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
    return f"{kept[0].side.name}{more}"


def _apart(first: Entrant, second: Entrant, metric: str, x: float) -> str:
    """Return how two candidates measure a metric differently; nothing where they do not."""
    if scale_mismatch(metric, first.curves, second.curves, x):
        return "in percent or a fraction, unlike that"
    if sign_mismatch(metric, first.curves, second.curves, x):
        return "the negative of what is logged, unlike that"
    parties = (first.party, second.party)
    facts = [
        fact
        for finding in evaluation_data(parties, differing(parties))
        if finding.kind == "evaluation data"
        for fact in finding.facts
        if is_measured_on(metric, fact)
    ]
    return f"evaluated on other data ({facts[0].subject}) than that" if facts else ""
