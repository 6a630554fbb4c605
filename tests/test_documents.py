"""README, mcp.json and the changelog say what is so."""

import contextlib
import inspect
import io
import json
import re
import tomllib
from pathlib import Path

import anyio
import pytest
from mcp import Client

from samestep import Project, forget
from samestep.settings import Settings
from samestep_server.app import build
from samestep_server.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_example_prints_what_stands_below_it() -> None:
    [example], printed = blocks("python"), io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102 # our own README
    forget("example")

    assert printed.getvalue() in blocks("text")


def test_the_tool_table_names_every_tool_in_the_servers_order() -> None:
    async def names() -> list[str]:
        async with Client(build(Project(ROOT))) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert re.findall(
        r"^\| `(\w+)` \|", README.split("## In an assistant")[1].split("## ")[0], re.MULTILINE
    ) == anyio.run(names)


def test_the_figures_are_those_that_the_calibration_wrote() -> None:
    written = (ROOT / "tests/calibration/FIGURES.md").read_text("utf-8")
    [table] = re.findall(r"^\| figure \|.*?\n\n", written, re.MULTILINE | re.DOTALL)

    assert table in README


def test_what_the_mistakes_cost_is_what_the_calibration_wrote() -> None:
    written = (ROOT / "tests/calibration/FIGURES.md").read_text("utf-8")
    rows = re.findall(r"^\| (.*?) \| (\d+)% \| (\d+)% \|$", written, re.MULTILINE)
    wrong = {name: (of_all, of_close) for name, of_all, of_close in rows}
    of_last, _ = wrong["at 20 % of training against the other's last value"]
    of_all, of_close = wrong["both at 20 %"]

    assert f"the wrong run in {of_last} % of real pairs" in README
    assert f"the wrong one in {of_all} % of pairs, and in {of_close} % of close ones" in README


@pytest.mark.parametrize(
    "configuration",
    [*blocks("json"), (ROOT / "mcp.json").read_text("utf-8")],
    ids=["Claude Code", "macOS", "Windows", "Cursor", "VS Code", "mcp.json"],
)
def test_every_configuration_shown_is_one_the_command_line_takes(configuration: str) -> None:
    document = json.loads(configuration)
    [server] = (document.get("mcpServers") or document["servers"]).values()
    words = [server["command"], *server["args"]]
    serve = next(command for command in app.registered_commands if command.name == "serve")
    start = next(at for at, word in enumerate(words) if re.search(r"samestep(\.exe)?$", word))

    assert words[start + 1 :][:2] == ["serve", "--project"]
    assert serve.callback is not None
    assert set(inspect.signature(serve.callback).parameters) == {"project"}
    assert len(words) == start + 4


def test_the_settings_shown_are_settings_there_are(tmp_path: Path) -> None:
    [example] = blocks("toml")
    (tmp_path / "samestep.toml").write_text(example)

    settings = Settings.read(tmp_path / "samestep.toml")

    assert settings.downstream == ("test/top1",)
    assert settings.finished == ("resnet50-step/*",)


def test_every_command_shown_is_a_command_there_is() -> None:
    shown = {
        line.split("samestep ")[1].split()[0]
        for block in blocks("sh")
        for line in block.splitlines()
        if "samestep " in line
    }

    assert shown <= {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    assert {"demo", "detect", "list", "history", "compare", "converge"} <= shown


def package(requirement: str) -> str:
    """Return the name of a required package."""
    return re.split(r"[><=\[]", requirement)[0]


def test_the_package_table_names_what_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = {
        **dict.fromkeys(map(package, project["dependencies"]), "samestep"),
        **{
            package(entry): f"`samestep[{extra}]`"
            for extra, entries in extras.items()
            if extra != "all"
            for entry in entries
        },
    }
    table = README.split("## Which packages")[1].split("\n## ")[0]
    told = {
        name: comes_with.partition(",")[0]
        for names, comes_with in re.findall(r"^\| (`.*?) \| (.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([\w-]+)`", names)
    }

    assert told == needed
    assert extras["all"] == [f"samestep[{','.join(extra for extra in extras if extra != 'all')}]"]


def test_every_link_into_the_repository_leads_somewhere() -> None:
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)

    assert targets
    assert all((ROOT / target).exists() for target in targets)
