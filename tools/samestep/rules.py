"""The protocol's rules, as data that caveats, the validator and tests name by id."""

from dataclasses import dataclass
from typing import Literal

RuleId = Literal[
    "same-x",
    "match-stated",
    "history-not-summary",
    "roles-apart",
    "no-proxy-winner",
    "winner-evidence",
    "full-names",
    "traceable",
    "tail-shown",
    "same-definition",
    "single-seed",
    "one-change",
    "absent-said",
    "partial-said",
    "projection-bounded",
    "ask-when-ambiguous",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the protocol."""

    id: RuleId
    sentence: str
    why: str


RULES: tuple[Rule, ...] = (
    Rule(
        "same-x",
        "A difference is stated only between values at the same x, and the x stands beside it.",
        "A student at epoch 11 of 100 is not behind a baseline's epoch 100; it is not there yet.",
    ),
    Rule(
        "match-stated",
        "Every value says how it was found: exact, interpolated, nearest (with the gap), "
        "or absent with a reason. Nothing is extrapolated.",
        "Two runs seldom log at the same steps, and a value nobody logged is an estimate.",
    ),
    Rule(
        "history-not-summary",
        "Values come from histories, never from a summary or a last value.",
        "A summary holds the last or the best value, at a step nobody asked for.",
    ),
    Rule(
        "roles-apart",
        "Proxy and downstream metrics are reported apart. A metric nobody declared is a proxy, "
        "and the answer says why it has its role.",
        "Loss and kNN accuracy are cheap to read and are not what the project is for.",
    ),
    Rule(
        "no-proxy-winner",
        "No winner is named on proxy evidence.",
        "Proxies disagree with the goal in about a quarter of run pairs at equal steps.",
    ),
    Rule(
        "winner-evidence",
        "A winner needs a declared downstream metric with a known direction, logged on both sides "
        "at the same x; that x is the planned end of both or both have converged; comparable runs; "
        "two or more seeds a side and a difference that survives correction for all rows compared.",
        "Every shortcut names a wrong winner measurably often, at 20 % of training in 26 % of pairs.",
    ),
    Rule(
        "full-names",
        "Every mention of a run is its full name.",
        "A shortened name can mean another run.",
    ),
    Rule(
        "traceable",
        "Every number leads to the run reference, metric, step and x it came from.",
        "A number that cannot be looked up again cannot be trusted.",
    ),
    Rule(
        "tail-shown",
        '"Converged" stands only beside the last five epochs of the curve.',
        "The reader must be able to see what the word rests on.",
    ),
    Rule(
        "same-definition",
        "Metrics logged differently (reduction, eval set, scale, direction) are not subtracted "
        "without a caveat, and a mismatch of scale or eval set blocks.",
        "76.2 in percent minus 0.75 as a fraction is a number without a meaning.",
    ),
    Rule(
        "single-seed",
        "A comparison of single runs is labelled single-seed; where several seeds exist the spread "
        "is given at the same x.",
        "Between single runs of close configurations the higher one is wrong a third of the time.",
    ),
    Rule(
        "one-change",
        "More than one thing changed between the runs: it is listed, and no cause is named.",
        "With two changes a difference belongs to neither.",
    ),
    Rule(
        "absent-said",
        "Absent is null with a reason, never 0.",
        "A missing accuracy shown as 0 loses every comparison.",
    ),
    Rule(
        "partial-said",
        "Sampled, truncated, torn, stale or skipped input is said, with counts. "
        "A run that could not be read is listed, not dropped.",
        "What was not read may hold the answer.",
    ),
    Rule(
        "projection-bounded",
        "A projection comes with its method, its interval and the points it rests on, "
        "or is refused with the reason.",
        "A line through the last five points is wrong more often than no projection at all.",
    ),
    Rule(
        "ask-when-ambiguous",
        "Two candidates: ask, listing both. No tracker found: ask, never guess.",
        "A confident answer about the wrong run is worse than a question.",
    ),
)
