"""A ranking with everything found, and the answer of one page of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis.axis import unit_of
from samestep.analysis.comparable import Audit, Stand, audit
from samestep.analysis.ranking.constraints import Constraint
from samestep.analysis.roles import Character
from samestep.answers.answer import MOST_LEGEND_ENTRIES, LegendEntry
from samestep.answers.comparison import MetricCharacter
from samestep.answers.ranking import (
    Apart,
    Counts,
    Ranked,
    RankedAt,
    Ranking,
    RankingVerdict,
    Removed,
    Selection,
)
from samestep.answers.record import derived
from samestep.questions.pages import page
from samestep.questions.ranking.at_one_x import Contest
from samestep.questions.ranking.candidates import Candidates
from samestep.questions.ranking.caveats import ranking_caveats
from samestep.questions.ranking.entrants import Out
from samestep.questions.ranking.goal import Goal
from samestep.questions.ranking.objectives import Front, front_of
from samestep.questions.ranking.order import Checked, Order, Placed
from samestep.questions.ranking.record import record_of
from samestep.questions.ranking.rows import apart_row, ranked_row, removed_row, summaries
from samestep.questions.ranking.verdict import ranking_verdict
from samestep.questions.ranking.wording import reading, test_told
from samestep.questions.sides import KnownSide, legend_entry

MOST_FIRST = 20
MOST_NAMED = 3  # candidates that the reading names beside the first

Entry = Placed | Checked | Out
"""One candidate of a page: ranked, removed by a constraint, or apart."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A ranking over all its pages."""

    asked: Candidates
    found: Order
    constraints: Sequence[Constraint]
    goals: Sequence[Goal]
    audit: Audit | None
    """What differs between those ranked; None with fewer than two."""
    front: Front | None
    verdict: RankingVerdict

    @classmethod
    def of(
        cls,
        asked: Candidates,
        found: Order,
        constraints: Sequence[Constraint],
        goals: Sequence[Goal],
    ) -> "Whole":
        """Look once at what differs between the ranked candidates."""
        between = _audit(found)
        judged = ranking_verdict(found, between)
        return cls(asked, found, constraints, goals, between, front_of(found, goals), judged)

    def page(self, most: int, cursor: str | None, room: float = 1.0) -> Ranking:
        """Return one page: the ranked candidates, then those removed, then those apart.

        Args:
            most: The candidates of the page.
            cursor: Where it begins.
            room: How much of its lists of names is shown, below 1 where names are so long that
                hardly a candidate has room.
        """
        entries = [*self.found.placed, *self.found.removed, *self.found.contest.apart]
        shown, following = page(entries, most, cursor) if entries else ([], None)
        named, beside = max(1, int(MOST_FIRST * room)), max(1, int(MOST_NAMED * room))
        told = self._told(shown, beside)
        tied = [one.entrant.side.name for one in self.found.tied]
        ranked, removed, apart = self._rows(shown)
        answer = Ranking(
            answer_id="",
            runs=[self._legend(side) for side in told],
            caveats=ranking_caveats(self.asked, self.found, self.constraints, self.audit, told),
            reading=reading(self.found, len(entries), beside),
            at=told_place(self.found.contest),
            metric=told_metric(self.found.goal.character),
            counts=_counts(self.found),
            test=test_told(self.found),
            first=tied[:named],
            first_left=max(0, len(tied) - named),
            ranked=ranked,
            constraints=summaries(self.found),
            removed=removed,
            apart=apart,
            selection=_selection(self.found),
            pareto=None if self.front is None else self.front.cut(named),
            verdict=self.verdict,
            record=None,
            left=len(entries) - int(following) if following else 0,
            next_cursor=following,
        )
        if cursor is not None:
            return answer
        return answer.model_copy(update={"record": record_of(answer, self.found, self.goals, room)})

    def _rows(self, shown: Sequence[Entry]) -> tuple[list[Ranked], list[Removed], list[Apart]]:
        place = {id(one): number for number, one in enumerate(self.found.placed, start=1)}
        return (
            [
                ranked_row(one, place[id(one)], self.goals, self.front)
                for one in shown
                if isinstance(one, Placed)
            ],
            [removed_row(one) for one in shown if isinstance(one, Checked)],
            [apart_row(one) for one in shown if isinstance(one, Out)],
        )

    def _told(self, shown: Sequence[Entry], beside: int) -> list[KnownSide]:
        """Return the candidates of the legend: those the reading names, then those of the page."""
        named = [one.entrant.side for one in self.found.tied[: 1 + beside]]
        of_page = [_side_of(one) for one in shown]
        sides = {side.name: side for side in [*named, *of_page] if side is not None}
        return list(sides.values())[:MOST_LEGEND_ENTRIES]

    def _legend(self, side: KnownSide) -> LegendEntry:
        axes = self.found.contest.chosen.axes
        refs = [str(run.ref) for run in side.runs]
        x_from = {ref: axes[ref].rule if ref in axes else "" for ref in refs}
        return legend_entry(side, "run", x_from)


def _side_of(one: Entry) -> KnownSide | None:
    return one.side if isinstance(one, Out) else one.entrant.side


def _audit(found: Order) -> Audit | None:
    if len(found.placed) <= 1:
        return None
    sides = [one.entrant.side for one in found.placed]
    at = found.contest
    parties = [one.entrant.party for one in found.placed]
    placed = all(str(run.ref) in at.chosen.axes for side in sides for run in side.runs)
    return audit(parties, Stand(at.chosen.name, at.chosen.axes, at.x) if placed else None)


def told_place(at: Contest) -> RankedAt:
    """Return where candidates stand, as answers tell it."""
    axis = at.chosen.name
    return RankedAt(axis=axis, unit=unit_of(axis), value=at.x, why=at.why, newest=at.newest)


def told_metric(known: Character) -> MetricCharacter:
    """Return a metric as answers tell it."""
    return MetricCharacter(
        metric=known.metric,
        role=known.role,
        role_why=known.role_why,
        direction=known.direction,
        direction_why=known.direction_why,
    )


def _counts(found: Order) -> Counts:
    ranked, removed, apart = len(found.placed), len(found.removed), len(found.contest.apart)
    everything = ranked + removed + apart
    return Counts(candidates=everything, ranked=ranked, removed=removed, apart=apart)


def _selection(found: Order) -> Selection | None:
    if len(found.placed) <= 1:
        return None
    first, luck = found.placed[0], found.luck
    return Selection(
        candidates=len(found.placed),
        spread=None if luck.spread is None else derived(luck.spread),
        spread_from=luck.source,
        first=first.entrant.value.value,
        shrunken=None if first.shrunken is None else derived(first.shrunken),
    )
