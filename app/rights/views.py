"""The pages of information officers, auditors and administrators: find a record, who looked at it, the journal, why."""

from datetime import date, datetime
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.journal.words import EVENT_WORDS
from app.kernel.clock import moment_typed
from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS
from app.policy.pages import render
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.routes import Routes, Typed
from app.policy.sentences import started
from app.policy.words import Role
from app.policy.work import Work
from app.rights import operations
from app.rights.asking import knowing
from app.rights.explaining import ASKABLE, EARLIEST, LATEST, Decision, asked_of, decide
from app.staff.words import ROLE_WORDS

routes = Routes("rights", __name__)
FINDING = (Action.RESIDENT_SEE, Action.JOURNAL_READ)
OUTCOME_WORDS = {
    "yes": ("Yes", "good"), "nothing-allows": ("No: nothing allows it", "neutral"),
    "forbidden": ("No: it is forbidden", "late"), "missing": ("Not as it stands: something is missing", "attention"),
    "not-told": ("You may not be told", "neutral")}
MISSING = {"organisation": "Choose an organisation", "role": "Choose a role", "purpose": "Choose what it is for",
           "group": "Choose a part of the record"}


@routes.get("/residents", needs=FINDING)
def find_resident(work: Work, form: Typed | None = None) -> str:
    """Find a record by its reference."""
    return render("rights/find.html", form=form or Typed())


@routes.post("/residents", needs=FINDING, redraw=find_resident)
def found_resident(work: Work) -> Response:
    """Go to the journal of the record that was found."""
    ref = operations.find(work, request.form.get("ref", ""))
    return redirect(url_for("rights.resident_journal", ref=ref), 303)  # type: ignore[return-value]


@routes.get("/people/<ref>/journal", needs=(Action.JOURNAL_READ, Action.RESIDENT_SEE, Action.CONTACT_SEE))
def resident_journal(work: Work, ref: str) -> str:
    """Who saw or changed what of one record."""
    lines, more = operations.read(work, ref, after=request.args.get("after"))
    following = url_for("rights.resident_journal", ref=ref, after=more) if more else None
    return render("rights/resident_journal.html", ref=ref, lines=lines, following=following,
                  may_ask=work.may(Action.POLICY_EXPLAIN))


@routes.get("/journal", needs=(Action.JOURNAL_AUDIT,))
def journal(work: Work) -> str:
    """The journal, without saying of whom."""
    event, day = _event(request.args.get("event")), _day(request.args.get("day"))
    lines, more = operations.audit(work, event=event, day=day, after=request.args.get("after"))
    following = url_for("rights.journal", event=event, day=day, after=more) if more else None
    events = sorted(EVENT_WORDS.items(), key=lambda pair: pair[1].lower())
    return render("rights/journal.html", may_ask=work.may(Action.POLICY_EXPLAIN), lines=lines, events=events, following=following,
                  form=Typed({"event": event or "", "day": day.isoformat() if day else ""}))


def _event(typed: str | None) -> str | None:
    if typed and typed not in EVENT_WORDS:
        raise Invalid({"event": ["This is no event that the list names: choose one of the list"]})
    return typed or None


def _day(typed: str | None) -> date | None:
    try:
        found = date.fromisoformat(typed) if typed else None
    except ValueError:
        found = date.min
    if found and not EARLIEST <= found <= LATEST:
        raise Invalid({"day": ["This is not a day that could be meant: write it as 2014-09-01"]})
    return found


@routes.get("/policy/explain", needs=(Action.POLICY_EXPLAIN,))
def ask_why(work: Work, form: Typed | None = None) -> str:
    """The question."""
    return _explained(work, form or Typed(), None)


@routes.post("/policy/explain", needs=(Action.POLICY_EXPLAIN,), redraw=ask_why)
def told_why(work: Work) -> str:
    """The question with its answer. Nothing is changed by asking, so the page is the answer."""
    typed = {name: request.form.get(name, "").strip()
             for name in ("organisation", "role", "purpose", "action", "group", "resident", "on")}
    missing = {name: [words] for name, words in MISSING.items() if not typed[name]}
    if missing:
        raise Invalid(missing)
    with knowing(work, api=False) as wider:
        made = decide(wider, asked_of(typed | {"on": _moment(typed["on"])}))
    return _explained(work, Typed(typed), made)


def _moment(typed: str) -> datetime | None:
    try:
        return moment_typed(typed) if typed else None
    except ValueError:
        raise Invalid({"on": ["Write the day and the time as 2026-11-20T14:30, or leave it empty for now"]}) from None


def _explained(work: Work, form: Typed, made: Decision | None) -> str:
    words: dict[str, Any] = {
        "organisations": [(each.slug, each.name) for each in organisations.organisations(work.session, work.on)],
        "roles": [(str(role), ROLE_WORDS[role]) for role in Role],
        "purposes": [(str(each), f"To {each.sentence}") for each in Purpose if each not in WITHOUT_RESIDENTS],
        "actions": [(str(action), started(action.sentence)) for action in ASKABLE],
        "groups": [(str(group), started(group.sentence)) for group in sorted(RESIDENT_GROUPS)]}
    outcome = OUTCOME_WORDS[made.outcome] if made else None
    return render("rights/explain.html", form=form, made=made, outcome=outcome,
                  reads_policy=work.may(Action.POLICY_READ), **words)
