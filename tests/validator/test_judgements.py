"""Nothing is judged beyond its evidence, whatever the answer says of it."""

from collections.abc import Callable, Mapping

import pytest

from samestep import MemoryRun, Project, compare_same_epoch, remember
from samestep.answers import Comparison
from samestep.answers.answer import Caveat
from samestep.answers.comparison import Against, CatchUp
from samestep.validator import RuleBroken, validate

Edit = Callable[[Comparison, Mapping[str, object]], Comparison]

STEP = "resnet50-step/seed0, resnet50-step/seed1, resnet50-step/seed2"
SCHEDULES = Caveat(rule="one-change", severity="blocks", text="The planned lengths differ.")
AHEAD_ON_A_PROXY = Against(
    baseline="resnet50-step/seed0", metric="knn/top1", role="proxy", kind="behind_so_far"
)


def catch_up(**changes: object) -> CatchUp:
    """Return a projection that is told in full, with other values where given."""
    told = CatchUp(
        metric="test/top1",
        baseline="resnet50-step/seed0",
        outlook="on_track",
        at=40.0,
        interval=(30.0, 55.0),
        method="power law over the last ten points",
        why="ten points from epoch 2 to 11",
        points=(10, 100),
    )
    return told.model_copy(update=changes)


@pytest.mark.rule("roles-apart")
def test_roles_with_their_reasons_pass(halfway: Comparison) -> None:
    roles = {metric.metric: metric.role for metric in halfway.metrics}

    assert validate(halfway) is halfway
    assert roles == {"test/top1": "downstream", "knn/top1": "proxy"}


@pytest.mark.rule("roles-apart")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"metrics.0.role": "proxy"}, "test/top1 stands among the downstream metrics"),
        ({"metrics.1.role": "downstream"}, "knn/top1 stands among the proxy metrics"),
        ({"metrics.0.role_why": "name"}, "test/top1 is downstream, and nobody declared it"),
        ({"metrics.1.role_why": ""}, "knn/top1 does not say why it is proxy"),
        ({"metrics.1.direction_why": ""}, "knn/top1 does not say why it is proxy"),
        ({"verdict.against.0.metric": "knn/top1"}, "knn/top1 is judged as downstream"),
        ({"verdict.against.0.metric": "test/top5"}, "test/top5 is judged as downstream"),
    ],
)
def test_a_role_without_its_reason_is_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^roles-apart: .*{problem}"):
        validate(edit(halfway, changes))


@pytest.mark.rule("no-proxy-winner")
def test_proxies_that_decide_nothing_pass(proxies: Comparison) -> None:
    assert validate(proxies) is proxies
    assert (proxies.verdict.kind, proxies.verdict.winner) == ("undecided", None)
    assert [row.better for row in proxies.proxy] == ["baseline"]


