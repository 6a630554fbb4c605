"""What the commands share: their options, and how they ask and show."""

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar, cast

import typer

from samestep.errors import BadArgument, SamestepError
from samestep.progress import listening, sentence
from samestep_server.commands.words import in_terminal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from samestep.answers.answer import Answer

REFUSED = 2

ProjectOption = Annotated[
    str | None,
    typer.Option("--project", help="Project directory; default SAMESTEP_PROJECT, else here."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer itself.")]
LimitOption = Annotated[int, typer.Option(min=1, max=200, help="Most entries of a page.")]
CursorOption = Annotated[str | None, typer.Option(help="next_cursor of the page before.")]
AxisOption = Annotated[str, typer.Option("--x", help="auto, epoch, step, seconds, or a counter.")]
MetricOption = Annotated[
    list[str] | None, typer.Option("--metric", "-m", help="Name or regular expression.")
]
Asked = TypeVar("Asked", bound="Answer")
Result = TypeVar("Result")


def answered(
    ask: "Callable[[], Asked]",
    render: "Callable[[Asked], list[RenderableType]]",
    *,
    as_json: bool,
) -> None:
    """Ask, and print the answer as a table or as itself."""
    from rich.console import Console

    from samestep_server import terminal

    with Console(stderr=True).status("Reading runs") as status:  # shown on a terminal only

        def told(what: str, done: int, total: int | None) -> None:
            status.update(terminal.text(sentence(what, done, total)))

        with listening(told):
            answer = refusing(ask)
    if as_json:
        sys.stdout.write(f"{answer.model_dump_json()}\n")
    else:
        terminal.show(Console(), *render(answer))


def refusing(ask: Callable[[], Result]) -> Result:
    """Ask, and leave with status 2 and the refusal's words on standard error if refused."""
    try:
        return ask()
    except SamestepError as refusal:
        sys.stderr.write(f"{in_terminal(str(refusal))}\n")
        raise typer.Exit(REFUSED) from refusal


def side(text: str) -> str | list[str]:
    """Return one run or group, or the runs of a JSON list: any other sign may stand in a name."""
    if not text.startswith("["):
        return text
    try:
        runs: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return [str(run) for run in cast("list[object]", runs)] if isinstance(runs, list) else text


def named(option: str, entries: list[str] | None) -> dict[str, str] | None:
    """Return entries written `name=text` by their names."""
    split = [entry.partition("=") for entry in entries or []]
    for entry, (name, _, text) in zip(entries or [], split, strict=True):
        if not name or not text:
            raise BadArgument(option, entry, "name=text")
    return {name.strip(): text.strip() for name, _, text in split} or None
