"""Checkpoints made to harm whoever reads them, each by its name, and what one process makes of them.

Run as a script with a directory, it reads each of them there and prints, as JSON, what came of it:
the reason it was refused with or None, the seconds of computing, and the largest memory in MB.
"""

import io
import json
import pickle
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__)
sys.path.append(str(HERE.parents[3]))

from tests.formats.checkpoints.written import archive, safetensors, zipped  # noqa: E402 # see above

from samestep.errors import NotReadable  # noqa: E402 # as above
from samestep.formats.checkpoints import read_checkpoint  # noqa: E402 # as above
from samestep.formats.checkpoints.bounds import MOST_MEMBERS  # noqa: E402 # as above

MANY = 190_000
"""Opcodes below the bound, twice."""
TOUCH = b"cposix\nsystem\n(S'touch EXECUTED'\ntR"


class Executed:
    """Leaves a file behind when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        """Return a call that only an unpickler makes."""
        return exec, ("open('EXECUTED', 'w').close()",)


def persistent() -> bytes:
    """Return a pickle whose persistent ids are calls."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> object:
            return ("storage", Executed(), "0", "cpu", 4) if isinstance(obj, bytes) else None

    written = io.BytesIO()
    Pickler(written, 2).dump({"epoch": 3, "weights": b"x"})
    return written.getvalue()


def deflated(size: int) -> bytes:
    """Return a zip whose pickle unpacks to a size far beyond its own."""
    return archive([("archive/data.pkl", bytes(size))], zipfile.ZIP_DEFLATED)


def understated(size: int) -> bytes:
    """Return a zip whose pickle unpacks to far more than the archive says."""
    honest = deflated(size)
    return honest.replace(struct.pack("<I", size), struct.pack("<I", 100))


def crowded(count: int) -> bytes:
    """Return the directory of a zip with very many members, and no members."""
    name = b"archive/data/0"
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", len(name)) + bytes(16) + name
    directory = entry * count
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, len(directory), 4, 0)
    return b"PK\x03\x04" + directory + end


def text(content: str) -> bytes:
    """Return the opcode of a text."""
    return b"X" + struct.pack("<I", len(content.encode())) + content.encode()


def small(pickled: bytes) -> bytes:
    """Return a zip of a pickle that packs well, so that this process has room for all of them."""
    return archive([("archive/data.pkl", pickled)], zipfile.ZIP_DEFLATED)


def mapping(items: Iterable[bytes]) -> bytes:
    """Return a pickle of one mapping, from the opcodes of its keys and values."""
    return small(b"\x80\x02}(" + b"".join(items) + b"u.")


def everywhere(value: str) -> bytes:
    """Return a mapping of very many keys to one value."""
    keys = b"".join(text(str(number)) + b"h\x01" for number in range(20_000))
    return zipped(b"\x80\x02" + text(value) + b"q\x010}(" + keys + b"u.")


def under_long_keys() -> bytes:
    """Return very many values below keys that are as long as keys may be."""
    above = b"".join(b"}" + text(letter * 4_000) for letter in "abcdefg")
    values = b"".join(text(str(number)) + b"U\x01a" for number in range(20_000))
    return zipped(b"\x80\x02" + above + b"}(" + values + b"u" + b"s" * 7 + b".")


def tarred(name: bytes, size: bytes) -> bytes:
    """Return the header of one member of a tar."""
    return name.ljust(124, b"\0") + size.ljust(133, b"\0") + b"ustar".ljust(255, b"\0")


def listing(names: Iterable[bytes], at: int = 0) -> bytes:
    """Return a zip that lists members, all of them at one place."""
    extra = struct.pack("<2HQ", 1, 8, at)
    directory = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H3I5H2I", *[0] * 7, 1, 1, len(name), 12, *[0] * 4, 2**32 - 1)
        + name
        + extra
        for name in names
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, len(directory), 4, 0)
    return b"PK\x03\x04" + directory + end


