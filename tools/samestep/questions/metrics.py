"""Which metrics a comparison speaks of, in which order, and what each is for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from samestep.analysis import naming
from samestep.analysis.axis import COUNTER_WORDS
from samestep.analysis.roles import (
    Character,
    Declared,
    Wanted,
    character,
    joined_character,
    pick,
)
from samestep.errors import BadArgument
from samestep.model import Direction, Run
from samestep.questions.declared import number_for
from samestep.questions.paired_names import PairedNames
from samestep.settings import Settings


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric of a comparison, under the name each side logs it by."""

    student: str
    baseline: str
    character: Character
    paired_by: str | None = None
    """Who says that two names are one metric; None where the name is the same."""
    noise: float | None = None
    """The standard deviation from seed to seed that is declared, in units of the metric."""
    minimum_effect: float | None = None
    """The smallest difference that matters, where one is declared."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller asks of metrics."""

    metrics: Sequence[str] | None
    pairs: Mapping[str, str]
    declared: Declared
    settings: Settings = field(default_factory=Settings)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The metrics asked for by name or pattern."""
        return _wanted(self.metrics, "metrics")

    @property
    def goals(self) -> tuple[str, ...]:
        """The patterns that declare downstream metrics, as they were written."""
        return tuple(wanted.pattern for wanted in self.declared.downstream)

    @classmethod
    def of(
        cls,
        metrics: Sequence[str] | None,
        pairs: Mapping[str, str] | None,
        roles: Mapping[str, Sequence[str] | None],
        settings: Settings,
    ) -> "Request":
        """Join what the call declares with samestep.toml; the call comes first."""
        listed = _wanted(metrics, "metrics")
        declared = Declared(
            downstream=(
                *_wanted(roles["downstream"], "the call"),
                *_wanted(settings.downstream, "samestep.toml"),
            ),
            proxy=(
                *_wanted(roles["proxy"], "the call"),
                *_wanted(settings.proxy, "samestep.toml"),
            ),
            directions=(*listed, *_toml_directions(settings)),
        )
        return cls(metrics, pairs or {}, declared, settings)


def compared_metrics(
    request: Request, students: Sequence[Run], baselines: Sequence[Run]
) -> list[Compared]:
    """Return the metrics to compare, the most telling first.

    Declared downstream metrics come first, then what was measured on held-out data, then the rest;
    a metric only one side logs is compared only when it was asked for or declared.

    Raises:
        NoSuchMetric: A name or pattern in the call fits nothing that either side logged.
        BadArgument: A pair names a metric its side does not log.
    """
    ours, theirs = _names(students), _names(baselines)
    paired = PairedNames.of(request.pairs, request.settings.pairs, ours, theirs)
    known = list(dict.fromkeys([*ours, *theirs]))
    asked = _asked(request, known, students, baselines)
    if asked is None:
        other = set(theirs)
        shared = [
            name
            for name in ours
            if (name in other and not name.startswith(naming.SYSTEM)) or name in paired.baseline_of
        ]
        asked = by_weight(list(dict.fromkeys([*_declared(request, known), *shared])), request)
    tracker_says = _directions([*students, *baselines])
    named = dict.fromkeys(paired.as_student(name, ours) for name in asked)
    return [_compared(name, paired, request, (known, tracker_says)) for name in named]


def _compared(
    name: str,
    paired: PairedNames,
    request: Request,
    logged_as: tuple[Sequence[str], Mapping[str, Direction]],
) -> Compared:
    """Return one metric with what is known of it under either of its names, the student's first."""
    known, tracker_says = logged_as
    other = paired.baseline_of.get(name, name)
    ours, theirs = (
        character(one, request.declared, tracker_says.get(one), names=known)
        for one in (name, other)
    )
    noise, effect = (
        _first_known(number_for(one, numbers, known) for one in (name, other))
        for numbers in (request.settings.noise, request.settings.minimum_effect)
    )
    joined = ours if other == name else joined_character(ours, theirs)
    return Compared(name, other, joined, paired.why.get(name), noise, effect)


def _first_known(numbers: Iterable[float | None]) -> float | None:
    return next((number for number in numbers if number is not None), None)


def needed(request: Request, students: Sequence[Run]) -> Callable[[str], bool]:
    """Return which metrics of a baseline a comparison may speak of, where each costs a request.

    Those are the student's own, those asked for or declared, and the other names of pairs.
    """
    pairs = [*request.pairs.items(), *request.settings.pairs.items()]
    names = {*_names(students), *(name for pair in pairs for name in pair)}
    entries = (*request.wanted, *request.declared.downstream, *request.declared.proxy)
    return lambda name: name in names or any(entry.picks([name]) for entry in entries)


def by_weight(names: list[str], request: Request) -> list[str]:
    """Return the metrics without the counters: downstream, then held-out data, then the rest."""
    downstream = {name for entry in request.declared.downstream for name in entry.picks(names)}

    def weight(name: str) -> int:
        if name in downstream:
            return 0
        judged = naming.direction_by_name(name) is not None
        if not judged:
            return 4 if naming.is_bookkeeping(name) else 3
        return 1 if naming.is_evaluation(name) else 2

    return sorted((name for name in names if not _is_counter(name)), key=weight)


def likely_goals(names: Sequence[str]) -> list[str]:
    """Return the metrics a project may want to declare downstream."""
    return [name for name in names if naming.is_likely_goal(name)]


def logged(runs: Sequence[Run]) -> list[str]:
    """Return every metric the runs logged over time, without the counters."""
    return [name for name in _names(runs) if not _is_counter(name)]


def _asked(
    request: Request, known: Sequence[str], students: Sequence[Run], baselines: Sequence[Run]
) -> list[str] | None:
    runs = ", ".join(run.full_name for run in (*students, *baselines))
    declared = (*request.declared.downstream, *request.declared.proxy)
    named = [entry for entry in declared if entry.argument == "the call"]
    pick(named, known, runs)
    goals, proxies = (
        {name for entry in entries if entry.argument == "the call" for name in entry.picks(known)}
        for entries in (request.declared.downstream, request.declared.proxy)
    )
    if goals & proxies:
        both = sorted(goals & proxies)
        raise BadArgument("proxy", both[0], "metrics that downstream does not declare as well")
    if request.metrics is None:
        return None
    picked = pick(_wanted(request.metrics, "metrics"), known, runs)
    return list(dict.fromkeys([*_declared(request, known), *picked]))


def _declared(request: Request, known: Sequence[str]) -> list[str]:
    return [name for entry in request.declared.downstream for name in entry.picks(known)]


def _wanted(entries: Sequence[str] | None, argument: str) -> tuple[Wanted, ...]:
    return tuple(Wanted.parse(entry, argument) for entry in entries or ())


def _toml_directions(settings: Settings) -> tuple[Wanted, ...]:
    directions: tuple[tuple[tuple[str, ...], Direction], ...] = (
        (settings.higher_is_better, "higher"),
        (settings.lower_is_better, "lower"),
    )
    return tuple(
        Wanted(pattern, direction, "samestep.toml")
        for patterns, direction in directions
        for pattern in patterns
    )


def _names(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(name for run in runs for name in (*run.history.metrics, *run.finals)))


def _is_counter(name: str) -> bool:
    return name.strip().lower() in COUNTER_WORDS


def _directions(runs: Sequence[Run]) -> dict[str, Direction]:
    return {
        name: metric.direction
        for run in runs
        for name, metric in run.history.metrics.items()
        if metric.direction is not None
    }
