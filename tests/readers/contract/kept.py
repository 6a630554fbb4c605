"""Keeps every store's worlds once for all tests of a session."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.readers.contract.known import LONGER, WORLDS
from tests.readers.contract.store import Kept, Store
from tests.readers.contract.stores import STORES

COMPACT = ("files", "neptune export")
"""Stores in which a thousand rows are hardly more than what a listing looks at."""
_kept: dict[str, Future[Mapping[str, Kept]]] = {}


class Worlds(dict[str, Kept]):
    """The worlds a store keeps; a test of another one is skipped."""

    def __missing__(self, world: str) -> Kept:
        pytest.skip(f"this store keeps {' and '.join(self)}, and not {world}")


def worlds_of(
    store: Store, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Kept]:
    """Return a store's worlds, once they are written; they are kept until the tests end.

    The first call has all stores written one after the other, beside the tests: most writers are
    processes of their own, in which trackers take seconds to start.
    """
    if not _kept:
        writing, keeping = ThreadPoolExecutor(max_workers=1), ExitStack()
        request.config.add_cleanup(keeping.close)
        request.config.add_cleanup(lambda: writing.shutdown(cancel_futures=True))
        for one in STORES:
            root = tmp_path_factory.mktemp(one.name.replace(" ", "-"), numbered=False)
            _kept[one.name] = writing.submit(_written, one, root, keeping)
    return _kept[store.name].result()


def _written(store: Store, root: Path, keeping: ExitStack) -> Mapping[str, Kept]:
    worlds = {**WORLDS, "long": [LONGER]} if store.name in COMPACT else WORLDS
    return Worlds(keeping.enter_context(store.kept(root, worlds)))
