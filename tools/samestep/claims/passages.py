"""A Markdown text as what can be claims in it: sentences and table rows, each with its context."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from samestep.claims.patterns import words

FENCE = words(r"^\s*(```+|~~~+)")
HEADING = words(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*$")
ITEM = words(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(.*)$")
TASK = words(r"^\[ \]\s")
BARE_TASK = words(r"^\s*\[[ xX]\]\s+\S")
TITLE = 60  # characters of a line that stands above others without being a heading
TITLED = words(
    r"^[^.!?;]*\b(?:at|after)? ?(?:epoch|step|ep|tokens)\b ?\d[\d,.]*\w?(?:,[^.!?;]{0,30})?$",
    re.IGNORECASE,
)
OF_ALL = words(
    r"(?:all|both|every(?:thing)?|values|numbers|results|read|measured|compared)\b[^.|]{0,60}"
    r"\b(?:epoch|step|tokens)\b[^.|]{0,20}$|(?:epoch|step|tokens|x)\s*[:=]\s*\d[\d,.]*\w?$",
    re.IGNORECASE,
)
"""An item that tells the x of all others: `- both runs read at epoch 24`."""
RULE_OF_TABLE = words(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
QUOTE = words(r"^\s{0,3}>")
INDENTED = words(r"^(?: {4,}|\t)\S")
COMMENT, COMMENT_END = "<!--", "-->"
MOST_COLUMNS = 100  # of a table that are read
MOST_BEFORE = 3  # sentences of a paragraph that a sentence may refer back to
NO_END = (
    "Sec.",
    "Secs.",
    "Eq.",
    "Ref.",
    "App.",
    "Figs.",
    "al.",
    "Dr.",
    "e.g.",
    "i.e.",
    "vs.",
    "cf.",
    "ep.",
    "Fig.",
    "Tab.",
    "approx.",
    "resp.",
    "etc.",
)
SENTENCE_END = words(
    r"(?<=[.!?])(?<![:(]\s\d\.)"
    + "".join(rf"(?<!\b{re.escape(short)})" for short in NO_END)
    + r"([\"”')*]*)\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, or one row of a table, as it was written."""

    text: str
    line: int
    """The line it begins on, from 1."""
    lead: str = ""
    """What stands above it and gives it its x and metric: a heading, a lead-in, a caption."""
    before: str = ""
    """The sentences before it in its paragraph."""
    earlier: str = ""
    """The last sentence of the paragraph before."""
    after: str = ""
    """The next sentence of its paragraph."""
    headers: tuple[str, ...] = ()
    """The headers of its table; empty for a sentence."""
    cells: tuple[str, ...] = ()
    """Its cells; empty for a sentence."""
    beside: tuple[tuple[str, ...], ...] = ()
    """The cells of all rows of its table."""
    is_cut: bool = False
    """Whether its row has more columns than are read."""


@dataclass(slots=True)
class _Reading:
    """Where the reading of a text stands."""

    heading: str = ""
    lead: str = ""
    earlier: str = ""
    paragraph: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    table: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    above_table: str = ""
    """What stood above the table that has just ended: it holds for what is said of it below."""
    newest: tuple[int, str] = (0, "")
    """The last line of the last paragraph, and its last sentence."""


def passages(text: str) -> Iterator[Passage]:
    """Yield what a text says, leaving out code, quotes and comments."""
    reading, fence = _Reading(), ""
    for number, line in enumerate([*_without_comments(text).splitlines(), ""], start=1):
        opened = FENCE.match(line)
        if fence or opened:
            yield from _paragraph(reading)
            closes = bool(fence) and line.strip().startswith(fence)
            fence = "" if closes else fence or (opened[1] if opened else "")
            continue
        yield from _line(reading, number, line)
    yield from _paragraph(reading)


def _without_comments(text: str) -> str:
    """Leave out comments but for their line ends; one that is never closed is none."""
    kept, at = [""], 0
    while (begin := text.find(COMMENT, at)) >= 0:
        end = text.find(COMMENT_END, begin + len(COMMENT))
        if end < 0:
            break
        kept.extend([text[at:begin], "\n" * text.count("\n", begin, end)])
        at = end + len(COMMENT_END)
    return "".join([*kept, text[at:]])


