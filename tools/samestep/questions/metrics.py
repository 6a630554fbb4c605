"""Which metrics a comparison speaks of, in which order, and what each is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samestep.analysis import naming
from samestep.analysis.axis import COUNTER_WORDS
from samestep.analysis.roles import Character, Declared, Wanted, character, pick
from samestep.errors import BadArgument, NoSuchMetric
from samestep.model import Direction, Run
from samestep.settings import Settings


@dataclass(frozen=True, slots=True)
class Compared:
    """One metric of a comparison, under the name each side logs it by."""

    student: str
    baseline: str
    character: Character


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller asks of metrics."""

    metrics: Sequence[str] | None
    pairs: Mapping[str, str]
    declared: Declared

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The metrics asked for by name or pattern."""
        return _wanted(self.metrics, "metrics")

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
        return cls(metrics, pairs or {}, declared)


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
    _refuse_unknown_pairs(request.pairs, ours, theirs)
    known = list(dict.fromkeys([*ours, *theirs]))
    asked = _asked(request, known, students, baselines)
    if asked is None:
        shared = [name for name in ours if name in set(theirs) or name in request.pairs]
        asked = by_weight(list(dict.fromkeys([*_declared(request, known), *shared])), request)
    tracker_says = _directions([*students, *baselines])
    return [
        Compared(
            name,
            request.pairs.get(name, name),
            character(name, request.declared, tracker_says.get(name), names=known),
        )
        for name in asked
    ]


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


def _refuse_unknown_pairs(
    pairs: Mapping[str, str], ours: Sequence[str], theirs: Sequence[str]
) -> None:
    for student, baseline in pairs.items():
        if student == baseline:
            raise BadArgument("pairs", dict(pairs), "two different names; equal names pair anyway")
        if student not in ours:
            raise NoSuchMetric(student, ours, "the student")
        if baseline not in theirs:
            raise NoSuchMetric(baseline, theirs, "the baselines")
