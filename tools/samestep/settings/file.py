"""samestep.toml: what a project knows of its metrics, runs and sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from samestep.errors import BadSettings
from samestep.settings.values import KNOWN, Problem, Values, read_values

if TYPE_CHECKING:
    from samestep.model import Source

FILE_NAME = "samestep.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything samestep.toml says; a pattern is a name or a regular expression."""

    downstream: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()
    higher_is_better: tuple[str, ...] = ()
    lower_is_better: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Metrics that are the same under two names, whichever side logs which."""
    noise: Mapping[str, float] = field(default_factory=dict[str, float])
    """Pattern of metrics to their standard deviation from seed to seed, in units of the metric."""
    minimum_effect: Mapping[str, float] = field(default_factory=dict[str, float])
    """Pattern of metrics to the smallest difference that matters, in units of the metric."""
    seed_keys: tuple[str, ...] = ()
    """Config keys that hold a run's seed, beside those every project uses."""
    finished: tuple[str, ...] = ()
    """Patterns over full names of runs that are known to have finished."""
    sources: "Mapping[str, Source]" = field(default_factory=dict[str, "Source"])
    """Sources by the names the project gives them."""
    deadline: float | None = None
    """How many seconds one call to a tracker's server may take."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read samestep.toml; a file that is not there sets nothing.

        Raises:
            BadSettings: It is no TOML, or says something samestep does not know.
        """
        if not file.is_file():
            return cls()
        try:
            return cls._of(read_values(_document(file)))
        except Problem as problem:
            raise BadSettings(str(file), str(problem), KNOWN) from problem

    @classmethod
    def _of(cls, values: Values) -> Self:
        return cls(
            downstream=values.lists.get("metrics.downstream", ()),
            proxy=values.lists.get("metrics.proxy", ()),
            higher_is_better=values.lists.get("metrics.higher_is_better", ()),
            lower_is_better=values.lists.get("metrics.lower_is_better", ()),
            pairs=values.pairs,
            noise=values.numbers.get("metrics.noise", {}),
            minimum_effect=values.numbers.get("metrics.minimum_effect", {}),
            seed_keys=values.lists.get("runs.seed_keys", ()),
            finished=values.lists.get("runs.finished", ()),
            sources=values.sources,
            deadline=values.deadline,
        )


def _document(file: Path) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:  # ValueError: bad TOML, UTF-8, number
        raise Problem(f"cannot be read ({error})") from error