def _line(reading: _Reading, number: int, line: str) -> Iterator[Passage]:
    if reading.table and not ("|" in line and line.strip()):
        yield from _rows(reading)
    heading, item = HEADING.match(line), ITEM.match(line)
    item = item or (ITEM.match(f"- {line.strip()}") if BARE_TASK.match(line) else None)
    in_table = "|" in line and (reading.table or line.lstrip().startswith("|"))
    is_code = INDENTED.match(line) and not reading.paragraph and not item and not reading.lead
    if not line.strip() or QUOTE.match(line) or is_code:
        yield from _paragraph(reading)
    elif heading:
        yield from _paragraph(reading)
        reading.heading, reading.lead, reading.above_table = heading[1], "", ""
        yield from _sentences(heading[1], number, "")
    elif in_table:
        yield from _paragraph(reading)
        reading.table.append((number, line))
    elif item:
        yield from _item(reading, number, item[1])
    else:
        reading.paragraph.append((number, line.strip()))


def _item(reading: _Reading, number: int, text: str) -> Iterator[Passage]:
    """Begin a list item: it stands under its lead-in."""
    lead = reading.lead if not reading.paragraph or ITEM.match(reading.paragraph[0][1]) else ""
    yield from _paragraph(reading)
    if not (lead or reading.lead) and number == reading.newest[0] + 1:
        reading.lead = reading.newest[1]
    reading.lead = lead or reading.lead
    if OF_ALL.match(text):
        reading.lead = f"{reading.lead} {text}:"
    if not TASK.match(text):
        reading.paragraph.append((number, f"- {text}"))


def _paragraph(reading: _Reading) -> Iterator[Passage]:
    """Yield the sentences of the paragraph that ends here; a lead-in gives what follows its x."""
    if not reading.paragraph:
        return
    number, last = reading.paragraph[0][0], reading.paragraph[-1][0]
    text = " ".join(line for _, line in reading.paragraph)
    starts = _starts(reading.paragraph)
    reading.paragraph.clear()
    is_item = text.startswith("- ")
    text = text.removeprefix("- ")
    starts = [(at - len("- ") * is_item, line) for at, line in starts]
    above = f"{reading.heading}. {reading.lead or reading.above_table}".removesuffix(". ")
    reading.above_table = ""
    found = list(_on_their_lines(_sentences(text, number, above, reading.earlier), text, starts))
    yield from found
    reading.earlier = found[-1].text if found else reading.earlier
    reading.newest = (last, found[-1].text if found and not is_item else "")
    if not is_item:
        reading.lead = text if text.rstrip("*_ ").endswith(":") else ""
        reading.heading = text if _is_title(text) else reading.heading


def _starts(paragraph: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """Return where each line of a paragraph begins in its text, with the number of the line."""
    lengths = [0, *(len(line) + 1 for _, line in paragraph)]
    return [(at, n) for at, (n, _) in zip(accumulate(lengths), paragraph, strict=False)]


def _on_their_lines(
    found: Iterable[Passage], text: str, starts: Sequence[tuple[int, int]]
) -> Iterator[Passage]:
    """Yield sentences, each with the line that it begins on."""
    at = 0
    for passage in found:
        at = max(text.find(passage.text, at), at)
        line = max((n for begin, n in starts if begin <= at), default=starts[0][1])
        yield replace(passage, line=line)
        at += len(passage.text)


def _is_title(text: str) -> bool:
    """Return whether a line that is no heading gives what follows its x: `Loss at step 5000`."""
    return len(text) <= TITLE and TITLED.search(text) is not None


def _sentences(text: str, number: int, lead: str, earlier: str = "") -> Iterator[Passage]:
    parts = [*SENTENCE_END.split(text), ""]  # each sentence, and the marks that close it
    told = [a + b for a, b in zip(parts[::2], parts[1::2], strict=True)]
    told = [sentence.strip() for sentence in told if sentence.strip()]
    for at, sentence in enumerate(told):
        before = " ".join(told[max(0, at - MOST_BEFORE) : at])
        yield Passage(sentence, number, lead, before, earlier, "".join(told[at + 1 : at + 2]))


def _rows(reading: _Reading) -> Iterator[Passage]:
    """Yield the rows of the table that ends here."""
    lines = [(number, _cells(line)) for number, line in reading.table]
    texts = [line for _, line in reading.table]
    reading.table.clear()
    if len(lines) < 2 or not RULE_OF_TABLE.match(texts[1]):  # noqa: PLR2004 # header and rule
        return
    headers, body = lines[0][1][:MOST_COLUMNS], lines[2:]
    beside = tuple(cells[:MOST_COLUMNS] for _, cells in body)
    lead = f"{reading.heading}. {reading.lead}"
    named = ", ".join(row[0] for row in beside if row)
    reading.above_table = f"{reading.lead} {named}"[: TITLE * 5]
    for (number, cells), text in zip(body, texts[2:], strict=True):
        row, is_cut = cells[:MOST_COLUMNS], len(cells) > MOST_COLUMNS
        told = Passage(text.strip(), number, lead, is_cut=is_cut)
        yield replace(told, headers=headers, cells=row, beside=beside)


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|")
    inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner))
