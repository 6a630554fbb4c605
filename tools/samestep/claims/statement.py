"""One sentence ready to be judged: what it names, and what it does not assert left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from samestep.claims.lexicon import (
    ASKING,
    BEFORE_NO_PURPOSE,
    CLAUSE,
    DISCLAIMED,
    DISCLAIMING,
    HEDGED,
    HEDGED_FUTURE,
    NEGATED,
    OBJECT,
    PURPOSE,
    SAME_PLACE,
    SUPPOSED,
)
from samestep.claims.marks import M, Marked, Place, R, RunMention
from samestep.claims.names import Names
from samestep.claims.numbers import mark_numbers
from samestep.claims.passages import Passage
from samestep.claims.patterns import words
from samestep.claims.recorded import Record

LONGEST = 2_000  # characters of one sentence that are read
PRONOUN = words(
    r"^(?:\W*(?:so|but|and|yes|no|yep|hmm|worries|now)\W+)*(?:it|this|they|both)\b|\bits\b"
    r"|\bit[\u2019']ll\b|\bit\b",
    re.IGNORECASE,
)
REFERS = words(
    r"\b(?:the|this|that) (?:\w+ )?(?:gap|difference|delta|drop|gain|improvement|lead|margin"
    r"|deficit|jump|rise|boost|increase|decrease|reduction|advance"
    r"|advantage|lag)\b|^\W*(?:gap|difference|delta|margin|deficit|lead)\s*[:=]|\b(?:that|this"
    r"|it)[.!]*$|\b(?:cause|reason|culprit|explanation|why)\b",
    re.IGNORECASE,
)
AS_EXPECTED = words(
    r"\b(?:contrary to|against|as per|beyond|above) (?:all |our |my |the )?expectations?\b,?"
    r"|\bas (?:expected|anticipated|predicted|hoped)\b,?|\bif you ask me\b,?"
    r"|\bwho would(?:[\u2019']ve| have) thought\b,?"
    r"|\b(?:didn[\u2019']t|did not|never) (?:\w+ )?expect(?:ed)? (?:that|this|it)\b|\bconfirm(?:s|ed|ing)? (?:our|the|this) hypothesis\b"
)
AFTER_COLON = words(
    r"(?<!guess)(?<!hypothesis)(?<!hunch)(?<!bet)(?<!suspicion)(?<!opinion)(?<!question)"
    r"(?<!thought)(?<!conjecture)(?<!maybe)(?<!perhaps)(?<!impression)(?<!feeling)(?<!expectation): (?=(?:on|at"
    r"|in|after|by|the)? ?[\ue000-\uf8ff])"
)
"""What ends a hedge: `I think we should stay: ... wins`, but not `my guess: ... wins`."""
DENIED_AFTER = words(r"\s+(?:neither|none|nobody|nothing|no one|no)\b", re.IGNORECASE)
PRIVATE = words("[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Statement:
    """What one sentence asserts, in signs."""

    passage: Passage
    marked: Marked
    words: str
    """The words without questions, conditions and plans."""
    record: Record
    names: Names
    taken: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Stretches of the words that a checker before has judged."""

    @cached_property
    def lead(self) -> "Statement | None":
        """What stands before it in its paragraph, or above it; read when it is first asked for."""
        passage = self.passage
        if passage.before:
            return statement(Passage(passage.before, passage.line, passage.lead), self.names)
        if passage.earlier and (
            PRONOUN.search(passage.text) or (REFERS.search(passage.text) and not self.marked.runs)
        ):
            return statement(Passage(passage.earlier, passage.line, passage.lead), self.names)
        if passage.lead.strip(". ") and passage.line:
            return statement(Passage(passage.lead, 0), self.names)
        return None

    @property
    def says_anything(self) -> bool:
        """Whether it names a run or a metric, or holds a number, or speaks of one named before."""
        marked = self.marked
        named = marked.runs or marked.metrics or marked.numbers or self.passage.cells
        return bool(named) or self.refers_back

    @property
    def mentions(self) -> list[RunMention]:
        """The runs it names."""
        return self.marked.runs_in(self.words)

    @cached_property
    def is_of_it(self) -> bool:
        """Whether it speaks of a run that was named before."""
        return bool(PRONOUN.search(self.words))

    @cached_property
    def refers_back(self) -> bool:
        """Whether it speaks of a run, or of a difference, that was told before."""
        return self.is_of_it or (not self.marked.runs and REFERS.search(self.words) is not None)

    @cached_property
    def runs(self) -> list[str]:
        """The full names it speaks of, its own or those that `it` stands for."""
        found = [name for mention in self.mentions for name in self.chosen(mention)]
        if (not found or self.is_of_it) and self.lead is not None:
            found = [*found, *(name for name in self.lead.named if name not in found)]
        return list(dict.fromkeys(found))

    @cached_property
    def named(self) -> list[str]:
        """The full names it holds, asserted or not: what a later `it` may stand for."""
        own = [name for one in self.marked.runs for name in self.chosen(one)]
        return list(dict.fromkeys(own)) or self.runs

    @property
    def unknown(self) -> list[RunMention]:
        """The runs it names that no answer holds."""
        own = [one for one in self.mentions if not one.names and one.how != "short"]
        if own or self.mentions or not self.is_of_it or self.lead is None or self.lead.named:
            return own
        return self.lead.unknown

    @cached_property
    def metrics(self) -> list[str] | None:
        """The recorded metrics it may mean; None where it names none."""
        mentions = self.marked.metrics_in(self.words) or self.marked.metrics
        if not mentions:
            return self.lead.metrics if self.lead is not None else None
        return list(dict.fromkeys(name for one in mentions for name in one.names))

    @property
    def places(self) -> list[Place]:
        """The x beside it: its own but those judged before, or that of its lead-in."""
        own = self.marked.places_in(self.words)
        for begin, end in self.taken:
            kept = self.words[:begin] + self.words[end:]
            own = [place for place in own if place in self.marked.places_in(kept)] or own
        if own or self.lead is None:
            return own
        anaphoric = self.refers_back or SAME_PLACE.search(self.words)
        above = self.lead.places
        return above if self.is_under_lead or anaphoric or self._all_stand(above) else []

    def _all_stand(self, places: list[Place]) -> bool:
        """Return whether the one x that was told before is one of every run named here."""
        held = self.record.of_run
        return len(places) == 1 and all(
            any(cell.stands_at(places[0].axis, places[0].value) for cell in held.get(name, ()))
            for name in self.names_in(self.words)
        )

    def chosen(self, mention: RunMention) -> list[str]:
        """Return the full names a mention stands for: groups before their members."""
        if len(mention.names) <= 1:
            return list(mention.names)
        if mention.how == "role":
            near = {name for one in self.marked.runs if one.how == "full" for name in one.names}
            near = near or set(self.lead.named if self.lead is not None else ())
            return [name for name in mention.names if name in near] or list(mention.names)
        groups = [name for name in mention.names if name in self.record.sizes]
        held = self.record.of_run
        return (groups or [name for name in mention.names if name in held] or list(mention.names))[
            :1
        ]

    def names_in(self, words: str) -> list[str]:
        """Return the full names in a stretch of the words."""
        return [name for one in self.marked.runs_in(words) for name in self.chosen(one)]

    def objects(self) -> list[str]:
        """Return the runs that another is compared with: those after `than`, `over`, `behind`."""
        return [name for found in OBJECT.finditer(self.words) for name in self.names_in(found[1])]

    @property
    def is_under_lead(self) -> bool:
        """Whether it stands under a lead-in or a heading that gives it its x."""
        if self.lead is None:
            return False
        ends = self.lead.passage.text.rstrip("*_ ").endswith(":")
        return ends or bool(self.passage.cells) or self.lead.passage.line == 0

    def clause(self, at: int) -> tuple[str, str]:
        """Return the clause around a position, up to it and after it."""
        edges = [0, *(found.end() for found in CLAUSE.finditer(self.words)), len(self.words)]
        begin = max(edge for edge in edges if edge <= at)
        end = min((edge for edge in edges if edge > at), default=at)
        return self.words[begin:at], self.words[at:end]

    def absent(self, names: Iterable[str]) -> str | None:
        """Return a metric it names that an answer says one of the runs has not logged."""
        metrics = self.metrics or []
        held = ((name, metric) for name in names for metric in metrics)
        return next((metric for name, metric in held if (name, metric) in self.record.absent), None)

    def is_about(self, metric: str) -> bool:
        """Return whether it may speak of a metric."""
        return self.metrics is None or metric in self.metrics

    def is_taken(self, at: int) -> bool:
        """Return whether a checker before has judged what stands at a position."""
        return any(begin <= at < end for begin, end in self.taken)

    def is_open(self, at: int, *, future: bool = False) -> bool:
        """Return whether what stands at a position is hedged."""
        hedged = HEDGED_FUTURE if future else HEDGED
        before, after = self.clause(at)
        return hedged.search(AFTER_COLON.split(before)[-1] + after) is not None

    def is_negated(self, at: int, end: int | None = None) -> bool:
        """Return whether what stands at a position is denied, before it or right after its end."""
        if end is not None and DENIED_AFTER.match(self.words[end:]):
            return True
        before = re.split(
            rf"[:(]|, (?!nor|or)(?=(?:and|it|they|we|this) |{R}|{M})", self.clause(at)[0]
        )[-1]
        return bool(NEGATED.search(before))


