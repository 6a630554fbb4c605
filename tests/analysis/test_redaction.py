import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samestep.analysis.redaction import REDACTED, is_secret, without_credentials


@pytest.mark.parametrize(
    "key",
    [
        *("api_key", "WANDB_API_KEY", "hf_token", "token", "db.password", "awsSecretAccessKey"),
        *("auth", "storage/account_key", "connectionString", "db_pwd", "--api-key"),
    ],
)
def test_a_key_that_names_a_secret_is_known(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        *("max_tokens", "tokenizer", "token_dropout", "pad_token", "eos_token", "num_keys"),
        *("author", "key", "keys", "tokens_per_step"),
    ],
)
def test_a_key_that_only_sounds_like_one_is_not_a_secret(key: str) -> None:
    assert not is_secret(key)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:hunter2@host/db", "postgresql://[redacted]@host/db"),
        ("https://host/x?token=abc&y=1", "https://host/x?token=[redacted]&y=1"),
        ("key hf_abcdefghijklmnopqrst", "key [redacted]"),
        (
            "Server=db;User=sa;Password=p@ss w;Port=1",
            "Server=db;User=sa;Password=[redacted];Port=1",
        ),
        ("AccountName=n;AccountKey=abc==;End=x", "AccountName=n;AccountKey=[redacted];End=x"),
        ("train.py --api-key abc --lr 0.1", "train.py --api-key [redacted] --lr 0.1"),
        ("{'api_key': 'abc', 'lr': 1}", "{'api_key': '[redacted]', 'lr': 1}"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----", "[redacted]"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0", "[redacted]"),
    ],
)
def test_credentials_inside_a_text_are_redacted(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "/data/imagenet@2012",
        "max_tokens=512 pad_token=<pad>",
        "lr: 0.1, tokenizer: bert",
        "a token b",
    ],
)
def test_a_text_without_any_stays_as_it_is(text: str) -> None:
    assert without_credentials(text) == text


@given(
    st.sampled_from(["password", "api_key", "--hf-token"]),
    st.from_regex(r"[A-Za-z0-9]{4,40}", fullmatch=True),
)
def test_no_assigned_secret_survives(name: str, secret: str) -> None:
    assert without_credentials(f"run {name}={secret} now") == f"run {name}={REDACTED} now"


@pytest.mark.parametrize(
    "text", ["key" * 100_000, "password " * 20_000, "x=y;" * 50_000, "a-" * 99_999]
)
def test_a_text_made_to_be_slow_is_read_in_no_time(text: str) -> None:
    started = time.process_time()

    without_credentials(text)

    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "key", ["wandb_key", "logging.openaiKey", "creds", "auth.bearer", "cookie"]
)
def test_keys_of_services_and_what_signs_one_in_are_secrets(key: str) -> None:
    assert is_secret(key)
    assert not is_secret("sort_key")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "https://x.blob/data?sv=1&sig=LEAK%3D&se=2",
            "https://x.blob/data?sv=1&sig=[redacted]&se=2",
        ),
        (
            "https://hooks.slack.com/services/T0/B0/abc",
            "https://hooks.slack.com/services/[redacted]",
        ),
    ],
)
def test_an_address_that_lets_anybody_in_is_shown_without_what_does(text: str, shown: str) -> None:
    assert without_credentials(text) == shown
