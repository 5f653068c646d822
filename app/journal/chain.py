"""Checks the journal against its seals, by itself: the digests are computed here from the entries, not by the database that may
have been tampered with. Pure: lines and seals in, the first fault out."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal: the numbers it covers (first to last, gaps are rolled-back work), how many entries, and their digest."""

    id: int
    first_number: int
    last_number: int
    entries: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The first seal that does not hold, and why."""

    seal: int
    why: str


def digest_of(before: bytes, lines: Iterable[str]) -> bytes:
    """SHA-256 over the digest before and the entries' lines, one a line of text."""
    return hashlib.sha256(before + "\n".join(lines).encode()).digest()


def first_fault(seals: Sequence[Sealed], lines_between: Callable[[int, int], Sequence[str]],
                head: bytes | None = None) -> Fault | None:
    """The first fault in a chain of seals, or None.

    ``lines_between(first, last)`` gives the lines of the entries numbered so, in order. ``head`` is the digest that somebody
    outside wrote down: without it a chain whose end was cut off looks whole.
    """
    before, expected_id, expected_first = b"", 1, 1
    for seal in seals:
        if seal.id != expected_id or seal.first_number != expected_first:
            return Fault(seal.id, "a seal before it is missing")
        lines = lines_between(seal.first_number, seal.last_number)
        if len(lines) != seal.entries:
            return Fault(seal.id, f"{seal.entries} entries were sealed and {len(lines)} are there")
        if digest_of(before, lines) != seal.digest:
            return Fault(seal.id, "an entry was changed after it was sealed")
        before, expected_id, expected_first = seal.digest, seal.id + 1, seal.last_number + 1
    if head is not None and head not in {seal.digest for seal in seals}:
        return Fault(expected_id, "the seal that was written down is not in the chain: its end was cut off")
    return None
