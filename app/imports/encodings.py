"""How the bytes of a text file are to be read: what its first bytes say, what all of them allow, and the words to ask with."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# The words that people choose from, and Python's for each.
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (Western European, Excel's plain CSV)"}
MARKS = ((codecs.BOM_UTF8, "utf-8", "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16", "utf-16"))
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Lines that are not UTF-8 in a file that otherwise is: they are handed back, and the file is read on.
FEW = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """How to decode. ``certain`` is false where a person should say so; ``why`` are the words for either."""

    encoding: str
    codec: str
    certain: bool
    why: str


def reading_of(blocks: Iterable[bytes], said: str | None = None) -> Reading:
    """How a file is to be decoded: as its mark says, as a person said, or as its bytes allow."""
    blocks = iter(blocks)
    head = next(blocks, b"")
    for mark, encoding, codec in MARKS:
        if head.startswith(mark):
            return Reading(encoding, codec, True, f"Its first bytes say that it is {ENCODINGS[encoding]}.")
    if said is not None:
        # UTF-16 without a mark: Windows writes the low byte first.
        return Reading(said, _without_mark(said, head), True, f"It is read as {ENCODINGS[said]}.")
    if head[:2000].count(0) * 4 > len(head[:2000]):
        return Reading("utf-16", _without_mark("utf-16", head), False,
                       "It looks like UTF-16 without a mark in front: say in which letters it was saved, or save it again "
                       "as “CSV UTF-8”.")
    return _by_its_bytes(_chained(head, blocks))


def _chained(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _without_mark(encoding: str, head: bytes) -> str:
    if encoding == "utf-16":
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _by_its_bytes(blocks: Iterator[bytes]) -> Reading:
    """UTF-8 where every line is, or where lines that are not are few beside those that use it; else it has to be asked."""
    good, bad, first, number = 0, 0, 0, 0
    for line in _lines(blocks):
        number += 1
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad, first = bad + 1, first or number
    if not bad:
        return Reading("utf-8", "utf-8-sig", True, "Every line of it is UTF-8." if good else
                       "It has plain letters only, so that every way to read it is the same.")
    if good > bad and bad <= FEW:
        return Reading("utf-8", "utf-8-sig", True,
                       f"It is UTF-8 but for {bad} lines, the first of them line {first}: those are handed back.")
    return Reading("cp1252", "cp1252", False,
                   f"It is not UTF-8 (the first line that is not is line {first}). It may be "
                   f"{ENCODINGS['cp1252']}: say in which letters it was saved, or save it again as “CSV UTF-8”.")


def _lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    left = b""
    for block in blocks:
        *whole, left = (left + block).split(b"\n")
        yield from whole
        if len(left) > 10_000_000:
            yield left
            left = b""
    if left:
        yield left
