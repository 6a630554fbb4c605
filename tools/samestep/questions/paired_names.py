"""Which metrics a comparison takes for one under two names: as asked, else by samestep.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from samestep.analysis.roles import SETTINGS
from samestep.errors import BadArgument, NoSuchMetric


@dataclass(frozen=True, slots=True)
class PairedNames:
    """The student's names for metrics that the baselines log by another, with who says so."""

    baseline_of: Mapping[str, str] = field(default_factory=dict[str, str])
    why: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(
        cls,
        asked: Mapping[str, str],
        declared: Mapping[str, str],
        ours: Sequence[str],
        theirs: Sequence[str],
    ) -> "PairedNames":
        """Join the pairs of the call with those of samestep.toml that apply.

        A declared pair holds either way round, and only where each side logs one of the names.

        Raises:
            NoSuchMetric: A pair of the call names a metric its side does not log.
            BadArgument: It pairs a metric with itself.
        """
        _refuse_unknown(asked, ours, theirs)
        only_ours, only_theirs = set(ours) - set(theirs), set(theirs) - set(ours)
        both_ways = [pair for one in declared.items() for pair in (one, one[::-1])]
        applying = {
            student: baseline
            for student, baseline in both_ways
            if student in only_ours and baseline in only_theirs
        }
        by_file = {name: other for name, other in applying.items() if name not in asked}
        why = {**dict.fromkeys(by_file, f"declared in {SETTINGS}"), **dict.fromkeys(asked, "asked")}
        return cls({**by_file, **asked}, why)

    def as_student(self, name: str, ours: Sequence[str]) -> str:
        """Return the student's name of a metric that was named by the baselines' one."""
        if name in ours:
            return name
        back = {baseline: student for student, baseline in self.baseline_of.items()}
        return back.get(name, name)


def _refuse_unknown(pairs: Mapping[str, str], ours: Sequence[str], theirs: Sequence[str]) -> None:
    for student, baseline in pairs.items():
        if student == baseline:
            raise BadArgument("pairs", dict(pairs), "two different names; equal names pair anyway")
        if student not in ours:
            raise NoSuchMetric(student, ours, "the student")
        if baseline not in theirs:
            raise NoSuchMetric(baseline, theirs, "the baselines")
