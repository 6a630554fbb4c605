"""The decision record of a ranking, for a model registry's notes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from samestep.answers.decision import Condition, DecisionRecord, LeftOut, Standing
from samestep.answers.ranking import ConstraintSummary, Ranking
from samestep.answers.record import derived
from samestep.questions.ranking.entrants import Out
from samestep.questions.ranking.goal import Goal
from samestep.questions.ranking.order import Checked, Order, Placed, Tested
from samestep.questions.ranking.rows import reference, references

MOST = 10


def record_of(answer: Ranking, found: Order, goals: Sequence[Goal], room: float) -> DecisionRecord:
    """Return the record of an answer, without id, date and version; `room` as for a page."""
    most = max(1, int(MOST * room))
    at, tied = found.contest, found.tied
    out = [*map(_removed, found.removed), *map(_apart, at.apart)]
    return DecisionRecord(
        answer_id="",
        samestep="",
        date="",
        metric=found.goal.name,
        role=found.goal.character.role,
        direction=found.goal.direction,
        axis=at.chosen.name,
        x=at.x,
        test=answer.test,
        candidates=answer.counts.candidates,
        ranked=answer.counts.ranked,
        kind=answer.verdict.kind,
        winner=answer.verdict.winner,
        blocked_by=answer.verdict.blocked_by,
        first=[_standing(one) for one in tied[:most]],
        first_left=max(0, len(tied) - most),
        constraints=[_condition(one) for one in answer.constraints],
        objectives=[f"{goal.name}:{goal.direction}" for goal in goals],
        left_out=out[:most],
        left_out_more=max(0, len(out) - most),
    )


def with_record(answer: Ranking) -> Ranking:
    """Return the answer with its record dated: neither day nor version is part of the id."""
    if answer.record is None:
        return answer
    today = datetime.now(UTC).date().isoformat()
    said = {"answer_id": answer.answer_id, "date": today, "samestep": version("samestep")}
    return answer.model_copy(update={"record": answer.record.model_copy(update=said)})


def _standing(one: Placed) -> Standing:
    side = one.entrant.side
    row = Standing(
        full_name=side.name,
        run=reference(side),
        value=one.entrant.value.value,
        seeds=len(one.entrant.value.points),
    )
    said: dict[str, object] = {"runs": references(side)} if references(side) else {}
    if one.interval is not None:
        said["interval"] = (derived(one.interval[0]), derived(one.interval[1]))
    return row.model_copy(update=said)


def _condition(one: ConstraintSummary) -> Condition:
    said = f"{one.metric} {one.constraint}"
    return Condition(constraint=said, violated=one.violates, unknown=one.unknown)


def _removed(one: Checked) -> LeftOut:
    side = one.entrant.side
    why = "; ".join(_failed(tested) for tested in one.constraints if tested.status != "meets")
    return LeftOut(full_name=side.name, run=reference(side), why=why)


def _failed(tested: Tested) -> str:
    found = tested.measured
    said = f"{tested.constraint.metric} {tested.constraint}"
    if tested.status == "unknown":
        return f"{said}: unknown ({found.why or 'not a number'})"
    return f"{said}: {found.value:.6g}"


def _apart(one: Out) -> LeftOut:
    run = None if one.side is None else reference(one.side)
    return LeftOut(full_name=one.name, run=run, why=one.why)
