"""Looking for a resident: from clues to the few records that fit best, journalled, whether anything was found or not.

The query itself is kept nowhere: the journal has a keyed hash of it and how many records it brought.
"""

import hashlib
import hmac
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import select

from app.journal.showing import Basis, show
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import probes, queries, ranking
from app.residents.clues import Clues, require_enough
from app.residents.models import Resident
from app.residents.values import slug_of

AT_MOST = 20
# With this many good fits nobody meant another spelling.
PLENTY, GOOD = 3, 95


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that fits, as it may be seen."""

    ref: str
    name: str = field(repr=False)
    address_line: str = field(repr=False)
    home: str | None
    basis: tuple[str, ...]
    score: int


def search(work: Work, clues: Clues) -> list[Hit]:
    """The records that fit, best first. Raises Invalid ``add-a-clue`` for too little."""
    require_enough(clues)
    seen = _candidates(work, clues)
    scored = sorted(((ranking.score(clues, found), key) for key, found in seen.items()), reverse=True)
    best = [(score, key) for score, key in scored if score >= ranking.WORTH_SHOWING or clues.ref][:AT_MOST]
    rows = queries.residents(work, [key for _, key in best])
    scores = {key: score for score, key in best}

    def value(resident: Resident, basis: Basis) -> Hit:
        found = seen[resident.id]
        given, family = found.names[0] if found.names else ("", "")
        line, postcode = found.addresses[0] if found.addresses else ("", "")
        return Hit(resident.ref, f"{given} {family}".strip(), ", ".join(filter(None, (line, postcode))),
                   slug_of(work, resident), tuple(map(str, basis.scopes)), 100 if clues.ref else scores[resident.id])

    ordered = [rows[key] for _, key in best if key in rows]
    return show(work, "resident.searched", ordered, value, [Group.NAME, Group.ADDRESS],
                {"asked": _keyed(clues), "count": len(ordered)})


def _candidates(work: Work, clues: Clues) -> dict[uuid.UUID, ranking.Seen]:
    if clues.ref:
        found = work.session.scalar(select(Resident).where(Resident.ref == clues.ref))
        return queries.seen(work, [found.id] if found else [])
    seen = _asked(work, probes.sharp(clues), ())
    if sum(ranking.score(clues, found) >= GOOD for found in seen.values()) < _plenty(clues):
        seen |= _asked(work, probes.tolerant(clues), seen)
    return seen


def _plenty(clues: Clues) -> int:
    """One good fit is enough where a clue points at a household; names alone have many bearers."""
    return 1 if clues.telephone or clues.email or clues.postcode or clues.born else PLENTY


def _asked(work: Work, asked: Collection[probes.Probe], known: Collection[uuid.UUID]) -> dict[uuid.UUID, ranking.Seen]:
    found = dict.fromkeys(key for probe in asked for key in queries.answering(work, probe) if key not in known)
    return queries.seen(work, list(found))


def _keyed(clues: Clues) -> str:
    """The same clues give the same word, and the word gives nothing of them away."""
    words = repr(tuple(getattr(clues, name) for name in Clues.__slots__))
    return hmac.new(current_app.config["JC_SETTINGS"].data_key, words.encode(), hashlib.sha256).hexdigest()[:32]
