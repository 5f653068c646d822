"""The file of authorities that a partnership keeps: read strictly, and laid into the table as a whole."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from app.places.strict_csv import Faults, Row, read_rows
from app.places.succession import BOROUGH, TIERS, Council

COLUMNS = ("gss", "name", "tier", "begins", "ends", "successor", "member", "homepage")
GSS = re.compile(r"[A-Z][0-9]{8}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HOMEPAGE = re.compile(r"https?://[^\s/]+\.[^\s]+")


def read_authorities(path: Path) -> list[Council]:
    """The authorities of a file, checked one by one and against each other."""
    faults = Faults(path)
    lines: dict[str, int] = {}
    councils: dict[str, Council] = {}
    for row in read_rows(path, COLUMNS):
        council = _council(row, faults)
        if council.gss in lines:
            faults.add(row.line, "gss", f"{council.gss} is already on line {lines[council.gss]}; state it once")
        lines.setdefault(council.gss, row.line)
        councils.setdefault(council.gss, council)
    for gss, council in councils.items():
        _check_succession(council, councils, lines[gss], faults)
    faults.refuse_if_any()
    return list(councils.values())


def _council(row: Row, faults: Faults) -> Council:
    values = row.values
    tier = BOROUGH if values["tier"] == "district" else values["tier"]
    council = Council(values["gss"], values["name"], tier, _day(row, "begins", faults), _day(row, "ends", faults),
                      values["successor"] or None, values["member"] or None, values["homepage"] or None)
    for column in ("gss", "successor"):
        if (column == "gss" or values[column]) and not GSS.fullmatch(values[column]):
            faults.add(row.line, column, f"“{values[column]}” is not a code; it is a letter and eight digits")
    if not values["name"]:
        faults.add(row.line, "name", "is empty; state the council's full name")
    if tier not in TIERS:
        faults.add(row.line, "tier", f"“{values['tier']}” is unknown; use county, borough (or district) or unitary")
    if council.member and not SLUG.fullmatch(council.member):
        faults.add(row.line, "member", f"“{council.member}” is not a slug; use small letters, digits and hyphens")
    if council.homepage and not HOMEPAGE.fullmatch(council.homepage):
        faults.add(row.line, "homepage", f"“{council.homepage}” is not a web address; begin it with https://")
    if council.begins and council.ends and council.ends <= council.begins:
        faults.add(row.line, "ends", f"{council.ends} is not after begins; it is the first day without the council")
        return replace(council, ends=None)
    return council


def _day(row: Row, column: str, faults: Faults) -> date | None:
    text = row.values[column]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.add(row.line, column, f"“{text}” is not a date; write it as 2009-04-01, or leave it empty")
        return None


def _check_succession(council: Council, councils: dict[str, Council], line: int, faults: Faults) -> None:
    if council.successor is None:
        return
    if council.ends is None:
        faults.add(line, "successor", f"is stated, but {council.gss} has no end; state both or neither")
        return
    successor = councils.get(council.successor)
    if successor is None:
        faults.add(line, "successor", f"{council.successor} is not in this file; add its row")
    elif not successor.stands(council.ends):
        # Also what rules out a circle: each successor stands on the day its predecessor ends, and so ends later.
        faults.add(line, "successor", f"{council.successor} does not stand on {council.ends}; check both rows' dates")
