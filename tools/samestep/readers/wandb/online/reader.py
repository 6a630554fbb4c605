"""Reads the runs of one project on a W&B server."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from samestep.errors import NoSuchRun, NotReadable
from samestep.model import History, Listing, Run, RunHead, RunRef, Source, Unreadable
from samestep.readers.base import Wanted
from samestep.readers.facts import planned_length, seed_of
from samestep.readers.wandb.names import full_names
from samestep.readers.wandb.online.counters import places_rows
from samestep.readers.wandb.online.definitions import declared_axes, definitions
from samestep.readers.wandb.online.environment import environment_of, lineage_of
from samestep.readers.wandb.online.fetching import LIST, Fetcher, Rows
from samestep.readers.wandb.online.glances import glance_of
from samestep.readers.wandb.online.history import finals_of, history_of
from samestep.readers.wandb.online.nodes import RunNode
from samestep.readers.wandb.online.projects import MOST_RUNS, ServerProject
from samestep.readers.wandb.online.refusals import Absent
from samestep.readers.wandb.online.service import Service


class OnlineReader:
    """Reads runs through a server's own interface; nothing is fetched before it is asked for."""

    def __init__(self, source: Source, service: Service) -> None:
        self.source = source
        self._service = service
        self._project = ServerProject(service, *source.location.split("/"))

    def list(self) -> Listing:
        """Return every run with what the listing says of it, without a request for each."""
        nodes, names = self._nodes, self._full_names
        beyond = f"it has more than {MOST_RUNS} runs; those begun later are not listed"
        lost = (Unreadable(str(self.source), beyond),) if len(nodes) >= MOST_RUNS else ()
        return Listing(tuple(self._head(node, names[node.id]) for node in nodes), lost)

    def read(self, run_id: str) -> Run:
        """Return one run with every row of its history, unsampled."""
        return self._read(run_id, None)

    def read_wanted(self, run_id: str, wanted: Wanted) -> Run:
        """Return one run with the whole histories of the metrics that are wanted."""
        return self._read(run_id, wanted)

    def _read(self, run_id: str, wanted: Wanted | None) -> Run:
        node = self._node(run_id)
        axes = declared_axes(definitions(node.internals))
        keys = [
            key
            for key in node.metrics
            if wanted is None or wanted(key) or key in axes or places_rows(key)
        ]
        unread = frozenset(node.metrics).difference(keys)
        rows = self._rows(node, keys if unread else None)
        losses = (*rows.losses, *node.cut)
        return self._run(node, history_of(node, replace(rows, losses=losses), unread))

    def _rows(self, node: RunNode, keys: Sequence[str] | None) -> Rows:
        """Return the rows of a run, those of some keys where keys are given."""
        project, what = self._project, str(RunRef(self.source, node.id))
        fetcher = Fetcher(self._service, project.entity, project.name, node, what)
        try:
            return fetcher.everything() if keys is None else fetcher.only(keys)
        except Absent as error:
            if project.run(node.id) is not None:
                raise
            raise NotReadable(what, "it was deleted while it was read", LIST) from error

    @cached_property
    def _nodes(self) -> Sequence[RunNode]:
        """Every run of the project, listed once for as long as a question takes."""
        return [RunNode.of(node) for node in self._project.runs()]

    @cached_property
    def _full_names(self) -> Mapping[str, str]:
        return full_names({node.id: node.name for node in self._nodes})

    def _node(self, run_id: str) -> RunNode:
        found = self._project.run(run_id)
        if found is None:
            raise NoSuchRun(run_id, self._project.ids(), str(self.source))
        return RunNode.of(found)

    def _run(self, node: RunNode, history: History) -> Run:
        return Run(
            head=self._head(node, self._full_name(node)),
            history=history,
            state=node.state,
            seed=seed_of(node.config),
            group=node.group,
            tags=node.tags,
            config=node.config,
            finals=finals_of(node, history),
            planned=planned_length(node.config),
            environment=environment_of(node),
            lineage=lineage_of(node),
        )

    def _head(self, node: RunNode, full_name: str) -> RunHead:
        return RunHead(RunRef(self.source, node.id), full_name, node.started, glance_of(node))

    def _full_name(self, node: RunNode) -> str:
        """Return a run's full name, by the listing where there is one."""
        if "_full_names" in self.__dict__ and node.id in self._full_names:
            return self._full_names[node.id]
        sharing = self._project.of_name(node.name)
        return full_names({node.id: node.name, **sharing})[node.id]
