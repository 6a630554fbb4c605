from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.analysis.laps import laps_of
from samestep.model import History, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

unhurried = settings(deadline=None)  # a busy machine is no failure
Row = tuple[float, float]


def history(*rows: Row, append_only: bool = True) -> History:
    """Return a run that logs (step, epoch) in each of its rows."""
    logged = [{"step": step, "epoch": epoch, "loss": 1.0} for step, epoch in rows]
    return read(MemoryRun("resnet50-cosine/seed0", logged, append_only=append_only))


def read(run: MemoryRun) -> History:
    found = MemoryReader(Source.parse(remember("laps", [run]))).read(run.full_name)
    forget("laps")
    return found.history


def counted_on(*rows: Row) -> list[float]:
    logged = history(*rows)
    laps = laps_of(logged)
    assert laps is not None
    return laps.counted_on(logged).metrics["loss"].steps.tolist()


def test_a_step_that_an_epoch_resets_is_counted_on() -> None:
    found = counted_on((50, 1), (100, 1), (50, 2), (100, 2), (50, 3))

    assert found == [50, 100, 150, 200, 250]


def test_a_reset_step_that_counts_from_0_is_counted_on_without_a_gap() -> None:
    assert counted_on((0, 0), (1, 0), (0, 1), (1, 1), (0, 2)) == [0, 1, 2, 3, 4]


def test_a_resume_that_loses_the_step_and_keeps_the_epoch_is_counted_on() -> None:
    assert counted_on((0, 0), (10, 1), (20, 2), (5, 3), (15, 4)) == [0, 10, 20, 25, 35]


def test_a_resume_that_goes_back_with_its_epoch_is_a_restart() -> None:
    assert laps_of(history((0, 0), (10, 1), (20, 2), (10, 1), (20, 2))) is None


def test_a_second_run_from_the_start_is_a_restart() -> None:
    assert laps_of(history((0, 0), (10, 1), (20, 2), (0, 0), (10, 1))) is None


def test_a_resume_within_a_reset_epoch_goes_back_in_that_epoch() -> None:
    found = counted_on((50, 1), (100, 1), (50, 2), (100, 2), (50, 2), (100, 2))

    assert found == [50, 100, 150, 200, 150, 200]


def test_a_resume_at_an_earlier_reset_epoch_goes_back_to_that_epoch() -> None:
    found = counted_on((50, 1), (100, 1), (50, 2), (100, 2), (50, 1), (100, 1), (50, 2))

    assert found == [50, 100, 150, 200, 50, 100, 150]


def test_fractions_of_epochs_tell_laps_too() -> None:
    assert counted_on((10, 0.5), (20, 1.0), (10, 1.5), (20, 2.0)) == [10, 20, 30, 40]


def test_a_sorted_history_has_no_laps() -> None:
    assert laps_of(history((50, 1), (100, 1), (50, 2), append_only=False)) is None


def test_a_run_without_an_epoch_has_no_laps() -> None:
    run = MemoryRun("ppo/seed0", [{"step": 5, "reward": 1.0}, {"step": 1, "reward": 2.0}])

    assert laps_of(read(run)) is None


def test_points_between_the_rows_of_two_laps_go_where_their_step_does() -> None:
    rows = [
        *({"step": 0.0, "epoch": 0.0}, {"step": 9.0, "epoch": 0.0}, {"step": 9.0, "loss": 0.5}),
        *({"step": 0.0, "loss": 0.4}, {"step": 0.0, "epoch": 1.0}, {"step": 9.0, "loss": 0.3}),
    ]
    logged = read(MemoryRun("resnet50-cosine/seed0", rows))
    laps = laps_of(logged)

    assert laps is not None
    assert laps.counted_on(logged).metrics["loss"].steps.tolist() == [9, 10, 19]


@unhurried
@given(st.lists(st.integers(1, 6), min_size=2, max_size=8))
def test_epochs_of_any_lengths_are_counted_on_in_order(lengths: list[int]) -> None:
    rows = [(float(at), float(e)) for e, length in enumerate(lengths) for at in range(length)]
    logged = history(*rows)
    laps = laps_of(logged)
    steps = (laps.counted_on(logged) if laps else logged).metrics["loss"].steps.tolist()

    assert all(one <= other for one, other in pairwise(steps))
