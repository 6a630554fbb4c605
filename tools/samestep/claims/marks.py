"""A sentence with its runs, metrics, places and numbers replaced by one sign each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from samestep.claims.patterns import Pattern

RUN, METRIC, PLACE, NUMBER = "\ue000", "\ue400", "\ue800", "\uec00"
EACH = 0x400  # signs of each kind: the private use area holds four kinds of a thousand
MOST = 50  # of each kind in one sentence
R, M, X, N = (f"[{first}-{chr(ord(first) + EACH - 1)}]" for first in (RUN, METRIC, PLACE, NUMBER))
ANY = f"[{RUN}-{chr(ord(NUMBER) + EACH - 1)}]"
OTHER = "¤"  # what stands for a quote, code or an address

Mention = TypeVar("Mention")
How = Literal["full", "short", "role", "unknown"]


class RunMention(NamedTuple):
    """A mention of a run: the full names it may mean, and how it was written."""

    text: str
    names: tuple[str, ...]
    how: How


class MetricMention(NamedTuple):
    """A mention of a metric: the recorded names it may mean; none for one nobody recorded."""

    text: str
    names: tuple[str, ...]


class Place(NamedTuple):
    """A mention of an x."""

    text: str
    axis: str
    value: float
    upto: float | None = None
    """The end of a range of x."""


class Stated(NamedTuple):
    """A number as it was written: its value and half a unit of its last digit."""

    text: str
    value: float
    slack: float
    unit: str = ""
    signed: bool = False

    @property
    def unsigned(self) -> "Stated":
        """The same number without its sign: how far two values are apart."""
        return self._replace(value=abs(self.value), signed=False)


@dataclass(slots=True)
class Marked:
    """A sentence in signs, and what each of them stands for."""

    words: str
    runs: list[RunMention] = field(default_factory=list[RunMention])
    metrics: list[MetricMention] = field(default_factory=list[MetricMention])
    places: list[Place] = field(default_factory=list[Place])
    numbers: list[Stated] = field(default_factory=list[Stated])
    is_cut: bool = False
    """Whether the sentence holds more than is read of one."""

    def replaced(
        self, pattern: "Pattern | re.Pattern[str]", sign: Callable[["re.Match[str]"], str]
    ) -> None:
        """Replace what a pattern finds in the words."""
        self.words = pattern.sub(sign, self.words)

    def run(self, mention: RunMention) -> str:
        """Note a run and return its sign."""
        return self._noted(self.runs, mention, RUN)

    def metric(self, mention: MetricMention) -> str:
        """Note a metric and return its sign."""
        return self._noted(self.metrics, mention, METRIC)

    def place(self, mention: Place) -> str:
        """Note an x and return its sign."""
        return self._noted(self.places, mention, PLACE)

    def number(self, mention: Stated) -> str:
        """Note a number and return its sign."""
        return self._noted(self.numbers, mention, NUMBER)

    def runs_in(self, words: str) -> list[RunMention]:
        """Return the runs a stretch of the words mentions."""
        return [self.runs[ord(sign) - ord(RUN)] for sign in re.findall(R, words)]

    def metrics_in(self, words: str) -> list[MetricMention]:
        """Return the metrics a stretch of the words mentions."""
        return [self.metrics[ord(sign) - ord(METRIC)] for sign in re.findall(M, words)]

    def places_in(self, words: str) -> list[Place]:
        """Return the x that a stretch of the words mentions."""
        return [self.places[ord(sign) - ord(PLACE)] for sign in re.findall(X, words)]

    def numbers_in(self, words: str) -> list[Stated]:
        """Return the numbers a stretch of the words holds."""
        return [self.numbers[ord(sign) - ord(NUMBER)] for sign in re.findall(N, words)]

    def _noted(self, known: list[Mention], mention: Mention, first: str) -> str:
        if len(known) >= MOST:
            self.is_cut = True
            return OTHER
        known.append(mention)
        return chr(ord(first) + len(known) - 1)
