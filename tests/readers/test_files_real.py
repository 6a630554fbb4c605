"""Runs that strangers logged, read beside pandas."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from samestep.model import Run, Source
from samestep.readers.files import FilesReader

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
ALGOPERF = SHARED / "tensorboard" / "mlcommons__submissions_algorithms"
TRIAL = (
    "previous_leaderboards/algoperf_v05/logs/external_tuning/amos/study_0"
    "/criteo1tb_embed_init_jax/trial_1"
)
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")


def ids(reader: FilesReader) -> list[str]:
    return [head.ref.id for head in reader.list().runs]


def last_point(run: Run, metric: str) -> tuple[float, float]:
    found = run.history.metrics[metric]
    return float(found.steps[-1]), float(found.values[-1])


def test_the_checkpoints_of_unitsyn_are_two_runs():
    reader = FilesReader(Source("files", "hf"), SHARED / "hf-trainer" / "SecurityLab-UCD__UniTSyn")
    short = reader.read("results/checkpoint-500/trainer_state.json")
    long = reader.read("results/checkpoint-3500/trainer_state.json")

    assert ids(reader) == [long.full_name, short.full_name]
    assert last_point(short, "loss") == (500.0, 6.108)
    assert last_point(long, "loss") == (3500.0, 2.2922)
    assert [run.planned and run.planned.length for run in (short, long)] == [555.0, 176652.0]


def test_algoperf_s_two_tables_are_one_run_that_agrees_with_pandas():
    import pandas as pd

    run = FilesReader(Source("files", "algoperf"), ALGOPERF).read(TRIAL)
    table = pd.read_csv(ALGOPERF / TRIAL / "measurements.csv")

    for name in ("loss", "validation/loss", "test/loss", "score"):
        logged = table[table[name].notna()]
        assert np.array_equal(run.history.metrics[name].steps, logged["global_step"])
        assert np.allclose(run.history.metrics[name].values, logged[name], rtol=1e-12)
    assert sorted(run.history.metrics) == sorted(
        cast("str", c) for c in table if c != "global_step"
    )
    assert (run.seed, run.history.read.losses) == ("495227509", ())


def test_every_point_of_algoperf_s_evaluations_is_in_the_run():
    import pandas as pd

    reader = FilesReader(Source("files", "algoperf"), ALGOPERF)
    for run_id in ids(reader):
        metrics = reader.read(run_id).history.metrics
        table = pd.read_csv(ALGOPERF / run_id / "eval_measurements.csv").set_index("global_step")
        for name in table:
            metric = metrics[cast("str", name)]
            by_step = dict(zip(metric.steps, metric.values, strict=True))
            ours = np.array([by_step[step] for step in table.index])
            assert np.allclose(ours, table[name], rtol=1e-9, equal_nan=True)


def test_ray_s_table_cut_inside_a_quote_is_completed_by_its_json_lines():
    reader = FilesReader(Source("files", "ray"), SHARED / "ray" / "ray-project__rl-experiments")
    lengths = [len(reader.read(run_id).history.metrics["pid"].values) for run_id in ids(reader)]

    assert lengths == [935, 262]
