"""Recording a new resident on one page: names, address, how to be reached, needs, and the choices, each read out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.contacts import operations as contacts
from app.contacts import queries as contact_queries
from app.desk import typed, words
from app.desk.pages import routes
from app.duplicates.known import Known, known
from app.kernel import forms
from app.kernel.forms import CARRIED, Form, attempt
from app.kernel.ids import new_secret
from app.organisations import queries as organisations
from app.organisations.words import CHOICE_MATTERS
from app.policy.actions import Action
from app.policy.idempotency import body_hash, remember, remembered
from app.policy.pages import render
from app.policy.work import Work
from app.residents import homes, operations, questions
from app.residents.clues import postcode_in, read
from app.residents.homes import Home, home_of
from app.residents.schemas import ResidentIn
from app.residents.wanted import Recorded, in_order, present

RECORDING = (Action.RESIDENT_RECORD, Action.RESIDENT_SEE, Action.RESIDENT_FIND, Action.CONTACT_SEE,
             Action.CONTACT_CHANGE)
ROUTE = "page /people/new"


@routes.get("/people/new", needs=RECORDING, also=(Action.PLACE_CONFIRM,))
def new(work: Work) -> str:
    """The empty form, with what was asked for a moment ago already in it."""
    asked = questions.last(work) if request.args.get("asked") == "last" else None
    values = typed.from_clues(read(asked, work.today)) if asked else {}
    return _form(work, Form(values | {"once": new_secret()}))


@routes.post("/people/new", needs=RECORDING, also=(Action.PLACE_CONFIRM,))
def record(work: Work) -> Response | tuple[str, int]:
    """Record the resident; sent twice it acts once."""
    sent = {name: value for name, value in request.form.items() if name not in CARRIED}
    key, hashed = sent.get("once") or new_secret(), body_hash(sent)
    ref = remembered(work, ROUTE, key, hashed)
    if ref is None:
        form, wanted = _wanted(work, sent)
        alike = [] if form.errors or wanted is None or sent.get("another") else known(work, wanted)
        if alike:
            return _form(work, form, alike), 422
        if not form.errors and wanted is not None:
            body = wanted
            form, resident = attempt(work.session, form, lambda: operations.record(work, body))
            ref = resident.ref if resident is not None else None
        if ref is None:
            return _form(work, Form(form.values, typed.beside(form.errors, sent))), 422
        remember(work, ROUTE, key, hashed, ref)
        _now_with(work, ref)
    return redirect(f"/people/{ref}?done=recorded", 303)


def _now_with(work: Work, ref: str) -> None:
    """The contact that was with nobody is with the resident just recorded."""
    contact = contact_queries.current(work)
    if contact is not None and contact_queries.with_whom(work, contact) is None:
        contacts.set_person(work, ref)


def _wanted(work: Work, sent: Mapping[str, str]) -> tuple[Form, Recorded | None]:
    """What the schema makes of the page; the errors are the body's, and put beside the fields when it is drawn."""
    contact = contact_queries.current(work)
    body = typed.body_of(sent) | {"channel": contact.channel if contact else "telephone"}
    form, loaded = _loaded(body, sent)
    if loaded is None:
        return form, None
    now = present(in_order(loaded.addresses or (), work.today), work.today)
    home = home_of(work, now) if now is not None else None
    if isinstance(home, Home) and home.id != work.actor.organisation_id:
        return Form(sent, {"address": {"0": {"postcode": [
            "This address is not in your council's area: take what they need for another council"]}}}), None
    return form, loaded


def _loaded(body: Mapping[str, Any], sent: Mapping[str, str]) -> tuple[Form, Recorded | None]:
    made: Any
    form, made = forms.read(ResidentIn(), body)
    return Form(sent, form.errors), None if form.errors else made


def _form(work: Work, form: Form, alike: Sequence[Known] = ()) -> str:
    script = organisations.wording(work.session, "script", work.on)
    asked = [(f"choice-{matter}", words.MATTER_WORDS[matter], organisations.wording(work.session, matter, work.on).text)
             for matter in CHOICE_MATTERS if matter != "sensitive"]
    sides = homes.sides(work, postcode_in(form.values.get("postcode", "")), form.values.get("line1", ""))
    return render("desk/new.html", form=form, alike=alike, sides=sides, script=script.text, version=script.version,
                  matters=asked, ways=list(words.WAY_WORDS.items()))
