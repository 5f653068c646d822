"""The desk and its one box, and the page that says what was found: the same for what is hidden and what never was."""

from flask import redirect, request
from werkzeug.wrappers import Response

from app.contacts import operations as contacts
from app.contacts import queries as contact_queries
from app.contacts.words import CHANNEL_WORDS
from app.desk import ways
from app.desk.pages import routes
from app.kernel.errors import Conflict, NotFound
from app.kernel.forms import Form, attempt
from app.kernel.ids import parse_reference
from app.organisations import queries as organisations
from app.places import queries as places
from app.places.answers import UNKNOWN
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.words import ADVISING
from app.policy.work import Work
from app.residents import finding, fitting, questions
from app.residents.clues import ENOUGH, ONE_MORE, Clues, read
from app.residents.reasons import REASONS
from app.services import queries as services

BOX, REASON = "wanted", "reason"
LONGEST = 300
SUGGESTED_AT_MOST = 5
WHY_ALONE = "Add a second detail, or say below why this is all there is"
WHY_SO_MANY = f"You have looked for {questions.MANY} people in ten minutes. Say why, to go on"
# So good a fit that the page of results would only be in the way.
CERTAIN = 90
AT_THE_DESK = (Action.DESK_USE, Action.CONTACT_OPEN, Action.CONTACT_SEE, Action.SERVICE_READ)
# How a contact came is put right only while it is with nobody.
ASKING = (*AT_THE_DESK, Action.CONTACT_CHANGE, Action.RESIDENT_SEE)


@routes.get("/desk", needs=AT_THE_DESK, purpose=Purpose.ENQUIRY)
def desk(work: Work) -> str:
    """The start of every contact."""
    return _desk(work, Form({"channel": "telephone", "line": contact_queries.last_line(work)}))


def _desk(work: Work, form: Form) -> str:
    answered = contact_queries.answered(work)
    # Where several councils' lines ring, the line decides for which of them one looks: it is chosen before anybody is offered.
    begins = len({line.organisation_id for line in answered}) == 1
    return render("desk/desk.html", form=form, lines=[(line.slug, line.words) for line in answered], begins=begins,
                  channels=list(CHANNEL_WORDS.items()), reasons=_reasons(form), in_contact=work.contact_id is not None,
                  answers=_answers(work, form))


def _answers(work: Work, form: Form) -> list[tuple[int, str, str]]:
    """What somebody may have asked about who typed no person: the answers that fit the words."""
    typed = form.values.get(BOX, "").strip()
    found = services.on_offer(work.session, typed)[:SUGGESTED_AT_MOST] if typed and form.errors else []
    return [(row.lgsl, row.name, row.description) for row in found]


def _reasons(form: Form) -> list[tuple[str, str]]:
    """The reasons to choose from, once one is called for."""
    asked_for = {WHY_ALONE, WHY_SO_MANY} & {words for found in form.errors.values() for words in found}
    return list(REASONS.items()) if asked_for or form.values.get(REASON) else []


@routes.post("/find", needs=ASKING, purpose=Purpose.ENQUIRY)
def find(work: Work) -> Response | tuple[str, int]:
    """Keep the question, open a contact where none is open, and go to what there is."""
    typed = request.form.get(BOX, "").strip()
    form = Form(request.form.to_dict(), _faults(work, typed))
    if not form.errors:
        form = _in_contact(work, form)
    if form.errors:
        return _desk(work, form), 422
    return redirect(f"/find/{questions.keep(work, typed, _reason(typed, work))}", 303)


def _in_contact(work: Work, form: Form) -> Form:
    """See to it that a contact is open, and came as the form says; what is wrong with it is in the form that is returned.

    Typing and Enter may both be on their way: whichever comes second goes on in the contact that the first has opened.
    """
    channel, line = form.values.get("channel", ""), form.values.get("line", "")
    if work.contact_id is not None:
        return attempt(work.session, form, lambda: contacts.put_right(work, channel, line))[0] if channel and line else form
    try:
        return attempt(work.session, form, lambda: contacts.open_contact(work, channel, line))[0]
    except Conflict as opened:
        if opened.kind != contacts.OPEN_ALREADY:
            raise
        return form


@routes.post("/residents/find", needs=(Action.RESIDENT_FIND,))
def find_again(work: Work) -> Response | tuple[str, int]:
    """Ask once more, or without a caller."""
    typed = request.form.get(BOX, "").strip()
    form = Form(request.form.to_dict(), _faults(work, typed))
    if form.errors:
        return render("desk/records.html", form=form, reasons=_reasons(form)), 422
    return redirect(f"/find/{questions.keep(work, typed, _reason(typed, work))}", 303)


