"""Looking after people and their hats: who there is, somebody new, another hat, the end of one, the end of all.
Administrators look after everybody but themselves, a partner's manager after their own organisation's staff; the wall
says the same.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.journal.record import record
from app.kernel.days import day_words
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.tables import among
from app.organisations.models import Organisation, Unit
from app.policy.work import Work
from app.staff.first_passwords import make
from app.staff.hats import Worn, worn
from app.staff.models import Hat, Person
from app.staff.schemas import USERNAME
from app.staff.words import ROLE_WORDS, ROLES_OF_KIND

PAGE = 50


@dataclass(frozen=True, slots=True)
class HatShown:
    """A hat as a page shows it."""

    id: str
    words: str
    since: str
    ended: str | None


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Somebody of staff as a page shows them; ``mine`` says whether the asker may change their hats."""

    id: str
    name: str
    username: str
    email: str | None
    ended: bool
    mine: bool
    hats: tuple[HatShown, ...]


def staff(work: Work, *, own: bool, after: uuid.UUID | None = None) -> tuple[list[PersonShown], uuid.UUID | None]:
    """A page of people by name, of the asker's organisation or of all, and the key that the next page comes after."""
    query = select(Person).order_by(Person.name, Person.id).limit(PAGE + 1)
    if own:
        query = query.where(select(Hat.id).where(
            Hat.person_id == Person.id, Hat.organisation_id == work.actor.organisation_id).exists())
    if after is not None:
        last = select(Person.name, Person.id).where(Person.id == after).scalar_subquery()
        query = query.where(tuple_(Person.name, Person.id) > last)
    found = list(work.session.scalars(query))
    shown = _shown(work, found[:PAGE])
    return shown, found[PAGE - 1].id if len(found) > PAGE else None


def person(work: Work, key: uuid.UUID) -> PersonShown:
    """One of them. Raises NotFound."""
    return _shown(work, [_visible(work, key)])[0]


def organisations(work: Work, *, own: bool) -> Sequence[Organisation]:
    """Those whose staff the asker looks after."""
    query = select(Organisation).order_by(Organisation.name)
    return work.session.scalars(query.where(Organisation.id == work.actor.organisation_id) if own else query).all()


def add(work: Work, given: Mapping[str, Any], *, own: bool) -> tuple[Person, str]:
    """Somebody new with a first hat, and the one-time word that lets them choose a password."""
    if not re.match(USERNAME, given["username"]):
        raise Invalid(
            {
                "username": [
                    "Use 3 to 64 small letters, digits, dots, hyphens and underscores, beginning and ending with "
                    "a letter or a digit."
                ]
            }
        )
    organisation = _organisation(work, given, own=own)
    made = Person(username=given["username"], name=given["name"], email=given["email"], ended_at=None)
    work.session.add(made)
    try:
        work.session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != "23505":
            raise
        raise Invalid({"username": ["Somebody has this user name. Choose another."]}) from None
    _give(work, made, organisation, given)
    word = make(work.session, made.id, work.now)
    record(work, "staff.added", facts={"person": str(made.id)})
    return made, word


def give_hat(work: Work, key: uuid.UUID, given: Mapping[str, Any], *, own: bool) -> None:
    """Another hat for somebody. Raises Invalid for a role that the organisation has not, or that they have already."""
    somebody = _in_care(work, key)
    if somebody.ended_at is not None:
        raise Conflict("This person has ended. Add somebody new instead.")
    _give(work, somebody, _organisation(work, given, own=own), given)


def end_hat(work: Work, key: uuid.UUID, hat_key: uuid.UUID) -> None:
    """The end of a hat, today: whoever wears it now is signed out of it with the next thing they ask."""
    _not_oneself(work, key)
    hat = work.session.get(Hat, hat_key)
    if hat is None or hat.person_id != key or not _in(work, hat):
        raise NotFound()
    if hat.valid_until is None or hat.valid_until > work.today:
        hat.valid_until = work.today
        work.session.flush()
        record(work, "hat.ended", facts={"person": str(key), "hat": str(hat.id)})


def end_person(work: Work, key: uuid.UUID) -> None:
    """The end of somebody: no sign-in of theirs speaks any more."""
    somebody = _in_care(work, key)
    if somebody.ended_at is None:
        somebody.ended_at = work.now
        work.session.flush()
        record(work, "staff.ended", facts={"person": str(key)})


def new_word(work: Work, key: uuid.UUID) -> tuple[Person, str]:
    """A one-time word for somebody who has forgotten their password."""
    somebody = _in_care(work, key)
    if somebody.ended_at is not None:
        raise Conflict("This person has ended, and signs in no more.")
    word = make(work.session, somebody.id, work.now)
    record(work, "password.word-made", facts={"person": str(key)})
    return somebody, word


