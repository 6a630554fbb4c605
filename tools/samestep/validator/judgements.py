"""The rules over what a comparison judges, and on what evidence."""

import math
from collections.abc import Iterator

from samestep.answers.comparison import Against, Cell, Comparison, Row
from samestep.validator.parts import ROUNDED, better_name, blocks, judged_rows, legend, rows, slack
from samestep.validator.problems import Check, comparison_check
from samestep.verdict import BEYOND_NOISE, FEWEST_SEEDS, SO_FAR, Kind, better_side, is_below

END_WITHIN = 1.5  # half an evaluation's spacing, which is at most x, may lie between x and the end
PROXY_KINDS: tuple[Kind, ...] = ("undecided", "not_comparable")


def _roles_apart(answer: Comparison) -> Iterator[str]:
    roles = {metric.metric: metric.role for metric in answer.metrics}
    for role, of_role in (("proxy", answer.proxy), ("downstream", answer.downstream)):
        for row in of_role:
            if roles.get(row.metric) != role:
                yield f"{row.metric} stands among the {role} metrics without that role"
    for metric in answer.metrics:
        if not metric.role_why or not metric.direction_why:
            yield f"{metric.metric} does not say why it is {metric.role}, or why that direction"
        if metric.role == "downstream" and not metric.role_why.startswith("declared"):
            yield f"{metric.metric} is downstream, and nobody declared it"
    for entry in answer.verdict.against:
        if entry.metric is not None and roles.get(entry.metric) != entry.role:
            yield f"{entry.metric} is judged as {entry.role}, and is not"


def _no_proxy_winner(answer: Comparison) -> Iterator[str]:
    verdict = answer.verdict
    for entry in verdict.against:
        if entry.role == "proxy" and entry.kind not in PROXY_KINDS:
            yield f"{entry.kind} against {entry.baseline} on a proxy"
        if entry.role == "proxy" and answer.downstream:
            yield f"a proxy is judged against {entry.baseline} where a downstream metric is there"
    if not answer.downstream and verdict.kind not in {None, *PROXY_KINDS}:
        yield f"{verdict.kind} without a downstream metric"
    if not answer.downstream and verdict.winner is not None:
        yield f"{verdict.winner} named winner without a downstream metric"
    judged = any(entry.kind == "undecided" for entry in verdict.against)
    if judged and not answer.downstream and "no-proxy-winner" not in verdict.blocked_by:
        yield "undecided on proxies, and the verdict does not say that they decide nothing"


def _winner_evidence(answer: Comparison) -> Iterator[str]:
    characters = {metric.metric: metric for metric in answer.metrics}
    for row in rows(answer):
        if row.better != better_side(row.delta, characters[row.metric].direction):
            yield f"{row.metric}: better is {row.better}, which its difference does not say"
    for entry in answer.verdict.against:
        judged = judged_rows(answer, entry)
        if not judged:
            yield f"{entry.kind} against {entry.baseline}, and no row of that"
        for row in judged:
            yield from _unfounded(answer, entry, row)
    yield from _disagreement(answer)
    yield from _unblocked(answer)


def _unfounded(answer: Comparison, entry: Against, row: Row) -> Iterator[str]:
    about = f"{entry.kind} against {entry.baseline} on {row.metric}"
    if entry.kind == "winner":
        yield from (f"{about}, and {lack}" for lack in _lacks(answer, row))
    if entry.kind in SO_FAR and row.better != SO_FAR[entry.kind]:
        yield f"{about}, and the other value is better"
    if entry.kind in {*SO_FAR, "winner"} and is_below(row.delta, row.minimum_effect):
        yield f"{about}, and the difference is below the smallest that matters"
    if entry.kind in SO_FAR and _noises(row) < BEYOND_NOISE * (1.0 - ROUNDED):
        yield f"{about}, and the difference is within noise"
    is_small = is_below(row.delta, row.minimum_effect)
    is_noise = is_small or _noises(row) <= BEYOND_NOISE * (1.0 + ROUNDED)
    if entry.kind == "within_noise" and not is_noise:
        yield f"{about}, and the difference is not within noise"


def _noises(row: Row) -> float:
    """Return how many times its noise a difference is; infinitely many where noise is unknown."""
    if row.delta is None:
        return math.nan
    if row.delta == 0.0:
        return 0.0
    return abs(row.delta) / row.noise if row.noise else math.inf


