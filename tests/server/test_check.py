"""check_claim as a pipeline, a person and a model meet it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.types import TextContent
from typer.testing import CliRunner

from samestep import Project, check_claim, compare_same_epoch
from samestep.answers.claims import ClaimCheck
from samestep.answers.comparison import Comparison
from samestep.errors import NoSuchAnswer
from samestep_server.app import build
from samestep_server.cli import app
from samestep_server.commands.checking import checked_at_once

RECORDED = Path(__file__).parents[2] / "tools/samestep/recorded"
TRUE = "At epoch 14 shifted/* is 5.2 points above plain/* on test/shifted_accuracy."
FALSE = "shifted/* beats plain/* on val/loss."
MOST_OF_A_TOOL = 500


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    """A ledger that holds one comparison of the recorded runs."""
    monkeypatch.setenv("SAMESTEP_LEDGER", str(tmp_path / "ledger.sqlite"))
    return compare_same_epoch(
        "group:shifted/*",
        ["group:plain/*"],
        downstream=["test/shifted_accuracy"],
        project=Project(RECORDED),
    )


def printed(*words: str, status: int, text: str | None = None) -> str:
    result = CliRunner().invoke(app, ["check", *words, "--project", str(RECORDED)], input=text)
    assert result.exit_code == status, result.output
    return result.stdout


@pytest.mark.usefixtures("recorded")
def test_a_clean_text_leaves_with_0_and_a_blocked_one_with_3(tmp_path: Path) -> None:
    report = tmp_path / "REPORT.md"
    report.write_text(f"# Report\n\n{FALSE}\n")

    assert printed("-", status=0, text=TRUE) == "1 claim: 1 supported.\n"
    assert "line 3: blocked (no-proxy-winner)" in printed(str(report), status=3)


@pytest.mark.usefixtures("recorded")
def test_an_empty_text_is_clean() -> None:
    assert printed("-", status=0, text="") == "The text claims nothing of runs.\n"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert printed(str(tmp_path / "none.md"), status=2) == ""
    assert printed(str(tmp_path), status=2) == ""


@pytest.mark.usefixtures("recorded")
def test_json_is_the_answer_itself() -> None:
    answer = ClaimCheck.model_validate_json(printed("-", "--json", status=3, text=FALSE))

    assert answer == check_claim(FALSE, project=Project(RECORDED))
    assert [claim.rules for claim in answer.claims] == [["no-proxy-winner"]]


@pytest.mark.usefixtures("recorded")
def test_annotations_name_file_line_and_rule(tmp_path: Path) -> None:
    report = tmp_path / "a,b.md"
    report.write_text(f"\n{FALSE}\n")

    [line] = printed(str(report), "--format", "github", status=3).splitlines()

    where = (
        f"file={str(report).replace(',', '%2C')},line=2,title=samestep%3A blocked no-proxy-winner"
    )
    assert line.startswith(f"::error {where}::{FALSE}%0A")


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("form", [[], ["--format", "github"]])
def test_signs_a_terminal_would_act_on_are_not_passed_on(tmp_path: Path, form: list[str]) -> None:
    report = tmp_path / "report.md"
    report.write_text(f"\x1b[31m {FALSE} \x1b[0m\n")

    told = printed(str(report), *form, status=3)

    assert "\ufffd[31m" in told
    assert "\x1b" not in told


def test_a_text_is_held_against_the_answers_that_are_named(recorded: Comparison) -> None:
    answer = check_claim(TRUE, [recorded.answer_id], project=Project(RECORDED))

    assert answer.against == [recorded.answer_id]
    with pytest.raises(NoSuchAnswer, match="cmp-0"):
        check_claim(TRUE, ["cmp-0"], project=Project(RECORDED))


def test_without_a_ledger_nothing_can_be_verified() -> None:
    [claim] = check_claim(FALSE, project=Project(RECORDED)).claims

    assert claim.verdict == "unverifiable"
    assert "compare_same_epoch(" in claim.why


def test_text_that_is_not_read_is_said_in_the_answer() -> None:
    answer = check_claim("word. " * 20_000, project=Project(RECORDED))

    assert [caveat.rule for caveat in answer.caveats] == ["partial-said"]
    assert "were not" in answer.to_markdown()


@pytest.mark.anyio
@pytest.mark.usefixtures("recorded")
async def test_the_tool_answers_in_both_forms_within_its_budget() -> None:
    async with Client(build(Project(RECORDED))) as client:
        result = await client.call_tool("check_claim", {"text": FALSE})
        tools = (await client.list_tools()).tools

    answer = ClaimCheck.model_validate(result.structured_content)
    [content] = result.content
    assert isinstance(content, TextContent)
    assert content.text == answer.to_markdown()
    [tool] = [tool for tool in tools if tool.name == "check_claim"]
    listed = {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
    assert len(json.dumps(listed, separators=(",", ":"))) <= MOST_OF_A_TOOL


def test_checking_loads_neither_numpy_nor_the_forms_of_answers() -> None:
    code = (
        "import sys; from samestep.claims import check; check('one beats two', []);"
        "print([name for name in ('numpy', 'pydantic', 'pandas', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_it_starts_without_what_the_other_commands_load(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("The learning rate is 0.1.\n")
    code = (
        "import sys\n"
        "from samestep_server.start import main\n"
        f"sys.argv = ['samestep', 'check', {str(tmp_path / 'notes.md')!r}]\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    status = ended.code\n"
        "print(status, sorted({'mcp', 'numpy', 'pydantic', 'rich', 'typer'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "0 []"


def test_what_is_not_plain_is_worded_by_the_whole_command_line(tmp_path: Path) -> None:
    asked = (["--format", "nonsense"], ["--answer"], ["--unknown"], ["--help"])
    told = [checked_at_once([str(tmp_path), *arguments]) for arguments in asked]

    assert told == [None, None, None, None]
    assert checked_at_once([str(tmp_path / "missing.md")]) is None


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_tells_how_a_text_is_written(tmp_path: Path, encoding: str) -> None:
    report = tmp_path / "REPORT.md"
    report.write_text(f"{FALSE}\n", encoding=encoding)

    assert "line 1: blocked (no-proxy-winner)" in printed(str(report), status=3)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 picture", b"a\0b\0", b"caf\xe9 beats"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    report = tmp_path / "REPORT.md"
    report.write_bytes(content)

    assert printed(str(report), status=2) == ""


def test_bytes_on_standard_input_that_are_no_text_are_refused_at_once() -> None:
    command = [sys.executable, "-m", "samestep_server", "check", "-"]
    done = subprocess.run(command, input=b"\xff\xd8\xff\xe0", capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"these bytes are no such text" in done.stderr


@pytest.mark.parametrize("form", [[], ["--json"], ["--format", "github"]])
def test_a_text_that_is_not_read_to_its_end_leaves_with_3(form: list[str]) -> None:
    assert "were not" in printed("-", *form, status=3, text="word. " * 20_000)
