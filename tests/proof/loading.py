"""Lays a generated world down as rows, past the wall and in bulk, in the place of the demonstration's organisations.

What triggers keep (who is shared, who is objected to, the copies of keys) is left to them: only what people said is
written. Every field group of a resident and of a request holds its canary.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from psycopg.types.range import DateRange
from sqlalchemy.dialects import postgresql

from app.kernel.ids import secret_hash
from app.kernel.secrets_at_rest import Encrypted
from tests.oracle.canaries import birth, canary, telephone
from tests.oracle.facts import Hat, Request, Resident, World
from tests.oracle.partnership import UNITS

NAMESPACE = uuid.UUID("8f0ec1c5-4a55-4f4c-9a37-0d9f6d1f2f10")
ALWAYS = DateRange(date(1974, 4, 1), None)
LONG_AGO = datetime(2014, 1, 1, tzinfo=UTC)
# What a key may tell of, and the field groups that it takes to see it.
KEYED = {word: frozenset(word.split("+")) for word in ("address", "birth", "channels", "name", "address+name")}
Row = dict[str, object]


def key(kind: str, name: str) -> uuid.UUID:
    """The key of a thing by its name in the world: the same in every database that the world is laid down in."""
    return uuid.uuid5(NAMESPACE, f"{kind}:{name}")


@dataclass(frozen=True)
class Loaded:
    """A world and where its things lie. ``name_of`` turns a key back into the world's own name."""

    world: World
    name_of: dict[uuid.UUID, str]

    def secret(self, hat: Hat) -> str:
        return f"secret of {hat.key}"


def load(connection: psycopg.Connection, world: World) -> Loaded:
    """Replace the partnership's organisations, services and people by the world's, and add everything of theirs."""
    connection.execute("TRUNCATE organisation, service, person CASCADE")
    connection.execute("UPDATE partnership SET as_at = %s", [world.on])
    for table, rows in _tables(world):
        _copy(connection, table, rows)
    connection.execute("ANALYZE")
    connection.commit()
    named = {key("resident", r.ref): r.ref for r in world.residents}
    named |= {key("request", q.ref): q.ref for q in world.requests}
    return Loaded(world, named | {key("contact", c.key): c.key for c in world.contacts})


def add(connection: psycopg.Connection, world: World) -> None:
    """Lay the residents, contacts and requests of a world down beside those that are there."""
    for table, rows in [*_records(world), *_contacts(world), *_requests(world), ("choice", _choices(world))]:
        _copy(connection, table, rows)
    connection.commit()


