"""What may be said of the first of a ranking against all others."""

import math
from collections.abc import Sequence

from samestep.analysis.comparable import Audit
from samestep.analysis.compare import SideValue
from samestep.analysis.ends import common_end, end_of
from samestep.answers.ranking import RankingVerdict
from samestep.phrases import number
from samestep.questions.ranking.at_one_x import Contest
from samestep.questions.ranking.entrants import Entrant
from samestep.questions.ranking.order import Order, Placed
from samestep.questions.ranking.same_definition import tasks_apart, tasks_pooled
from samestep.questions.wording import SHORTFALLS
from samestep.rules import RuleId
from samestep.verdict import Judgement, Kind, Shortfall, Standing, judge

WEAKEST: tuple[Kind, ...] = (
    "not_comparable",
    "undecided",
    "behind_so_far",
    "within_noise",
    "ahead_so_far",
    "winner",
)
LACKS: dict[Shortfall, str] = {
    **SHORTFALLS,
    "not significant": "the test does not tell it from every other",
}
NOTHING = RankingVerdict(
    kind="undecided",
    winner=None,
    blocked_by=["absent-said"],
    text="There are no two candidates that can be compared.",
)


def ranking_verdict(found: Order, audit: Audit | None) -> RankingVerdict:
    """Judge the first against every other; the weakest of the judgements counts.

    Args:
        found: The candidates in order.
        audit: What differs between those ranked; None with fewer than two.
    """
    if len(found.placed) <= 1 or audit is None:
        return NOTHING
    first, *others = found.placed
    blocking = _blocking(found, audit)
    ends = _ends(found)
    judged = [
        judge(_standing(found, (first, one), (ends[0], end), blocking))
        for one, end in zip(others, ends[1:], strict=True)
    ]
    kinds: list[Kind] = [one.kind for one in judged]
    kind = min(kinds, key=WEAKEST.index)
    name = first.entrant.side.name
    rules: list[RuleId] = [rule for one in judged for rule in one.blocked_by]
    return RankingVerdict(
        kind=kind,
        winner=name if kind == "winner" else None,
        blocked_by=list(dict.fromkeys(rules)),
        text=_text(kind, found, judged),
    )


def _blocking(found: Order, audit: Audit) -> tuple[RuleId, ...]:
    entrants = [one.entrant for one in found.placed]
    of_tasks = tasks_pooled(entrants) or tasks_apart(entrants)
    rules: list[RuleId] = ["one-change"] if audit.blocks or of_tasks else []
    if any(one.state == "running" for one in found.contest.apart):
        rules.append("winner-evidence")  # it has not reached x, and may still pass the first there
    return tuple(rules)


def _standing(
    found: Order,
    pair: tuple[Placed, Placed],
    ends: tuple[float | None, float | None],
    blocking: tuple[RuleId, ...],
) -> Standing:
    goal, x = found.goal, found.contest.x
    ours, theirs = (one.entrant for one in pair)
    distance = pair[1].distance
    by_seeds = distance is not None and distance.evidence == "seeds"
    noise = _noise(ours.value, theirs.value, found)
    return Standing(
        metric=goal.name,
        role=goal.character.role,
        direction=goal.direction,
        delta=ours.value.value - theirs.value.value,
        noise=noise,
        minimum_effect=goal.minimum_effect,
        matches=(ours.value.match, theirs.value.match),
        ends=None if ends[0] is None or ends[1] is None else (x, ends[0], ends[1]),
        seeds=(seed_count(ours), seed_count(theirs)),
        adjusted_p=distance.adjusted_p if distance is not None and by_seeds else None,
        blocking=blocking,
    )


def _noise(ours: SideValue, theirs: SideValue, found: Order) -> float | None:
    """Return the deviation of a difference for no reason; None where a side's is unknown."""
    known = [_side_noise(side, found.luck.known.spread) for side in (ours, theirs)]
    return None if known[0] is None or known[1] is None else math.hypot(known[0], known[1])


def _side_noise(side: SideValue, spread: float | None) -> float | None:
    """Return a side's own noise; of a single seed what others vary by, if that is more."""
    if len(side.points) > 1 or spread is None:
        return side.noise
    return max(spread, side.noise or 0.0)


def _ends(found: Order) -> list[float | None]:
    """Return where each candidate ended; of a proxy, which decides nothing, it is not looked up."""
    if found.goal.character.role == "proxy":
        return [None] * len(found.placed)
    return [_end(one.entrant, found.contest) for one in found.placed]


def _end(entrant: Entrant, at: Contest) -> float | None:
    """Return where every run of a candidate ended; None unless all have."""
    ends = [
        end_of(run, at.chosen.axes[str(run.ref)], finished=_finished(entrant, str(run.ref)))
        if str(run.ref) in at.chosen.axes
        else None
        for run in entrant.side.runs
    ]
    return common_end(entrant.members, ends, at.x)


def _finished(entrant: Entrant, ref: str) -> bool:
    return entrant.side.states[ref] == "finished"


def seed_count(entrant: Entrant) -> int:
    """Return how many different seeds count: by name where there is one, never two equal curves."""
    different = {curve.values.tobytes() for curve in entrant.curves}
    return min(len({run.seed or str(run.ref) for run in entrant.counted}), len(different))


def _text(kind: Kind, found: Order, judged: Sequence[Judgement]) -> str:
    at, first = found.contest, found.placed[0]
    name = first.entrant.side.name
    where = f"On {found.goal.name} at {at.chosen.name} {number(at.x)}"
    others = _others(len(judged))
    short = dict.fromkeys(LACKS[lack] for one in judged for lack in one.short_of)
    missing = f" So far only: {'; '.join(short)}." if short else ""
    match kind:
        case "winner":
            return f"{where} {name} is the winner over {others} ({_evidence(found)})."
        case "ahead_so_far":
            return f"{where} {name} is ahead of {others}.{missing}"
        case "within_noise":
            close = sum(one.kind == "within_noise" for one in judged)
            of = "" if close == len(judged) else f"{close} of "
            return f"{where} {name} is not told apart from {of}{others}.{missing}"
        case _:
            if found.goal.character.role == "proxy":
                return "Only a proxy is ranked, and proxies decide nothing."
            return f"{where} nothing is decided between {name} and {others}."


def _others(count: int) -> str:
    return "the 1 other candidate" if count == 1 else f"the {count} other candidates"


def _evidence(found: Order) -> str:
    largest = max(
        one.distance.adjusted_p
        for one in found.placed
        if one.distance is not None and one.distance.adjusted_p is not None
    )
    counts = sorted({len(one.entrant.value.points) for one in found.placed})
    seeds = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"Welch's t-test, Holm-adjusted, p = {number(largest)} or less, n = {seeds} a side"