@pytest.mark.rule("no-proxy-winner")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"verdict.against.0.kind": "winner"}, "winner against resnet50-step/seed0 on a proxy"),
        ({"verdict.against.0.kind": "behind_so_far"}, "behind_so_far against .* on a proxy"),
        ({"verdict.against.0.kind": "within_noise"}, "within_noise against .* on a proxy"),
        ({"verdict.kind": "winner"}, "winner without a downstream metric"),
        ({"verdict.kind": "behind_so_far"}, "behind_so_far without a downstream metric"),
        ({"verdict.winner": "resnet50-step/seed0"}, "without a downstream metric"),
        ({"verdict.blocked_by": []}, "does not say that they decide nothing"),
    ],
)
def test_a_judgement_on_proxies_is_refused(
    proxies: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^no-proxy-winner: .*{problem}"):
        validate(edit(proxies, changes))


@pytest.mark.rule("no-proxy-winner")
def test_a_proxy_judged_beside_the_downstream_metric_is_refused(
    halfway: Comparison, edit: Edit
) -> None:
    both = [*halfway.verdict.against, AHEAD_ON_A_PROXY]

    with pytest.raises(RuleBroken, match=r"^no-proxy-winner: behind_so_far against"):
        validate(edit(halfway, {"verdict.against": both}))


@pytest.mark.rule("winner-evidence")
def test_a_winner_with_all_its_evidence_passes(won: Comparison) -> None:
    assert validate(won) is won
    assert (won.verdict.kind, won.verdict.winner) == ("winner", "resnet50-cosine/*")
    assert won.verdict.blocked_by == []


@pytest.mark.rule("winner-evidence")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"downstream.0.student.match": "interpolated"}, "resnet50-cosine/.* did not log it there"),
        ({"runs.1.current.epoch": 100.0}, "resnet50-step/seed2 went on to 100"),
        ({"runs.0.current.epoch": 100.0}, "resnet50-cosine/. went on to 100"),
        ({"downstream.0.student.seeds": ["0", "0", "0"]}, "resnet50-cosine/. has a single seed"),
        ({"metrics.0.direction": None}, "better is student, which its difference does not say"),
        ({"metrics.0.direction": "lower"}, "better is student, which its difference"),
        ({"downstream.0.better": "baseline"}, "better is baseline, which its difference"),
        ({"downstream.0.better": None}, "better is None, which its difference does not say"),
        ({"downstream.0.baseline_ended": 20.0}, "the baseline ended before the student"),
        ({"caveats": [SCHEDULES]}, "a caveat blocks: The planned lengths differ"),
        ({"verdict.winner": None}, "the verdict is winner None, its judgements winner resnet50"),
        ({"verdict.winner": STEP}, "the verdict is winner resnet50-step.*, its judgements winner"),
        ({"verdict.against.0.winner": STEP, "verdict.winner": STEP}, "seed2 named winner against"),
        ({"verdict.against.0.winner": None, "verdict.winner": None}, "None named winner against"),
        ({"verdict.kind": "ahead_so_far"}, "the verdict is ahead_so_far resnet50-cosine"),
        ({"verdict.blocked_by": ["single-seed"]}, "a winner, and blocked by single-seed"),
        ({"verdict.against.0.kind": "undecided"}, "the verdict is winner resnet50-cosine"),
        ({"verdict.against.0.baseline": "resnet50-cosine/*"}, "and no row of that"),
    ],
)
def test_a_winner_without_its_evidence_is_refused(
    won: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^winner-evidence: .*{problem}"):
        validate(edit(won, changes))


@pytest.mark.rule("winner-evidence")
def test_a_winner_among_single_runs_is_refused(halfway: Comparison, edit: Edit) -> None:
    crowned = edit(
        halfway,
        {
            "runs.0.state": "finished",
            "verdict.kind": "winner",
            "verdict.winner": "resnet50-step/seed0",
            "verdict.blocked_by": [],
            "verdict.against.0.kind": "winner",
        },
    )

    with pytest.raises(RuleBroken, match=r"^winner-evidence: .* has a single seed"):
        validate(crowned)


@pytest.mark.rule("winner-evidence")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"kind": "ahead_so_far"}, "and the other value is better"),
        ({"kind": "within_noise"}, "and the difference is not within noise"),
        ({"blocked_by": []}, "and nothing says what it lacks"),
        ({"blocked_by": ["winner-evidence"]}, "without single-seed in blocked_by"),
        ({"against": []}, "the verdict is behind_so_far, without any judgement"),
    ],
)
def test_a_judgement_that_its_row_does_not_carry_is_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    paths = {f"verdict.{field}": value for field, value in changes.items()}
    if "kind" in changes:
        paths["verdict.against.0.kind"] = changes["kind"]

    with pytest.raises(RuleBroken, match=f"^winner-evidence: .*{problem}"):
        validate(edit(halfway, paths))


@pytest.mark.rule("winner-evidence")
def test_behind_where_the_difference_is_within_noise_is_refused(
    halfway: Comparison, edit: Edit
) -> None:
    with pytest.raises(RuleBroken, match=r"^winner-evidence: .* difference is within noise"):
        validate(edit(halfway, {"downstream.0.noise": 1.5}))


