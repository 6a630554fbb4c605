"""Every rule: an answer that keeps it passes, an answer made to break it is refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from samestep import (
    MemoryRun,
    compare_same_epoch,
    convergence_check,
    detect_tracker,
    fetch_history,
    forget,
    list_runs,
    remember,
)
from samestep.answers import Comparison
from samestep.answers.answer import Answer, Caveat
from samestep.answers.comparison import CatchUp, Cell, Row
from samestep.validator import CHECKS, RuleBroken, validate

Changes = dict[str, Any]  # Any: what a field of any answer may be changed to
Break = Callable[[Any], Answer]  # Any: each case takes the answer it breaks


def run(name: str, epochs: int, lead: float, every: int = 1, seed: int = 0) -> MemoryRun:
    """Return a finished run; its loss is logged every epoch, its goal every `every` epochs."""
    rows = [
        {
            "epoch": epoch,
            "step": 10 * epoch,
            "val/loss": 2.0 / (epoch + lead) + 0.01 * ((epoch + seed) % 3),
            **({"test/top1": 5.0 * epoch + lead + seed / 10} if epoch % every == 0 else {}),
        }
        for epoch in range(1, epochs + 1)
    ]
    return MemoryRun(name, rows, config={"epochs": epochs, "seed": seed}, state="finished")


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    """Hold runs from which good answers of every kind can be had."""
    seeds = [
        run(f"{name}/seed{s}", 20, lead, seed=s) for name, lead in WIDE_AND_DEEP for s in range(3)
    ]
    sparse = run("sparse/seed9", 21, 1.0, every=3)
    late = MemoryRun(
        "late/seed0", [{"epoch": e, "step": 10 * e, "val/loss": 1.0 / e} for e in range(1, 19)]
    )
    torn = MemoryRun("torn/seed0", seeds[0].rows, losses=("the last row is cut short",))
    remember("good", [*seeds, sparse, late, torn])
    yield
    forget("good")


WIDE_AND_DEEP = (("wide", 9.0), ("deep", 1.0))


def ref(name: str) -> str:
    return f"memory:good#{name}"


def single(baseline: str = "sparse/seed9", student: str = "wide/seed0", **asked: Any) -> Comparison:
    """Return a comparison of single runs; the goal of `sparse` is interpolated."""
    return compare_same_epoch(ref(student), [ref(baseline)], downstream=["test/top1"], **asked)


def won() -> Comparison:
    """Return a comparison of seeds that has a winner."""
    sides = [f"group:memory:good#{name}/*" for name, _ in WIDE_AND_DEEP]
    return compare_same_epoch(sides[0], [sides[1]], downstream=["test/top1"])


def with_row(answer: Comparison, changes: Changes, *, of: str = "downstream") -> Comparison:
    """Return the answer with its first row of a role changed."""
    first, *others = getattr(answer, of)
    return answer.model_copy(update={of: [first.model_copy(update=changes), *others]})


def with_cell(answer: Comparison, side: str, changes: Changes) -> Comparison:
    """Return the answer with a cell of its first downstream row changed."""
    cell: Cell = getattr(answer.downstream[0], side)
    return with_row(answer, {side: cell.model_copy(update=changes)})


def with_verdict(answer: Comparison, **changes: Any) -> Comparison:
    return answer.model_copy(update={"verdict": answer.verdict.model_copy(update=changes)})


def with_against(answer: Comparison, **changes: Any) -> Comparison:
    """Return the answer with its judgement changed above and below alike."""
    entry = answer.verdict.against[0].model_copy(update=changes)
    above = {key: value for key, value in changes.items() if key in {"kind", "winner"}}
    return with_verdict(answer, against=[entry], **above)


def with_metric(answer: Comparison, **changes: Any) -> Comparison:
    first, *others = answer.metrics
    return answer.model_copy(update={"metrics": [first.model_copy(update=changes), *others]})


def without_caveats(answer: Any, rule: str) -> Answer:
    return answer.model_copy(update={"caveats": [c for c in answer.caveats if c.rule != rule]})


def reads(answer: Any, sentence: str) -> Answer:
    return answer.model_copy(update={"reading": f"{answer.reading} {sentence}"})


def broken(rule: str, name: str, answer: Callable[[], Answer], breaking: Break) -> Any:
    return pytest.param(rule, answer, breaking, id=f"{rule}: {name}")


def final(answer: Comparison) -> Comparison:
    """Return the answer with its goal told as a final value."""
    cell = Cell(full_name="wide/seed0", value=71.0, match="final")
    return with_row(
        answer, {"student": cell, "delta": None, "better": None, "noise": None, "outlook": None}
    )


def proxy_row(answer: Comparison) -> Row:
    return answer.proxy[0]


CASES = [
    broken(
        "same-x",
        "beyond the student",
        single,
        lambda a: a.model_copy(update={"at": a.at.model_copy(update={"value": 99.0})}),
    ),
    broken(
        "same-x",
        "a baseline at its own end",
        single,
        lambda a: with_cell(a, "baseline", {"x": 21.0, "match": "exact", "step": 210.0}),
    ),
    broken("same-x", "two places", single, lambda a: with_cell(a, "student", {"x": 3.0})),
    broken("same-x", "no place", single, lambda a: with_cell(a, "student", {"x": None})),
    broken(
        "same-x",
        "a difference told without x",
        single,
        lambda a: reads(a, "It is far ahead of the others."),
    ),
    broken(
        "same-x", "a place no row stands at", single, lambda a: reads(a, "At epoch 7 it differs.")
    ),
    broken("match-stated", "silent", single, lambda a: with_cell(a, "student", {"match": None})),
    broken(
        "match-stated",
        "nearest without gap",
        single,
        lambda a: with_cell(a, "student", {"match": "nearest"}),
    ),
    broken(
        "match-stated",
        "outside its neighbours",
        single,
        lambda a: with_cell(a, "baseline", {"between": (1.0, 2.0)}),
    ),
    broken(
        "match-stated",
        "interpolated at a step",
        single,
        lambda a: with_cell(a, "baseline", {"step": 200.0}),
    ),
    broken(
        "history-not-summary",
        "final of a running run",
        lambda: single(student="late/seed0"),
        lambda a: with_row(a, {"student": Cell(full_name="late/seed0", value=71.0, match="final")}),
    ),
    broken(
        "history-not-summary",
        "final and subtracted",
        single,
        lambda a: with_row(final(a), {"delta": 1.0, "better": "student"}),
    ),
    broken(
        "roles-apart",
        "a proxy among goals",
        single,
        lambda a: a.model_copy(update={"downstream": [*a.downstream, proxy_row(a)]}),
    ),
    broken(
        "roles-apart", "a goal nobody declared", single, lambda a: with_metric(a, role_why="likely")
    ),
    broken("roles-apart", "no reason", single, lambda a: with_metric(a, role_why="")),
    broken(
        "roles-apart",
        "no reason for the direction",
        single,
        lambda a: with_metric(a, direction_why=""),
    ),
    broken(
        "no-proxy-winner",
        "ahead on a proxy",
        lambda: compare_same_epoch(ref("wide/seed0"), [ref("late/seed0")]),
        lambda a: with_against(a, kind="ahead_so_far"),
    ),
    broken(
        "no-proxy-winner",
        "winner on a proxy",
        lambda: compare_same_epoch(ref("wide/seed0"), [ref("late/seed0")]),
        lambda a: with_against(a, kind="winner", winner="wide/seed0"),
    ),
    broken(
        "winner-evidence",
        "single runs",
        single,
        lambda a: with_against(a, kind="winner", winner="wide/seed0"),
    ),
    broken("winner-evidence", "the other side", won, lambda a: with_against(a, winner="deep/*")),
    broken("winner-evidence", "no name", won, lambda a: with_against(a, winner=None)),
    broken(
        "winner-evidence",
        "mid-run",
        won,
        lambda a: with_row(
            a,
            {
                "student": a.downstream[0].student.model_copy(update={"x": 5.0}),
                "baseline": a.downstream[0].baseline.model_copy(update={"x": 5.0}),
            },
        ),
    ),
    broken(
        "winner-evidence",
        "beside what blocks",
        won,
        lambda a: a.model_copy(
            update={
                "caveats": [
                    *a.caveats,
                    Caveat(rule="one-change", severity="blocks", text="Schedules."),
                ]
            }
        ),
    ),
    broken(
        "winner-evidence",
        "rules against it",
        won,
        lambda a: with_verdict(a, blocked_by=["single-seed"]),
    ),
    broken(
        "winner-evidence",
        "above says more than below",
        single,
        lambda a: with_verdict(a, kind="winner", winner="wide/seed0"),
    ),
    broken(
        "winner-evidence",
        "ahead while behind",
        lambda: single(student="deep/seed0", baseline="wide/seed0"),
        lambda a: with_against(a, kind="ahead_so_far"),
    ),
    broken(
        "winner-evidence",
        "a winning word",
        single,
        lambda a: reads(a, "At epoch 20 it clearly beats the rest."),
    ),
    broken("full-names", "shortened", single, lambda a: reads(a, "At epoch 20 seed9 is behind.")),
    broken(
        "full-names",
        "not named",
        single,
        lambda a: a.model_copy(update={"reading": "All is well."}),
    ),
    broken(
        "traceable",
        "not in the legend",
        single,
        lambda a: with_cell(a, "student", {"full_name": "wide/seed7"}),
    ),
    broken(
        "traceable",
        "leads to no run",
        single,
        lambda a: a.model_copy(
            update={"runs": [a.runs[0].model_copy(update={"run": None}), *a.runs[1:]]}
        ),
    ),
    broken(
        "traceable",
        "a step left out",
        single,
        lambda a: with_row(
            a, {"student": Cell(full_name="wide/seed0", value=109.0, x=20.0, match="exact")}
        ),
    ),
    broken("traceable", "arithmetic", single, lambda a: with_row(a, {"delta": 99.0})),
    broken("traceable", "the wrong side", single, lambda a: with_row(a, {"better": "baseline"})),
    broken("traceable", "negative noise", single, lambda a: with_row(a, {"noise": -1.0})),
    broken(
        "tail-shown", "converged in a comparison", single, lambda a: reads(a, "It has converged.")
    ),
    broken(
        "tail-shown",
        "without its epochs",
        lambda: convergence_check(ref("wide/seed0"), "val/loss"),
        lambda a: a.model_copy(
            update={
                "tail": a.tail[:2],
                "verdict": a.verdict.model_copy(update={"kind": "converged"}),
            }
        ),
    ),
    broken(
        "tail-shown",
        "another state",
        lambda: convergence_check(ref("wide/seed0"), "val/loss"),
        lambda a: a.model_copy(update={"state": "diverging"}),
    ),
    broken(
        "same-definition", "no reason", single, lambda a: with_against(a, kind="not_comparable")
    ),
    broken("single-seed", "not labelled", single, lambda a: without_caveats(a, "single-seed")),
    broken(
        "single-seed",
        "no spread",
        won,
        lambda a: with_row(
            a,
            {
                "student": Cell(
                    full_name="wide/*", value=109.1, x=20.0, step=None, match="exact", n=3
                )
            },
        ),
    ),
    broken("one-change", "a cause", single, lambda a: reads(a, "That is due to the width.")),
    broken(
        "absent-said",
        "absence without a reason",
        single,
        lambda a: with_row(
            a,
            {
                "student": Cell(full_name="wide/seed0", value=None),
                "delta": None,
                "better": None,
                "outlook": None,
            },
        ),
    ),
    broken(
        "absent-said",
        "a value and a reason",
        single,
        lambda a: with_cell(a, "student", {"absent": "not logged"}),
    ),
    broken(
        "partial-said",
        "torn in silence",
        lambda: single(baseline="torn/seed0"),
        lambda a: without_caveats(a, "partial-said"),
    ),
    broken(
        "partial-said",
        "sampled in silence",
        lambda: fetch_history(ref("wide/seed0"), ["val/loss"], max_points=5),
        lambda a: without_caveats(a, "partial-said"),
    ),
    broken(
        "partial-said",
        "unreadable without a reason",
        lambda: list_runs("memory:good"),
        lambda a: a.model_copy(update={"matched": 9, "items": [], "next_cursor": None}),
    ),
    broken(
        "projection-bounded",
        "undecided without a reason",
        single,
        lambda a: with_row(a, {"outlook": "undecided", "noise": 0.0}).model_copy(
            update={"catch_up": []}
        ),
    ),
    broken("projection-bounded", "a promise", single, lambda a: reads(a, "It will soon catch up.")),
    broken(
        "projection-bounded",
        "on track without details",
        single,
        lambda a: with_row(a, {"outlook": "on_track"}),
    ),
    broken(
        "projection-bounded",
        "no interval",
        single,
        lambda a: a.model_copy(
            update={
                "catch_up": [
                    CatchUp(
                        metric="test/top1",
                        baseline="sparse/seed9",
                        outlook="on_track",
                        at=30.0,
                        interval=None,
                        method="",
                        why="",
                    )
                ]
            }
        ),
    ),
    broken(
        "projection-bounded",
        "a gain without an interval",
        lambda: convergence_check(ref("wide/seed0"), "val/loss"),
        lambda a: a.model_copy(
            update={"projected_gain": [a.projected_gain[0].model_copy(update={"interval": None})]}
        ),
    ),
    broken(
        "ask-when-ambiguous",
        "neither chosen nor asked",
        lambda: detect_tracker("tests/validator"),
        lambda a: a.model_copy(update={"ask": None}),
    ),
    broken(
        "ask-when-ambiguous",
        "chosen and unreadable",
        lambda: detect_tracker("tests/validator"),
        lambda a: a.model_copy(update={"chosen": "files:x", "ask": None}),
    ),
]


@pytest.mark.parametrize(("rule", "answer", "breaking"), CASES)
def test_an_answer_that_breaks_a_rule_is_refused(
    rule: str, answer: Callable[[], Answer], breaking: Break
) -> None:
    good = answer()
    assert validate(good) is good

    bad = breaking(good)
    with pytest.raises(RuleBroken):
        validate(bad)
    assert rule in {check.rule for check in CHECKS if any(check.problems(bad))}


def test_words_that_others_wrote_are_no_words_of_ours() -> None:
    names = ("best-winner/converged", "beats-1/will catch up")
    rows = [{"epoch": e, "won/best acc": 0.1 * e, "due to": 1.0} for e in range(1, 9)]
    remember(
        "odd", [MemoryRun(name, rows, losses=("lost because of best-winner",)) for name in names]
    )

    student, baseline = (f"memory:odd#{name}" for name in names)
    answer = compare_same_epoch(student, [baseline])
    forget("odd")

    assert answer.verdict.kind == "undecided"
