"""A test on two files of predictions: the same examples, answered by two models."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samestep.analysis.roles import Character, Wanted, character
from samestep.analysis.significance.predictions import (
    is_right_or_wrong,
    mcnemar_test,
    paired_bootstrap_test,
)
from samestep.analysis.significance.tested import DifferenceTest
from samestep.answers import significance as answers
from samestep.answers.comparison import MetricCharacter
from samestep.answers.record import derived
from samestep.errors import BadArgument, NoSuchPath
from samestep.formats import predictions
from samestep.formats.predictions import Predictions
from samestep.model import TestName
from samestep.questions.caveats.room import ranked
from samestep.questions.caveats.words import Said, listed, said
from samestep.questions.metrics import Request
from samestep.questions.significance.answer import verdict_of
from samestep.questions.significance.caveats import test_caveats
from samestep.questions.significance.rows import NOT_COMPARABLE, Row, adjust, given, outcome_of
from samestep.questions.significance.wording import reading
from samestep.settings import Project
from samestep.verdict import Standing, better_side

if TYPE_CHECKING:
    from samestep.model import Floats

OF_FILES: tuple[TestName, ...] = ("mcnemar", "paired_bootstrap")
FEWEST_COMMON = 2
MOST_SHOWN = 5  # ids shown in a refusal


@dataclass(frozen=True, slots=True)
class Paired:
    """Two files on the examples both hold."""

    names: tuple[str, str]
    files: tuple[Predictions, Predictions]
    common: tuple[str, ...]

    @property
    def values(self) -> "tuple[Floats, Floats]":
        """Both files' values of the common examples, in one order: (examples,) each."""
        one, other = (
            np.array([file.scores[example] for example in self.common]) for file in self.files
        )
        return one, other

    @property
    def place(self) -> tuple[str, float] | None:
        """The axis and x that both files name; None where one does not, or they differ."""
        one, other = (file.places for file in self.files)
        same = [name for name in one if other.get(name) == one[name]]
        return (same[0], one[same[0]]) if same and not self.places_apart else None

    @property
    def places_apart(self) -> list[str]:
        """The axes on which the files name different x."""
        one, other = (file.places for file in self.files)
        return [name for name in one if name in other and other[name] != one[name]]


def named_files(
    written: Sequence[object], asked: TestName | None, project: Project
) -> list[Path] | None:
    """Return the files that a and b name; None where they name runs.

    A log may be called like a file of predictions: a file is one where a test of files is asked
    for, or where one of them holds ids.

    Raises:
        NoSuchPath: One of them is a file, and the other is not there.
        OutsideProject: It lies where this caller may not read.
    """
    texts = [text for text in written if isinstance(text, str) and "#" not in text]
    if len(texts) < len(written) or not all(predictions.looks_like(Path(text)) for text in texts):
        return None
    there = [path for text in texts if (path := _there(text, project)) is not None]
    if asked not in OF_FILES and not any(map(predictions.holds_ids, there)):
        return None
    return [project.path(text) for text in texts]


def _there(text: str, project: Project) -> Path | None:
    try:
        path = project.path(text)
    except NoSuchPath:
        return None
    return path if path.is_file() else None


def of_files(
    paths: Sequence[Path],
    names: tuple[str, str],
    metric: str,
    asked: TestName | None,
    project: Project,
) -> answers.SignificanceAnswer:
    """Answer a question about two files.

    Raises:
        BadArgument: A test of runs is asked for, the files share no example, or values that are
            neither right nor wrong are to be counted.
    """
    if asked is not None and asked not in OF_FILES:
        takes = f"{', '.join(OF_FILES)} or auto for files of predictions, which hold no seeds"
        raise BadArgument("test", asked, takes)
    entry = Wanted.parse(metric, "metric")
    read = [predictions.read(path, entry.pattern) for path in paths]
    pair = _paired(names, (read[0], read[1]))
    known = _character(entry.pattern, metric, project)
    row, standing = _row(pair, known, asked)
    found = [Row(row, standing)]
    place = pair.place
    at = None if place is None else _at(*place)
    return answers.SignificanceAnswer(
        answer_id="",
        runs=[],
        caveats=ranked([*_caveats(pair), *test_caveats([row], asked)]),
        reading=reading([row], at),
        at=at,
        metrics=[_told(known)],
        rows=[row],
        rows_left=0,
        compared=int(row.adjusted_p is not None),
        files=[_file(pair, which) for which in (0, 1)],
        verdict=verdict_of(found, at),
    )


def _paired(names: tuple[str, str], files: tuple[Predictions, Predictions]) -> Paired:
    one, other = files
    for argument, name, file in zip(("a", "b"), names, files, strict=True):
        if not file.scores:
            takes = (
                f"a file of numbers, true or false in {file.value_column!r}: "
                f"{'; '.join(file.losses) or 'it holds no example'}"
            )
            raise BadArgument(argument, name, takes)
    common = predictions.common(one.scores, other.scores)
    if len(common) < FEWEST_COMMON:
        shown = [", ".join(list(file.scores)[:MOST_SHOWN]) for file in files]
        takes = (
            f"a file of the same examples as a: {len(common)} of {len(one.scores)} and "
            f"{len(other.scores)} ids are in both (a has {shown[0]}; b has {shown[1]})"
        )
        raise BadArgument("b", names[1], takes)
    return Paired(names, files, tuple(common))


