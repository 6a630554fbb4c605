"""What detection found."""

import re
from dataclasses import dataclass, field

from samestep.errors import NotReadable, SamestepError
from samestep.model import Source

CANNOT = " cannot be read: "
LOOK_AGAIN = re.compile(r" detect_tracker names the sources that can be read\.$")


@dataclass(frozen=True, slots=True)
class Found:
    """One source, and what says that it is one."""

    source: Source
    evidence: tuple[str, ...]
    runs: int | None = None
    """How many runs it lists; None where it cannot be read, and behind a network."""
    why_not: str | None = None
    """Why it cannot be read, with the setting that would change it; None when it can."""
    left_out: tuple[str, ...] = ()
    """What its listing leaves out beyond what detection itself passed over, in sentences."""


@dataclass(frozen=True, slots=True)
class Detected:
    """Every source found, in the protocol's order of trackers."""

    sources: tuple[Found, ...]
    losses: tuple[str, ...] = field(default=())
    """One sentence for everything that was not looked at, with counts."""


def why_not(refusal: SamestepError) -> str:
    """Return why a source cannot be read, to stand beside its name and other sources."""
    text = str(refusal)
    if isinstance(refusal, NotReadable):
        text = text.partition(CANNOT)[2] or text
    return LOOK_AGAIN.sub("", text)
