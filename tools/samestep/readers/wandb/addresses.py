"""The ways people write down where a W&B run is."""

import re
from urllib.parse import unquote, urlsplit

from samestep.model import RunRef, Source

ENTITY = r"(?P<entity>[A-Za-z0-9][\w.-]*)"
PROJECT = r"(?P<project>[^/#?%:\\\s][^/#?%:\\]*)"
RUN = r"(?P<run>[^/#?%:\\\s]+)"
PATH = re.compile(rf"{ENTITY}/{PROJECT}/(?:runs/)?{RUN}")
PAGE = re.compile(rf"(?:.*/)?{ENTITY}/{PROJECT}/runs/{RUN}(?:/.*)?", re.DOTALL)


def reference_of(text: str) -> RunRef | None:
    """Return the run that a W&B path or the address of a run's page names; None for other text.

    A path is `entity/project/run_id` or `entity/project/runs/run_id`; it looks like any path of
    three parts, so ask only about text that names nothing else. An address may be that of any
    server: which one is asked is for WANDB_BASE_URL to say.
    """
    written = text.strip()
    if written.startswith(("http://", "https://")):
        return _reference(PAGE.fullmatch(_page(written)))
    return _reference(PATH.fullmatch(written))


def _page(address: str) -> str:
    try:
        return unquote(urlsplit(address).path).strip("/")
    except ValueError:  # an address with a bracket that is not closed, say
        return ""


def _reference(found: "re.Match[str] | None") -> RunRef | None:
    if found is None:
        return None
    return RunRef(Source("wandb", f"{found['entity']}/{found['project']}"), found["run"])
