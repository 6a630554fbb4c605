"""Every refusal samestep makes.

A refusal is an answer too: it says what was wrong with which value, what exists instead,
and which call to make next. Anything else that is raised is a bug.

SamestepError
├── BadArguments               arguments a tool does not take
├── BadArgument                a value its argument does not take
│   ├── BadReference           text that is no source or run reference
│   └── BadExpression          text outside the expression grammar
├── NotFound
│   ├── NoSuchPath             a file or directory that is not there
│   ├── NoSuchRun              no run of that name or id
│   │   ├── WantsReference     a run's id alone, or its name where its id belongs
│   │   └── GoneRun            a run that a checkpoint names, and that is no more
│   ├── NoRunNamed             a checkpoint that names no run and lies in none
│   ├── NoSuchMetric           no metric of that name, or none that matches
│   ├── NoSuchAxis             the runs have no such x-axis
│   ├── NoSuchAnswer           no answer of that id is recorded
│   └── NoTrackerFound         nothing here that holds runs: ask where they live
├── AmbiguousRun               two or more runs answer to the name
├── NotReadable                it is there, and cannot be read
│   ├── Unreachable            its server does not answer, or not in time
│   ├── NotAllowed             its server refuses the key, or there is none
│   └── MissingPackage         what reads it is not installed
├── OutsideProject             a path beyond the roots this server may read
└── BadSettings                samestep.toml says something samestep does not know
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Literal

WrittenAs = Literal[
    "id alone", "full name behind #, where its id belongs", "path behind its tracker"
]
"""What stands where a run's reference is wanted."""
MOST_NAMED = 12  # names listed in one refusal; the rest are counted
MOST_CANDIDATES = 20
LONGEST_SHOWN = 300  # characters of a value that a refusal repeats


def shown(value: object) -> str:
    """Return a value as Python writes it, its middle left out where it is long."""
    return shown_text(repr(value))


def shown_text(text: str) -> str:
    """Return a text with its middle left out where it is long."""
    rest = len(text) - LONGEST_SHOWN
    half = LONGEST_SHOWN // 2
    return f"{text[:half]} ... {rest} characters ... {text[-half:]}" if rest > 0 else text


class SamestepError(Exception):
    """A refusal, in words a person or a model can act on."""


class BadArguments(SamestepError):
    """Arguments that a tool does not take."""

    def __init__(self, tool: str, problems: Sequence[str], takes: Sequence[str]) -> None:
        super().__init__(f"{tool}: {'; '.join(problems)}. It takes {', '.join(takes)}.")


class BadArgument(SamestepError):
    """A value that its argument does not take."""

    def __init__(self, argument: str, value: object, takes: str) -> None:
        super().__init__(f"{argument}={shown(value)} cannot be used: {argument} takes {takes}.")


class BadReference(BadArgument):
    """Text that is no source or run reference."""


class BadExpression(BadArgument):
    """Text outside the expression grammar; `position` counts characters from 0."""

    def __init__(self, argument: str, text: str, position: int, problem: str) -> None:
        self.position = position
        SamestepError.__init__(
            self,
            f"{argument}={shown(text)} cannot be read at character {position + 1}: {problem}\n"
            f"  {text}\n  {' ' * position}^",
        )


class NotFound(SamestepError):
    """Something was named that is not there."""


class NoSuchPath(NotFound):
    """A file or directory that is not there."""

    def __init__(self, path: str, nearest: str, holds: Iterable[str]) -> None:
        inside = _names(sorted(holds)) or "nothing"
        super().__init__(f"No file or directory {shown(path)}. {nearest!r} holds {inside}.")


class NoSuchRun(NotFound):
    """No run of that name or id."""

    def __init__(self, name: str, known: Sequence[str], where: str) -> None:
        exists = f"Known runs: {_closest(name, known)}." if known else "There are no runs there."
        super().__init__(
            f"No run {shown(name)} in {shown_text(where)}. {exists} "
            "list_runs gives every run with its full name and reference."
        )


class WantsReference(NoSuchRun):
    """A run's id alone, its full name where its id belongs, or its path behind its tracker."""

    def __init__(self, text: str, what: WrittenAs, references: Sequence[str]) -> None:
        are = "Its reference is" if len(references) == 1 else "References with it are"
        SamestepError.__init__(
            self, f"{shown(text)} is a run's {what}. {are} {_names(references)}."
        )


class GoneRun(NoSuchRun):
    """A run that a checkpoint names and that its server does not have, or not any more."""

    def __init__(self, refusal: NoSuchRun, said: str) -> None:
        SamestepError.__init__(self, f"{refusal} It is the run {said}.")


