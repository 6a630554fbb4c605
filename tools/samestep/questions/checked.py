"""Questions asked the same way from Python, the terminal and MCP: checked first, recorded last."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from samestep.answers.answer import Answer
from samestep.errors import BadArguments, shown
from samestep.settings import Project

P = ParamSpec("P")
AnyAnswer = TypeVar("AnyAnswer", bound=Answer)
PROJECT = "project"  # the one parameter that is no argument of the tool


def checked(question: Callable[P, AnyAnswer]) -> Callable[P, AnyAnswer]:
    """Refuse arguments that a question does not take before it is asked, and record its answer."""
    signature = inspect.signature(question)

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> AnyAnswer:
        given = dict(signature.bind(*args, **kwargs).arguments)
        project = given.pop(PROJECT, None)
        return answered(question, given, project if isinstance(project, Project) else None)

    return ask


def answered(
    question: Callable[..., AnyAnswer], given: Mapping[str, object], project: Project | None = None
) -> AnyAnswer:
    """Ask a question, its arguments by name, and record the answer.

    Raises:
        SamestepError: The question does not take the arguments, or refuses.
    """
    refuse_bad(question, given)
    from samestep.ledger import recorded

    asked_in = project or Project.here()
    answer = question(**given, project=asked_in)
    return recorded(answer, _beside_defaults(question, given), asked_in.directory)


@cache
def arguments_of(question: Callable[..., Answer]) -> type[BaseModel]:
    """Return a question's arguments as a model that takes no others."""
    hints = get_type_hints(question, include_extras=True)
    fields = {
        name: (hints[name], ... if given.default is given.empty else given.default)
        for name, given in inspect.signature(question).parameters.items()
        if name != PROJECT
    }
    config = ConfigDict(extra="forbid", strict=True)
    name = question.__name__
    return create_model(
        name, __config__=config, **cast("dict[str, Any]", fields)
    )  # Any: fields are only known at run time


def refuse_bad(question: Callable[..., Answer], given: Mapping[str, object]) -> None:
    """Check arguments against their types.

    Raises:
        BadArguments: One is unknown, missing, or of another type or range.
    """
    model = arguments_of(question)
    try:
        model.model_validate(dict(given))
    except ValidationError as error:
        problems = list(dict.fromkeys(map(_problem, error.errors(include_url=False))))
        raise BadArguments(question.__name__, problems, list(model.model_fields)) from error


def _beside_defaults(
    question: Callable[..., Answer], given: Mapping[str, object]
) -> dict[str, object]:
    """Return the arguments that say something: with the others left out, the question is the same."""
    parameters = inspect.signature(question).parameters
    return {name: value for name, value in given.items() if value != parameters[name].default}


def _problem(detail: Mapping[str, Any]) -> str:  # Any: pydantic's own error details
    """Say one problem in a few words, with the value it is about."""
    name = str(detail["loc"][0])
    if detail["type"] == "extra_forbidden":
        return f"no argument {name!r}"
    if detail["type"] == "missing":
        return f"argument {name!r} is missing"
    message = str(detail["msg"]).lower().replace(" after validation", "")
    return f"{name}={shown(detail['input'])}: {message}"
