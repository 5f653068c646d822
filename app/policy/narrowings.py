"""Reads strictly what councils withhold of their own residents: a sheet beside those that ``reading`` reads, and like them
refused with every fault.

What such a line takes away is for ``rules``; who may write one, for whoever keeps drafts.
"""

from collections.abc import Collection
from typing import Final

from app.policy.cells import groups_in, is_owned
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.plainly import COUNCIL
from app.policy.rules import EVERY, Every, Narrowing, Vocabulary
from app.policy.sheets import Fault, Row, Sheet, nearest
from app.policy.words import Role

NARROWINGS: Final = "narrowings.csv"
NARROWINGS_HEADER: Final = ("council", "groups", "organisations", "roles", "reason", "owner", "review")


def read_narrowings(text: str, vocabulary: Vocabulary, faults: list[Fault]) -> tuple[Narrowing, ...]:
    """What councils withhold of their own residents; none where the sheet is empty or was never written."""
    found: dict[tuple[object, ...], Narrowing] = {}
    for row in Sheet(NARROWINGS, NARROWINGS_HEADER, faults).rows(text) if text.strip() else ():
        narrowing = _narrowing(row, vocabulary)
        if narrowing is None:
            continue
        said = (narrowing.council, narrowing.groups, narrowing.organisations, narrowing.roles)
        if said in found:
            row.fault("", f"line {found[said].line} says the same", "Take one of them out.")
        else:
            found[said] = narrowing
    return tuple(found.values())


def _narrowing(row: Row, vocabulary: Vocabulary) -> Narrowing | None:
    groups, review = groups_in(row, "groups"), row.day("review")
    organisations, roles = _named_organisations(row, vocabulary), _named_roles(row)
    right = [_council(row, vocabulary), _reason(row), is_owned(row), organisations, roles, groups]
    taken = RESIDENT_GROUPS if EVERY in groups else frozenset(Group(each) for each in groups)
    if taken - RESIDENT_GROUPS:
        row.fault("groups", f"{', '.join(sorted(taken - RESIDENT_GROUPS))} is no part of a resident's record",
                  f"Use one of: {', '.join(sorted(RESIDENT_GROUPS))}, or * for all of them.")
    elif review is not None and all(right) and not _withholds_from_its_officer(row, organisations, roles):
        return Narrowing(row["council"], taken, organisations, roles, row["reason"], row["owner"], review, row.line)
    return None


def _council(row: Row, vocabulary: Vocabulary) -> bool:
    councils = {each for each in vocabulary.organisations if vocabulary.kinds.get(each, COUNCIL) == COUNCIL}
    if row["council"] in councils:
        return True
    row.fault("council", f"{row['council']!r} is not a council of this partnership" if row["council"] else "nothing is written",
              nearest(row["council"], councils))
    return False


def _named_organisations(row: Row, vocabulary: Vocabulary) -> frozenset[str]:
    """Slugs, or ``*`` alone; none of them if one is not known."""
    texts = row["organisations"].split()
    unknown = [text for text in texts if text not in vocabulary.organisations] if texts != [EVERY] else []
    for text in unknown or [""] * (not texts):
        row.fault("organisations", f"{text!r} is not an organisation of this partnership" if text else "nothing is written",
                  f"{nearest(text, vocabulary.organisations)} Or write * alone for every organisation.")
    return frozenset(texts) if not unknown and not _twice(row, "organisations") else frozenset()


def _named_roles(row: Row) -> frozenset[Role | Every]:
    if row["roles"] == EVERY:
        return frozenset({EVERY})
    words = [row.one("roles", text, Role) for text in row["roles"].split() or [""]]
    known: frozenset[Role | Every] = frozenset(word for word in words if word is not None)
    return known if None not in words and not _twice(row, "roles") else frozenset()


def _twice(row: Row, column: str) -> bool:
    texts = row[column].split()
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        row.fault(column, f"{text} is named twice", "Take one of them out.")
    return len(set(texts)) < len(texts)


def _reason(row: Row) -> bool:
    if not row["reason"].strip("-"):
        row.fault("reason", "it is not said why", "Write the reason, for example carers asked for it.")
        return False
    if ";" in row["reason"]:
        row.fault("reason", "a semicolon ends the reason in the rule's sentence", "Write it with a comma.")
        return False
    return True


def _withholds_from_its_officer(row: Row, organisations: Collection[str], roles: Collection[str]) -> bool:
    """Whether it names the one person of the council whom it must spare."""
    if row["council"] not in organisations or Role.INFORMATION_OFFICER not in roles:
        return False
    row.fault("roles", "a council's own information governance officer answers for what the law demands, and must see it",
              f"Take {Role.INFORMATION_OFFICER} or {row['council']} out.")
    return True
