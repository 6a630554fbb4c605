"""The rules over an answer that tells what differs between runs."""

import re
from collections.abc import Callable, Iterator, Sequence

from samestep.answers.answer import Answer
from samestep.answers.configs import ConfigComparison
from samestep.errors import BadReference
from samestep.model import RunRef
from samestep.rules import RuleId
from samestep.validator.problems import Check

FEWEST_RUNS = 2
A_SINGLE_CHANGE = re.compile(r"\b(one|a single) thing differs\b", re.IGNORECASE)
NO_CHANGE = re.compile(
    r"^Nothing that is recorded|equal in everything but the seed|is not recorded\.$"
)
AT_X = "x"  # how a cost was read, where it stands for an x, ends with this word


def _columns(answer: ConfigComparison) -> Iterator[tuple[str, Sequence[object]]]:
    """Yield every row of the answer: what it is about, and a value for each run."""
    for row in answer.parameters.differing if answer.parameters else ():
        yield row.key, row.values
    for record in (*(answer.lineage or ()), *(answer.environment or ()), *answer.changed):
        yield record.what, record.values
    for cost in answer.resources.rows if answer.resources else ():
        yield cost.what, cost.values


def _traceable(answer: ConfigComparison) -> Iterator[str]:
    if len(answer.runs) < FEWEST_RUNS:
        yield f"{len(answer.runs)} runs are compared with each other"
    for entry in answer.runs:
        try:
            RunRef.parse(entry.run or "")
        except BadReference:
            yield f"{entry.full_name} leads to no run"
    for what, values in _columns(answer):
        if len(values) != len(answer.runs):
            yield f"{what} has {len(values)} values for {len(answer.runs)} runs"


def _full_names(answer: ConfigComparison) -> Iterator[str]:
    names = [entry.full_name for entry in answer.runs]
    yield from (f"{name} names two runs" for name in sorted(set(names)) if names.count(name) > 1)
    mentioned = {name for group in answer.groups for name in group.members}
    rows = answer.parameters.differing if answer.parameters else []
    mentioned |= {name for row in rows for name in row.absent}
    yield from (f"{name} is no run of this answer" for name in sorted(mentioned - set(names)))


def _absent_said(answer: ConfigComparison) -> Iterator[str]:
    names = [entry.full_name for entry in answer.runs]
    for row in answer.parameters.differing if answer.parameters else ():
        pairs = zip(names, row.values, strict=False)
        filled = [name for name, value in pairs if name in row.absent and value is not None]
        yield from (f"{row.key} of {name} is absent, and has a value" for name in filled)


def _one_change(answer: ConfigComparison) -> Iterator[str]:
    count = len(answer.changed) + answer.changed_left
    told = any(caveat.rule == "one-change" for caveat in answer.caveats)
    if count > 1 and not told:
        yield f"{count} things changed, and no caveat lists them"
    if count != 1 and A_SINGLE_CHANGE.search(answer.reading):
        yield f"{count} things changed, and the reading names one"
    if count and NO_CHANGE.search(answer.reading):
        yield f"{count} things changed, and the reading says none"


def _same_x(answer: ConfigComparison) -> Iterator[str]:
    found = answer.resources
    if found is None:
        return
    if (found.axis is None) != (found.value is None):
        yield "an axis and its x do not go together"
    if found.axis is None:
        yield from (
            f"{row.what} is told {row.how}, and the runs share no axis"
            for row in found.rows
            if row.how.endswith(AT_X)
        )


def _pages(answer: ConfigComparison) -> Iterator[str]:
    if (answer.parameters_left > 0) != bool(answer.next_cursor):
        left = answer.parameters_left
        yield f"{left} settings are left, and the cursor is {answer.next_cursor!r}"


def _check(rule: RuleId, problems: Callable[[ConfigComparison], Iterator[str]]) -> Check:
    def of_configs(answer: Answer) -> Iterator[str]:
        return problems(answer) if isinstance(answer, ConfigComparison) else iter(())

    return Check(rule, of_configs)


CONFIG_CHECKS: tuple[Check, ...] = (
    _check("traceable", _traceable),
    _check("full-names", _full_names),
    _check("absent-said", _absent_said),
    _check("one-change", _one_change),
    _check("same-x", _same_x),
    _check("partial-said", _pages),
)