class NoRunNamed(NotFound):
    """A checkpoint that names no run and lies in no run's directory."""

    def __init__(self, written: str, holds: str, known: Sequence[str]) -> None:
        runs = f"Known runs: {_names(known)}. " if known else ""
        super().__init__(
            f"The checkpoint {shown(written)} names no run and lies in no run's directory. "
            f"{holds} {runs}Pass the run itself, from list_runs, or save the next "
            "checkpoint with wandb_run_path, mlflow_run_id or neptune_run_id beside the model."
        )


class NoSuchMetric(NotFound):
    """No metric of that name, or none that matches."""

    def __init__(self, name: str, known: Sequence[str], run: str) -> None:
        exists = f"It logs {_closest(name, known)}." if known else "It logs no metric at all."
        super().__init__(f"No metric {shown(name)} in {shown_text(run)}. {exists}")


class NoSuchAxis(NotFound):
    """The runs have no such x-axis."""

    def __init__(self, axis: str, run: str, why: str, exist: Sequence[str]) -> None:
        how = "; name one" if axis == "auto" else '; x="auto" picks one'
        others = (
            f"Axes of all runs asked for: {_names(exist)}{how}."
            if exist
            else "The runs asked for share no axis at all."
        )
        super().__init__(
            f"No x-axis {shown(axis)} for {shown_text(run)}: {shown_text(why)}. {others}"
        )


class NoSuchAnswer(NotFound):
    """No answer of that id is recorded."""

    def __init__(self, answer_id: str, known: Sequence[str], switched_off_by: str | None) -> None:
        exists = f"The newest recorded: {', '.join(known)}." if known else "None is recorded."
        off = f"The ledger is switched off ({switched_off_by})."
        super().__init__(
            f"No answer {shown(answer_id)} in the ledger. {off if switched_off_by else exists} "
            "Ask its question again: on unchanged runs the answer has the same id."
        )


class NoTrackerFound(NotFound):
    """Nothing here that holds runs."""

    def __init__(self, path: str, looked_for: Sequence[str]) -> None:
        super().__init__(
            f"No tracker found in {path!r} (looked for {', '.join(looked_for)}). "
            "Where do this project's metrics live? Ask the user, then call "
            "detect_tracker(path=...) with that directory or name a source such as "
            "tensorboard:PATH or files:PATH."
        )


class AmbiguousRun(SamestepError):
    """Two or more runs answer to the name; the caller chooses."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        self.candidates = tuple(candidates)
        listed = "\n".join(f"- {candidate}" for candidate in candidates[:MOST_CANDIDATES])
        more = len(candidates) - MOST_CANDIDATES
        rest = f"\n- and {more} more" if more > 0 else ""
        super().__init__(
            f"{len(candidates)} runs answer to {shown(name)}. Which one? Ask the user, "
            f"then pass its reference instead of the name:\n{listed}{rest}"
        )


class NotReadable(SamestepError):
    """It is there, and cannot be read."""

    def __init__(self, what: str, why: str, instead: str) -> None:
        self.why = why
        super().__init__(f"{what} cannot be read: {why}. {instead}")


class Unreachable(NotReadable):
    """Its server does not answer, answers with errors, or not before the deadline."""


class NotAllowed(NotReadable):
    """Its server refuses the key, or no key is set."""


class MissingPackage(NotReadable):
    """The package that reads it is not installed."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(
            what,
            f"the package {package!r} is not installed",
            f"This installs it: pip install 'samestep[{extra}]'",
        )


class OutsideProject(SamestepError):
    """A path beyond the roots this server may read."""

    def __init__(self, path: str, roots: Sequence[str]) -> None:
        super().__init__(
            f"{path!r} lies outside what this server may read ({_names(roots)}). "
            "The setting SAMESTEP_ROOTS (paths joined by the system's path separator) adds more."
        )


class BadSettings(SamestepError):
    """samestep.toml says something samestep does not know."""

    def __init__(self, file: str, problem: str, known: Sequence[str]) -> None:
        super().__init__(f"{file}: {problem}. Known settings: {_names(known)}.")


def _closest(name: str, known: Sequence[str]) -> str:
    """Return the known names, those most like `name` first."""
    near = get_close_matches(name, known, n=MOST_NAMED, cutoff=0.4)
    return _names([*near, *(other for other in known if other not in near)])


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:MOST_NAMED])
    rest = len(names) - MOST_NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown
