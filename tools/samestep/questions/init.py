"""samestep.toml as it may be for a project: what was found, for a person to correct."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence

from samestep.questions.findings import BY_NAME, BY_TRACKER, Findings, findings
from samestep.readers.facts import SEED_KEYS
from samestep.settings import Project
from samestep.settings.patterns import is_pattern

MOST_LISTED = 12
LONGEST_LINE = 400  # characters of a comment


def proposed_file(project: Project) -> str:
    """Return the text of samestep.toml for a project; what is unsure stands behind a `#`.

    Raises:
        NoTrackerFound: The project has no source.
    """
    found = findings(project)
    lines = [*_head(found), *_metrics(found), *_runs(found), *_sources(found)]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)  # a name that breaks out of its quotes would be a bug, and is shown as one
    return text


def _head(found: Findings) -> Iterator[str]:
    yield "# What every question of samestep knows of this project; a line behind a # says nothing."
    yield "# `samestep init` proposed it, for you to correct. A pattern is a name or a regular"
    yield "# expression over whole names."
    for source, runs in found.read.items():
        yield _comment(f"Read: {source} ({_listed([run.full_name for run in runs])})")
    for one in found.unread[:MOST_LISTED]:
        yield _comment(f"Not read: {one}")
    yield from _rest("not read", len(found.unread))


def _metrics(found: Findings) -> Iterator[str]:
    goals, directions = found.goals, found.directions
    yield "\n[metrics]"
    yield "# What the project exists to improve. Every other metric is a proxy, and decides nothing."
    if len(goals) == 1:
        yield "# The only metric here that looks like it:"
        yield f"downstream = {_patterns(goals)}"
    else:
        yield "# Several look like it:" if goals else "# None here looks like it; logged are:"
        yield f"# downstream = {_patterns((goals or found.metrics)[:MOST_LISTED])}"
    yield "\n# Which way is better. These are known already, and need no line:"
    for way in ("higher", "lower"):
        for who in (BY_TRACKER, BY_NAME):
            known = [name for name, told in directions.items() if told == (way, who)]
            if known:
                yield _comment(f"{way} by {who}: {_listed(known)}")
    silent = [name for name, (way, _) in directions.items() if way is None]
    if silent:
        yield "# Nobody knows the way of these; each belongs in one of the lists, or in none:"
    else:
        yield "# Where one of these misleads, a list says so:"
    for way in ("higher", "lower"):
        yield f"# {way}_is_better = {_patterns(silent[:MOST_LISTED])}"
    yield from _rest("metrics without a direction", len(silent))
    yield from _tables(found)


def _tables(found: Findings) -> Iterator[str]:
    yield "\n# Metrics that are one under two names. By their words these may be; only you know."
    yield "[metrics.pairs]"
    for pair in found.pairs[:MOST_LISTED]:
        yield f"# {_quoted(pair.student)} = {_quoted(pair.baseline)}  # both say {pair.meaning}"
    first = (found.goals or found.metrics or ["test/top1"])[0]
    example = _quoted(first if is_pattern(first) else re.escape(first))
    yield "\n# How much a metric varies from seed to seed, as a standard deviation, where you know it."
    yield "[metrics.noise]"
    yield f"# {example} = 0.0"
    yield "\n# The smallest difference that matters; a smaller one never counts."
    yield "[metrics.minimum_effect]"
    yield f"# {example} = 0.0"


def _runs(found: Findings) -> Iterator[str]:
    yield "\n[runs]"
    yield _comment(f"Config keys of the seed, beside {', '.join(SEED_KEYS)}.")
    keys = found.seed_keys
    is_sure = len(keys) == 1 and all(run.seed is None for run in found.runs)
    yield f"{'' if is_sure else '# '}seed_keys = {_list(keys[:MOST_LISTED])}"
    yield "\n# Runs that have finished, as patterns with * over full names, where nothing says so."
    if found.unfinished:
        yield _comment(f"Unknown of {_listed(found.unfinished)}")
    yield f"# finished = {_list(found.unfinished[:MOST_LISTED])}"


def _sources(found: Findings) -> Iterator[str]:
    yield "\n[sources]"
    yield "# Seconds that one call to a tracker's server may take."
    yield "# deadline = 30"
    yield "# Sources by names of your own; runs are looked up in them by their bare names too."
    elsewhere = [one.source for one in found.sources if one.runs is None]
    for at, source in enumerate(elsewhere[:MOST_LISTED], 1):
        yield f"# {source.tracker}{at} = {_quoted(str(source))}"
    if not elsewhere:
        yield '# cluster = "mlflow:http://127.0.0.1:5000"'


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MOST_LISTED
    shown = ", ".join(names[:MOST_LISTED])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _rest(what: str, count: int) -> Iterator[str]:
    if count > MOST_LISTED:
        yield f"# {count - MOST_LISTED} more {what}."


def _patterns(names: Sequence[str]) -> str:
    """Return names as settings take them; one that is no regular expression is written as one."""
    return _list([name if is_pattern(name) else re.escape(name) for name in names])


def _list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(text: str) -> str:
    """Return a text as a string of TOML; JSON's escapes are among TOML's."""
    return json.dumps(_plain(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """Return a comment of one line; signs that TOML takes in no comment are written as escapes."""
    line = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in _plain(text))
    return f"# {line[:LONGEST_LINE]}{' ...' if len(line) > LONGEST_LINE else ''}"


def _plain(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
