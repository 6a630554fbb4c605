"""The sources behind a network that the environment and the code name; none of them is asked."""

import re
from collections.abc import Collection, Iterator, Sequence

from samestep.errors import SamestepError
from samestep.model import Source
from samestep.readers.detect.addresses import addresses, is_server
from samestep.readers.detect.code import Code, Mention
from samestep.readers.detect.found import Found, why_not
from samestep.readers.detect.keys import databricks_host
from samestep.readers.detect.named import with_named
from samestep.readers.registry import open_reader
from samestep.readers.wandb.keys import wandb_key
from samestep.settings import Project

MOST_MENTIONS = 3  # of one tracker, named in its evidence
NOT_ASKED = "its server was not asked: detection waits for no network"
EXAMPLES = {
    "wandb": "wandb:entity/project",
    "neptune": "neptune:workspace/project",
    "mlflow": "mlflow:databricks://PROFILE",
}
NAME = re.compile(r"[\w.-]+")
NO_STORE = (
    "nothing says where its runs are: MLFLOW_TRACKING_URI is not set, and there is neither "
    "mlruns/ nor mlflow.db; set it, or name the source, such as mlflow:http://127.0.0.1:5000"
)


def remote(project: Project, code: Code, stored: Collection[str] = ()) -> list[Found]:
    """Return the sources behind a network, readable where no key, name or package is missing.

    Readable means that it can be asked, not that it answers. A tracker that only the code names
    is one of them too, unless its runs are `stored` on this machine.
    """
    found = [
        *_wandb(project, code.of("wandb"), stored="wandb" in stored),
        *_neptune(project, code.of("neptune"), stored="neptune" in stored),
        *_mlflow(project, code, stored="mlflow" in stored),
    ]
    return with_named(found, project, NOT_ASKED)


def configured(project: Project) -> list[Source]:
    """Return the sources behind a network that the environment or samestep.toml names in full."""
    return [found.source for found in remote(project, Code()) if found.why_not is None]


def told(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Return what code says as evidence: a few places of it, and the number of the others."""
    rest = len(mentions) - MOST_MENTIONS
    more = [f"and {rest} more lines of code"] if rest > 0 else []
    return (*map(str, mentions[:MOST_MENTIONS]), *more)


def _wandb(project: Project, mentions: Sequence[Mention], *, stored: bool) -> Iterator[Found]:
    key = wandb_key(project.environment)
    own = _set_to(project, "WANDB_ENTITY"), _set_to(project, "WANDB_PROJECT")
    if stored and not key:
        return
    places = [
        (_name(mention.said.entity) or own[0], _name(mention.said.project) or own[1])
        for mention in mentions
        if _name(mention.said.project)
    ]
    if all(own) or (not places and (key or any(own) or mentions)):
        places.insert(0, own)
    settings = ("WANDB_ENTITY", "WANDB_PROJECT")
    evidence = [*filter(None, [key]), *_are_set(project, settings), *told(mentions)]
    for place in dict.fromkeys(places):
        needed = list(zip(("WANDB_API_KEY", *settings), (key, *place), strict=True))
        location = f"{place[0] or 'entity'}/{place[1] or 'project'}"
        yield _found(project, Source("wandb", location), evidence, needed)


def _neptune(project: Project, mentions: Sequence[Mention], *, stored: bool) -> Iterator[Found]:
    token, own = _set_to(project, "NEPTUNE_API_TOKEN"), _set_to(project, "NEPTUNE_PROJECT")
    if stored and not token:
        return
    places = [m.said.project for m in mentions if m.said.project and _is_pair(m.said.project)]
    if own or (not places and (token or mentions)):
        places.insert(0, own)
    settings = ("NEPTUNE_API_TOKEN", "NEPTUNE_PROJECT")
    evidence = [*_are_set(project, settings), *told(mentions)]
    for place in dict.fromkeys(places):
        source = Source("neptune", place or "workspace/project")
        needed = list(zip(settings, (token, place), strict=True))
        yield _found(project, source, evidence, needed)


def _mlflow(project: Project, code: Code, *, stored: bool) -> Iterator[Found]:
    named = dict(addresses(project, code))
    mentions = told(code.of("mlflow"))
    for source, evidence in named.items():
        if is_server(source.location):
            said = list(dict.fromkeys([evidence, *mentions]))
            databricks = source.location == "databricks"
            host = databricks_host(project.environment) if databricks else "named"
            yield _found(project, source, said, [("DATABRICKS_HOST", host)])
    if mentions and not named and not stored:
        yield Found(Source("mlflow", "sqlite:///mlflow.db"), mentions, why_not=NO_STORE)


def _found(
    project: Project, source: Source, evidence: Sequence[str], needed: Sequence[tuple[str, str]]
) -> Found:
    """Return a source behind a network, with what it lacks: settings first, then its package."""
    missing = [setting for setting, value in needed if not value]
    if missing:
        settings = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set"
        lacking = f"{settings}; a source named in full is {EXAMPLES[source.tracker]}"
    else:
        lacking = _refusal(source, project)
    said = (*evidence, *([NOT_ASKED] if lacking is None else []))
    return Found(source, said, why_not=lacking)


def _refusal(source: Source, project: Project) -> str | None:
    """Return why a source cannot be asked, as far as that is known without asking."""
    try:
        open_reader(source, project)  # which connects to nothing yet
        if source.tracker == "neptune":
            from samestep.readers.neptune.server.token import address_of

            address_of(_set_to(project, "NEPTUNE_API_TOKEN"), str(source))
    except SamestepError as refusal:
        return why_not(refusal)
    return None


def _set_to(project: Project, setting: str) -> str:
    return project.environment.get(setting, "")


def _are_set(project: Project, settings: Sequence[str]) -> list[str]:
    return [f"{setting} is set" for setting in settings if _set_to(project, setting)]


def _name(text: str | None) -> str:
    """Return a literal that can be a name; "" for one that no reference could be written with."""
    return text if text and NAME.fullmatch(text) else ""


def _is_pair(text: str) -> bool:
    workspace, slash, name = text.partition("/")
    return bool(slash and _name(workspace) and _name(name))
