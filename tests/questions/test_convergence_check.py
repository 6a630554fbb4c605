"""Whether a run still improves, as an answer: the tail, the state, the rule and the verdict."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from samestep import MemoryRun, convergence_check, forget, remember
from samestep.errors import BadArgument, BadArguments, NoSuchMetric, SamestepError

Curve = Callable[[int], float]
LONG = 60


class Hold(Protocol):
    """Holds one run with a curve of `val/loss` and returns its reference."""

    def __call__(self, curve: Curve, epochs: int = LONG, **config: object) -> str:
        """Hold the run."""
        ...


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Hold one run with a curve of `val/loss` and return its reference."""

    def one(curve: Curve, epochs: int = LONG, **config: object) -> str:
        rows = [
            {"epoch": epoch, "step": 10 * epoch, "val/loss": curve(epoch), "odd": 1.0}
            for epoch in range(1, epochs + 1)
        ]
        return f"{remember('curve', [MemoryRun('wide/seed0', rows, config=config)])}#wide/seed0"

    yield one
    forget("curve")


def jitter(epoch: int) -> float:
    """Return a small deviation that repeats nothing."""
    return 0.002 * math.sin(37.0 * epoch)


def falling(epoch: int) -> float:
    return 2.0 - 0.02 * epoch + jitter(epoch)


def long_flat(epoch: int) -> float:
    return 2.0 * 0.6**epoch + 0.5 + jitter(epoch) / 4


def rising_again(epoch: int) -> float:
    return 2.0 * 0.7 ** min(epoch, 60 - epoch) + jitter(epoch)


def lost(epoch: int) -> float:
    return math.nan if epoch > 50 else 1.0 / epoch


@pytest.mark.parametrize(
    ("curve", "kind"),
    [
        (falling, "improving"),
        (long_flat, "converged"),
        (rising_again, "diverging"),
        (lost, "diverging"),
    ],
)
def test_the_verdict_is_that_of_the_whole_curve(hold: Hold, curve: Curve, kind: str) -> None:
    answer = convergence_check(hold(curve), "val/loss")

    assert answer.verdict.kind == kind
    assert [point.x for point in answer.tail] == [56, 57, 58, 59, 60]
    assert answer.rule


def test_a_flat_stretch_while_the_schedule_is_open_is_at_most_a_plateau(
    hold: Hold,
) -> None:
    answer = convergence_check(hold(long_flat, lr_scheduler="cosine", max_epochs=200), "val/loss")

    assert answer.verdict.kind == "plateaued"
    assert answer.reading.endswith("has reached a plateau under the current learning rate.")


def test_a_strangers_run_in_its_warm_up_has_not_converged() -> None:
    """Its loss stands still at 2 % of the steps planned, while the learning rate still rises."""
    store = Path("../shared/data/hf-trainer")
    if not store.is_dir():
        pytest.skip(f"the strangers' runs are not at {store}")
    run = "SecurityLab-UCD__UniTSyn/results/checkpoint-3500/trainer_state.json"
    answer = convergence_check(f"files:{store}#{run}", "loss")

    assert answer.verdict.kind == "plateaued"
    assert answer.reading.endswith("has reached a plateau under the current learning rate.")


def test_five_flat_points_say_nothing(hold: Hold) -> None:
    answer = convergence_check(hold(lambda e: 1.0 / min(e, 3), epochs=8), "val/loss")

    assert (answer.state, answer.verdict.kind) == ("too_short", "undecided")
    assert len(answer.tail) == 5


def test_a_direction_nobody_knows_leaves_only_the_facts(hold: Hold) -> None:
    ref = hold(lambda e: 1.0 / e)
    unknown, told = convergence_check(ref, "odd"), convergence_check(ref, "odd:higher")

    assert (unknown.curve.direction, unknown.state, unknown.verdict.kind) == (
        None,
        None,
        "undecided",
    )
    assert told.curve.direction == "higher"


def test_more_epochs_are_shown_when_asked_for(hold: Hold) -> None:
    answer = convergence_check(hold(lambda e: 1.0 / e), "val/loss", last=8)

    assert [point.x for point in answer.tail] == list(range(53, 61))
    assert answer.to_frame()["value"].iloc[-1] == pytest.approx(1 / 60)


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"metric": "val/los"}, NoSuchMetric, "'val/loss'"),
        ({"last": 4}, BadArguments, "last=4"),
        ({"run": "group:memory:curve#*x"}, SamestepError, "wide/seed0"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    hold: Hold, arguments: dict[str, object], refusal: type[SamestepError], says: str
) -> None:
    asked = {"run": hold(lambda e: 1.0 / e), "metric": "val/loss", **arguments}

    with pytest.raises(refusal) as refused:
        convergence_check(**asked)  # pyright: ignore[reportArgumentType] # each case is one bad argument

    assert says in str(refused.value)
    assert BadArgument.__name__ not in str(refused.value)


def test_a_projected_gain_stays_within_what_the_metric_can_be(hold: Hold) -> None:
    answer = convergence_check(hold(lambda epoch: 0.5 - 0.02 * epoch, 20), "val/loss")

    twice = answer.projected_gain[-1]
    assert twice.gain == pytest.approx(0.1)
    assert twice.interval is not None
    assert twice.interval[1] == pytest.approx(0.1)
    assert "held within" in twice.method
