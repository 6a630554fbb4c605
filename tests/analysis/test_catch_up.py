from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from samestep.analysis.axis import Curve
from samestep.analysis.calibrated import Chance
from samestep.analysis.catch_up import CatchUp, Outlook, Terms, catch_up
from samestep.analysis.constants import CALIBRATION
from samestep.model import Direction

Floats = NDArray[np.float64]

EPOCHS = np.arange(1.0, 41.0)
BASELINE = 2.0 + 1.5 * EPOCHS**-0.5
BETTER_IN_THE_END = 1.5 + 3.0 * EPOCHS**-0.5  # meets the baseline at epoch 9
PARALLEL = BASELINE + 0.3
AGREED = Terms(schedules_agree=True, baseline_finished=True)


def curve(values: Floats, x: Floats = EPOCHS) -> Curve:
    x = x[: len(values)]
    return Curve("val/loss", x, values, x * 1250.0, 0, 0, 0, 0)


def noisy(values: Floats, deviation: float, seed: int = 0) -> Floats:
    return values + np.random.default_rng(seed).normal(0.0, deviation, len(values))


def told(student: Floats, baseline: Floats = BASELINE, terms: Terms | None = None) -> CatchUp:
    return catch_up(curve(student), curve(baseline), "lower", terms or Terms())


def with_chance(log_odds: float, student: Floats) -> CatchUp:
    """Tell of a student with the same log odds of catching up whatever it does."""
    always = Chance(log_odds, 0.0)
    fitted = replace(CALIBRATION, chances={"own curve": always, "baseline's future": always})
    return catch_up(curve(student), curve(BASELINE), "lower", Terms(), fitted)


def test_a_student_whose_course_meets_the_baseline_is_on_track() -> None:
    said = told(BETTER_IN_THE_END[:8])

    assert said.outlook == "on_track"
    assert said.at is not None
    assert 8.0 < said.at < 11.0
    assert said.probability is not None
    assert said.probability > 0.8
    assert said.why.endswith(" by 16, at least 0.6")


def test_with_fewer_than_eight_points_no_outlook_is_told() -> None:
    few = told(BETTER_IN_THE_END[:7])

    assert few.probability is not None
    assert few.probability > 0.8
    assert few.outlook == "undecided"
    assert few.why == "7 points until 7, and outlooks are told from 8"


@pytest.mark.parametrize(
    ("log_odds", "probability", "outlook"),
    [(0.4, 0.6, "on_track"), (0.39, 0.6, "on_track"), (0.35, 0.59, "undecided")],
)
def test_the_probability_that_is_told_is_the_one_that_decides(
    log_odds: float, probability: float, outlook: Outlook
) -> None:
    said = with_chance(log_odds, BETTER_IN_THE_END[:8])

    assert (said.probability, said.outlook) == (probability, outlook)


@pytest.mark.parametrize(("log_odds", "probability"), [(50.0, 0.99), (-50.0, 0.01)])
def test_nothing_is_certain(log_odds: float, probability: float) -> None:
    assert with_chance(log_odds, PARALLEL[:24]).probability == probability


def test_a_student_whose_interval_reaches_the_baseline_is_not_said_to_miss_it() -> None:
    near, far = with_chance(-3.0, BETTER_IN_THE_END[:8]), with_chance(-3.0, PARALLEL[:24])

    assert near.interval is not None
    assert (near.outlook, far.outlook) == ("undecided", "not_on_track")
    assert near.why == "probability 0.05 by 16, and the interval does not leave it out"


def test_the_expected_x_lies_in_its_interval_where_a_baseline_breaks_down() -> None:
    broken = np.concatenate([BASELINE[:29], BASELINE[29:] + 30.0])
    said = told(PARALLEL[:16], broken)

    assert said.at is not None
    assert said.interval is not None
    assert said.interval[0] <= said.at <= (said.interval[1] or np.inf)


def test_one_that_is_expected_to_fall_behind_again_is_said_to() -> None:
    dips = BASELINE + np.where((EPOCHS > 17.0) & (EPOCHS < 25.0), 1.0, 0.0)
    said = told(PARALLEL[:16], dips)

    assert said.outlook == "on_track"
    assert said.why.endswith("; projected to be behind again then")


def test_what_was_found_stands_beside_the_outlook() -> None:
    said = told(BETTER_IN_THE_END[:7])

    assert said.points == (7, 40)
    assert said.until == 14.0  # twice the stretch so far
    assert said.method == "own course"
    assert said.gap == pytest.approx(0.067, abs=0.02)
    assert said.expected == pytest.approx(1.5 + 3.0 / 14.0**0.5, abs=0.02)
    assert said.behind_then is not None
    assert sum(said.behind_then) / 2 == pytest.approx(said.expected - BASELINE[13], abs=0.001)


