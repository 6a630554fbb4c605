"""Texts without the secrets in them: in addresses, connection strings, headers and arguments."""

import re

from samestep.analysis.secret_keys import is_kept_secret

REDACTED = "[redacted]"
KEYS_OF_SERVICES = re.compile(
    r"""\b(?:
        sk-(?:[a-z0-9]{2,8}-){0,3}[A-Za-z0-9_]{16,}[\w-]*
        |(?:hf|gh[oprsu]|npm|gsk|r8)_[A-Za-z0-9]{16,}
        |github_pat_\w{16,} |glpat-[\w-]{16,} |xox[abeprs]-[\w-]{10,} |dop_v1_[0-9a-f]{16,}
        |pypi-[\w-]{64,} |nvapi-[\w-]{16,} |wandb_v\d_\w{16,} |SG\.[\w-]{16,}\.[\w-]{16,}
        |(?:AKIA|ASIA)[A-Z0-9]{12,} |AIza[\w-]{30,}
    )""",
    re.VERBOSE,
)
PLAIN = re.compile(r"[\w ./]{0,15}")
"""Short texts that no secret fits into."""
SIGNATURE = re.compile(r"(?<=[?&])(sig|signature|x-amz-signature)=[^&\s]+", re.IGNORECASE)
"""What signs an address, so that whoever has it may read what is there."""
WEBHOOK = re.compile(r"(?<=hooks\.slack\.com/services/)\S+")
JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.*?(-----END [A-Z ]{0,30}-----|\Z)", re.DOTALL
)
SIGNING_IN = re.compile(
    r"(\bBearer |(?i:authorization['\"]?\s?[:=]\s?['\"]?(?:bearer|basic|token|apikey) ))[^\s'\",}]+"
)
"""A header that signs in: `Authorization: Basic x`."""
SCHEMES = frozenset(["bearer", "basic", "token", "apikey"])
USER_ARGUMENT = re.compile(r"(?<=\s-u )([^\s:]{1,64}):\S+")
CREDENTIALS_IN_ADDRESS = re.compile(r"(?<=://)[^/\s?#]+@")
SECRET_IN_TEXT = re.compile(
    r"(?P<name>(?<![\w.-])(?P<dashes>-{0,2})"
    r"[\w.-]{0,64}?(?:pass|pwd|pw|secret|token|cred|cookie|auth|key)[\w-]{0,64})"
    r"(?P<between>['\"]?\s{0,8}[=:]\s{0,8}|\s{1,8})"
    r"(?P<value>'[^'\n]{1,999}'|\"[^\"\n]{1,999}\""
    r"|['\"]?[^\s;,&'\"}\])]+(?:[^;,&'\"=}\])]{0,64}(?=;))?)",
    re.IGNORECASE,
)
"""A name like a secret's and its value in a text: `password=x;`, `"token": "x"`, `--api-key x`."""


def without_credentials(text: str) -> str:
    """Return a text without passwords and keys."""
    if PLAIN.fullmatch(text):
        return text
    text = PRIVATE_KEY.sub(REDACTED, text)
    text = CREDENTIALS_IN_ADDRESS.sub(f"{REDACTED}@", text)
    text = SIGNATURE.sub(rf"\1={REDACTED}", WEBHOOK.sub(REDACTED, text))
    text = USER_ARGUMENT.sub(rf"\1:{REDACTED}", SIGNING_IN.sub(rf"\1{REDACTED}", text))
    text = SECRET_IN_TEXT.sub(_redacted, JSON_WEB_TOKEN.sub(REDACTED, text))
    return KEYS_OF_SERVICES.sub(REDACTED, text)


def without_service_key(name: str) -> str:
    """Return the name of a setting without what only a key of a service looks like."""
    return name if PLAIN.fullmatch(name) else KEYS_OF_SERVICES.sub(REDACTED, name)


def _redacted(found: re.Match[str]) -> str:
    """Return a name and its value, the value redacted where the name is a secret's.

    A name that only a space follows has a value where it is an argument: `--token x`.
    """
    written = found["value"]
    quote = written[0] if written[0] in {"'", '"'} else ""
    value = written.strip("'\"")
    assigned = bool(found["between"].strip()) or bool(found["dashes"])
    told_already = value.lower() in SCHEMES and "auth" in found["name"].lower()
    opens_a_table = value in {"{", "["}
    if not assigned or told_already or opens_a_table or not is_kept_secret(found["name"], value):
        return found[0]
    closing = quote if len(written) > 1 and written.endswith(quote) else ""
    return f"{found['name']}{found['between']}{quote}{REDACTED}{closing}"
