import os
from pathlib import Path

import pytest

from samestep.errors import BadArgument, BadSettings, NoSuchPath, OutsideProject
from samestep.model import Source
from samestep.settings import Project, Settings

KNOWN = (
    "Known settings: 'metrics.downstream', 'metrics.proxy', 'metrics.higher_is_better', "
    "'metrics.lower_is_better', 'metrics.pairs', 'metrics.noise', 'metrics.minimum_effect', "
    "'runs.seed_keys', 'runs.finished', 'sources.<name>', 'sources.deadline'."
)


def settings(directory: Path, text: str) -> Settings:
    file = directory / "samestep.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.read(file)


def refusal(directory: Path, text: str) -> str:
    with pytest.raises(BadSettings) as refused:
        settings(directory, text)
    return str(refused.value)


def test_every_setting_is_read(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        [metrics]
        downstream = ["test/top1", "eval/loss:lower"]
        proxy = ["knn/.*"]
        higher_is_better = ["bench"]
        lower_is_better = ["energy"]
        [metrics.pairs]
        val_loss = "eval/loss"
        [metrics.noise]
        "test/top1" = 0.3
        [metrics.minimum_effect]
        "test/.*" = 1
        [runs]
        seed_keys = ["replicate"]
        finished = ["resnet50-step/*"]
        [sources]
        cluster = "mlflow:http://127.0.0.1:5000"
        deadline = 12
        """,
    )

    assert found == Settings(
        downstream=("test/top1", "eval/loss:lower"),
        proxy=("knn/.*",),
        higher_is_better=("bench",),
        lower_is_better=("energy",),
        pairs={"val_loss": "eval/loss"},
        noise={"test/top1": 0.3},
        minimum_effect={"test/.*": 1.0},
        seed_keys=("replicate",),
        finished=("resnet50-step/*",),
        sources={"cluster": Source("mlflow", "http://127.0.0.1:5000")},
        deadline=12.0,
    )


def test_what_is_not_set_is_empty(tmp_path: Path) -> None:
    assert Settings.read(tmp_path / "samestep.toml") == Settings()
    assert settings(tmp_path, "") == Settings()
    assert settings(tmp_path, "[metrics]") == Settings()


def test_names_with_stars_and_keys_of_settings_need_be_no_regular_expressions(
    tmp_path: Path,
) -> None:
    found = settings(tmp_path, '[runs]\nfinished = ["*/(old"]\nseed_keys = ["seed["]')

    assert (found.finished, found.seed_keys) == (("*/(old",), ("seed[",))


def test_a_file_that_starts_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    found = settings(tmp_path, '\ufeff[metrics]\nproxy = ["loss"]')

    assert found.proxy == ("loss",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('downstream = ["a"]', "unknown setting 'downstream'"),
        ('[metrics]\ngoal = ["a"]', "unknown setting 'metrics.goal'"),
        ('[runs]\ndownstream = ["a"]', "unknown setting 'runs.downstream'"),
        ('[metric]\ndownstream = ["a"]', "unknown setting 'metric.downstream'"),
        (
            '[metrics]\ndownstream = "test/top1"',
            "metrics.downstream = 'test/top1' is not a list of names or patterns",
        ),
        ("[metrics]\nproxy = [1]", "metrics.proxy holds 1, which is not text"),
        ("metrics = 3", "unknown setting 'metrics'"),
        (
            '[metrics]\ndownstream = ["test/("]',
            (
                "metrics.downstream holds 'test/(', which is no regular expression (missing ) at "
                "position 6); in the name of a metric, signs such as ( and [ are written "
                "with a backslash before them"
            ),
        ),
        (
            '[metrics.noise]\n"acc[" = 1',
            (
                "metrics.noise holds 'acc[', which is no regular expression (unterminated "
                "character set at position 4); in the name of a metric, signs such as ( and [ are "
                "written with a backslash before them"
            ),
        ),
        (
            '[runs]\nseed_keys = "seed"',
            "runs.seed_keys = 'seed' is not a list of names or patterns",
        ),
        (
            "[metrics]\nnoise = 0.3",
            "metrics.noise = 0.3 is not a table, written [metrics.noise]",
        ),
        (
            "[metrics.noise]\nloss = nan",
            'metrics.noise."loss" = nan is not a finite number of 0 or more',
        ),
        (
            "[metrics.noise]\nloss = -1",
            'metrics.noise."loss" = -1 is not a finite number of 0 or more',
        ),
        (
            "[metrics.minimum_effect]\nloss = inf",
            'metrics.minimum_effect."loss" = inf is not a finite number of 0 or more',
        ),
        (
            "[metrics.minimum_effect]\nloss = true",
            'metrics.minimum_effect."loss" = True is not a finite number of 0 or more',
        ),
        (
            "[metrics.noise]\ntest.top1 = 0.3",
            (
                "metrics.noise.\"test\" = {'top1': 0.3} is not a finite number of 0 or more; "
                "a name with dots stands in quotes"
            ),
        ),
        (
            "[metrics.pairs]\nval_loss = 3",
            'metrics.pairs."val_loss" = 3 is not the name of a metric',
        ),
        (
            '[metrics.pairs]\nloss = "loss"',
            "metrics.pairs.\"loss\" = 'loss' pairs a metric with itself; a pair is of two names",
        ),
        (
            '[sources]\ncluster = "10.0.0.1"',
            (
                "sources.\"cluster\" = '10.0.0.1' is not a source such as "
                "'mlflow:http://127.0.0.1:5000' or 'tensorboard:runs'"
            ),
        ),
        ("[sources]\ndeadline = 0", "sources.deadline = 0 is not a number of seconds above 0"),
        ('[sources]\ndeadline = "9"', "sources.deadline = '9' is not a number of seconds above 0"),
    ],
)
def test_a_setting_samestep_does_not_know_is_refused_with_those_it_knows(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert refusal(tmp_path, text) == f"{tmp_path / 'samestep.toml'}: {problem}. {KNOWN}"


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    assert "cannot be read (" in refusal(tmp_path, "[metrics")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "samestep.toml"
    file.write_bytes(b"\xff\xfe[metrics]")

    with pytest.raises(BadSettings):
        Settings.read(file)


def test_the_project_is_the_directory_given(tmp_path: Path) -> None:
    settings(tmp_path, '[metrics]\nproxy = ["loss"]')
    found = Project.here(str(tmp_path))

    assert (found.directory, found.settings.proxy) == (tmp_path.resolve(), ("loss",))


def test_the_project_is_named_by_the_environment_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMESTEP_PROJECT", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    assert Project.here().directory == tmp_path.resolve()
    assert Project.here(str(elsewhere)).directory == elsewhere.resolve()


def test_the_project_is_the_working_directory_where_nothing_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Project.here().directory == tmp_path.resolve()


def test_a_project_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()

    with pytest.raises(NoSuchPath, match=r"holds 'runs'"):
        Project.here(str(tmp_path / "missing"))


def test_relative_locations_lead_from_the_project(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    project = Project(tmp_path)

    assert project.path("runs") == tmp_path / "runs"
    assert project.path("./runs/../runs") == tmp_path / "runs"
    assert project.path(".") == tmp_path


def test_a_location_that_is_not_there_is_refused_with_what_is(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with pytest.raises(NoSuchPath) as refused:
        Project(tmp_path).path("tb/logs")

    assert str(refused.value) == (
        f"No file or directory 'tb/logs'. {str(tmp_path)!r} holds 'runs'."
    )


@pytest.mark.parametrize("location", ["a\0b", "x" * 5000, "~nobody-of-that-name/runs"])
def test_a_location_that_is_no_path_is_refused(tmp_path: Path, location: str) -> None:
    with pytest.raises((BadArgument, NoSuchPath)):
        Project(tmp_path).path(location)


def inside_and_outside(tmp_path: Path) -> tuple[Path, Path]:
    inside, outside = tmp_path / "project", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    return inside.resolve(), outside.resolve()


def test_a_person_reads_what_the_user_can_read(tmp_path: Path) -> None:
    inside, outside = inside_and_outside(tmp_path)

    assert Project(inside).path("../outside") == outside
    assert Project(inside).path(str(outside)) == outside


def test_a_confined_caller_stays_below_the_project_and_the_roots(tmp_path: Path) -> None:
    inside, outside = inside_and_outside(tmp_path)
    confined = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    assert confined.path(".") == inside
    for location in ("../outside", str(outside)):
        with pytest.raises(OutsideProject, match="SAMESTEP_ROOTS"):
            confined.path(location)


def test_absolute_paths_below_a_root_are_accepted_and_relative_ones_still_stay_inside(
    tmp_path: Path,
) -> None:
    inside, outside = inside_and_outside(tmp_path)
    roots = os.pathsep.join([str(inside), str(outside)])
    confined = Project(inside, environment={"SAMESTEP_ROOTS": roots}).confined()

    assert confined.path(str(outside)) == outside
    with pytest.raises(OutsideProject):
        confined.path("../outside")


def test_a_link_that_leads_out_is_not_followed_by_a_confined_caller(tmp_path: Path) -> None:
    inside, outside = inside_and_outside(tmp_path)
    (inside / "link").symlink_to(outside)
    confined = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    with pytest.raises(OutsideProject):
        confined.path("link")


def test_a_root_does_not_let_its_namesakes_in(tmp_path: Path) -> None:
    inside, _ = inside_and_outside(tmp_path)
    (tmp_path / "project-of-another").mkdir()
    confined = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    with pytest.raises(OutsideProject):
        confined.path(str(tmp_path / "project-of-another"))


def test_the_users_home_is_the_root_where_none_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, outside = inside_and_outside(tmp_path)
    monkeypatch.setenv("HOME", str(outside))

    assert Project(inside).confined().roots == (inside, outside)


def test_what_is_outside_is_not_told_to_exist_or_not(tmp_path: Path) -> None:
    inside, _ = inside_and_outside(tmp_path)
    confined = Project(inside, environment={"SAMESTEP_ROOTS": str(inside)}).confined()

    with pytest.raises(OutsideProject):
        confined.path("../missing")


def test_a_path_is_written_as_a_location_that_leads_back_to_it(tmp_path: Path) -> None:
    inside, outside = inside_and_outside(tmp_path)
    project = Project(inside)

    assert project.location(inside / "runs" / "tb") == "runs/tb"
    assert project.location(inside) == "."
    assert project.location(outside) == outside.as_posix()


def test_the_deadline_is_that_of_the_environment_then_of_the_file_then_thirty_seconds(
    tmp_path: Path,
) -> None:
    written = settings(tmp_path, "[sources]\ndeadline = 12")
    environment = {"SAMESTEP_DEADLINE": "5"}

    assert Project(tmp_path).deadline == 30.0
    assert Project(tmp_path, written).deadline == 12.0
    assert Project(tmp_path, written, environment).deadline == 5.0


@pytest.mark.parametrize("text", ["[metrics]\n" * 2, "a = " + "[" * 100_000, "a = 1e"])
def test_a_file_that_cannot_be_parsed_is_refused_whatever_it_holds(
    tmp_path: Path, text: str
) -> None:
    assert "cannot be read (" in refusal(tmp_path, text)


def test_a_metric_cannot_be_better_both_ways(tmp_path: Path) -> None:
    file = tmp_path / "samestep.toml"
    file.write_text(
        '[metrics]\nhigher_is_better = ["val/acc"]\nlower_is_better = ["val/acc"]\n', "utf-8"
    )

    with pytest.raises(BadSettings, match="both hold 'val/acc'"):
        Settings.read(file)
