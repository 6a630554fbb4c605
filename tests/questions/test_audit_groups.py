"""What a comparison says of seeds, of several baselines, and where it runs out of room."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from samestep import MemoryRun, Project, compare_same_epoch, forget, remember
from samestep.analysis.seeds import Candidate
from samestep.answers import Comparison
from samestep.model import Glance, RunHead, RunRef, Source
from samestep.questions.caveats.groups import sibling_caveats
from samestep.questions.siblings import beside
from samestep.questions.sides import known
from samestep.resolve import Lookup

Rows = Sequence[Mapping[str, float]]


def rows(epochs: int = 10, every: int = 100, **metrics: float) -> Rows:
    """Return one row an epoch; each metric is its given value times the epoch."""
    named = {name.replace("__", "/"): value for name, value in metrics.items()}
    return [
        {"epoch": e, "step": every * e, **{name: value * e for name, value in named.items()}}
        for e in range(1, epochs + 1)
    ]


def of_rule(answer: Comparison, rule: str, severity: str) -> list[str]:
    return [c.text for c in answer.caveats if (c.rule, c.severity) == (rule, severity)]


def seeds(name: str, count: int, points: float, **config: object) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/seed{s}",
            rows(test__top1=points + s / 10),
            {"lr": 0.1, "depth": 12, "width": 64, "seed": s, **config},
        )
        for s in range(count)
    ]


def test_a_single_run_is_told_in_deviations_of_the_group_it_stands_against() -> None:
    source = remember("audit", [*seeds("wide", 1, 1.5, depth=24), *seeds("deep", 3, 1.0)])
    answer = compare_same_epoch(f"{source}#wide/seed0", [f"group:{source}#deep/*"])
    forget("audit")

    assert of_rule(answer, "single-seed", "warns") == [
        (
            "wide/seed0 is a single run: another seed may differ by more than its noise, which is "
            "that of the curve around x."
        ),
        (
            "From the mean of deep/* (n=3) wide/seed0 is, in standard deviations of its seeds, +4 on "
            "test/top1."
        ),
    ]


def test_repeats_of_one_seed_have_no_deviation_from_seed_to_seed() -> None:
    repeats = [replace(run, config={**run.config, "seed": 7}) for run in seeds("deep", 3, 1.0)]
    source = remember("audit", [*seeds("wide", 1, 1.5, depth=24), *repeats])
    answer = compare_same_epoch(f"{source}#wide/seed0", [f"group:{source}#deep/*"])
    forget("audit")

    told = of_rule(answer, "single-seed", "warns")
    assert [text for text in told if "standard deviations" in text] == []
    assert any("a seed counts once" in text for text in told)


def test_two_groups_are_told_by_their_spread_alone() -> None:
    source = remember("audit", [*seeds("wide", 2, 1.5, depth=24), *seeds("deep", 2, 1.0)])
    answer = compare_same_epoch(f"group:{source}#wide/*", [f"group:{source}#deep/*"])
    forget("audit")

    assert [c for c in answer.caveats if c.rule == "single-seed"] == []


def test_runs_that_would_make_a_group_are_named_among_those_asked_for() -> None:
    source = remember("audit", [*seeds("wide", 1, 1.5, depth=24), *seeds("deep", 3, 1.0)])
    answer = compare_same_epoch(
        f"{source}#wide/seed0", [f"{source}#deep/seed{s}" for s in range(3)]
    )
    forget("audit")

    assert of_rule(answer, "single-seed", "notes") == [
        (
            "deep/seed0, deep/seed1 and deep/seed2 are equal in everything but the seed "
            "(config seed); a list of them is one side."
        )
    ]


def test_the_same_difference_of_several_baselines_is_told_once() -> None:
    student, *baselines = [
        MemoryRun(name, rows(test__top1=1.0), {"lr_scheduler": scheduler, "depth": 12})
        for name, scheduler in (("wide", "cosine"), ("deep", "step"), ("thin", "step"))
    ]
    source = remember("audit", [student, *baselines])
    answer = compare_same_epoch(f"{source}#wide", [f"{source}#deep", f"{source}#thin"])
    forget("audit")

    assert of_rule(answer, "one-change", "blocks") == [
        (
            "The learning-rate schedules are not the same "
            "(config lr_scheduler: cosine in wide, step in deep and thin)."
        )
    ]
    assert of_rule(answer, "one-change", "notes") == [
        "One thing differs between wide and each of deep and thin (config lr_scheduler)."
    ]


def crowd() -> list[MemoryRun]:
    """Return a student and three baselines that differ in whatever an audit looks at."""
    metrics = {f"val__metric{n}": 0.1 for n in range(7)}
    return [
        MemoryRun(
            f"a-study-of-something/number-{n}/seed{n}",
            rows(10 + n, every=100 + n, test__top1=1.0, **metrics),
            {
                "seed": n,
                "lr_scheduler": f"schedule {n}",
                "max_epochs": 100 + n,
                "dataset": f"data set {n}",
                "precision": f"fp{n}",
                "git_commit": f"{n}" * 40,
                "batch_size": 32 + n,
                "num_train_samples": 1000 + n,
                "framework": f"framework {n}",
                "n_eval_episodes": n,
                "reduction": f"reduction {n}",
                "resume": f"checkpoint {n}",
                **{f"setting{k}": f"a value of {n}" for k in range(9)},
            },
        )
        for n in range(1, 5)
    ]


def test_caveats_keep_the_answer_in_its_budget_and_the_rest_are_counted() -> None:
    student, *baselines = [f"{remember('audit', crowd())}#{run.full_name}" for run in crowd()]
    answers = [
        compare_same_epoch(student, list(baselines), downstream=["test/top1"], limit=limit)
        for limit in (8, 1)
    ]
    forget("audit")

    crowded, roomy = answers
    assert len(crowded.downstream) + len(crowded.proxy) == 24
    assert len(crowded.model_dump_json()) <= 14_000
    assert len(crowded.to_markdown()) <= 6_000
    assert {c.severity for c in crowded.caveats[:2]} == {"blocks"}
    assert crowded.caveats[-1].text.startswith("No room for ")
    assert "compare_configs" in crowded.caveats[-1].text
    assert len(roomy.caveats) > len(crowded.caveats)


def test_runs_of_the_same_source_that_are_seeds_are_named_where_its_listing_tells() -> None:
    project = Project.here()
    source = remember("audit", seeds("wide", 1, 1.0))
    [student] = known([Lookup(project).side(f"{source}#wide/seed0")], project)
    forget("audit")
    [asked] = student.runs
    listed = [
        RunHead(
            RunRef(Source("mlflow", "http://127.0.0.1:5000"), f"id{s}"),
            f"{name}/seed{s}",
            glance=Glance("finished", 1, config={**asked.config, "seed": s, "depth": depth}),
        )
        for name, s, depth in (("wide", 1, 12), ("deep", 2, 24))
    ]
    beside_it = [one for one in map(Candidate.of_head, listed) if one is not None]

    told = [one.caveat.text for one in sibling_caveats([student], beside_it)]
    assert told == [
        (
            "wide/seed0 and wide/seed1 are equal in everything but the seed (config seed); a list of "
            "them is one side."
        )
    ]
    assert beside([asked], project) == []  # a listing of runs in memory tells no config
