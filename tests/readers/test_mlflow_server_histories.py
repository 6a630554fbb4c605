import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.mlflow_server.asking import points, reader
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve, point_of
from tests.readers.mlflow_server.stub import Answer, Call, serving

from samestep.model import Run, Source
from samestep.readers.mlflow.mapping import full_names, glance_of, head_of
from samestep.readers.mlflow.server.answers import Fields, columns, fields, stored
from samestep.readers.mlflow.server.answers import points as points_of

SEEDS = [
    HeldRun(f"{seed:032x}", f"vit-s16 seed {seed}", {"loss": curve(40, seed + 1.0)})
    for seed in range(20)
]
Anything = st.SearchStrategy[object]


def record(**optional: Anything) -> st.SearchStrategy[dict[str, object]]:
    """Return objects that have some of the fields."""
    return st.fixed_dictionaries({}, optional=optional)


NUMBERS: Anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["NaN", "Infinity", "7", "seven", 10**400]),
)
STRAY: Anything = st.one_of(NUMBERS, st.text(max_size=6), st.lists(NUMBERS, max_size=2))
METRIC = record(key=STRAY, value=NUMBERS, step=NUMBERS, timestamp=NUMBERS)
HELD = record(metrics=st.one_of(st.lists(METRIC, max_size=4), STRAY), params=STRAY)
ABOUT = record(run_id=STRAY, run_name=STRAY, start_time=NUMBERS, status=STRAY)
RUN = record(info=ABOUT, data=st.one_of(HELD, STRAY), inputs=STRAY, outputs=HELD)
POINTS = st.lists(
    st.tuples(
        st.integers(0, 2**42),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, width=32) | st.sampled_from(["NaN", "Infinity", "-Infinity"]),
    ),
    max_size=30,
)


def all_read(url: str, runs: list[HeldRun]) -> list[Run]:
    """Read runs together; each must be readable."""
    read = reader(url).read_several([run.id for run in runs], lambda _metric: True)
    return [run for run in read if isinstance(run, Run)]


def test_five_hundred_runs_are_listed_in_two_requests():
    many = [HeldRun(f"{at:032x}", f"sweep {at}", {"loss": curve(1)}) for at in range(500)]
    with serving(Runs(many)) as stub:
        listing = reader(stub.url).list()

        assert stub.endpoints == ["experiments/search", "runs/search"]
    assert [head.full_name for head in listing.runs] == [run.name for run in many]


def test_every_page_of_runs_is_asked_for_and_a_run_that_shifts_is_listed_once():
    runs = Runs(SEEDS, page=8)

    def shifting(call: Call) -> Answer:
        token = call.asked.get("page_token")
        later = {**call.asked, "page_token": str(int(token) - 1)} if token else call.asked
        return runs(replace(call, asked=later))

    with serving(shifting) as stub:
        names = [head.full_name for head in reader(stub.url).list().runs]

        assert stub.endpoints.count("runs/search") == 3
        assert stub.calls[-1].asked["max_results"] == 500
    assert names == [run.name for run in SEEDS]


def test_twenty_runs_cost_two_requests_for_a_metric():
    with serving(Runs(SEEDS)) as stub:
        runs = all_read(stub.url, SEEDS)

        assert stub.endpoints == [
            "experiments/search",
            "runs/search",
            *["metrics/get-history-bulk-interval"] * 2,
        ]
    assert [points(run, "loss")[:2] for run in runs[:2]] == [
        [(1_700_000_000.0, 0.0, "1.0"), (1_700_000_001.0, 1.0, "0.5")],
        [(1_700_000_000.0, 0.0, "2.0"), (1_700_000_001.0, 1.0, "1.0")],
    ]


def test_a_request_names_a_hundred_runs_at_most():
    many = [HeldRun(f"{at:032x}", f"sweep {at}", {"loss": curve(2)}) for at in range(120)]
    with serving(Runs(many)) as stub:
        runs = all_read(stub.url, many)

        named = [len(one.asked["run_ids"]) for one in stub.calls if "run_ids" in one.asked]
    assert sorted(named) == [20, 20, 100, 100]
    assert [len(run.history.metrics["loss"].values) for run in runs] == [2] * 120


def test_a_server_that_samples_as_old_ones_do_is_still_read_whole():
    """MLflow 2 samples the steps of all runs together; 6,000 steps take three windows."""
    odd = [(1_700_000_000_000, 2 * at + 1, 0.5) for at in range(3000)]
    runs = [*SEEDS, HeldRun("f" * 32, "between", {"loss": odd})]
    with serving(Runs(runs)) as stub:
        read = all_read(stub.url, runs)

        assert stub.endpoints.count("metrics/get-history-bulk-interval") == 4
        assert "metrics/get-history" not in stub.endpoints
    assert [len(run.history.metrics["loss"].values) for run in read] == [40] * 20 + [3000]
    assert [step for _, step, _ in points(read[-1], "loss")] == [2 * at + 1 for at in range(3000)]


