"""What is asked of a Neptune server: a few questions, none of them once for every run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from samestep.formats.neptune.held import CREATED, NAME, Points
from samestep.model import Source
from samestep.progress import tell
from samestep.readers.neptune.server.calls import answer_of
from samestep.readers.neptune.server.tables import (
    SERIES,
    SINGLE,
    Row,
    points_of,
    rows_of,
    series_in,
)
from samestep.readers.neptune.server.token import address_of, knock

if TYPE_CHECKING:
    import pandas as pd

AT_ONCE = 20
"""Series fetched by one call: its table has a row for every step that any of them has."""

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Queries:
    """The questions to the server of one project, each with a deadline of its own."""

    source: Source
    token: str
    seconds: float
    _address: str = ""

    def runs(self) -> dict[str, Row]:
        """Return everything single-valued of every run, and the newest value of every series.

        Raises:
            Unreachable: The server does not answer in time.
            NotAllowed: The token is missing or refused.
            NotReadable: There is no such server or project.
        """
        from neptune_query.filters import AttributeFilter
        from neptune_query.runs import fetch_runs_table

        return self._rows(
            lambda: fetch_runs_table(
                project=self.source.location,
                attributes=AttributeFilter(type=[*SINGLE, SERIES]),
                type_suffix_in_column_names=True,
            )
        )

    def names(self) -> dict[str, Row]:
        """Return the names and the starts of every run: one request for 10,000 of them."""
        from neptune_query.runs import fetch_runs_table

        return self._rows(
            lambda: fetch_runs_table(
                project=self.source.location,
                attributes=[NAME, CREATED],
                type_suffix_in_column_names=True,
            )
        )

    def run(self, run_id: str) -> tuple[Row, list[str]] | None:
        """Return everything single-valued of one run, and its series; None where it is gone."""
        from neptune_query.filters import AttributeFilter
        from neptune_query.runs import fetch_runs_table

        tell(f"run {run_id}", 0)
        table = self._ask(
            lambda: fetch_runs_table(
                project=self.source.location,
                runs=[run_id],
                attributes=AttributeFilter(type=[*SINGLE, SERIES]),
                type_suffix_in_column_names=True,
            )
        )
        rows = rows_of(table)
        return (rows[run_id], series_in(table)) if run_id in rows else None

    def points(self, run_id: str, names: Sequence[str]) -> tuple[dict[str, Points], int]:
        """Return the whole series of a run, with what it inherited, and the previews left out."""
        from neptune_query.runs import fetch_metrics

        tables: list[pd.DataFrame] = []
        for first in range(0, len(names), AT_ONCE):
            tell(f"metrics of {run_id}", first, len(names))
            some = [*names[first : first + AT_ONCE]]
            tables.append(
                self._ask(
                    lambda some=some: fetch_metrics(
                        project=self.source.location,
                        runs=[run_id],
                        attributes=some,
                        include_time="absolute",
                        include_point_previews=True,
                    )
                )
            )
        return points_of(tables)

    def _rows(self, call: "Callable[[], pd.DataFrame]") -> dict[str, Row]:
        tell(f"runs of {self.source.location}", 0)
        return rows_of(self._ask(call))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        if not self._address:
            address = address_of(self.token, str(self.source))
            knock(address, str(self.source), self.seconds)
            self._address = address
        from neptune_query import set_api_token

        set_api_token(self.token)
        return answer_of(call, str(self.source), self._address, self.seconds)
