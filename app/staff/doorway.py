"""The pages at the door: signing in, choosing a hat, setting a first password, signing out. They see no resident, and
what they answer to a wrong password is kept with the count of it.
"""

from collections.abc import Sequence
from typing import Any

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from app.kernel.clock import london_words
from app.kernel.config import Settings
from app.kernel.errors import Invalid, NotSignedIn
from app.policy.pages import render
from app.policy.routes import AT_THE_DOOR, SIGNED_IN, Typed
from app.policy.work import Door, Work
from app.staff import first_passwords, lockout, operations
from app.staff.asking import browser_secret, choosing_secret, forget, keep, keep_choosing
from app.staff.blueprint import routes
from app.staff.destinations import home_of, safe_next
from app.staff.hats import Worn, hats_of
from app.staff.schemas import FirstPassword, HatChosen, Knock, typed

WRONG = "The user name or the password is not right."
NO_HAT = (
    "You have no hat in force, so there is nothing to sign in to. Ask whoever looks after your organisation's staff."
)
Answer = str | Response | tuple[Any, ...]


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.config["JC_SETTINGS"]
    return found


def local(path: str) -> Response:
    """See another page of ours."""
    return redirect(request.script_root + path, 303)


def closed_words(checked: operations.Checked) -> str:
    """Why the door is closed and when it opens."""
    assert checked.opens is not None
    return f"Too many wrong passwords. You can try again on {london_words(_to_the_minute(checked))}."


def _to_the_minute(checked: operations.Checked) -> Any:
    """The next whole minute: at the one named, the door is open."""
    assert checked.opens is not None
    return checked.opens.replace(second=0, microsecond=0) + lockout.Allowance(0, 1).span


def draw_sign_in(_door: Door, form: Typed | None = None) -> str:
    """The page that asks for a user name and a password."""
    wanted = form.values.get("next") if form else request.args.get("next")
    return render("staff/sign_in.html", form=form or Typed(), next=safe_next(str(wanted or "")))


@routes.get("/sign-in", needs=AT_THE_DOOR)
def sign_in(door: Door) -> str:
    """Ask who it is."""
    return draw_sign_in(door)


@routes.post("/sign-in", needs=AT_THE_DOOR, redraw=draw_sign_in)
def check_in(door: Door) -> Answer:
    """Take the user name and the password."""
    given = typed(Knock(), request.form)
    checked = operations.check(door, settings(), given["username"], given["password"], request.remote_addr)
    if checked.opens:
        form = Typed({"username": given["username"], "next": given["next"]}, {"_schema": [closed_words(checked)]})
        wait = lockout.seconds_until(checked.opens, door.now)
        return draw_sign_in(door, form), 429, {"Retry-After": str(wait)}
    if checked.person is None:
        return _again(door, given, WRONG)
    hats = hats_of(door.session, checked.person.id, door.today)
    if not hats:
        return _again(door, given, NO_HAT)
    _leave_the_last(door)
    onward = safe_next(given["next"])
    if len(hats) == 1:
        keep(operations.begin(door, settings(), checked.person.id, hats[0])[0])
        return local(onward or "/")
    keep_choosing(operations.begin_choosing(door, checked.person.id))
    return local("/sign-in/hat" + (f"?next={onward}" if onward else ""))


def _again(door: Door, given: dict[str, Any], words: str) -> tuple[str, int]:
    """Drawn without undoing anything: the failure was counted."""
    return draw_sign_in(door, Typed({"username": given["username"], "next": given["next"]}, {"_schema": [words]})), 422


def _leave_the_last(door: Door) -> None:
    """Whoever was signed in with this browser is so no more."""
    if earlier := browser_secret():
        operations.end(door, earlier)


def draw_choice(door: Door, form: Typed | None = None) -> Answer:
    """The page that offers somebody's hats."""
    hats = _offered(door)
    wanted = form.values.get("next") if form else request.args.get("next")
    return render(
        "staff/choose_hat.html",
        form=form or Typed(),
        next=safe_next(str(wanted or "")),
        action="/sign-in/hat",
        choices=[(str(hat.id), hat.words) for hat in hats],
        leave="/sign-in",
    )


@routes.get("/sign-in/hat", needs=AT_THE_DOOR)
def choose_hat(door: Door) -> Answer:
    """Ask for whom the person acts now."""
    return draw_choice(door)


@routes.post("/sign-in/hat", needs=AT_THE_DOOR, redraw=draw_choice)
def wear_hat(door: Door) -> Answer:
    """Begin with the hat that was chosen; the sign-in without one is over."""
    given = typed(HatChosen(), request.form)
    hat = chosen(_offered(door), given["hat"])
    secret = choosing_secret() or ""
    person_id = operations.chooser(door, secret)
    operations.end(door, secret)
    keep(operations.begin(door, settings(), person_id, hat)[0])
    return local(safe_next(given["next"]) or "/")


def chosen(hats: Sequence[Worn], wanted: object) -> Worn:
    """The hat of that key. Raises Invalid for one that is not among those offered."""
    for hat in hats:
        if hat.id == wanted:
            return hat
    raise Invalid({"hat": ["Choose a hat that you have today."]})


def _offered(door: Door) -> Sequence[Worn]:
    secret = choosing_secret()
    if secret is None:
        raise NotSignedIn()
    return hats_of(door.session, operations.chooser(door, secret), door.today)


def draw_first(_door: Door, form: Typed | None = None) -> str:
    """The page that takes a one-time word and a new password."""
    return render("staff/first_password.html", form=form or Typed())


@routes.get("/sign-in/first", needs=AT_THE_DOOR)
def first_password(door: Door) -> str:
    """Ask for the one-time word and a password of one's own."""
    return draw_first(door)


@routes.post("/sign-in/first", needs=AT_THE_DOOR, redraw=draw_first)
def set_first_password(door: Door) -> Answer:
    """Set the password, then sign in with it."""
    given = typed(FirstPassword(), request.form)
    taken = first_passwords.take(door, settings(), given, request.remote_addr)
    if not taken.done:
        form = Typed(
            {"username": given["username"]},
            {
                "_schema": [
                    closed_words(taken.checked)
                    if taken.checked.opens
                    else "The user name or the one-time word is not right, or the "
                    "word was used or is too old. Ask whoever gave it to you for a new one."
                ]
            },
        )
        return draw_first(door, form), 429 if taken.checked.opens else 422
    forget()
    return local("/sign-in")


@routes.post("/sign-out", needs=AT_THE_DOOR)
def sign_out(door: Door) -> Response:
    """End this sign-in. Somebody who has none is at the door already."""
    for secret in (browser_secret(), choosing_secret()):
        if secret:
            operations.end(door, secret)
    forget()
    return local("/sign-in")


@routes.get("/", needs=SIGNED_IN)
def home(work: Work) -> Response:
    """Where this hat begins."""
    return local(home_of(work))
