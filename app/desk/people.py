"""The resident's page: what an adviser needs while talking, on one screen; and what happened before."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.contacts import operations as contacts
from app.contacts import queries as contact_queries
from app.contacts.words import MATCHED_WORDS, verified_words
from app.desk import queries, words
from app.desk.pages import routes
from app.kernel.errors import Invalid
from app.kernel.forms import Form
from app.kernel.ids import parse_reference
from app.kernel.telephones import telephone_words
from app.organisations import queries as organisations
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Typed
from app.policy.words import ADVISING, Role
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident
from app.residents.values import shown
from app.services import queries as services

WHOLE = (Action.RESIDENT_SEE, Action.CHOICE_SEE, Action.OBJECTION_SEE, Action.CONTACT_SEE, Action.REQUEST_SEE)
LAST_CONTACTS = 3
# What was done, told on the page that follows; nothing of the resident stands in an address.
DONE = {"recorded": "The resident is recorded.", "changed": "The record is changed.", "verified": "The check is noted.",
        "said": "The answer is recorded.", "objected": "The objection is recorded.", "ended": "The objection is ended."}


@routes.get("/people/<ref>", needs=WHOLE)
def person(work: Work, ref: str) -> str:
    """The resident's summary."""
    return draw(work, ref)


def draw(work: Work, ref: str, form: Typed | None = None) -> str:
    """The page, with what was ticked in vain."""
    resident = residents.one(work, ref)
    value = shown(work, resident)
    sharing = value.get("choices", {}).get("choices", {}).get("sharing", {}).get("answer")
    return render(
        "desk/person.html", ref=resident.ref, form=form or Form(),
        name=words.full_name(value.get("name", [])) or "Name not shown",
        home=_home_words(work, value), sharing=words.SHARING_WORDS.get(sharing or "", ""), asked=sharing != "not-asked",
        facts=facts(value), needs=value.get("needs"), choices=choice_rows(value),
        done=DONE.get(request.args.get("done", "")),
        joined=[(row.ref, row.merged_at) for row in residents.joined_to(work, resident)], asked_for=_asked_for(ref, resident),
        compares=work.actor.role is Role.TEAM_LEADER,
        basis=[words.BASIS_WORDS[scope] for scope in value["basis"] if scope in words.BASIS_WORDS],
        requests=queries.requests(work, resident, only_open=True), promises=queries.promises(work, resident),
        contacts=queries.conversations(work, resident, LAST_CONTACTS), tabs=tabs(resident.ref, "summary"),
        verify=verifiable(value) if _talking(work) else [], talking=_talking(work), verified=_verified(work, resident))


def _asked_for(typed: str, resident: Resident) -> str:
    """The reference that was asked for, where it is that of a record joined to this one."""
    asked = parse_reference(typed) or resident.ref
    return asked if asked != resident.ref else ""


def _verified(work: Work, resident: Resident) -> str:
    """What the caller confirmed in this contact, where it is with this resident."""
    contact = contact_queries.current(work)
    whom = contact_queries.with_whom(work, contact) if contact is not None else None
    return verified_words(contact.verified) if contact is not None and whom is not None and whom.id == resident.id else ""


def _talking(work: Work) -> bool:
    return work.contact_id is not None and work.actor.role in ADVISING


def tabs(ref: str, here: str) -> list[tuple[str, str, bool]]:
    """The pages of one resident."""
    pages = {"summary": "", "history": "/history", "choices": "/choices", "versions": "/versions"}
    return [(page.capitalize(), f"/people/{ref}{path}", page == here) for page, path in pages.items()]


def _home_words(work: Work, value: Mapping[str, Any]) -> str:
    if value["home"] is None:
        return "none: they live outside the partnership"
    return organisations.organisation(work.session, value["home"]).name


def facts(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rows of the key facts; a group that is not shown has none."""
    rows = []
    for name in value.get("name", [])[1:4]:
        rows.append((words.NAME_WORDS[name["kind"]], f"{name['given']} {name['family']}".strip()))
    if addresses := value.get("address"):
        rows.append(("Address", words.address_line(addresses[0])))
    if channels := value.get("channels"):
        rows += [("Telephone", telephone_words(number)) for number in channels["telephones"]]
        rows += [("E-mail", address) for address in channels["emails"]]
        if channels["preferred"]:
            rows.append(("Reach by", words.WAY_WORDS.get(channels["preferred"]["channel"], "")))
    if born := value.get("birth"):
        rows.append(("Date of birth", words.day(born)))
    return rows


def choice_rows(value: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each matter with its answer in words."""
    states = value.get("choices", {}).get("choices", {})
    return [(words.MATTER_WORDS[matter], words.ANSWER_WORDS[state["answer"]], words.ANSWER_TONES[state["answer"]])
            for matter, state in states.items()]


def verifiable(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be asked of the caller: only what is on file and shown."""
    channels = value.get("channels", {})
    on_file = {"name": value.get("name"), "address": value.get("address"), "postcode": value.get("address"),
               "birth": value.get("birth"), "telephone": channels.get("telephones"), "email": channels.get("emails")}
    return [(word, said.capitalize()) for word, said in MATCHED_WORDS.items() if on_file.get(word)]


@routes.post("/people/<ref>/verify", needs=(*WHOLE, Action.RESIDENT_CHANGE, Action.CONTACT_CHANGE), redraw=draw)
def verify(work: Work, ref: str) -> Response:
    """Note what the caller confirmed; the contact is then with this resident."""
    matched = request.form.getlist("matched")
    if not matched:
        raise Invalid({"matched": ["Tick what the caller told you, or leave the check for later"]})
    resident = contacts.set_person(work, ref)
    contacts.verify(work, resident.ref, matched)
    return redirect(f"/people/{resident.ref}?done=verified", 303)


@routes.post("/people/<ref>/request", needs=(Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.CONTACT_CHANGE, Action.SERVICE_READ))
def ask_for(work: Work, ref: str) -> Response:
    """The contact is with this resident; on to what they need, or to the list of what there is where the words fit several."""
    contacts.set_person(work, ref)
    typed = request.form.get("words", "")
    found = services.on_offer(work.session, typed) if typed.strip() else []
    return redirect(f"/contacts/request?service={found[0].lgsl}" if len(found) == 1 else "/contacts/request", 303)


@routes.get("/people/<ref>/history", needs=WHOLE)
def history(work: Work, ref: str) -> str:
    """Everything that happened, as far as this hat may see it."""
    resident = residents.one(work, ref)
    shown(work, resident, "resident.history")
    return render("desk/history.html", ref=resident.ref, tabs=tabs(resident.ref, "history"),
                  requests=queries.requests(work, resident, only_open=False),
                  contacts=queries.conversations(work, resident, queries.NOTES_AT_MOST))


@routes.get("/people/<ref>/versions", needs=(Action.RESIDENT_SEE,))
def versions(work: Work, ref: str) -> str:
    """What the record said before, and who changed it."""
    resident = residents.one(work, ref)
    shown(work, resident, "resident.versions")
    return render("desk/versions.html", ref=resident.ref, tabs=tabs(resident.ref, "versions"),
                  versions=queries.versions(work, resident))


@routes.get("/people/out-of-sight", needs=(Action.RESIDENT_FIND,))
def out_of_sight(_work: Work) -> str:
    """Where one arrives after a change that ended one's own sight of a record."""
    return render("shell/message.html", heading="It is written down", action=("Back to the desk", "/desk"), sentences=[
        "What you recorded ended your own sight of this record. Its home council sees it and goes on from here."])
