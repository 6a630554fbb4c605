"""Where the runs of a project live."""

from collections.abc import Sequence
from pathlib import Path

from samestep.answers.answer import Caveat
from samestep.answers.detection import Detection, SourceFound
from samestep.questions.arguments import PathName
from samestep.questions.checked import checked
from samestep.questions.identity import identified
from samestep.settings import Project
from samestep.validator import validate

MOST_SOURCES = 60
LOOKED_FOR = (
    "WANDB_API_KEY, NEPTUNE_API_TOKEN, MLFLOW_TRACKING_URI, wandb/, .neptune/, mlruns/, mlflow.db, "
    "Python code that imports a tracker, event files, and result files (CSV or JSON lines with a "
    "step or epoch column, trainer_state.json, *results*.json)"
)


@checked
def detect_tracker(path: PathName = ".", *, project: Project | None = None) -> Detection:
    """Find the trackers and sources below a path; call this first.

    Where none is readable, `ask` holds the question to put to the user.

    Raises:
        NoSuchPath: The path is not there.
        OutsideProject: The path may not be read from here.
    """
    from samestep.readers.detect import detect

    asked_in = project or Project.here()
    directory = asked_in.path(path)
    detected = detect(_directory(directory), asked_in)
    sources = [
        SourceFound(
            source=str(one.source),
            tracker=one.source.tracker,
            evidence=list(one.evidence),
            runs=one.runs,
            readable=one.why_not is None,
            why_not=one.why_not,
        )
        for one in detected.sources
    ]
    chosen = _chosen(sources)
    answer = Detection(
        answer_id="",
        runs=[],
        caveats=_caveats(detected.losses, len(sources) - MOST_SOURCES),
        reading=_reading(path, sources, chosen),
        sources=[
            one for at, one in enumerate(sources) if at < MOST_SOURCES or one.source == chosen
        ],
        chosen=chosen,
        ask=None if chosen else _question(path, sources),
    )
    return validate(identified(answer, "det"))


def _chosen(sources: Sequence[SourceFound]) -> str | None:
    """Return the first source, in the protocol's order, that lists runs, else the first readable.

    A source behind a network counts no runs, because detection does not wait for it. It is chosen
    only where nothing on this machine lists any, and is readable only when its key, its name and
    its package are there.
    """
    readable = [one for one in sources if one.readable]
    holding = [one for one in readable if one.runs]
    return next((one.source for one in holding or readable), None)


def _caveats(losses: Sequence[str], beyond: int) -> list[Caveat]:
    """Say what was not looked at, and what is not listed."""
    texts = [f"{loss[:1].upper()}{loss[1:]}." for loss in losses]
    if beyond > 0:
        texts.append(f"{beyond} more sources are not listed; a path further down shows its own.")
    return [Caveat(rule="partial-said", severity="notes", text=text) for text in texts]


def _directory(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _reading(path: str, sources: list[SourceFound], chosen: str | None) -> str:
    readable = sum(one.readable for one in sources)
    places = "source" if len(sources) == 1 else "sources"
    if not sources:
        return f"No source found in {path!r}."
    if chosen is None:
        return f"{len(sources)} {places} found in {path!r}, none of which can be read."
    return f"{len(sources)} {places} found in {path!r}, {readable} readable; {chosen} is chosen."


def _question(path: str, sources: list[SourceFound]) -> str:
    seen = ", ".join(f"{one.source} ({one.why_not})" for one in sources)
    unreadable = f" Seen, and not readable: {seen}." if seen else ""
    return (
        f"Where do the metrics of this project live? Nothing readable was found in {path!r} "
        f"(looked for {LOOKED_FOR}).{unreadable}"
    )
