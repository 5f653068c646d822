"""Looking for a resident: from clues to the few records that fit best, journalled, whether anything was found or not.

The query itself is kept nowhere: the journal has a keyed hash of it and how many records it brought.
"""

import hashlib
import hmac
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from heapq import nlargest

from flask import current_app
from sqlalchemy import select

from app.journal.showing import Basis, show
from app.places.queries import districts
from app.policy.groups import Group
from app.policy.wall import plan_once
from app.policy.work import Work
from app.residents import probes, queries, ranking
from app.residents.clues import ENOUGH, Clues, require_enough
from app.residents.models import Resident
from app.residents.values import slugs_of

AT_MOST = 20
# How many records are looked at whole.
LOOKED_AT = 150


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that fits, as it may be seen."""

    ref: str
    name: str = field(repr=False)
    address_line: str = field(repr=False)
    home: str | None
    basis: tuple[str, ...]
    score: int


def search(work: Work, clues: Clues, reason: str | None = None, most: int = AT_MOST) -> list[Hit]:
    """The records that fit, best first. Raises Invalid ``add-a-clue`` for too little without a ``reason``, which the journal
    keeps."""
    require_enough(clues, reason)
    plan_once(work.session)
    seen = _candidates(work, clues)
    scored = sorted(((ranking.score(clues, found), key) for key, found in seen.items()), reverse=True)
    best = [(score, key) for score, key in scored if score >= ranking.WORTH_SHOWING or clues.ref][:most]
    rows = queries.residents(work, [key for _, key in best])
    scores = {key: score for score, key in best}
    homes = slugs_of(work, rows.values())

    def value(resident: Resident, basis: Basis) -> Hit:
        found = seen[resident.id]
        given, family = found.names[0] if found.names else ("", "")
        line, postcode = found.addresses[0] if found.addresses else ("", "")
        return Hit(resident.ref, f"{given} {family}".strip(), ", ".join(filter(None, (line, postcode))),
                   homes[resident.id], tuple(map(str, basis.scopes)), 100 if clues.ref else scores[resident.id])

    ordered = [rows[key] for _, key in best if key in rows]
    return show(work, "resident.searched", ordered, value, [Group.NAME, Group.ADDRESS],
                {"asked": _keyed(clues), "count": len(ordered)} | ({"reason": reason} if reason else {}))


def _candidates(work: Work, clues: Clues) -> dict[uuid.UUID, ranking.Seen]:
    if clues.ref:
        found = work.session.scalar(select(Resident).where(Resident.ref == clues.ref))
        return queries.seen(work, [queries.survivor_of(work, found).id] if found else [])
    sharp = probes.sharp(clues)
    if clues.weight() < ENOUGH:
        sharp += probes.alone(clues, districts(work.session))
    seen = queries.seen(work, _likeliest(work, clues, queries.answering(work, sharp)))
    if not ranking.plenty(clues, [ranking.score(clues, found) for found in seen.values()]):
        further = [key for key in queries.answering(work, probes.tolerant(clues)) if key not in seen]
        seen |= queries.seen(work, _likeliest(work, clues, further))
    return seen


def _likeliest(work: Work, clues: Clues, ids: Collection[uuid.UUID]) -> Collection[uuid.UUID]:
    """Those whose names fit best, where so many came that looking at all of each would take long."""
    if len(ids) <= LOOKED_AT or not (clues.names or clues.family or clues.given):
        return ids
    named = Clues(names=clues.names, given=clues.given, family=clues.family)
    names = queries.names_seen(work, ids)
    return nlargest(LOOKED_AT, ids, key=lambda key: ranking.score(named, ranking.Seen(names=names[key])))


def _keyed(clues: Clues) -> str:
    """The same clues give the same word, and the word gives nothing of them away."""
    words = repr(tuple(getattr(clues, name) for name in Clues.__slots__))
    return hmac.new(current_app.config["JC_SETTINGS"].data_key, words.encode(), hashlib.sha256).hexdigest()[:32]
