import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samestep.errors import NoSuchMetric, NotReadable
from samestep.formats.predictions import common, looks_like, read


def table(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines(path: Path, rows: Iterable[object]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_a_table_gives_the_value_of_every_example(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "one, two\nthree", "acc": 1}, {"id": "b", "text": "", "acc": 0.5}]

    found = read(table(tmp_path / "answers.csv", rows), "acc")

    assert found.scores == {"a": 1.0, "b": 0.5}
    assert (found.id_column, found.value_column, found.losses) == ("id", "acc", ())


def test_json_lines_as_lm_eval_logs_its_samples_are_read(tmp_path: Path) -> None:
    rows = [
        {"doc_id": 0, "doc": {"question": "?"}, "target": "A", "resps": [["x"]], "acc": 1.0},
        {"doc_id": 1, "doc": {"question": "?"}, "target": "B", "resps": [["y"]], "acc": 0.0},
    ]

    found = read(lines(tmp_path / "samples_arc_easy.jsonl", rows), "acc")

    assert (found.id_column, found.scores) == ("doc_id", {"0": 1.0, "1": 0.0})


def test_nested_values_are_named_by_their_path(tmp_path: Path) -> None:
    path = lines(tmp_path / "nested.jsonl", [{"id": 1, "scores": {"bleu": 30.5}}])

    assert read(path, "scores/bleu").scores == {"1": 30.5}


@pytest.mark.parametrize("ids", [[0, 1, 2], ["x0", "x1", "x2"]])
def test_arrays_are_read_with_ids_of_numbers_or_texts(tmp_path: Path, ids: list[object]) -> None:
    path = tmp_path / "answers.npz"
    np.savez(path, ids=np.array(ids), correct=np.array([True, False, True]), logits=np.ones((3, 2)))

    found = read(path, "correct")

    assert found.scores == {str(ids[0]): 1.0, str(ids[1]): 0.0, str(ids[2]): 1.0}
    assert found.losses == ()


def test_answers_and_labels_are_compared_where_accuracy_is_asked_for(tmp_path: Path) -> None:
    rows = [{"id": 1, "prediction": "cat", "label": "cat"}, {"id": 2, "prediction": 1, "label": 2}]
    path = table(tmp_path / "answers.csv", rows)

    found = read(path, "accuracy")

    assert (found.scores, found.value_column) == ({"1": 1.0, "2": 0.0}, "prediction == label")
    with pytest.raises(NoSuchMetric, match="'bleu'"):
        read(path, "bleu")


def test_the_same_id_is_the_same_in_every_format(tmp_path: Path) -> None:
    in_table = read(table(tmp_path / "a.csv", [{"id": 7, "acc": "true"}]), "acc")
    in_lines = read(lines(tmp_path / "b.jsonl", [{"id": 7.0, "acc": True}]), "acc")

    assert common(in_table.scores, in_lines.scores) == ["7"]
    assert in_table.scores == in_lines.scores


def test_a_place_in_training_is_known_where_all_rows_name_it(tmp_path: Path) -> None:
    rows = [{"id": at, "acc": 1, "step": 500, "epoch": at} for at in range(3)]

    assert read(table(tmp_path / "a.csv", rows), "acc").places == {"step": 500.0}


def test_what_is_not_whole_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    whole = [{"id": 1, "acc": 1}, {"id": 2, "acc": None}, {"acc": 1}, {"id": 3, "acc": 0}]
    lines(path, [*whole, {"id": 3, "acc": 1}])
    with path.open("a") as file:
        file.write('[1]\n{"id": 4, "ac')

    found = read(path, "acc")

    assert found.scores == {"1": 1.0, "3": 0.5}
    assert found.losses == (
        "2 lines are no whole rows and were skipped",
        "1 rows without an id in 'id' were skipped",
        "1 examples without a finite number in 'acc' do not count",
        "1 ids stand in several rows, of which the mean is taken",
    )


def test_a_table_that_ends_inside_a_row_says_so(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("id,acc\n1,1\n2,0\n3")

    assert read(path, "acc").losses == (
        "1 lines are no whole rows and were skipped",
        "the last row has no line break: it may be cut short",
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "it is empty"),
        ("headers.csv", b"id,acc\n", "it holds no whole row"),
        ("noid.csv", b"text,acc\nx,1\n", "no column holds ids (its columns are text, acc)"),
        ("torn.npz", b"PK\x03\x04 and nothing more", "no whole npz archive"),
        ("binary.jsonl", b"\x00\x01\x02\x03", "it is not text"),
        ("log.txt", b"id acc\n", "it is none of .csv, .tsv, .jsonl, .ndjson, .npz"),
    ],
)
def test_what_is_no_file_of_predictions_is_refused(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(NotReadable) as refused:
        read(tmp_path / name, "acc")
    assert says in str(refused.value)


def test_pickled_arrays_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "answers.npz"
    objects = np.array([{"a": 1}, None, "x"], dtype=object)
    np.savez(path, allow_pickle=True, ids=np.arange(3), acc=np.ones(3), objects=objects)

    assert read(path, "acc").scores == {"0": 1.0, "1": 1.0, "2": 1.0}
    with pytest.raises(NotReadable, match="'objects' holds objects"):
        read(path, "objects")


def test_an_array_longer_than_its_header_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.npz"
    np.savez(path, ids=np.arange(3), acc=np.ones(3))
    content = path.read_bytes()
    path.write_bytes(content[:-60])

    with pytest.raises(NotReadable):
        read(path, "acc")


def test_files_are_told_by_their_suffix() -> None:
    names = ("a.csv", "a.TSV", "a.jsonl", "a.npz", "a.json", "resnet50/seed0")

    assert [looks_like(Path(name)) for name in names] == [True, True, True, True, False, False]


@settings(deadline=None, max_examples=60)
@given(
    content=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda one: one.encode("utf-8", "ignore")),
    form=st.sampled_from(["a.csv", "a.jsonl", "a.npz"]),
    head=st.sampled_from([b"", b"id,acc\n1,1\n", b'{"id": 1, "acc": 1}\n', b"PK\x03\x04"]),
)
def test_whatever_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, form: str, head: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / form
    path.write_bytes(head + content)

    try:
        found = read(path, "acc")
    except (NotReadable, NoSuchMetric):
        return
    assert all(math.isfinite(score) for score in found.scores.values())


ids = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
scores = st.dictionaries(ids, st.floats(-1e6, 1e6), min_size=1, max_size=8)


@settings(deadline=None, max_examples=40)
@given(values=scores, form=st.sampled_from(["a.csv", "a.tsv", "a.jsonl"]))
def test_what_pandas_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, float], form: str
) -> None:
    import pandas as pd

    path = tmp_path_factory.mktemp("pandas") / form
    frame = pd.DataFrame({"id": list(values), "score": list(values.values())})
    if form.endswith(".jsonl"):
        frame.to_json(path, orient="records", lines=True, double_precision=15)
    else:
        frame.to_csv(path, index=False, sep="\t" if form.endswith(".tsv") else ",")

    found = read(path, "score").scores

    assert list(found) == list(values)
    assert np.allclose(list(found.values()), list(values.values()))
