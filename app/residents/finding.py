"""Looking for a resident: from clues to the few records that fit best, journalled, whether anything was found or not.

The query itself is kept nowhere: the journal has a keyed hash of it and how many records it brought.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from flask import current_app
from sqlalchemy import select

from app.journal.showing import Basis, show
from app.matching.waterfall import Waterfall
from app.places.queries import districts
from app.policy.wall import plan_once
from app.policy.work import Work
from app.residents import fitting, probes, queries, ranking
from app.residents.clues import ENOUGH, Clues, require_enough
from app.residents.models import Resident
from app.residents.values import slugs_of
from app.residents.weighing import Because, because, drawn

AT_MOST = 20
# How many records are looked at whole, and how many of these are weighed beyond those that are shown.
LOOKED_AT, WEIGHED_BESIDE = 150, 10


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that fits, as it may be seen. ``score`` says in hundredths how well it agrees; ``bits`` how likely it is the one
    meant, by the weights of ``model``; ``because`` are the clues with what each adds."""

    ref: str
    name: str = field(repr=False)
    address_line: str = field(repr=False)
    home: str | None
    basis: tuple[str, ...]
    score: int
    bits: float
    because: Sequence[Because] = field(repr=False)
    model: str
    steps: Waterfall = field(repr=False)


def search(work: Work, clues: Clues, reason: str | None = None, most: int = AT_MOST) -> list[Hit]:
    """The records that fit, likeliest first. Raises Invalid ``add-a-clue`` for too little without a ``reason``, which the journal
    keeps."""
    require_enough(clues, reason)
    plan_once(work.session)
    seen = _candidates(work, clues)
    scores = {key: 100 if clues.ref else ranking.score(clues, found) for key, found in seen.items()}
    fits = nlargest(most + WEIGHED_BESIDE, (key for key, score in scores.items() if score >= ranking.WORTH_SHOWING),
                    key=lambda key: (scores[key], key))
    weighed = fitting.weighed(work, clues, {key: seen[key] for key in fits})
    best = sorted(fits, key=lambda key: (round(weighed[key].bits, 6), scores[key], key), reverse=True)[:most]
    rows = queries.residents(work, best)
    homes = slugs_of(work, rows.values())

    def value(resident: Resident, basis: Basis) -> Hit:
        found, judged = seen[resident.id], weighed[resident.id]
        given, family = found.names[0] if found.names else ("", "")
        line, postcode = found.addresses[0] if found.addresses else ("", "")
        return Hit(resident.ref, f"{given} {family}".strip(), ", ".join(filter(None, (line, postcode))),
                   homes[resident.id], tuple(map(str, basis.scopes)), scores[resident.id], round(judged.bits, 1), because(judged),
                   judged.model, drawn(judged))

    ordered = [rows[key] for key in best if key in rows]
    return show(work, "resident.searched", ordered, value, fitting.groups_told(clues),
                {"asked": _keyed(clues), "count": len(ordered)} | ({"reason": reason} if reason else {}))


def _candidates(work: Work, clues: Clues) -> dict[uuid.UUID, ranking.Seen]:
    """What may be seen of the records that may be meant, round by round until somebody fits."""
    if clues.ref:
        found = work.session.scalar(select(Resident).where(Resident.ref == clues.ref))
        return queries.seen(work, [queries.survivor_of(work, found).id] if found else [])
    rounds: list[Callable[[Clues], list[str]]] = [probes.pointed, probes.named, probes.tolerant]
    if clues.weight() < ENOUGH:
        rounds[1] = lambda alone: probes.alone(alone, districts(work.session))
    seen: dict[uuid.UUID, ranking.Seen] = {}
    asked: set[str] = set()
    for number, wanted in enumerate(rounds):
        keys = [key for key in wanted(clues) if key not in asked]
        asked.update(keys)
        further = [key for key in queries.answering(work, keys) if key not in seen]
        seen |= queries.seen(work, _likeliest(work, clues, further))
        if ranking.plenty(clues, [ranking.score(clues, each) for each in seen.values()], surely=number == 0):
            break
    return seen


def _likeliest(work: Work, clues: Clues, ids: Collection[uuid.UUID]) -> Collection[uuid.UUID]:
    """Those that fit best by their names, or where none was said by their addresses: where very many came, looking at all of each
    would take long."""
    if len(ids) <= LOOKED_AT:
        return ids
    if clues.names or clues.family or clues.given:
        part, held = Clues(names=clues.names, given=clues.given, family=clues.family), queries.names_seen(work, ids)
        scores = {key: ranking.score(part, ranking.Seen(names=held[key])) for key in ids}
        best = nlargest(LOOKED_AT, ids, key=scores.__getitem__)
        least = scores[best[-1]]
        ids = [key for key in ids if scores[key] >= least]
        if len(ids) <= 2 * LOOKED_AT or not (clues.postcode or clues.outward):
            return best
    if clues.postcode or clues.outward:
        part, held = Clues(postcode=clues.postcode, outward=clues.outward), queries.addresses_seen(work, ids)
        return nlargest(LOOKED_AT, ids, key=lambda key: ranking.score(part, ranking.Seen(addresses=held[key])))
    return list(ids)[:LOOKED_AT]


def _keyed(clues: Clues) -> str:
    """The same clues give the same word, and the word gives nothing of them away."""
    words = repr(tuple(getattr(clues, name) for name in Clues.__slots__))
    return hmac.new(current_app.config["JC_SETTINGS"].data_key, words.encode(), hashlib.sha256).hexdigest()[:32]
