"""Whole answers of significance_test about per-example predictions."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from samestep import Project, significance_test
from samestep.answers import SignificanceAnswer
from samestep.errors import BadArgument, NoSuchPath, NotReadable, OutsideProject, SamestepError
from samestep.settings import Settings

Ask = Callable[..., SignificanceAnswer]
RIGHT = [1] * 40 + [0] * 10
OTHER = [1] * 30 + [0] * 10 + [1] * 1 + [0] * 9


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask about a.csv and b.jsonl of these values, by example."""

    def asked(
        one: Sequence[float] = RIGHT, other: Sequence[float] = OTHER, **arguments: object
    ) -> SignificanceAnswer:
        rows = "".join(f"{at},{value}\n" for at, value in enumerate(one))
        (tmp_path / "a.csv").write_text(f"id,acc\n{rows}")
        lines = (json.dumps({"doc_id": at, "acc": value}) for at, value in enumerate(other))
        (tmp_path / "b.jsonl").write_text("".join(f"{line}\n" for line in lines))
        given = {"a": "a.csv", "b": "b.jsonl", "metric": "acc", **arguments}
        return significance_test(project=Project(tmp_path), **given)  # pyright: ignore[reportArgumentType] # any of its arguments

    return asked


def test_right_and_wrong_are_compared_by_mcnemars_test(ask: Ask) -> None:
    answer = ask()

    [row] = answer.rows
    assert (row.given.test, row.a.mean, row.b.mean, row.delta) == (
        "McNemar's exact test",
        0.8,
        0.62,
        pytest.approx(0.18),
    )
    # 10 examples only a has right, 1 only b: 2 * (1 + 11) / 2048.
    assert row.given.p == pytest.approx(24 / 2048, rel=1e-5)
    assert row.given.how == "10 examples only the first has right, 1 only the second"
    assert answer.reading.startswith(
        "At no x that the files name a.csv has 0.8 on acc (n = 50 examples), 0.18 above b.jsonl "
        "(0.62, n = 50 examples): significant by McNemar's exact test (p = 0.0117188;"
    )


def test_examples_tell_nothing_of_seeds_and_make_no_winner(ask: Ask, tmp_path: Path) -> None:
    ask()
    project = Project(tmp_path, Settings(downstream=("acc",)))

    answer = significance_test("a.csv", "b.jsonl", "acc", project=project)

    assert (answer.verdict.kind, answer.verdict.winner) == ("ahead_so_far", None)
    assert "single-seed" in answer.verdict.blocked_by
    assert any("another seed of either model" in caveat.text for caveat in answer.caveats)


def test_scores_are_resampled_in_pairs(ask: Ask) -> None:
    rng = np.random.default_rng(0)
    easy = rng.normal(0, 5, 60)

    [row] = ask(list(easy + 1 + rng.normal(0, 0.1, 60)), list(easy)).rows

    assert (row.given.test, row.given.p, row.outcome) == (
        "the paired bootstrap",
        None,
        "significant",
    )
    low, high = row.given.interval or (0.0, 0.0)
    assert 0.9 < low < 1.0 < high < 1.1


def test_only_examples_that_both_hold_count(ask: Ask) -> None:
    answer = ask(RIGHT, OTHER[:45])

    assert [one.not_paired for one in answer.files] == [5, 0]
    assert answer.rows[0].a.n == 45
    told = [caveat.text for caveat in answer.caveats if caveat.rule == "partial-said"]
    left_out = "Examples that only one file holds do not count: 5 of 'a.csv', 0 of 'b.jsonl'; "
    assert told == [f"{left_out}45 are in both."]


def test_too_few_examples_told_apart_say_so(ask: Ask) -> None:
    [row] = ask([1, 1, 1, 0], [1, 0, 1, 0]).rows

    assert (row.outcome, row.given.p) == ("cannot tell", None)
    assert "it needs 6" in (row.given.why_not or "")


def test_files_of_other_checkpoints_are_not_subtracted(tmp_path: Path) -> None:
    for name, step in (("a.npz", 500), ("b.npz", 600)):
        values = np.arange(40) % 3 == step % 3
        np.savez(tmp_path / name, ids=np.arange(40), acc=values, step=np.full(40, step))

    answer = significance_test("a.npz", "b.npz", "acc", project=Project(tmp_path))

    [row] = answer.rows
    assert (row.outcome, row.delta, row.given.p) == ("not comparable", None, None)
    assert [caveat.rule for caveat in answer.caveats if caveat.severity == "blocks"] == ["same-x"]


