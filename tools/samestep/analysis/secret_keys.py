"""Settings that are secrets, told by their keys and by what they hold."""

import re

from samestep.analysis.key_words import words_of

SECRET_WORDS = frozenset(
    "accesskey apikey auth authkey authorization bearer connstr cookie cookies cred creds "
    "credential credentials jwt passphrase passwd password passwords privatekey pw pwd secret "
    "secretkey secrets webhook webhooks".split()
)
KEYS = frozenset(
    "access account api auth authentication deploy encryption license licence master private "
    "secret shared signing storage".split()
)
"""What makes a key that follows it a secret: `api_key`."""
SERVICES = frozenset(
    "anthropic aws azure cohere comet datadog gcp github gitlab google hf huggingface kaggle "
    "mistral mlflow neptune openai s3 sendgrid sentry slack ssh stripe wandb".split()
)
"""Whose keys are secrets too: `wandb_key`."""
OWNERS = SERVICES | frozenset(
    "admin db email ftp http mail mysql pg postgres proxy redis root smtp user".split()
)
"""What makes `pass` a password: `db_pass`."""
MARKS = frozenset(
    "audio blank bos class cls cur current det distill dummy end eos eot extra fim go image in last "
    "latent learnable mask max min n nb new newline next num oov out pad per pool prefix prompt query reg "
    "register reserved seg sep separator soft sos special start stop target think unk video "
    "visual".split()
)
"""What stands before `token` where it is a mark in a text, or a measure: `pad_token`."""
MARK = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
"""A mark in a text as it is written: `<pad>`, `[MASK]`."""
HINT = re.compile(
    "|".join(sorted({*SECRET_WORDS, "key", "token", "pass", "pat", "str"})), re.IGNORECASE
)
"""What stands in the key of every secret; most keys hold none of it, and are not looked at."""
DRAWN = 16  # letters and digits, both, in a row: nobody makes up a name like that
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_secret(key: str) -> bool:
    """Return whether a dotted key names a secret: `hf_token` does, `max_tokens`, `pad_token` not."""
    above, words = _last_two(key)
    if not SECRET_WORDS.isdisjoint(words) or words[-2:] in (
        ["connection", "string"],
        ["conn", "str"],
    ):
        return True
    if above[-1:] in (["keys"], ["tokens"]) and not SERVICES.isdisjoint(words):
        return True
    before = above if len(words) == 1 else words[:-1]
    match words[-1:]:
        case ["key" | "keys"]:
            return not SERVICES.isdisjoint(before) or not KEYS.isdisjoint(before[-1:])
        case ["pass" | "pat"]:
            return not before or not OWNERS.isdisjoint(before[-1:])
        case [last]:
            return last.endswith("token") and MARKS.isdisjoint(before[-1:])
        case _:
            return False


def is_kept_secret(key: str, value: object) -> bool:
    """Return whether a setting is a secret, by its key and by what it holds.

    Switches are none, nor is what is empty, nor numbers and marks under `token`. A `key` is one
    where its value is drawn at random: `key: val_loss` is not.
    """
    if value is None or isinstance(value, bool) or (isinstance(value, str) and not value):
        return False
    if HINT.search(key) is None:
        return False
    last = "".join(_last_two(key)[1][-1:])
    if last in {"key", "keys"} and isinstance(value, str) and _is_drawn(value):
        return True
    return is_secret(key) and not (last.endswith(("token", "pass")) and _is_no_token(value))


def holds_secrets(key: str) -> bool:
    """Return whether a table of settings is one of secrets: what stands in `credentials` is."""
    words = words_of(key)
    keys = words[-1:] == ["keys"] and not KEYS.isdisjoint(words)
    return keys or not (SECRET_WORDS - {"auth"}).isdisjoint(words)


def _last_two(key: str) -> tuple[list[str], list[str]]:
    """Return the words of the part above a dotted key's last one, and of the last."""
    above, last = ["", *re.split(r"[./]", key)][-2:]
    return words_of(above), words_of(last)


def _is_drawn(value: str) -> bool:
    pieces = re.split(r"[^A-Za-z0-9]", value)
    drawn = (len(one) >= DRAWN and not one.isalpha() and not one.isdigit() for one in pieces)
    return any(drawn) or UUID.fullmatch(value) is not None


def _is_no_token(value: object) -> bool:
    if isinstance(value, str):
        return MARK.fullmatch(value.strip()) is not None
    return isinstance(value, int | float)
