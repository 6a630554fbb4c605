"""What detection found."""

from dataclasses import dataclass, field

from samestep.model import Source


@dataclass(frozen=True, slots=True)
class Found:
    """One source, and what says that it is one."""

    source: Source
    evidence: tuple[str, ...]
    runs: int | None = None
    """How many runs it lists; None where it cannot be read, and behind a network."""
    why_not: str | None = None
    """Why it cannot be read, with the setting that would change it; None when it can."""


@dataclass(frozen=True, slots=True)
class Detected:
    """Every source found, in the protocol's order of trackers."""

    sources: tuple[Found, ...]
    losses: tuple[str, ...] = field(default=())
    """One sentence for everything that was not looked at, with counts."""
