"""What Python's tokens say of trackers, statement by statement."""

import re
import tokenize
from ast import literal_eval
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from samestep.errors import shown

ANY = re.compile(rb"wandb|neptune|mlflow", re.IGNORECASE)
"""What stands in every file that names a tracker."""
MODULES = {"wandb": "wandb", "neptune": "neptune", "neptune_scale": "neptune", "mlflow": "mlflow"}
LOGGERS = {"WandbLogger": "wandb", "NeptuneLogger": "neptune", "MLFlowLogger": "mlflow"}
"""The classes in which frameworks wrap a tracker, and which import it themselves."""
STARTS = {("wandb", "init"): "wandb", ("neptune", "init_run"): "neptune"}
"""The calls that say which project a run goes to."""
BESIDE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
)

Statement = Sequence[tokenize.TokenInfo]


@dataclass(frozen=True, slots=True)
class Said:
    """What one statement says."""

    line: int
    tracker: str
    what: str
    """What stands there, as a clause: "imports wandb"."""
    project: str | None = None
    entity: str | None = None
    address: str | None = None
    """Where the runs go, as far as the statement says so in so many words."""


def said_in(code: bytes) -> tuple[list[Said], bool]:
    """Return what code says of trackers, and whether it is Python to its end."""
    if ANY.search(code) is None:
        return [], True
    found: list[Said] = []
    try:
        for statement in _statements(code):
            found.extend(_imports(statement))
            found.extend(_loggers(statement))
            found.extend(_calls(statement))
    except (tokenize.TokenError, SyntaxError, ValueError):  # ValueError: a NUL, bad UTF-8
        return found, False
    return found, True


def _statements(code: bytes) -> Iterator[Statement]:
    statement: list[tokenize.TokenInfo] = []
    for token in tokenize.tokenize(BytesIO(code).readline):
        if token.type not in BESIDE:
            statement.append(token)
        if token.type == tokenize.NEWLINE:
            yield statement
            statement = []


def _imports(statement: Statement) -> Iterator[Said]:
    for at, token in enumerate(statement):
        first = at == 0 or statement[at - 1].string in {":", ";"}
        if not first or token.string not in {"import", "from"}:
            continue
        after = statement[at : at + 2] if token.string == "from" else statement[at:]
        for comma, module in pairwise(after):
            if comma.string in {"import", "from", ","} and module.string in MODULES:
                tracker = MODULES[module.string]
                yield Said(module.start[0], tracker, f"imports {module.string}")


def _loggers(statement: Statement) -> Iterator[Said]:
    for at, token in enumerate(statement):
        if token.type == tokenize.NAME and token.string in LOGGERS:
            yield Said(token.start[0], LOGGERS[token.string], f"uses {token.string}")
        if token.string == "report_to" and _string_at(statement, at + 1, "="):
            for tracker in _reported_to(statement[at + 2 :]):
                yield Said(token.start[0], tracker, f'says report_to="{tracker}"')


def _reported_to(argument: Statement) -> Iterator[str]:
    """Return the trackers of an argument that is a string or a list of them."""
    in_list = _string_at(argument, 0, "[")
    for token in argument:
        if token.string in {")", "]" if in_list else ","}:
            return
        text = _text(token)
        if text in MODULES:
            yield MODULES[text]


def _calls(statement: Statement) -> Iterator[Said]:
    for at, token in enumerate(statement):
        if not _string_at(statement, at + 1, "("):
            continue
        tracker = LOGGERS.get(token.string) or _started(statement, at)
        if tracker is not None:
            arguments = _arguments(statement[at + 1 :])
            project, entity = arguments.get("project"), arguments.get("entity")
            if project or entity:
                what = " and ".join(f"{name} {shown(text)}" for name, text in arguments.items())
                yield Said(token.start[0], tracker, f"names {what}", project, entity)
        elif token.string == "set_tracking_uri" and at + 2 < len(statement):
            address = _text(statement[at + 2])
            if address and address.isprintable():
                yield Said(token.start[0], "mlflow", "sets the tracking URI", address=address)


def _started(statement: Statement, at: int) -> str | None:
    """Return the tracker whose module's own starting call stands at a token."""
    if at < 2 or statement[at - 1].string != ".":  # noqa: PLR2004 # the module and the dot
        return None
    return STARTS.get((statement[at - 2].string, statement[at].string))


def _arguments(call: Statement) -> dict[str, str]:
    """Return the project and the entity among a call's own arguments, where they are literals."""
    found: dict[str, str] = {}
    depth = 0
    for at, token in enumerate(call):
        depth += (token.string in {"(", "[", "{"}) - (token.string in {")", "]", "}"})
        if depth == 0:
            break
        named = token.string in {"project", "entity"} and _string_at(call, at + 1, "=")
        text = _text(call[at + 2]) if depth == 1 and named and at + 2 < len(call) else None
        if text:
            found[token.string] = text
    return found


def _string_at(statement: Statement, at: int, string: str) -> bool:
    return at < len(statement) and statement[at].string == string


def _text(token: tokenize.TokenInfo) -> str | None:
    """Return what a literal string says; None for anything else."""
    if token.type != tokenize.STRING:
        return None
    try:
        value: object = literal_eval(token.string)
    except (ValueError, SyntaxError):  # an f-string; one cut off
        return None
    return value if isinstance(value, str) else None
