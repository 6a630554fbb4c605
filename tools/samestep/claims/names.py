"""Mentions of runs and metrics in a sentence: full names, short ones, roles and unknown ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from samestep.claims.marks import ANY, OTHER, Marked, MetricMention, R, RunMention
from samestep.claims.places import mark_places
from samestep.claims.recorded import Record
from samestep.claims.words_of_naming import (
    AFTER_A_NAME,
    BEFORE_A_NAME,
    BENCHMARK,
    CODE,
    COMMON,
    DIGITS,
    EDGES,
    FEWEST_LETTERS,
    FILE,
    HASH,
    LIKE_A_RUN,
    LOOSE,
    METRIC_LIKE,
    MOST_FUZZY,
    NAMED_RUN,
    NEAR,
    NO_RUN,
    OBJECT_OF,
    PLACED_METRIC,
    ROLE,
    RUN_PATH,
    SAME_WORD,
    SPLIT_WORDS,
    STANDS,
    STARRED,
    TEACHER,
    TOKEN,
)


@dataclass(slots=True)
class Names:
    """The names a record knows, prepared for one text."""

    record: Record
    full: "re.Pattern[str]"
    metric: "re.Pattern[str]"
    parts: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The full names that hold a part, by the part in small letters."""
    beginnings: set[str] = field(default_factory=set[str])
    """What the parts begin with, of so many letters that it may stand for them."""
    words: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """The words of each metric's name."""
    metric_words: frozenset[str] = SPLIT_WORDS
    """Words that are those of a metric, and no run's."""
    shapes: set[str] = field(default_factory=set[str])
    """The full names with every number as 0."""
    read: dict[str, str] = field(default_factory=dict[str, str])
    """Full names by reference."""
    known: dict[str, Marked] = field(default_factory=dict[str, Marked])
    """What was read before, by its text: headers, cells and lead-ins are asked for again."""

    @classmethod
    def of(cls, record: Record, text: str) -> "Names":
        """Prepare the names that a text holds."""
        refs = {ref: name for name, ref in record.runs.items() if ref}
        present = [name for name in (*refs, *record.runs) if _is_in(name, text)]
        metrics = [name for name in record.metrics if name in text]
        names = cls(record, _any_of(present), _any_of(metrics), read=refs)
        for name in record.runs:
            for part in filter(None, EDGES.split(name.lower())):
                names.parts.setdefault(part, set()).add(name)
        names.beginnings = {
            part[:end] for part in names.parts for end in range(FEWEST_LETTERS, len(part))
        }
        names.shapes = {_shape(name) for name in record.runs if re.search(r"\d", name)}
        names.words = {name: _words_of(name) for name in record.metrics}
        names.metric_words = SPLIT_WORDS.union(*names.words.values())
        return names

    def mark(self, marked: Marked) -> None:
        """Replace every run and metric by its sign."""
        marked.replaced(self.full, lambda found: self._full(marked, found))
        marked.replaced(self.metric, lambda f: marked.metric(MetricMention(f[0], (f[0],))))
        marked.replaced(
            METRIC_LIKE, lambda f: marked.metric(MetricMention(f[0], self._loose(f[0])))
        )
        marked.replaced(STARRED, lambda f: marked.run(RunMention(f[0], (), "unknown")))
        marked.replaced(PLACED_METRIC, lambda found: self._placed(marked, found))
        marked.words = self._unwrapped(marked.words)
        mark_places(marked, self.record.counted)
        marked.replaced(CODE, lambda f: marked.run(RunMention(f[0], (), "short")))
        marked.replaced(DIGITS, lambda found: self._token(marked, found))
        marked.replaced(HASH, lambda found: self._token(marked, found))
        marked.replaced(TOKEN, lambda found: self._token(marked, found))
        marked.replaced(ROLE, lambda found: self._role(marked, found))
        marked.replaced(BENCHMARK, lambda found: self._benchmark(marked, found))
        marked.replaced(LOOSE, lambda found: self._phrase(marked, found))

    def _placed(self, marked: Marked, found: "re.Match[str]") -> str:
        """Return the sign of a metric that nobody recorded, told with a number."""
        near = found.string[max(0, found.start() - NEAR) : found.end() + NEAR]
        if FILE.search(found[0]) or self._held(found[0]) or not re.search(r"\d", near):
            return found[0]
        return marked.metric(MetricMention(found[0], self._loose(found[0])))

    def _unwrapped(self, words: str) -> str:
        """Leave out quotes, code and emphasis; one that holds nothing but names is no quote."""
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
        words = re.sub(r"`+([^`]*)`+", self._code, words)
        words = re.sub(r"[\"“”]([^\"“”]*)[\"“”]", _inner, words)
        words = re.sub(r"https?://\S+|<[^>\s][^>]*>", OTHER, words)
        return re.sub(r"(?<![\w/])[*_]+|(?<!/)[*_]+(?!\w)|~~", "", words)

    def _code(self, found: "re.Match[str]") -> str:
        """Return what stands in code: itself where it is a shorter name of a run."""
        name = TOKEN.fullmatch(found[1]) and not FILE.search(found[1])
        is_run = name and (self._held(found[1]) or RUN_PATH.match(found[1]))
        return found[1] if is_run else _inner(found)

    def _full(self, marked: Marked, found: "re.Match[str]") -> str:
        name = self.read.get(found[0], found[0])
        return marked.run(RunMention(found[0], (name,), "full"))

    def _role(self, marked: Marked, found: "re.Match[str]") -> str:
        earlier = re.findall(R, found.string[: found.start()])
        if found[0].lower().startswith("this") and earlier:
            return earlier[-1]
        if re.match(rf"\s*(?:,|\(|:)\s*{R}", found.string[found.end() :]):
            return OTHER
        if TEACHER.search(found.string):
            return found[0]
        baseline = (found["role"] or "").lower().startswith("baseline")
        held = self.record.roles.get("baseline" if baseline else "student", [])
        return marked.run(RunMention(found[0], tuple(held), "role"))

    def _token(self, marked: Marked, found: "re.Match[str]") -> str:
        token = found[0] if found[0].endswith("/*") else found[0].rstrip(".*")
        rest = found[0][len(token) :]
        held = self._held(token)
        if (FILE.search(token) and "*" not in token) or (NO_RUN.search(token) and not held):
            return found[0]
        mention = self._short(found, token, held) if held else self._unheld(found, token)
        return found[0] if mention is None else marked.run(mention) + rest

    def _short(self, found: "re.Match[str]", token: str, held: set[str]) -> RunMention | None:
        """Return the runs a shorter name stands for; None where it is just a word."""
        everywhere = len(held) == len(self.record.runs) > 1
        telling = re.search(r"[\d/_-]", token) and token.lower() not in self.metric_words
        if everywhere or not (telling or self._stands_for_a_run(found, token)):
            return None
        return RunMention(token, tuple(sorted(held)), "short")

    def _unheld(self, found: "re.Match[str]", token: str) -> RunMention | None:
        """Return a run that no answer holds, or one that is abbreviated; None for a word."""
        if _shape(token) in self.shapes:
            return RunMention(token, (), "unknown")
        begins = token.lower() in self.beginnings
        if begins and token.isalpha() and self._stands_for_a_run(found, token):
            held = self._begun(token.lower())
            return RunMention(token, tuple(sorted(held)), "short") if held else None
        if LIKE_A_RUN.match(token) or re.search(r"\d.*[-_]|[-_].*\d", token):
            short = self._abbreviated(token)
            return RunMention(token, short, "short" if short else "unknown")
        return None

    def _stands_for_a_run(self, found: "re.Match[str]", token: str) -> bool:
        """Return whether a plain word stands where the name of a run would."""
        before, after = found.string[: found.start()], found.string[found.end() :]
        if token.lower() in self.metric_words or token.lower() in {"run", "seed", "the"}:
            return False
        if re.match(rf"\s+(?:{NAMED_RUN})\b", after, re.IGNORECASE):
            return True
        beside = re.match(r"\s+([A-Za-z]+)\b", after)
        if (
            beside
            and beside[1].lower() in self.parts
            and beside[1].lower() not in self.metric_words
        ):
            return True
        placed = BEFORE_A_NAME.search(before) and AFTER_A_NAME.match(after)
        verb = STANDS.match(after)
        return bool(placed and (verb or OBJECT_OF.search(before)))

    def _held(self, token: str) -> set[str]:
        """Return the full names that a shorter name is a stretch of."""
        wanted = token.lower().strip("/*-_.")
        parts = [part for part in EDGES.split(wanted) if part]
        if not parts or any(part not in self.parts for part in parts):
            return set()
        names = set[str].intersection(*(self.parts[part] for part in parts))
        return {name for name in names if _stretch(wanted, name.lower())}

    def _begun(self, word: str) -> set[str]:
        """Return the full names with a part that a word begins: `cos` for `cosine`."""
        held = [names for part, names in self.parts.items() if part.startswith(word)]
        found = set[str]().union(*held)
        return found if len(found) < len(self.record.runs) else set()

    def _abbreviated(self, token: str) -> tuple[str, ...]:
        names = list(self.record.runs)[:MOST_FUZZY]
        return tuple(name for name in names if _abbreviates(token.lower(), name.lower()))

    def _phrase(self, marked: Marked, found: "re.Match[str]") -> str:
        wanted = " ".join(filter(None, found.group("split", "on", "kind", "alone")))
        names = self._loose(wanted)
        if not names and (found["alone"] or not (found["split"] or found["on"])):
            return found[0]
        return marked.metric(MetricMention(found[0], names))

    def _benchmark(self, marked: Marked, found: "re.Match[str]") -> str:
        """Return the sign of a metric by its public name, or of `some score` nobody recorded."""
        name = found[0].lower().removesuffix("score").strip()
        is_score = found[0].lower().endswith("score")
        loose = is_score and LOOSE.search(found[0].removesuffix("score"))
        common = not name or name in COMMON or loose
        return found[0] if common else marked.metric(MetricMention(found[0], self._loose(name)))

    def _loose(self, text: str) -> tuple[str, ...]:
        wanted = _words_of(text)
        wanted = wanted - {"acc"} if "top1" in wanted else wanted
        return tuple(name for name, words in self.words.items() if wanted <= words)


