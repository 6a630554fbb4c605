"""What the audit finds in runs logged by strangers."""

import json
from pathlib import Path

import pytest

from samestep import (
    MemoryRun,
    Project,
    compare_configs,
    compare_same_epoch,
    forget,
    remember,
)
from samestep.answers.answer import Answer

ROOT = Path(__file__).parents[2]
STRANGERS = (ROOT / "../shared/data").resolve()
ALGOPERF = STRANGERS / (
    "tensorboard/mlcommons__submissions_algorithms/previous_leaderboards/algoperf_v05/logs"
)
CONCEPTPPO = STRANGERS / "wandb/Bokai-Ji__ConceptPPO"
DENSEGPT = STRANGERS / "dvclive"
TDMPC2 = STRANGERS / "multiseed/nicklashansen__tdmpc2"

pytestmark = pytest.mark.skipif(
    not STRANGERS.is_dir(), reason="runs logged by strangers are not shipped with the project"
)


def told(answer: Answer) -> str:
    return "\n".join(caveat.text for caveat in answer.caveats)


def trial(submission: str, study: int, workload: str = "wmt_jax", tuning: str = "self") -> str:
    """Return the reference of one AlgoPerf run."""
    return f"tensorboard:{tuning}_tuning#{submission}/study_{study}/{workload}/trial_1"


def test_algoperf_submissions_differ_in_the_submission_alone() -> None:
    answer = compare_configs([trial("baseline", 0), trial("sinv6", 0)], project=Project(ALGOPERF))

    assert [change.what for change in answer.changed] == ["submission_path"]
    assert "`submission_path` (config)" in answer.reading


def test_algoperf_hyperparameters_are_listed_one_by_one() -> None:
    answer = compare_configs(
        [trial("baseline", 0), trial("amos", 0, "criteo1tb_embed_init_jax", "external")],
        project=Project(ALGOPERF),
    )

    changed = {change.what for change in answer.changed}
    assert {"submission_path", "workload", "beta1", "l2", "label_smoothing"} <= changed
    assert answer.caveats[0].rule == "same-definition"
    assert "config workload: wmt in " in answer.caveats[0].text


def test_algoperf_seeds_are_a_group_from_their_configs_alone() -> None:
    runs = [*(trial("baseline", study) for study in range(3)), trial("sinv6", 0)]
    answer = compare_configs(runs, project=Project(ALGOPERF))

    assert [(group.members, group.by) for group in answer.groups] == [
        ([f"baseline/study_{study}/wmt_jax/trial_1" for study in range(3)], ["config rng_seed"])
    ]


def test_a_comparison_of_algoperf_seeds_says_that_they_are_seeds() -> None:
    answer = compare_same_epoch(
        trial("baseline", 0),
        [trial("sinv6", 0), trial("baseline", 1), trial("baseline", 2)],
        downstream=["test/bleu"],
        limit=6,
        project=Project(ALGOPERF),
    )

    assert (
        "baseline/study_0/wmt_jax/trial_1, baseline/study_1/wmt_jax/trial_1 and "
        "baseline/study_2/wmt_jax/trial_1 are equal in everything but the seed (config rng_seed); "
        "a list of them is one side."
    ) in told(answer)
    assert "(config submission_path)" in told(answer)


def test_algoperf_seeds_as_one_side_are_no_mixture() -> None:
    answer = compare_same_epoch(
        trial("sinv6", 0),
        [[trial("baseline", study) for study in range(3)]],
        at=100_000,
        project=Project(ALGOPERF),
    )

    assert "no seeds of one thing" not in told(answer)
    assert "in standard deviations of its seeds" in told(answer)


def test_an_algoperf_sweep_over_hyperparameters_is_not_taken_for_seeds() -> None:
    sweep = ALGOPERF / "external_tuning/amos/study_0/criteo1tb_embed_init_jax"
    runs = [
        MemoryRun(
            f"trial_{number}",
            config={
                name: value
                for file in ("flags_0.json", "hparams.json")
                for name, value in json.loads(
                    (sweep / f"trial_{number}" / file).read_text()
                ).items()
            },
        )
        for number in range(1, 6)
    ]
    source = remember("sweep", runs)
    answer = compare_configs([f"{source}#{run.full_name}" for run in runs])
    forget("sweep")

    assert answer.groups == []
    assert {"beta1", "l2", "dropout_rate"} <= {change.what for change in answer.changed}