def test_the_expected_x_lies_in_its_interval() -> None:
    said = told(noisy(BETTER_IN_THE_END[:7], 0.01), noisy(BASELINE, 0.005, seed=1))

    assert said.at is not None
    assert said.interval is not None
    assert said.earliest == said.interval[0]
    assert said.interval[0] <= said.at
    assert said.interval[1] is None or said.interval[1] >= said.at


def test_a_student_that_keeps_its_distance_is_not_on_track() -> None:
    said = told(PARALLEL[:24], terms=AGREED)

    assert (said.outlook, said.at, said.interval) == ("not_on_track", None, None)
    assert said.until == 40.0
    assert said.gap == pytest.approx(0.3, abs=0.01)


def test_beyond_twice_the_stretch_nothing_is_told_from_the_students_own_curve() -> None:
    alone = told(PARALLEL[:8])
    agreed = told(PARALLEL[:8], terms=AGREED)

    assert (alone.outlook, alone.until) == ("undecided", 16.0)
    assert alone.why.endswith("no own curve is projected beyond 2 times the stretch so far")
    assert (agreed.outlook, agreed.until) == ("not_on_track", 40.0)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(schedules_agree=None, baseline_finished=True),
        Terms(schedules_agree=False, baseline_finished=True),
        Terms(schedules_agree=True, baseline_finished=False),
    ],
)
def test_a_baselines_future_is_used_only_if_it_finished_on_the_same_schedule(terms: Terms) -> None:
    assert told(PARALLEL[:8], terms=terms).until == 16.0


def test_a_finished_baseline_tells_of_a_drop_that_no_curve_foretells() -> None:
    dropped = np.concatenate([BASELINE[:30], BASELINE[30:] - 0.5])  # as its learning rate does
    alone, agreed = (told(dropped[:24] + 0.1, dropped, terms) for terms in (Terms(), AGREED))

    assert alone.expected == pytest.approx(float(dropped[-1]) + 0.6, abs=0.02)
    assert agreed.expected is not None
    assert float(dropped[-1]) < agreed.expected < float(dropped[-1]) + 0.4


def test_nothing_is_looked_at_beyond_the_students_planned_end() -> None:
    said = told(BETTER_IN_THE_END[:7], terms=Terms(end=10.0))

    assert said.until == 10.0


def test_a_student_ahead_beyond_its_noise_is_already_ahead() -> None:
    said = told(BASELINE[:12] - 0.3)

    assert said.outlook == "already_ahead"
    assert (said.at, said.probability, said.until) == (None, None, None)
    assert said.gap is not None
    assert said.gap < 0.0


def test_a_lead_within_noise_is_undecided() -> None:
    said = told(noisy(BASELINE[:12], 0.2) - 0.05)

    assert said.gap is not None
    assert said.gap < 0.0
    assert said.outlook == "undecided"
    assert said.why.startswith("the two are level: smoothed, the student is ")


def test_the_same_curve_twice_is_undecided() -> None:
    values = noisy(BASELINE, 0.1)
    said = told(values[:12], values)

    assert (said.outlook, said.why) == ("undecided", "the newest values of both are the same")


def test_the_slope_of_the_last_points_is_told_but_not_used() -> None:
    straight = 3.0 - 0.1 * EPOCHS
    said = told(straight[:10] + 0.5 - 0.02 * EPOCHS[:10], straight)  # 0.02 less behind each epoch

    assert said.naive is not None
    assert said.naive.used is False
    assert said.naive.at == pytest.approx(25.0, abs=0.5)


def test_a_slope_that_leads_apart_has_no_naive_answer() -> None:
    said = told(BASELINE[:10] + 0.02 * EPOCHS[:10])

    assert said.naive is not None
    assert said.naive.at is None


@pytest.mark.parametrize(
    ("student", "baseline", "why"),
    [
        (PARALLEL[:4], BASELINE, "the student: 4 finite points; a projection needs at least 5"),
        (PARALLEL[:1], BASELINE, "the student has 1 finite points"),
        (np.full(9, np.nan), BASELINE, "the student has 0 finite points"),
        (np.full(9, 2.5), BASELINE, "the student: all 9 values are equal, so there is no course"),
        (PARALLEL[:9], BASELINE[:4], "the baseline: 4 finite points; at least 5 are needed"),
        (PARALLEL[:9], BASELINE[:6], "the baseline ends at 6, before the student's 9"),
        (PARALLEL[:9], BASELINE[:9], "nothing is left to look at after 9"),
        (np.full(9, 2.0), np.full(40, 2.0), "all values of both are equal"),
    ],
)
def test_too_little_is_refused_with_the_reason(student: Floats, baseline: Floats, why: str) -> None:
    said = told(student, baseline)

    assert said.outlook == "refused"
    assert said.why.startswith(why)
    assert (said.at, said.probability, said.method) == (None, None, None)


