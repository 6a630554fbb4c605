"""Results of the lm-evaluation-harness.

The harness needs torch: documents are written by hand, in the form of its EvaluationTracker (0.4)
and of its `main.py` before; those under shared/data, which a real harness wrote, are checked
against json.
"""

import json
from pathlib import Path

import pytest

from samestep.errors import NotReadable
from samestep.formats.local import Log, format_of
from samestep.formats.local.text import head_of
from samestep.model import Source
from samestep.readers.files import FilesReader


def new_form(revision: str, acc: float, shots: int = 0) -> dict[str, object]:
    return {
        "results": {
            "arc_easy": {
                "alias": "arc_easy",
                "acc,none": acc,
                "acc_stderr,none": 0.01,
                "acc_norm,none": 0.4,
            },
            "gsm8k": {"exact_match,strict-match": 0.05, "exact_match_stderr,strict-match": "N/A"},
            "wikitext": {"word_perplexity,none": 21.5, "word_perplexity_stderr,none": "N/A"},
        },
        "configs": {"arc_easy": {"task": "arc_easy", "num_fewshot": shots}},
        "versions": {"arc_easy": 1.0},
        "n-shot": {"arc_easy": shots, "gsm8k": shots, "wikitext": shots},
        "higher_is_better": {
            "arc_easy": {"acc": True, "acc_norm": True},
            "gsm8k": {"exact_match": True},
            "wikitext": {"word_perplexity": False},
        },
        "config": {
            "model": "hf",
            "model_args": f"pretrained=EleutherAI/pythia-70m,revision={revision},dtype=float",
            "batch_size": "8",
            "limit": None,
        },
        "git_hash": "2bed444",
        "date": 1_750_000_000.5,
        "model_name": "EleutherAI/pythia-70m",
    }


def old_form(arguments: str, acc: float) -> dict[str, object]:
    return {
        "results": {"sciq": {"acc": acc, "acc_stderr": 0.01}},
        "versions": {"sciq": 0},
        "config": {"model": "hf-causal", "model_args": arguments, "num_fewshot": 5},
    }


def put(path: Path, document: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2))
    return path


def read(path: Path) -> Log:
    found = format_of(path.name, head_of(path))
    assert found is not None
    assert found.name == "lm-evaluation-harness"
    return found.read(path)


def reader(directory: Path) -> FilesReader:
    return FilesReader(Source("files", "evals"), directory)


def ids(directory: Path) -> list[str]:
    return [head.ref.id for head in reader(directory).list().runs]


def test_an_evaluation_of_a_checkpoint_is_a_history_of_one_point(tmp_path: Path):
    log = read(put(tmp_path / "results_2026-01-01T00-00-00.json", new_form("step1000", 0.5)))
    points = {
        name: (metric.steps.tolist(), metric.values.tolist(), metric.direction)
        for name, metric in log.metrics.items()
    }

    assert points == {
        "arc_easy/acc": ([1000.0], [0.5], "higher"),
        "arc_easy/acc_stderr": ([1000.0], [0.01], None),
        "arc_easy/acc_norm": ([1000.0], [0.4], "higher"),
        "gsm8k/exact_match,strict-match": ([1000.0], [0.05], "higher"),
        "wikitext/word_perplexity": ([1000.0], [21.5], "lower"),
    }
    assert log.metrics["arc_easy/acc"].times is not None
    assert log.metrics["arc_easy/acc"].times.tolist() == [1_750_000_000.5]
    assert (log.finals, log.losses, log.epochs) == ({}, (), None)


def test_the_harness_s_commit_and_the_model_are_config(tmp_path: Path):
    config = read(put(tmp_path / "results_1.json", new_form("step1000", 0.5))).config

    assert config["git_hash"] == "2bed444"
    assert config["model_args"] == {"pretrained": "EleutherAI/pythia-70m", "dtype": "float"}
    assert config["n-shot"] == {"arc_easy": 0, "gsm8k": 0, "wikitext": 0}


@pytest.mark.parametrize(
    ("arguments", "name", "step"),
    [
        ("pretrained=EleutherAI/pythia-70m,revision=step3000", "results.json", 3000.0),
        ("pretrained=out/checkpoint-500,dtype=float", "results.json", 500.0),
        ("pretrained=/runs/a/step_250/,dtype=float", "results.json", 250.0),
        ("pretrained=EleutherAI/pythia-70m", "pythia-70m_step1000.json", 1000.0),
        ("pretrained=EleutherAI/pythia-70m", "pythia-70m-step1000-hf.json", 1000.0),
    ],
)
def test_the_step_is_that_of_the_checkpoint(tmp_path: Path, arguments: str, name: str, step: float):
    log = read(put(tmp_path / name, old_form(arguments, 0.5)))

    assert log.metrics["sciq/acc"].steps.tolist() == [step]