def test_the_step_that_both_files_name_is_the_x(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        values = np.arange(40) % (3 if name == "a.npz" else 2) == 0
        np.savez(tmp_path / name, ids=np.arange(40), acc=values, step=np.full(40, 500))

    answer = significance_test("a.npz", "b.npz", "acc", project=Project(tmp_path))

    assert answer.at is not None
    assert (answer.at.axis, answer.at.value, answer.rows[0].x) == ("step", 500, 500)
    assert answer.reading.startswith("At step 500 a.npz has 0.35 on acc")


@pytest.mark.parametrize(
    ("arguments", "refusal", "says"),
    [
        ({"test": "welch"}, BadArgument, "mcnemar, paired_bootstrap or auto for files"),
        ({"metric": "bleu"}, SamestepError, "No metric 'bleu' in a.csv. It logs 'acc'."),
        ({"b": "c.csv"}, NotReadable, "no column holds ids"),
        ({"b": "d.csv"}, BadArgument, "0 of 50 and 2 ids are in both (a has 0, 1, 2, 3, 4; b has"),
        ({"b": "missing.csv"}, NoSuchPath, "No file or directory 'missing.csv'"),
        ({"b": "noid.csv"}, NotReadable, "no column holds ids"),
    ],
)
def test_what_cannot_be_paired_is_refused(
    ask: Ask, tmp_path: Path, arguments: dict[str, object], refusal: type[SamestepError], says: str
) -> None:
    (tmp_path / "c.csv").write_text("text,acc\nx,1\n")
    (tmp_path / "noid.csv").write_text("epoch,acc\n1,1\n")
    (tmp_path / "d.csv").write_text("id,acc\nx,1\ny,0\n")

    with pytest.raises(refusal) as refused:
        ask(**arguments)
    assert says in str(refused.value)


def test_values_that_are_no_right_and_wrong_are_not_counted_as_such(ask: Ask) -> None:
    with pytest.raises(BadArgument, match="0 and 1 alone"):
        ask([0.5, 1.0], [1.0, 0.0], test="mcnemar")


def test_logs_that_are_called_like_files_of_predictions_are_runs(tmp_path: Path) -> None:
    for name, level in (("wide.csv", 1), ("deep.csv", 2)):
        rows = "".join(f"{epoch},{level + epoch}\n" for epoch in range(1, 5))
        (tmp_path / name).write_text(f"epoch,test/top1\n{rows}")

    answer = significance_test("wide.csv", "deep.csv", "test/top1", project=Project(tmp_path))

    assert (answer.files, answer.rows[0].x, answer.rows[0].delta) == ([], 4, -1)


def test_a_confined_caller_reads_no_file_beyond_its_roots(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    inside.mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id,acc\n1,1\n2,0\n")
    project = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    with pytest.raises(OutsideProject):
        significance_test("../a.csv", "../b.csv", "acc", project=project)


def test_a_file_whose_values_are_no_numbers_is_refused_for_that(ask: Ask, tmp_path: Path) -> None:
    ask()
    (tmp_path / "words.csv").write_text("id,acc\n0,good\n1,bad\n2,good\n")

    with pytest.raises(BadArgument, match="3 examples without a finite number in 'acc'"):
        significance_test("a.csv", "words.csv", "acc", project=Project(tmp_path))


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"id": np.arange(3), "acc": np.ones((3, 2))}, "'acc' holds objects, or has more than"),
        ({"id": np.array(["a", "b"], dtype=object), "acc": np.ones(2)}, "'id' holds objects"),
        (
            {"id": np.arange(3), "f1": np.ones(3), "acc": np.ones(2)},
            "'acc' holds 2 values, and most arrays 3",
        ),
    ],
    ids=["two dimensions", "objects", "another length"],
)
def test_an_array_that_cannot_be_read_is_named_in_the_refusal(
    ask: Ask,
    tmp_path: Path,
    arrays: dict[str, "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"],
    why: str,
) -> None:
    ask()
    np.savez(tmp_path / "arrays.npz", allow_pickle=True, **arrays)

    with pytest.raises(NotReadable, match=why):
        significance_test("a.csv", "arrays.npz", "acc", project=Project(tmp_path))


def test_a_longer_array_beside_the_examples_is_none_of_their_columns(
    ask: Ask, tmp_path: Path
) -> None:
    ask()
    columns = {"id": np.arange(50), "acc": np.array(OTHER, dtype=float), "logits": np.ones(500)}
    np.savez(tmp_path / "arrays.npz", allow_pickle=True, **columns)

    answer = significance_test("a.csv", "arrays.npz", "acc", project=Project(tmp_path))

    assert answer.rows[0].a.n == 50
    assert answer.files[1].complete


def test_values_too_large_to_subtract_are_told(ask: Ask) -> None:
    answer = ask([1e308] * 50, [-1e308 * (at % 2) for at in range(50)])

    assert (answer.rows[0].delta, answer.rows[0].outcome) == (None, "cannot tell")
    assert "cannot be tested on acc" in answer.reading