@pytest.mark.rule("winner-evidence")
def test_schedules_that_block_stand_among_what_blocks(halfway: Comparison, edit: Edit) -> None:
    blocked = edit(halfway, {"caveats": [SCHEDULES, *halfway.caveats]})

    with pytest.raises(RuleBroken, match=r"^winner-evidence: .* without one-change in blocked_by"):
        validate(blocked)


@pytest.mark.rule("winner-evidence")
def test_a_winner_over_one_baseline_stands_beside_a_baseline_that_is_blocked(
    project: Project,
) -> None:
    remember(
        "runs",
        [
            MemoryRun(
                f"{name}/seed{seed}",
                [
                    {"step": 100.0 * epoch, "epoch": epoch, "test/top1": goal + epoch + seed / 10.0}
                    for epoch in range(1, planned + 1)
                ],
                {"seed": seed, "epochs": planned},
                "finished",
            )
            for name, goal, planned in (
                ("cosine", 32.0, 20),
                ("step", 31.0, 20),
                ("long", 30.0, 40),
            )
            for seed in range(3)
        ],
    )

    answer = compare_same_epoch(
        "group:memory:runs#cosine/*",
        ["group:memory:runs#step/*", "group:memory:runs#long/*"],
        downstream=["test/top1"],
        project=project,
    )

    kinds = {entry.baseline: entry.kind for entry in answer.verdict.against}
    assert kinds == {"step/*": "winner", "long/*": "ahead_so_far"}
    assert (answer.verdict.kind, answer.verdict.winner) == (None, None)


@pytest.mark.rule("same-definition")
def test_two_scales_that_are_not_subtracted_pass(scales: Comparison) -> None:
    [row] = scales.downstream

    assert validate(scales) is scales
    assert (row.delta, row.better, scales.verdict.kind) == (None, None, "not_comparable")


@pytest.mark.rule("same-definition")
def test_two_scales_subtracted_are_refused(scales: Comparison, edit: Edit) -> None:
    student, baseline = scales.downstream[0].student.value, scales.downstream[0].baseline.value
    subtracted = {"delta": (student or 0.0) - (baseline or 0.0), "better": "student"}
    paths = {f"downstream.0.{field}": value for field, value in subtracted.items()}

    with pytest.raises(RuleBroken, match=r"^same-definition: .* is not comparable, and compared"):
        validate(edit(scales, paths))


@pytest.mark.rule("same-definition")
def test_two_scales_of_a_proxy_subtracted_are_refused(halfway: Comparison, edit: Edit) -> None:
    caveat = Caveat(
        rule="same-definition",
        severity="blocks",
        text="knn/top1 is a fraction on one side and in percent on the other.",
    )

    with pytest.raises(RuleBroken, match=r"^same-definition: knn/top1 against .* and compared"):
        validate(edit(halfway, {"caveats": [caveat, *halfway.caveats]}))


@pytest.mark.rule("same-definition")
def test_not_comparable_without_a_caveat_is_refused(halfway: Comparison, edit: Edit) -> None:
    silent = edit(
        halfway, {"verdict.kind": "not_comparable", "verdict.against.0.kind": "not_comparable"}
    )

    with pytest.raises(RuleBroken, match=r"^same-definition: .* not comparable with .* subtracted"):
        validate(silent)


@pytest.mark.rule("projection-bounded")
def test_outlooks_told_with_what_they_rest_on_pass(halfway: Comparison) -> None:
    assert validate(halfway) is halfway
    assert [row.outlook for row in halfway.downstream] == ["undecided"]
    assert [one.points for one in halfway.catch_up] == [(11, 100), (11, 100)]


def projected(halfway: Comparison, edit: Edit, **changes: object) -> Comparison:
    """Return the answer with the outlook of its downstream metric told anew."""
    proxy = halfway.catch_up[1]
    told = {"catch_up": [catch_up(**changes), proxy], "downstream.0.outlook": "on_track"}
    return edit(halfway, told)


