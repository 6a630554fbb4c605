"""Values of others as an answer shows them: short, in one line, and apart from each other."""

import json
from collections.abc import Sequence
from itertools import takewhile

LONGEST = 32  # characters of a value inside a sentence
SEPARATORS = "/\\_-. ,"
BRACKETS = str.maketrans("()", "[]")


def shown(value: object, longest: int = LONGEST) -> str:
    """Return one value, its middle left out where it is long; parentheses become brackets."""
    text = _text(value)
    rest = len(text) - longest
    half = (longest - 3) // 2
    return text if rest <= 0 else f"{text[:half]}...{text[-half:]}"


def contrasted(values: Sequence[object], longest: int = LONGEST) -> list[str]:
    """Return values so that those that differ look different: what long ones share is left out."""
    texts = [_text(value) for value in values]
    if all(len(text) <= longest for text in texts):
        return texts
    cut = _shared_start([text for text in texts if len(text) > longest])
    short = [f"...{text[cut:]}" if cut and len(text) > longest else text for text in texts]
    told = [shown(text, longest) for text in short]
    if len(set(told)) == len(set(texts)):
        return told
    return [f"{text[: longest // 2]}... [{len(text)} characters]" for text in texts]


def _shared_start(texts: Sequence[str]) -> int:
    """Return how many characters all begin with, back to a separator; 0 for too few."""
    if len(set(texts)) <= 1:
        return 0
    alike = takewhile(lambda signs: len(set(signs)) == 1, zip(*texts, strict=False))
    common = "".join(signs[0] for signs in alike)
    cut = max((common.rfind(sign) for sign in SEPARATORS), default=-1) + 1
    return cut if cut > len("...") else 0


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    line = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(text.split()))
    return line.translate(BRACKETS) or '""'