def test_a_baseline_that_begins_later_is_refused() -> None:
    said = catch_up(curve(PARALLEL[:9]), curve(BASELINE[:30], EPOCHS + 9.5), "lower", Terms())

    assert (said.outlook, said.why) == (
        "refused",
        "the baseline begins at 10.5, after the student's 9",
    )


def test_without_a_direction_it_is_refused() -> None:
    said = catch_up(curve(PARALLEL[:9]), curve(BASELINE), None, Terms())

    assert (said.outlook, said.why) == ("refused", "nobody knows which way is better")


def test_a_score_that_catches_up_is_the_mirror_image_of_a_loss() -> None:
    loss = told(BETTER_IN_THE_END[:7])
    score = catch_up(curve(-BETTER_IN_THE_END[:7]), curve(-BASELINE), "higher", Terms())

    assert (score.outlook, score.at, score.probability) == (loss.outlook, loss.at, loss.probability)
    assert score.expected == -(loss.expected or 0.0)


def test_the_clearer_it_is_the_likelier() -> None:
    close, far = (told(BETTER_IN_THE_END[:7] + behind) for behind in (0.0, 0.2))

    assert close.probability is not None
    assert far.probability is not None
    assert close.probability > far.probability
    for chance in CALIBRATION.chances.values():
        assert chance.of(-1.0) < chance.of(0.0) < chance.of(1.0)


def test_a_restart_in_the_middle_is_followed_from_there_on() -> None:
    restarted = np.concatenate([BASELINE[:12] + 0.05, BASELINE[:12] + 0.35])
    said = told(noisy(restarted, 0.005), terms=AGREED)

    assert said.outlook in {"not_on_track", "undecided"}
    assert said.gap == pytest.approx(float(restarted[-1] - BASELINE[23]), abs=0.03)


def test_uneven_steps_and_values_below_zero_have_an_outlook() -> None:
    uneven = np.concatenate([EPOCHS[:4], EPOCHS[8:30:3]])
    learned = -200.0 + 150.0 * (1.0 - np.exp(-uneven / 6.0))
    teacher = curve(-180.0 + 150.0 * (1.0 - np.exp(-EPOCHS / 6.0)))
    said = catch_up(curve(learned, uneven), teacher, "higher", replace(AGREED, kind="reward"))

    assert said.outlook in {"not_on_track", "undecided"}
    assert said.gap == pytest.approx(20.0, abs=1.0)


ANY_VALUES = st.lists(st.floats(), max_size=40).map(lambda values: np.array(values, dtype=float))


@settings(max_examples=60, deadline=None)
@given(
    student=ANY_VALUES,
    baseline=ANY_VALUES,
    start=st.sampled_from([-50.0, -10.0, 0.0, 1e9]),
    direction=st.sampled_from(["lower", "higher", None]),
    agree=st.sampled_from([True, False, None]),
)
def test_whatever_was_logged_has_an_outlook_and_a_reason(
    student: Floats,
    baseline: Floats,
    start: float,
    direction: Direction | None,
    *,
    agree: bool | None,
) -> None:
    x, terms = start + EPOCHS, Terms(schedules_agree=agree, baseline_finished=True)
    said = catch_up(curve(student, x), curve(baseline, x), direction, terms)

    assert said.outlook in get_args(Outlook)
    assert said.why
    assert (said.outlook != "on_track") or said.at is not None
    assert (said.outlook != "not_on_track") or said.at is said.interval is None
    assert said.probability is None or 0.0 < said.probability < 1.0
    low, high = said.interval or (0.0, None)
    assert said.at is None or low <= said.at <= (np.inf if high is None else high)


@settings(max_examples=30, deadline=None)
@given(
    behind=st.floats(0.01, 1.0),
    power=st.integers(-20, 20),
    epochs=st.integers(6, 30),
)
def test_the_units_of_both_axes_change_no_outlook(behind: float, power: int, epochs: int) -> None:
    student, scale = BETTER_IN_THE_END[:epochs] + behind, 2.0**power
    plain = told(student, terms=AGREED)
    scaled = catch_up(
        curve(student * scale, EPOCHS * scale),
        curve(BASELINE * scale, EPOCHS * scale),
        "lower",
        AGREED,
    )

    assert (scaled.outlook, scaled.probability) == (plain.outlook, plain.probability)
