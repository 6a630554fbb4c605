"""What a curve's course amounts to, in words."""

from samestep.analysis.course import Ahead, Course


def clauses(course: Course) -> tuple[str, ...]:
    """Return what the rules looked at, as parts of the improvement so far where there is one."""
    stalled = f"{_percent(course.stalled)} of the run since it last improved by the tolerance"
    if course.improvement == 0.0:
        return (stalled, "no improvement so far that a gain could be measured by")
    whole = course.improvement
    gains = [
        f"by {ahead.times:g}x a gain of {_percent(ahead.gain / whole)} of the improvement so far"
        f" ({_percent(ahead.low / whole)} to {_percent(ahead.high / whole)}), "
        f"cautiously {_percent(ahead.cautious / whole)}"
        for ahead in course.ahead
        if isinstance(ahead, Ahead)
    ]
    together = f"the newest points lie within {_percent(course.together / whole)} of it"
    worse = (
        f"the present is {_percent(max(course.worse, 0.0) / whole)} of it behind the smoothed best"
    )
    return (stalled, *gains, together, worse)


def plan(
    newest: float, planned_end: float | None, *, schedule_open: bool | None
) -> tuple[str, ...]:
    """Return what the plan says that the curve cannot know."""
    said: list[str] = []
    if planned_end is not None and newest < planned_end:
        said.append(f"it stands at {newest:.6g} of {planned_end:.6g} planned")
    if schedule_open:
        said.append("the learning rate is not at the end of its schedule")
    if schedule_open is None:
        said.append("whether the learning rate will still change is not known")
    return tuple(said)


def _percent(part: float) -> str:
    return f"{100.0 * part:.3g} %"
