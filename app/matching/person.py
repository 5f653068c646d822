"""A person as two records are compared: what may be seen of one record, and nothing of where it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Names are (given, family), addresses (lines, written postcode), the present one of each first. The first line of an address
    tells street and house; further ones, each on a row of its own, an estate, a town or a county.

    Telephones are E.164, e-mail addresses folded. What is not known, or may not be seen, is empty.
    """

    names: Sequence[Pair] = field(default=(), repr=False)
    addresses: Sequence[Pair] = field(default=(), repr=False)
    telephones: Sequence[str] = field(default=(), repr=False)
    emails: Sequence[str] = field(default=(), repr=False)
    born: date | None = field(default=None, repr=False)
