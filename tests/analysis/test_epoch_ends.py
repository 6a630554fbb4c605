import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.analysis.epoch_ends import EpochEnds, NoEpochs, epoch_ends
from samestep.analysis.lookup import Counter
from samestep.model import EpochCounter, History, Metric, ReadReport

unhurried = settings(deadline=None)  # a busy machine is no failure
FROM_0 = EpochCounter("epoch", "first is 0", "Lightning logs `epoch` counted from 0")
FROM_1 = EpochCounter("epoch", "first is 1", "Ultralytics counts epochs from 1")


def counter(steps: list[float], epochs: list[float]) -> Counter:
    rows = np.arange(len(steps), dtype=np.int64)
    metric = Metric("epoch", np.array(steps, dtype=np.float64), np.array(epochs), rows)
    return Counter.of(metric, History({"epoch": metric}, ReadReport("memory")))


def ends(
    steps: list[float],
    epochs: list[float],
    meaning: EpochCounter = FROM_0,
    steps_per_epoch: float | None = None,
) -> EpochEnds:
    found = epoch_ends(counter(steps, epochs), meaning, steps_per_epoch)
    assert isinstance(found, EpochEnds)
    return found


def placed(
    steps: list[float],
    epochs: list[float],
    meaning: EpochCounter = FROM_0,
    steps_per_epoch: float | None = None,
) -> list[float]:
    """Return x at the very steps that log the counter."""
    found = ends(steps, epochs, meaning, steps_per_epoch).at(np.array(steps, dtype=np.float64))
    return np.round(found, 3).tolist()


def why_not(steps: list[float], epochs: list[float]) -> str:
    found = epoch_ends(counter(steps, epochs), FROM_0, None)
    assert isinstance(found, NoEpochs)
    return found.why


def test_lightnings_last_step_of_an_epoch_ends_it() -> None:
    assert placed([9, 19, 29, 39, 49], [0, 0, 1, 1, 2]) == [0.5, 1, 1.5, 2, 2.5]


def test_counters_from_0_and_from_1_end_an_epoch_at_the_same_x() -> None:
    steps: list[float] = [50, 100, 150, 200]

    assert placed(steps, [0, 0, 1, 1], FROM_0) == [0.5, 1, 1.5, 2]
    assert placed(steps, [1, 1, 2, 2], FROM_1) == [0.5, 1, 1.5, 2]


def test_one_row_an_epoch_is_logged_when_the_epoch_is_over() -> None:
    assert placed([100, 200, 300], [1, 2, 3], FROM_1) == [1, 2, 3]
    assert placed([99, 199, 299], [0, 1, 2]) == [1, 2, 3]


def test_one_row_an_epoch_may_stand_at_uneven_steps() -> None:
    assert placed([99, 210, 305], [0, 1, 2]) == [1, 2, 2.856]


def test_one_row_an_epoch_that_starts_at_step_0_still_ends_its_epoch() -> None:
    assert placed([0, 100, 200], [0, 1, 2]) == [1, 2, 3]
    assert placed([0, 1, 2], [0, 1, 2]) == [1, 2, 3]


def test_rows_at_the_first_step_of_every_epoch_end_none() -> None:
    assert placed([1, 101, 201], [0, 1, 2]) == [0.01, 1.01, 2.01]


def test_epochs_of_uneven_lengths_end_where_every_step_is_logged() -> None:
    steps = [float(step) for step in range(80)]
    epochs = [float((step >= 20) + (step >= 50) + (step >= 75)) for step in range(80)]
    found = ends(steps, epochs).at(np.array([19.0, 34.5, 49.0, 74.0, 79.0]))

    assert np.round(found, 3).tolist() == [1, 1.517, 2, 3, 3.182]


def test_an_epoch_longer_than_the_first_seemed_shows_that_the_first_was_longer() -> None:
    # 25 steps an epoch: at step 19 the first is not over, as the second has more than 20.
    assert placed([9, 19, 29, 39, 49], [0, 0, 1, 1, 1]) == [0.31, 0.655, 1, 1.345, 1.69]


