"""How a student stands against its baselines at the same x."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from samestep.answers.answer import MOST_LEGEND_ENTRIES
from samestep.answers.comparison import Against, At, Comparison, MetricCharacter, Verdict
from samestep.errors import BadArgument, NoSuchAxis
from samestep.model import State
from samestep.questions.arguments import (
    AtX,
    Cursor,
    Downstream,
    Limit,
    Matching,
    MetricNames,
    Pairs,
    Proxy,
    SideArgument,
    Sides,
    Tolerance,
    XAxis,
)
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import fitting, page
from samestep.readers.registry import identity
from samestep.resolve import Lookup, Side
from samestep.rules import RuleId
from samestep.settings import Project
from samestep.validator import validate
from samestep.verdict import Judgement, judge

BROKEN: frozenset[State] = frozenset(["crashed", "failed"])

if TYPE_CHECKING:
    from samestep.analysis.choose import Chosen
    from samestep.analysis.compare import Matched
    from samestep.questions.comparison_page import Page
    from samestep.questions.metrics import Compared, Request
    from samestep.questions.rows import Judged
    from samestep.questions.sides import KnownSide


@checked
def compare_same_epoch(  # noqa: PLR0913, PLR0917 # the arguments are the tool's contract
    student: SideArgument,
    baselines: Sides,
    metrics: MetricNames = None,
    pairs: Pairs = None,
    proxy: Proxy = None,
    downstream: Downstream = None,
    x: XAxis = "auto",
    at: AtX = None,
    match: Matching = "auto",
    tolerance: Tolerance = None,
    limit: Limit = 12,
    cursor: Cursor = None,
    *,
    project: Project | None = None,
) -> Comparison:
    """Compare a student with baselines at the student's current x, never with their final values.

    Only metrics declared in `downstream` can decide; all others are proxies.

    Raises:
        SamestepError: A run, metric or axis that is not there, an ambiguous name, an x beyond
            the student's current one.
    """
    from samestep.analysis.compare import Matched
    from samestep.questions.metrics import Request

    asked_in = project or Project.here()
    roles = {"downstream": downstream, "proxy": proxy}
    request = Request.of(metrics, pairs, roles, asked_in.settings)
    sides = _sides(student, baselines, asked_in, request)
    return compared(
        sides, request, Standing(x, at, Matched(match, tolerance), limit, cursor), asked_in
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where sides are compared, how values are found there, and how much is shown."""

    x: str
    at: float | None
    matched: "Matched"
    limit: int
    cursor: str | None = None


def compared(
    sides: Sequence[Side], request: "Request", standing: Standing, project: Project
) -> Comparison:
    """Compare sides that have been read, the student first.

    Raises:
        SamestepError: A metric or axis that is not there, an x beyond the student's current one.
    """
    from samestep.analysis.seen import shared_axis
    from samestep.questions.comparison_page import Page
    from samestep.questions.metrics import compared_metrics
    from samestep.questions.outlook_room import with_outlooks
    from samestep.questions.outlooks import prospects
    from samestep.questions.rows import Frame, judged_rows
    from samestep.questions.siblings import beside
    from samestep.questions.sides import known
    from samestep.questions.slices import Opened, collapsed, opened, with_slices
    from samestep.questions.unshared import without_axis

    ours, *theirs = known(_with_finals(sides), project)
    others = [run for baseline in theirs for run in baseline.runs]
    try:
        chosen = shared_axis(standing.x, ours.runs, others)
    except NoSuchAxis:
        if standing.x != "auto" or not ours.runs[0].history.metrics:
            raise
        return validate(identified(without_axis(ours, theirs), "cmp"))
    stands = _at(standing.at, ours, chosen)
    frame = Frame(chosen, stands.value, standing.matched)
    found = collapsed(compared_metrics(request, ours.runs, others), request.metrics)
    judged = judged_rows(ours, theirs, found.rows, frame)
    slices = Opened() if standing.cursor else opened(ours, theirs, found, frame, judged)
    has_single = any(len(side.runs) == 1 for side in (ours, *theirs))
    siblings = beside([*ours.runs, *others], project) if has_single else []

    def of_page(most: int) -> Comparison:
        shown, next_cursor = page(found.rows, most, standing.cursor)
        ahead = prospects([one for one in judged if one.compared in shown], frame)
        asked = standing.at is not None
        paged = Page(
            chosen, stands, judged, shown, next_cursor, ahead, siblings, request.goals, asked
        )
        return with_outlooks(with_slices(_answer(ours, theirs, paged), slices), ahead)

    return validate(identified(fitting(of_page, standing.limit), "cmp"))


def _sides(
    student: str | Sequence[str],
    baselines: Sequence[str | Sequence[str]],
    project: Project,
    request: "Request",
) -> list[Side]:
    """Read the student whole, as its newest x is any metric's, and what baselines need of theirs.

    Raises:
        BadArgument: A run stands on both sides, or a side twice.
    """
    from samestep.questions.metrics import needed

    lookup = Lookup(project)
    ours = lookup.side(student)
    theirs = lookup.sides(baselines, needed(request, ours.runs))
    _refuse_twice([ours, *theirs], project)
    return [ours, *theirs]


