from collections.abc import Iterator, Mapping

import pytest

from samestep.analysis.significance.factors import fold_count, folds_of, tasks_of
from samestep.model import Run, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget("factors")


def played(*names: str) -> list[Run]:
    """Return runs whose names end in their seed."""
    runs = [MemoryRun(name, [{"step": 1, "loss": 1.0}], {"seed": name[-1]}) for name in names]
    reader = MemoryReader(Source.parse(remember("factors", runs)))
    return [reader.read(name) for name in names]


def made(*configs: Mapping[str, object]) -> list[Run]:
    runs = [MemoryRun(f"run{at}", [{"step": 1, "loss": 1.0}], c) for at, c in enumerate(configs)]
    reader = MemoryReader(Source.parse(remember("factors", runs)))
    return [reader.read(run.full_name) for run in runs]


def test_tasks_are_what_the_runs_of_each_side_differ_in() -> None:
    runs = made(*({"env": {"env_id": name}, "lr": 0.1} for name in ("pong", "qbert") * 2))

    found = tasks_of([runs[:2], runs[2:]])

    assert found is not None
    assert (list(found.of.values()), found.by) == (["pong", "qbert"] * 2, "config env_id")


def test_runs_of_one_task_have_no_tasks() -> None:
    runs = made({"env_id": "pong"}, {"env_id": "pong"}, {"env_id": "qbert"}, {"env_id": "qbert"})

    assert tasks_of([runs[:2], runs[2:]]) is None


def test_runs_that_do_not_all_name_a_task_have_none() -> None:
    runs = made({"task": "a"}, {"task": "b"}, {"task": "a"}, {"lr": 1})

    assert tasks_of([runs[:2], runs[2:]]) is None


def test_tasks_may_stand_in_the_names_of_runs_whose_seeds_come_again() -> None:
    names = [
        f"{algo}/{task}.csv?seed={s}" for algo in "ab" for task in ("run", "walk") for s in (1, 2)
    ]
    runs = played(*names)

    found = tasks_of([runs[:4], runs[4:]])

    assert found is not None
    assert found.by == "the names of the runs"
    assert list(found.of.values())[:3] == ["run", "run", "walk"]


def test_names_of_seeds_are_no_tasks() -> None:
    runs = played("a/seed1", "a/seed2", "b/seed1", "b/seed2")

    assert tasks_of([runs[:2], runs[2:]]) is None


@pytest.mark.parametrize("parts", [("csv", "tb"), ("version_0", "version_1"), ("take1", "take-2")])
def test_names_of_loggers_and_versions_are_no_tasks(parts: tuple[str, str]) -> None:
    runs = played(*(f"{part}/{side}/seed{s}" for side in "ab" for part in parts for s in (0, 1)))

    assert tasks_of([runs[:4], runs[4:]]) is None


def test_folds_are_named_by_every_run_or_by_none() -> None:
    named = made({"cv": {"fold": 0}}, {"cv": {"fold": 1}})

    assert list((folds_of(named) or {}).values()) == ["0", "1"]
    assert folds_of(made({"fold": 0}, {"lr": 1})) is None


def test_the_number_of_folds_is_what_a_config_says_else_those_seen() -> None:
    seen, said = made({"fold": 0}, {"fold": 1}), made({"fold": 0, "n_splits": 5}, {"fold": 1})

    assert fold_count(seen, folds_of(seen) or {}) == 2
    assert fold_count(said, folds_of(said) or {}) == 5
