"""`python -m samestep_server` is `samestep`."""

from samestep_server.start import main

main()
