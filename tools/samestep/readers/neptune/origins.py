"""Where a run ran, and what it was made from, by what Neptune recorded of it."""

import re
from collections.abc import Iterator, Mapping

from samestep.formats.neptune.held import PARENT, PARENT_STEP, Held, Value
from samestep.model import Lineage

COMMIT = "/commit/commit_id"
CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")


def environment(held: Held) -> dict[str, str]:
    """Return where the run ran."""
    hosts = [path for path in held.attributes if re.fullmatch(r"monitoring/.+/hostname", path)]
    places = {
        "host": ["sys/hostname", *hosts],
        "user": ["sys/owner"],
        "program": ["source_code/entrypoint", "source_code/run_command"],
    }
    found = dict(held.environment)
    for key, paths in places.items():
        texts = (held.attributes.get(path) for path in paths)
        text = next((text for text in texts if isinstance(text, str) and text), None)
        if text is not None:
            found[key] = text
    return found


def lineage(held: Held) -> tuple[Lineage, ...]:
    """Return the code, the parent and the artifacts of a run."""
    return (*_code(held.attributes), *_parent(held.attributes), *_artifacts(held.artifacts))


def forked(attributes: Mapping[str, Value]) -> str | None:
    """Return from which run and step a run was forked, as words."""
    parent, step = attributes.get(PARENT), attributes.get(PARENT_STEP)
    if not isinstance(parent, str) or not parent:
        return None
    return f"{parent} at step {step:g}" if isinstance(step, int | float) else parent


def _code(attributes: Mapping[str, Value]) -> Iterator[Lineage]:
    for path, commit in attributes.items():
        if not path.endswith(COMMIT) or not isinstance(commit, str):
            continue
        namespace = path.removesuffix(COMMIT)
        remotes = [f"{namespace}/remote/origin", *sorted(attributes)]
        address = next(
            (
                text
                for remote in remotes
                if remote.startswith(f"{namespace}/remote/")
                and isinstance(text := attributes.get(remote), str)
            ),
            namespace,
        )
        is_dirty = attributes.get(f"{namespace}/dirty") is True
        context = "with uncommitted changes" if is_dirty else None
        yield Lineage(
            "code", CREDENTIALS.sub("", address), commit, f"attribute {path}", context=context
        )


def _parent(attributes: Mapping[str, Value]) -> Iterator[Lineage]:
    parent = attributes.get(PARENT)
    if isinstance(parent, str) and parent:
        step = attributes.get(PARENT_STEP)
        at = f"step {step:g}" if isinstance(step, int | float) else None
        yield Lineage("parent run", parent, None, f"attribute {PARENT}", context=at)


def _artifacts(artifacts: Mapping[str, str]) -> Iterator[Lineage]:
    for path, digest in artifacts.items():
        yield Lineage("dataset", path, digest, f"attribute {path}")
