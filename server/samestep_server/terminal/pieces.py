"""What the views of all answers are made of."""

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from samestep.phrases import number
from samestep_server.commands.words import in_terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samestep.answers.answer import Caveat
    from samestep.answers.record import Record

SEVERITY_STYLE = {"blocks": "bold red", "warns": "yellow", "notes": "dim"}
NOTHING = "-"
WIDEST_WORD = 9  # characters of a word such as a state, which is not broken
WIDEST_NAME = 30  # characters of a metric's column; a longer name folds


def show(console: Console, *parts: RenderableType) -> None:
    """Print the parts with a blank line between them."""
    for at, part in enumerate(parts):
        if at:
            console.print()
        console.print(part)


def caveats(said: "Sequence[Caveat]") -> RenderableType:
    """Return every caveat on a line of its own, its severity before it."""
    return Group(
        *(
            assembled(
                (f"{caveat.severity:<9} ", SEVERITY_STYLE[caveat.severity]),
                in_terminal(caveat.text),
            )
            for caveat in said
        )
    )


def of_records(records: "Sequence[Record]", only: "Sequence[str]") -> Table:
    """Return records of one kind as a table with their fields, or some of them, as columns."""
    names = list(only or type(records[0]).model_fields)
    rows = [[text(plain(getattr(record, name))) for name in names] for record in records]
    return table([names[0], *(f">{name}" for name in names[1:])], rows)


def table(
    headers: "Sequence[str]", rows: "Sequence[Sequence[Text]]", narrowest: int | None = None
) -> Table:
    """Return a table without its empty columns; a header opening with `>` is one of numbers.

    Numbers never fold; `narrowest` is the least width of a column of them.
    """
    kept = [
        at for at in range(len(headers)) if any(row[at].plain not in {"", NOTHING} for row in rows)
    ]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for at in kept:
        right = headers[at].startswith(">")
        longest = max(len(headers[at]), *(row[at].cell_len for row in rows))
        table.add_column(
            text(headers[at].removeprefix(">")),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=right,
            min_width=narrowest if right else min(longest, WIDEST_NAME if at == 0 else WIDEST_WORD),
        )
    for row in rows:
        table.add_row(*(row[at] for at in kept))
    return table


def text(text: str = "", style: str = "") -> Text:
    """Return a text that others may have written, without signs a terminal would act on."""
    return Text(_safe(text), style)


def lines(*texts: str) -> Text:
    """Return texts on lines of their own, each as `text` returns it."""
    return Text("\n").join(map(text, texts))


def assembled(*parts: str | tuple[str, str]) -> Text:
    """Return texts one after another, each with its style where it has one."""
    return Text.assemble(
        *(_safe(part) if isinstance(part, str) else (_safe(part[0]), part[1]) for part in parts)
    )


def plain(value: object) -> str:
    """Return a value in few characters; `NOTHING` where there is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return short(float(value), 5)
    return NOTHING if value is None else str(value)


def short(value: float | None, digits: int) -> str:
    """Return a number to so many significant digits: what a person takes in at a glance."""
    if value is None or value.is_integer():
        return number(value)
    return number(float(f"{value:.{digits}g}"))


def _safe(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)
