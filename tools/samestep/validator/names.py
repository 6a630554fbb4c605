"""The rule over the names of runs: each mention is a full name, and leads to one run."""

import re
from collections.abc import Iterator

from samestep.answers.answer import Answer, LegendEntry
from samestep.answers.comparison import Comparison
from samestep.validator.own_words import Judging, claims, reading, told
from samestep.validator.parts import legend, own_names, whole
from samestep.validator.problems import Check, comparison_check

SHORTEST = 4  # characters below which a part of a name is taken for a word
MOST_PARTS = 16  # parts of a name of which every stretch is looked for
OUR_WORDS = frozenset({"t-test", "Holm-adjusted"})


def _full_names(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Judging):
        first = answer.runs[0].full_name
        if not any(first in sentence.texts("run") for sentence in reading(answer)):
            yield f"the reading does not name {first}"
        yield from _shortened(answer)


def _of_runs_known(answer: Comparison) -> Iterator[str]:
    yield from _ambiguous(answer)
    named = {entry.baseline for entry in (*answer.verdict.against, *answer.catch_up)}
    winners = {answer.verdict.winner, *(entry.winner for entry in answer.verdict.against)}
    named |= {name for name in winners if name is not None}
    known = {*legend(answer), *(row.baseline.full_name for row in answer.downstream + answer.proxy)}
    yield from (f"{name} is no run of this answer" for name in sorted(named - known))


def _ambiguous(answer: Comparison) -> Iterator[str]:
    names = [entry.full_name for entry in answer.runs]
    yield from (f"{name} names two runs" for name in sorted(set(names)) if names.count(name) > 1)
    for entry in answer.runs:
        if entry.members and not _is_group_name(entry):
            yield f"{entry.full_name} is not what its group was asked for by"


def _is_group_name(entry: LegendEntry) -> bool:
    """Return whether a group goes by its pattern or its members, and its sources where needed."""
    sources = dict.fromkeys(member.run.rpartition("#")[0] for member in entry.members)
    name = entry.full_name.removesuffix(f" ({', '.join(sources)})")
    if entry.run is not None:
        return entry.run == f"group:{name}" or entry.run.endswith(f"#{name}")
    members = ", ".join(member.full_name for member in entry.members)
    return name.startswith(members) if entry.more_members else name == members


def _shortened(answer: Answer) -> Iterator[str]:
    names = set[str]().union(*map(own_names, answer.runs))
    parts = {part for name in names for part in re.split(r"[/,\s]+", name)}
    stretches = parts | {part for name in names for part in _stretches(name)}
    for wanted, sentences in ((stretches, told(answer)), (parts, claims(answer))):
        telling = sorted(filter(_telling, wanted - names - OUR_WORDS))
        pattern = re.compile("|".join(map(whole, telling)) or r"(?!)")
        for sentence in sentences:
            found = pattern.search(sentence.words)
            if found:
                yield f"{found[0]!r} stands for a run in {str(sentence)!r}"


def _stretches(name: str) -> Iterator[str]:
    """Yield every stretch of a name between two of its marks: `resnet50-cosine`, `cosine/seed0`."""
    edges = [0, *(found.start() for found in re.finditer(r"[/,\s_.=-]", name)), len(name)]
    if len(edges) > MOST_PARTS:
        return
    for at, start in enumerate(edges):
        yield from (name[start:end].strip("/, _.=-") for end in edges[at + 1 :])


def _telling(part: str) -> bool:
    """Return whether a part of a name could pass for the name: `seed0`, `resnet50-cosine`."""
    return (
        len(part) >= SHORTEST
        and bool(re.search(r"[a-z]", part))
        and bool(re.search(r"[\d_-]", part))
    )


NAME_CHECKS: tuple[Check, ...] = (
    comparison_check("full-names", _of_runs_known),
    Check("full-names", _full_names),
)
