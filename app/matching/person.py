"""A person as two records are compared: what may be seen of one record, and nothing of where it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Names are (given, family), addresses (lines, written postcode), the present one of each first. Each line of an address stands
    on a row of its own: the first tells street and house, further ones an estate, a town or a county.

    Telephones are E.164, e-mail addresses folded. What is not known, or may not be seen, is empty.
    """

    names: Sequence[Pair] = field(default=(), repr=False)
    addresses: Sequence[Pair] = field(default=(), repr=False)
    telephones: Sequence[str] = field(default=(), repr=False)
    emails: Sequence[str] = field(default=(), repr=False)
    born: date | None = field(default=None, repr=False)

    @property
    def postcodes(self) -> list[str]:
        """Of all addresses."""
        return [postcode for _, postcode in self.addresses if postcode]

    @property
    def lines(self) -> list[str]:
        """Every line of every address."""
        return [line for lines, _ in self.addresses for line in lines.split("\n")]

    @property
    def told_addresses(self) -> list[str]:
        """Each address with its postcode, in one line as it is told."""
        return [", ".join(filter(None, (*lines.split("\n"), postcode))) for lines, postcode in self.addresses]

    @property
    def present_address(self) -> str:
        """The first of them; nothing where none is known."""
        return next(iter(self.told_addresses), "")
