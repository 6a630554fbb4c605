"""Brings what only the tests need and runs them side by side: `uv run pytest` is the whole command."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs] # it has none
    from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs] # same

UV = os.environ.get("UV")  # set by `uv run` to its own path

if find_spec("hypothesis") is None and UV:
    with_tests = [UV, "run", "--group", "tests", "pytest", *sys.argv[1:]]
    sys.exit(subprocess.run(with_tests, check=False).returncode)  # noqa: S603 # uv itself

MOST_WORKERS = 4
OF_STORES = {
    "tests/readers/test_contract.py",
    "tests/test_resolve_checkpoints.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite on every core; a part of it starts faster on one."""
    is_worker = hasattr(config, "workerinput")
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_worker
    if whole and config.pluginmanager.hasplugin("xdist") and config.option.numprocesses is None:
        config.option.numprocesses = min(os.cpu_count() or 1, MOST_WORKERS)
        config.option.dist = "loadfile"  # what a file's tests share is built once


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: "Producer"
) -> "LoadFileScheduling | None":
    """Keep the files together that share the stores of every tracker: those take longest to write."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs] # same

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "stores" if file in OF_STORES else file

    return Together(config, log)
