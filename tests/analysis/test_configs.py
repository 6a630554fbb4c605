from datetime import date
from enum import Enum
from pathlib import PurePosixPath

import numpy as np
import pytest

from samestep.analysis.configs import flat, is_unset, objects_in, same, typed, whole
from samestep.analysis.safe_values import Setting


class Optimizer:
    """An object that a user put into a config."""

    def __str__(self) -> str:
        """Fail: nothing of an object is run."""
        raise AssertionError


class Mode(Enum):
    """A choice of a program."""

    FAST = 1


def test_nested_settings_get_dotted_keys_and_lists_and_nulls_stay() -> None:
    config = {"model": {"depth": 12, "heads": None}, "sizes": [1, 2], "lr": {"value": 0.1}}

    assert flat(config) == {"model.depth": 12, "model.heads": None, "sizes": [1, 2], "lr": 0.1}


def test_a_switch_named_like_a_secret_is_shown() -> None:
    assert flat({"use_auth_token": True, "password": ""}) == {
        "use_auth_token": True,
        "password": "",
    }


def test_secrets_are_redacted_at_every_depth() -> None:
    config = {
        "credentials": {"user": "me", "port": 1},
        "services": [{"api_key": "k1"}, "postgres://me:k2@host"],
        "argv": ["--api-key", "k3", "--lr", "1"],
    }

    assert whole(config) == {
        "credentials.user": "[redacted]",
        "credentials.port": 1,
        "services": [{"api_key": "[redacted]"}, "postgres://[redacted]@host"],
        "argv": ["--api-key", "[redacted]", "--lr", "1"],
    }


def test_a_secret_that_a_table_or_a_text_names_is_redacted() -> None:
    config = {
        "env": [{"name": "API_KEY", "value": "k1"}, {"name": "DEPTH", "value": "12"}],
        "secrets": {"names": ["k2"]},
        "client": '{"credentials": {"user": "me"}, "port": 1}',
        "services": {"sk-abcdefghijklmnop1234": "on"},
        "name": "token",
        "value": "k3",
    }

    assert whole(config) == {
        "env": [{"name": "API_KEY", "value": "[redacted]"}, {"name": "DEPTH", "value": "12"}],
        "secrets.names": "[redacted]",
        "client": '{"credentials": "[redacted]", "port": 1}',
        "services.[redacted]": "on",
        "name": "token",
        "value": "[redacted]",
    }


def test_a_key_that_is_no_text_is_one_in_the_settings() -> None:
    config: dict[object, object] = {1: {True: "a"}, None: {"b": 2}}

    assert whole(config) == {"1.True": "a", "None.b": 2}  # pyright: ignore[reportArgumentType] # as YAML reads it


def test_an_array_of_a_program_is_told_by_its_kind_or_redacted() -> None:
    config = {"api_key": np.zeros(2), "weights": np.zeros(2)}

    assert whole(config) == {"api_key": "[redacted]", "weights": "<ndarray object>"}


def test_a_list_without_end_is_read_as_deep_as_any_is_written() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]

    assert str(typed({"a": deep})["a"]).strip("[]'") == "nested deeper than 64 levels"
    assert objects_in({"a": deep}) == []


def test_a_long_text_is_cut_and_says_how_much_but_is_compared_in_full() -> None:
    assert flat({"prompt": "a" * 310}) == {"prompt": f"{'a' * 300}... and 10 more characters"}
    assert whole({"prompt": "a" * 310}) == {"prompt": "a" * 310}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.001", 0.001),
        ("1e-3", 0.001),
        ("12", 12),
        ("True", True),
        ("None", None),
        ("(0.9, 0.99)", [0.9, 0.99]),
        ("['a', 'b']", ["a", "b"]),
        ("[not a list", "[not a list"),
        ("resnet50", "resnet50"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_text_is_what_it_spells(text: str, value: Setting) -> None:
    assert typed({"x": text}) == {"x": value}


def test_values_of_a_program_are_plain_ones() -> None:
    config = {
        "path": PurePosixPath("a/b"),
        "mode": Mode.FAST,
        "day": date(2024, 5, 1),
        "rate": np.float64(0.5),
        "size": np.int64(3),
        "names": {"b", "a"},
    }

    assert typed(config) == {
        "path": "a/b",
        "mode": "FAST",
        "day": "2024-05-01",
        "rate": 0.5,
        "size": 3,
        "names": ["a", "b"],
    }


def test_objects_are_known_by_their_kind_and_named() -> None:
    config = {
        "optimizer": Optimizer(),
        "loss": "<function cross_entropy at 0x7f12ab>",
        "net": "<torch.nn.Linear object at 0x7f12ab>",
        "lr": 0.1,
    }

    assert objects_in(config) == ["optimizer", "loss", "net"]
    assert typed(config)["optimizer"] == "<Optimizer object>"
    assert typed(config)["net"] == "<torch.nn.Linear object>"


def test_a_config_without_end_is_read_as_deep_as_any_is_written() -> None:
    config: dict[str, object] = {}
    inner = config
    for _ in range(5_000):
        inner["a"] = {}
        inner = inner["a"]  # pyright: ignore[reportAssignmentType] # it is the mapping just made

    assert list(flat(config).values()) == ["[nested deeper than 64 levels]"]


def test_equal_is_by_value_and_a_switch_is_no_number() -> None:
    assert same(1, 1.0)
    assert same(float("nan"), float("nan"))
    assert not same(True, 1)  # noqa: FBT003 # a setting's value
    assert not same(None, 0)


@pytest.mark.parametrize(("value", "unset"), [(None, True), (False, True), ("", True), (0, False)])
def test_a_setting_that_is_off_is_told_from_zero(value: Setting, unset: object) -> None:
    assert is_unset(value) is unset
