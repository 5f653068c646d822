"""One's own pages: who one is, where one is signed in, another hat, another password, out everywhere. They are at the
door, since sign-ins and passwords are for nobody else; who it is comes from the sign-in that is alive.
"""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.journal.record import record_at_the_door
from app.kernel.clock import london_words
from app.kernel.errors import Conflict, Invalid
from app.policy.pages import render
from app.policy.routes import AT_THE_DOOR, Typed
from app.policy.work import Door
from app.staff import first_passwords, lockout, operations, passwords
from app.staff.asking import browser_secret, forget, keep
from app.staff.blueprint import routes
from app.staff.destinations import safe_next
from app.staff.doorway import Answer, chosen, closed_words, local, settings
from app.staff.hats import Worn, hats_of
from app.staff.models import Person, SignIn
from app.staff.schemas import HatChosen, PasswordChange, typed

KIND_WORDS = {"browser": "A browser", "token": "A program", "job": "A job of the service"}


def _self(door: Door) -> tuple[operations.Holder, Person]:
    """Who is signed in with this browser. Raises NotSignedIn."""
    held = operations.holder(door, browser_secret())
    person = door.session.get(Person, held.person_id)
    assert person is not None
    return held, person


@routes.get("/account", needs=AT_THE_DOOR)
def account(door: Door) -> str:
    """Who one is, and where one is signed in."""
    held, person = _self(door)
    hats = hats_of(door.session, person.id, door.today)
    wearing = next((hat.words for hat in hats if hat.id == held.hat_id), "")
    return render(
        "staff/account.html",
        name=person.name,
        username=person.username,
        wearing=wearing,
        several=len(hats) > 1,
        done=request.args.get("done") == "password",
        signed_in=_signed_in(door, held, hats),
    )


def _out_of_conversation(door: Door, secret: str) -> None:
    """A conversation goes on with the sign-in it was opened with: another secret would lose it."""
    if door.session.scalar(select(func.wall.in_conversation(secret))):
        raise Conflict("End the contact first: it goes on under the hat it was opened with.", kind="contact-open")


def _signed_in(door: Door, held: operations.Holder, hats: Sequence[Worn]) -> list[list[str]]:
    words = {hat.id: hat.words for hat in hats}
    alive = door.session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == held.person_id,
            SignIn.hat_id.is_not(None),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > door.now,
            SignIn.seen_at + func.make_interval(0, 0, 0, 0, 0, SignIn.idle_minutes) > door.now,
        )
        .order_by(SignIn.created_at.desc())
    ).all()
    return [[KIND_WORDS[each.kind] + (" (this one)" if each.id == held.sign_in_id else ""),
             words.get(each.hat_id, "A hat that has ended") if each.hat_id else "", london_words(each.created_at),
             london_words(each.seen_at)] for each in alive]


def draw_other_hat(door: Door, form: Typed | None = None) -> str:
    """The page that offers one's other hats."""
    held, person = _self(door)
    choices = [(str(hat.id), hat.words) for hat in hats_of(door.session, person.id, door.today)]
    return render(
        "staff/choose_hat.html",
        form=form or Typed({"hat": str(held.hat_id)}),
        next="",
        action="/account/hat",
        choices=choices,
        leave="/account",
    )


@routes.get("/account/hat", needs=AT_THE_DOOR)
def other_hat(door: Door) -> str:
    """Ask for whom the person acts from now on."""
    return draw_other_hat(door)


@routes.post("/account/hat", needs=AT_THE_DOOR, redraw=draw_other_hat)
def change_hat(door: Door) -> Answer:
    """Go on with another hat: a new sign-in that ends when the one before would have."""
    given = typed(HatChosen(), request.form)
    held, person = _self(door)
    secret = browser_secret() or ""
    _out_of_conversation(door, secret)
    hat = chosen(hats_of(door.session, person.id, door.today), given["hat"])
    before = door.session.get_one(SignIn, held.sign_in_id)
    operations.end(door, secret)
    keep(operations.begin(door, settings(), person.id, hat, until=before.expires_at)[0])
    return local(safe_next(given["next"]) or "/")


def draw_password(door: Door, form: Typed | None = None) -> str:
    """The page that changes one's password."""
    _self(door)
    return render("staff/change_password.html", form=form or Typed())


@routes.get("/account/password", needs=AT_THE_DOOR)
def new_password(door: Door) -> str:
    """Ask for the old password and a new one."""
    return draw_password(door)


@routes.post("/account/password", needs=AT_THE_DOOR, redraw=draw_password)
def change_password(door: Door) -> Answer:
    """Keep the new password; every other sign-in ends, and this one goes on under a new secret."""
    given = typed(PasswordChange(), request.form)
    held, person = _self(door)
    if wrong := _wrong(door, person, given):
        raise Invalid(wrong)
    checked = operations.check(door, settings(), person.username, given["current"], request.remote_addr)
    if checked.opens:
        return (draw_password(door, Typed({}, {"current": [closed_words(checked)]})), 429,
                {"Retry-After": str(lockout.seconds_until(checked.opens, door.now))})
    if checked.person is None:
        return draw_password(door, Typed({}, {"current": ["This is not your password as it is now."]})), 422
    _out_of_conversation(door, browser_secret() or "")
    before = door.session.get_one(SignIn, held.sign_in_id)
    hat = next(hat for hat in hats_of(door.session, person.id, door.today) if hat.id == held.hat_id)
    operations.set_password(door, settings(), person.id, given["password"])
    record_at_the_door(door, "password.changed", person.id, hat_id=hat.id, organisation_id=hat.organisation_id)
    keep(operations.begin(door, settings(), person.id, hat, until=before.expires_at)[0])
    return local("/account?done=password")


def _wrong(door: Door, person: Person, given: dict[str, Any]) -> dict[str, list[str]]:
    if given["password"] == given["current"]:
        return {"password": ["Type a password that is not the one you have."]}
    wrong = passwords.problems(given["password"], first_passwords.known_of(door.session, person))
    return {"password": wrong} if wrong else {}


@routes.post("/account/sign-out-everywhere", needs=AT_THE_DOOR)
def sign_out_everywhere(door: Door) -> Response:
    """End every sign-in of one's own, programs included."""
    held, _ = _self(door)
    operations.end_all(door, held.person_id)
    forget()
    return local("/sign-in")
