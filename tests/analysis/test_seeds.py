from collections.abc import Mapping, Sequence

import pytest

from samestep.analysis.seeds import Candidate, SeedGroup, seed_groups
from samestep.model import Glance, Lineage, RunHead, RunRef, Source
from samestep.readers.memory import MemoryReader, MemoryRun, forget, remember

SETTINGS = {"lr": 0.1, "depth": 12, "optimizer": "sgd", "dataset": "cifar10"}


def candidate(
    name: str, config: Mapping[str, object], lineage: Sequence[Lineage] = ()
) -> Candidate:
    source = remember("seeds", [MemoryRun(name, config=config)])
    run = MemoryReader(Source.parse(source)).read(name)
    forget("seeds")
    found = Candidate.of_run(run)
    records = frozenset((one.kind, one.name, one.digest or "") for one in lineage)
    return Candidate(found.ref, found.full_name, found.seed, found.settings, records)


def groups(*candidates: Candidate) -> list[list[str]]:
    return [group.names for group in seed_groups(candidates)]


def seeds(name: str, **config: object) -> list[Candidate]:
    return [candidate(f"{name}/seed{s}", {**SETTINGS, "seed": s, **config}) for s in range(3)]


def names(name: str) -> list[str]:
    return [f"{name}/seed{s}" for s in range(3)]


def test_runs_equal_in_everything_but_the_seed_are_one_group() -> None:
    assert groups(*seeds("wide"), *seeds("deep", depth=24)) == [names("wide"), names("deep")]


def test_a_number_of_its_own_in_the_name_may_be_the_seed() -> None:
    found = [candidate(f"wide/{s}", {**SETTINGS, "seed": s}) for s in range(2)]

    assert groups(*found) == [["wide/0", "wide/1"]]


def test_the_setting_that_holds_the_seed_is_named() -> None:
    [group] = seed_groups(
        candidate(f"study_{s}/trial_1", {**SETTINGS, "rng_seed": s, "test_random_seed": 301})
        for s in range(3)
    )

    assert group.by == ("rng_seed",)


def test_what_follows_from_the_seed_may_differ() -> None:
    found = [
        candidate(
            f"wide/seed{s}",
            {
                **SETTINGS,
                "seed": s,
                "output_dir": f"runs/wide/seed{s}",
                "run_name": f"wide-{s}",
                "checkpoint": f"ckpt/wide/seed{s}/last.pt",
                "start_time": 1.7e9 + s,
            },
        )
        for s in range(2)
    ]

    assert groups(*found) == [["wide/seed0", "wide/seed1"]]


@pytest.mark.parametrize("varied", ["lr", "optimizer", "dataset", "lr_scheduler"])
def test_a_sweep_is_no_group_even_where_each_trial_has_its_own_seed(varied: str) -> None:
    trials = [
        candidate(f"trial_{n}", {**SETTINGS, "seed": n, varied: f"value {n}"}) for n in range(4)
    ]

    assert groups(*trials) == []


def test_a_sweep_over_seeds_too_has_one_group_for_each_setting() -> None:
    trials = [candidate(f"trial_{n}", {**SETTINGS, "seed": n % 2, "lr": n // 2}) for n in range(4)]

    assert groups(*trials) == [["trial_0", "trial_1"], ["trial_2", "trial_3"]]


def test_names_that_hold_a_value_nobody_logged_are_no_seeds() -> None:
    trials = [candidate(f"wide/lr0.{n}", {**SETTINGS, "seed": n}) for n in (1, 2)]

    assert groups(*trials) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("dog-run.csv?seed=1", "dog-run.csv?seed=2", True),
        ("tdmpc2/dog-run.csv?seed=1", "sac/dog-run.csv?seed=2", False),
        ("trial_1", "trial_2", False),
    ],
)
def test_a_config_of_a_seed_alone_needs_names_that_spell_it(
    one: str, other: str, found: object
) -> None:
    assert bool(groups(candidate(one, {"seed": 1}), candidate(other, {"seed": 2}))) is found


def test_runs_without_a_config_are_no_group() -> None:
    assert groups(candidate("wide/seed0", {}), candidate("wide/seed1", {})) == []


def test_names_of_a_tracker_tell_nothing_where_the_config_tells_enough() -> None:
    many = {**SETTINGS, **{f"option{n}": n for n in range(10)}}
    drawn = ("lucky-sun-12", "happy-moon-13")

    assert groups(*(candidate(name, {**many, "seed": name[-1]}) for name in drawn)) == [list(drawn)]


def test_another_commit_or_data_set_is_no_seed() -> None:
    commits = [
        candidate(
            f"wide/seed{s}", {**SETTINGS, "seed": s}, [Lineage("code", "nets", digest, "tag")]
        )
        for s, digest in enumerate(("1a", "1a", "2b"))
    ]

    assert groups(*commits) == [["wide/seed0", "wide/seed1"]]


def test_repeats_name_no_setting_that_differs() -> None:
    repeats = [candidate(f"wide/run_{n}", {**SETTINGS, "seed": 42}) for n in range(2)]

    [group] = seed_groups(repeats)
    assert isinstance(group, SeedGroup)
    assert group.by == ()


def test_a_listing_that_tells_configs_is_enough() -> None:
    heads = [
        RunHead(
            RunRef(Source("mlflow", "mlruns"), str(s)),
            f"wide/seed{s}",
            glance=Glance("finished", 3, config={**SETTINGS, "seed": s}, seed=str(s)),
        )
        for s in range(2)
    ]
    bare = RunHead(RunRef(Source("files", "."), "wide/seed2"), "wide/seed2")

    found = [one for one in map(Candidate.of_head, [*heads, bare]) if one is not None]
    assert groups(*found) == [["wide/seed0", "wide/seed1"]]


def test_runs_called_after_their_setting_are_no_seeds() -> None:
    many = {f"setting{n}": n for n in range(12)}
    found = [
        candidate(name, {**many, "seed": seed, "optimizer": name})
        for seed, name in enumerate(("adam", "sgd"))
    ]

    assert groups(*found) == []