@pytest.mark.rule("projection-bounded")
def test_a_projection_told_in_full_passes(halfway: Comparison, edit: Edit) -> None:
    whole = projected(halfway, edit, probability=0.7, until=100.0, behind_then=(-3.0, -1.0))

    assert validate(whole) is whole


@pytest.mark.rule("projection-bounded")
@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"interval": None}, "on track, and nothing says when"),
        ({"at": None}, "on track, and nothing says when"),
        ({"points": None}, "projected, and nothing says from how many points"),
        ({"probability": 1.2}, "a probability beyond 0 and 1"),
        ({"behind_then": (2.0, 1.0)}, "an interval that does not hold its projection"),
        ({"method": ""}, "projected without an interval or a method"),
        ({"interval": (45.0, 55.0)}, "an interval that does not hold its projection"),
        ({"interval": (5.0, 55.0)}, "an interval that does not hold its projection"),
        ({"why": ""}, "nothing says what the outlook rests on"),
        ({"outlook": "not_on_track"}, "not on track, and something says when"),
        ({"outlook": "refused"}, "the outlook is on_track, and its details say refused"),
        ({"metric": "test/top5"}, "test/top5 against resnet50-step/seed0: details of no row"),
    ],
)
def test_a_projection_without_its_bounds_is_refused(
    halfway: Comparison, edit: Edit, changes: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=f"^projection-bounded: .*{problem}"):
        validate(projected(halfway, edit, **changes))


@pytest.mark.rule("projection-bounded")
@pytest.mark.parametrize(
    ("outlook", "problem"),
    [
        ("on_track", "on_track, and nothing says how"),
        ("refused", "refused, and nothing says how"),
        ("undecided", "undecided, and nothing says why"),
        ("already_ahead", "and the student's value is not better"),
        (None, "a difference and its outlook do not go together"),
    ],
)
def test_an_outlook_out_of_thin_air_is_refused(
    halfway: Comparison, edit: Edit, outlook: str | None, problem: str
) -> None:
    bare = {"catch_up": [halfway.catch_up[1]], "downstream.0.outlook": outlook}

    with pytest.raises(RuleBroken, match=f"^projection-bounded: .*{problem}"):
        validate(edit(halfway, bare))


@pytest.mark.rule("projection-bounded")
def test_a_student_whose_value_is_better_is_on_no_track(halfway: Comparison, edit: Edit) -> None:
    [goal, proxy] = halfway.catch_up
    value = (halfway.proxy[0].baseline.value or 0.0) + 1.0
    ahead = {"student.value": value, "delta": 1.0, "better": "student", "outlook": "on_track"}
    row = {f"proxy.0.{field}": changed for field, changed in ahead.items()}
    better = edit(halfway, {**row, "catch_up": [goal, catch_up(metric=proxy.metric)]})

    with pytest.raises(RuleBroken, match="on_track, and the student's value is better"):
        validate(better)


@pytest.mark.rule("projection-bounded")
def test_an_outlook_may_be_left_out_where_a_caveat_says_there_is_no_room(
    halfway: Comparison, edit: Edit
) -> None:
    no_room = Caveat(rule="projection-bounded", severity="notes", text="No room for 1 row.")
    bare = edit(halfway, {"catch_up": [halfway.catch_up[1]], "downstream.0.outlook": None})
    told = bare.model_copy(update={"caveats": [*bare.caveats, no_room]})

    assert validate(told) is told


@pytest.mark.rule("projection-bounded")
def test_a_difference_within_noise_needs_no_other_reason(halfway: Comparison, edit: Edit) -> None:
    level = {"catch_up": [halfway.catch_up[1]], "downstream.0.outlook": "undecided"}
    judged = {"kind": "within_noise", "against.0.kind": "within_noise", "text": "Within noise."}
    noisy = edit(halfway, {f"verdict.{name}": value for name, value in judged.items()})

    assert validate(edit(noisy, level | {"downstream.0.noise": 1.5}))
