"""What several rows name or lay claim to: services of the catalogue, and the days for which something holds. Pure."""

from collections.abc import Collection

from app.organisations.entries import Entry
from app.organisations.problems import not_known
from app.organisations.spans import Span


def services(entry: Entry, key: str, lgsls: Collection[int]) -> tuple[int, ...]:
    """Services by their codes, all in the catalogue."""
    found = entry.numbers(key)
    for lgsl in found:
        if lgsl not in lgsls:
            entry.complain(key, not_known(lgsl, lgsls, "a service in services.csv"))
    return found


def one_service(entry: Entry, lgsls: Collection[int], key: str = "service") -> int:
    """One service of the catalogue by its code."""
    found = services(entry, key, lgsls)
    if len(found) > 1:
        entry.complain(key, "names several services; write a row for each")
    return found[0] if found else 0


class Claims:
    """Which spans are taken for one thing; the second claim to the same days is a problem."""

    def __init__(self) -> None:
        self._taken: dict[tuple[object, ...], list[tuple[Span, int]]] = {}

    def stake(self, entry: Entry, key: str, claim: tuple[object, ...], span: Span, what: str) -> None:
        """Claim a span, or complain that it runs into an earlier one."""
        for other, line in self._taken.setdefault(claim, []):
            if span.overlaps(other):
                entry.complain(key, f"{what} is stated on line {line} for {other.words()}; "
                               f"end one before the other begins")
                return
        self._taken[claim].append((span, entry.line))
