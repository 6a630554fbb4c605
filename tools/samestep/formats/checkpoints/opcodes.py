"""What each opcode of a pickle leaves on the stack, for all protocols up to 5."""

import struct
from collections.abc import Callable, Mapping

from samestep.formats.checkpoints.bounds import LONGEST_TEXT
from samestep.formats.checkpoints.machine import UNNAMED, Machine
from samestep.formats.checkpoints.nodes import OPAQUE, Global, Node, Value

Opcode = Callable[[Machine], None]


def _constant(value: Value) -> Opcode:
    return lambda machine: machine.stack.append(value)


def _pushed(read: Callable[[Machine], Value]) -> Opcode:
    return lambda machine: machine.stack.append(read(machine))


def _skipped(layout: str) -> Opcode:
    """Return the opcode of bytes, of which only the length is read."""

    def skip(machine: Machine) -> None:
        machine.skip(machine.number(layout))
        machine.stack.append(OPAQUE)

    return skip


def _text(layout: str) -> Opcode:
    return _pushed(lambda machine: machine.text(machine.number(layout)))


def _old_text(machine: Machine) -> Value:
    return machine.line().strip(b"'\"").decode("utf-8", "replace")


def _escaped_text(machine: Machine) -> Value:
    return machine.line().decode("raw-unicode-escape", "replace")


def _decimal(machine: Machine) -> Value:
    line = machine.line().rstrip(b"L")
    if line in {b"00", b"01"}:
        return line == b"01"
    return int(line) if 0 < len(line) <= LONGEST_TEXT // 100 else OPAQUE


def _decimal_fraction(machine: Machine) -> Value:
    return float(machine.line() or b"nan")


def _binary_fraction(machine: Machine) -> Value:
    (value,) = struct.unpack(">d", machine.take(8))
    return float(value)


def _mark(machine: Machine) -> None:
    machine.below.append(machine.stack)
    machine.stack = []


def _pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.marked()


def _pop_mark(machine: Machine) -> None:
    machine.marked()


def _again(machine: Machine) -> None:
    machine.stack.append(machine.stack[-1])


def _container(machine: Machine) -> None:
    machine.stack.append(Node())


def _container_of_marked(machine: Machine) -> None:
    items = machine.marked()
    machine.stack.append(Node(items=items))


def _tuple(length: int) -> Opcode:
    def gather(machine: Machine) -> None:
        items = machine.stack[-length:]
        if len(items) < length:
            raise IndexError(length)
        del machine.stack[-length:]
        machine.stack.append(Node(items=items))

    return gather


def _mapping_of_marked(machine: Machine) -> None:
    pairs = machine.marked()
    node = Node()
    node.enter(pairs)
    machine.stack.append(node)


def _append(machine: Machine) -> None:
    item = machine.stack.pop()
    if (node := machine.top()) is not None:
        node.append([item])


def _append_marked(machine: Machine) -> None:
    items = machine.marked()
    if (node := machine.top()) is not None:
        node.append(items)


