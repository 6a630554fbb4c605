"""What Python files and notebooks say of trackers, read from their tokens."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep import Project
from samestep.readers.detect.code import MOST_BYTES, MOST_FILES, Code, code_below
from samestep.readers.detect.statements import said_in
from samestep.readers.tree import walk


def code_of(directory: Path) -> Code:
    return code_below(walk(directory), Project(directory))


def said(code: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.tracker, one.what) for one in said_in(code.encode())[0]]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import wandb", [(1, "wandb", "imports wandb")]),
        (
            "import os, wandb.sdk as w, mlflow",
            [(1, "wandb", "imports wandb"), (1, "mlflow", "imports mlflow")],
        ),
        ("from neptune.utils import stringify", [(1, "neptune", "imports neptune")]),
        ("import neptune_scale", [(1, "neptune", "imports neptune_scale")]),
        (
            "try:\n    import wandb\nexcept ImportError: wandb = None",
            [(2, "wandb", "imports wandb")],
        ),
        ("if rank == 0: import wandb; x = 1", [(1, "wandb", "imports wandb")]),
        (
            "from lightning.pytorch.loggers import (\n    CSVLogger,\n    WandbLogger,\n)",
            [(3, "wandb", "uses WandbLogger")],
        ),
        (
            'args = TrainingArguments(lr=1, report_to="wandb", seed=3)',
            [(1, "wandb", 'says report_to="wandb"')],
        ),
        (
            'TrainingArguments(report_to=["tensorboard", "mlflow"])',
            [(1, "mlflow", 'says report_to="mlflow"')],
        ),
    ],
)
def test_a_statement_that_uses_a_tracker_is_found_with_its_line(
    code: str, found: list[tuple[int, str, str]]
) -> None:
    assert said(code) == found


@pytest.mark.parametrize(
    "code",
    [
        "# import wandb",
        '"""Use it so:\n\nimport wandb\n"""',
        "text = 'import wandb'",
        "from .wandb import x",
        "import wandb_like, my.wandb",
        "from project import wandb_tools",
        'print("report_to", "wandb")',
        "TrainingArguments(report_to='none', project='wandb')",
        "raise_from(wandb_error)",
    ],
)
def test_what_only_speaks_of_a_tracker_is_no_use_of_it(code: str) -> None:
    assert said(code) == []


def test_a_call_says_where_runs_go_where_it_does_so_in_so_many_words() -> None:
    code = """
run = wandb.init(
    config=dict(project="not this one"),
    project="resnets", entity="vision",
)
neptune.init_run(project='lab/resnets')
WandbLogger(project=name, entity="vision")
mlflow.set_tracking_uri("http://10.0.0.5:5000")
other.init(project="elsewhere")
wandb.init(project=f"{team}-resnets")
mlflow.set_tracking_uri("http://host\\n")
"""
    found, _ = said_in(code.encode())

    assert [(one.tracker, one.project, one.entity, one.address) for one in found] == [
        ("wandb", "resnets", "vision", None),
        ("neptune", "lab/resnets", None, None),
        ("wandb", None, None, None),
        ("wandb", None, "vision", None),
        ("mlflow", None, None, "http://10.0.0.5:5000"),
    ]


def test_a_notebook_is_told_by_its_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import wandb"]},
        {"cell_type": "code", "source": ["%pip install wandb\n", "!ls\n", "x = 1"]},
        {"cell_type": "code", "source": ["import wandb\n", "wandb.init(project='p')"]},
    ]
    (tmp_path / "train.ipynb").write_text(json.dumps({"cells": cells}))

    assert [str(mention) for mention in code_of(tmp_path).mentions] == [
        "train.ipynb cell 3 imports wandb",
        "train.ipynb cell 3 names project 'p'",
    ]


def test_files_nearest_the_top_come_first_and_environments_are_not_the_projects_code(
    tmp_path: Path,
) -> None:
    for name in ("a/b/deep.py", "train.py", "venv/lib/x.py", ".venv/x.py", "site-packages/y.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("import mlflow\n")

    assert [mention.place for mention in code_of(tmp_path).mentions] == [
        "train.py:1",
        "a/b/deep.py:1",
    ]


def test_what_was_not_looked_at_is_said(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 2):
        (tmp_path / f"m{number:03}.py").write_text("x = 1\n")
    (tmp_path / "a_long.py").write_text("x = 1\n" * (MOST_BYTES[".py"] // 6 + 1))
    (tmp_path / "a_torn.py").write_text("import wandb\nx = (1,\n")
    code = code_of(tmp_path)

    assert [str(mention) for mention in code.mentions] == ["a_torn.py:1 imports wandb"]
    assert code.losses == (
        "trackers were looked for in the 300 Python files nearest the top, and not in 4 more",
        "2 Python files were looked through in part (the first is a_long.py)",
    )


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "train.py")

    assert code_of(tmp_path) == Code()


def test_a_file_is_read_and_never_run(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(f"import wandb\nopen({str(tmp_path / 'ran')!r}, 'w')\n")
    (tmp_path / "setup.py").write_text("raise SystemExit('ran')\nimport wandb\n")

    assert len(code_of(tmp_path).mentions) == 2
    assert not (tmp_path / "ran").exists()


PIECES = st.sampled_from(
    [
        "import ",
        "wandb",
        "from ",
        "(",
        ")",
        "project=",
        '"',
        "'''",
        "\n",
        "    ",
        "\\",
        "\0",
        "é",
        "f'{",
        ".init(",
        ",",
        "report_to=",
        "[",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_stands_in_a_file_it_is_looked_through(code: str) -> None:
    found, _ = said_in(code.encode())

    assert all(one.tracker == "wandb" for one in found)
