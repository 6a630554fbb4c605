"""Mentions of an x in a sentence: `epoch 11`, `after 5k steps`, `the 11th epoch`."""

import re
from functools import partial

from samestep.claims.marks import Marked, Place
from samestep.claims.patterns import words

AXES = {
    "epoch": "epoch", "ep": "epoch", "step": "step", "iteration": "step", "iter": "step",
    "update": "step", "token": "tokens", "tok": "tokens", "sample": "samples",
}  # fmt: skip
SMALL: dict[str, int] = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        range(1, 13),
        strict=True,
    )
)
AXIS = r"(?P<axis>epoch|ep|step|iteration|iter|update|token|tok|sample)s?\b\.?"
COUNT = r"(?P<count>\d(?:[\d,]{0,13}\d)?(?:\.\d+)?(?:e[+-]?\d{1,2}(?!\w))?)(?P<many>[kKmMbB]\b|\s(?:thousand|million|billion)\b)?"
COUNT_BEFORE = r"(?P<count>\d(?:[\d,]{0,13}\d)?(?:\.\d+)?(?:e[+-]?\d{1,2}(?!\w))?)(?P<many>[kKmMbB](?![a-z])|\s(?:thousand|million|billion)\b)?"
BETWEEN = words(
    r"(\bbetween\s+(?:epoch|step)s?\s*[\d,.]+[kKmMbB]?\s+and\s+)(?:epoch|step)s?\s+(?=\d)",
    re.IGNORECASE,
)
LISTED = words(
    r"\b(?P<axis>epoch"
    r"|step)s\s+(?P<first>\d[\d,]{0,14}[kK]?(?:,\s+\d[\d,]{0,14}[kK]?)*)(?:,?\s+and\s+)"
    r"(?P<last>\d[\d,]{0,14}[kK]?)(?![\w%.]*\d)",
    re.IGNORECASE,
)
FROM_BEFORE = words(
    rf"\bfrom\s+{COUNT}\s+(?:to|up to|until)\s+(?P<upto>\d[\d,]{{0,14}}(?:\.\d+)?)"
    rf"(?P<many_upto>[kKmMbB]\b)?\s*{AXIS}",
    re.IGNORECASE,
)
"""A range whose axis stands behind it: `from 2.8B to 3.6B tokens`."""
FROM_TO = words(
    rf"\b{AXIS}\s*(?:from\s+)?{COUNT}\s*(?:-|\u2013|to"
    rf"|and(?!\s*\d[\d,.]*\s*%?\s*(?:at|after|on)\b)|\.\.)\s*(?P<upto>\d[\d,]{{0,14}}(?:\.\d+)?)(?P<many_upto>[kKmMbB]\b)?(?![\w%])",
    re.IGNORECASE,
)
AXIS_FIRST = words(
    rf"(?<![\w/-])(?:{AXIS}\s*(?:=|,(?=\s\d+,)|:(?!\s*\d+\.)|#|≈|~|no\."
    rf"|\((?!\d+\.))?\s*{COUNT}(?:\s*(?:/|(?:out )?of)\s*"
    r"(?:(?:the|its) )?(?:planned )?\d[\d,]{0,14}[kKmMbB]?)?"
    rf"|(?P<ep>ep?)@?{COUNT.replace('count', 'n').replace('many', 'k')})"
    r"(?![\w/%]|\.\d|-\w)",
    re.IGNORECASE,
)
NTH: dict[str, int] = dict(
    zip(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        range(2, 13),
        strict=True,
    )
)
SPELT_NTH = words(rf"\b(?:the )?(?P<nth>{'|'.join(NTH)})\s+{AXIS}", re.IGNORECASE)
ORDINAL = words(rf"(?<![\w.])(?P<count>\d+)(?P<many>)(?:st|nd|rd|th)\s+{AXIS}", re.IGNORECASE)
SPELT = "|".join(SMALL)
COUNTED = words(
    rf"(?<![\w.,])(?:{COUNT_BEFORE}|(?P<spelt>{SPELT}))(?:\s*(?:of|/"
    rf"|out of)\s*(?:(?:the|its|our|their"
    rf"|a total of)\s+)?(?:planned\s+)?\d[\d,]{{0,14}}[kKmMbB]?)?[\s-]*(?:(?:environment|env"
    rf"|training|train|gradient|optimi[sz]er|agent|policy|pre-?training)\s+)?{AXIS}"
    r"(?!\s+(?:more|later|earlier|left|remaining|apart|longer|schedule|run|training|budget|plan"
    r"|before|time|shown|behind|ahead|late|lag)\b|\s*(?:schedule|budget)\b|/)",
    re.IGNORECASE,
)
NO_PLACE = words(
    r"\b(?:these|those|all|both|more|another|last|final|next|first|every|per|than|additional"
    r"|remaining|additionally"
    r"|within|in|needs?|takes?|extra|by)\s*(?:about\s+|around\s+)?$",
    re.IGNORECASE,
)
AND_AFTER = words(r"(\bafter\s+)(\d{1,7})(?![.,]\d)(?=\s*[.,;)]|\s*$|\s+and\b)", re.IGNORECASE)
MANY = words(
    r"(?:\b(?:at|after|around|reach(?:es|ed)?|by)|@)\s*(?:about |around |roughly |~"
    r"|the (?=\S+ (?:checkpoint|mark|point)))?"
    r"(?P<count>\d[\d,]{0,14}(?:\.\d+)?)(?P<many>[kKmMbB])(?![\w.]*\w)"
)
"""A count that is no x by its words, but by its size: `at 1M`."""
IN = words(r"\bin\s*$", re.IGNORECASE)


