"""The sentences that answers and claims share, each worded once, from plain values."""

import math

MOST_DIGITS = 1e15  # whole numbers beyond this are shortened like the rest


def number(value: float | None) -> str:
    """Return a number with six significant digits, `-` for none."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    value = float(f"{value:.8g}") if not float(value).is_integer() else value
    whole = float(value).is_integer() and abs(value) < MOST_DIGITS
    return str(int(value)) if whole else f"{value:.6g}"


def place(axis: str, x: float | None) -> str:
    """Return an x in words: `epoch 11`, `step 117000`."""
    return f"{axis} {number(x)}"


def way(direction: str | None) -> str:
    """Return which way is better, in words."""
    return f"{direction} is better" if direction else "direction unknown"


def metric_told(metric: str, role: str, direction: str | None) -> str:
    """Return a metric with its role and direction."""
    return f"{metric} ({'a proxy' if role == 'proxy' else 'downstream'}, {way(direction)})"


def value_told(value: float | None, seeds: int | None, match: str | None, metric: str = "") -> str:
    """Return a value with the name its side logs it by, its seeds and how it was found."""
    name = f"{metric} " if metric else ""
    mean = f", mean of {seeds}" if seeds is not None else ""
    found = "" if match in {None, "exact"} else f", {match}"
    return f"{name}{number(value)}{mean}{found}"


def against_told(delta: float, baseline: str, value: str) -> str:
    """Return a difference from one baseline, whose value is told."""
    if not delta:
        return f"equal to {baseline}"
    return f"{number(abs(delta))} {'above' if delta > 0 else 'below'} {baseline} ({value})"


def standing_told(where: str, student: str, value: str, metric: str, against: str) -> str:
    """Return how a student stands at an x: its value, and its difference from each baseline."""
    return f"At {where} {student} has {value} on {metric}: {against}."


def value_at(where: str, run: str, value: str, metric: str) -> str:
    """Return one run's value at an x."""
    return f"At {where} {run} has {value} on {metric}."
