"""Logs of stable-baselines3.

Stable-baselines3 needs PyTorch, so its files are written here as its source writes them:
`evaluations.npz` with the same numpy.savez as EvalCallback, `progress.csv` after CSVOutputFormat and
`monitor.csv` after ResultsWriter. The real evaluations of rl-trained-agents stand in the tests of
the reader.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of
from samestep.formats.npz import read_arrays
from samestep.model import Source
from samestep.readers.files import FilesReader

REWARDS = [[1.0, 3.0], [4.0, 8.0], [5.0, 5.0]]
LENGTHS = [[10, 20], [30, 50], [60, 60]]


def evaluations(directory: Path, **more: object) -> Path:
    path = directory / "evaluations.npz"
    arrays = {"timesteps": [1000, 2000, 3000], "results": REWARDS, "ep_lengths": LENGTHS, **more}
    np.savez(path, allow_pickle=True, **{name: np.array(of) for name, of in arrays.items()})
    return path


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    return found.read(path)


def points(log: Log, name: str) -> list[tuple[float, float]]:
    metric = log.metrics[name]
    return list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True))


def test_evaluations_are_their_means_over_episodes_under_sb3_s_names(tmp_path: Path):
    log = read(evaluations(tmp_path))

    assert points(log, "eval/mean_reward") == [(1000.0, 2.0), (2000.0, 6.0), (3000.0, 5.0)]
    assert points(log, "eval/mean_ep_length") == [(1000.0, 15.0), (2000.0, 40.0), (3000.0, 60.0)]
    assert points(log, "eval/reward_std") == [(1000.0, 1.0), (2000.0, 2.0), (3000.0, 0.0)]
    assert (log.config, log.losses) == ({"n_eval_episodes": 2}, ())


def test_successes_are_a_rate_where_the_environment_tells(tmp_path: Path):
    log = read(evaluations(tmp_path, successes=[[True, False], [True, True], [False, False]]))

    assert [value for _, value in points(log, "eval/success_rate")] == [0.5, 1.0, 0.0]


def test_rewards_that_are_not_finite_have_a_mean_that_is_not(tmp_path: Path):
    log = read(evaluations(tmp_path, results=[[np.inf, 1.0], [np.nan, 1.0], [-np.inf, np.inf]]))

    assert str([value for _, value in points(log, "eval/mean_reward")]) == "[inf, nan, nan]"


def test_the_settings_of_rl_zoo_are_found_below_the_run(tmp_path: Path):
    run = tmp_path / "CartPole-v1_3"
    (run / "CartPole-v1").mkdir(parents=True)
    (run / "CartPole-v1" / "args.yml").write_text(
        "!!python/object/apply:collections.OrderedDict\n- - - algo\n    - ppo\n  - - seed\n    - 42\n"
    )
    (run / "CartPole-v1" / "config.yml").write_text(
        "!!python/object/apply:collections.OrderedDict\n- - - gamma\n    - 0.98\n"
    )

    assert read(evaluations(run)).config == {
        "gamma": 0.98,
        "args": {"algo": "ppo", "seed": 42},
        "n_eval_episodes": 2,
    }


def test_broken_settings_of_rl_zoo_are_said(tmp_path: Path):
    run = tmp_path / "CartPole-v1_3"
    (run / "CartPole-v1").mkdir(parents=True)
    (run / "CartPole-v1" / "config.yml").write_text("gamma: [0.98\n")
    log = read(evaluations(run))

    assert log.config == {"n_eval_episodes": 2}
    assert log.losses[0].startswith("CartPole-v1/config.yml could not be read: it is not whole")


def test_evaluations_that_pickle_are_refused_and_never_unpickled(tmp_path: Path):
    class Exploit:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    path = evaluations(tmp_path, results=np.array([[Exploit()]] * 3, dtype=object))
    with pytest.raises(NotReadable, match=r"results\.npy holds object, not numbers"):
        read(path)

    assert not (tmp_path / "executed").exists()


def archive(path: Path, arrays: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in arrays.items():
            packed.writestr(f"{name}.npy", content)
    return path


def npy(shape: tuple[int, ...], content: bytes) -> bytes:
    header = io.BytesIO()
    described = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, described)
    return header.getvalue() + content


def test_an_archive_that_unpacks_to_more_than_the_bound_is_refused(tmp_path: Path):
    bomb = npy((40_000_000,), bytes(320_000_000))
    path = archive(tmp_path / "evaluations.npz", {"timesteps": bomb})

    assert path.stat().st_size < 1_000_000
    with pytest.raises(NotReadable, match=r"timesteps\.npy is larger than 256 MB"):
        read(path)


@pytest.mark.parametrize("shape", [(10**12,), (10**6, 10**6), (3,), (1,)])
def test_a_header_that_promises_another_length_than_there_is_is_refused(
    tmp_path: Path, shape: tuple[int, ...]
):
    path = archive(tmp_path / "evaluations.npz", {"timesteps": npy(shape, bytes(16))})

    with pytest.raises(NotReadable, match="is not as long as its header says"):
        read(path)


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"timesteps": npy((1,), bytes(8))}, "does not hold both timesteps and results"),
        ({"timesteps": npy((1,), bytes(8)), "results": npy((2, 1), bytes(16))}, "one row per"),
        ({"timesteps": npy((1,), bytes(8)), "results": npy((1, 0), b"")}, "one row per"),
        ({"timesteps": npy((1,), bytes(8)), "results": npy((1,), bytes(8))}, "one row per"),
        ({"timesteps": b"no array"}, "timesteps.npy has no header of NumPy's"),
    ],
)
def test_an_archive_of_other_arrays_is_refused(tmp_path: Path, arrays: dict[str, bytes], why: str):
    with pytest.raises(NotReadable, match=why):
        read(archive(tmp_path / "evaluations.npz", arrays))


def test_an_archive_cut_anywhere_is_refused_or_no_archive(tmp_path: Path):
    whole = evaluations(tmp_path).read_bytes()
    for cut in range(0, len(whole), 97):
        (tmp_path / "evaluations.npz").write_bytes(whole[:cut])
        found = format_of("evaluations.npz", head_of(tmp_path / "evaluations.npz"))
        if found is not None:
            with pytest.raises(NotReadable, match="it is no whole npz archive"):
                found.read(tmp_path / "evaluations.npz")


@given(
    st.lists(
        st.lists(st.floats(width=32, allow_nan=False), min_size=2, max_size=2),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["<f4", ">f8", "<f8"]),
    st.booleans(),
)
def test_numbers_are_read_as_numpy_reads_them(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[float]],
    dtype: str,
    by_columns: bool,  # noqa: FBT001 -- hypothesis fills it in
):
    path = tmp_path_factory.mktemp("npz") / "evaluations.npz"
    np.savez(path, results=np.array(rows, dtype=dtype, order="F" if by_columns else "C"))
    with np.load(path, allow_pickle=False) as loaded:
        expected = loaded["results"].tolist()

    assert read_arrays(path, ["results", "absent"])["results"].tolist() == expected


PROGRESS = """\
rollout/ep_rew_mean,time/iterations,time/total_timesteps,train/loss
21.5,1,2048,
24.25,2,4096,12.5
"""


def test_sb3_s_own_table_is_placed_by_the_steps_of_all_environments(tmp_path: Path):
    (tmp_path / "progress.csv").write_text(PROGRESS)
    log = read(tmp_path / "progress.csv")

    assert points(log, "rollout/ep_rew_mean") == [(2048.0, 21.5), (4096.0, 24.25)]
    assert points(log, "train/loss") == [(4096.0, 12.5)]
    assert log.epochs is None


def test_sb3_s_own_json_lines_are_placed_alike(tmp_path: Path):
    (tmp_path / "progress.json").write_text(
        '{"rollout/ep_rew_mean": 21.5, "time/iterations": 1, "time/total_timesteps": 2048}\n'
    )

    assert points(read(tmp_path / "progress.json"), "rollout/ep_rew_mean") == [(2048.0, 21.5)]


MONITOR = '#{"t_start": 1614710446.75, "env_id": "CartPole-v1"}\nr,l,t\n-5.5,12,0.5\n9.0,30,1.25\n'


def test_a_monitor_s_episodes_stand_at_no_step_of_the_run(tmp_path: Path):
    (tmp_path / "0.monitor.csv").write_text(MONITOR)
    log = read(tmp_path / "0.monitor.csv")

    assert log.metrics["0.monitor/r"].values.tolist() == [-5.5, 9.0]
    assert log.metrics["0.monitor/steps"].values.tolist() == [12.0, 42.0]
    assert str(log.metrics["0.monitor/r"].steps.tolist()) == "[nan, nan]"
    times = log.metrics["0.monitor/r"].times
    assert times is not None
    assert times.tolist() == [1614710447.25, 1614710448.0]
    assert log.config == {"env_id": "CartPole-v1"}


def test_a_monitor_cut_short_keeps_the_episodes_before(tmp_path: Path):
    (tmp_path / "monitor.csv").write_text(f"{MONITOR}7.5,3")
    log = read(tmp_path / "monitor.csv")

    assert log.metrics["monitor/r"].values.tolist() == [-5.5, 9.0]
    assert log.losses == ("the last row is cut short and was dropped",)


def test_everything_that_sb3_leaves_in_a_directory_is_one_run(tmp_path: Path):
    evaluations(tmp_path)
    (tmp_path / "progress.csv").write_text(
        "eval/mean_reward,rollout/ep_rew_mean,time/total_timesteps\n"
        "2.0,,1000\n,21.5,2048\n6.0,,2000\n"
    )
    (tmp_path / "0.monitor.csv").write_text(MONITOR)
    (tmp_path / "1.monitor.csv").write_text(MONITOR)
    reader = FilesReader(Source("files", "ppo"), tmp_path)

    assert [head.ref.id for head in reader.list().runs] == ["."]
    metrics = reader.read(".").history.metrics
    assert metrics["eval/mean_reward"].values.tolist() == [2.0, 6.0, 5.0]
    assert metrics["rollout/ep_rew_mean"].steps.tolist() == [2048.0]
    assert {"0.monitor/r", "1.monitor/r"} <= metrics.keys()


def test_after_a_single_evaluation_they_are_already_one_run(tmp_path: Path):
    evaluations(tmp_path)
    (tmp_path / "progress.csv").write_text("eval/mean_reward,time/total_timesteps\n2.0,1000\n")
    listing = FilesReader(Source("files", "ppo"), tmp_path).list()

    assert [head.ref.id for head in listing.runs] == ["."]


def test_an_empty_archive_is_listed_as_unreadable(tmp_path: Path):
    for name, content in {"empty": b"", "cut": b"PK\x03"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "evaluations.npz").write_bytes(content)
    listing = FilesReader(Source("files", "agents"), tmp_path).list()

    assert [(one.where, one.why) for one in listing.unreadable] == [
        ("files:agents#cut", "it is no whole archive of evaluations"),
        ("files:agents#empty", "it is empty"),
    ]


@pytest.mark.parametrize("lines", [1, 2])
def test_a_monitor_without_an_episode_logs_nothing(tmp_path: Path, lines: int):
    (tmp_path / "monitor.csv").write_text("".join(MONITOR.splitlines(keepends=True)[:lines]))
    log = read(tmp_path / "monitor.csv")

    assert (log.metrics, log.losses) == ({}, ())
