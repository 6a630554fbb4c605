import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from samestep.errors import NoSuchRun, Unreachable
from samestep.progress import listening, tell
from samestep.readers.together import in_time, together

SOON = 5.0  # seconds within which anything here has happened, however busy the machine
question: ContextVar[str] = ContextVar("question", default="none")


def returning(value: int) -> Callable[[], int]:
    return lambda: value


class NotWanted(Exception):
    """What a listener raises when the answer is no longer wanted."""


def test_results_stand_in_the_order_of_the_calls_whichever_ends_first():
    second_ended = threading.Event()

    def first() -> str:
        assert second_ended.wait(SOON)
        return "first"

    def second() -> str:
        second_ended.set()
        return "second"

    assert together([first, second]) == ["first", "second"]
    assert together([]) == []


def test_no_more_calls_are_under_way_than_allowed():
    under_way: list[int] = []
    most: list[int] = []

    def call() -> None:
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.005)
        under_way.pop()

    together([call] * 30, at_once=3)

    assert len(most) == 30
    assert max(most) == 3


def test_a_refusal_stands_in_the_place_of_its_result_and_takes_no_other_down():
    refusal = NoSuchRun("resnet50", [], "mlflow:http://127.0.0.1:5000")

    def refused() -> int:
        raise refusal

    assert together([returning(1), refused, returning(3)], at_once=1) == [1, refusal, 3]


def test_a_bug_is_raised_at_once_and_begins_no_further_call():
    slow = threading.Event()
    begun: list[int] = []

    def broken() -> None:
        raise ZeroDivisionError

    def waits() -> None:
        begun.append(1)
        slow.wait(SOON)

    others = set(threading.enumerate())
    started = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        together([waits, broken, waits, waits, waits], at_once=2)

    assert time.monotonic() - started < SOON / 2
    slow.set()
    for thread in set(threading.enumerate()) - others:
        thread.join(SOON)
    assert len(begun) == 1


def test_calls_run_in_the_context_of_the_caller_and_tell_its_listener():
    told: list[tuple[str, int, int | None]] = []

    def call(number: int) -> str:
        tell("runs", number, 2)
        return question.get()

    token = question.set("compare")
    with listening(lambda what, done, total: told.append((what, done, total))):
        answers = together([lambda: call(1), lambda: call(2)])
    question.reset(token)

    assert answers == ["compare", "compare"]
    assert sorted(told) == [("runs", 1, 2), ("runs", 2, 2)]


def test_calls_inside_calls_tell_the_same_listener_all_at_once():
    told: list[int] = []
    meeting = threading.Barrier(4, timeout=SOON)

    def listener(_what: str, done: int, _total: int | None) -> None:
        meeting.wait()
        told.append(done)

    def inner() -> None:
        tell("metrics", 1)

    with listening(listener):
        results = together([lambda: together([inner, inner]), lambda: together([inner, inner])])

    assert results == [[None, None], [None, None]]
    assert told == [1, 1, 1, 1]


def test_a_listener_that_raises_stops_every_call_at_the_next_thing_it_tells():
    answered: list[int] = []
    others_stopped = threading.Event()

    def wants_no_more(_what: str, done: int, _total: int | None) -> None:
        if done == 3:
            raise NotWanted

    def tells_three() -> None:
        tell("pages", 3)

    def tells_on() -> None:
        try:
            while True:
                tell("pages", 1)
                time.sleep(0.001)
        finally:
            others_stopped.set()

    with listening(wants_no_more), pytest.raises(NotWanted):
        together([tells_on, tells_three, lambda: answered.append(1)], at_once=2)

    assert others_stopped.wait(SOON)
    assert answered == []


def test_a_call_that_never_returns_does_not_hold_up_the_end_of_the_process():
    program = (
        "import threading\n"
        "from samestep.readers.together import in_time, together\n"
        "try:\n    in_time(threading.Event().wait, 0.01)\n"
        "except TimeoutError:\n    print('given up')\n"
        "together([threading.Event().wait, lambda: 1 / 0])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.stdout == "given up\n"
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr


def test_a_call_in_time_returns_what_it_returns_and_raises_what_it_raises():
    refusal = Unreachable("mlflow:http://127.0.0.1:5000", "it refuses connections", "Start it.")

    def refused() -> int:
        raise refusal

    assert in_time(lambda: 7, SOON) == 7
    with pytest.raises(Unreachable) as raised:
        in_time(refused, SOON)
    assert raised.value is refusal
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 // 0, SOON)


def test_a_call_that_takes_too_long_is_given_up_and_tells_nobody():
    told: list[str] = []
    go_on, ended = threading.Event(), threading.Event()

    def slow() -> None:
        go_on.wait(SOON)
        try:
            tell("too late", 1)
        finally:
            ended.set()

    with listening(lambda what, _done, _total: told.append(what)):
        with pytest.raises(TimeoutError):
            in_time(slow, 0.02)
        go_on.set()

        assert ended.wait(SOON)
    assert told == []


def test_waiting_ends_when_the_answer_is_no_longer_wanted():
    never = threading.Event()
    asked: list[int] = []

    def between() -> None:
        asked.append(1)
        raise NotWanted

    started = time.monotonic()
    with pytest.raises(NotWanted):
        in_time(never.wait, SOON, between)

    assert time.monotonic() - started < SOON / 2
    assert asked == [1]