def test_an_evaluation_without_a_checkpoint_has_final_values(tmp_path: Path):
    log = read(put(tmp_path / "results_1.json", old_form("pretrained=gpt2", 0.5)))

    assert log.metrics == {}
    assert {name: (final.value, final.origin) for name, final in log.finals.items()} == {
        "sciq/acc": (0.5, "results_1.json: sciq/acc"),
        "sciq/acc_stderr": (0.01, "results_1.json: sciq/acc_stderr"),
    }


def test_the_checkpoints_of_one_model_are_one_run(tmp_path: Path):
    for step, acc in ((2000, 0.6), (10_000, 0.7), (500, 0.5)):
        put(tmp_path / "pythia" / f"results_{step}.json", new_form(f"step{step}", acc))
    run = reader(tmp_path).read("pythia")

    assert ids(tmp_path) == ["pythia"]
    assert run.history.metrics["arc_easy/acc"].steps.tolist() == [500.0, 2000.0, 10000.0]
    assert run.history.metrics["arc_easy/acc"].values.tolist() == [0.5, 0.6, 0.7]
    assert run.history.metrics["arc_easy/acc"].direction == "higher"
    assert run.history.read.how == "results_10000.json, results_2000.json, results_500.json"


def test_different_numbers_of_examples_are_different_runs(tmp_path: Path):
    for shots in (0, 5):
        for step in (1, 2):
            put(tmp_path / f"results_{shots}_{step}.json", new_form(f"step{step}", 0.5, shots))
    heads = reader(tmp_path).list().runs

    assert [head.ref.id for head in heads] == [
        "?model=EleutherAI%2Fpythia-70m&num_fewshot=0",
        "?model=EleutherAI%2Fpythia-70m&num_fewshot=5",
    ]
    assert [head.full_name for head in heads] == [f"{tmp_path.name}{head.ref.id}" for head in heads]
    for head in heads:
        assert reader(tmp_path).read(head.ref.id).head == head


def test_results_beside_a_training_s_log_are_its_metrics(tmp_path: Path):
    (tmp_path / "log.csv").write_text("step,loss\n500,2.5\n1000,2.0\n")
    for step in (500, 1000):
        put(tmp_path / f"results_{step}.json", new_form(f"step{step}", 0.5))
    run = reader(tmp_path).read(".")

    assert run.history.metrics["loss"].values.tolist() == [2.5, 2.0]
    assert run.history.metrics["arc_easy/acc"].steps.tolist() == [500.0, 1000.0]


def test_results_cut_short_are_listed_and_do_not_hide_the_others(tmp_path: Path):
    whole = put(tmp_path / "evals" / "results_1.json", new_form("step1", 0.5))
    (tmp_path / "evals" / "results_2.json").write_text(whole.read_text()[:400])
    (tmp_path / "evals" / "results_3.json").write_text("")
    listing = reader(tmp_path).list()

    assert [head.ref.id for head in listing.runs] == ["evals"]
    assert [(one.where, one.why[:20]) for one in listing.unreadable] == [
        ("files:evals#evals/results_2.json", "it is not whole JSON"),
        ("files:evals#evals/results_3.json", "it is empty"),
    ]


def test_results_without_a_number_are_refused(tmp_path: Path):
    empty = {"results": {"a": {"acc,none": "N/A", "acc_stderr,none": "N/A"}}}

    with pytest.raises(NotReadable, match="no task with a number"):
        read(put(tmp_path / "results_1.json", dict(empty)))


SHARED = Path(__file__).parents[2].parent / "shared" / "data"
PYTHIA = SHARED / "lm-eval" / "EleutherAI__pythia" / "evals" / "pythia-v1"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_checkpoints_of_pythia_are_twelve_runs_as_json_reads_them():
    heads = reader(PYTHIA).list().runs
    lengths = [len(list((PYTHIA / head.ref.id).glob("*.json"))) for head in heads]
    run = reader(PYTHIA).read("pythia-410m/zero-shot")
    expected = {
        float(path.stem.rpartition("step")[2]): json.loads(path.read_text())["results"]
        for path in (PYTHIA / "pythia-410m" / "zero-shot").glob("*.json")
    }

    assert (len(heads), sum(lengths)) == (12, 230)
    for name, metric in run.history.metrics.items():
        task, _, score = name.partition("/")
        assert list(zip(metric.steps.tolist(), metric.values.tolist(), strict=True)) == [
            (step, results[task][score])
            for step, results in sorted(expected.items())
            if task in results
        ]
