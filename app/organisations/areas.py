"""How an area is named in a file or asked for: by a council's GSS code, a postcode sector, or one postcode. Pure.

Which councils cover a postcode is `places`; here only the names are understood, and put the narrowest first.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from app.organisations.entries import Entry
from app.organisations.problems import not_known

GSS = re.compile(r"[A-Z][0-9]{8}")
SECTOR = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9]")
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """An area by its kind (`gss`, `sector`, `postcode`) and its code as written."""

    kind: str
    code: str


def areas_of(postcode: str | None, gss: Collection[str]) -> tuple[Area, ...]:
    """Every name of a place, the narrowest first: its postcode, the sector of it, the councils that cover it."""
    exact = [Area("postcode", postcode), Area("sector", postcode[:-2])] if postcode else []
    return (*exact, *(Area("gss", code) for code in gss))


def sector_of(area: Area) -> str | None:
    """The sector that an area is, or lies in; None for a council's."""
    return {"sector": area.code, "postcode": area.code[:-2]}.get(area.kind)


@dataclass(frozen=True, slots=True)
class KnownAreas:
    """The areas that the partnership's files state. Without sectors, any sector is taken."""

    gss: frozenset[str]
    sectors: frozenset[str] = frozenset()

    def read(self, entry: Entry, key: str) -> tuple[Area, ...]:
        """The areas of a cell, each understood and known."""
        found = []
        for text in entry.texts(key) or ([""] if not entry.has(key) else []):
            kind = next((kind for kind, shape in (("gss", GSS), ("sector", SECTOR), ("postcode", POSTCODE))
                         if shape.fullmatch(text)), None)
            if kind is None:
                entry.complain(key, f"“{text}” names no area; write a council's code (E00000000), a postcode sector "
                               "(AB1 2) or a postcode (AB1 2CD)")
                continue
            area = Area(kind, text)
            self._check(entry, key, area)
            found.append(area)
        return tuple(found)

    def _check(self, entry: Entry, key: str, area: Area) -> None:
        sector = sector_of(area)
        if sector is None and area.code not in self.gss:
            entry.complain(key, not_known(area.code, self.gss, "a council's code in areas.csv"))
        if sector is not None and self.sectors and sector not in self.sectors:
            entry.complain(key, not_known(sector, self.sectors, "a sector in sectors.csv"))
