"""Patterns over the names of metrics."""

import re


def problem_of(pattern: str) -> str | None:
    """Return why a text is no regular expression; None where it is one."""
    import regex  # a file without patterns needs none

    try:
        regex.compile(re.sub(r":(higher|lower)\Z", "", pattern))
    except regex.error as error:
        return str(error)
    return None


def is_pattern(text: str) -> bool:
    """Return whether a text is a regular expression, as most names are too."""
    return problem_of(text) is None
