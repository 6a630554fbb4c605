"""Rankings of many runs: paged, within the budgets, every run on exactly one page."""

from pathlib import Path

import numpy as np
from tests.questions.sweeps import run_to

from samestep import MemoryRun, Project, forget, rank_runs, remember
from samestep.answers.ranking import Ranking

MOST_OF_JSON, MOST_OF_MARKDOWN = 25_000, 16_000  # characters


def _run(number: int) -> MemoryRun:
    top = 70.0 + float(np.sin(number))
    latency = {"latency_ms": 60.0 if number % 3 == 0 else 40.0}
    name = f"a-sweep-of-many-settings/learning-rate-and-width/{number:04d}"
    return run_to(name, top, {"lr": number / 1e4}, latency, epochs=2 if number % 10 == 0 else 3)


def page(source: str, limit: int, cursor: str | None, project: Path) -> Ranking:
    return rank_runs(
        [source],
        "test/top1",
        constraints={"latency_ms": "<= 50"},
        limit=limit,
        cursor=cursor,
        project=Project(project),
    )


def test_a_thousand_runs_are_paged_within_the_budget(tmp_path: Path) -> None:
    source = remember("thousand", [_run(number) for number in range(1_000)])
    answer = page(source, 200, None, tmp_path)
    forget("thousand")

    counts = {"candidates": 1_000, "ranked": 600, "removed": 300, "apart": 100}
    assert answer.counts.model_dump() == counts
    assert len(answer.model_dump_json()) <= MOST_OF_JSON
    assert len(answer.to_markdown()) <= MOST_OF_MARKDOWN
    assert (answer.left, answer.next_cursor) == (
        1_000 - len(answer.ranked),
        str(len(answer.ranked)),
    )
    assert 15 <= len(answer.ranked) <= 200
    assert answer.record is not None
    assert answer.record.left_out_more == 390


def test_names_of_twenty_seeds_each_still_fit(tmp_path: Path) -> None:
    runs = [
        run_to(
            f"{'long-name-' * 4}{width}-{seed}",
            70.0 + seed,
            {"width": width, "seed": seed},
            {"flops": float(width)},
        )
        for width in range(20)
        for seed in range(20)
    ]
    source = remember("long", runs)
    refs = [f"{source}#{run.full_name}" for run in runs]
    sides: list[str | list[str]] = [refs[at : at + 20] for at in range(0, 400, 20)]
    answer = rank_runs(sides, "test/top1", objectives=["flops:lower"], project=Project(tmp_path))
    forget("long")

    assert len(answer.model_dump_json()) <= MOST_OF_JSON
    assert len(answer.first) + answer.first_left == 20


def test_ranked_then_removed_then_apart_each_on_one_page(tmp_path: Path) -> None:
    runs = [_run(number) for number in range(40)]
    source = remember("forty", runs)
    names: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        answer = page(source, 15, cursor, tmp_path)
        assert (answer.record is None) == (cursor is not None)
        names.extend(row.full_name for row in (*answer.ranked, *answer.removed, *answer.apart))
        cursor, pages = answer.next_cursor, pages + 1
    forget("forty")

    assert sorted(names) == [run.full_name for run in runs]
    assert names[-4:] == [run.full_name for run in runs if run.full_name[-1] == "0"]
    assert pages == 3
