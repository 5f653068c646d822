"""Choices and objections on pages: what was said, asking in set words, a preview of who would gain or lose sight."""

from dataclasses import asdict
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.choices import operations
from app.choices import queries as choice_queries
from app.choices.effects import Effect
from app.choices.record import choices_value
from app.choices.schemas import ChoiceIn, ObjectionIn
from app.choices.states import GIVEN, NOT_ASKED, REFUSED, WITHDRAWN
from app.contacts.words import CHANNEL_WORDS
from app.desk import words
from app.desk.pages import routes
from app.desk.people import DONE, tabs
from app.journal.showing import show
from app.kernel import forms
from app.kernel.errors import NotFound
from app.kernel.forms import CARRIED, Form, attempt
from app.organisations import queries as organisations
from app.organisations.words import CHOICE_MATTERS
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.work import Work
from app.residents import queries as residents
from app.residents.models import Resident

SEEING = (Action.CHOICE_SEE, Action.OBJECTION_SEE)
SAYING = (Action.CHOICE_RECORD, *SEEING)
OBJECTING = (Action.OBJECTION_RECORD, *SEEING)


@routes.get("/people/<ref>/choices", needs=SEEING)
def choices(work: Work, ref: str) -> str:
    """Every matter with its answer, and the objections."""
    return _choices(work, residents.one(work, ref), Form())


def _choices(work: Work, resident: Resident, form: Form) -> str:
    value = _value(work, resident)
    rows = [_row(matter, state) for matter, state in value["choices"].items()]
    objected = {each["organisation"] for each in value["objections"]}
    parties = [(party.slug, party.name) for party in choice_queries.parties(work)]
    return render("desk/choices.html", ref=resident.ref, tabs=tabs(resident.ref, "choices"), rows=rows, form=form,
                  objections=[each | {"name": dict(parties).get(each["organisation"], each["organisation"])}
                              for each in value["objections"]],
                  others=[(slug, name) for slug, name in parties if slug not in objected],
                  done=DONE.get(request.args.get("done", "")))


def _value(work: Work, resident: Resident) -> dict[str, Any]:
    return show(work, "choices.seen", [resident], lambda row, _: choices_value(work, row), [Group.CHOICES])[0]


def _row(matter: str, state: dict[str, Any]) -> dict[str, Any]:
    return {"matter": matter, "title": words.MATTER_WORDS[matter], "answer": words.ANSWER_WORDS[state["answer"]],
            "tone": words.ANSWER_TONES[state["answer"]], "asked": state["answer"] != NOT_ASKED,
            "wording": state.get("wording"), "channel": CHANNEL_WORDS.get(state.get("channel", ""), ""),
            "at": words.moment(state["at"]) if "at" in state else ""}


@routes.get("/people/<ref>/choices/change", needs=SAYING)
def ask(work: Work, ref: str) -> str:
    """The question in its set words; no answer is chosen beforehand."""
    resident = residents.one(work, ref)
    return _ask(work, resident, _matter(request.args.get("matter", "")), Form({"channel": "telephone"}))


def _matter(typed: str) -> str:
    if typed not in CHOICE_MATTERS:
        raise NotFound()
    return typed


def _ask(work: Work, resident: Resident, matter: str, form: Form) -> str:
    now = _value(work, resident)["choices"][matter]["answer"]
    wording = organisations.wording(work.session, matter, work.on)
    no = (WITHDRAWN, "No, not any longer") if now in (GIVEN, WITHDRAWN) else (REFUSED, "No")
    return render("desk/ask.html", ref=resident.ref, form=form, matter=matter, title=words.MATTER_WORDS[matter],
                  now=words.ANSWER_WORDS[now], text=wording.text, version=wording.version, answers=[(GIVEN, "Yes"), no],
                  channels=list(CHANNEL_WORDS.items()))


@routes.post("/people/<ref>/choices/preview", needs=SAYING)
def preview(work: Work, ref: str) -> str | tuple[str, int]:
    """Who would gain or lose sight; nothing is written yet."""
    resident, matter = residents.one(work, ref), _matter(request.form.get("matter", ""))
    form, sent = _sent()
    if form.errors:
        return _ask(work, resident, matter, form), 422
    consequence = operations.consequence_of(work, resident, matter, sent["answer"])
    return render("desk/preview.html", ref=resident.ref, title=words.MATTER_WORDS[matter], sent=sent,
                  answer=words.ANSWER_WORDS[sent["answer"]], **_told(consequence), is_sharing=matter == "sharing")


def _told(consequence: Effect) -> dict[str, Any]:
    return {"gains": [asdict(sight) | {"words": sight.words()} for sight in consequence.gains],
            "loses": [asdict(sight) | {"words": sight.words()} for sight in consequence.loses]}


def _sent() -> tuple[Form, dict[str, Any]]:
    sent = {name: value for name, value in request.form.items() if name not in CARRIED}
    form, loaded = forms.read(ChoiceIn(), sent)
    unsaid = {"answer": ["Choose the answer they gave"]} if "answer" in form.errors else {}
    return Form(sent, dict(form.errors) | unsaid), loaded


@routes.post("/people/<ref>/choices/change", needs=SAYING)
def say(work: Work, ref: str) -> Response | tuple[str, int]:
    """Write the answer down."""
    resident, matter = residents.one(work, ref), _matter(request.form.get("matter", ""))
    form, sent = _sent()
    if not form.errors:
        form, _ = attempt(work.session, form, lambda: operations.say(work, resident.ref, **sent))
    if form.errors:
        return _ask(work, resident, matter, form), 422
    return _after(work, resident, "said")


@routes.post("/people/<ref>/objections", needs=OBJECTING)
def object_to(work: Work, ref: str) -> Response | tuple[str, int]:
    """Write an objection down."""
    resident = residents.one(work, ref)
    sent = {name: value for name, value in request.form.items() if name not in CARRIED}
    errors = ObjectionIn().validate({"reason": sent.get("reason") or None})
    if not sent.get("organisation"):
        errors["organisation"] = ["Choose the organisation"]
    if errors:
        return _choices(work, resident, Form(sent, errors)), 422
    operations.object_to(work, resident.ref, sent["organisation"], sent.get("reason") or None)
    return _after(work, resident, "objected")


@routes.post("/people/<ref>/objections/end", needs=OBJECTING)
def take_back(work: Work, ref: str) -> Response:
    """Take an objection back."""
    resident = residents.one(work, ref)
    operations.take_back(work, resident.ref, request.form.get("organisation", ""))
    return _after(work, resident, "ended")


def _after(work: Work, resident: Resident, done: str) -> Response:
    """On to the choices, or away where what was said ended this council's own sight."""
    ref, key = resident.ref, resident.id
    work.session.expunge(resident)
    seen = residents.residents(work, [key])
    return redirect(f"/people/{ref}/choices?done={done}" if seen else "/people/out-of-sight", 303)
