"""The same questions in a terminal."""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar, cast

import typer

from samestep.errors import BadArgument, SamestepError
from samestep.progress import listening, sentence
from samestep.settings import Project

if TYPE_CHECKING:
    from rich.console import RenderableType

    from samestep.answers.answer import Answer

REFUSED = 2
Matching = Literal["auto", "exact", "interpolated", "nearest"]


class Part(StrEnum):
    """What a look into one run can show."""

    config = "config"
    summary = "summary"
    history = "history"
    schema = "schema"
    stats = "stats"
    empty_rows = "empty_rows"


app = typer.Typer(
    help="Compare training runs at the same step, and refuse to compare them wrongly.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

ProjectOption = Annotated[
    str | None,
    typer.Option("--project", help="Project directory; default SAMESTEP_PROJECT, else here."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer itself.")]
LimitOption = Annotated[int, typer.Option(min=1, max=200, help="Most entries of a page.")]
CursorOption = Annotated[str | None, typer.Option(help="next_cursor of the page before.")]
Asked = TypeVar("Asked", bound="Answer")


@app.command()
def serve(project: ProjectOption = None) -> None:
    """Serve the tools to an MCP host over standard input and output."""
    from samestep_server.app import build

    _refusing(lambda: build(Project.here(project))).run()


@app.command(epilog="Example: samestep detect experiments")
def detect(
    path: Annotated[str, typer.Argument(help="Directory to look in.")] = ".",
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Find the trackers and sources below a path."""
    from samestep import detect_tracker
    from samestep_server import terminal

    _answer(
        lambda: detect_tracker(path, project=Project.here(project)),
        terminal.detection,
        as_json=as_json,
    )


@app.command(
    epilog="Example: samestep list --match 'resnet50*' --where 'config.lr < 0.1'", name="list"
)
def list_(  # noqa: PLR0913, PLR0917 # one parameter per option
    source: Annotated[str | None, typer.Argument(help="Source reference; default all.")] = None,
    match: Annotated[str | None, typer.Option(help="Pattern over whole full names.")] = None,
    where: Annotated[str | None, typer.Option(help="Condition, such as 'config.lr < 0.1'.")] = None,
    order_by: Annotated[str, typer.Option(help="started, full_name, state, ...")] = "-started",
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """List runs by their full names."""
    from samestep import list_runs
    from samestep_server import terminal

    _answer(
        lambda: list_runs(
            source, match, where, order_by, limit, cursor, project=Project.here(project)
        ),
        terminal.listing,
        as_json=as_json,
    )


@app.command(
    epilog="Example: samestep history resnet50/seed0 -m 'test/.*' --where 'epoch > 5' --derive 'gap=test/loss - train/loss'"
)
def history(  # noqa: PLR0913, PLR0917 # one parameter per option
    run: Annotated[str, typer.Argument(help="Run reference or unique full name.")],
    metric: Annotated[
        list[str] | None, typer.Option("--metric", "-m", help="Name or regular expression.")
    ] = None,
    x: Annotated[str, typer.Option(help="auto, epoch, step, seconds, or a counter.")] = "auto",
    where: Annotated[str | None, typer.Option(help="Condition, such as 'epoch > 5'.")] = None,
    derive: Annotated[
        list[str] | None, typer.Option(help="name=expression, such as 'gap=train/loss - val/loss'.")
    ] = None,
    include: Annotated[
        list[Part] | None, typer.Option(help="What to show; schema, or history and stats.")
    ] = None,
    max_points: Annotated[int, typer.Option(min=2, max=1000, help="Most rows shown.")] = 20,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Show what one run logged."""
    from samestep import fetch_history
    from samestep_server import terminal

    _answer(
        lambda: fetch_history(
            run,
            metrics=metric,
            x=x,
            where=where,
            derive=_named("derive", derive),
            include=[part.value for part in include] if include else None,
            max_points=max_points,
            cursor=cursor,
            project=Project.here(project),
        ),
        terminal.history,
        as_json=as_json,
    )


@app.command(
    epilog="Example: samestep compare resnet50-cosine/seed0 'group:resnet50-step/*' -d test/top1"
)
def compare(  # noqa: PLR0913, PLR0917 # one parameter per option
    student: Annotated[str, typer.Argument(help="Run, group:<pattern>, or a JSON list of runs.")],
    baselines: Annotated[list[str], typer.Argument(help="One or more, each as the student.")],
    downstream: Annotated[
        list[str] | None, typer.Option("--downstream", "-d", help="What the project is for.")
    ] = None,
    proxy: Annotated[list[str] | None, typer.Option(help="A cheap metric.")] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", "-m", help="Name or regular expression.")
    ] = None,
    pair: Annotated[
        list[str] | None, typer.Option(help="student_name=baseline_name, compared as one metric.")
    ] = None,
    x: Annotated[str, typer.Option(help="auto, epoch, step, seconds, or a counter.")] = "auto",
    at: Annotated[float | None, typer.Option(help="Another x, not beyond the student's.")] = None,
    match: Annotated[Matching, typer.Option(help="How to find values.")] = "auto",
    tolerance: Annotated[float | None, typer.Option(min=0, help="Farthest nearest point.")] = None,
    limit: LimitOption = 12,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Compare a student with baselines at the student's current step."""
    from samestep import compare_same_epoch
    from samestep_server import terminal

    _answer(
        lambda: compare_same_epoch(
            _side(student),
            [_side(baseline) for baseline in baselines],
            metrics=metric,
            pairs=_named("pair", pair),
            proxy=proxy,
            downstream=downstream,
            x=x,
            at=at,
            match=match,
            tolerance=tolerance,
            limit=limit,
            cursor=cursor,
            project=Project.here(project),
        ),
        terminal.comparison,
        as_json=as_json,
    )


@app.command(epilog="Example: samestep converge resnet50/seed0 test/top1")
def converge(  # noqa: PLR0913, PLR0917 # one parameter per option
    run: Annotated[str, typer.Argument(help="Run reference or unique full name.")],
    metric: Annotated[str, typer.Argument(help="Metric, or metric:lower, metric:higher.")],
    x: Annotated[str, typer.Option(help="auto, epoch, step, seconds, or a counter.")] = "auto",
    last: Annotated[int, typer.Option(min=5, max=200, help="Epochs shown.")] = 5,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Judge whether a run still improves on a metric."""
    from samestep import convergence_check
    from samestep_server import terminal

    _answer(
        lambda: convergence_check(run, metric, x, last, project=Project.here(project)),
        terminal.convergence,
        as_json=as_json,
    )


@app.command()
def demo(as_json: JsonOption = False) -> None:  # noqa: FBT002 # a flag of the command line
    """Compare a stopped run with finished ones, on runs shipped with samestep."""
    from rich.console import Console

    from samestep_server import demo as recorded
    from samestep_server import terminal

    if not as_json:
        terminal.show(Console(), *terminal.naive(recorded.naive()))
    _answer(recorded.answer, terminal.comparison, as_json=as_json)


def main() -> None:
    """Run the command line."""
    app()


def _answer(
    ask: "Callable[[], Asked]",
    render: "Callable[[Asked], list[RenderableType]]",
    *,
    as_json: bool,
) -> None:
    from rich.console import Console

    from samestep_server import terminal

    with Console(stderr=True).status("Reading runs") as status:  # shown on a terminal only

        def told(what: str, done: int, total: int | None) -> None:
            status.update(sentence(what, done, total))

        with listening(told):
            answer = _refusing(ask)
    if as_json:
        sys.stdout.write(f"{answer.model_dump_json()}\n")
    else:
        terminal.show(Console(), *render(answer))


Result = TypeVar("Result")


def _refusing(ask: Callable[[], Result]) -> Result:
    """Ask, and leave with status 2 and the refusal's words on standard error if refused."""
    try:
        return ask()
    except SamestepError as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise typer.Exit(REFUSED) from refusal


def _side(text: str) -> str | list[str]:
    """Return one run or group, or the runs of a JSON list: any other sign may stand in a name."""
    if not text.startswith("["):
        return text
    try:
        runs: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return [str(run) for run in cast("list[object]", runs)] if isinstance(runs, list) else text


def _named(option: str, entries: list[str] | None) -> dict[str, str] | None:
    """Return entries written `name=text` by their names."""
    split = [entry.partition("=") for entry in entries or []]
    for entry, (name, _, text) in zip(entries or [], split, strict=True):
        if not name or not text:
            raise BadArgument(option, entry, "name=text")
    return {name.strip(): text.strip() for name, _, text in split} or None
