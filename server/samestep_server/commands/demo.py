"""A real question, answered on recorded runs."""

from samestep_server.commands.options import JsonOption, answered


def demo(as_json: JsonOption = False) -> None:  # noqa: FBT002 # a flag of the command line
    """Compare a stopped run with finished ones, on runs shipped with samestep."""
    from rich.console import Console

    from samestep_server import demo as recorded
    from samestep_server import terminal

    if not as_json:
        terminal.show(Console(), *terminal.naive(recorded.naive()))
    answered(recorded.answer, terminal.comparison, as_json=as_json)
