from collections.abc import Callable

import pytest

from samestep.analysis.comparable import Party, mixtures
from samestep.model import Lineage, Run

MakeRun = Callable[..., Run]
COMMON = {"lr": 0.1, "depth": 12}


def group(make_run: MakeRun, *configs: dict[str, object]) -> Party:
    runs = [make_run(f"wide/{at}", {**COMMON, **config}) for at, config in enumerate(configs)]
    return Party.of("wide/*", runs)


@pytest.mark.parametrize(
    "key", ["seed", "run_name", "output_dir", "start_time", "num_workers", "_wandb.start_time"]
)
def test_what_follows_from_the_seed_makes_no_mixture(make_run: MakeRun, key: str) -> None:
    assert mixtures(group(make_run, {key: "1"}, {key: "2"}, {key: "3"})) == []


@pytest.mark.parametrize("key", ["optimizer.name", "lr", "model.name", "dataset", "lr_scheduler"])
def test_seeds_that_differ_in_a_setting_are_a_mixture(make_run: MakeRun, key: str) -> None:
    [found] = mixtures(group(make_run, {key: "one"}, {key: "two"}, {key: "two"}))

    assert found.ruling.severity == "blocks"
    assert found.facts[0].subject == key
    assert found.facts[0].values == {"wide/0": "one", "wide/1": "two", "wide/2": "two"}


def test_seeds_of_another_commit_are_a_mixture(make_run: MakeRun) -> None:
    runs = [
        make_run(f"wide/{commit}", COMMON, lineage=[Lineage("code", "nets", commit, "tag")])
        for commit in ("1a2b", "3c4d")
    ]

    assert [found.facts[0].subject for found in mixtures(Party.of("wide/*", runs))] == ["code"]


def test_a_single_run_is_no_mixture(make_run: MakeRun) -> None:
    assert mixtures(group(make_run, {"lr": 1})) == []


@pytest.mark.parametrize("key", ["model_path", "pretrained", "save_to"])
def test_paths_that_hold_the_seed_or_the_name_make_no_mixture(make_run: MakeRun, key: str) -> None:
    by_seed: list[dict[str, object]] = [
        {"seed": seed, key: f"models/wide-{seed}.pt"} for seed in (0, 1)
    ]
    by_name: list[dict[str, object]] = [{key: f"models/wide/{at}/last.pt"} for at in (0, 1)]

    assert mixtures(group(make_run, *by_seed)) == []
    assert mixtures(group(make_run, *by_name)) == []


@pytest.mark.parametrize("key", ["dataset", "eval_set"])
def test_data_of_other_numbers_are_a_mixture_whatever_the_seed(make_run: MakeRun, key: str) -> None:
    shards: list[dict[str, object]] = [{"seed": seed, key: f"shards/{seed}.tar"} for seed in (0, 1)]

    assert [found.kind for found in mixtures(group(make_run, *shards))] == ["mixed"]
