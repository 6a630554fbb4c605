"""How often a question asks a server, and what one slow or missing run does to the others."""

import time
from pathlib import Path

import pytest
from tests.readers.mlflow_server.runs import HeldRun, Runs, curve
from tests.readers.mlflow_server.stub import serving

from samestep import Project, compare_same_epoch, list_runs
from samestep.errors import NoSuchRun, Unreachable

EIGHT = [f"test/top{n}" for n in range(1, 9)]
SEEDS = [
    HeldRun(
        f"{seed:032x}",
        f"vit-s16 seed {seed}",
        {**{name: curve(40, seed + 1.0) for name in EIGHT}, "train/extra": curve(40)},
    )
    for seed in range(20)
]


def test_twenty_runs_over_eight_metrics_are_compared_in_few_requests(tmp_path: Path) -> None:
    with serving(Runs(SEEDS)) as stub:
        source = f"mlflow:{stub.url}"
        answer = compare_same_epoch(
            f"{source}#{SEEDS[0].id}",
            [[f"{source}#{run.id}" for run in SEEDS[1:]]],
            metrics=EIGHT,
            project=Project(tmp_path),
        )

        asked = len(stub.calls)
    assert len(answer.proxy) == 8
    assert answer.proxy[0].baseline.n == 19
    assert asked <= 40


def test_a_listing_of_five_hundred_runs_asks_no_run_by_itself(tmp_path: Path) -> None:
    many = [HeldRun(f"{at:032x}", f"sweep {at}", {"loss": curve(3)}) for at in range(500)]
    with serving(Runs(many)) as stub:
        listed = list_runs(f"mlflow:{stub.url}", where="metric.loss < 9", project=Project(tmp_path))

        assert len(stub.calls) == 2
    assert listed.matched == 500


def test_a_run_that_is_gone_is_refused_by_name_beside_others_that_are_there(
    tmp_path: Path,
) -> None:
    with serving(Runs(SEEDS[:3])) as stub, pytest.raises(NoSuchRun) as refused:
        compare_same_epoch(
            f"mlflow:{stub.url}#{SEEDS[0].id}",
            [f"mlflow:{stub.url}#{SEEDS[1].id}", f"mlflow:{stub.url}#{'f' * 32}"],
            project=Project(tmp_path),
        )

    assert "f" * 32 in str(refused.value)


def test_a_closed_server_is_refused_in_seconds_with_the_address(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreachable) as refused:
        list_runs("mlflow:http://127.0.0.1:1", project=Project(tmp_path))

    assert "127.0.0.1:1" in str(refused.value)
    assert time.monotonic() - begun < 10
