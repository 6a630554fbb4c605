"""Metrics that are not what they seem: other data, another scale, sign, direction or reduction."""

from collections.abc import Callable, Iterator, Sequence

from samestep.analysis.axis import Curve
from samestep.analysis.choose import Chosen
from samestep.analysis.comparable import scale_mismatch, sign_mismatch
from samestep.analysis.comparable.directions import moves_against
from samestep.analysis.comparable.reductions import beside, reduction_of
from samestep.phrases import number
from samestep.questions.caveats.differences import merged
from samestep.questions.caveats.words import Said, facts_told, joined, listed, names_told, said
from samestep.questions.rows import Judged, same_direction

Mismatch = Callable[[str, Sequence[Curve], Sequence[Curve], float], object]


def definition_caveats(judged: Sequence[Judged]) -> Iterator[Said]:
    """Yield what keeps the values of a metric from meaning the same on both sides."""
    yield from _other_data(judged)
    yield from _mismatched(
        judged, scale_mismatch, "in percent on one side and a fraction on the other"
    )
    yield from _mismatched(judged, sign_mismatch, "the negative on one side of what the other logs")
    yield from _pairs(judged)
    yield from _directions(judged)


def _other_data(judged: Sequence[Judged]) -> Iterator[Said]:
    """Say which metrics are not measured on the same data; all rows need no names."""
    apart = [one for one in judged if one.facing.audit.measured_apart(one.row.metric)]
    if not apart:
        return
    facings = {one.baseline.name: one.facing for one in apart}
    found = [
        finding
        for facing in facings.values()
        for finding in facing.audit.findings
        if finding.kind == "evaluation data"
    ]
    metrics = list(dict.fromkeys(one.row.metric for one in apart))
    everything = {one.row.metric for one in judged} == set(metrics)
    about = "" if everything else f"{', '.join(metrics)}: "
    names = joined([apart[0].facing.student.name, *facings])
    text = f"{about}{names} are not evaluated on the same data {facts_told(merged(found))}."
    yield said("same-definition", "blocks", text)


def _mismatched(judged: Sequence[Judged], mismatch: Mismatch, how: str) -> Iterator[Said]:
    for metric in dict.fromkeys(one.row.metric for one in judged):
        names: dict[str, None] = {}
        for one in judged:
            if one.row.metric == metric and _differ(one, mismatch):
                names |= {one.row.student.full_name: None, one.row.baseline.full_name: None}
        if names:
            text = f"{metric} is {how} of {joined(list(names))}; they are not subtracted."
            yield said("same-definition", "blocks", text)


def _differ(one: Judged, mismatch: Mismatch) -> bool:
    return one.x is not None and mismatch(one.compared.student, *one.curves, one.x) is not None


def _pairs(judged: Sequence[Judged]) -> Iterator[Said]:
    """Say which metrics are compared under two names, and which of them cannot be."""
    seen: set[str] = set()
    for one in judged:
        ours, theirs = one.compared.student, one.compared.baseline
        if ours == theirs or ours in seen:
            continue
        seen.add(ours)
        if not same_direction(one.compared):
            text = f"{ours} and {theirs} are paired, and one is better higher, the other lower."
            yield said("same-definition", "blocks", text)
        else:
            names = f"{ours} of the student is compared with {theirs} of the baselines"
            text = f"{names}, as {one.compared.paired_by}"
            yield said("same-definition", "warns", f"{text}{_reduced(ours, theirs)}.")


def _reduced(ours: str, theirs: str) -> str:
    """Say how two names reduce one quantity, where they do so differently."""
    how = [reduction_of(ours), reduction_of(theirs)]
    if how[0] == how[1]:
        return ""
    return f"; their names reduce it differently ({how[0] or 'unsaid'}, {how[1] or 'unsaid'})"


def _directions(judged: Sequence[Judged]) -> Iterator[Said]:
    """Say which metrics get steadily worse by their names, and how to declare otherwise."""
    moving: dict[str, dict[str, None]] = {}
    for one in judged:
        if one.compared.character.direction_why != "name":
            continue
        for party, metric in zip(
            one.facing.parties, (one.compared.student, one.compared.baseline), strict=True
        ):
            curves = one.facing.stand.curves(party, metric)
            direction = one.compared.character.direction
            if any(moves_against(metric, direction, c, one.facing.stand.x) for c in curves):
                moving.setdefault(one.row.metric, {})[party.name] = None
    for metric, names in moving.items():
        way = "lower" if _higher(metric, judged) else "higher"
        yield said(
            "same-definition",
            "warns",
            f"{metric} gets steadily worse in {joined(list(names))} by what its name says: "
            f'metrics=["{metric}:{way}"] declares the other direction.',
        )


def _higher(metric: str, judged: Sequence[Judged]) -> bool:
    ways = {one.compared.character.direction for one in judged if one.row.metric == metric}
    return "higher" in ways


def reduction_caveats(judged: Sequence[Judged], chosen: Chosen) -> Iterator[Said]:
    """Say which metrics stand beside another reduction of the same quantity in one run."""
    told: dict[str, str] = {}
    for one in judged:
        metric = one.row.metric
        for run in (*one.facing.student.runs, *one.baseline.runs):
            found = beside(metric, chosen.axes[str(run.ref)].curves)
            if found is not None and metric not in told:
                at = f"at {chosen.name} {number(found.x)} of {run.full_name}"
                other = f"{names_told([found.metric])} {number(found.other)}"
                told[metric] = f"{number(found.value)} beside {other} {at}"
    if told:
        text = f"{listed(list(told))}: also logged in another reduction, which is another number"
        yield said("same-definition", "notes", f"{text} ({'; '.join(list(told.values())[:2])}).")
