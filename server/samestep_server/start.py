"""Where the command `samestep` starts."""

import sys

from samestep_server.listened import listened


def main() -> None:
    """Run the command line; a plain `check` starts without most of it."""
    if sys.argv[1:2] == ["serve"]:  # its output is a protocol's, which looks after its own end
        _run()
    else:
        with listened():
            _run()


def _run() -> None:
    if sys.argv[1:2] == ["check"]:
        from samestep_server.commands.checking import checked_at_once

        status = checked_at_once(sys.argv[2:])
        if status is not None:
            sys.exit(status)
    from samestep_server.cli import main as command_line

    command_line()
