"""A ranking of runs logged by strangers, held against the files read without our code."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from samestep import Project, rank_runs

STRANGERS = (Path(__file__).parents[2] / "../shared/data").resolve()
RESULTS = STRANGERS / "multiseed/nicklashansen__tdmpc2/results"
AT = 4_000_000.0

pytestmark = pytest.mark.skipif(
    not RESULTS.is_dir(), reason="runs logged by strangers are not shipped with the project"
)


def rewards(algorithm: str) -> list[float]:
    """Return the reward of each seed of dog-run at the step of the ranking, the last written."""
    with (RESULTS / algorithm / "dog-run.csv").open(encoding="utf-8") as file:
        found = {
            row["seed"]: float(row["reward"])
            for row in csv.DictReader(file)
            if float(row["step"]) == AT
        }
    return list(found.values())


def test_three_algorithms_of_three_seeds_stand_as_their_files_say() -> None:
    algorithms = ["sac", "tdmpc2", "tdmpc"]
    source = "files:multiseed/nicklashansen__tdmpc2"
    answer = rank_runs(
        [f"group:{source}#results/{one}/dog-run.csv*" for one in algorithms],
        "reward",
        at=AT,
        project=Project(STRANGERS),
    )

    own = {f"results/{one}/dog-run.csv*": rewards(one) for one in algorithms}
    order = sorted(own, key=lambda name: -float(np.mean(own[name])))
    assert [row.full_name for row in answer.ranked] == order
    for row in answer.ranked:
        assert row.value == pytest.approx(float(np.mean(own[row.full_name])))
        assert row.n == len(own[row.full_name]) == 3
    raw = [
        float(stats.ttest_ind(own[order[0]], own[other], equal_var=False).pvalue)
        for other in order[1:]
    ]
    smallest = min(raw)
    told = [row.adjusted_p or 0.0 for row in answer.ranked[1:]]
    assert min(told) == pytest.approx(min(1.0, 2 * smallest), rel=1e-5)
    assert max(told) == pytest.approx(max(2 * smallest, *raw), rel=1e-5)
    assert answer.verdict.winner is None
