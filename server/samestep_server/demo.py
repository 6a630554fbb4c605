"""The demo: the usual answer beside samestep's, on recorded runs shipped in the package."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from samestep import Project, compare_same_epoch
from samestep.answers import Comparison
from samestep.resolve import Lookup

STUDENT = "group:shifted/*"
BASELINE = "group:plain/*"
DOWNSTREAM = "test/shifted_accuracy"
NAIVE = (DOWNSTREAM, "val/accuracy", "val/loss")


@dataclass(frozen=True, slots=True)
class NaiveRow:
    """A student's last value beside a baseline's last value, as it is usually told."""

    metric: str
    student: float
    baseline: float


def recorded() -> Project:
    """Return the project of the recorded runs."""
    return Project(Path(str(files("samestep").joinpath("recorded"))))


def answer() -> Comparison:
    """Compare the stopped student with the finished baseline at the student's epoch."""
    return compare_same_epoch(STUDENT, [BASELINE], downstream=[DOWNSTREAM], project=recorded())


def naive() -> list[NaiveRow]:
    """Return what a comparison of last values would show: means over seeds of the newest points."""
    project = recorded()
    lookup = Lookup(project)
    ours, theirs = lookup.side(STUDENT), lookup.side(BASELINE)
    return [
        NaiveRow(
            metric,
            _mean([run.history.metrics[metric].values[-1] for run in ours.runs]),
            _mean([run.history.metrics[metric].values[-1] for run in theirs.runs]),
        )
        for metric in NAIVE
    ]


def _mean(values: list[float]) -> float:
    return float(sum(values) / len(values))
