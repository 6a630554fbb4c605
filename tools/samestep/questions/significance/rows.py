"""The rows of a test: both sides' values, the test that counts, what may be judged from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from samestep.analysis.align import Absent
from samestep.analysis.compare import SideValue
from samestep.analysis.noise import seed_spread
from samestep.analysis.significance.decision_table import (
    Decided,
    Sample,
    beyond_prediction,
    claims,
    decide,
    paired,
    run,
    suggestive,
)
from samestep.analysis.significance.folds import nadeau_bengio_test
from samestep.analysis.significance.p_values import holm
from samestep.analysis.significance.seed_tests import mean_interval, noise_of_pairs
from samestep.analysis.significance.tested import DifferenceTest, untested
from samestep.answers import significance as answers
from samestep.answers.record import derived
from samestep.model import TestName
from samestep.questions.declared import DECLARED
from samestep.questions.significance.sides import Contest, Folds
from samestep.verdict import Standing, better_side

NOT_COMPARABLE = "the values are not comparable"
MOST_IN_FULL = 8  # rows beside whose test others stand
FEWEST_TO_LEND = 3  # seeds of one side from which their spread is known well enough to lend


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the answer with what its judgement rests on."""

    row: answers.DifferenceRow
    standing: Standing
    values: tuple[tuple[answers.SeedValue, ...], tuple[answers.SeedValue, ...]] = ((), ())
    """The value of each run of a, and of b."""
    contest: Contest | None = None
    """None for a row over several tasks, and for files of predictions."""


def rows_of(contests: Sequence[Contest], asked: TestName | None, folds: Folds | None) -> list[Row]:
    """Return one row per contest, p-values adjusted for all of them."""
    briefly = len(contests) > MOST_IN_FULL
    decided = [_decided(contest, (asked, folds), briefly=briefly) for contest in contests]
    adjusted = adjust([one.test for one in decided])
    found = [
        _row(contest, one, p, "seeds" if folds is None else "folds")
        for contest, one, p in zip(contests, decided, adjusted, strict=True)
    ]
    return _with_welch(found, decided)


def adjust(tests: Sequence[DifferenceTest]) -> list[float | None]:
    """Return the p-values of tests adjusted together by Holm's method; None where there is none."""
    known = [test.p_value for test in tests if test.p_value is not None]
    following = iter(holm(known))
    return [None if test.p_value is None else next(following) for test in tests]


def given(test: DifferenceTest) -> answers.GivenTest:
    """Return a test as the answer tells it."""
    found = answers.GivenTest(test=test.label, n=test.n, p=_derived(test.p_value))
    extra: dict[str, object] = {
        "statistic": _derived(test.statistic),
        "df": _derived(test.df),
        "interval": bounds(test.interval),
        "why_not": test.why_not or None,
        "how": test.how or None,
    }
    return found.model_copy(update={name: one for name, one in extra.items() if one is not None})