def _row(
    pair: Paired, known: Character, asked: TestName | None
) -> tuple[answers.DifferenceRow, Standing]:
    one, other = pair.values
    comparable = not pair.places_apart
    test, why = _test(one, other, asked)
    if not comparable:
        test = DifferenceTest(test.test, test.n, why_not=NOT_COMPARABLE)
    delta = _difference(one, other) if comparable else None
    [adjusted] = adjust([test])
    better = better_side(delta, known.direction)
    row = answers.DifferenceRow(
        metric=known.metric,
        x=None if pair.place is None else pair.place[1],
        unit="examples",
        a=_sample(pair.names[0], one),
        b=_sample(pair.names[1], other),
        delta=delta,
        better=None if better is None else "a" if better == "student" else "b",
        given=given(test),
        why=why,
        adjusted_p=None if adjusted is None else derived(adjusted),
        outcome=outcome_of(test, adjusted, comparable=comparable),
    )
    return row, _standing(known, (one, other), delta, adjusted)


def _difference(one: "Floats", other: "Floats") -> float | None:
    """Return the difference of both means; None where it is too large for a number."""
    with np.errstate(all="ignore"):
        apart = float(np.mean(one) - np.mean(other))
    return apart if math.isfinite(apart) else None


def _noise(one: "Floats", other: "Floats") -> float | None:
    """Return the deviation of the difference over examples; None where it is no number."""
    with np.errstate(all="ignore"):
        noise = float(np.std(one - other, ddof=1)) / math.sqrt(len(one))
    return noise if math.isfinite(noise) else None


def _deviation(values: "Floats") -> float:
    with np.errstate(all="ignore"):
        return float(np.std(values, ddof=1))


def _standing(
    known: Character, values: "tuple[Floats, Floats]", delta: float | None, adjusted: float | None
) -> Standing:
    one, other = values
    return Standing(
        metric=known.metric,
        role=known.role,
        direction=known.direction,
        delta=delta,
        noise=_noise(one, other),
        why_no_delta="same-x",
        adjusted_p=adjusted,
    )


def _test(one: "Floats", other: "Floats", asked: TestName | None) -> tuple[DifferenceTest, str]:
    counted = is_right_or_wrong(one) and is_right_or_wrong(other)
    if asked == "mcnemar" and not counted:
        takes = "paired_bootstrap or auto here: McNemar's test counts values of 0 and 1 alone"
        raise BadArgument("test", asked, takes)
    why = "every example is right or wrong" if counted else "the values are not only 0 and 1"
    if asked == "mcnemar" or (asked is None and counted):
        return mcnemar_test(one, other), why
    return paired_bootstrap_test(one, other), "asked for" if asked else why


def _sample(name: str, values: "Floats") -> answers.Sample:
    with np.errstate(all="ignore"):
        mean = float(np.mean(values))
    sample = answers.Sample(full_name=name, n=len(values), mean=derived(mean))
    spread = _deviation(values)
    return sample.model_copy(update={"spread": derived(spread)} if math.isfinite(spread) else {})


def _character(name: str, written: str, project: Project) -> Character:
    roles = {"downstream": None, "proxy": None}
    request = Request.of([written], None, roles, project.settings)
    return character(name, request.declared, None, [name])


def _told(known: Character) -> MetricCharacter:
    return MetricCharacter(
        metric=known.metric,
        role=known.role,
        role_why=known.role_why,
        direction=known.direction,
        direction_why=known.direction_why,
    )


def _at(axis: str, x: float) -> answers.StandsAt:
    from samestep.analysis.axis import unit_of

    return answers.StandsAt(axis=axis, unit=unit_of(axis), value=x)


def _file(pair: Paired, which: int) -> answers.PredictionFile:
    file = pair.files[which]
    return answers.PredictionFile(
        file=pair.names[which],
        examples=len(file.scores),
        id_column=file.id_column,
        value_column=file.value_column,
        places=dict(file.places),
        not_paired=len(file.scores) - len(pair.common),
        complete=not file.losses,
    )


def _caveats(pair: Paired) -> list[Said]:
    text = (
        "The test tells of these examples: another seed of either model may differ by more, "
        "so no winner can come of it."
    )
    found = [said("single-seed", "warns", text, needed=True)]
    for axis in pair.places_apart:
        at = [
            f"{file.places[axis]:g} in {name!r}"
            for name, file in zip(pair.names, pair.files, strict=True)
        ]
        text = f"The files stand at different places ({axis} {listed(at)}): not subtracted."
        found.append(said("same-x", "blocks", text))
    return [*found, *_left_out(pair), *_lost(pair)]


def _left_out(pair: Paired) -> list[Said]:
    counts = [len(file.scores) - len(pair.common) for file in pair.files]
    if not any(counts):
        return []
    told = [f"{count} of {name!r}" for name, count in zip(pair.names, counts, strict=True)]
    text = (
        f"Examples that only one file holds do not count: {listed(told)}; "
        f"{len(pair.common)} are in both."
    )
    return [said("partial-said", "warns", text, needed=True)]


def _lost(pair: Paired) -> list[Said]:
    return [
        said("partial-said", "warns", f"{name!r}: {'; '.join(file.losses)}.", needed=True)
        for name, file in zip(pair.names, pair.files, strict=True)
        if file.losses
    ]
