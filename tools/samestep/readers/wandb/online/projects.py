"""One project on a W&B server: its runs, as the server's answers to queries hold them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from samestep.errors import MOST_NAMED, NotReadable, SamestepError
from samestep.progress import tell
from samestep.readers.wandb.online.nodes import Table, entries, table, text, whole
from samestep.readers.wandb.online.queries import NAMES, PROJECTS, RUN, RUNS
from samestep.readers.wandb.online.refusals import Absent, Late
from samestep.readers.wandb.online.service import Service

PER_PAGE, FEWER_PER_PAGE = 250, 25
MOST_RUNS = 100_000
ORDER = "+created_at"


@dataclass(frozen=True, slots=True)
class ServerProject:
    """A project of an entity, which is a user or a team."""

    service: Service
    entity: str
    name: str

    def __str__(self) -> str:
        return f"wandb:{self.entity}/{self.name}"

    def runs(self) -> Iterator[Table]:
        """Yield a node for every run, oldest first, a page at a time."""
        return self._nodes(RUNS, {})

    def of_name(self, display_name: str) -> Mapping[str, str]:
        """Return the runs that have a display name, by id."""
        nodes = self._nodes(NAMES, {"display_name": display_name})
        named = [node for node in nodes if text(node.get("displayName")) == display_name]
        return {str(node.get("name")): display_name for node in named}

    def ids(self) -> list[str]:
        """Return the id of every run."""
        return [str(node.get("name")) for node in self._nodes(NAMES, {})]

    def run(self, run_id: str) -> Table | None:
        """Return the node of one run; None where the project has none of that id."""
        try:
            found = self._asked(RUN, {"name": run_id}).get("run")
        except Absent:
            self._asked(NAMES, {"perPage": 1, "filters": "{}", "order": ORDER})
            return None
        return None if found is None else table(found)

    def _nodes(self, query: str, filters: Mapping[str, object]) -> Iterator[Table]:
        asked: dict[str, object] = {"filters": json.dumps(filters), "order": ORDER}
        asked |= {"perPage": PER_PAGE, "cursor": None}
        came = 0
        while came < MOST_RUNS:
            try:
                answer = self._asked(query, asked)
            except Late:
                if asked["perPage"] == FEWER_PER_PAGE:
                    raise
                asked["perPage"] = FEWER_PER_PAGE  # runs with thousands of metrics, say
                continue
            runs = table(answer.get("runs"))
            edges = [table(edge) for edge in entries(runs.get("edges"))]
            yield from (table(edge.get("node")) for edge in edges)
            came += len(edges)
            tell(f"runs of {self}", came, whole(answer.get("runCount")))
            if not edges or not table(runs.get("pageInfo")).get("hasNextPage"):
                return
            asked["cursor"] = text(edges[-1].get("cursor"))

    def _asked(self, query: str, variables: Mapping[str, object]) -> Table:
        """Return what the server says of the project."""
        named = {"entity": self.entity, "project": self.name, **variables}
        try:
            found = table(table(self.service.graphql(str(self), query, named)).get("project"))
        except Absent:
            if query == RUN:
                raise
            found = table(None)
        if not found:
            raise self._unknown()
        return found

    def _unknown(self) -> NotReadable:
        host = self.service.host
        why = f"{host} has no project {self.name!r} of {self.entity!r} that the key may see"
        others = self._others()
        if not others:
            return NotReadable(str(self), why, f"It shows no project of {self.entity!r} at all.")
        more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        named = ", ".join(f"wandb:{self.entity}/{name}" for name in others[:MOST_NAMED])
        return NotReadable(str(self), why, f"Projects of {self.entity!r} are {named}{more}.")

    def _others(self) -> list[str]:
        """Return the entity's projects, none where the server will not say."""
        try:
            answer = self.service.graphql(
                str(self), PROJECTS, {"entity": self.entity, "perPage": PER_PAGE}
            )
        except SamestepError:
            return []
        edges = entries(table(table(answer).get("models")).get("edges"))
        names = (text(table(table(edge).get("node")).get("name")) for edge in edges)
        return [name for name in names if name]
