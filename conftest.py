"""Brings what only the tests need, so that `uv run pytest` is the whole test command."""

import os
import subprocess
import sys
from importlib.util import find_spec

UV = os.environ.get("UV")  # set by `uv run` to its own path

if find_spec("hypothesis") is None and UV:
    with_tests = [UV, "run", "--group", "tests", "pytest", *sys.argv[1:]]
    sys.exit(subprocess.run(with_tests, check=False).returncode)  # noqa: S603 # uv itself
