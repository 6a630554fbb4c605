"""Prose held against the rules and the recorded answers, for pipelines."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.checking import BLOCKED, Format, read, told
from samestep_server.commands.options import JsonOption, ProjectOption, refusing

if TYPE_CHECKING:
    from samestep.answers.answer import Caveat


def check(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text or Markdown; - reads it.")],
    answers: Annotated[
        list[str] | None, typer.Option("--answer", help="Id of a recorded answer; default newest.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text, or annotations.")] = Format.text,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Hold a text against the recorded answers.

    Exit status 3 where a claim is blocked, or where not all of the text was read; 2 where it is
    refused, such as bytes that are no text.
    """
    asked_in = Project.here(project)
    told_so = _json if as_json else told
    if not refusing(lambda: told_so(file, answers, asked_in, form)):
        raise typer.Exit(BLOCKED)


def _json(file: str, answers: list[str] | None, project: Project, _form: Format) -> bool:
    from samestep.questions.check_claim import check_claim

    answer = check_claim(read(file), answers, project=project)
    sys.stdout.write(f"{answer.model_dump_json()}\n")
    return answer.ok and not any(_is_unread(caveat) for caveat in answer.caveats)


def _is_unread(caveat: "Caveat") -> bool:
    return (caveat.rule, caveat.severity) == ("partial-said", "warns")
