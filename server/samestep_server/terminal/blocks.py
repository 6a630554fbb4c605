"""A table that is broken into several below each other where the terminal is too narrow for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.text import Text

from samestep_server.terminal.pieces import table

FOLDED = 20  # characters to which a header over words folds
GAP = 1  # characters between columns


@dataclass(frozen=True, slots=True)
class Blocks:
    """Columns in as many tables as it takes, so that no number loses a digit to the margin."""

    headers: Sequence[str]
    """One opening with `>` is one of numbers."""
    rows: Sequence[Sequence[Text]]
    leading: int
    """How many columns every table begins with."""

    def __rich_console__(
        self,
        console: Console,  # what rich hands to every renderable
        options: ConsoleOptions,
    ) -> Iterator[RenderableType]:
        """Yield the tables that fit the terminal's width."""
        for at, columns in enumerate(self._columns(options.max_width)):
            if at:
                yield ""
            rows = [[row[column] for column in columns] for row in self.rows]
            yield table([self.headers[column] for column in columns], rows)

    def _columns(self, most: int) -> list[list[int]]:
        """Return the columns of each table, at least one beside those that lead."""
        leading = list(range(self.leading))
        free = most - sum(map(self._width, leading))
        found: list[list[int]] = []
        left = 0
        for column in range(self.leading, len(self.headers)):
            width = self._width(column)
            if not found or width > left:
                found.append([*leading])
                left = free
            found[-1].append(column)
            left -= width
        return found

    def _width(self, column: int) -> int:
        header = self.headers[column]
        longest = max((row[column].cell_len for row in self.rows), default=0)
        folded = len(header) - 1 if header.startswith(">") else min(len(header), FOLDED)
        return max(longest, folded) + GAP
