"""The runs of a server: all of them in few requests, or one with its full name."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from samestep.errors import NoSuchRun, NotAllowed, NotReadable, Unreachable
from samestep.formats.mlflow_records import PARENT, RUN_NAME
from samestep.model import RunRef, Source, Unreadable
from samestep.readers.mlflow.mapping import full_names, name_of, shared
from samestep.readers.mlflow.server.answers import Fields, Stored, fields, rows, stored, text
from samestep.readers.mlflow.server.connection import Asked, Request
from samestep.readers.mlflow.server.inquiry import Inquiry
from samestep.readers.mlflow.server.refusals import NoSuchResource, Rejected

EXPERIMENTS = "/api/2.0/mlflow/experiments/search"
SEARCH = "/api/2.0/mlflow/runs/search"
GET = "/api/2.0/mlflow/runs/get"
A_PAGE_OF_EXPERIMENTS = 1_000
A_PAGE_OF_RUNS = 500
"""A hundred times as many are allowed; but each comes with its params and metrics, in time."""
SEARCHED_AT_ONCE = 500  # experiments; the oldest SQLite takes 999 values in one query
SOME = 20  # runs of one name that are looked at to know whether it is shared
PAGE = re.compile(r"/(?:.*/)?experiments/\d+/runs/(?P<id>\w+)")
"""What stands behind the `#` of a run's page in MLflow's own pages."""
PLAIN = str.maketrans("", "", "'\"`\\")
"""What cannot be quoted in every version's filters."""


@dataclass(frozen=True, slots=True)
class Known:
    """A run, and the full names of itself and of the run it belongs to, by their ids."""

    stored: Stored
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Everything:
    """All runs of a server."""

    stored: Mapping[str, Stored]
    names: Mapping[str, str]
    unreadable: tuple[Unreadable, ...]


class Catalogue:
    """Looks runs up; what it has looked up is kept for as long as a question takes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._looking = threading.RLock()
        self._experiments: Mapping[str, str] | None = None
        self._everything: Everything | None = None
        self._shared: dict[str, bool] = {}

    def everything(self, inquiry: Inquiry) -> Everything:
        """Return every run that is not deleted.

        Raises:
            NotReadable: The server does not answer, or not as MLflow does.
        """
        with self._looking:
            if self._everything is None:
                self._everything = self._all(inquiry)
            return self._everything

    def run(self, inquiry: Inquiry, run_id: str) -> Known:
        """Return one run, by itself where not all were looked up already.

        Raises:
            NoSuchRun: The server has no such run.
            NotReadable: It is deleted, or the server does not answer.
        """
        page = PAGE.match(run_id)
        run_id = page["id"] if page else run_id
        with self._looking:
            listed = self._everything
        if listed is not None and run_id in listed.stored:
            return Known(listed.stored[run_id], listed.names)
        found = self._one(inquiry, run_id)
        if found is None:
            raise self._unknown(inquiry, run_id)
        if found.is_deleted:
            reference = str(RunRef(self._source, run_id))
            instead = f"`mlflow runs restore --run-id {found.record.id}` brings it back."
            raise NotReadable(reference, "it is deleted on the server", instead)
        parent_id = found.record.tags.get(PARENT)
        parent = self._parent(inquiry, parent_id) if parent_id else None
        known = [one for one in (found, parent) if one is not None]
        return Known(found, {one.record.id: self._full_name(inquiry, one) for one in known})

    def _all(self, inquiry: Inquiry) -> Everything:
        experiments = self._experiment_names(inquiry)
        found: dict[str, Stored] = {}
        lost = 0
        for run in self._search(inquiry, {"max_results": A_PAGE_OF_RUNS}):
            one = stored(run, experiments)
            if one is None:
                lost += 1
            else:
                # A run that began while the pages came shifts the next one: twice the same run.
                found.setdefault(one.record.id, one)
        why = f"{lost} of the runs that the server lists have no id"
        unreadable = (Unreadable(f"{self._source} (without an id)", why),) if lost else ()
        return Everything(found, full_names(one.record for one in found.values()), unreadable)

    def _experiment_names(self, inquiry: Inquiry) -> Mapping[str, str]:
        with self._looking:
            if self._experiments is None:
                asked = Request("POST", EXPERIMENTS, {"max_results": A_PAGE_OF_EXPERIMENTS})
                self._experiments = {
                    str(one.get("experiment_id")): text(one.get("name")) or ""
                    for page in inquiry.pages(asked)
                    for one in rows(page.get("experiments"))
                }
            return self._experiments

    def _search(self, inquiry: Inquiry, asked: Asked) -> Iterator[Fields]:
        """Yield the runs of all experiments; some servers return none unless asked for so many."""
        ids = list(self._experiment_names(inquiry))
        for first in range(0, len(ids), SEARCHED_AT_ONCE):
            among = {**asked, "experiment_ids": ids[first : first + SEARCHED_AT_ONCE]}
            for page in inquiry.pages(Request("POST", SEARCH, among)):
                yield from rows(page.get("runs"))

    def _one(self, inquiry: Inquiry, run_id: str) -> Stored | None:
        try:
            answer = inquiry.ask(Request("GET", GET, {"run_id": run_id}))
        except (NoSuchResource, Rejected):  # the latter where the id could be no run's
            return None
        return stored(fields(answer.get("run")), self._experiment_names(inquiry))

    def _parent(self, inquiry: Inquiry, run_id: str) -> Stored | None:
        """Return the run that another belongs to; None where it is gone, or not ours to see."""
        try:
            return self._one(inquiry, run_id)
        except NotAllowed:
            return None

    def _full_name(self, inquiry: Inquiry, one: Stored) -> str:
        name, run_id = name_of(one.record), one.record.id
        if name is None:
            return run_id
        try:
            is_shared = self._is_shared(inquiry, name)
        except Unreachable:
            raise
        except NotReadable:  # a server with filters of its own
            return self.everything(inquiry).names.get(run_id, name)
        return shared(name, run_id) if is_shared else name

    def _is_shared(self, inquiry: Inquiry, name: str) -> bool:
        if name.translate(PLAIN) != name:
            return _share(self.everything(inquiry).stored.values(), name)
        if name not in self._shared:
            asked: Asked = {"filter": f"tags.`{RUN_NAME}` = '{name}'", "max_results": SOME}
            found = (stored(run, {}) for run in self._search(inquiry, asked))
            self._shared[name] = _share(filter(None, found), name)
        return self._shared[name]

    def _unknown(self, inquiry: Inquiry, run_id: str) -> NoSuchRun:
        names = self.everything(inquiry).names
        likeness = _likeness(run_id)
        known = sorted(names, key=lambda one: -max(likeness(one), likeness(names[one])))
        shown = [one if names[one] == one else f"{one} ({names[one]})" for one in known]
        return NoSuchRun(run_id, shown, str(self._source))


def _share(among: Iterable[Stored], name: str) -> bool:
    """Return whether two runs or more have a name; some databases compare without case."""
    same = (one for one in among if name_of(one.record) == name)
    return len(list(islice(same, 2))) > 1


def _likeness(asked: str) -> Callable[[str], float]:
    matcher = SequenceMatcher(b=asked)  # which prepares its second sequence once

    def ratio(known: str) -> float:
        matcher.set_seq1(known)
        return matcher.ratio()

    return ratio
