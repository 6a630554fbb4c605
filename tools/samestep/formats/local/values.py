"""What one cell of a log holds."""

from samestep.formats.config_files import whole_text

Cell = float | str | None
"""A number, a text that is none, or None where nothing was logged."""

NOT_LOGGED = frozenset({"", "none", "null", "na", "n/a", "-"})
NOT_FINITE = {
    "nan(ind)": "nan",
    "-nan(ind)": "nan",
    "1.#ind": "nan",
    "-1.#ind": "nan",
    "1.#qnan": "nan",
    "1.#inf": "inf",
    "-1.#inf": "-inf",
}
"""How C on Windows writes what is no number."""


def written(text: str) -> Cell:
    """Return what a cell of a text table holds."""
    try:
        return float(text) if "_" not in text else text  # float() takes 1_000 for a number
    except ValueError:
        word = text.strip().lower()
        if word in NOT_LOGGED:
            return None
        return float(NOT_FINITE[word]) if word in NOT_FINITE else text.strip()


def parsed(value: object) -> Cell:
    """Return what a parsed JSON value holds; None where it is neither number nor text."""
    match value:
        case bool():
            return None
        case int() | float():
            return _as_float(value)
        case str():
            word = value.strip().lower().lstrip("+-")
            return float(value) if word in ("nan", "inf", "infinity") else whole_text(value)
        case _:
            return None


def _as_float(value: float) -> Cell:
    try:
        return float(value)
    except OverflowError:  # an integer beyond every float
        return str(value)[:40]
