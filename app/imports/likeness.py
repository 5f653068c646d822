"""Which rows are likely to be residents who are there already, among the records that this council may see: its own, and those
shared with it. A record that is hidden is not looked at, so that nothing depends on it.

Exact keys say which records are compared at all; how likely the two are one person is for ``matching.judging``.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from app.imports.checking import Checked
from app.imports.models import ImportRecord, ImportRun
from app.kernel.tables import among
from app.matching import folding
from app.matching.judging import Verdict, judge, settle
from app.matching.person import Person
from app.matching.queries import Standard, standard
from app.matching.spoken import surnames
from app.policy.work import Work
from app.residents import keys, queries, weighing
from app.residents.models import ResidentKey
from app.residents.wanted import Recorded

BORN, AT_POSTCODE, RINGS, WRITES = ("the same name and date of birth", "the same name and postcode",
                                    "the same telephone", "the same e-mail address")
NAMED = "the same name"


@dataclass(frozen=True, slots=True)
class Like:
    """A record that a row is like, and by what. ``strong``: the two are one person as far as can be known."""

    resident_id: uuid.UUID
    why: tuple[str, ...]
    strong: bool


def likely(work: Work, run: ImportRun, rows: Sequence[Checked]) -> dict[int, list[Like]]:
    """The records that each row is like, by its line. Records that this load made itself are not told."""
    asked = {row.line: _keys(row.wanted) for row in rows if row.wanted is not None}
    firsts = {key for found in asked.values() for key in (*found.names, *found.alone)}
    holders = _holders(work, firsts)
    beside = {key for found in asked.values() for key in found.beside}
    held = _held(work, {resident for found in holders.values() for resident in found}, beside | firsts)
    made = set(work.session.scalars(select(ImportRecord.resident_id).where(
        ImportRecord.run_id == run.id, among(ImportRecord.resident_id, held)))) if held else set()
    agreeing = {line: _agreeing(found, holders, held, made) for line, found in asked.items()}
    seen = queries.seen(work, {resident for found in agreeing.values() for resident in found})
    there = {key: weighing.person(each) for key, each in seen.items()}
    people = {row.line: _person(row.wanted) for row in rows if row.wanted is not None and agreeing[row.line]}
    common = standard(work, [*people.values(), *there.values()])
    told = {line: _judged(row, agreeing[line], there, common) for line, row in people.items()}
    return {line: likes for line, likes in told.items() if likes}


def _judged(row: Person, agreeing: Mapping[uuid.UUID, tuple[str, ...]], there: Mapping[uuid.UUID, Person],
            common: Standard) -> list[Like]:
    """Those of the records that agree in something which are likely to be the same person's."""
    weights = common.weights
    judgements = settle([judge(row, there[resident], weights, common.frequencies) for resident in agreeing], weights)
    return [Like(resident, why, judgement.verdict is Verdict.LINK)
            for (resident, why), judgement in zip(agreeing.items(), judgements, strict=True)
            if judgement.verdict in (Verdict.LINK, Verdict.REVIEW)]


def _person(wanted: Recorded) -> Person:
    return Person([(each.given, each.family) for each in wanted.names or ()],
                  [(each.lines[0] if each.lines else "", each.postcode) for each in wanted.addresses or ()],
                  wanted.telephones or (), wanted.emails or (), wanted.born)


@dataclass(frozen=True, slots=True)
class _Asked:
    names: frozenset[str]
    alone: dict[str, str]
    beside: dict[str, str]


def _keys(wanted: Recorded) -> _Asked:
    names = frozenset(keys.full(given.split()[0], surname) for name in wanted.names or ()
                      if (given := folding.name(name.given)) for surname in surnames(folding.name(name.family)))
    alone = {keys.telephone(number): RINGS for number in wanted.telephones or ()}
    alone |= {keys.email(address): WRITES for address in wanted.emails or ()}
    beside = {keys.whole_postcode(each.postcode): AT_POSTCODE for each in wanted.addresses or ()}
    if wanted.born:
        beside[keys.birth(wanted.born)] = BORN
    return _Asked(names, alone, beside)


def _holders(work: Work, wanted: Collection[str]) -> dict[str, set[uuid.UUID]]:
    """Who has which of these keys; in two ways of one statement, so that no key of another's record is touched."""
    ours = ResidentKey.council_id == work.actor.organisation_id
    found: dict[str, set[uuid.UUID]] = defaultdict(set)
    if wanted:
        for resident, key in work.session.execute(select(ResidentKey.resident_id, ResidentKey.key).where(
                or_(and_(among(ResidentKey.key, wanted), ours), and_(among(ResidentKey.key, wanted), ResidentKey.shared)))):
            found[key].add(resident)
    return found


def _held(work: Work, residents: Collection[uuid.UUID], wanted: Collection[str]) -> dict[uuid.UUID, set[str]]:
    """Which of these keys each of these records has."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    if residents and wanted:
        for resident, key in work.session.execute(select(ResidentKey.resident_id, ResidentKey.key).where(
                among(ResidentKey.resident_id, residents), among(ResidentKey.key, wanted))):
            found[resident].add(key)
    return found


def _agreeing(asked: _Asked, holders: dict[str, set[uuid.UUID]], held: dict[uuid.UUID, set[str]],
              made: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The records with which a row has something in common that says something, and what that is."""
    candidates = {resident for key in (*asked.names, *asked.alone) for resident in holders.get(key, ())} - made
    found = {}
    for resident in sorted(candidates):
        has = held[resident]
        named = not asked.names.isdisjoint(has)
        why = [words for key, words in asked.beside.items() if named and key in has]
        alone = [words for key, words in asked.alone.items() if key in has]
        if why or alone:
            found[resident] = tuple(dict.fromkeys([*why, *alone, *([NAMED] if named and not why else [])]))
    return found
