"""Prose held against the rules and the recorded answers, for pipelines."""

import sys
from typing import Annotated

import typer

from samestep.settings import Project
from samestep_server.commands.checking import BLOCKED, Format, read, told
from samestep_server.commands.options import JsonOption, ProjectOption, refusing


def check(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text or Markdown; - reads it.")],
    answers: Annotated[
        list[str] | None, typer.Option("--answer", help="Id of a recorded answer; default newest.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="text, or annotations.")] = Format.text,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Hold a text against the recorded answers; exit status 3 where a claim is blocked."""
    asked_in = Project.here(project)
    told_so = _json if as_json else told
    if not refusing(lambda: told_so(file, answers, asked_in, form)):
        raise typer.Exit(BLOCKED)


def _json(file: str, answers: list[str] | None, project: Project, _form: Format) -> bool:
    from samestep.questions.check_claim import check_claim

    answer = check_claim(read(file), answers, project=project)
    sys.stdout.write(f"{answer.model_dump_json()}\n")
    return answer.ok
