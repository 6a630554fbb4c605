"""Secrets in settings, taken out before anything else sees them."""

import re

REDACTED = "[redacted]"
SECRET_WORDS = frozenset(
    "apikey auth bearer cookie cookies creds credential credentials passphrase passwd password pwd "
    "secret secrets".split()
)
SECRET_ENDINGS = (
    "api key",
    "access key",
    "account key",
    "private key",
    "secret key",
    "shared key",
    "signing key",
    "connection string",
    "token",
)
SERVICES = frozenset(
    "anthropic aws azure comet gcp github gitlab google hf huggingface mlflow neptune openai slack "
    "ssh wandb".split()
)
"""What makes a key of theirs a secret: `wandb_key`."""
MARKS = frozenset("bos cls eos mask pad sep unk special image audio video start end".split())
"""What stands before `token` where it is a mark in a text, not a key: `pad_token`."""
KEYS_OF_SERVICES = re.compile(
    r"\b(sk|hf|ghp|gho|ghs|github_pat|glpat|xox[abp]|AKIA|ASIA|AIza|dop_v1|npm|pypi)"
    r"[-_]?[A-Za-z0-9_-]{16,}"
)
SIGNATURE = re.compile(r"(?<=[?&])(sig|signature|x-amz-signature)=[^&\s]+", re.IGNORECASE)
"""What signs an address, so that whoever has it may read what is there."""
WEBHOOK = re.compile(r"(?<=hooks\.slack\.com/services/)\S+")
JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.*?(-----END [A-Z ]{0,30}-----|\Z)", re.DOTALL
)
BEARER = re.compile(r"(?<=\bBearer )\S+", re.IGNORECASE)
CREDENTIALS_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+@")
SECRET_IN_TEXT = re.compile(
    r"(?P<name>(?<![\w.-])(?P<dashes>-{0,2})"
    r"[\w.-]{0,64}?(?:pass|pwd|secret|token|credential|auth|key)[\w-]{0,64})"
    r"(?P<between>['\"]?\s{0,8}[=:]\s{0,8}['\"]?|\s{1,8})"
    r"(?P<value>[^\s;,&'\"}\])]+(?:[^;,&'\"=}\])]{0,64}(?=;))?)",
    re.IGNORECASE,
)
"""A name like a secret's and its value in a text: `password=x;`, `"token": "x"`, `--api-key x`."""


def is_secret(key: str) -> bool:
    """Return whether a key names a secret: `hf_token` does, `max_tokens` and `pad_token` do not."""
    words = words_of(re.split(r"[./]", key)[-1])
    if not SECRET_WORDS.isdisjoint(words):
        return True
    if words[-1:] == ["token"] and len(words) > 1 and words[-2] in MARKS:
        return False
    if words[-1:] == ["key"] and not SERVICES.isdisjoint(words):
        return True
    return " ".join(words).endswith(SECRET_ENDINGS)


def holds_secrets(key: str) -> bool:
    """Return whether a table of settings is one of secrets: what stands in `credentials` is."""
    return not (SECRET_WORDS - {"auth"}).isdisjoint(words_of(key))


def without_credentials(text: str) -> str:
    """Return a text without passwords and keys: in addresses, connection strings and arguments."""
    text = PRIVATE_KEY.sub(REDACTED, text)
    text = CREDENTIALS_IN_ADDRESS.sub(f"{REDACTED}@", text)
    text = SIGNATURE.sub(rf"\1={REDACTED}", WEBHOOK.sub(REDACTED, text))
    text = JSON_WEB_TOKEN.sub(REDACTED, BEARER.sub(REDACTED, text))
    return KEYS_OF_SERVICES.sub(REDACTED, SECRET_IN_TEXT.sub(_redacted, text))


def words_of(key: str) -> list[str]:
    """Return the words of a key in lower case: `maxEpochs` is max, epochs."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", key)
    return [word for word in re.split(r"[^a-z0-9]+", spaced.lower()) if word]


def _redacted(found: re.Match[str]) -> str:
    """Return a name and its value, the value redacted where the name is a secret's.

    A name that only a space follows has a value where it is an argument: `--token x`.
    """
    assigned = bool(found["between"].strip()) or bool(found["dashes"])
    if not assigned or not is_secret(found["name"]):
        return found[0]
    return f"{found['name']}{found['between']}{REDACTED}"
