"""The pages of whoever takes requests: choosing a service, the one page on which a request is taken, what was sent, the
blind intake, and what may be seen of requests afterwards."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.contacts import queries as contacts
from app.contacts.operations import set_person
from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import new_secret, parse_reference
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.routes import Routes, Typed
from app.policy.work import Work
from app.requests import answers, queries, sight
from app.requests.copies import READING
from app.requests.models import STATUSES
from app.requests.request_form import fields_of, flat, given_from, needs_of, panel_of, questions_of, said_in, taking_of
from app.requests.taking import Taking, decision_for, known_service, take_once, without_permission
from app.residents import questions
from app.residents.clues import read
from app.residents.models import Resident
from app.services import queries as services
from app.shell.drawing import page_href

routes = Routes("requests", __name__)
TAKING = (Action.REQUEST_TAKE, Action.INTAKE_TAKE, Action.RESIDENT_SEE, Action.CONTACT_SEE, Action.REQUEST_SEE,
          Action.INTAKE_SEE, Action.SERVICE_READ, Action.PLACE_LOOKUP, Action.CONTACT_CHANGE)
BESIDE = (Action.INTAKE_SEE, Action.RESIDENT_SEE, Action.CONTACT_SEE)
KNOWN, BLIND = "/contacts/request", "/intake/new"
SUGGESTED_AT_MOST = 6
TONES = {"queued": "attention", "passed": "attention", "assigned": "waiting", "accepted": "waiting",
         "started": "waiting", "completed": "good", "closed": "neutral", "cancelled": "neutral"}


def draw(work: Work, form: Typed | None = None) -> str:
    """The page, as far as it is filled in."""
    here = KNOWN if request.path.endswith(KNOWN) else BLIND
    typed: Mapping[str, Any] = form.values if form is not None else {}
    asked = str(typed.get("service") or request.args.get("service") or "")
    resident = _resident(work, typed.get("person") or request.args.get("person")) if here == KNOWN else None
    if not asked:
        return _choose(work, here, resident, form)
    service = known_service(work, _lgsl(asked))
    values = typed or (_said_before(work) if here == BLIND else {"postcode": _postcode(work, resident)})
    taking = taking_of(values, service.lgsl, resident=resident.ref if resident else None, intake=here == BLIND)
    decision, panel = panel_of(work, service, taking, resident, _names(work))
    if resident is not None:
        _seen(work, resident, [Group(need.group) for need in service.needs])
    errors = flat(form.errors) if form is not None else {}
    return render("requests/take.html", form=Typed(values, errors), here=here, lgsl=service.lgsl, name=service.name,
                  fields_asked=fields_of(service), questions=questions_of(service, decision), panel=panel,
                  given=given_from(work, resident, service) if resident is not None else [],
                  who=resident.ref if resident is not None else None,
                  needs=needs_of(service) if here == BLIND else [], once=values.get("once") or new_secret(),
                  must=[need.group for need in service.needs if need.required],
                  wording=organisations.wording(work.session, "intake", work.on) if here == BLIND else None)


@routes.get(KNOWN, needs=TAKING)
def ask_for(work: Work) -> str:
    """Take a request in the contact in progress, for whom it is with."""
    return draw(work)


@routes.get(BLIND, needs=TAKING)
def blind_intake(work: Work) -> str:
    """Take what a caller says whose record cannot be seen from here."""
    return draw(work)


@routes.post(KNOWN, needs=TAKING, redraw=draw)
def take_request(work: Work) -> Response | str:
    """Send it, or look once more where it goes."""
    return _taken(work, KNOWN)


@routes.post(BLIND, needs=TAKING, redraw=draw)
def take_intake(work: Work) -> Response | str:
    """Pass it on, or keep nothing where the caller permits nothing."""
    return _taken(work, BLIND)


@routes.post(f"{KNOWN}/suggestions", needs=(Action.SERVICE_READ,))
def suggest_services(work: Work) -> str:
    """The few services that the words typed so far fit, for whom the page names. No record is looked at."""
    person = parse_reference(request.form.get("person", ""))
    return _suggested(work, KNOWN, {"person": person} if person else {})


@routes.post(f"{BLIND}/suggestions", needs=(Action.SERVICE_READ,))
def suggest_for_intake(work: Work) -> str:
    """The same for a caller whose record cannot be seen from here."""
    return _suggested(work, BLIND, {"asked": "last"} if request.form.get("asked") == "last" else {})


def _suggested(work: Work, here: str, kept: Mapping[str, str]) -> str:
    typed = request.form.get("words", "")
    found = services.on_offer(work.session, typed)[:SUGGESTED_AT_MOST] if typed.strip() else []
    return render("shell/suggestions.html", heading="Services", rows=[
        (row.name, f"{here}?{urlencode({**kept, 'service': row.lgsl})}", row.description) for row in found])


def _taken(work: Work, here: str) -> Response | str:
    typed = request.form.to_dict()
    if typed.get("step") == "look" or (typed.get("words") and not typed.get("service")):
        return draw(work, Typed(typed))
    service = known_service(work, _lgsl(typed.get("service", "")))
    resident = _resident(work, typed.get("person")) if here == KNOWN else None
    taking = taking_of(typed, service.lgsl, resident=resident.ref if resident else None, intake=here == BLIND)
    decision = decision_for(work, taking.lgsl, taking.postcode, taking.answers, resident=resident)
    if decision.signpost is not None:
        return render("requests/signpost.html", name=service.name, told=decision.signpost, because=decision.because)
    if taking.intake is not None and taking.permission == "refused":
        return _told_to_ring(work, taking, service.name)
    # The page's own number is what sends it once, however often the button is pressed.
    ref, _because = take_once(work, taking, f"POST {here}", typed.get("once") or None, {
        name: said for name, said in typed.items() if name not in ("csrf_token", "step")})
    _with(work, resident)
    return redirect(page_href(f"/requests/{ref}/sent"), 303)


def _told_to_ring(work: Work, taking: Taking, name: str) -> str:
    told = without_permission(work, taking)
    return render("requests/not_taken.html", name=name, ring=told.ring, because=told.decision.because)


@routes.get("/requests/<ref>/sent", needs=(Action.REQUEST_SEE,), also=BESIDE)
def sent(work: Work, ref: str) -> str:
    """What to tell the caller."""
    row = queries.one(work, ref)
    stub, names = answers.stub(work, row), _names(work)
    return render("requests/sent.html", ref=row.ref, name=services.service(work.session, row.lgsl).name,
                  responsible=names.get(stub["responsible"] or "", ""), queue=row.queue,
                  partner=names.get(stub["provider"] or ""), promised_by=row.promised_by, intake=row.intake)


@routes.get("/requests", needs=(Action.REQUEST_SEE,), also=BESIDE)
def listed(work: Work) -> str:
    """The requests that this hat may see, the latest first."""
    status, mine = request.args.get("status") or None, request.args.get("mine") == "yes"
    if status is not None and status not in STATUSES:
        raise Invalid({"status": [f"It is one of {', '.join(STATUSES)}"]})
    found = queries.page(work, status=status, mine=mine, after=request.args.get("after") or None)
    names = {row.lgsl: row.name for row in services.whole(work.session, [row.lgsl for row in found.rows])}
    record(work, "request.listed", facts={"requests": [row.ref for row in found.rows]})
    councils = {row.id: row.name for row in work.session.scalars(select(Organisation))}
    rows = [(row.ref, names[row.lgsl], councils.get(row.responsible_id) if row.responsible_id else "", row.taken_at,
             row.promised_by, row.status) for row in found.rows]
    return render("requests/list.html", rows=rows, next=found.next, status=status or "", mine=mine, statuses=STATUSES,
                  tones=TONES)


@routes.get("/requests/<ref>", needs=(Action.REQUEST_SEE,), also=BESIDE)
def see(work: Work, ref: str) -> str:
    """One request, as far as this hat may see it."""
    return render("requests/see.html", seen=sight.see(work, ref), tones=TONES)


def _choose(work: Work, here: str, resident: Resident | None, form: Typed | None) -> str:
    form = form or Typed({})
    kept = {"person": resident.ref} if resident else {"asked": "last"} if request.values.get("asked") == "last" else {}
    return render("requests/choose.html", here=here, kept=kept, form=form, topics=[
        (row.lgsl, row.name, row.description) for row in services.on_offer(work.session, str(form.values.get("words", "")))])


def _resident(work: Work, ref: str | None) -> Resident | None:
    """Who it is for: whom the page names, else whom the contact is with."""
    contact = contacts.current(work)
    if contact is None:
        raise Conflict("Open a contact first: a request is taken in a conversation.", kind="contact-needed")
    return contacts.resident(work, ref) if ref else contacts.with_whom(work, contact)


def _with(work: Work, resident: Resident | None) -> None:
    """A contact that was with nobody yet has been with whom the request is for."""
    contact = contacts.current(work)
    if resident is not None and contact is not None and contacts.with_whom(work, contact) is None:
        set_person(work, resident.ref, contact)


def _postcode(work: Work, resident: Resident | None) -> str:
    """Where they live is where most things are wanted."""
    lives = READING[Group.ADDRESS](work, resident) if resident is not None else []
    return str(lives[0]["postcode"]) if lives else ""


def _said_before(work: Work) -> dict[str, str]:
    """What was asked for a moment ago in vain, so that the caller need not say it again."""
    asked = questions.last(work) if request.args.get("asked") == "last" else None
    return said_in(read(asked, work.today)) if asked else {}


def _seen(work: Work, resident: Resident, groups: list[Group]) -> None:
    basis = basis_of(work, "resident", [resident.id])[resident.id]
    shown = [group for group in {*groups, Group.ADDRESS} if group in basis.groups]
    record(work, "resident.seen", [Subject(resident.id, shown, basis.scopes)], {"page": "request"})


def _names(work: Work) -> dict[str, str]:
    return {row.slug: row.name for row in work.session.scalars(select(Organisation))}


def _lgsl(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise Invalid({"service": ["Choose a service from the list"]})
    return int(typed)
