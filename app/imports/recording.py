"""Records many residents in one go, as ``residents.operations.record`` records one: the same rows, the same keys, the same
entries of the journal. The guard checks every row, and the wall stands behind it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from app.choices.models import Choice
from app.imports.choices import Chosen
from app.imports.models import ImportEvidence, ImportRecord, ImportRun
from app.journal.models import Entry, EntrySubject
from app.kernel.clock import LONDON
from app.kernel.ids import new_key, new_reference
from app.policy.groups import Group
from app.policy.work import Work
from app.residents.keys import keys_of
from app.residents.models import (
    Resident,
    ResidentAddress,
    ResidentBirth,
    ResidentChange,
    ResidentChannel,
    ResidentKey,
    ResidentName,
    ResidentNeed,
    ResidentPreference,
)
from app.residents.wanted import Address, Recorded

# Noon of the day stands for a day of which the hour was not written down.
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One row to be recorded, its addresses in order."""

    line: int
    wanted: Recorded = field(repr=False)
    addresses: Sequence[Address] = field(repr=False)
    chosen: Sequence[Chosen] = field(default=(), repr=False)


def record_all(work: Work, run: ImportRun, newcomers: Sequence[Newcomer]) -> None:
    """New records of residents of this hat's own council, in as few statements as there are tables.

    What they chose goes last: it draws consequences for who sees the record.
    """
    home = work.actor.organisation_id
    made = [(new_key(), newcomer) for newcomer in newcomers]
    work.session.add_many(Resident, [
        {"id": key, "ref": new_reference(), "home_id": home, "keeper_id": home, "version": 1, "created_at": work.now}
        for key, _ in made])
    rows: dict[type, list[dict[str, Any]]] = defaultdict(list)
    for key, newcomer in made:
        for model, row in _rows(work, key, newcomer):
            rows[model].append(row)
        rows[ImportRecord].append({"resident_id": key, "run_id": run.id, "line": newcomer.line})
    for model, many in rows.items():
        work.session.add_many(model, many)
    _journal(work, run, made)
    _choices(work, run, made)


def _rows(work: Work, key: uuid.UUID, newcomer: Newcomer) -> Iterator[tuple[type, dict[str, Any]]]:
    """Every row of a record beside the first, by its table, and the version kept of each group."""
    wanted = newcomer.wanted

    def one(model: type, **values: Any) -> tuple[type, dict[str, Any]]:
        return model, {"id": new_key(), "resident_id": key, **values}

    for at, name in enumerate(wanted.names or ()):
        yield one(ResidentName, given=name.given, family=name.family, kind=name.kind, position=at)
    for address in newcomer.addresses:
        yield one(ResidentAddress, lines=list(address.lines), postcode=address.postcode, since=address.since,
                  until=address.until)
    for kind, values in (("telephone", wanted.telephones), ("email", wanted.emails)):
        for at, value in enumerate(values or ()):
            yield one(ResidentChannel, kind=kind, value=value, position=at)
    if wanted.preferred:
        yield ResidentPreference, {"resident_id": key, "channel": wanted.preferred.channel,
                                   "language": wanted.preferred.language}
    if wanted.born:
        yield ResidentBirth, {"resident_id": key, "born": wanted.born}
    for words in wanted.needs or ():
        yield one(ResidentNeed, words=words)
    for group, before, after in _changes(newcomer):
        yield one(ResidentChange, grp=str(group), version=1, before=before, after=after, at=work.now,
                  hat_id=work.actor.hat_id)
    for grp, found_by in sorted(keys_of(newcomer.wanted.person())):
        yield one(ResidentKey, council_id=work.actor.organisation_id, grp=grp, key=found_by)


def _changes(newcomer: Newcomer) -> Iterator[tuple[Group, Any, Any]]:
    """Each group that says something now, with what stood before (nothing) and after, as versions keep it."""
    wanted = newcomer.wanted
    nowhere: dict[str, Any] = {"telephones": [], "emails": [], "preferred": None}
    yield Group.NAME, [], [{"given": each.given, "family": each.family, "kind": each.kind} for each in wanted.names or ()]
    yield Group.ADDRESS, [], [
        {"lines": list(each.lines), "postcode": each.postcode, "from": each.since and each.since.isoformat(),
         "until": each.until and each.until.isoformat()} for each in reversed(newcomer.addresses)]
    preferred = wanted.preferred and {"channel": wanted.preferred.channel, "language": wanted.preferred.language}
    reached = {"telephones": list(wanted.telephones or ()), "emails": list(wanted.emails or ()), "preferred": preferred}
    if reached != nowhere:
        yield Group.CHANNELS, nowhere, reached
    if wanted.born:
        yield Group.BIRTH, None, wanted.born.isoformat()
    if wanted.needs:
        yield Group.NEEDS, [], list(wanted.needs)


def _journal(work: Work, run: ImportRun, made: Sequence[tuple[uuid.UUID, Newcomer]]) -> None:
    """An entry for each record, as for one that is recorded at a desk."""
    actor = work.actor
    entries = [(new_key(), key, sorted(str(group) for group, _, _ in _changes(newcomer))) for key, newcomer in made]
    same = {"at": work.now, "event": "resident.recorded", "person_id": actor.person_id, "hat_id": actor.hat_id,
            "organisation_id": actor.organisation_id, "purpose": work.purpose and str(work.purpose),
            "contact_id": work.contact_id, "request_id": work.request_id, "policy_version": work.policy_version,
            "facts": {"import": run.ref}}
    work.session.add_many(Entry, [{"id": entry, **same} for entry, _, _ in entries])
    work.session.add_many(EntrySubject, [{"entry_id": entry, "resident_id": key, "groups": groups, "scopes": []}
                                         for entry, key, groups in entries])


def _choices(work: Work, run: ImportRun, made: Sequence[tuple[uuid.UUID, Newcomer]]) -> None:
    evidence = []
    for key, newcomer in made:
        for said in newcomer.chosen:
            choice = Choice(id=new_key(), resident_id=key, matter=said.matter, answer=said.answer, channel=said.channel,
                            wording_version=said.wording, hat_id=work.actor.hat_id,
                            at=min(datetime.combine(said.on, NOON, LONDON), work.now))
            work.session.add(choice)
            evidence.append(ImportEvidence(choice_id=choice.id, resident_id=key, run_id=run.id,
                                           reference=said.evidence or "not said"))
    if evidence:
        work.session.flush()
        work.session.add_all(evidence)
        work.session.flush()