def bounds(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return an interval to six digits."""
    return None if interval is None else (derived(interval[0]), derived(interval[1]))


def outcome_of(
    test: DifferenceTest, adjusted_p: float | None, *, comparable: bool
) -> answers.Outcome:
    """Return what a test says at the 5 % level."""
    if not comparable:
        return "not comparable"
    said = claims(test, adjusted_p)
    if said is None:
        return "cannot tell"
    return "significant" if said else "not significant"


def _decided(
    contest: Contest, wanted: tuple[TestName | None, Folds | None], *, briefly: bool
) -> Decided:
    asked, folds = wanted
    ours, theirs = contest.samples
    if "same-definition" in contest.judged.standing.blocking:
        test = untested(asked or "welch", ours.values, theirs.values, NOT_COMPARABLE)
        return Decided(test, "nothing is tested")
    if asked == "nadeau_bengio" or (asked is None and folds is not None):
        return _over_folds(contest, folds)
    return decide(ours, theirs, asked, briefly=briefly)


def _over_folds(contest: Contest, folds: Folds | None) -> Decided:
    """Return the corrected test over the folds that both sides have."""
    ours, theirs = contest.samples
    if folds is None:
        why_not = "no setting of every run names its fold (fold, fold_id, cv_fold, ...)"
        size = len(ours.values), len(theirs.values)
        return Decided(DifferenceTest("nadeau_bengio", size, why_not=why_not), "asked for")
    sides = [_by_fold(found, folds) for found in (contest.pair.student, contest.pair.baseline)]
    pairs = paired(*sides)
    test = nadeau_bengio_test(pairs.one, pairs.other, 1.0 / max(1, folds.count - 1))
    why = f"runs of {folds.count} folds, whose training sets overlap"
    return Decided(test, why, (run("welch", ours, theirs, pairs),))


def _by_fold(found: SideValue | Absent, folds: Folds) -> Sample:
    """Return a side's values by fold, and by seed where a fold was trained several times."""
    if isinstance(found, Absent):
        return Sample((), ())
    names = [folds.of.get(name, name) for name in found.points]
    again = len(set(names)) < len(names)
    keys = [
        f"{name}/{seed}" if again else name for name, seed in zip(names, found.seeds, strict=True)
    ]
    return Sample(tuple(found.values), tuple(keys))


def _row(contest: Contest, decided: Decided, adjusted_p: float | None, unit: answers.Unit) -> Row:
    standing = contest.judged.standing
    comparable = "same-definition" not in standing.blocking
    delta = contest.pair.delta if comparable else None
    better = better_side(delta, standing.direction)
    values = values_of(contest.pair.student), values_of(contest.pair.baseline)
    row = answers.DifferenceRow(
        metric=standing.metric,
        task=contest.task,
        x=contest.pair.x,
        unit=unit,
        a=_sample(contest.judged.row.student.full_name, contest.pair.student),
        b=_sample(contest.judged.row.baseline.full_name, contest.pair.baseline),
        delta=delta,
        better=None if better is None else "a" if better == "student" else "b",
        given=given(decided.test),
        why=decided.why,
        adjusted_p=_derived(adjusted_p),
        outcome=outcome_of(decided.test, adjusted_p, comparable=comparable),
    )
    extra = _beside(contest, decided, delta)
    told = {name: one for name, one in extra.items() if one not in (None, False, [])}
    noise = noise_of_pairs(decided.test) or standing.noise
    judged = replace(standing, delta=delta, noise=noise)
    return Row(row.model_copy(update=told), judged, values, contest)


def _beside(contest: Contest, decided: Decided, delta: float | None) -> dict[str, object]:
    """Return what is told beside the test."""
    chance, lent = decided.superiority, _lent(contest, delta)
    return {
        "beside": [given(test) for test in decided.beside],
        "separate": decided.separate,
        "superiority": chance
        and answers.Superiority(value=derived(chance.value), interval=bounds(chance.interval)),
        "detectable": _derived(decided.detectable),
        "noise": contest.judged.row.noise if min(_sizes(contest)) == 1 else None,
        "minimum_effect": contest.judged.compared.minimum_effect,
        **({} if lent is None else {"suggestive": lent[0], "noise_from": lent[1]}),
    }


def _lent(contest: Contest, delta: float | None) -> tuple[str, str] | None:
    """Return whether single runs differ by more than seeds are known to, and who says so."""
    sizes = _sizes(contest)
    if delta is None or min(sizes) != 1:
        return None
    declared = contest.judged.compared.noise
    if declared is not None:
        return _word(is_beyond=suggestive(delta, declared)), DECLARED
    larger = contest.pair.student if sizes[0] > 1 else contest.pair.baseline
    if max(sizes) < FEWEST_TO_LEND or isinstance(larger, Absent) or not larger.spread:
        return None
    is_beyond = beyond_prediction(delta, larger.spread, max(sizes))
    return _word(is_beyond=is_beyond), f"spread of the other side's {max(sizes)} seeds"


def _sizes(contest: Contest) -> list[int]:
    return [len(side.values) for side in contest.samples]


def _word(*, is_beyond: bool) -> str:
    return "beyond" if is_beyond else "within"


def _sample(name: str, found: SideValue | Absent) -> answers.Sample:
    if isinstance(found, Absent):
        return answers.Sample(full_name=name, n=0, mean=None, absent=found.why)
    values = found.values
    spread, around = seed_spread(np.array(values)), bounds(mean_interval(values))
    extra: dict[str, object] = {
        "spread": _derived(spread),
        "interval": around,
        "not_counted": dict(found.missing) or None,
    }
    sample = answers.Sample(full_name=name, n=len(values), mean=found.value, match=found.match)
    return sample.model_copy(update={key: one for key, one in extra.items() if one is not None})


def values_of(found: SideValue | Absent) -> tuple[answers.SeedValue, ...]:
    """Return the value of every run that counts."""
    if isinstance(found, Absent):
        return ()
    told: list[answers.SeedValue] = []
    for (name, point), seed in zip(found.points.items(), found.seeds, strict=True):
        value = answers.SeedValue(
            full_name=name,
            seed=None if seed == name else seed,
            value=point.value,
            x=point.x,
            step=point.step,
            match=point.match,
        )
        near = point.match == "nearest" and point.gap is not None
        told.append(value.model_copy(update={"gap": derived(point.gap or 0.0)}) if near else value)
    return tuple(told)


def _with_welch(rows: Sequence[Row], decided: Sequence[Decided]) -> list[Row]:
    """Return the rows with what a winner needs: Welch's p-value, adjusted for all rows."""
    welch = [_welch_of(one) for one in decided]
    adjusted = adjust(welch)
    return [
        replace(one, standing=replace(one.standing, adjusted_p=p))
        for one, p in zip(rows, adjusted, strict=True)
    ]


def _welch_of(decided: Decided) -> DifferenceTest:
    tests = (decided.test, *decided.beside)
    return next((one for one in tests if one.test == "welch"), DifferenceTest("welch", (0, 0)))


def _derived(value: float | None) -> float | None:
    return None if value is None else derived(value)
