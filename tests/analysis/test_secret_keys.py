import pytest

from samestep.analysis.secret_keys import holds_secrets, is_kept_secret, is_secret

DRAWN = "9f8a7d6c5b4a39281706f5e4d3c2b1a0"


@pytest.mark.parametrize(
    "key",
    [
        *("api_key", "WANDB_API_KEY", "hf_token", "token", "db.password", "awsSecretAccessKey"),
        *("auth", "storage/account_key", "connectionString", "db_pwd", "--api-key"),
        *("wandb_key", "logging.openaiKey", "creds", "auth.bearer", "cookie"),
        *("wandb.key", "api.key", "keys.openai", "api_keys", "pass", "smtp_pass", "Authorization"),
        *("encryption_key", "slack_webhook", "bot_token", "hub_token", "github_pat", "apitoken"),
    ],
)
def test_a_key_that_names_a_secret_is_known(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        *("max_tokens", "tokenizer", "token_dropout", "pad_token", "eos_token", "num_keys"),
        *("author", "key", "keys", "tokens_per_step", "sort_key", "key_dim", "tokens", ""),
        *("attention.key", "distill_token", "loss_per_token", "forward_pass", "passes"),
    ],
)
def test_a_key_that_only_sounds_like_one_is_not_a_secret(key: str) -> None:
    assert not is_secret(key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("key", DRAWN),
        ("key", "0b8f1c3e-1234-4abc-9def-1234567890ab"),
        ("sort_key", "AbC9xYz12QwErTy45UiOp67"),
        ("password", 123456),
        ("api_key", ["one", "other"]),
    ],
)
def test_what_a_setting_holds_may_make_it_a_secret(key: str, value: object) -> None:
    assert is_kept_secret(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("key", "val_loss"), ("key", "episode_reward_mean_last_100_episodes")),
        *(("sort_key", "eval/reward"), ("use_auth_token", True), ("token", "[MASK]")),
        *(("n_token", "512"), ("cost_per_million_token", 0.3), ("password", ""), ("digest", DRAWN)),
    ],
)
def test_what_a_setting_holds_may_show_that_it_is_none(key: str, value: object) -> None:
    assert not is_kept_secret(key, value)


def test_a_table_of_secrets_is_told_by_its_name() -> None:
    assert [
        name for name in ("credentials", "api_keys", "auth", "keys") if holds_secrets(name)
    ] == [
        "credentials",
        "api_keys",
    ]