def _refuse_twice(sides: Sequence[Side], project: Project) -> None:
    ours, *theirs = sides
    if len(theirs) >= MOST_LEGEND_ENTRIES:
        takes = f"at most {MOST_LEGEND_ENTRIES - 1} sides at a time; ask again for the others"
        raise BadArgument("baselines", f"{len(theirs)} sides", takes)
    own = {identity(run.ref, project) for run in ours.runs}
    for baseline in theirs:
        shared = [run for run in baseline.runs if identity(run.ref, project) in own]
        if shared:
            raise BadArgument("baselines", str(shared[0].ref), "runs other than the student's own")
    same = [frozenset(identity(run.ref, project) for run in side.runs) for side in theirs]
    twice = [side for at, side in enumerate(theirs) if same[at] in same[:at]]
    if twice:
        raise BadArgument("baselines", twice[0].full_name, "each side once")


def _with_finals(sides: Sequence[Side]) -> list[Side]:
    from samestep.analysis.finals import with_finals
    from samestep.analysis.seen import with_epoch_length

    return [
        replace(one, runs=tuple(with_epoch_length(with_finals(run)) for run in one.runs))
        for one in sides
    ]


def _at(asked: float | None, student: "KnownSide", chosen: "Chosen") -> At:
    """Return where to compare: what every run of the student has reached, or what was asked.

    Seeds that crashed hold the others back no more: they do not count beyond their end, and are
    named.
    """
    from samestep.analysis.align import SAME_X
    from samestep.analysis.axis import unit_of

    reached = [chosen.axes[str(run.ref)].newest for run in student.runs]
    broken = [student.states[str(run.ref)] in BROKEN for run in student.runs]
    going = [x for x, is_broken in zip(reached, broken, strict=True) if not is_broken]
    value = min(going or reached) if asked is None else asked
    if not value <= max(reached):
        raise BadArgument(
            "at",
            asked,
            f"an x the student has reached: {student.name} is at {chosen.name} {max(reached):g}",
        )
    oldest = min(chosen.axes[str(run.ref)].oldest for run in student.runs)
    if value < oldest - SAME_X * max(1.0, abs(oldest)):
        takes = f"an x the student has logged at: {student.name} begins at"
        raise BadArgument("at", asked, f"{takes} {chosen.name} {oldest:g}")
    return At(
        axis=chosen.name, unit=unit_of(chosen.name), value=value, student_current=max(reached)
    )


def _answer(student: "KnownSide", baselines: "Sequence[KnownSide]", paged: "Page") -> Comparison:
    from samestep.questions.caveats import comparison_caveats
    from samestep.questions.outlook_room import goal_room
    from samestep.questions.sides import legend_entry
    from samestep.questions.wording import reading

    judged, stands = paged.judged, paged.stands
    goals = {one.row.metric for one in judged if one.compared.character.role == "downstream"}
    judgements = [(one, judge(one.standing)) for one in judged]
    x_from = {ref: axis.rule for ref, axis in paged.chosen.axes.items()}
    legend = [
        legend_entry(student, "student", x_from),
        *(legend_entry(baseline, "baseline", x_from) for baseline in baselines),
    ]
    return Comparison(
        answer_id="",
        runs=legend,
        caveats=comparison_caveats([student, *baselines], paged, goal_room(paged.ahead, goals)),
        reading=reading(student.name, stands, judged),
        at=stands,
        metrics=[_metric(one) for one in paged.shown],
        proxy=[one.row for one in judged if one.compared.character.role == "proxy"],
        downstream=[one.row for one in judged if one.compared.character.role == "downstream"],
        catch_up=[],
        verdict=_verdict(student.name, stands, judgements),
        metrics_left=paged.left,
        next_cursor=paged.next_cursor,
    )


def _metric(compared: "Compared") -> MetricCharacter:
    character = compared.character
    return MetricCharacter(
        metric=compared.student,
        role=character.role,
        role_why=character.role_why,
        direction=character.direction,
        direction_why=character.direction_why,
    )


Judgements = Sequence[tuple["Judged", Judgement]]


def _verdict(student: str, stands: At, judgements: Judgements) -> Verdict:
    from samestep.questions.wording import verdict_text

    deciding = [pair for pair in judgements if pair[1].role == "downstream"] or list(judgements)
    against = _against(student, deciding)
    agreed = len({(entry.kind, entry.winner) for entry in against}) == 1
    return Verdict(
        kind=against[0].kind if agreed else None if against else "not_comparable",
        winner=against[0].winner if agreed else None,
        blocked_by=_blocked_by(deciding),
        text=verdict_text(student, stands, judgements),
        against=against,
    )


def _blocked_by(deciding: Judgements) -> list[RuleId]:
    if not deciding:
        return ["same-definition"]
    return list(dict.fromkeys(rule for _, judgement in deciding for rule in judgement.blocked_by))


def _against(student: str, deciding: Judgements) -> list[Against]:
    """Return one entry per baseline, or one per metric where its judgements differ."""
    by_baseline: dict[str, list[Against]] = {}
    for one, judgement in deciding:
        entry = _entry(student, one.baseline.name, judgement)
        by_baseline.setdefault(one.baseline.name, []).append(entry)
    return [entry for entries in by_baseline.values() for entry in _together(entries)]


def _entry(student: str, baseline: str, judgement: Judgement) -> Against:
    entry = Against(
        baseline=baseline, metric=judgement.metric, role=judgement.role, kind=judgement.kind
    )
    if judgement.winner is None:
        return entry
    winner = student if judgement.winner.side == "student" else baseline
    return entry.model_copy(update={"winner": winner})


def _together(entries: list[Against]) -> list[Against]:
    """Return entries that say the same as one, for every metric of the role."""
    first, *others = entries
    same = all((one.kind, one.winner) == (first.kind, first.winner) for one in others)
    return [first.model_copy(update={"metric": None})] if others and same else entries
