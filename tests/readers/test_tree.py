"""Directories below a root: each once, within bounds, and what was passed over is counted."""

from pathlib import Path

from samestep.readers.tree import DEEPEST, Walk, walk


def directories(walked: Walk) -> list[str]:
    return [directory.relative for directory in walked]


def test_parents_come_first_and_names_in_their_order(tmp_path: Path) -> None:
    for name in ("b/c", "a", "b/a"):
        (tmp_path / name).mkdir(parents=True)
    walked = walk(tmp_path)

    assert directories(walked) == [".", "a", "b", "b/a", "b/c"]
    assert walked.losses == ()


def test_stores_of_trackers_are_named_and_not_walked(tmp_path: Path) -> None:
    for name in ("wandb/run-1", ".wandb/x", "mlruns/0", ".neptune/offline", ".git/x", "venv/lib"):
        (tmp_path / name).mkdir(parents=True)
    [root] = walk(tmp_path)

    assert root.stores == (".neptune", ".wandb", "mlruns", "wandb")
    assert root.directories == ()


def test_directories_that_lie_too_deep_are_counted(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*(["d"] * DEEPEST))
    for name in ("one", "two"):
        (deepest / name).mkdir(parents=True)
    walked = walk(tmp_path)

    assert len(directories(walked)) == DEEPEST + 1
    first = "/".join(["d"] * DEEPEST)
    assert walked.losses == (
        f"passed over: 2 directories deeper than 16 levels (the first is {first}/one)",
    )


def test_a_walk_that_ends_early_says_so(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
    whole, cut = Walk(tmp_path, most=4), Walk(tmp_path, most=3)

    assert directories(whole) == [".", "a", "b", "c"]
    assert directories(cut) == [".", "a", "b"]
    assert whole.losses == ()
    assert cut.losses == ("passed over: what lies beyond the first 3 directories",)


def test_a_circle_of_links_is_walked_once_and_is_no_loss(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/up").symlink_to(tmp_path)
    walked = walk(tmp_path)

    assert directories(walked) == [".", "a"]
    assert walked.losses == ()


def test_a_directory_that_cannot_be_listed_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    walked = walk(tmp_path)
    root = next(walked)
    (tmp_path / "a").rmdir()

    assert [root.relative, *directories(walked)] == [".", "b"]
    assert walked.losses == ("passed over: 1 directory that cannot be listed (the first is a)",)


def test_a_root_that_is_gone_is_counted(tmp_path: Path) -> None:
    walked = walk(tmp_path / "gone")

    assert directories(walked) == []
    assert walked.losses == ("passed over: 1 directory that cannot be listed (the first is .)",)


def test_a_directory_called_wandb_that_is_no_store_is_walked(tmp_path: Path) -> None:
    (tmp_path / "wandb/tables").mkdir(parents=True)
    (tmp_path / "synced/wandb").mkdir(parents=True)
    (tmp_path / "synced/wandb/debug-internal.log").touch()
    walked = list(walk(tmp_path))

    assert [one.relative for one in walked] == [".", "synced", "wandb", "wandb/tables"]
    assert [one.stores for one in walked] == [(), ("wandb",), (), ()]
