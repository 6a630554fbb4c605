"""What a model answered to each example, found again by the example's id."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samestep.errors import NoSuchMetric, NotReadable
from samestep.formats.prediction_rows import SUFFIXES, PredictionRows, Row

ID_NAMES = (
    "id",
    "example_id",
    "sample_id",
    "doc_id",
    "question_id",
    "instance_id",
    "image_id",
    "task_id",
    "qid",
    "uid",
    "guid",
    "uuid",
    "ids",
    "idx",
    "index",
)
"""Columns that tell examples apart, the more telling first."""
ANSWERS = ("prediction", "predicted", "pred", "y_pred", "predictions")
TRUTHS = ("label", "target", "gold", "answer", "truth", "y_true", "labels")
RIGHT = ("accuracy", "acc", "correct", "is_correct", "exact_match")
"""What is asked for where a file holds answers and truths and not whether they agree."""
PLACES = ("epoch", "step", "global_step")
MOST_EXAMPLES = 5_000_000
WORDS = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True, slots=True)
class Predictions:
    """One file's value of one metric for each example."""

    scores: Mapping[str, float]
    """The value of each example, by its id."""
    id_column: str
    value_column: str
    """The column it is read from, or the two that are compared: `prediction == label`."""
    places: Mapping[str, float] = field(default_factory=dict[str, float])
    """Where the model was in training, where every row says the same: `{"step": 1000}`."""
    losses: tuple[str, ...] = ()
    """What could not be read, with counts."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a file that are looked at."""

    id: str
    value: tuple[str, ...]
    """One column of values, or those of answers and of truths."""
    places: tuple[str, ...]

    @classmethod
    def of(cls, first: Row, path: Path, metric: str) -> "_Columns":
        """Choose them by the first row."""
        found = _first(first, ID_NAMES)
        if found is None:
            has = f"its columns are {', '.join(list(first)[:12])}"
            raise unreadable(path, f"no column holds ids ({has})")
        places = tuple(name for name in PLACES if name in first and name not in (metric, found))
        return cls(found, _value_columns(first, path, metric), places)

    @property
    def told(self) -> str:
        """What the value is read from."""
        return " == ".join(self.value)

    def number(self, row: Row) -> float | None:
        """Return a row's value; None where it holds none."""
        if len(self.value) == 1:
            return _number(row.get(self.value[0]))
        answer, truth = (row.get(name) for name in self.value)
        return None if answer is None or truth is None else float(_text(answer) == _text(truth))


def looks_like(path: Path) -> bool:
    """Return whether a path names a file whose rows may be examples."""
    return path.suffix.lower() in SUFFIXES


def holds_ids(path: Path) -> bool:
    """Return whether the first row of a file has a column of ids."""
    try:
        first = next(iter(PredictionRows(path)), None)
    except NotReadable:
        return False
    return first is not None and _first(first, ID_NAMES) is not None


def read(path: Path, metric: str) -> Predictions:
    """Read a metric of every example.

    Args:
        path: A CSV or TSV table, JSON lines, or an `.npz` archive with an array of ids.
        metric: A column of numbers or truths; or, with columns of answers and labels, accuracy.

    Raises:
        NotReadable: It is no such file, has no column of ids, is torn or too large.
        NoSuchMetric: It has no such column.
    """
    if not looks_like(path):
        raise unreadable(path, f"it is none of {', '.join(SUFFIXES)}")
    rows = PredictionRows(path)
    collected = _Collected()
    columns: _Columns | None = None
    for row in rows:
        columns = columns or _columns(row, rows.skipped, path, metric)
        collected.add(row, columns)
        if collected.examples > MOST_EXAMPLES:
            raise unreadable(path, f"it holds more than {MOST_EXAMPLES:,} examples")
    if columns is None:
        raise unreadable(path, "it holds no whole row")
    return Predictions(
        collected.means(),
        columns.id,
        columns.told,
        collected.places(),
        (*rows.losses(), *collected.losses(columns)),
    )


def _columns(row: Row, skipped: Mapping[str, str], path: Path, metric: str) -> _Columns:
    for name, why in skipped.items():
        if name == metric or _first({name: None}, ID_NAMES) is not None:
            raise unreadable(path, f"{name!r} {why}")
    return _Columns.of(row, path, metric)


def unreadable(path: Path, why: str) -> NotReadable:
    """Refuse one file."""
    takes = "Predictions are a row per example, with a column `id` and one per metric."
    return NotReadable(str(path), why, takes)


class _Collected:
    """The values of examples so far, and what is odd about them."""

    def __init__(self) -> None:
        self._values: dict[str, float] = {}
        self._again: dict[str, list[float]] = {}
        self._places: dict[str, set[float]] = {}
        self._without_id = 0
        self._without_value = 0
        self.examples = 0
        """Rows that count."""

    def add(self, row: Row, columns: _Columns) -> None:
        """Take one row."""
        example, value = row.get(columns.id), columns.number(row)
        if example is None or _text(example) == "":
            self._without_id += 1
        elif value is None or not math.isfinite(value):
            self._without_value += 1
        else:
            self._take(_text(example), value)
        for name in columns.places:
            at = _number(row.get(name))
            self._places.setdefault(name, set()).add(math.nan if at is None else at)

    def means(self) -> dict[str, float]:
        """Return the value of each example, of one that is there several times the mean."""
        # Divided first: a sum of the largest numbers is none.
        means = {example: math.fsum(v / len(of) for v in of) for example, of in self._again.items()}
        return {**self._values, **means}

    def places(self) -> dict[str, float]:
        """Return where all rows say that the model was."""
        alone = {name: next(iter(at)) for name, at in self._places.items() if len(at) == 1}
        return {name: at for name, at in alone.items() if math.isfinite(at)}

    def losses(self, columns: _Columns) -> list[str]:
        """Return a sentence for everything that was not taken as it stands."""
        counts = {
            f"rows without an id in {columns.id!r} were skipped": self._without_id,
            f"examples without a finite number in {columns.told!r} do not count": (
                self._without_value
            ),
            "ids stand in several rows, of which the mean is taken": len(self._again),
        }
        return [f"{count} {what}" for what, count in counts.items() if count]

    def _take(self, example: str, value: float) -> None:
        self.examples += 1
        if example in self._values:
            self._again.setdefault(example, [self._values[example]]).append(value)
        else:
            self._values[example] = value


def _value_columns(first: Row, path: Path, metric: str) -> tuple[str, ...]:
    if metric in first:
        return (metric,)
    answer, truth = _first(first, ANSWERS), _first(first, TRUTHS)
    if answer and truth and metric.rsplit("/", 1)[-1].lower() in RIGHT:
        return answer, truth
    named = [name for name in first if _first({name: None}, ID_NAMES) is None]
    raise NoSuchMetric(metric, named, path.name)


def _first(row: Row, names: Sequence[str]) -> str | None:
    """Return the column that goes by the first of some names, whatever its case."""
    lower = {column.lower(): column for column in reversed(list(row))}
    return next((lower[name] for name in names if name in lower), None)


def _number(value: object) -> float | None:
    if isinstance(value, bool | int | float):
        return _finite_or_none(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    try:
        return WORDS[word] if word in WORDS else float(word)
    except ValueError:
        return None


def _finite_or_none(value: float) -> float | None:
    try:
        return float(value)
    except OverflowError:  # an integer beyond every float
        return None


def _text(value: object) -> str:
    """Return an id or an answer as text: 1, 1.0 and "1" are one."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def common(one: Iterable[str], other: Mapping[str, float]) -> list[str]:
    """Return the ids that both files hold, in the order of the first."""
    return [example for example in one if example in other]
