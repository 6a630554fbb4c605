"""Config files: JSON and YAML as people and trainers leave them."""

from argparse import Namespace
from pathlib import Path, PurePosixPath

import pytest
import yaml

from samestep.errors import NotReadable
from samestep.formats.config_files import read_config

# Lightning's save_hparams_to_yaml calls yaml.dump on the hparams, so this is how Namespaces,
# tuples and classes come out; written by hand from PyYAML's documented tags.
LIGHTNING_HPARAMS = """\
args: !!python/object:argparse.Namespace
  batch_size: 64
  betas: !!python/tuple
  - 0.9
  - 0.999
learning_rate: 1e-4
optimizer: !!python/name:torch.optim.adam.Adam ''
root: !!python/object/apply:pathlib.PosixPath
- /
- data
"""


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_json_settings_keep_their_nesting(tmp_path: Path):
    file = written(
        tmp_path / "config.json", '{"optim": {"lr": 0.1, "betas": [0.9, 0.99]}, "amp": true}'
    )

    assert read_config(file).settings == {"optim": {"lr": 0.1, "betas": [0.9, 0.99]}, "amp": True}
    assert read_config(file).losses == ()


def test_objects_in_yaml_are_not_built_and_their_readable_part_is_kept(tmp_path: Path):
    config = read_config(written(tmp_path / "hparams.yaml", LIGHTNING_HPARAMS))

    assert config.settings == {
        "args": {"batch_size": 64, "betas": [0.9, 0.999]},
        "learning_rate": 0.0001,
        "optimizer": "torch.optim.adam.Adam",
        "root": ["/", "data"],
    }
    (loss,) = config.losses
    assert loss.startswith("objects were not built, what stands under their tags was kept")
    assert loss.endswith("(argparse.Namespace, pathlib.PosixPath, torch.optim.adam.Adam)")


def test_what_pyyaml_itself_dumps_is_read(tmp_path: Path):
    root = PurePosixPath("/a")
    dumped = yaml.dump({"sizes": (1, 2), "args": Namespace(lr=0.1), "root": root})
    config = read_config(written(tmp_path / "hparams.yaml", dumped))

    parts = list(root.__reduce__()[1])  # Python 3.13 has one part where 3.11 has two
    assert config.settings == {"sizes": [1, 2], "args": {"lr": 0.1}, "root": parts}
    assert f"argparse.Namespace, {PurePosixPath.__module__}.PurePosixPath" in config.losses[0]


def test_a_learning_rate_without_a_dot_is_a_number(tmp_path: Path):
    file = written(tmp_path / "config.yaml", "lr: 1e-4\nwd: 5E-2\nname: 1e-4x\nhash: 12e\n")

    settings = read_config(file).settings
    assert settings == {"lr": 0.0001, "wd": 0.05, "name": "1e-4x", "hash": "12e"}


def test_keys_become_text_and_dates_are_written_out(tmp_path: Path):
    file = written(tmp_path / "config.yaml", "1: one\nwhen: 2024-05-01\nids: !!set {b, a}\n")

    assert read_config(file).settings == {"1": "one", "when": "2024-05-01", "ids": ["a", "b"]}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("config.json", b"[1, 2]", "it holds a list, not settings with names"),
        ("config.yaml", b"", "it holds nothing, not settings with names"),
        ("config.yaml", b"just words", "it holds a str, not settings with names"),
        ("config.yaml", b"n: !!int ''", "a value does not fit its YAML tag"),
        ("config.yaml", b"&a [*a]", "it holds a list, not settings with names"),
    ],
)
def test_a_file_without_settings_is_refused(tmp_path: Path, name: str, content: bytes, why: str):
    with pytest.raises(NotReadable) as refusal:
        read_config(written(tmp_path / name, content))

    assert refusal.value.why == why


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b'{"lr": 0.'),
        ("config.json", b"\xff\xfe\x00"),
        ("config.json", b"[" * 100_000),
        ("config.yaml", b"a: [1, 2"),
        ("config.yaml", b"\x00\x01\x02"),
        ("config.yaml", b"{a: " * 5_000),
        ("config.yaml", b"when: 2024-13-45"),
        ("config.yaml", b"a: 1\n---\nb: 2\n"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, name: str, content: bytes):
    with pytest.raises(NotReadable, match=r"it is not whole (JSON|YAML)"):
        read_config(written(tmp_path / name, content))


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path):
    with pytest.raises(NotReadable, match="No such file"):
        read_config(tmp_path / "config.json")
    with pytest.raises(NotReadable, match="larger than 2 MB"):
        read_config(written(tmp_path / "config.json", b'{"a": "' + b"x" * 2_000_000 + b'"}'))


def test_depth_is_bounded_and_said(tmp_path: Path):
    config = read_config(written(tmp_path / "config.json", '{"a": ' * 30 + "1" + "}" * 30))

    assert config.losses == ("1 values nested deeper than 20 levels were left out",)


def test_aliases_of_aliases_do_not_grow_without_end(tmp_path: Path):
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    config = read_config(written(tmp_path / "config.yaml", bomb))

    assert config.losses[0].endswith("values beyond the first 20,000 were left out")


def test_merges_of_merges_do_not_grow_without_end(tmp_path: Path):
    bomb = "a0: &a0 {k: 1, j: 2}\n" + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], own{n}: 1}}\n" for n in range(1, 12)
    )

    last = read_config(written(tmp_path / "config.yaml", bomb)).settings["a11"]
    assert last == {"k": 1, "j": 2, **{f"own{n}": 1 for n in range(1, 12)}}


def test_half_a_surrogate_pair_becomes_encodable_text(tmp_path: Path):
    config = read_config(written(tmp_path / "config.json", '{"name": "\\ud83d run"}'))

    assert config.settings == {"name": "? run"}
