"""What a pickle describes, as inert values: nothing of it is ever built or called."""

from collections.abc import Iterator
from dataclasses import dataclass

from samestep.formats.checkpoints.bounds import DEEPEST, LONGEST_PATH, MOST_VALUES

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that is of no use here: a tensor's storage, bytes, a text that is too long."""


OPAQUE = Opaque()


@dataclass(frozen=True, slots=True)
class Global:
    """The name of a class or a function, as text."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Node:
    """A container or an object: what it was given, by key and in order."""

    __slots__ = ("entries", "items", "made_by", "states")

    def __init__(self, made_by: Global | None = None, items: "list[Value] | None" = None) -> None:
        self.made_by = made_by
        """What would be called to make it; None for a plain container."""
        self.items = items
        self.entries: dict[str, Value] | None = None
        self.states: list[Value] | None = None
        """What it would be set up with; shared, never copied: one may be given a thousand times."""

    def append(self, items: list["Value"]) -> None:
        """Add items at the end."""
        if self.items is None:
            self.items = items
        else:
            self.items.extend(items)

    def enter(self, pairs: list["Value"]) -> None:
        """Set entries from keys and values in turn; a key that is no text or number is left out."""
        entries = self.entries = {} if self.entries is None else self.entries
        # Keys are never hashed as they are: tuples of tuples take exponential time to hash.
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            if isinstance(key, str | int | float | None):
                entries[str(key)] = value

    def pairs(self) -> Iterator[tuple[str | None, "Value"]]:
        """Yield its entries, its attributes and, of an OrderedDict of Python 2, its pairs.

        What is no pair comes without a key, so that whoever counts counts it too.
        """
        yield from (self.entries or {}).items()
        for state in self.states or ():
            for part in _parts(state):
                yield from (part.entries or {}).items()
        if self.made_by == ORDERED:
            for given in _nodes((self.items or [])[:1]):
                yield from map(_pair, given.items or ())


Value = Scalar | Opaque | Global | Node
ORDERED = Global("collections", "OrderedDict")
PAIR = 2


def _parts(state: Value) -> Iterator[Node]:
    """Yield a state that is a mapping, or the pair of one and of the attributes in slots."""
    if isinstance(state, Node):
        yield from (state, *_nodes((state.items or [])[:PAIR]))


def _nodes(values: list[Value]) -> Iterator[Node]:
    return (value for value in values if isinstance(value, Node))


def _pair(value: Value) -> tuple[str | None, Value]:
    if isinstance(value, Node) and value.items and len(value.items) == PAIR:
        key, of = value.items
        return (key, of) if isinstance(key, str) else (None, of)
    return None, OPAQUE


@dataclass(frozen=True, slots=True)
class Leaf:
    """One plain value and the keys that lead to it."""

    keys: tuple[str, ...]
    value: str | int | float

    @property
    def path(self) -> str:
        """The keys with dots between them."""
        return ".".join(self.keys)


class Leaves(Iterator[Leaf]):
    """The plain values below a node, the shallow ones first, within bounds."""

    def __init__(self, root: Value, most: int = MOST_VALUES) -> None:
        self._left = most
        self.cut = False
        """Whether values lie beyond the bounds."""
        self._found = self._below(root)

    def __next__(self) -> Leaf:
        return next(self._found)

    def _below(self, root: Value) -> Iterator[Leaf]:
        level = [((), root)] if isinstance(root, Node) else list[tuple[tuple[str, ...], Node]]()
        for _ in range(DEEPEST):
            further: list[tuple[tuple[str, ...], Node]] = []
            for keys, node in level:
                length = sum(map(len, keys))
                for key, value in node.pairs():
                    if not self._left:
                        self.cut = True
                        return
                    self._left -= 1
                    if key is None:
                        continue
                    if len(key) > LONGEST_PATH - length:
                        self.cut = True
                    elif isinstance(value, Node):
                        further.append(((*keys, key), value))
                    elif isinstance(value, str | int | float) and not isinstance(value, bool):
                        yield Leaf((*keys, key), value)
            level = further
        self.cut = any(True for _, node in level for _ in node.pairs())
