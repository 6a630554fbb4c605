"""The one metric that several runs are asked about, and other metrics beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from samestep.analysis.roles import Character, character
from samestep.errors import BadArgument, NoSuchMetric
from samestep.model import Direction, Run
from samestep.questions.declared import number_for
from samestep.questions.metrics import Request
from samestep.settings import Project

DIRECTIONS = ("higher", "lower")


@dataclass(frozen=True, slots=True)
class Goal:
    """One metric with a direction, and what samestep.toml says of its numbers."""

    name: str
    direction: Direction
    character: Character
    noise: float | None
    """The declared deviation from seed to seed."""
    minimum_effect: float
    """The smallest difference that matters; 0 where none is declared."""


def goal_of(text: str, argument: str, runs: Sequence[Run], project: Project) -> Goal:
    """Return the metric that a caller wrote as `name` or `name:lower`.

    Raises:
        NoSuchMetric: None of the runs logged it.
        BadArgument: Nobody says which way is better.
    """
    known, names = character_of(text, runs, project), metric_names(runs)
    name, settings = known.metric, project.settings
    if known.direction is None:
        takes = f"a metric of which it is known which way is better: {name}:higher or {name}:lower"
        raise BadArgument(argument, text, takes)
    noise = number_for(name, settings.noise, names)
    effect = number_for(name, settings.minimum_effect, names)
    return Goal(name, known.direction, known, noise, effect or 0.0)


def character_of(text: str, runs: Sequence[Run], project: Project) -> Character:
    """Return the one metric that a caller wrote, with its role and its direction.

    Raises:
        NoSuchMetric: None of the runs logged it.
    """
    request = Request.of([text], None, {"downstream": None, "proxy": None}, project.settings)
    names = metric_names(runs)
    name = next((one for one in (text, request.wanted[0].pattern) if one in names), None)
    if name is None:
        raise NoSuchMetric(text, names, f"the {len(runs)} runs asked for")
    return character(name, request.declared, _tracker_says(name, runs), names=names)


def metric_names(runs: Sequence[Run]) -> list[str]:
    """Return every metric that one of the runs has."""
    return list(dict.fromkeys(n for run in runs for n in (*run.history.metrics, *run.finals)))


def bare_name(text: str) -> str:
    """Return the name in `name:lower`, to ask a tracker for."""
    name, colon, way = text.rpartition(":")
    return name if colon and way in DIRECTIONS else text


def _tracker_says(name: str, runs: Sequence[Run]) -> Direction | None:
    logged = (run.history.metrics.get(name) for run in runs)
    return next((one.direction for one in logged if one is not None and one.direction), None)