def _set_item(machine: Machine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    if (node := machine.top()) is not None:
        node.enter([key, value])


def _set_marked(machine: Machine) -> None:
    pairs = machine.marked()
    if (node := machine.top()) is not None:
        node.enter(pairs)


def _put(read: Callable[[Machine], int]) -> Opcode:
    def put(machine: Machine) -> None:
        machine.memo[read(machine)] = machine.stack[-1]

    return put


def _get(read: Callable[[Machine], int]) -> Opcode:
    def get(machine: Machine) -> None:
        number = read(machine)
        if number not in machine.memo:
            raise IndexError(number)
        machine.stack.append(machine.memo[number])

    return get


def _global(machine: Machine) -> None:
    module, name = (machine.line().decode("utf-8", "replace") for _ in range(2))
    machine.stack.append(Global(module, name))


def _global_of_stack(machine: Machine) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if isinstance(name, str) and isinstance(module, str):
        machine.stack.append(Global(module, name))
    else:
        machine.stack.append(UNNAMED)


def _call(machine: Machine) -> None:
    given, callee = machine.stack.pop(), machine.stack.pop()
    machine.stack.append(machine.made(callee, given))


def _call_with_keywords(machine: Machine) -> None:
    keywords = machine.stack.pop()
    _call(machine)
    machine.stack.append(keywords)
    _build(machine)


def _call_of_marked(machine: Machine) -> None:
    callee, *given = machine.marked() or [OPAQUE]
    machine.stack.append(machine.made(callee, Node(items=given)))


def _call_of_named(machine: Machine) -> None:
    module, name = (machine.line().decode("utf-8", "replace") for _ in range(2))
    given = Node(items=machine.marked())
    machine.stack.append(machine.made(Global(module, name), given))


def _build(machine: Machine) -> None:
    state = machine.stack.pop()
    if (made := machine.top()) is not None:
        made.states = [state] if made.states is None else [*made.states[-1:], state]


def _persistent_id(machine: Machine) -> None:
    machine.stack[-1] = OPAQUE


def _persistent_line(machine: Machine) -> None:
    machine.line()
    machine.stack.append(OPAQUE)


def _extension(layout: str) -> Opcode:
    def push(machine: Machine) -> None:
        machine.stack.append(Global("copyreg", f"extension {machine.number(layout)}"))

    return push


def _memoized(machine: Machine) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


def _no_more(_machine: Machine) -> None:
    """Leave everything as it is."""


def _passed(layout: str) -> Opcode:
    return lambda machine: machine.skip(struct.calcsize(layout))


OPCODES: Mapping[int, Opcode] = {
    ord(letter): opcode
    for letter, opcode in {
        "(": _mark,
        "0": _pop,
        "1": _pop_mark,
        "2": _again,
        "F": _pushed(_decimal_fraction),
        "I": _pushed(_decimal),
        "J": _pushed(lambda machine: machine.number("<i")),
        "K": _pushed(lambda machine: machine.number("<B")),
        "L": _pushed(_decimal),
        "M": _pushed(lambda machine: machine.number("<H")),
        "N": _constant(None),
        "P": _persistent_line,
        "Q": _persistent_id,
        "R": _call,
        "S": _pushed(_old_text),
        "T": _text("<i"),
        "U": _text("<B"),
        "V": _pushed(_escaped_text),
        "X": _text("<I"),
        "a": _append,
        "b": _build,
        "c": _global,
        "d": _mapping_of_marked,
        "}": _container,
        "e": _append_marked,
        "g": _get(lambda machine: int(machine.line())),
        "h": _get(lambda machine: machine.number("<B")),
        "i": _call_of_named,
        "j": _get(lambda machine: machine.number("<I")),
        "l": _container_of_marked,
        "]": _container,
        "o": _call_of_marked,
        "p": _put(lambda machine: int(machine.line())),
        "q": _put(lambda machine: machine.number("<B")),
        "r": _put(lambda machine: machine.number("<I")),
        "s": _set_item,
        "t": _container_of_marked,
        ")": _container,
        "u": _set_marked,
        "G": _pushed(_binary_fraction),
        "\x80": _passed("<B"),
        "\x81": _call,
        "\x82": _extension("<B"),
        "\x83": _extension("<H"),
        "\x84": _extension("<i"),
        "\x85": _tuple(1),
        "\x86": _tuple(2),
        "\x87": _tuple(3),
        "\x88": _constant(True),  # noqa: FBT003 # the opcode stands for the value
        "\x89": _constant(False),  # noqa: FBT003 # as above
        "\x8a": _pushed(lambda machine: machine.integer(machine.number("<B"))),
        "\x8b": _pushed(lambda machine: machine.integer(machine.number("<i"))),
        "B": _skipped("<I"),
        "C": _skipped("<B"),
        "\x8c": _text("<B"),
        "\x8d": _text("<Q"),
        "\x8e": _skipped("<Q"),
        "\x8f": _container,
        "\x90": _append_marked,
        "\x91": _container_of_marked,
        "\x92": _call_with_keywords,
        "\x93": _global_of_stack,
        "\x94": _memoized,
        "\x95": _passed("<Q"),
        "\x96": _skipped("<Q"),
        "\x97": _constant(OPAQUE),
        "\x98": _no_more,
    }.items()
}
