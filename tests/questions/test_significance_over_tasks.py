"""Whole answers of significance_test about many tasks, and about folds."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from samestep import MemoryRun, forget, remember, significance_test
from samestep.answers import SignificanceAnswer

Play = Callable[..., SignificanceAnswer]
AGENTS = Path("../shared/data/multiseed/nicklashansen__tdmpc2")
GAMES = ("pong", "breakout", "qbert", "seaquest", "asterix", "enduro", "alien")


def agent(name: str, level: float, games: Sequence[str], seeds: int = 3) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/{game}/{seed}",
            [{"step": s, "return": level + at + seed / 10 + s / 100} for s in (50, 100)],
            {"algo": name, "env_id": game, "seed": seed, "steps": 100},
            "finished",
        )
        for at, game in enumerate(games)
        for seed in range(seeds)
    ]


@pytest.fixture
def play() -> Iterator[Play]:
    """Compare agents that differ by a level, on the games given."""

    def played(
        *others: float, games: Sequence[str] = GAMES, seeds: int = 3, **arguments: object
    ) -> SignificanceAnswer:
        runs = agent("iqn", 10.0, games, seeds)
        for at, level in enumerate(others):
            runs.extend(agent(f"dqn{at}", level, games, seeds))
        remember("atari", runs)
        b = [[f"group:memory:atari#dqn{at}/*"] for at in range(len(others))]
        return significance_test("group:memory:atari#iqn/*", b, "return", **arguments)  # pyright: ignore[reportArgumentType] # any of its arguments

    yield played
    forget("atari")


def test_many_tasks_of_several_runs_come_to_an_interquartile_mean(play: Play) -> None:
    answer = play(8.0)

    [over, *each] = answer.rows
    assert (over.task, over.unit, over.a.n, over.x) == ("all 7 tasks", "runs", 21, 100)
    assert over.delta == pytest.approx(2)
    assert [row.task for row in each] == list(GAMES)
    [aggregate] = answer.aggregates
    assert (aggregate.tasks, aggregate.fewest_runs) == (7, (3, 3))
    assert aggregate.improvement.value == 1
    assert aggregate.difference.value == over.delta


def test_over_several_tasks_no_winner_is_named(play: Play) -> None:
    verdict = play(8.0).verdict

    assert (verdict.kind, verdict.winner, verdict.against) == ("undecided", None, [])


def test_tasks_of_single_runs_are_compared_by_signed_ranks(play: Play) -> None:
    over = play(8.0, seeds=1).rows[0]

    assert (over.given.test, over.unit, over.a.n) == ("Wilcoxon's signed-rank test", "tasks", 7)
    assert (over.given.p, over.outcome) == (2 / 128, "significant")  # all 7 point one way


def test_few_tasks_are_each_compared_alone(play: Play) -> None:
    answer = play(8.0, games=GAMES[:3])

    assert [row.task for row in answer.rows] == list(GAMES[:3])
    assert all(row.a.n == 3 for row in answer.rows)


def test_several_sides_are_ranked_on_every_task(play: Play) -> None:
    answer = play(8.0, 12.0, test="friedman")

    assert answer.ranking is not None
    assert [(one.full_name, one.rank) for one in answer.ranking.ranks] == [
        ("iqn/*", 2),
        ("dqn0/*", 3),
        ("dqn1/*", 1),
    ]
    first, second = answer.rows[:2]
    assert [first.given.p, first.adjusted_p] == [2 / 128, 4 / 128]
    assert (first.better, second.better) == ("a", "b")


def test_what_the_test_asked_for_lacks_is_said(play: Play) -> None:
    answer = play(8.0, games=GAMES[:4], test="iqm")

    over = answer.rows[0]
    assert over.outcome == "cannot tell"
    assert over.given.why_not == (
        "4 tasks that both sides have, 3 runs in the smallest; 5 tasks of 3 runs each are needed"
    )
    assert answer.rows[1].given.test == "Welch's t-test"


def test_tasks_that_only_one_side_has_are_named(play: Play) -> None:
    remember("more", agent("rainbow", 9.0, GAMES[:6]))

    answer = significance_test(
        "group:memory:more#rainbow/*", list(references("dqn0", play)), "return"
    )
    forget("more")

    assert "Tasks that not all sides have are not compared: alien." in [
        caveat.text for caveat in answer.caveats
    ]


def references(name: str, play: Play) -> list[str]:
    play(8.0)
    return [f"memory:atari#{name}/{game}/{seed}" for game in GAMES for seed in range(3)]


def test_sides_without_a_task_in_common_leave_nothing_to_test() -> None:
    remember("apart", [*agent("iqn", 10, GAMES[:3]), *agent("dqn", 9, GAMES[3:])])

    answer = significance_test("group:memory:apart#iqn/*", "group:memory:apart#dqn/*", "return")
    forget("apart")

    assert (answer.rows, answer.verdict.kind) == ([], "not_comparable")
    assert answer.reading == "Nothing can be tested: all sides share no task."


def test_a_seed_that_comes_again_on_another_task_is_no_repeated_seed(play: Play) -> None:
    assert not any(caveat.rule == "single-seed" for caveat in play(8.0).caveats)


def test_metrics_are_taken_for_tasks_only_when_asked() -> None:
    names = [f"acc/{task}" for task in ("arc", "piqa", "sciq", "boolq", "logiqa", "copa")]
    remember("lm", [*model("large", 0.6, names), *model("small", 0.5, names)])

    plain = significance_test("group:memory:lm#large/*", "group:memory:lm#small/*", "acc/.*")
    asked = significance_test(
        "group:memory:lm#large/*", "group:memory:lm#small/*", "acc/.*", test="wilcoxon"
    )
    forget("lm")

    assert [row.metric for row in plain.rows] == names
    assert (asked.rows[0].metric, asked.rows[0].task) == ("acc/.*", "all 6 metrics")
    assert any("are not independent of each other" in caveat.text for caveat in asked.caveats)


def test_interquartile_means_over_metrics_of_the_same_runs_tell_nothing() -> None:
    names = [f"acc/{task}" for task in ("arc", "piqa", "sciq", "boolq", "logiqa", "copa")]
    remember("lm", [*model("large", 0.6, names), *model("small", 0.5, names)])

    sides = ("group:memory:lm#large/*", "group:memory:lm#small/*")
    row = significance_test(*sides, "acc/.*", test="iqm").rows[0]
    forget("lm")

    assert (row.outcome, row.given.p) == ("cannot tell", None)
    assert row.given.why_not == "metrics of the same runs are no tasks"


def model(name: str, level: float, metrics: Sequence[str]) -> list[MemoryRun]:
    return [
        MemoryRun(
            f"{name}/{seed}",
            [{"step": 10, **{m: level + at / 50 + seed / 100 for at, m in enumerate(metrics)}}],
            {"model": name, "seed": seed},
        )
        for seed in range(3)
    ]


def test_runs_of_folds_are_compared_with_nadeau_and_bengios_test() -> None:
    noise = (0, 2, -1, 3, 1, 1, 3, 2, -1, 3)
    remember(
        "folds",
        [
            MemoryRun(
                f"{name}/fold{fold}",
                [
                    {"step": s, "test/acc": 0.7 + fold / 73 + better * noise[fold] / 100}
                    for s in (1, 2)
                ],
                {"model": name, "fold": fold, "seed": 0},
            )
            for name, better in (("forest", 1), ("svm", 0))
            for fold in range(10)
        ],
    )

    answer = significance_test(
        "group:memory:folds#forest/*", "group:memory:folds#svm/*", "test/acc"
    )
    forget("folds")

    [row] = answer.rows
    assert row.given.test == "Nadeau and Bengio's corrected t-test"
    assert (row.unit, row.given.n, row.given.df) == ("folds", (10, 10), 9)
    assert row.given.how == "test sets 0.111 times the size of training sets"
    # By hand: 0.013 over the root of 19/90 of a variance of 0.000245556.
    assert row.given.statistic == pytest.approx(1.80556, rel=1e-4)


@pytest.mark.skipif(not AGENTS.is_dir(), reason=f"the public runs are not at {AGENTS}")
def test_public_agents_are_compared_on_the_tasks_their_files_are_named_for() -> None:
    answer = significance_test(
        f"group:files:{AGENTS}#results/tdmpc2/*",
        f"group:files:{AGENTS}#results/dreamerv3/*",
        "reward",
    )

    over, *each = answer.rows
    assert (over.a.n, over.b.n, over.x, over.given.p) == (7, 7, 2_000_000, 2 / 128)
    assert [row.task for row in each][:2] == ["acrobot-swingup", "cheetah-run"]
    assert {row.a.n for row in each if row.delta is not None} == {3}
    told = " ".join(caveat.text for caveat in answer.caveats)
    assert "Compared on 8 tasks, by the names of the runs." in told
    assert "results/dreamerv3/dog-run.csv?seed=3" in told  # it logged nothing near this step


def test_folds_that_no_setting_names_cannot_be_compared_as_such(play: Play) -> None:
    answer = play(8.0, games=GAMES[:1], test="nadeau_bengio")

    assert "no setting of every run names its fold" in (answer.rows[0].given.why_not or "")


def test_of_few_tasks_too_none_is_judged(play: Play) -> None:
    answer = play(8.0, games=GAMES[:2])

    assert [row.task for row in answer.rows] == list(GAMES[:2])
    assert (answer.verdict.kind, answer.verdict.winner, answer.verdict.against) == (
        "undecided",
        None,
        [],
    )