CALLING: dict[str, bytes] = {
    "reduce": zipped(pickle.dumps({"epoch": 3, "evil": Executed()}, 2)),
    "reduce, protocol 5": zipped(pickle.dumps({"epoch": 3, "evil": Executed()}, 5)),
    "reduce, text protocol": zipped(b"(dS'epoch'\nI3\nsS'evil'\n" + TOUCH + b"s."),
    "persistent id": zipped(persistent()),
    "instance": zipped(b"(dS'epoch'\nI3\nsS'e'\n(S'touch EXECUTED'\niposix\nsystem\ns."),
    "object": zipped(b"(dS'epoch'\nI3\nsS'e'\n(cposix\nsystem\nS'touch EXECUTED'\nos."),
    "a pickle in it": zipped(
        b"\x80\x02}(U\x05epochK\x03U\x01ecpickle\nloads\nC\x05" + b"tests\x85Ru."
    ),
    "as the key": zipped(b"(dS'epoch'\nI3\ns" + TOUCH + b"I1\ns."),
    "plain pickle": pickle.dumps({"epoch": 3, "evil": Executed()}, 2),
    "after the object": zipped(b"\x80\x02}U\x05epochK\x03s." + TOUCH + b"."),
}
"""Each gives its epoch and executes nothing."""

