"""Which rows are likely to be residents who are there already, among the records that this council may see: its own, and those
shared with it. A record that is hidden is not looked at, so that nothing depends on it.

Exact keys say which records are compared at all; how likely the two are one person is for ``matching.judging``.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from app.imports.checking import Checked
from app.imports.models import ImportRecord, ImportRun
from app.kernel.tables import among
from app.matching import folding
from app.matching.judging import Verdict, judge, settle
from app.matching.person import Person
from app.matching.queries import Standard, standard
from app.matching.spoken import sound, surnames
from app.policy.work import Work
from app.residents import keys, queries
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
    agreeing = _agreeing(work, asked)
    made = _made_by(work, run, {resident for found in agreeing.values() for resident in found})
    agreeing = {line: {resident: why for resident, why in found.items() if resident not in made}
                for line, found in agreeing.items()}
    seen = queries.seen(work, {resident for found in agreeing.values() for resident in found})
    people = {row.line: row.wanted.person() for row in rows if row.wanted is not None and agreeing[row.line]}
    if not people:
        return {}
    common = standard(work, [*people.values(), *seen.values()])
    told = {line: _judged(row, agreeing[line], seen, common) for line, row in people.items()}
    return {line: likes for line, likes in told.items() if likes}


def _judged(row: Person, agreeing: Mapping[uuid.UUID, tuple[str, ...]], there: Mapping[uuid.UUID, Person],
            common: Standard) -> list[Like]:
    """Those of the records that agree in something which are likely to be the same person's."""
    weights = common.weights
    judgements = settle([judge(row, there[resident], weights, common.frequencies) for resident in agreeing], weights)
    return [Like(resident, why, judgement.verdict is Verdict.LINK)
            for (resident, why), judgement in zip(agreeing.items(), judgements, strict=True)
            if judgement.verdict in (Verdict.LINK, Verdict.REVIEW)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a record that says the same as a row is filed under. ``beside`` says something only beside one of ``names``."""

    names: frozenset[str]
    alone: dict[str, str]
    beside: dict[str, str]


def _keys(wanted: Recorded) -> _Asked:
    called = [(folding.name(name.given), surnames(folding.name(name.family))) for name in wanted.names or ()]
    names = frozenset(keys.full(given.split()[0], surname) for given, family in called if given for surname in family)
    alone = {keys.telephone(number): RINGS for number in wanted.telephones or ()}
    alone |= {keys.email(address): WRITES for address in wanted.emails or ()}
    # Beside a surname: a hundred may live at a postcode and thirty be born on a day, hardly two of them called alike.
    sounds = {sound(surname) for given, family in called if given for surname in family}
    beside = {keys.at_postcode(heard, each.postcode): AT_POSTCODE for each in wanted.addresses or () for heard in sounds}
    if wanted.born:
        beside |= {keys.born_as(heard, wanted.born): BORN for heard in sounds}
    return _Asked(names, alone, beside)


def _agreeing(work: Work, asked: Mapping[int, _Asked]) -> dict[int, dict[uuid.UUID, tuple[str, ...]]]:
    """The records with which a row has something in common that says something, and what that is. First those are asked for
    that share what few have; of a whole name very many may have it, the more the larger the council."""
    holders = _holders(work, {key for found in asked.values() for key in (*found.alone, *found.beside)})
    named = _named(work, {resident for found in holders.values() for resident in found},
                   {name for found in asked.values() for name in found.names})
    return {line: _what_agrees(found, holders, named) for line, found in asked.items()}


def _what_agrees(asked: _Asked, holders: Mapping[str, set[uuid.UUID]],
                 named: Mapping[uuid.UUID, set[str]]) -> dict[uuid.UUID, tuple[str, ...]]:
    found = {}
    for resident in sorted({each for key in (*asked.alone, *asked.beside) for each in holders.get(key, ())}):
        same_name = not asked.names.isdisjoint(named.get(resident, ()))
        why = [words for key, words in asked.beside.items() if same_name and resident in holders.get(key, ())]
        alone = [words for key, words in asked.alone.items() if resident in holders.get(key, ())]
        if why or alone:
            found[resident] = tuple(dict.fromkeys([*why, *alone, *([NAMED] if same_name and not why else [])]))
    return found


def _holders(work: Work, wanted: Collection[str]) -> dict[str, set[uuid.UUID]]:
    """Who has which of these keys."""
    found: dict[str, set[uuid.UUID]] = defaultdict(set)
    if wanted:
        for resident, key in work.session.execute(
                select(ResidentKey.resident_id, ResidentKey.key).where(_in_sight(work, wanted))):
            found[key].add(resident)
    return found


def _named(work: Work, residents: Collection[uuid.UUID], names: Collection[str]) -> dict[uuid.UUID, set[str]]:
    """Which of these whole names each of these records is filed under."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    if residents and names:
        for resident, key in work.session.execute(select(ResidentKey.resident_id, ResidentKey.key).where(
                among(ResidentKey.resident_id, residents), _in_sight(work, names))):
            found[resident].add(key)
    return found


def _in_sight(work: Work, wanted: Collection[str]) -> ColumnElement[bool]:
    """These keys, of the council's own and of what is shared: in two ways, so that no key of another's record is touched."""
    return or_(and_(among(ResidentKey.key, wanted), ResidentKey.council_id == work.actor.organisation_id),
               and_(among(ResidentKey.key, wanted), ResidentKey.shared))


def _made_by(work: Work, run: ImportRun, residents: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these records that came of this load."""
    return set(work.session.scalars(select(ImportRecord.resident_id).where(
        ImportRecord.run_id == run.id, among(ImportRecord.resident_id, residents)))) if residents else set()
