"""Pages that take one step of a request with words: a form, the step, back to the request. Each is one of a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from app.organisations import queries as organisations
from app.organisations.queries import councils
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Routes, Typed
from app.policy.work import Work
from app.requests.partners import partners_for
from app.requests.stages import OUTCOMES, Side, Verb, possible, wrong_state
from app.requests.working import Done, request_of
from app.requests.working_schemas import read

SEE = (Action.REQUEST_SEE, Action.RESIDENT_SEE)
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class StepPage:
    """One step as a page: its words, what it may need, what its form takes, what it does."""

    verb: Verb
    need: Action
    schema: type[Schema]
    act: Callable[[Work, str, Mapping[str, Any]], Done]
    title: str
    button: str
    says: str = ""
    warning: bool = False
    asks: tuple[str, ...] = ()


def register(routes: Routes, rule: str, back: str, side: Side, page: StepPage) -> None:
    """The page and its form at ``rule``/verb. A step leads to ``back``, or to the queue where one sees it no more."""
    name = page.verb.replace("-", "_")

    def draw(work: Work, form: Typed | None = None, *, ref: str) -> str:
        asked = request_of(work, ref)
        if page.verb not in possible(asked.status, side):
            raise wrong_state(asked.status, page.verb)
        return render("requests/step.html", form=form or Typed(), page_title=page.title, button=page.button,
                      says=page.says, warning=page.warning, asks=page.asks, ref=asked.ref,
                      back=url_for(back, ref=asked.ref),
                      service=organisations.service_names(work.session, [asked.lgsl])[asked.lgsl], outcomes=list(OUTCOMES.items()),
                      choices=_choices(work, page.verb, ref))

    def step(work: Work, ref: str) -> Response:
        done = page.act(work, ref, read(page.schema(), request.form.to_dict()))
        return redirect(url_for(back, ref=done.ref) if page.verb is not Verb.PASS else url_for("queue.queue"), 303)

    def show(work: Work, ref: str) -> str:
        return draw(work, ref=ref)

    show.__name__, step.__name__ = f"{name}_page", name
    routes.get(f"{rule}/{page.verb}", needs=(*SEE, page.need))(show)
    routes.post(f"{rule}/{page.verb}", needs=(*SEE, page.need), redraw=draw)(step)


def _choices(work: Work, verb: Verb, ref: str) -> Choices:
    if verb is Verb.ASSIGN:
        return [(each.slug, each.name) for each in partners_for(work, request_of(work, ref)) if not each.objected]
    if verb is Verb.PASS:
        return [(each.slug, each.name) for each in councils(work.session, work.on)
                if each.id != work.actor.organisation_id]
    return []
