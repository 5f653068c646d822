"""Puts around every page whose hat it is, where one can go and the conversation in progress. It is read before routing
decides, so that an address which leads nowhere looks like one that is hidden.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app, g, request
from sqlalchemy import func, or_, select

from app.kernel.errors import NotReady, NotSignedIn
from app.organisations.models import Organisation
from app.policy.actions import Action
from app.policy.routes import gate
from app.policy.work import Work
from app.shell.frame import ACCENTS, ContactBar, Frame
from app.shell.frame import Hat as HatWords
from app.staff.asking import browser_secret
from app.staff.destinations import ACCOUNT, home_of, offered_to
from app.staff.models import Hat, Person
from app.staff.words import ROLE_WORDS

WITHOUT_FRAME = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True)
class Bar:
    """How the conversation in progress is drawn, and what of it is asked for where the hat has it."""

    wishes: frozenset[Action]
    draw: Callable[[Work], ContactBar | None]


def register(app: Flask, bar: Bar) -> None:
    """Read the frame of each page before anything else is decided."""

    @app.before_request
    def read() -> None:
        secret = None if request.path.startswith(WITHOUT_FRAME) else browser_secret()
        if secret is not None:
            g.frame = _frame_of(secret, bar)


def _frame_of(secret: str, bar: Bar) -> Frame | None:
    """None for a secret that speaks for nobody: the page that was asked for says so itself, or needs nobody."""
    try:
        with gate().desk.work(secret, frozenset(), wishes=bar.wishes, request_id=g.get("request_id")) as work:
            return _read(work, bar)
    except (NotSignedIn, NotReady):
        return None


def _read(work: Work, bar: Bar) -> Frame:
    actor, root = work.actor, request.script_root
    hats = select(func.count()).where(
        Hat.person_id == actor.person_id, Hat.valid_from <= work.today,
        or_(Hat.valid_until.is_(None), Hat.valid_until > work.today)).scalar_subquery()
    person_name, organisation_name, accent, worn = work.session.execute(
        select(Person.name, Organisation.name, Organisation.accent, hats)
        .join_from(Person, Organisation, Organisation.id == actor.organisation_id)
        .where(Person.id == actor.person_id)).one()
    return Frame(
        partnership_name=current_app.config["PARTNERSHIP_NAME"],
        hat=HatWords(organisation_name, ROLE_WORDS[actor.role], (accent - 1) % len(ACCENTS) + 1),
        person_name=person_name,
        navigation=_navigation(offered_to(work), root),
        contact=bar.draw(work) if work.contact_id else None,
        home_href=root + home_of(work), account_href=root + ACCOUNT,
        change_hat_href=root + ACCOUNT + "/hat" if worn > 1 else None,
        sign_out_href=root + "/sign-out")


def _navigation(offered: Sequence[tuple[str, str]], root: str) -> list[tuple[str, str, bool]]:
    """The longest path that the address begins with is where one is."""
    here = [path for _, path in offered if request.path == path or request.path.startswith(path + "/")]
    present = max(here, key=len, default=None)
    return [(words, root + path, path == present) for words, path in offered]
