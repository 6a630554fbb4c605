"""How often a claim is judged as its author meant, over a corpus of claims with their ledgers."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samestep.claims import Checked, check
from samestep.claims.parts import Json

HERE = Path(__file__).parent
HALVES = {"first half": "corpus_first_half.txt", "second half": "corpus_second_half.txt"}
VERDICTS = ("blocked", "unverifiable", "supported")


@dataclass(frozen=True, slots=True)
class Item:
    """One text of the corpus, with what is to be found in it."""

    line: int
    voice: str
    ledger: str
    verdict: str
    """The worst verdict of its claims; a text that claims nothing is as good as supported."""
    rules: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was found in one text of the corpus."""

    item: Item
    verdict: str
    rules: frozenset[str]

    @property
    def is_right(self) -> bool:
        """Whether verdict and rules are those meant."""
        return (self.verdict, self.rules) == (self.item.verdict, self.item.rules)


def items(name: str) -> list[Item]:
    """Read one half of the corpus: `ledger verdict rules :: text` a line, `# voice` above them."""
    found: list[Item] = []
    voice = ""
    for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), start=1):
        if line.startswith("# "):
            voice = line.removeprefix("# ")
        elif line.strip():
            head, _, text = line.partition(" :: ")
            ledger, verdict, *rules = head.split()
            named = frozenset(rules[0].split(",")) if rules else frozenset[str]()
            meant = "supported" if verdict == "none" else verdict
            found.append(Item(number, voice, ledger, meant, named, text.replace("\\n", "\n")))
    return found


def ledger(name: str) -> list[Json]:
    """Return the recorded answers of one ledger, the newest first."""
    if name == "empty":
        return []
    return list(reversed(json.loads((HERE / "ledgers" / f"{name}.json").read_text("utf-8"))))


def ledgers() -> list[str]:
    """Return the names of the recorded ledgers."""
    return sorted(file.stem for file in (HERE / "ledgers").glob("*.json"))


def told(corpus: Sequence[Item]) -> list[Told]:
    """Hold every text against its ledger."""
    ledgers = {name: ledger(name) for name in {item.ledger for item in corpus}}
    return [_told(item, check(item.text, ledgers[item.ledger])) for item in corpus]


def _told(item: Item, checked: Checked) -> Told:
    verdicts = {claim.verdict for claim in checked.claims}
    verdict = next((one for one in VERDICTS if one in verdicts), "supported")
    rules = {rule for claim in checked.claims for rule in claim.rules}
    return Told(item, verdict, frozenset(map(str, rules)))


def precision_and_recall(found: Sequence[Told]) -> tuple[float, float]:
    """Return both over the blocked: right is a text blocked by the rules that were meant."""
    right = sum(one.is_right for one in found if one.item.verdict == "blocked")
    said = sum(one.verdict == "blocked" for one in found)
    meant = sum(one.item.verdict == "blocked" for one in found)
    return right / max(said, 1), right / max(meant, 1)


def confusions(found: Sequence[Told]) -> Counter[tuple[str, str]]:
    """Return how many texts meant one way were told another."""
    return Counter((one.item.verdict, one.verdict) for one in found)