def test_an_algoperf_trial_that_was_run_twice_is_said_to_be_a_restart() -> None:
    workload = "librispeech_deepspeech_jax"
    answer = compare_same_epoch(
        trial("sinv6", 1, workload), [trial("baseline", 0, workload)], project=Project(ALGOPERF)
    )

    assert "Resumed or started again, with points logged a second time: " in told(answer)


IDS = ("lcoremr1", "mxaehod4", "61qqbz3a")
"""The ConceptPPO runs; the last is trained without a shared head."""
STARTED = ("20230722_190942", "20230723_093735", "20230723_121755")


@pytest.mark.parametrize(
    "runs",
    [
        [f"wandb:./wandb#{one}" for one in IDS],
        [f"tensorboard:wandb#run-{at}-{one}/files" for at, one in zip(STARTED, IDS, strict=True)],
    ],
    ids=["wandb", "event files"],
)
def test_the_concept_ppo_run_without_a_shared_head_is_an_ablation_and_no_seed(
    runs: list[str],
) -> None:
    answer = compare_configs(runs, project=Project(CONCEPTPPO))

    names = [run.full_name for run in answer.runs]
    assert [group.members for group in answer.groups] == [names[:2]]
    assert [(change.what, change.values) for change in answer.changed] == [
        ("shared_head", ["true", "true", "false"])
    ]


def test_concept_ppo_runs_given_as_seeds_are_said_to_be_none() -> None:
    first, second, ablation = (f"wandb:./wandb#{one}" for one in IDS)
    answer = compare_same_epoch(first, [[second, ablation]], project=Project(CONCEPTPPO))

    assert answer.caveats[0].severity == "blocks"
    assert "no seeds of one thing (config shared_head: true in " in answer.caveats[0].text


@pytest.mark.parametrize("student", [0, 1])
def test_dense_gpt_logs_its_loss_in_two_reductions(student: int) -> None:
    commits = [f"files:.#msh2481__DenseGPT/commit-{one}/dvclive" for one in ("b699839", "fa4f9fa")]
    answer = compare_same_epoch(
        commits[student], [commits[1 - student]], x="step", project=Project(DENSEGPT)
    )

    assert (
        "loss: also logged in another reduction, which is another number (2.3511 beside "
        "train/loss 3.09252 at step 150 of msh2481__DenseGPT/commit-b699839/dvclive)."
    ) in told(answer)


def test_dense_gpt_losses_are_paired_with_a_warning() -> None:
    short, whole = (
        f"files:.#msh2481__DenseGPT/commit-{one}/dvclive" for one in ("fa4f9fa", "b699839")
    )
    answer = compare_same_epoch(
        short, [whole], pairs={"loss": "train/loss"}, project=Project(DENSEGPT)
    )

    warnings = [
        c.text for c in answer.caveats if (c.rule, c.severity) == ("same-definition", "warns")
    ]
    assert warnings == [
        "loss of the student is compared with train/loss of the baselines, as asked."
    ]


def test_tdmpc2_is_evaluated_on_other_grids_than_dreamerv3() -> None:
    answer = compare_same_epoch(
        "files:.#results/dreamerv3/dog-run.csv?seed=1",
        ["files:.#results/tdmpc2/dog-run.csv?seed=1"],
        project=Project(TDMPC2),
    )

    assert (
        "Logged on different grids: reward (every 200000 in results/dreamerv3/dog-run.csv?seed=1, "
        "every 100000 in results/tdmpc2/dog-run.csv?seed=1)."
    ) in told(answer)


def test_tdmpc2_seeds_are_a_group_and_other_algorithms_are_not() -> None:
    runs = [
        f"files:.#results/{algorithm}/dog-run.csv?seed={seed}"
        for algorithm in ("dreamerv3", "tdmpc2")
        for seed in (1, 2)
    ]
    answer = compare_configs(runs, project=Project(TDMPC2))

    assert [len(group.members) for group in answer.groups] == [2, 2]
    assert "No settings are recorded that tell what changed" in told(answer)