def test_a_validation_out_of_turn_ends_the_epoch() -> None:
    steps: list[float] = [9, 19, 24, 29, 39, 49, 59]

    assert placed(steps, [0, 0, 0, 1, 1, 1, 2]) == [0.4, 0.8, 1, 1.2, 1.6, 2, 2.4]


def test_a_log_of_every_tenth_step_from_0_does_not_log_the_ends_of_epochs() -> None:
    steps: list[float] = [0, 10, 20, 30, 40, 50, 60, 70]

    assert placed(steps, [0, 0, 0, 0, 1, 1, 1, 1]) == [
        *(0.025, 0.275, 0.525, 0.775),
        *(1.025, 1.275, 1.525, 1.775),
    ]


def test_epochs_that_no_turn_divides_are_taken_as_long_as_they_can_be() -> None:
    # 25 steps an epoch; the rows at 30 and 50 show that no epoch has more.
    assert placed([0, 10, 20, 30, 40], [0, 0, 0, 1, 1])[-2:] == [1.033, 1.367]
    assert placed([0, 10, 20, 30, 40, 50], [0, 0, 0, 1, 1, 2])[-3:] == [1.24, 1.64, 2.04]


def test_an_evaluation_at_step_0_does_not_hide_that_steps_count_from_1() -> None:
    steps: list[float] = [0, 50, 100, 150, 200, 250, 300, 350]

    assert placed(steps, [0, 0, 0, 1, 1, 2, 2, 3]) == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]


def test_epochs_that_pass_unlogged_are_filled_in() -> None:
    assert placed([49, 99, 149, 199], [2, 4, 7, 9]) == [2.333, 4.714, 7.095, 9.476]


def test_validation_every_five_epochs_stands_at_the_ends_of_those_epochs() -> None:
    assert placed([99, 199, 299], [4, 9, 14]) == [5, 10, 15]


def test_a_run_resumed_at_epoch_7_keeps_its_epochs_where_steps_go_on() -> None:
    assert placed([709, 719, 729, 739], [71, 71, 72, 73]) == [71.0, 72.0, 73.0, 74.0]


def test_a_run_resumed_at_epoch_7_keeps_its_epochs_where_steps_start_again() -> None:
    assert placed([99, 199, 299], [7, 8, 9]) == [8, 9, 10]
    assert placed([49, 99, 149, 199, 249], [7, 7, 8, 8, 9]) == [7.5, 8, 8.5, 9, 9.5]


def test_an_epoch_that_has_just_begun_after_a_resume_is_not_over() -> None:
    steps = [float(step) for step in range(121)]
    found = ends(steps, [7.0] * 100 + [8.0] * 21).at(np.array([99.0, 120.0]))

    assert found.tolist() == [8, 8.21]


def test_epochs_of_no_common_length_end_before_the_next_one_starts() -> None:
    resumed: list[float] = [0, 25, 50, 75, 100, 125]

    assert placed(resumed, [7, 7, 7, 7, 8, 8]) == [7.01, 7.26, 7.51, 7.76, 8.01, 8.26]
    uneven: list[float] = [0, 10, 20, 30, 100, 110, 120]
    assert placed(uneven, [0, 0, 1, 1, 2, 2, 2]) == [0.62, 0.82, 1.012, 1.138, 2.02, 2.22, 2.42]


def test_the_newest_epoch_is_over_when_it_is_as_long_as_the_others() -> None:
    assert placed([20, 40, 50], [1, 2, 3], FROM_1)[-1] == 2.5
    assert placed([20, 40, 60], [1, 2, 3], FROM_1)[-1] == 3


