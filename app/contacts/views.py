"""The pages of conversations: opening one, ending it, and answering a question with nothing kept of who asked."""

from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.contacts import operations, queries
from app.contacts.models import CHANNELS, Contact
from app.contacts.schemas import EndingForm, OpeningForm
from app.contacts.words import CHANNEL_WORDS, OUTCOME_WORDS
from app.kernel import forms
from app.kernel.errors import Invalid
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.routes import Routes, Typed
from app.policy.work import Work
from app.services import queries as services
from app.services.models import Service
from app.shell.drawing import page_href

routes = Routes("contacts", __name__)
OPENING = (Action.CONTACT_OPEN, Action.CONTACT_SEE, Action.CONTACT_CHANGE, Action.RESIDENT_SEE)
ENDING = (Action.CONTACT_END, Action.CONTACT_SEE, Action.RESIDENT_SEE)
ANSWERING = (Action.SERVICE_READ, Action.CONTACT_SEE)
SUGGESTED_AT_MOST = 5
CLOSING = (Action.SERVICE_READ, Action.CONTACT_SEE, Action.CONTACT_OPEN, Action.CONTACT_END, Action.RESIDENT_SEE)


def draw_opening(work: Work, form: Typed | None = None) -> str:
    """The form to open a contact with."""
    form = form or Typed({"channel": CHANNELS[0]})
    return render("contacts/open.html", form=form, lines=_lines(work), channels=list(CHANNEL_WORDS.items()))


@routes.get("/contacts/new", needs=OPENING, purpose=Purpose.ENQUIRY)
def opening(work: Work) -> str:
    """Open a contact by hand."""
    return draw_opening(work)


@routes.post("/contacts/new", needs=OPENING, purpose=Purpose.ENQUIRY, redraw=draw_opening)
def open_contact(work: Work) -> Response:
    """Open it; the line decides the hat."""
    said = _loaded(OpeningForm())
    operations.open_contact(work, said["channel"], said["line"])
    return redirect(page_href("/desk"), 303)


def draw_ending(work: Work, form: Typed | None = None, *, contact_ref: str) -> str:
    """The whole page to end a contact on: with room for a note where there is somebody to note it about."""
    contact = queries.own(work, contact_ref)
    resident = queries.with_whom(work, contact)
    return render("contacts/end.html", form=form or Typed({"outcome": "resolved", "resolved_at_first_contact": "yes"}),
                  ref=contact.ref, with_somebody=resident is not None, outcomes=list(OUTCOME_WORDS.items()),
                  longest=operations.LONGEST_NOTE)


@routes.get("/contacts/<contact_ref>/end", needs=ENDING, purpose=Purpose.ENQUIRY)
def ending(work: Work, contact_ref: str) -> str:
    """End a contact, with a note."""
    return draw_ending(work, contact_ref=contact_ref)


@routes.post("/contacts/<contact_ref>/end", needs=ENDING, purpose=Purpose.ENQUIRY, redraw=draw_ending)
def end_contact(work: Work, contact_ref: str) -> Response:
    """End it: from this page, or from the panel in the bar."""
    contact, said = queries.own(work, contact_ref), _loaded(EndingForm())
    operations.end_contact(work, said["outcome"], bool(said["resolved_at_first_contact"]), said["note"],
                           said["promised_by"], contact=contact)
    return redirect(page_href("/desk"), 303)


@routes.get("/answers", needs=ANSWERING, purpose=Purpose.ENQUIRY)
def answers(work: Work) -> str:
    """What may be asked about: an answer leaves nothing of who asked."""
    return _topics(work, Typed({}))


@routes.post("/answers", needs=ANSWERING, purpose=Purpose.ENQUIRY)
def find_answer(work: Work) -> str:
    """The answers that the words fit. Sent as a form, because a caller's name may be typed here too."""
    return _topics(work, Typed(request.form.to_dict()))


@routes.post("/answers/suggestions", needs=ANSWERING, purpose=Purpose.ENQUIRY)
def suggest_answers(work: Work) -> str:
    """The few answers that the words typed so far fit, as a piece of a page."""
    typed = request.form.get("wanted", "")
    found = services.on_offer(work.session, typed)[:SUGGESTED_AT_MOST] if typed.strip() else []
    return render("shell/suggestions.html", heading="Answers", rows=[
        (row.name, f"/answers/{row.lgsl}", row.description) for row in found])


def _topics(work: Work, form: Typed) -> str:
    return render("contacts/answers.html", form=form, topics=[
        (row.lgsl, row.name, row.description)
        for row in services.on_offer(work.session, str(form.values.get("words", "")))], **_at_hand(work))


def draw_answer(work: Work, form: Typed | None = None, *, lgsl: int) -> str:
    """What can be told about one service, and the button that says it was."""
    row = services.service(work.session, lgsl)
    form = form or Typed({"channel": CHANNELS[0], "line": queries.last_line(work)})
    return render("contacts/answer.html", form=form, lgsl=lgsl, name=row.name,
                  description=row.description, targets=_targets(work, row), **_at_hand(work))


@routes.get("/answers/<int:lgsl>", needs=ANSWERING, purpose=Purpose.ENQUIRY)
def answer(work: Work, lgsl: int) -> str:
    """One answer."""
    return draw_answer(work, lgsl=lgsl)


@routes.post("/answers/<int:lgsl>/answered", needs=CLOSING, purpose=Purpose.ENQUIRY, redraw=draw_answer)
def answered(work: Work, lgsl: int) -> Response:
    """Answered: the contact ends, or is noted and ended in one, with the topic and nothing else."""
    topic = services.service(work.session, lgsl).lgsl
    operations.end_contact(work, "answered", True, contact=_contact_at_hand(work), topic=topic)
    return redirect(page_href("/desk"), 303)


def _contact_at_hand(work: Work) -> Contact:
    open_now = queries.current(work)
    if open_now is not None:
        return open_now
    said = _loaded(OpeningForm())
    return operations.open_contact(work, said["channel"], said["line"])


def _at_hand(work: Work) -> dict[str, Any]:
    in_contact = work.contact_id is not None
    return {"in_contact": in_contact, "lines": [] if in_contact else _lines(work),
            "channels": list(CHANNEL_WORDS.items())}


def _lines(work: Work) -> list[tuple[str, str]]:
    return [(line.slug, line.words) for line in queries.answered(work)]


def _targets(work: Work, row: Service) -> list[tuple[str, str]]:
    """(council, by when it promises to do it)."""
    found = []
    for local in services.whole(work.session, [row.lgsl])[0].local:
        if work.on in local.live and local.target_amount and local.target_unit:
            council = services.council_name(work.session, local.council_id)
            found.append((council, f"{local.target_amount} {local.target_unit.replace('-', ' ')}"))
    return sorted(found)


def _loaded(schema: EndingForm | OpeningForm) -> dict[str, Any]:
    """What was typed, with what a bar's panel carries besides left out."""
    known = {name: said for name, said in request.form.items() if name in schema.fields and said.strip()}
    form, said = forms.read(schema, known)
    if form.errors:
        raise Invalid(form.errors)
    return said
