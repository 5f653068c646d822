"""Looking for a resident: from clues to the few records that fit best, journalled, whether anything was found or not.

The query itself is kept nowhere: the journal has a keyed hash of it and how many records it brought.
"""

import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest

from flask import current_app
from sqlalchemy import select

from app.journal.showing import Basis, show
from app.matching.person import Person
from app.matching.waterfall import Waterfall
from app.places.queries import districts
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import fitting, probes, queries, ranking
from app.residents.clues import ENOUGH, Clues, require_enough
from app.residents.models import Resident
from app.residents.weighing import Because, because, drawn

AT_MOST = 20
# How many keys may answer, how many records are looked at whole, and how many are weighed beyond those that are shown.
ANSWERING, LOOKED_AT, WEIGHED_BESIDE = 2500, 80, 10
# What is told of a record that was found.
TOLD = frozenset({Group.NAME, Group.ADDRESS})


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
    seen, scores = _candidates(work, clues)
    fits = nlargest(most + WEIGHED_BESIDE, (key for key, score in scores.items() if score >= ranking.WORTH_SHOWING),
                    key=lambda key: (scores[key], key))
    weighed = fitting.weighed(work, clues, {key: seen[key] for key in fits})
    best = sorted(fits, key=lambda key: (round(weighed[key].bits, 6), scores[key], key), reverse=True)[:most]
    rows, told = queries.with_homes(work, best), _shown(work, {key: seen[key] for key in best})

    def value(resident: Resident, basis: Basis) -> Hit:
        found, judged = told[resident.id], weighed[resident.id]
        given, family = found.names[0] if found.names else ("", "")
        return Hit(resident.ref, f"{given} {family}".strip(), found.present_address,
                   rows[resident.id][1], tuple(map(str, basis.scopes)), scores[resident.id], round(judged.bits, 1), because(judged),
                   judged.model, drawn(judged))

    ordered = [rows[key][0] for key in best if key in rows]
    return show(work, "resident.searched", ordered, value, fitting.groups_told(clues),
                {"asked": _keyed(clues), "count": len(ordered)} | ({"reason": reason} if reason else {}))


def _candidates(work: Work, clues: Clues) -> tuple[dict[uuid.UUID, Person], dict[uuid.UUID, int]]:
    """What may be seen of the records that may be meant, and how well each agrees: round by round until somebody fits."""
    if clues.ref:
        found = work.session.scalar(select(Resident).where(Resident.ref == clues.ref))
        seen = queries.seen(work, [queries.survivor_of(work, found).id] if found else [], ())
        return seen, dict.fromkeys(seen, 100)
    rounds = probes.rounds(clues)
    if clues.weight() < ENOUGH:
        rounds[1] = lambda alone: probes.alone(alone, districts(work.session))
    seen, scores = dict[uuid.UUID, Person](), dict[uuid.UUID, int]()
    asked, answered = set[str](), Counter[uuid.UUID]()

    def look(ids: list[uuid.UUID]) -> None:
        further = _likeliest(work, clues, ids) if ids else {}
        seen.update(further)
        scores.update({key: ranking.score(clues, each) for key, each in further.items()})

    for number, wanted in enumerate(rounds):
        keys = [key for key in wanted(clues) if key not in asked]
        if wanted is probes.telling:
            answered += queries.answers(work, keys, ANSWERING, answered)
        else:
            asked.update(keys)
            answered += queries.answers(work, keys, ANSWERING)
        look(_first(clues, answered, seen))
        if ranking.plenty(clues, scores.values(), surely=number == 0):
            return seen, scores
    if not ranking.plenty(clues, scores.values(), least=ranking.FAIR):
        look([key for key, _ in answered.most_common() if key not in seen][:ANSWERING])
    return seen, scores


def _first(clues: Clues, answered: Counter[uuid.UUID], seen: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Those who answered and were not looked at yet, those with most keys first. Of very many those with one key alone wait until
    nothing is left to ask for: who is meant answers to what points at few as well."""
    waiting = [key for key, _ in answered.most_common() if key not in seen]
    if len(waiting) <= LOOKED_AT or not ranking.points(clues):
        return waiting
    return [key for key in waiting if answered[key] > 1]


def _likeliest(work: Work, clues: Clues, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """What may be seen of these records in which a clue can agree; where very many came, of those whose names fit best. Where no
    name was said, or many fit alike, of those that answer to most of what was asked for."""
    groups = fitting.groups_compared(clues) | (TOLD if len(ids) <= AT_MOST else frozenset())
    if len(ids) <= LOOKED_AT or Group.NAME not in groups:
        return queries.seen(work, ids[:LOOKED_AT], groups)
    named, held = Clues(names=clues.names, given=clues.given, family=clues.family), queries.seen(work, ids, [Group.NAME])
    best = nlargest(LOOKED_AT, ids, key=lambda key: ranking.score(named, held[key]))
    rest = queries.seen(work, best, groups - {Group.NAME})
    return {key: replace(rest[key], names=held[key].names) for key in best}


def _shown(work: Work, seen: dict[uuid.UUID, Person]) -> dict[uuid.UUID, Person]:
    """The name and the address of these records: what was not read yet is read now."""
    lacking = [key for key, each in seen.items() if not (each.names and each.addresses)]
    return seen | queries.seen(work, lacking, TOLD)


def _keyed(clues: Clues) -> str:
    """The same clues give the same word, and the word gives nothing of them away."""
    words = repr(tuple(getattr(clues, name) for name in Clues.__slots__))
    return hmac.new(current_app.config["JC_SETTINGS"].data_key, words.encode(), hashlib.sha256).hexdigest()[:32]