def mark_places(marked: Marked, counted: str) -> None:
    """Replace every mention of an x by its sign; `counted` is the axis of `at 1M`."""
    marked.replaced(BETWEEN, lambda found: found[1])
    marked.replaced(LISTED, lambda found: _listed(marked, found))
    marked.replaced(FROM_BEFORE, lambda found: _ranged(marked, found))
    marked.replaced(FROM_TO, lambda found: _ranged(marked, found))
    marked.replaced(ORDINAL, lambda found: marked.place(_place(found)))
    marked.replaced(SPELT_NTH, lambda found: marked.place(_spelt(found)))
    marked.replaced(AXIS_FIRST, lambda found: marked.place(_place(found)))
    marked.replaced(COUNTED, lambda found: _counted(marked, found))
    marked.replaced(MANY, lambda found: _many(marked, counted, found))
    axes = {place.axis for place in marked.places}
    if len(axes) == 1:
        marked.replaced(AND_AFTER, partial(_and_after, marked, *axes))


def _counted(marked: Marked, found: "re.Match[str]") -> str:
    """Return the sign of `11 epochs`; what tells how long something takes is no x."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    lasts = IN.search(before) and not re.match(r"\s+in\b", after)
    if lasts or NO_PLACE.search(before):
        return found[0]
    return marked.place(_place(found))


def _many(marked: Marked, axis: str, found: "re.Match[str]") -> str:
    """Return the sign of `at 1M`, behind its preposition."""
    place = Place(found[0], axis, _value(found["count"], found["many"]))
    return found[0][: found.start("count") - found.start()] + marked.place(place)


def _and_after(marked: Marked, axis: str, found: "re.Match[str]") -> str:
    """Return the sign of the second x in `after 10 epochs and after 11`."""
    return found[1] + marked.place(Place(found[2], axis, _value(found[2], None)))


def _listed(marked: Marked, found: "re.Match[str]") -> str:
    """Return the signs of `epochs 70, 71 and 72`; two that a range may lie between stay."""
    if "," not in found["first"].replace(",000", ""):
        return found[0]
    axis = AXES[found["axis"].lower()]
    counts = [*re.split(r",\s+", found["first"]), found["last"]]
    return " ".join(marked.place(Place(c, axis, _value(*_count(c)))) for c in counts)


def _count(text: str) -> tuple[str, str | None]:
    return (text[:-1], text[-1]) if text[-1].isalpha() else (text, None)


def _ranged(marked: Marked, found: "re.Match[str]") -> str:
    """Return the sign of `steps 7000 to 9500`; of `step 4600 to 3.302` the end is no x."""
    place = _range(found)
    return found[0] if place.upto is not None and place.upto < place.value else marked.place(place)


def _range(found: "re.Match[str]") -> Place:
    place = _place(found)
    return Place(found[0], place.axis, place.value, _value(found["upto"], found["many_upto"]))


def _spelt(found: "re.Match[str]") -> Place:
    return Place(found[0], AXES[found["axis"].lower()], float(NTH[found["nth"].lower()]))


def _place(found: "re.Match[str]") -> Place:
    if found.groupdict().get("ep"):
        return Place(found[0], "epoch", _value(found["n"], found["k"]))
    axis = AXES[found["axis"].lower()]
    spelt = found.groupdict().get("spelt")
    if spelt:
        return Place(found[0], axis, float(SMALL[spelt.lower()]))
    return Place(found[0], axis, _value(found["count"], found["many"]))


def _value(count: str, many: str | None) -> float:
    times = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}.get((many or "").strip().lower()[:1], 1.0)
    return float(count.replace(",", "").rstrip(".")) * times
