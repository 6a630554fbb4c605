"""Which run a directory of event files belongs to: writers spread one run over subdirectories.

Keras and Estimator give each role a subdirectory of the run. `add_hparams` of torch and
tensorboardX writes `<run>/<time.time()>/`. torch's `add_scalars` writes
`<run>/<tag with _ for />_<key>/`, and tensorboardX's `<run>/<tag>/<key>/`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from samestep.formats.event_files import Peek
from samestep.readers.tree import Directory

ROLES = frozenset({"train", "validation", "val", "valid", "test", "eval"})
_HPARAMS_NAME = re.compile(r"\d{9,10}\.\d+")
_HPARAMS_TAGS = frozenset({"_hparams_/experiment", "_hparams_/session_start_info"})

Look = Callable[[Directory], Peek]
"""Shows the beginning of a directory's events."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One directory of event files and its place in a run."""

    directory: Directory
    prefix: str = ""
    """What stands before its tags in the run's metrics: `validation/`."""
    suffix: str = ""
    """What stands behind them: `/key`."""
    is_hparams: bool = False
    """Whether it holds hyperparameters and repeats the metrics they led to."""

    @property
    def is_own(self) -> bool:
        """Whether it is the run's own directory."""
        return not (self.prefix or self.suffix or self.is_hparams)

    def metric(self, tag: str) -> str:
        """Return the name of the run's metric for one of the directory's tags."""
        return f"{self.prefix}{tag}{self.suffix}"


def gather(directories: Iterable[Directory], look: Look) -> Mapping[str, tuple[Branch, ...]]:
    """Return each run's directories by run id: its own first, those with hyperparameters last."""
    folds = _Folds({directory.relative: directory for directory in directories}, look)
    runs: dict[str, list[Branch]] = {}
    for directory in folds.known.values():
        run, branch = directory.relative, Branch(directory)
        while (fold := folds.of(run)) is not None:
            branch = replace(
                branch,
                prefix=fold.prefix + branch.prefix,
                suffix=branch.suffix + fold.suffix,
                is_hparams=branch.is_hparams or fold.is_hparams,
            )
            run = fold.into
        runs.setdefault(run, []).append(branch)
    return {run: tuple(sorted(branches, key=_order)) for run, branches in runs.items()}


def _order(branch: Branch) -> tuple[bool, int, str]:
    relative = branch.directory.relative
    return (branch.is_hparams, len(list(_ancestors(relative))), relative)


@dataclass(frozen=True, slots=True)
class _Fold:
    """The place of a subdirectory's tags in a directory above it."""

    into: str
    prefix: str = ""
    suffix: str = ""
    is_hparams: bool = False


class _Folds:
    """The directories of event files that belong to a directory above them."""

    def __init__(self, known: Mapping[str, Directory], look: Look) -> None:
        self.known = known
        self._look = look
        self._at_or_below = Counter(
            place for relative in known for place in (relative, *_ancestors(relative))
        )
        self._role_children = Counter(_parent(r) for r in known if _name(r) in ROLES)
        self._hparams_children = Counter(
            _parent(r) for r in known if _HPARAMS_NAME.fullmatch(_name(r))
        )

    def of(self, relative: str) -> _Fold | None:
        """Return where a directory belongs; None where it is a run."""
        if relative not in self.known:
            return None
        return self._added_scalars(relative) or self._role(relative) or self._hparams(relative)

    def _added_scalars(self, relative: str) -> _Fold | None:
        """Fold a directory of one tag whose name is made of the tag and a key."""
        run = next((above for above in _ancestors(relative) if above in self.known), None)
        if run is None or len(tags := self._tags(relative)) != 1:
            return None
        below = relative if run == "." else relative[len(run) + 1 :]
        for lead in (f"{tags[0].replace('/', '_')}_", f"{tags[0]}/"):
            if key := below.removeprefix(lead) if below.startswith(lead) else "":
                return _Fold(run, suffix=f"/{key}")
        return None

    def _role(self, relative: str) -> _Fold | None:
        """Fold a role's directory, unless it stands among runs and may be one by that name."""
        parent, role = _parent(relative), _name(relative)
        if role not in ROLES:
            return None
        if parent not in self.known and self._role_children[parent] == 1:
            others = self._at_or_below[parent] - self._at_or_below[relative]
            if others or any(tag.startswith(f"{role}/") for tag in self._tags(relative)):
                return None
        return _Fold(parent, prefix=f"{role}/")

    def _hparams(self, relative: str) -> _Fold | None:
        """Fold what `add_hparams` wrote, unless a writer that logged nothing else wrote several."""
        parent = _parent(relative)
        if parent not in self.known or not _HPARAMS_NAME.fullmatch(_name(relative)):
            return None
        if _HPARAMS_TAGS.isdisjoint(self._tags(relative)):
            return None
        is_sweep = self._look(self.known[parent]).content != "events"
        if is_sweep and self._hparams_children[parent] > 1:
            return None
        return _Fold(parent, is_hparams=True)

    def _tags(self, relative: str) -> tuple[str, ...]:
        return self._look(self.known[relative]).tags


def _ancestors(relative: str) -> Iterator[str]:
    """Yield the directories around one, the nearest first, the location itself last."""
    while relative != ".":
        relative = _parent(relative)
        yield relative


def _parent(relative: str) -> str:
    return relative.rpartition("/")[0] or "."


def _name(relative: str) -> str:
    return relative.rpartition("/")[2]