def _copy(connection: psycopg.Connection, table: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def _tables(world: World) -> list[tuple[str, Iterable[Row]]]:
    """Every table in an order that foreign keys allow."""
    return [*_partnership(world), *_people(world), *_records(world), *_contacts(world), *_requests(world),
            # Last, so that the triggers find the records and their keys.
            ("choice", _choices(world)), ("objection", _objections(world)), ("disclosure", _disclosures(world))]


# Councils, partners, agreements, services, people

def _partnership(world: World) -> list[tuple[str, Iterable[Row]]]:
    tiers = {"council": "borough"}
    organisations = [
        {"id": key("organisation", o.slug), "slug": o.slug, "name": o.slug.title(), "short_name": o.slug,
         "kind": o.kind, "tier": tiers.get(o.kind), "gss": f"E0700{n:04}" if o.kind == "council" else None,
         "information_officer": "Officer", "information_officer_email": "officer@example.org", "accent": 1,
         "valid": ALWAYS} for n, o in enumerate(world.organisations)]
    agreements = [
        {"id": key("agreement", a.slug), "slug": a.slug, "partner_id": key("organisation", a.partner), "title": a.slug,
         "standing": "processor", "valid": DateRange(a.valid_from, a.valid_to), "disposal_days": 28, "terms": "."}
        for a in world.agreements]
    return [
        ("organisation", organisations),
        ("unit", [{"id": key("unit", f"{o.slug}-{unit}"), "organisation_id": key("organisation", o.slug),
                   "slug": unit, "name": unit, "valid": ALWAYS}
                  for o in world.organisations if o.kind == "council" for unit in UNITS]),
        ("service", [{"lgsl": s.lgsl, "name": f"Service {s.lgsl}", "tier": "all"} for s in world.services]),
        ("service_need", [{"lgsl": s.lgsl, "group": group, "why": ".", "required": False, "position": n}
                          for s in world.services for n, group in enumerate(sorted(s.needs))]),
        ("agreement", agreements),
        *((f"agreement_{part}", [{"agreement_id": key("agreement", a.slug), column: value}
                                 for a in world.agreements for value in sorted(getattr(a, field))])
          for part, column, field in (("purpose", "purpose", "purposes"), ("group", "group", "groups"),
                                      ("service", "lgsl", "services"))),
        ("agreement_council", [{"agreement_id": key("agreement", a.slug), "council_id": key("organisation", council)}
                               for a in world.agreements for council in sorted(a.councils)]),
    ]


def _people(world: World) -> list[tuple[str, Iterable[Row]]]:
    until = world.now + timedelta(days=30)
    return [
        ("person", [{"id": key("person", p.key), "username": p.key, "name": p.key} for p in world.people]),
        ("hat", [{"id": key("hat", h.key), "person_id": key("person", h.person),
                  "organisation_id": key("organisation", h.organisation), "role": h.role, "unit": h.unit,
                  "valid_from": date(2014, 1, 1)} for h in world.hats]),
        ("sign_in", [{"id": key("sign-in", h.key), "secret_hash": secret_hash(f"secret of {h.key}"),
                      "person_id": key("person", h.person), "hat_id": key("hat", h.key), "kind": "browser",
                      "created_at": world.now, "seen_at": world.now, "idle_minutes": 100_000, "expires_at": until}
                     for h in world.hats]),
    ]


# Residents

def _records(world: World) -> list[tuple[str, Iterable[Row]]]:
    hat = key("hat", world.hats[0].key)
    having = {group: [r for r in world.residents if group in r.groups] for group in
              ("name", "address", "channels", "birth", "needs", "identity", "sensitive")}

    def each(what: str, residents: list[Resident], /, **columns) -> list[Row]:
        return [{"id": key(what, r.ref), **_of(r), **{name: make(r) for name, make in columns.items()}}
                for r in residents]

    channels = [row for r in having["channels"] for row in (
        {"id": key("e-mail", r.ref), **_of(r), "kind": "email", "value": canary(r.ref, "channels"), "position": 0},
        {"id": key("telephone", r.ref), **_of(r), "kind": "telephone", "value": f"+44{telephone(r.ref)[1:]}",
         "position": 1})]
    return [
        ("resident", [_resident(world, r) for r in world.residents]),
        ("relation", [{"person_id": key("person", person), **_of(r)}
                      for r in world.residents for person in r.relations]),
        ("resident_name", each("name", having["name"], kind=lambda r: "usual", given=lambda r: "Ama",
                               family=lambda r: canary(r.ref, "name"), position=lambda r: 0)),
        ("resident_address", each("address", having["address"], lines=lambda r: Jsonb([canary(r.ref, "address")]),
                                  postcode=lambda r: "ZZ1 1ZZ", since=lambda r: date(2010, 1, 1))),
        ("resident_channel", channels),
        ("resident_preference", [{**_of(r), "channel": "email", "language": "en"} for r in having["channels"]]),
        ("resident_birth", [{**_of(r), "born": birth(r.ref)} for r in having["birth"]]),
        ("resident_need", each("need", having["needs"], words=lambda r: canary(r.ref, "needs"))),
        ("resident_identity", each("identity", having["identity"], matched=lambda r: Jsonb([canary(r.ref, "identity")]),
                                   at=lambda r: LONG_AGO, hat_id=lambda r: hat)),
        ("resident_sensitive", each("sensitive", having["sensitive"], detail=_encrypted)),
        ("resident_change", [{"id": key(f"change of {group}", r.ref), **_of(r), "grp": group, "version": 1,
                              "before": Jsonb(None), "after": Jsonb(canary(r.ref, group)), "at": LONG_AGO,
                              "hat_id": hat} for r in world.residents for group in sorted(r.groups)]),
        ("resident_key", [{"id": key(f"key of {group} for {council}", r.ref), **_of(r), "grp": group, "shared": False,
                           "council_id": key("organisation", council),
                           "key": " ".join(canary(r.ref, part) for part in sorted(parts)).lower()}
                          for r in world.residents for group, parts in KEYED.items() if parts <= set(r.groups)
                          for council in sorted({r.home, r.next_home, r.keeper} - {None})]),
    ]


def _of(resident: Resident) -> Row:
    return {"resident_id": key("resident", resident.ref)}


def _resident(world: World, r: Resident) -> Row:
    return {"id": key("resident", r.ref), "ref": r.ref, "home_id": r.home and key("organisation", r.home),
            "home_until": r.home_until, "next_home_id": r.next_home and key("organisation", r.next_home),
            "keeper_id": key("organisation", r.keeper), "restricted": r.restricted, "protected": r.protected,
            "version": 1, "created_at": LONG_AGO}


def _encrypted(resident: Resident) -> str:
    """What the column's own type would store."""
    return Encrypted.process_bind_param(canary(resident.ref, "sensitive"), postgresql.dialect())


def _choices(world: World) -> list[Row]:
    hat = key("hat", world.hats[0].key)

    def said(resident: Resident, matter: str, at: datetime, answer: str) -> Row:
        return {"id": key(f"{matter} {at.isoformat()}", resident.ref), **_of(resident), "matter": matter,
                "answer": answer, "wording_version": "1", "channel": "telephone", "at": at, "hat_id": hat}

    sharing = [said(r, "sharing", at, answer) for r in world.residents for at, answer in r.sharing]
    return sharing + [said(r, "sensitive", LONG_AGO, r.sensitive_choice) for r in world.residents
                      if r.sensitive_choice != "not asked"]


def _objections(world: World) -> list[Row]:
    """An objection that ended is one that was made and one that was taken back."""
    hat = key("hat", world.hats[0].key)
    return [{"id": key(f"objection {n} {active}", r.ref), **_of(r), "active": active, "at": at, "hat_id": hat,
             "organisation_id": key("organisation", o.organisation), "reason": canary(r.ref, "choices")}
            for r in world.residents for n, o in enumerate(r.objections)
            for active, at in ((True, o.start), (False, o.until)) if at is not None]


def _disclosures(world: World) -> list[Row]:
    opener = key("person", world.people[0].key)
    return [{"id": key(f"disclosure {n}", r.ref), **_of(r), "organisation_id": key("organisation", d.organisation),
             "person_id": d.person and key("person", d.person), "groups": sorted(d.groups), "ground": "court order",
             "requester": ".", "authority": ".", "since": d.start, "until": d.until, "opened_by_id": opener}
            for r in world.residents for n, d in enumerate(r.disclosures)]


# Contacts and requests

def _contacts(world: World) -> list[tuple[str, Iterable[Row]]]:
    person = {hat.key: hat.person for hat in world.hats}
    with_resident = [c for c in world.contacts if c.resident is not None]
    contacts = [
        {"id": key("contact", c.key), "ref": c.ref, "organisation_id": key("organisation", c.organisation),
         "line": "counter", "channel": "counter", "person_id": key("person", person[c.hat]),
         "hat_id": key("hat", c.hat), "sign_in_id": key("sign-in", c.hat), "in_browser": c.ended is None,
         "started_at": c.started, "ended_at": c.ended, "outcome": c.ended and "answered"} for c in world.contacts]
    return [
        ("contact", contacts),
        ("contact_person", [{"contact_id": key("contact", c.key), "resident_id": key("resident", c.resident)}
                            for c in with_resident]),
        ("contact_note", [{"id": key("note", c.key), "contact_id": key("contact", c.key),
                           "resident_id": key("resident", c.resident), "words": canary(c.resident, "history"),
                           "at": c.started, "hat_id": key("hat", c.hat)} for c in with_resident]),
    ]


def _requests(world: World) -> list[tuple[str, Iterable[Row]]]:
    hat = key("hat", world.hats[0].key)

    def each(**columns) -> list[Row]:
        return [{"request_id": key("request", q.ref), **{name: make(q) for name, make in columns.items()}}
                for q in world.requests]

    assignments = [
        {"id": key(f"assignment {n}", a.request), "request_id": key("request", a.request),
         "organisation_id": key("organisation", a.organisation), "agreement_id": key("agreement", a.agreement),
         "assigned_at": a.start, "ended_at": a.until, "ended_as": a.until and "refused"}
        for n, a in enumerate(world.assignments)]
    return [
        ("request", [_request(q) for q in world.requests]),
        ("request_job", each(postcode=lambda q: "ZZ1 1ZZ", place=lambda q: canary(q.ref, "history"),
                             answers=lambda q: Jsonb({}), details=lambda q: Jsonb({}), because=lambda q: Jsonb([]))),
        ("request_note", each(id=lambda q: key("note", q.ref), words=lambda q: canary(q.ref, "history"),
                              organisation_id=lambda q: key("organisation", q.taken_by), hat_id=lambda q: hat,
                              at=lambda q: LONG_AGO)),
        ("request_step", each(id=lambda q: key("step", q.ref), status=lambda q: "passed",
                              organisation_id=lambda q: key("organisation", q.taken_by), at=lambda q: LONG_AGO)),
        ("request_copy", [{"request_id": key("request", q.ref), "grp": group, "value": Jsonb(canary(q.ref, group))}
                          for q in world.requests for group in sorted(q.copy)]),
        ("request_resident", [{"request_id": key("request", q.ref), "resident_id": key("resident", q.resident)}
                              for q in world.requests if q.resident is not None]),
        ("assignment", assignments),
    ]


def _request(q: Request) -> Row:
    return {"id": key("request", q.ref), "ref": q.ref, "lgsl": q.lgsl, "unit": q.unit,
            "taken_by_id": key("organisation", q.taken_by), "taken_in": key("contact", q.contact),
            "responsible_id": key("organisation", q.responsible), "intake": q.intake,
            "intake_home_id": q.intake_home and key("organisation", q.intake_home), "permission": q.permission,
            "status": q.status, "taken_at": LONG_AGO, "closed_at": q.closed_at, "version": 1}
