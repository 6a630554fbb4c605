"""`python -m samestep_server` is `samestep`."""

from samestep_server.cli import main

main()