def _lacks(answer: Comparison, row: Row) -> Iterator[str]:
    """Say what a winner's row lacks of the evidence an answer can show."""
    if row.better is None:
        yield "neither side is better"
    if row.baseline_ended is not None:
        yield "the baseline ended before the student"
    for cell in (row.student, row.baseline):
        if cell.match != "exact":
            yield f"{cell.full_name} did not log it there"
        if len(set(cell.seeds or ())) < FEWEST_SEEDS:
            yield f"{cell.full_name} has a single seed"
        end = _newest(answer, cell)
        if end is not None and cell.x is not None and end > END_WITHIN * cell.x + slack(end):
            yield f"{cell.full_name} went on to {end:g}"
    for caveat in answer.caveats:
        if blocks(answer, caveat, row):
            yield f"a caveat blocks: {caveat.text}"


def _newest(answer: Comparison, cell: Cell) -> float | None:
    """Return how far the run of a cell has come, where the legend speaks of the axis."""
    entry = legend(answer).get(cell.full_name)
    if entry is None:
        return None
    return {"epoch": entry.current.epoch, "step": entry.current.step}.get(answer.at.axis)


def _disagreement(answer: Comparison) -> Iterator[str]:
    verdict = answer.verdict
    said = {(entry.kind, entry.winner) for entry in verdict.against}
    kind, winner = next(iter(said)) if len(said) == 1 else (None, None)
    if not said and (verdict.kind, verdict.winner) != ("not_comparable", None):
        yield f"the verdict is {verdict.kind}, without any judgement"
    if said and (verdict.kind, verdict.winner) != (kind, winner):
        yield f"the verdict is {verdict.kind} {verdict.winner}, its judgements {kind} {winner}"
    for entry in verdict.against:
        won = {better_name(row) for row in judged_rows(answer, entry) if entry.kind == "winner"}
        if won != {entry.winner} - {None}:
            yield f"{entry.winner} named winner against {entry.baseline}, and the rows say {won}"
    judged = {entry.baseline for entry in verdict.against}
    silent = {row.baseline.full_name for row in answer.downstream or answer.proxy} - judged
    yield from (f"no judgement against {name}" for name in sorted(silent))


def _unblocked(answer: Comparison) -> Iterator[str]:
    verdict = answer.verdict
    if verdict.kind == "winner" and verdict.blocked_by:
        yield f"a winner, and blocked by {', '.join(verdict.blocked_by)}"
    for entry in verdict.against:
        if entry.kind not in {"winner", "within_noise"} and not verdict.blocked_by:
            yield f"{entry.kind} against {entry.baseline}, and nothing says what it lacks"
        if entry.kind not in SO_FAR:
            continue
        for row in judged_rows(answer, entry):
            seeds = min(row.student.n or 1, row.baseline.n or 1)
            needed = {c.rule for c in answer.caveats if blocks(answer, c, row)}
            needed |= {"single-seed"} if seeds < FEWEST_SEEDS else set()
            yield from (
                f"{entry.kind} against {entry.baseline} without {rule} in blocked_by"
                for rule in sorted(needed - set(verdict.blocked_by))
            )


def _same_definition(answer: Comparison) -> Iterator[str]:
    for row in rows(answer):
        for caveat in answer.caveats:
            about = caveat.rule == "same-definition" and blocks(answer, caveat, row)
            if about and (row.delta is not None or row.better is not None):
                yield f"{row.metric} against {row.baseline.full_name} is not comparable, and compared"
    blocked = [c for c in answer.caveats if c.rule == "same-definition" and c.severity == "blocks"]
    for entry in answer.verdict.against:
        if entry.kind != "not_comparable":
            continue
        if any(row.delta is not None for row in judged_rows(answer, entry)):
            yield f"{entry.metric} is not comparable with {entry.baseline}, and subtracted"
        if not blocked:
            yield f"not comparable with {entry.baseline}, and no caveat says why"


JUDGEMENT_CHECKS: tuple[Check, ...] = (
    comparison_check("roles-apart", _roles_apart),
    comparison_check("no-proxy-winner", _no_proxy_winner),
    comparison_check("winner-evidence", _winner_evidence),
    comparison_check("same-definition", _same_definition),
)