def statement(passage: Passage, names: Names) -> Statement:
    """Read one sentence."""
    marked = names.known.get(passage.text)
    if marked is None:
        marked = names.known.setdefault(passage.text, _marked(passage.text, names))
    return Statement(passage, marked, _asserted(marked.words), names.record, names)


def _marked(text: str, names: Names) -> Marked:
    marked = Marked(PRIVATE.sub("\ufffd", text[:LONGEST]), is_cut=len(text) > LONGEST)
    names.mark(marked)
    mark_numbers(marked)
    marked.words = marked.words.lower()
    return marked


def _asserted(words: str) -> str:
    """Leave out what is asked, supposed or planned."""
    kept = AS_EXPECTED.sub(lambda found: _blank(found[0]), _without_question(words))
    if DISCLAIMING.search(DISCLAIMED.sub("", kept)) or DISCLAIMING.search(kept):
        kept = DISCLAIMED.sub(lambda found: _blank(found[0]), kept)
    kept = SUPPOSED.sub(lambda found: _blank(found[0]), kept)
    return PURPOSE.sub(_purpose, kept)


def _without_question(words: str) -> str:
    stripped = words.rstrip(" *_)\"'")
    if not stripped.endswith("?"):
        return words
    told, comma, asked = stripped.rpartition(", ")
    if comma and not ASKING.match(told) and re.search(R, told) and not re.search(R, asked):
        return told
    return ""


def _purpose(found: "re.Match[str]") -> str:
    stays = BEFORE_NO_PURPOSE.search(found.string[: found.start()])
    return found[0] if stays else _blank(found[0])


def _blank(text: str) -> str:
    return " " * len(text)
