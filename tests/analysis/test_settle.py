import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.analysis.settle import Settled, settle
from samestep.model import History, Metric, Purge, ReadReport

unhurried = settings(deadline=None)  # a busy machine is no failure
NAN = float("nan")


def metric(*steps: float, values: tuple[float, ...] | None = None) -> Metric:
    """Return points at these steps in the order written; each value is its place in that order."""
    numbers = np.arange(len(steps), dtype=np.int64)
    measured = numbers.astype(np.float64) if values is None else np.array(values)
    return Metric("val/loss", np.array(steps), measured, numbers, times=measured + 1.7e9)


def history(*purges: Purge, append_only: bool = True) -> History:
    return History({}, ReadReport("memory"), append_only=append_only, purges=purges)


def settled(*steps: float) -> Settled:
    return settle(metric(*steps), history())


def points(found: Settled) -> list[tuple[float, float]]:
    return list(zip(found.steps.tolist(), found.values.tolist(), strict=True))


def counts(found: Settled) -> tuple[int, int, int]:
    """Return restarts, points voided and duplicates."""
    return found.restarts, found.voided, found.duplicates


def test_points_of_an_undisturbed_run_are_kept_as_they_are() -> None:
    found = settled(1, 2, 3)

    assert points(found) == [(1, 0), (2, 1), (3, 2)]
    assert counts(found) == (0, 0, 0)
    assert found.resumed_row is None


def test_a_resumed_run_writes_its_overlap_again_and_the_later_points_win() -> None:
    found = settled(1, 2, 3, 4, 3, 4, 5)

    assert points(found) == [(1, 0), (2, 1), (3, 4), (4, 5), (5, 6)]
    assert counts(found) == (1, 2, 0)
    assert found.resumed_row == 4


def test_a_resume_between_logged_steps_voids_what_lies_beyond_it() -> None:
    found = settled(10, 20, 30, 15, 25)

    assert points(found) == [(10, 0), (15, 3), (25, 4)]
    assert counts(found) == (1, 2, 0)


def test_a_second_full_run_in_one_directory_voids_the_first_though_it_is_shorter() -> None:
    found = settled(0, 1, 2, 3, 4, 5, 0, 1, 2)

    assert points(found) == [(0, 6), (1, 7), (2, 8)]
    assert counts(found) == (1, 6, 0)


def test_every_restart_is_counted() -> None:
    found = settled(1, 2, 3, 2, 3, 1, 2)

    assert points(found) == [(1, 5), (2, 6)]
    assert counts(found) == (2, 5, 0)
    assert found.resumed_row == 5


def test_a_step_written_again_at_once_is_a_duplicate_and_no_restart() -> None:
    found = settled(5, 5, 5, 6)

    assert points(found) == [(5, 2), (6, 3)]
    assert counts(found) == (0, 0, 2)


def test_duplicates_are_told_from_points_that_a_restart_voided() -> None:
    found = settled(1, 1, 2, 3, 2, 3)

    assert points(found) == [(1, 1), (2, 4), (3, 5)]
    assert counts(found) == (1, 2, 1)


def test_a_resume_at_the_newest_step_goes_unnoticed_as_a_duplicate() -> None:
    assert counts(settled(1, 2, 2, 3)) == (0, 0, 1)


def test_points_without_a_step_are_kept_and_come_first() -> None:
    found = settled(1, NAN, 2, NAN, 3)

    assert found.values.tolist() == [1, 3, 0, 2, 4]
    assert counts(found) == (0, 0, 0)


def test_a_restart_is_seen_across_points_without_a_step() -> None:
    found = settled(1, 2, NAN, 1, 2)

    assert found.values.tolist() == [2, 3, 4]
    assert counts(found) == (1, 2, 0)


def test_nan_and_infinite_values_are_kept() -> None:
    found = settle(metric(1, 2, 3, values=(NAN, float("inf"), -float("inf"))), history())

    assert str(found.values.tolist()) == "[nan, inf, -inf]"


def test_infinite_steps_are_put_in_order_without_a_warning() -> None:
    found = settled(1, float("inf"), float("inf"))

    assert points(found) == [(1, 0), (float("inf"), 2)]
    assert counts(found) == (0, 0, 1)


def test_a_history_that_is_sorted_already_has_duplicates_but_no_restarts() -> None:
    found = settle(metric(3, 1, 2, 1), history(append_only=False))

    assert points(found) == [(1, 3), (2, 2), (3, 0)]
    assert counts(found) == (0, 0, 1)


def test_a_declared_purge_voids_older_points_that_no_later_point_reaches() -> None:
    found = settle(metric(1, 2, 3, 4, 6), history(Purge(row=4, step=3)))

    assert points(found) == [(1, 0), (2, 1), (6, 4)]
    assert counts(found) == (1, 2, 0)
    assert found.resumed_row == 4


def test_a_purge_and_the_step_back_that_follows_it_are_one_restart() -> None:
    found = settle(metric(1, 2, 3, 2, 3), history(Purge(row=3, step=2)))

    assert points(found) == [(1, 0), (2, 3), (3, 4)]
    assert counts(found) == (1, 2, 0)


def test_a_purge_with_nothing_logged_since_counts_as_a_restart() -> None:
    found = settle(metric(1, 2, 3), history(Purge(row=3, step=2)))

    assert points(found) == [(1, 0)]
    assert counts(found) == (1, 2, 0)
    assert found.resumed_row == 3


def test_a_purge_that_voids_nothing_is_no_restart() -> None:
    assert counts(settle(metric(1, 2), history(Purge(row=0, step=0)))) == (0, 0, 0)


def test_points_are_ordered_by_another_counter_where_one_is_given() -> None:
    epochs = np.array([1.0, 2.0, 3.0, 2.0])
    found = settle(metric(NAN, NAN, NAN, NAN), history(), counter=epochs)

    assert found.values.tolist() == [0, 3]
    assert counts(found) == (1, 2, 0)


def test_times_and_rows_stay_with_their_points() -> None:
    found = settled(2, 1)

    assert found.rows.tolist() == [1]
    assert found.times is not None
    assert found.times.tolist() == [1.7e9 + 1]


def test_a_metric_without_points_settles_to_nothing() -> None:
    assert points(settled()) == []
    assert counts(settled()) == (0, 0, 0)


@unhurried
@given(st.lists(st.integers(0, 12), max_size=40))
def test_points_are_kept_as_by_tensorboards_loader(steps: list[int]) -> None:
    kept: list[tuple[float, float]] = []
    for place, step in enumerate(steps):
        kept = [point for point in kept if point[0] < step] + [(float(step), float(place))]
    found = settled(*map(float, steps))

    assert points(found) == kept
    assert len(kept) + found.voided + found.duplicates == len(steps)


@pytest.mark.parametrize("append_only", [True, False])
@unhurried
@given(steps=st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_settled_steps_ascend_and_no_point_is_lost_uncounted(
    steps: list[float], *, append_only: bool
) -> None:
    found = settle(metric(*steps), history(append_only=append_only))
    known = found.steps[~np.isnan(found.steps)].tolist()

    assert known == sorted(set(known))
    assert len(found.steps) + found.voided + found.duplicates == len(steps)
