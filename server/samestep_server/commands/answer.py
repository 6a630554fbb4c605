"""An answer, shown again."""

import json
import sys
from typing import Annotated

import typer

from samestep_server.commands.options import JsonOption, refusing


def answer(
    answer_id: Annotated[str, typer.Argument(metavar="ID", help="Its answer_id.")],
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Show an answer again, as it was given."""
    from samestep import ledger

    recorded = refusing(lambda: ledger.answer(answer_id))
    if as_json:
        sys.stdout.write(f"{json.dumps(recorded.answer, separators=(',', ':'))}\n")
        return
    from rich.console import Console

    from samestep_server import terminal

    terminal.show(Console(), *terminal.recorded(recorded))