def test_points_before_step_0_and_more_than_a_window_returns_are_read_by_themselves():
    early = replace(SEEDS[0], points={"loss": [(1, -5, 0.25), (2, 3, 0.5)]})
    crowded = replace(SEEDS[1], points={"loss": [(at, 7, 0.5) for at in range(2500)]})
    runs = [early, crowded, *SEEDS[2:]]
    with serving(Runs(runs)) as stub:
        read = all_read(stub.url, runs)

        alone = [one.asked["run_id"] for one in stub.calls if one.endpoint == "metrics/get-history"]
    assert sorted(alone) == [early.id, crowded.id]
    assert points(read[0], "loss") == [(1.0, -5.0, "0.25"), (2.0, 3.0, "0.5")]
    assert len(read[1].history.metrics["loss"].values) == 2500


def test_far_steps_are_read_by_themselves_where_windows_would_be_more_requests():
    far = [replace(run, points={"loss": curve(3, every=10**6)}) for run in SEEDS]
    with serving(Runs(far)) as stub:
        read = all_read(stub.url, far)

        assert stub.endpoints.count("metrics/get-history") == 20
        assert len(stub.calls) == 22
    assert [step for _, step, _ in points(read[0], "loss")] == [0.0, 1e6, 2e6]


def test_a_server_without_windows_is_read_run_by_run():
    with serving(Runs(SEEDS, has_windows=False)) as stub:
        read = all_read(stub.url, SEEDS)

        assert stub.endpoints.count("metrics/get-history") == 20
    assert [run.history.read.losses for run in read] == [()] * 20


def test_a_history_comes_page_by_page_each_with_its_size():
    run = HeldRun("a1" * 16, "vit-s16", {"loss": curve(10)})
    with serving(Runs([run], page=4)) as stub:
        read = reader(stub.url).read(run.id)

        asked = [one.asked for one in stub.calls if one.endpoint == "metrics/get-history"]
    assert [(one["max_results"], one.get("page_token")) for one in asked] == [
        ("25000", None),
        ("25000", "4"),
        ("25000", "8"),
    ]
    assert read.history.metrics["loss"].steps.tolist() == list(range(10))


def test_points_without_a_number_are_counted():
    run = HeldRun("a1" * 16, "vit-s16", {"loss": [*curve(2), (5, 5, "much")]})
    with serving(Runs([run])) as stub:
        read = reader(stub.url).read(run.id)

    assert read.history.metrics["loss"].values.tolist() == [1.0, 0.5]
    assert read.history.read.losses == ("1 point without a number left out",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.25, "0.25"),
        ("NaN", "nan"),
        ("Infinity", "inf"),
        ("-Infinity", "-inf"),
        (1.7976931348623157e308, "inf"),
        (-1.7976931348623157e308, "-inf"),
        ("0.5", "0.5"),
    ],
)
def test_values_that_are_not_finite_are_values(written: float | str, meant: str):
    found, lost = points_of([columns([point_of("loss", 1, 0, written)])])

    assert ([repr(value) for value in found.values.tolist()], lost) == ([meant], 0)


def test_a_name_that_another_run_has_is_told_apart_alone_and_in_the_listing():
    one, other = HeldRun("a1" * 16, "vit's"), HeldRun("b2" * 16, "vit's")
    plain = [HeldRun("c3" * 16, "vit"), HeldRun("d4" * 16, "vit"), HeldRun("e5" * 16, "resnet")]
    with serving(Runs([one, other, *plain])) as stub:
        listed = {head.ref.id: head.full_name for head in reader(stub.url).list().runs}
        alone = {run_id: reader(stub.url).read(run_id).full_name for run_id in listed}

    assert alone == listed
    assert listed[one.id] == f"vit's {one.id}"
    assert (listed["c3" * 16], listed["e5" * 16]) == (f"vit {'c3' * 16}", "resnet")


@given(POINTS)
@settings(max_examples=60, deadline=None)
def test_points_survive_the_way_through_json(written: list[tuple[int, int, float | str]]):
    sent = json.loads(json.dumps([point_of("loss", *point) for point in written]))
    found, lost = points_of([columns(sent[:7]), columns(sent[7:])])

    expected = sorted((float(time), float(step)) for time, step, _ in written)
    assert list(zip(found.timestamps.tolist(), found.steps.tolist(), strict=True)) == expected
    assert sorted(map(repr, found.values.tolist())) == sorted(
        repr(float(value)) for _, _, value in written
    )
    assert lost == 0


@given(RUN)
@settings(max_examples=150, deadline=None)
def test_whatever_a_server_says_of_a_run_is_a_run_with_finite_steps_or_none(answer: Fields):
    one = stored(answer, {})
    run_id = fields(answer.get("info")).get("run_id")

    assert (one is not None) == (isinstance(run_id, str) and run_id != "")
    if one is not None:
        names = full_names([one.record])
        glance = glance_of(one.record, names, one.latest)
        assert head_of(Source("mlflow", "http://host"), one.record, names, glance).full_name
        assert all(math.isfinite(point.step) for point in one.latest.values())


@given(st.lists(METRIC, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_point_a_server_answers_with_is_read_or_counted(answer: list[Fields]):
    found, lost = points_of([columns(answer)])

    assert len(found.values) + lost == len(answer)
    assert all(map(math.isfinite, found.steps.tolist()))
    assert all(map(math.isfinite, found.timestamps.tolist()))
