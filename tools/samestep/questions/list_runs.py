"""Which runs there are, by their full names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from samestep.answers.answer import Caveat, Current
from samestep.answers.listing import RunItem, RunList, UnreadableItem
from samestep.errors import BadArgument, NoSuchRun, NotReadable, shown_text
from samestep.model import Glance, RunHead, Unreadable
from samestep.questions.arguments import Cursor, Limit, NameMatch, OrderBy, SourceName, Where
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.questions.pages import fitting, page
from samestep.readers.base import Reader
from samestep.resolve import listed_runs, readers, source_reader
from samestep.settings import Project
from samestep.validator import validate

MOST_UNREADABLE = 20
MOST_LEFT_OUT = 8  # sentences on what a listing leaves out
MOST_NAMED = 5  # runs named in one caveat
MOST_SOURCES = 8  # named in the reading
BY_HEAD = ("started", "full_name")
ORDERS = (*BY_HEAD, "state", "seed", "epoch", "step")
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """One run of the listing, read once and only when something of it is asked for."""

    head: RunHead
    reader: Reader


@dataclass(frozen=True, slots=True)
class Known:
    """One run with what a listing shows of it, its state as of now."""

    head: RunHead
    glance: Glance
    losses: tuple[str, ...] = ()
    """What reading it lost; empty where the listing alone told of it."""


@checked
def list_runs(  # noqa: PLR0913, PLR0917 # the arguments are the tool's contract
    source: SourceName = None,
    match: NameMatch = None,
    where: Where = None,
    order_by: OrderBy = "-started",
    limit: Limit = 20,
    cursor: Cursor = None,
    *,
    project: Project | None = None,
) -> RunList:
    """List runs by full name, with state, progress and reference.

    Raises:
        NoTrackerFound: No source was named and none was found.
        BadArgument: An order or a cursor that does not exist.
        BadExpression: `where` is outside the grammar.
    """
    asked_in = project or Project.here()
    opened = [source_reader(source, asked_in)] if source else readers(asked_in)
    found = listed_runs(opened, asked_in)
    named = [Listed(head, reader) for reader, head in found.runs if _matches(head, match)]
    catalogue = _Catalogue(asked_in)
    held, notes = _where(named, where, catalogue)
    chosen = _ordered(held, order_by, catalogue)

    def of_page(most: int) -> RunList:
        shown, next_cursor = page(chosen, most, cursor)
        known = [catalogue.known(one) for one in shown]
        items = [_item(one) for one in known if isinstance(one, Known)]
        lost = list(dict.fromkeys([*found.unreadable, *catalogue.failed]))
        return RunList(
            answer_id="",
            runs=[],
            caveats=[*_caveats(lost), *_in_part(items), *_left_out(found.left_out), *notes],
            reading=_reading(opened, len(chosen), len(items), len(lost)),
            items=items,
            matched=len(chosen),
            next_cursor=next_cursor,
            unreadable=[
                UnreadableItem(run=one.where, why=one.why) for one in lost[:MOST_UNREADABLE]
            ],
        )

    return validate(identified(fitting(of_page, limit), "lst"))


class _Catalogue:
    """The runs read for one listing, each once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, Known | Unreadable] = {}

    @property
    def failed(self) -> list[Unreadable]:
        return [one for one in self._known.values() if isinstance(one, Unreadable)]

    def known(self, listed: Listed) -> Known | Unreadable:
        ref = str(listed.head.ref)
        if ref not in self._known:
            self._known[ref] = self._read(listed)
        return self._known[ref]

    def _read(self, listed: Listed) -> Known | Unreadable:
        from samestep.questions.sides import glance_now, glanced_now

        head = listed.head
        if head.glance is not None:
            return Known(head, glanced_now(head.full_name, head.glance, self._project))
        try:
            run = listed.reader.read(head.ref.id)
        except NotReadable as refusal:
            return Unreadable(str(head.ref), refusal.why)
        except NoSuchRun:
            return Unreadable(str(head.ref), "it was removed while the runs were listed")
        return Known(run.head, glance_now(run, self._project), run.history.read.losses)


def _matches(head: RunHead, pattern: str | None) -> bool:
    return pattern is None or fnmatchcase(head.full_name, pattern)


