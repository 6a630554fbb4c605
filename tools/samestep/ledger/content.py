"""What is written of an answer, and the digest that says it is still what was written."""

import hashlib
from pathlib import Path


def digest_of(text: str) -> bytes:
    """Return the digest of an answer's JSON."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def directory_text(project: Path) -> str:
    """Return a directory as text that a database takes, whatever bytes its name is made of."""
    return str(project.resolve()).encode("utf-8", "backslashreplace").decode()
