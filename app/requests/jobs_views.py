"""The workspace of a partner, made for a telephone: its jobs, one job with what it needs, the disposal afterwards."""

from datetime import date

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.organisations import queries as organisations
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Routes, Typed
from app.policy.work import Work
from app.requests import disposal, queues, sight, working
from app.requests.stages import Side, Verb, possible
from app.requests.step_pages import SEE, StepPage, register
from app.requests.working_schemas import CompletingForm, Disposing, Noting, Reason, read

routes = Routes("jobs", __name__)
TONES = {"assigned": "waiting", "accepted": "good", "started": "good"}
DISPOSING = (Action.REQUEST_SEE, Action.DISPOSAL_SEE, Action.DISPOSAL_CONFIRM)


@routes.get("/jobs", needs=(Action.REQUEST_SEE, Action.REQUEST_ACCEPT))
def jobs(work: Work) -> str:
    """What is new, what is in hand, what is to be disposed of."""
    found = queues.jobs(work)
    active = [job for job in found if job.status != "assigned" and not job.lost]
    return render("requests/jobs.html", new=[job for job in found if job.status == "assigned" and not job.lost],
                  active=active, lost=[job for job in found if job.lost], tones=TONES, today=work.today,
                  late=sum(job.late for job in found), due_today=sum(job.promised_by == work.today for job in found),
                  disposals=len(disposal.due(work)))


@routes.get("/jobs/<ref>", needs=(*SEE, Action.REQUEST_ACCEPT, Action.REQUEST_UPDATE))
def job(work: Work, ref: str) -> str:
    """One job while it is in hand; afterwards the stub."""
    seen = sight.see(work, ref)
    if not seen.in_hand:
        return render("requests/job_over.html", seen=seen, today=work.today)
    return render("requests/job.html", seen=seen, tones=TONES,
                  can=sorted(map(str, possible(seen.status, Side.PARTNER))), today=work.today)


@routes.post("/jobs/<ref>/accept", needs=(*SEE, Action.REQUEST_ACCEPT))
def accept(work: Work, ref: str) -> Response:
    """The partner takes the job on."""
    return redirect(url_for("jobs.job", ref=working.accept(work, ref).ref), 303)


@routes.post("/jobs/<ref>/start", needs=(*SEE, Action.REQUEST_UPDATE))
def start(work: Work, ref: str) -> Response:
    """The partner begins."""
    return redirect(url_for("jobs.job", ref=working.start(work, ref).ref), 303)


for page in (
    StepPage(Verb.REFUSE, Action.REQUEST_REFUSE, Reason,
             lambda work, ref, said: working.refuse(work, ref, said["reason"]),
             "Hand this job back", "Hand back", asks=("reason",), warning=True,
             says="The council has it in its queue again at once, with your reason. You no longer see its details, and "
                  "dispose of any you wrote down."),
    StepPage(Verb.UPDATE, Action.REQUEST_UPDATE, Noting,
             lambda work, ref, said: working.update(work, ref, said["note"]),
             "Say how far it is", "Save", asks=("note",)),
    StepPage(Verb.COMPLETE, Action.REQUEST_COMPLETE, CompletingForm,
             lambda work, ref, said: working.complete(work, ref, said["outcome"], said["note"]),
             "Complete this job", "Complete", asks=("outcome", "more"),
             says="After this you no longer see its details. Dispose of any you wrote down and confirm it."),
):
    register(routes, "/jobs/<ref>", "jobs.job", Side.PARTNER, page)


def _draw_disposals(work: Work, form: Typed | None = None) -> str:
    duties = disposal.due(work)
    names = organisations.service_names(work.session, {asked.lgsl for _, asked in duties})
    return render("requests/disposals.html", form=form or Typed(), ways=list(disposal.WAYS.items()), today=work.today,
                  duties=[(asked.ref, names[asked.lgsl], held.ended_at, held.dispose_by, held.dispose_by < work.today,
                           held.chased_at) for held, asked in duties if held.dispose_by])


@routes.get("/disposals", needs=DISPOSING)
def disposals(work: Work) -> str:
    """What is still to be disposed of, and the declaration."""
    return _draw_disposals(work)


@routes.post("/disposals", needs=DISPOSING, redraw=_draw_disposals)
def confirm_disposals(work: Work) -> Response:
    """The partner declares that what it was given is gone."""
    typed = {name: request.form[name] for name in ("how", "declared") if name in request.form}
    chosen = request.form.getlist("requests")
    said = read(Disposing(), typed | ({"requests": chosen} if chosen else {}) | _day("on"))
    disposal.confirm(work, said["requests"], said["how"], said["on"])
    return redirect(url_for("jobs.disposals"), 303)


def _day(name: str) -> dict[str, str]:
    """A date typed in three parts, as one; parts that make no date stay as typed, for the schema to refuse."""
    parts = [request.form.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts):
        return {}
    try:
        return {name: date(*map(int, parts)).isoformat()}
    except ValueError:
        return {name: " ".join(reversed(parts))}
