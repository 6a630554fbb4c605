import pytest

from samestep.analysis.configs import flat, is_secret, without_credentials


@pytest.mark.parametrize(
    "key",
    ["api_key", "WANDB_API_KEY", "hf_token", "token", "db.password", "awsSecretAccessKey", "auth"],
)
def test_a_key_that_names_a_secret_is_known(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize(
    "key",
    ["max_tokens", "tokenizer", "token_dropout", "pad_token", "eos_token", "num_keys", "author"],
)
def test_a_key_that_only_sounds_like_one_is_not_a_secret(key: str) -> None:
    assert not is_secret(key)


def test_nested_settings_get_dotted_keys_and_lists_and_nulls_stay() -> None:
    config = {"model": {"depth": 12, "heads": None}, "sizes": [1, 2], "lr": {"value": 0.1}}

    assert flat(config) == {"model.depth": 12, "model.heads": None, "sizes": [1, 2], "lr": 0.1}


def test_a_switch_named_like_a_secret_is_shown() -> None:
    assert flat({"use_auth_token": True, "password": ""}) == {
        "use_auth_token": True,
        "password": "",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:hunter2@host/db", "postgresql://[redacted]@host/db"),
        ("https://host/x?token=abc&y=1", "https://host/x?token=[redacted]&y=1"),
        ("key hf_abcdefghijklmnopqrst", "key [redacted]"),
        ("/data/imagenet@2012", "/data/imagenet@2012"),
    ],
)
def test_credentials_inside_a_text_are_redacted(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


def test_a_long_text_is_cut_and_says_how_much() -> None:
    assert flat({"prompt": "a" * 310}) == {"prompt": f"{'a' * 300}... and 10 more characters"}
