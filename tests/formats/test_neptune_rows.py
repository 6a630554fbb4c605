import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.formats.neptune.rows import as_written, by_time

NAN = float("nan")
PAIRS = st.lists(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.5]), st.sampled_from([7.0, 8.0, NAN]))),
    max_size=4,
)


def columns(series: list[list[tuple[float, float]]]):
    steps = [np.array([step for step, _ in one], np.float64) for one in series]
    times = [np.array([time for _, time in one], np.float64) for one in series]
    return steps, times


@given(PAIRS)
@settings(max_examples=80, deadline=None)
def test_rows_as_written_go_up_in_every_series_and_are_shared_by_equal_points(
    series: list[list[tuple[float, float]]],
):
    steps, times = columns(series)
    numbers = iter(range(len([pair for one in series for pair in one])))
    rows = as_written(steps, times, [np.array([next(numbers) for _ in one], int) for one in series])

    points = [
        (int(row), str(pair))
        for one, own in zip(series, rows, strict=True)
        for pair, row in zip(one, own, strict=True)
    ]
    assert all((np.diff(own) > 0).all() for own in rows)
    assert len({row for row, _ in points}) == len(set(points))


@given(PAIRS)
@settings(max_examples=80, deadline=None)
def test_rows_by_time_are_the_ranks_of_time_and_step(series: list[list[tuple[float, float]]]):
    rows = by_time(*columns(series))

    known = sorted({(str(time), step) for one in series for step, time in one})
    ranks = [[known.index((str(time), step)) for step, time in one] for one in series]
    assert [own.tolist() for own in rows] == ranks


def test_points_share_the_row_of_the_first_of_them():
    steps, times = columns([[(0.0, 7.0), (1.0, 8.0)], [(0.0, 7.0), (1.0, 9.0)], [(1.0, 8.0)]])
    orders = [np.array(order) for order in ([0, 1], [2, 3], [4])]

    assert [own.tolist() for own in as_written(steps, times, orders)] == [[0, 1], [0, 3], [1]]


def test_a_series_that_would_go_back_keeps_its_own_rows():
    steps, times = columns([[(0.0, 7.0), (1.0, 8.0)], [(1.0, 8.0), (0.0, 7.0)]])
    orders = [np.array(order) for order in ([0, 1], [2, 3])]

    assert [own.tolist() for own in as_written(steps, times, orders)] == [[0, 1], [2, 3]]