def _is_in(name: str, text: str) -> bool:
    """Return whether a text may name a run; one of a single letter only in code."""
    return name in text if len(name) > 1 else f"`{name}`" in text


def _any_of(names: Iterable[str]) -> "re.Pattern[str]":
    longest = sorted(set(names), key=len, reverse=True)
    inner = "|".join(map(re.escape, longest)) or "(?!)"
    return re.compile(rf"(?<![\w/.-])(?:{inner})(?![\w/-]|\.\w)")


def _words_of(name: str) -> frozenset[str]:
    parts = re.split(
        r"[\s/_.,:-]+", re.sub(r"top-(\d)", r"top\1", name.lower()).replace("k-nn", "knn")
    )
    found = {SAME_WORD.get(part, part) for part in parts if part}
    return frozenset(found | {"acc"} if "top1" in found else found)


def _shape(name: str) -> str:
    return re.sub(r"\d+", "0", name.lower())


def _stretch(wanted: str, name: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", name))


def _abbreviates(token: str, name: str) -> bool:
    """Return whether each part of a token shortens the next part of a name: `cos-s0`."""
    ours, theirs = EDGES.split(token), EDGES.split(name)
    at = 0
    for part in ours:
        while at < len(theirs) and not _shortens(part, theirs[at]):
            at += 1
        if at == len(theirs):
            return False
        at += 1
    return len(ours) > 1


def _shortens(part: str, whole: str) -> bool:
    if not part or not whole or part[0] != whole[0]:
        return False
    digits = re.sub(r"\D", "", part)
    if digits != re.sub(r"\D", "", whole) and digits:
        return False
    letters = iter(whole)
    return all(letter in letters for letter in part)


def _inner(found: "re.Match[str]") -> str:
    named = re.fullmatch(rf"(?:{ANY}|[\s,/*_])*", found[1])
    word = re.fullmatch(r"[A-Za-z]+", found[1]) and found[0][0] == "`"
    return found[1] if (named or word) and found[1] else OTHER
