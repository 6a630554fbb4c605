"""What limits a comparison, the most limiting first."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from samestep.analysis.axis import Curve
from samestep.analysis.choose import Chosen, only_counting
from samestep.analysis.comparable import audit, mixed_settings
from samestep.answers.answer import Caveat, Severity
from samestep.answers.comparison import At
from samestep.answers.markdown import number
from samestep.questions.metrics import likely_goals, logged
from samestep.questions.rows import Judged, same_direction
from samestep.questions.sides import KnownSide, reading_caveats
from samestep.rules import RuleId

ORDER: tuple[Severity, ...] = ("blocks", "warns", "notes")
MOST_NAMED = 5


def comparison_caveats(
    sides: Sequence[KnownSide],
    chosen: Chosen,
    stands: At,
    rows: tuple[Sequence[Judged], Sequence[Judged]],
) -> list[Caveat]:
    """Return every caveat of a comparison.

    Args:
        sides: The student, then its baselines.
        chosen: The x-axis.
        stands: Where the comparison stands.
        rows: The rows of this page, and those of all pages.
    """
    student, *baselines = sides
    judged, everything = rows
    found = [
        *_nothing_shared(student, baselines, judged),
        *_changes(sides, chosen),
        *_axes(sides, chosen),
        *_repeated_seeds(sides),
        *_scales(judged),
        *_pairs(judged),
        *_mixed(sides),
        *_seeds(student, baselines),
        *_not_counted(judged),
        *reading_caveats(sides),
        *_restarts(sides, chosen, judged),
        *_ended(stands, judged),
        *_goals(sides, judged, everything),
        *_outlooks(judged),
    ]
    return sorted(found, key=lambda caveat: ORDER.index(caveat.severity))


def _nothing_shared(
    student: KnownSide, baselines: Sequence[KnownSide], judged: Sequence[Judged]
) -> Iterator[Caveat]:
    if judged:
        return
    theirs = [run for baseline in baselines for run in baseline.runs]
    yield _caveat(
        "same-definition",
        "blocks",
        f"No metric is logged by both sides. {student.name} logs {_listed(logged(student.runs))}; "
        f"the baselines log {_listed(logged(theirs))}. pairs compares one name with another.",
    )


def _changes(sides: Sequence[KnownSide], chosen: Chosen) -> Iterator[Caveat]:
    """Say what differs between the runs beyond the value compared."""
    student, *baselines = sides
    for baseline in baselines:
        found = audit(student.runs, baseline.runs)
        both = f"{student.name} and {baseline.name}"
        if found.planned:
            yield _caveat("one-change", "blocks", found.planned)
        if found.batch_sizes and chosen.name == "step":
            yield _caveat("same-x", "warns", found.batch_sizes)
        if found.schedules:
            text = f"The schedules of {both} are not the same: {_listed(found.schedules)}."
            yield _caveat("one-change", "blocks", text)
        if found.evaluation:
            text = f"{both} are not evaluated on the same data: {_listed(found.evaluation)}."
            yield _caveat("one-change", "blocks", text)
        if len(found.changed) > 1:
            text = f"{both} differ in {len(found.changed)} settings: {_listed(found.changed)}."
            yield _caveat("one-change", "warns", text)


def _mixed(sides: Sequence[KnownSide]) -> Iterator[Caveat]:
    for side in sides:
        mixed = mixed_settings(side.runs)
        if mixed:
            yield _caveat(
                "one-change",
                "blocks",
                f"The runs of {side.name} are no seeds of one thing: they differ in "
                f"{_listed(mixed)}.",
            )


def _pairs(judged: Sequence[Judged]) -> Iterator[Caveat]:
    """Say which metrics are compared under two names, and which of them cannot be."""
    seen: set[str] = set()
    for one in judged:
        ours, theirs = one.compared.student, one.compared.baseline
        if ours == theirs or ours in seen:
            continue
        seen.add(ours)
        if not same_direction(one.compared):
            text = f"{ours} and {theirs} are paired, and one is better higher, the other lower."
            yield _caveat("same-definition", "blocks", text)
        else:
            text = f"{ours} of the student is compared with {theirs} of the baselines, as asked."
            yield _caveat("same-definition", "warns", text)


def _scales(judged: Sequence[Judged]) -> Iterator[Caveat]:
    for one in judged:
        if "same-definition" in one.standing.blocking and same_direction(one.compared):
            yield _caveat(
                "same-definition",
                "blocks",
                f"{one.row.metric} is in percent for one and a fraction for the other of "
                f"{one.row.student.full_name} and {one.row.baseline.full_name}; "
                "the two are not subtracted.",
            )


def _axes(sides: Sequence[KnownSide], chosen: Chosen) -> Iterator[Caveat]:
    if chosen.name == "order":
        yield _caveat(
            "same-x",
            "warns",
            "x counts points in the order they were logged: the same x is the same progress only "
            "where both log equally often.",
        )
    runs = [run for side in sides for run in side.runs]
    counting = [run for run in runs if run.history.row_counter] if chosen.name == "step" else []
    if counting:
        apart = only_counting(runs) or f"steps are {counting[0].history.row_counter} on both sides"
        text = f"{apart}: the same step is the same progress only where both log equally often."
        yield _caveat("same-x", "warns", f"{text[0].upper()}{text[1:]}")
    if chosen.passed_over:
        yield _caveat("same-x", "warns", f"x is {chosen.name}: {chosen.passed_over}.")


def _repeated_seeds(sides: Sequence[KnownSide]) -> Iterator[Caveat]:
    for side in sides:
        seeds = [run.seed for run in side.runs if run.seed is not None]
        if len(set(seeds)) < len(seeds):
            yield _caveat(
                "single-seed",
                "warns",
                f"Of the {len(side.runs)} runs of {side.name} some have the same seed "
                f"({_listed(seeds)}); a seed counts once.",
            )


def _seeds(student: KnownSide, baselines: Sequence[KnownSide]) -> Iterator[Caveat]:
    single = [side.name for side in (student, *baselines) if len(side.runs) == 1]
    if single:
        are = "is a single run" if len(single) == 1 else "are single runs"
        yield _caveat(
            "single-seed",
            "warns",
            f"{_listed(single)} {are}: another seed may differ by more.",
        )


def _not_counted(judged: Sequence[Judged]) -> Iterator[Caveat]:
    missing: dict[str, dict[str, str]] = {}
    for one in judged:
        for cell in (one.row.student, one.row.baseline):
            for name, why in (cell.not_counted or {}).items():
                missing.setdefault(name, {})[one.row.metric] = why
    if missing:
        told = _listed(
            [
                f"{name} in {_listed(list(of))} ({next(iter(of.values()))})"
                for name, of in missing.items()
            ]
        )
        yield _caveat(
            "absent-said",
            "warns",
            f"Not counted in their group at x: {told}. Those that remain are no fair sample.",
        )


def _restarts(
    sides: Sequence[KnownSide], chosen: Chosen, judged: Sequence[Judged]
) -> Iterator[Caveat]:
    """Say what was overwritten or has no place, over the metrics compared, all runs together."""
    shown = {name for one in judged for name in (one.compared.student, one.compared.baseline)}
    runs = {str(run.ref): run.full_name for side in sides for run in side.runs}
    curves = {
        name: [curve for metric, curve in chosen.axes[ref].curves.items() if metric in shown]
        for ref, name in runs.items()
    }
    voided = _counted(curves, lambda curve: curve.voided)
    duplicates = _counted(curves, lambda curve: curve.duplicates)
    unplaced = _counted(curves, lambda curve: curve.unplaced)
    if voided:
        yield _caveat(
            "partial-said",
            "warns",
            f"Resumed or started again, with points logged a second time: {voided}. "
            "The later ones are used.",
        )
    if duplicates:
        yield _caveat(
            "partial-said",
            "notes",
            f"Points logged again at one place, the last written used: {duplicates}.",
        )
    if unplaced:
        yield _caveat(
            "partial-said", "notes", f"Points without a place on this axis, not used: {unplaced}."
        )


def _counted(curves: Mapping[str, Sequence[Curve]], count: Callable[[Curve], int]) -> str:
    counts = {name: sum(map(count, of_run)) for name, of_run in curves.items()}
    return _listed([f"{counted} of {name}" for name, counted in counts.items() if counted])


def _ended(stands: At, judged: Sequence[Judged]) -> Iterator[Caveat]:
    ended: dict[str, list[Judged]] = {}
    for one in judged:
        if one.row.baseline_ended is not None:
            ended.setdefault(one.baseline.name, []).append(one)
    for name, rows in ended.items():
        last = max(one.row.baseline_ended or 0.0 for one in rows)
        yield _caveat(
            "same-x",
            "notes",
            f"{name} ended before the student, at {stands.axis} {number(last)} or before: "
            f"{len(rows)} rows stand there.",
        )


def _goals(
    sides: Sequence[KnownSide], judged: Sequence[Judged], everything: Sequence[Judged]
) -> Iterator[Caveat]:
    goals = dict.fromkeys(
        one.row.metric for one in everything if one.compared.character.role == "downstream"
    )
    if goals:
        if not any(one.row.metric in goals for one in judged):
            text = f"The downstream metrics stand on the first page: {_listed(list(goals))}."
            yield _caveat("roles-apart", "notes", text)
        return
    likely = likely_goals(logged([run for side in sides for run in side.runs]))
    said = f"; likely: {_listed(likely)}" if likely else ""
    name = likely[0] if likely else "name of the metric the project is for"
    example = f' Declare with downstream=["{name}"].'
    yield _caveat(
        "roles-apart",
        "notes",
        f"No downstream metric is declared, so nothing here decides{said}.{example}",
    )


def _outlooks(judged: Sequence[Judged]) -> Iterator[Caveat]:
    if any(one.row.outlook == "undecided" for one in judged):
        yield _caveat(
            "projection-bounded",
            "notes",
            "No projection is made: every outlook short of ahead is undecided.",
        )


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _caveat(rule: RuleId, severity: Severity, text: str) -> Caveat:
    return Caveat(rule=rule, severity=severity, text=text)
