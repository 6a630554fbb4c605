"""Which of several candidates is first, and which cannot be told from it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from samestep.errors import BadArgument
from samestep.settings import Project
from samestep_server.commands.options import (
    CursorOption,
    JsonOption,
    LimitOption,
    ProjectOption,
    answered,
    side,
)

if TYPE_CHECKING:
    from samestep.answers.decision import DecisionRecord

CONSTRAINT = re.compile(r"(.+?)\s*(<=|>=|==|<|>)(.*)")


def rank(  # noqa: PLR0913, PLR0917 # one parameter per option
    runs: Annotated[
        list[str],
        typer.Argument(help="Runs, group:<pattern>, JSON lists of seeds; or one source."),
    ],
    metric: Annotated[
        str, typer.Option("--metric", "-m", help="Name, or name:lower, name:higher.")
    ],
    at: Annotated[
        float | None, typer.Option(help="Default the newest x at least half have reached.")
    ] = None,
    constraint: Annotated[
        list[str] | None, typer.Option("--constraint", "-c", help="Such as 'latency_ms <= 50'.")
    ] = None,
    objective: Annotated[
        list[str] | None, typer.Option("--objective", "-o", help="Such as flops:lower.")
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="Write the decision record: JSON for a .json file, else Markdown."),
    ] = None,
    limit: LimitOption = 20,
    cursor: CursorOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 # a flag of the command line
) -> None:
    """Order candidates at the same step, with all that cannot be told from the first."""
    from samestep import rank_runs
    from samestep.answers.ranking import Ranking
    from samestep_server import terminal

    def asked() -> Ranking:
        _refuse_record(record, cursor)
        answer = rank_runs(
            [side(one) for one in runs],
            metric,
            at,
            _constraints(constraint or []) or None,
            objective,
            limit,
            cursor,
            project=Project.here(project),
        )
        if record is not None and answer.record is not None:
            _write(record, answer.record)
        return answer

    answered(asked, terminal.ranking, as_json=as_json)


def _constraints(written: list[str]) -> dict[str, str]:
    """Return constraints by their metrics; several on one metric all have to hold."""
    found: dict[str, list[str]] = {}
    for text in written:
        parts = CONSTRAINT.fullmatch(text)
        if parts is None:
            raise BadArgument(
                "constraint", text, "a metric and a bound, such as 'latency_ms <= 50'"
            )
        found.setdefault(parts[1].strip(), []).append(f"{parts[2]}{parts[3]}")
    return {metric: " and ".join(bounds) for metric, bounds in found.items()}


def _refuse_record(file: Path | None, cursor: str | None) -> None:
    if file is None:
        return
    if cursor is not None:
        raise BadArgument("record", str(file), "the first page: --cursor leads to others")
    if file.exists():
        raise BadArgument("record", str(file), "a file that is not there yet")


def _write(file: Path, record: "DecisionRecord") -> None:
    as_json = file.suffix.lower() == ".json"
    text = record.model_dump_json(indent=2) if as_json else record.to_markdown()
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(f"{text}\n")
    except OSError as error:
        takes = f"a file that can be written ({error.strerror or error})"
        raise BadArgument("record", str(file), takes) from error