HEAVY: dict[str, bytes] = {
    "nested lists": zipped(b"\x80\x02" + b"]" * MANY + b"a" * (MANY - 1) + b"."),
    "nested marks": zipped(b"\x80\x02" + b"(" * MANY + b"t" * MANY + b"."),
    "containers": zipped(b"\x80\x02(" + b"}" * 2 * MANY + b"l."),
    "doubled tuples": zipped(b"\x80\x02)" + b"2\x86" * MANY + b"."),
    "doubled tuples as a key": zipped(b"\x80\x02})" + b"2\x86" * 1000 + b"K\x01s."),
    "one state for many": zipped(
        b"\x80\x02(("
        + b"".join(b"U\x05%05dK\x01" % number for number in range(MANY // 4))
        + b"dq\x00"
        + b"}h\x00b" * (MANY // 3)
        + b"l."
    ),
    "one list for many calls": zipped(
        b"\x80\x02(("
        + b"K\x01" * MANY
        + b"tq\x00cos\nnice\nq\x01"
        + b"h\x01h\x00R" * 50_000
        + b"l."
    ),
    "one list for many ordered dicts": zipped(
        b"\x80\x02((("
        + b"K\x01" * MANY
        + b"l\x85q\x00ccollections\nOrderedDict\nq\x010(d"
        + b"".join(b"U\x05%05dh\x01h\x00Rs" % number for number in range(30_000))
        + b"."
    ),
    "long numbers": zipped(b"\x80\x02(" + b"\x8b\x00\x00\x10\x00" + bytes(2**20) + b"l."),
    "long decimals": zipped(b"(" + b"L" + b"9" * 4_000_000 + b"L\nl."),
    "long texts": zipped(b"\x80\x02(" + b"X\x00\x00\x10\x00" + b"x" * 2**20 + b"l."),
    "circle": zipped(b"\x80\x02}q\x00U\x01ah\x00s."),
    "values under long keys": under_long_keys(),
    "many runs": mapping(
        text(f"wandb{number}") + b"}U\x02idU\x08%08ds" % number for number in range(10_000)
    ),
    "pages with a space at the end": everywhere("https://a/runs/" + "a" * 470 + " b"),
    "pages of pages with a space": everywhere("https://a" + "/runs/a" * 68 + " b"),
    "wide header": safetensors(b'{"a":[' + b"{}," * 1_300_000 + b"{}]}"),
}
"""Each is read without harm."""

REFUSED: dict[str, tuple[bytes, str]] = {
    "too many opcodes": (
        zipped(b"\x80\x02" + b"]0" * 300_000 + b"]."),
        "more than 400,000 opcodes",
    ),
    "jumps back": (zipped(b"\x80\x02" + b"T" + struct.pack("<i", -5) + b"."), "middle of a value"),
    "length beyond the end": (zipped(b"\x8e" + b"\xff" * 8), "middle of a value"),
    "torn pickle": (zipped(b"\x80\x02}U\x05epo"), "middle of a value"),
    "no stop": (zipped(b"\x80\x02}"), "it is torn"),
    "empty stack": (zipped(b"\x80\x02s."), "it is torn"),
    "unknown memo": (zipped(b"\x80\x02h\x07."), "it is torn"),
    "no opcode": (zipped(b"\x80\x02}\xff."), "it is no pickle"),
    "a single value": (zipped(b"\x80\x02K\x03."), "a single value"),
    "zip bomb": (deflated(40_000_000), "unpacks to 40,000,000 bytes"),
    "zip bomb that lies": (understated(5_000_000), "not as long as"),
    "two pickles": (
        archive([("archive/data.pkl", b"}."), ("archive/data.pkl", TOUCH + b".")]),
        "two members of one name",
    ),
    "two archives in one": (
        archive([("archive/data.pkl", b"}."), ("other/data.pkl", b"}.")]),
        "is not in it",
    ),
    "leads out": (zipped(b"}.", **{"../../EXECUTED": b""}), "leads out of the archive"),
    "leads to the root": (zipped(b"}.", **{"/EXECUTED": b""}), "leads out of the archive"),
    "leads out on Windows": (zipped(b"}.", **{"C:\\EXECUTED": b""}), "leads out of the archive"),
    "many members": (crowded(MOST_MEMBERS + 1), "more than 100,000 members"),
    "a directory too large": (crowded(300_000), "its list of members takes more than 16 MB"),
    "a zip of another kind": (archive([("xl/workbook.xml", b"")]), "'xl/workbook.xml'"),
    "cut short by NUL": (listing([b"archive\0/data.pkl"]), "'archive\\x00/data.pkl'"),
    "members of wide names": (
        listing(
            f"\N{GRINNING FACE}{number}".encode().ljust(1_000, b"x") for number in range(9_000)
        ),
        "is not in it",
    ),
    "a place beyond all files": (
        listing([b"archive/data.pkl"], 2**64 - 1),
        "not where the archive's directory says",
    ),
    "wide texts": (
        mapping(text(f"{number}\N{GRINNING FACE}".ljust(4_000)) + b"N" for number in range(7_500)),
        "its texts take more than 8 MB",
    ),
    "wide texts in lines": (
        small((b"V" + b"x" * 4_000 + b"\n") * 7_500 + b"."),
        "its texts take more than 8 MB",
    ),
    "a tar of less than nothing": (tarred(b"pickle", b"-1"), "has no size"),
    "a tar that goes back": (tarred(b"other", b"-4000"), "has no size"),
    "a header beyond the end": (
        safetensors({}, 2**60),
        "its header takes 1,152,921,504,606,846,976 bytes",
    ),
    "torn zip": (zipped(b"}.")[:-30], "it is torn"),
    "encrypted": (
        zipped(b"}.").replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        "encrypted",
    ),
    "nested header": (safetensors(b'{"a":' + b"[" * 1_000_000), "no whole JSON"),
    "long header": (safetensors(b"{" + bytes(5_000_000)), "its header takes"),
    "empty": (b"", "it is empty"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "an HDF5 file"),
    "text": (b"hello, here is no checkpoint", "of another kind"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    "gzip bomb": (zlib.compress(bytes(1_000_000)), "of another kind"),
}
"""Each is refused, with these words."""


def contents() -> Iterable[tuple[str, bytes]]:
    """Yield every file by its name."""
    yield from (CALLING | HEAVY).items()
    yield from ((name, content) for name, (content, _) in REFUSED.items())


def peak() -> float:
    """Return the most memory this process has taken since it was last asked, in MB."""
    # What `getrusage` gives begins at the memory of the process that started this one.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return float(line.split()[1]) / 1024


def main(directory: Path) -> None:
    """Read every file, and print what came of it."""
    found: dict[str, tuple[str | None, float, list[str], float]] = {}
    for name, content in contents():
        path = directory / f"{name}.pt"
        path.write_bytes(content)
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # where the peak is counted from
        begun = time.process_time()
        try:
            read = read_checkpoint(path)
            why, calls = None, list(read.calls)
        except NotReadable as refusal:
            why, calls = refusal.why, []
        found[name] = (why, time.process_time() - begun, calls, peak())
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
