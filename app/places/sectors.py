"""The file of postcode sectors that a partnership ships for its demonstration: read strictly.

It lets the installation answer for its own area before a publisher's file of postcodes is brought in.
"""

import re
from pathlib import Path
from typing import NamedTuple

from app.places.authorities import GSS
from app.places.postcodes import as_written
from app.places.strict_csv import Faults, read_rows

COLUMNS = ("sector", "district_gss", "county_gss", "straddles")
WORDS = {"yes": True, "no": False}


class SectorFacts(NamedTuple):
    """One side of a sector: the district it lies in, and its county if it has one."""

    sector: str
    district_gss: str
    county_gss: str | None
    straddles: bool


def read_sectors(path: Path) -> list[SectorFacts]:
    """The sectors of a file. One that straddles has a row for each district; any other has exactly one."""
    faults = Faults(path)
    found: list[SectorFacts] = []
    lines: dict[str, list[int]] = {}
    for line, values in read_rows(path, COLUMNS):
        sector, district, county = values["sector"], values["district_gss"], values["county_gss"]
        # A sector is the beginning of a postcode: with two letters behind it, it must read as one.
        if not re.fullmatch(r"[A-Z0-9]+ [0-9]", sector) or as_written(sector + "AA") != sector + "AA":
            faults.add(line, "sector", f"“{sector}” is not a postcode sector; write it as AB1 2")
        for column, code in (("district_gss", district), ("county_gss", county)):
            if (column == "district_gss" or code) and not GSS.fullmatch(code):
                faults.add(line, column, f"“{code}” is not a code; it is a letter and eight digits")
        if values["straddles"] not in WORDS:
            faults.add(line, "straddles", f"“{values['straddles']}” is unknown; write yes or no")
        if any(facts.sector == sector and facts.district_gss == district for facts in found):
            faults.add(line, "district_gss", f"{district} is stated twice for {sector}; state it once")
        found.append(SectorFacts(sector, district, county or None, WORDS.get(values["straddles"], False)))
        lines.setdefault(sector, []).append(line)
    for facts in found:
        if facts.straddles != (len(lines[facts.sector]) > 1):
            faults.add(lines[facts.sector][0], "straddles", f"{facts.sector} has {len(lines[facts.sector])} rows: "
                       "it straddles if it has more than one, and each of them says so")
    faults.refuse_if_any()
    return found