def _faults(work: Work, typed: str) -> dict[str, list[str]]:
    if not typed:
        return {BOX: ["Type what you know of the person"]}
    if len(typed) > LONGEST:
        return {BOX: [f"This is too long: use at most {LONGEST} characters"]}
    weight, said = read(typed, work.today).weight(), request.form.get(REASON, "")
    if said and said not in REASONS:
        return {REASON: ["Choose one of these reasons"]}
    if weight == 0:
        return {BOX: [ONE_MORE]}
    if weight < ENOUGH and not said:
        return {BOX: [WHY_ALONE]}
    return {REASON: [WHY_SO_MANY]} if not said and questions.too_many(work) else {}


def _reason(typed: str, work: Work) -> str | None:
    """The reason that was given, where one was needed: the journal is no place for those that were not."""
    needed = read(typed, work.today).weight() < ENOUGH or questions.too_many(work)
    return request.form.get(REASON) or None if needed else None


@routes.post("/residents/suggestions", needs=(Action.RESIDENT_FIND,))
def suggestions(work: Work) -> str:
    """The few who fit what has been typed so far, as a piece of a page; nothing until that is enough to look with."""
    typed = _typed_so_far(work)
    if not typed:
        return ""
    questions.keep(work, typed, suggesting=True)
    return _suggested(work, typed)


@routes.post("/find/suggestions", needs=ASKING, purpose=Purpose.ENQUIRY)
def suggestions_at_the_desk(work: Work) -> Response | str:
    """The same where no contact may be open yet: nobody is looked for without one, so what is typed opens it, as Enter would."""
    typed = _typed_so_far(work)
    if not typed or _in_contact(work, Form(request.form.to_dict())).errors:
        return ""
    return redirect(f"/find/{questions.keep(work, typed, suggesting=True)}/suggestions", 303)


@routes.get("/find/<token>/suggestions", needs=(Action.RESIDENT_FIND,))
def suggested(work: Work, token: str) -> str:
    """Who fits what was typed when the contact was opened, and the bar of that contact for the page that has none yet."""
    question = questions.asked(work, token)
    if question is None:
        raise NotFound()
    return _suggested(work, question.typed, begun=True)


def _typed_so_far(work: Work) -> str:
    """What was typed, where it is enough to look with and not too much was looked for of late; else nothing."""
    typed = request.form.get(BOX, "").strip()[:LONGEST]
    return "" if read(typed, work.today).weight() < ENOUGH or questions.too_many_suggestions(work) else typed


def _suggested(work: Work, typed: str, *, begun: bool = False) -> str:
    hits = finding.search(work, read(typed, work.today), most=SUGGESTED_AT_MOST)
    return render("desk/suggestions.html", rows=[_named(hit) for hit in hits], begun=begun)


def _named(hit: finding.Hit) -> tuple[str, str, str]:
    return hit.ref, hit.name or "Name not shown", hit.address_line


@routes.post("/desk/suggestions", needs=(Action.DESK_USE,))
def suggest_ways(_work: Work) -> str:
    """Where the words typed so far lead, as a piece of a page: of the resident whom the page names, or of the desk. No record
    is looked at."""
    person = parse_reference(request.form.get("person", ""))
    typed = request.form.get(BOX, "") or request.form.get("words", "")
    return render("shell/suggestions.html", heading="Do", rows=[(words, href, "") for words, href in ways.fitting(typed, person)])


@routes.get("/find/<token>", needs=(Action.RESIDENT_FIND,))
def found(work: Work, token: str) -> Response | str:
    """Who fits what was asked. One sure fit opens at once."""
    question = questions.asked(work, token)
    if question is None:
        raise NotFound()
    clues = read(question.typed, work.today)
    hits = finding.search(work, clues, question.reason)
    if len(hits) == 1 and hits[0].score >= CERTAIN:
        return redirect(f"/people/{hits[0].ref}", 303)
    form = Form({BOX: question.typed})
    if not hits:
        first, council = _first(work, clues)
        return render("desk/nobody.html", form=form, asking=Form(), first=first, council=council)
    return render("desk/found.html", form=form, rows=list(map(_row, hits)), full=len(hits) == finding.AT_MOST, model=hits[0].model,
                  hint=fitting.one_more(clues, [hit.bits for hit in hits]))


def _first(work: Work, clues: Clues) -> tuple[str, str]:
    """What is sensible first where nobody is found, and for which council: from the postcode that was typed alone."""
    if clues.postcode is None or work.actor.role not in ADVISING:
        return "again", ""
    place = places.find(work.session, clues.postcode, work.on)
    if place.outcome == UNKNOWN:
        return "again", ""
    home = place.home.member if place.home is not None else None
    if home == work.actor.organisation or place.home is None:
        return "new", ""
    return "intake", organisations.organisation(work.session, home).name if home else "another council"


def _row(hit: finding.Hit) -> dict[str, object]:
    ref, name, address = _named(hit)
    agreeing = [words for words, bits in hit.because if bits > 0]
    return {"ref": ref, "name": name, "address": address, "sure": hit.score >= CERTAIN, "why": "; ".join(agreeing),
            "steps": hit.steps}