def test_a_newest_epoch_longer_than_the_others_is_not_placed_beyond_its_end() -> None:
    steps = [float(step) for step in range(55)]
    epochs = [float(min(step // 20, 1)) for step in range(55)]

    assert ends(steps, epochs).at(np.array([54.0])).tolist() == [2]


def test_steps_after_the_newest_epoch_have_no_place() -> None:
    found = ends([100, 200, 300], [1, 2, 3], FROM_1).at(np.array([250.0, 300.0, 301.0]))

    assert found[:2].tolist() == [2.5, 3]
    assert np.isnan(found[2])


def test_steps_before_the_first_end_count_the_part_done_and_never_less_than_nothing() -> None:
    found = ends([100, 200, 300], [1, 2, 3], FROM_1).at(np.array([-50.0, 0.0, 25.0]))

    assert found.tolist() == [0, 0, 0.25]


def test_a_known_epoch_length_places_an_only_epoch() -> None:
    assert placed([10, 20], [0, 0], FROM_0, steps_per_epoch=40.0) == [0.25, 0.5]
    assert placed([290, 300], [8, 8], FROM_1, steps_per_epoch=40.0) == [7.25, 7.5]


def test_an_only_epoch_of_unknown_length_has_no_ends() -> None:
    why = "only one epoch is logged, and how many steps it has is not known"

    assert why_not([10, 20], [0, 0]) == why
    assert why_not([49], [0]) == why


def test_an_epoch_that_goes_back_while_the_step_goes_on_counts_nothing() -> None:
    assert why_not([1, 2, 3], [5, 6, 0]) == "epoch goes back while the step goes on"


def test_an_epoch_without_steps_has_no_ends() -> None:
    assert why_not([], []) == "epoch is logged without a step"
    assert why_not([float("nan")] * 2, [0, 1]) == "epoch is logged without a step"


def test_an_evaluation_before_the_first_epoch_stands_at_0() -> None:
    assert placed([0, 100, 200, 300], [0, 1, 2, 3], FROM_1) == [0, 1, 2, 3]


@st.composite
def trainings(draw: st.DrawFn) -> tuple[int, int, int, int, int]:
    """Draw steps per epoch, steps between logs, its phase, the first step and steps done."""
    length = draw(st.integers(2, 40))
    every = draw(st.integers(1, length))
    return (
        length,
        every,
        draw(st.integers(0, every - 1)),
        draw(st.integers(0, 1)),
        draw(st.integers(length + 1, 5 * length)),
    )


def logged(training: tuple[int, int, int, int, int], *, evaluates: bool) -> list[tuple[int, int]]:
    """Return the steps done and the epoch in progress at every log call of a training."""
    length, every, phase, _, total = training
    return [
        (done, (done - 1) // length)
        for done in range(1, total + 1)
        if done % every == phase or (evaluates and done % length == 0)
    ]


@pytest.mark.parametrize("meaning", [FROM_0, FROM_1])
@unhurried
@given(training=trainings())
def test_a_run_that_logs_the_ends_of_its_epochs_is_never_placed_too_far(
    training: tuple[int, int, int, int, int], meaning: EpochCounter
) -> None:
    length, _, _, first_step, _ = training
    calls = logged(training, evaluates=True)
    epochs = [float(epoch + (meaning is FROM_1)) for _, epoch in calls]
    steps = [float(done - 1 + first_step) for done, _ in calls]
    found = epoch_ends(counter(steps, epochs), meaning, None)

    if isinstance(found, EpochEnds):
        x = found.at(np.array(steps))
        true = np.array([done / length for done, _ in calls])
        assert (x <= true + 1 / length + 1e-9).all()


@unhurried
@given(length=st.integers(2, 40), every=st.integers(3, 20), over=st.integers(3, 6))
def test_every_epoch_ends_where_its_evaluation_stands(length: int, every: int, over: int) -> None:
    calls = logged((length, every, 0, 0, over * length), evaluates=True)
    steps = [float(done - 1) for done, _ in calls]
    x = placed(steps, [float(epoch) for _, epoch in calls])

    ends = [place for place, (done, _) in zip(x, calls, strict=True) if done % length == 0]
    assert ends == [float(epoch) for epoch in range(1, over + 1)]


@unhurried
@given(trainings())
def test_a_run_that_logs_only_now_and_then_is_placed_within_two_turns(
    training: tuple[int, int, int, int, int],
) -> None:
    length, every, _, first_step, _ = training
    calls = logged(training, evaluates=False)
    steps = [float(done - 1 + first_step) for done, _ in calls]
    found = epoch_ends(counter(steps, [float(epoch) for _, epoch in calls]), FROM_0, None)

    if isinstance(found, EpochEnds):
        true = np.array([done / length for done, _ in calls])
        assert (found.at(np.array(steps)) <= true + (2 * every + 1) / length).all()
