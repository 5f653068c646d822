"""The desk and its one box, and the page that says what was found: the same for what is hidden and what never was."""

from flask import redirect, request
from werkzeug.wrappers import Response

from app.contacts import operations as contacts
from app.contacts import queries as contact_queries
from app.contacts.words import CHANNEL_WORDS
from app.desk import queries
from app.desk.pages import routes
from app.kernel.errors import NotFound
from app.kernel.forms import Form, attempt
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.work import Work
from app.residents import finding, questions
from app.residents.clues import ENOUGH, ONE_MORE, read

BOX = "wanted"
LONGEST = 300
# So good a fit that the page of results would only be in the way.
CERTAIN = 90
ASKING = (Action.DESK_USE, Action.CONTACT_OPEN, Action.CONTACT_SEE)


@routes.get("/desk", needs=ASKING, purpose=Purpose.ENQUIRY)
def desk(work: Work) -> str:
    """The start of every contact."""
    return _desk(work, Form({"channel": "telephone", "line": queries.last_line(work)}))


def _desk(work: Work, form: Form) -> str:
    lines = [(line.slug, line.words) for line in contact_queries.answered(work)]
    return render("desk/desk.html", form=form, lines=lines, channels=list(CHANNEL_WORDS.items()),
                  in_contact=work.contact_id is not None)


@routes.post("/find", needs=ASKING, purpose=Purpose.ENQUIRY)
def find(work: Work) -> Response | tuple[str, int]:
    """Keep the question, open a contact where none is open, and go to what there is."""
    typed = request.form.get(BOX, "").strip()
    form = Form(request.form.to_dict(), _faults(work, typed))
    if not form.errors and work.contact_id is None:
        form, _ = attempt(work.session, form, lambda: contacts.open_contact(
            work, request.form.get("channel", ""), request.form.get("line", "")))
    if form.errors:
        return _desk(work, form), 422
    return redirect(f"/find/{questions.keep(work, typed)}", 303)


@routes.post("/residents/find", needs=(Action.RESIDENT_FIND,))
def find_again(work: Work) -> Response | tuple[str, int]:
    """Ask once more, or without a caller."""
    typed = request.form.get(BOX, "").strip()
    form = Form(request.form.to_dict(), _faults(work, typed))
    if form.errors:
        return render("desk/records.html", form=form), 422
    return redirect(f"/find/{questions.keep(work, typed)}", 303)


def _faults(work: Work, typed: str) -> dict[str, list[str]]:
    if not typed:
        return {BOX: ["Type what you know of the person"]}
    if len(typed) > LONGEST:
        return {BOX: [f"This is too long: use at most {LONGEST} characters"]}
    return {} if read(typed, work.today).weight() >= ENOUGH else {BOX: [ONE_MORE]}


@routes.get("/find/<token>", needs=(Action.RESIDENT_FIND,))
def found(work: Work, token: str) -> Response | str:
    """Who fits what was asked. One sure fit opens at once."""
    typed = questions.asked(work, token)
    if typed is None:
        raise NotFound()
    hits = finding.search(work, read(typed, work.today))
    if len(hits) == 1 and hits[0].score >= CERTAIN:
        return redirect(f"/people/{hits[0].ref}", 303)
    form = Form({BOX: typed})
    if not hits:
        return render("desk/nobody.html", form=form)
    rows = [{"ref": hit.ref, "name": hit.name or "Name not shown", "address": hit.address_line, "home": hit.home or "",
             "sure": hit.score >= CERTAIN} for hit in hits]
    return render("desk/found.html", form=form, rows=rows, full=len(hits) == finding.AT_MOST)
