"""MLflow's records as samestep's runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import chain

from samestep.formats.mlflow_records import (
    COMMIT,
    DIRTY,
    OWN_TAGS,
    PARENT,
    REPOSITORY,
    RUN_NAME,
    SOURCE_NAME,
    USER,
    Latest,
    Points,
    RunRecord,
)
from samestep.model import (
    Glance,
    Lineage,
    ReadReport,
    Run,
    RunHead,
    RunRef,
    Source,
    State,
)
from samestep.readers.facts import epoch_length, planned_length, seed_of
from samestep.readers.mlflow.history import FIRST_MILLISECONDS, history_of, is_system

# RUNNING only says that nobody ended the run: one whose process was killed says so for ever. The
# time of its newest point tells more, and the analysis knows what to make of it.
STATES: Mapping[str, State] = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "crashed"}


def full_names(records: Iterable[RunRecord]) -> dict[str, str]:
    """Return the full name of every run of a source by its id."""
    names = {record.id: name_of(record) or record.id for record in records}
    count = Counter(names.values())
    with_ids = {shared(name, run_id) for run_id, name in names.items() if count[name] > 1}
    return {
        run_id: name if count[name] == 1 and name not in with_ids else shared(name, run_id)
        for run_id, name in names.items()
    }


def shared(name: str, run_id: str) -> str:
    """Return the full name of a run whose name another run has too."""
    return f"{name} {run_id}"


def name_of(record: RunRecord) -> str | None:
    """Return the run's own name; MLflow kept it in a tag alone before it had a field for it."""
    return record.name or record.tags.get(RUN_NAME) or None


def head_of(
    source: Source, record: RunRecord, names: Mapping[str, str], glance: Glance | None = None
) -> RunHead:
    """Return what a listing says of a run; `names` are the full names of the source by id."""
    started = None if record.started is None else _moment(record.started)
    return RunHead(RunRef(source, record.id), names[record.id], started, glance)


def glance_of(record: RunRecord, names: Mapping[str, str], latest: Mapping[str, Latest]) -> Glance:
    """Return what MLflow keeps of a run beside its history."""
    counted = [point.step for name, point in latest.items() if not is_system(name)]
    written = max((point.timestamp for point in latest.values()), default=None)
    return Glance(
        state=state_of(record),
        metrics=sum(not is_system(name) for name in latest),
        newest={name: point.value for name, point in latest.items()},
        # Where no step is above 0, most likely none was given.
        step=max(counted, default=0.0) or None,
        written=None if written is None else _moment(written),
        config=dict(record.params),
        seed=seed_of(record.params),
        group=group_of(record, names),
        tags=tags_of(record),
    )


def run_of(
    head: RunHead,
    record: RunRecord,
    names: Mapping[str, str],
    points: Mapping[str, Points],
    read: ReadReport,
) -> Run:
    """Return a run with its history."""
    per_epoch = epoch_length(record.params, points)
    return Run(
        head,
        history_of(points, read, per_epoch),
        state=state_of(record),
        seed=seed_of(record.params),
        group=group_of(record, names),
        tags=tags_of(record),
        config=dict(record.params),
        planned=planned_length(record.params),
        environment=environment_of(record),
        lineage=tuple(lineage_of(record, names)),
    )


def state_of(record: RunRecord) -> State:
    """Return the state that MLflow can know of."""
    return STATES.get(record.status or "", "unknown")


def group_of(record: RunRecord, names: Mapping[str, str]) -> str | None:
    """Return the name of the run that a nested run belongs to; its id where it is not listed."""
    parent = record.tags.get(PARENT)
    return names.get(parent, parent) if parent else None


def tags_of(record: RunRecord) -> tuple[str, ...]:
    """Return the experiment and the user's own tags as `key=value`."""
    experiment = [f"experiment={record.experiment}"] if record.experiment else []
    own = (f"{key}={value}" for key, value in record.tags.items() if not key.startswith(OWN_TAGS))
    return tuple(chain(experiment, own))


def environment_of(record: RunRecord) -> dict[str, str]:
    """Return who ran it, and which program; a client that does not know writes "unknown"."""
    found = {"program": record.tags.get(SOURCE_NAME), "user": record.tags.get(USER)}
    return {key: value for key, value in found.items() if value and value != "unknown"}


def lineage_of(record: RunRecord, names: Mapping[str, str]) -> Iterable[Lineage]:
    """Yield the run's code, parent, data sets and models."""
    tags = record.tags
    if COMMIT in tags:
        name = tags.get(REPOSITORY) or tags.get(SOURCE_NAME) or "code"
        changed = "with uncommitted changes" if tags.get(DIRTY, "").lower() == "true" else None
        yield Lineage("code", name, tags[COMMIT], f"tag {COMMIT}", changed)
    if tags.get(PARENT):
        parent = tags[PARENT]
        yield Lineage("parent run", names.get(parent, parent), parent, f"tag {PARENT}")
    for dataset in record.datasets:
        yield Lineage("dataset", dataset.name, dataset.digest, "dataset input", dataset.context)
    made = {model.id for model in record.models if model.use == "output"}
    for model in record.models:
        # A metric logged with a model makes the model an input too, of the very run that made it.
        if model.use == "input" and model.id in made:
            continue
        yield Lineage("model", model.name or model.id, model.id, "logged model", model.use)


def _moment(timestamp: float) -> datetime | None:
    is_old = timestamp < FIRST_MILLISECONDS
    try:
        return datetime.fromtimestamp(timestamp if is_old else timestamp / 1000.0, UTC)
    except (OverflowError, ValueError, OSError):  # a clock far outside the calendar
        return None
