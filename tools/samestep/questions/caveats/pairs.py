"""Metrics that may be one under two names, and how to have them compared."""

import json
from collections.abc import Iterator, Sequence

from samestep.analysis.pairing import ProposedPair, proposed_pairs
from samestep.questions.caveats.words import Said, said
from samestep.questions.metrics import logged
from samestep.questions.rows import Judged
from samestep.questions.sides import KnownSide

MOST_PAIRS = 3


def pair_caveats(sides: Sequence[KnownSide], judged: Sequence[Judged]) -> Iterator[Said]:
    """Propose pairs of names that are not compared; they are, once the caller says so."""
    student, *baselines = sides
    paired = {one.compared.student for one in judged if one.compared.paired_by}
    runs = [run for baseline in baselines for run in baseline.runs]
    unread = sorted({name for run in runs for name in run.history.unread})
    theirs = list(dict.fromkeys([*logged(runs), *unread]))
    proposed = proposed_pairs(logged(student.runs), theirs)
    found = [one for one in proposed if one.student not in paired]
    if found:
        yield said("same-definition", "notes", proposal(found), needed=not judged)


def proposal(found: Sequence[ProposedPair]) -> str:
    """Return the pairs in a sentence, with the reason and the argument that compares them."""
    told = ", ".join(
        f"{one.student} and {one.baseline} (both say {one.meaning})" for one in found[:MOST_PAIRS]
    )
    rest = len(found) - MOST_PAIRS
    more = f" and {rest} more" if rest > 0 else ""
    pairs = {one.student: one.baseline for one in found[:MOST_PAIRS]}
    argument = json.dumps(pairs, ensure_ascii=False)
    return (
        f"By their names one metric, and not compared until somebody says so: {told}{more}; "
        f"pairs={argument} or [metrics.pairs] in samestep.toml compares them."
    )