def _give(work: Work, somebody: Person, organisation: Organisation, given: Mapping[str, Any]) -> None:
    if given["role"] not in ROLES_OF_KIND.get(organisation.kind, ()):
        raise Invalid({"role": [f"{organisation.name} has no such role."]})
    if given["unit"] and work.session.scalar(select(Unit.id).where(
            Unit.organisation_id == organisation.id, Unit.slug == given["unit"])) is None:
        raise Invalid({"unit": [f"{organisation.name} has no department of that name."]})
    same = select(Hat.id).where(
        Hat.person_id == somebody.id, Hat.organisation_id == organisation.id, Hat.role == given["role"],
        Hat.unit.is_not_distinct_from(given["unit"]), or_(Hat.valid_until.is_(None), Hat.valid_until > work.today))
    if work.session.scalar(same) is not None:
        raise Invalid({"role": ["This person has that hat already."]})
    hat = Hat(person_id=somebody.id, organisation_id=organisation.id, role=given["role"], unit=given["unit"],
              valid_from=work.today, valid_until=None)
    work.session.add(hat)
    work.session.flush()
    record(work, "hat.given", facts={"person": str(somebody.id), "hat": str(hat.id), "role": given["role"],
                                     "organisation": organisation.slug})


def _organisation(work: Work, given: Mapping[str, Any], *, own: bool) -> Organisation:
    for organisation in organisations(work, own=own):
        if organisation.slug == given["organisation"]:
            return organisation
    raise Invalid({"organisation": ["Choose an organisation from the list."]})


def _visible(work: Work, key: uuid.UUID) -> Person:
    found = work.session.get(Person, key)
    if found is None:
        raise NotFound()
    return found


def _in_care(work: Work, key: uuid.UUID) -> Person:
    """Somebody whom the asker may change."""
    found = _visible(work, key)
    _not_oneself(work, key)
    if not work.session.scalar(select(func.wall.looks_after(key))):
        raise Conflict(
            "This person also has, or had, a hat of another organisation: ask an administrator of the partnership."
        )
    return found


def _not_oneself(work: Work, key: uuid.UUID) -> None:
    if key == work.actor.person_id:
        raise Conflict("Nobody changes their own hats: ask another who may.")


def _in(work: Work, hat: Hat) -> bool:
    return hat.organisation_id in (work.session.scalar(select(func.wall.staffing("office"))) or ())


def _shown(work: Work, people: Sequence[Person]) -> list[PersonShown]:
    rows = work.session.execute(
        select(Hat, Organisation, Unit.name).join(Organisation, Organisation.id == Hat.organisation_id)
        .outerjoin(Unit, (Unit.organisation_id == Hat.organisation_id) & (Unit.slug == Hat.unit))
        .where(among(Hat.person_id, [each.id for each in people])).order_by(Hat.valid_from, Hat.id)).all()
    hats: dict[uuid.UUID, list[HatShown]] = {}
    for hat, organisation, unit in rows:
        hats.setdefault(hat.person_id, []).append(_hat_shown(work, worn(hat, organisation, unit), hat))
    return [PersonShown(str(each.id), each.name, each.username, each.email, each.ended_at is not None,
                        each.id != work.actor.person_id, tuple(hats.get(each.id, ()))) for each in people]


def _hat_shown(work: Work, words: Worn, hat: Hat) -> HatShown:
    over = hat.valid_until is not None and hat.valid_until <= work.today
    return HatShown(
        str(hat.id),
        words.words,
        day_words(hat.valid_from),
        day_words(hat.valid_until) if over and hat.valid_until else None,
    )


def choices_of(work: Work, *, own: bool) -> dict[str, list[tuple[str, str]]]:
    """What the forms offer: organisations, the roles that those have, and their departments."""
    found = organisations(work, own=own)
    kinds = {organisation.kind for organisation in found}
    roles = {role for kind in kinds for role in ROLES_OF_KIND.get(kind, ())}
    units = work.session.execute(select(Unit.slug, Unit.name, Organisation.short_name)
                                 .join(Organisation, Organisation.id == Unit.organisation_id)
                                 .where(among(Unit.organisation_id, [each.id for each in found]))
                                 .order_by(Organisation.short_name, Unit.name)).all()
    return {"organisations": [(each.slug, each.name) for each in found],
            "roles": sorted(((str(role), ROLE_WORDS[role]) for role in roles), key=lambda each: each[1]),
            "units": [(slug, f"{short}: {name}") for slug, name, short in units]}
