from collections.abc import Iterator

import pytest

from samestep.analysis.significance.task_names import tasks_spelled
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget("spelled")


def named(*names: str) -> list[Run]:
    held = [MemoryRun(name, [{"step": 1, "loss": 1.0}]) for name in names]
    reader = MemoryReader(Source.parse(remember("spelled", held)))
    return [reader.read(name) for name in names]


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("tdmpc2/walker-run.csv?seed=1", "walker-run"),
        ("sac/mw-assembly.csv?seed=2", "mw-assembly"),
        ("ppo/HalfCheetah-v4__ppo__1__1700000000", "halfcheetah-v4"),
        ("a2c/LunarLanderContinuous-v2_1", "lunarlandercontinuous-v2_1"),
        ("dqn/PongNoFrameskip-v4/seed1", "pongnoframeskip-v4"),
        ("iqn/qbert/seed0", "qbert"),
    ],
)
def test_a_name_spells_its_task(name: str, task: str) -> None:
    assert tasks_spelled(named(name)) == {task}


@pytest.mark.parametrize("name", ["resnet-v2/seed0", "good/seed0", "alien-wide/1", "run-walk/0"])
def test_names_of_models_and_settings_spell_none(name: str) -> None:
    assert tasks_spelled(named(name)) is None


def test_one_run_that_spells_none_leaves_a_side_without() -> None:
    assert tasks_spelled(named("sac/walker-run", "sac/best")) is None
