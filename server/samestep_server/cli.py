"""The same questions in a terminal."""

from importlib.metadata import version
from typing import Annotated

import typer

from samestep_server.commands.answer import answer
from samestep_server.commands.check import check
from samestep_server.commands.compare import compare
from samestep_server.commands.configs import configs
from samestep_server.commands.converge import converge
from samestep_server.commands.demo import demo
from samestep_server.commands.detect import detect
from samestep_server.commands.history import history
from samestep_server.commands.importance import importance
from samestep_server.commands.init import init
from samestep_server.commands.list_runs import list_
from samestep_server.commands.pull import pull
from samestep_server.commands.rank import rank
from samestep_server.commands.serve import serve
from samestep_server.commands.significance import significance

COMMANDS = (
    ("serve", serve, None),
    ("detect", detect, "Example: samestep detect experiments"),
    ("init", init, "Example: samestep init --stdout"),
    ("list", list_, "Example: samestep list --match 'resnet50*' --where 'config.lr < 0.1'"),
    (
        "history",
        history,
        "Example: samestep history resnet50/seed0 -m 'test/.*' --where 'epoch > 5' --derive 'gap=test/loss - train/loss'",
    ),
    ("pull", pull, "Example: samestep pull -c checkpoints/last.ckpt --select 'test/.*' --stats"),
    (
        "compare",
        compare,
        "Example: samestep compare resnet50-cosine/seed0 'group:resnet50-step/*' -d test/top1",
    ),
    ("configs", configs, "Example: samestep configs resnet50-cosine/seed0 resnet50-step/seed0"),
    ("converge", converge, "Example: samestep converge resnet50/seed0 test/top1"),
    (
        "significance",
        significance,
        "Example: samestep significance 'group:resnet50-cosine/*' 'group:resnet50-step/*' -m test/top1",
    ),
    (
        "rank",
        rank,
        "Example: samestep rank tensorboard:runs -m test/top1 -c 'latency_ms <= 50' --record best.md",
    ),
    (
        "importance",
        importance,
        "Example: samestep importance mlflow:sqlite:///mlflow.db -m test/top1",
    ),
    ("answer", answer, "Example: samestep answer cmp-5f0c2a91b3d4"),
    ("check", check, "Example: samestep check REPORT.md --format github"),
    ("demo", demo, None),
)
"""Every command: its name, what it does, and an example of it."""

app = typer.Typer(
    help="Compare training runs at the same step, and refuse to compare them wrongly.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:  # noqa: FBT001 # as typer calls it
    if asked:
        typer.echo(f"samestep {version('samestep')}")
        raise typer.Exit


def every(
    *,
    _asked: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Take what is asked of no command."""


app.callback()(every)
for name, command, example in COMMANDS:
    app.command(name, epilog=example)(command)


def main() -> None:
    """Run the command line."""
    app()