def _where(
    named: list[Listed], where: str | None, catalogue: _Catalogue
) -> tuple[list[Listed], list[Caveat]]:
    if where is None or not named:
        return named, []
    from samestep.questions.conditions import holding, run_columns

    known = [(one, catalogue.known(one)) for one in named]
    readable = [(one, run) for one, run in known if isinstance(run, Known)]
    held = holding(where, run_columns([(known.head, known.glance) for _, known in readable]))
    matching = [one for (one, _), holds in zip(readable, held.holds, strict=True) if holds]
    lacking = f"{held.undecided} runs lack a fact that where asks for, and do not match."
    texts = [*([lacking] if held.undecided else []), *(f"{note}." for note in held.notes)]
    return matching, [Caveat(rule="partial-said", severity="notes", text=text) for text in texts]


def _ordered(named: list[Listed], order_by: str, catalogue: _Catalogue) -> list[Listed]:
    field = order_by.removeprefix("-")
    if field not in ORDERS:
        raise BadArgument("order_by", order_by, f"{', '.join(ORDERS)}, with - for largest first")
    by_name = sorted(named, key=lambda one: one.head.full_name)
    return sorted(by_name, key=_key(field, catalogue), reverse=order_by.startswith("-"))


def _key(field: str, catalogue: _Catalogue) -> Callable[[Listed], tuple[bool, object]]:
    """Return a sort key; a run that does not say comes first, so last when largest are first."""

    def key(one: Listed) -> tuple[bool, object]:
        if field == "started":
            return (True, _aware(one.head.started))
        if field == "full_name":
            return (True, one.head.full_name)
        known = catalogue.known(one)
        value = None if isinstance(known, Unreadable) else _value(known, field)
        return (value is not None, 0 if value is None else value)

    return key


def _value(known: Known, field: str) -> object:
    return {
        "state": known.glance.state,
        "seed": seed_order(known.glance.seed),
        "epoch": known.glance.epoch,
        "step": known.glance.step,
    }[field]


def seed_order(seed: str | None) -> tuple[bool, float, str] | None:
    """Return what sorts seeds: numbers by their size, then texts."""
    if seed is None:
        return None
    return (False, float(seed), seed) if seed.lstrip("-").isdecimal() else (True, 0.0, seed)


def _aware(started: datetime | None) -> datetime:
    """Return a start that can be compared; one without a zone is taken as UTC."""
    if started is None:
        return LONG_AGO
    return started if started.tzinfo else started.replace(tzinfo=UTC)


def _item(known: Known) -> RunItem:
    head, glance = known.head, known.glance
    started = head.started
    return RunItem(
        run=str(head.ref),
        full_name=head.full_name,
        state=glance.state,
        started=_aware(started).astimezone(UTC).isoformat(timespec="seconds") if started else None,
        current=Current(epoch=glance.epoch, step=glance.step),
        seed=glance.seed,
        group=glance.group,
        tags=list(glance.tags),
        metrics=glance.metrics,
        lost=shown_text(" ".join(known.losses)) if known.losses else None,
    )


def _caveats(unreadable: Sequence[Unreadable]) -> list[Caveat]:
    if not unreadable:
        return []
    beyond = len(unreadable) - MOST_UNREADABLE
    more = f", {beyond} of them beyond those listed" if beyond > 0 else ""
    text = f"{len(unreadable)} that look like runs cannot be read{more}; each has its reason."
    return [Caveat(rule="partial-said", severity="warns", text=text)]


def _in_part(items: Sequence[RunItem]) -> list[Caveat]:
    """Say which runs of the page were read in part."""
    lossy = [item.full_name for item in items if item.lost]
    if not lossy:
        return []
    beyond = len(lossy) - MOST_NAMED
    more = f" and {beyond} more" if beyond > 0 else ""
    names = f"{', '.join(lossy[:MOST_NAMED])}{more}"
    text = f"Read in part, each with what is lost: {names}."
    return [Caveat(rule="partial-said", severity="warns", text=text)]


def _left_out(sentences: Sequence[str]) -> list[Caveat]:
    beyond = len(sentences) - MOST_LEFT_OUT
    more = [f"{beyond} more sources leave something out."] if beyond > 0 else []
    texts = [*sentences[:MOST_LEFT_OUT], *more]
    return [Caveat(rule="partial-said", severity="notes", text=text) for text in texts]


def _reading(opened: Sequence[Reader], matched: int, shown: int, unreadable: int) -> str:
    names = [str(reader.source) for reader in opened]
    rest = len(names) - MOST_SOURCES
    sources = ", ".join(names[:MOST_SOURCES]) + (f" and {rest} more sources" if rest > 0 else "")
    lost = f"; {unreadable} cannot be read" if unreadable else ""
    runs = "1 run" if matched == 1 else f"{matched} runs"
    return f"{runs} in {sources}, {shown} shown{lost}."
