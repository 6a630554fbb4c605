"""The runs of one tracking server."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from samestep.errors import NotReadable, SamestepError
from samestep.model import Listing, ReadReport, Run, RunHead, RunRef, Source
from samestep.readers.base import Wanted
from samestep.readers.mlflow.mapping import glance_of, head_of, run_of
from samestep.readers.mlflow.server.answers import Stored
from samestep.readers.mlflow.server.catalogue import Catalogue, Known
from samestep.readers.mlflow.server.connection import Connection
from samestep.readers.mlflow.server.histories import Read, histories, with_counters
from samestep.readers.mlflow.server.inquiry import Inquiry
from samestep.readers.mlflow.server.refusals import NoSuchResource
from samestep.readers.mlflow.server.windows import Series, shared_histories
from samestep.readers.together import together

HOW = "MLflow server"
FEW = 3
"""Runs that are looked up one by one; more are found with all the others in fewer requests."""


class MlflowServerReader:
    """Reads the runs of all experiments of a server."""

    def __init__(self, source: Source, connection: Connection) -> None:
        self.source = source
        self._connection = connection
        self._catalogue = Catalogue(source)

    def list(self) -> Listing:
        """Return every run that is not deleted, with what the server keeps of it."""
        found = self._catalogue.everything(Inquiry(self._connection))
        heads = (self._head(one, found.names) for one in found.stored.values())
        return Listing(tuple(heads), found.unreadable)

    def read(self, run_id: str) -> Run:
        """Return one run with its whole history."""
        return self.read_wanted(run_id, lambda _metric: True)

    def read_wanted(self, run_id: str, wanted: Wanted) -> Run:
        """Return one run with the metrics that are wanted and the counters that place them."""
        [run] = self.read_several([run_id], wanted)
        if isinstance(run, SamestepError):
            raise run
        return run

    def read_several(self, run_ids: Sequence[str], wanted: Wanted) -> "list[Run | SamestepError]":
        """Return runs as `read_wanted` does, in the order asked for and in few requests.

        A run that cannot be read has its refusal in its place.
        """
        chosen = with_counters(wanted)
        inquiry = Inquiry(self._connection)
        try:
            known = self._known(inquiry, run_ids)
            runs = [one.stored for one in known if isinstance(one, Known)]
            shared = shared_histories(inquiry, runs, chosen)
        except NotReadable as refusal:
            return [refusal for _ in run_ids]
        return together([partial(self._run, inquiry, one, chosen, shared) for one in known])

    def _known(self, inquiry: Inquiry, run_ids: Sequence[str]) -> "list[Known | SamestepError]":
        if len(run_ids) > FEW:
            self._catalogue.everything(inquiry)
        return together([partial(self._catalogue.run, inquiry, run_id) for run_id in run_ids])

    def _run(
        self,
        inquiry: Inquiry,
        known: Known | SamestepError,
        wanted: Wanted,
        shared: Mapping[Series, Read],
    ) -> Run:
        if isinstance(known, SamestepError):
            raise known
        one, names = known.stored, known.names
        read = self._histories(inquiry, one, wanted, shared)
        lost = sum(history.lost for history in read.values())
        points_lost = "1 point" if lost == 1 else f"{lost} points"
        unnumbered = [f"{points_lost} without a number left out"] if lost else []
        report = ReadReport(HOW, (*inquiry.losses, *unnumbered))
        points = {metric: history.points for metric, history in read.items()}
        run = run_of(self._head(one, names), one.record, names, points, report)
        unread = frozenset(one.latest.keys() - points.keys())
        return replace(run, history=replace(run.history, unread=unread))

    def _histories(
        self, inquiry: Inquiry, one: Stored, wanted: Wanted, shared: Mapping[Series, Read]
    ) -> dict[str, Read]:
        run_id, metrics = one.record.id, list(filter(wanted, one.latest))
        have = {name: shared[run_id, name] for name in metrics if (run_id, name) in shared}
        lacking = [name for name in metrics if name not in have]
        try:
            have |= histories(inquiry, run_id, lacking)
        except NoSuchResource as gone:
            why = "it was deleted on the server while it was being read"
            instead = "list_runs names the runs that are there."
            raise NotReadable(str(RunRef(self.source, run_id)), why, instead) from gone
        return {name: have[name] for name in metrics}

    def _head(self, one: Stored, names: Mapping[str, str]) -> RunHead:
        glance = glance_of(one.record, names, one.latest)
        return head_of(self.source, one.record, names, glance)
