"""What befalls the ledger, said where the person who runs samestep can see it."""

import contextlib
import sys

_said: set[str] = set()


def say_once(sentence: str) -> None:
    """Say a sentence on standard error, once in this process."""
    if sentence in _said:
        return
    _said.add(sentence)
    shown = "".join(sign if sign.isprintable() else "�" for sign in sentence)
    with contextlib.suppress(OSError, ValueError):  # nobody listens: the stream is shut
        sys.stderr.write(f"samestep: {shown}\n")
