"""The pages of the council that answers for requests: its queue, one request and what can be done about it, the intakes
that wait for linking, and what its partners have yet to dispose of."""

from flask import redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.organisations.queries import units
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Routes
from app.policy.work import Work
from app.requests import disposal, linking, queues, sight, working
from app.requests.stages import Side, Verb, possible
from app.requests.step_pages import SEE, StepPage, register
from app.requests.working_schemas import Assigning, CompletingForm, Linking, Noting, Passing, Reason, read

routes = Routes("queue", __name__)
WORKING = (*SEE, Action.REQUEST_WORK)
LINKING = (Action.INTAKE_SEE, Action.INTAKE_LINK)
SHOWN = (("waiting", "Waiting"), ("in-hand", "With a partner"), ("completed", "Completed, to be closed"))
TONES = {"queued": "attention", "passed": "attention", "assigned": "waiting", "accepted": "waiting",
         "started": "waiting", "completed": "good", "closed": "neutral", "cancelled": "neutral"}


@routes.get("/queue", needs=WORKING)
def queue(work: Work) -> str:
    """The requests that this council answers for, the late first."""
    unit, shown, after = (request.args.get(name, "") for name in ("unit", "show", "after"))
    if shown and shown not in queues.SHOWN:
        raise Invalid({"show": [f"Choose one of {', '.join(queues.SHOWN)}"]})
    found = queues.queue(work, unit=unit or None, shown=shown or None, after=after or None)
    further = url_for("queue.queue", unit=unit, show=shown, after=found.next) if found.next else None
    return render("requests/queue.html", items=found.items, further=further, unit=unit, shown=shown, choices=SHOWN,
                  first=None if not after else url_for("queue.queue", unit=unit, show=shown), tones=TONES,
                  reassign=queues.to_reassign(work) if not after else [], names=_units(work), today=work.today)


@routes.get("/requests/<ref>/steps", needs=WORKING)
def work_on(work: Work, ref: str) -> str:
    """One request with its copy of the contact details, what happened, and what can be done."""
    seen = sight.see(work, ref)
    flags = [each.flags for each in queues.to_reassign(work) if each.ref == seen.ref]
    return render("requests/work.html", seen=seen, tones=TONES, can=_possible(seen.status), today=work.today,
                  unit=_units(work).get(seen.unit or ""), flags=flags[0] if flags else ())


@routes.get("/queue/intake", needs=LINKING)
def intakes(work: Work) -> str:
    """Intakes from the other council whose caller lives here, not yet linked to a record."""
    found, further = queues.intakes(work, request.args.get("after") or None)
    names = organisations.service_names(work.session, {asked.lgsl for asked in found})
    return render("requests/intakes.html", items=[(asked.ref, names[asked.lgsl], asked.taken_at) for asked in found],
                  further=url_for("queue.intakes", after=further) if further else None)


@routes.get("/queue/intake/<ref>", needs=LINKING)
def intake(work: Work, ref: str) -> str:
    """What the caller said, beside the records that may be theirs, and why."""
    found = linking.candidates(work, ref)
    seen = sight.see(work, ref)
    return render("requests/intake.html", seen=seen, candidates=found)


@routes.post("/queue/intake/<ref>/link", needs=LINKING)
def link_intake(work: Work, ref: str) -> Response:
    """The caller is this resident."""
    linking.link(work, ref, read(Linking(), request.form.to_dict())["resident"])
    return redirect(url_for("queue.intakes"), 303)


@routes.post("/queue/intake/<ref>/keep", needs=LINKING)
def keep_unlinked(work: Work, ref: str) -> Response:
    """None of this council's residents is the caller."""
    linking.keep_unlinked(work, ref)
    return redirect(url_for("queue.intakes"), 303)


@routes.get("/queue/disposals", needs=(*WORKING, Action.DISPOSAL_SEE))
def disposals(work: Work) -> str:
    """What partners have yet to say is gone, the overdue first."""
    duties = disposal.due(work)
    names = organisations.service_names(work.session, {asked.lgsl for _, asked in duties})
    partners = {row.id: row.name for row in work.session.scalars(select(Organisation))}
    return render("requests/disposals_due.html", duties=[
        (asked.ref, names[asked.lgsl], partners[held.organisation_id], held.dispose_by, held.dispose_by < work.today,
         held.chased_at) for held, asked in duties if held.dispose_by])


@routes.post("/queue/disposals/<ref>/chase", needs=(*WORKING, Action.DISPOSAL_SEE))
def chase_disposal(work: Work, ref: str) -> Response:
    """Ask the partner again for what is overdue."""
    disposal.chase(work, ref)
    return redirect(url_for("queue.disposals"), 303)


def _units(work: Work) -> dict[str, str]:
    return {unit.slug: unit.name for unit in units(work.session, work.actor.organisation_id, work.on)}


def _possible(status: str) -> list[tuple[str, str]]:
    can = possible(status, Side.RESPONSIBLE)
    return [(str(page.verb), page.title) for page in PAGES if page.verb in can]


PAGES = (
    StepPage(Verb.ASSIGN, Action.REQUEST_ASSIGN, Assigning,
             lambda work, ref, said: working.assign(work, ref, said["to"]),
             "Give it to a partner", "Give to this partner", asks=("to",),
             says="The partner sees only what the service needs and its agreement names, until it is done."),
    StepPage(Verb.TAKE_BACK, Action.REQUEST_ASSIGN, Reason,
             lambda work, ref, said: working.take_back(work, ref, said["reason"]),
             "Take it back from the partner", "Take back", asks=("reason",),
             says="The partner loses sight of it at once and has to dispose of what it holds."),
    StepPage(Verb.NOTE, Action.REQUEST_WORK, Noting, lambda work, ref, said: working.note(work, ref, said["note"]),
             "Write a note", "Save", asks=("note",),
             says="Whoever works on this request reads it; the partner too, while it has it in hand."),
    StepPage(Verb.PASS, Action.REQUEST_PASS, Passing,
             lambda work, ref, said: working.pass_on(work, ref, said["to"], said["reason"]),
             "Pass it to another council", "Pass on", asks=("to", "reason"), warning=True,
             says="The other council answers for it from then on. You no longer see it here."),
    StepPage(Verb.CLOSE, Action.REQUEST_CLOSE, CompletingForm,
             lambda work, ref, said: working.close(work, ref, said["outcome"], said["note"]),
             "Close it", "Close", asks=("outcome", "more")),
    StepPage(Verb.CANCEL, Action.REQUEST_CANCEL, Reason,
             lambda work, ref, said: working.cancel(work, ref, said["reason"]),
             "Cancel it", "Cancel this request", asks=("reason",), warning=True),
)
for page in PAGES:
    register(routes, "/requests/<ref>/steps", "queue.work_on", Side.RESPONSIBLE, page)
