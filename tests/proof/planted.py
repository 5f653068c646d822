"""Pages with a leak in them, to show that the sweep finds it: each looks past the wall, and lets it be seen in another way."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, redirect, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app import create_app
from app.kernel.errors import NotFound, NotPermitted
from app.policy import routes as registry
from app.policy.actions import Action
from app.policy.routes import Routes
from app.policy.words import Role
from app.policy.work import Work
from app.residents.models import Resident, ResidentName
from tests.proof.filler import Filler
from tests.proof.hidden import Concealed
from tests.proof.things import Things
from tests.world import World

SEE = (Action.RESIDENT_SEE,)
NOT_THERE = "There is none."
# What the sweep must say of each, as somebody who may use it.
LEAKS = {
    "status": "differ in their status",
    "body": "differ in their body",
    "length": "differ in their headers .*Content-Length",
    "etag": "differ in their headers .*ETag",
    "onward": "differ in their headers .*Location",
    "name": "tells 1 texts of what is hidden",
    "name_in_a_header": "tells 1 texts of what is hidden",
    "nobodys": "one's own was answered 404",
    "untold": "left no resident.seen",
    "unshown": "does not show what was asked about",
    "pairless": "no pair of hidden and absent was asked",
    "forgotten": "the sweep has no filler for it",
}
PLANTED = {f"planted.{name}": (Filler("resident"),) for name in LEAKS} | {
    "planted.untold": (Filler("resident", event="resident.seen"),), "planted.pairless": (Filler(query=lambda _: {}),),
    "planted.counted": (Filler(),), "planted.let_in": (Filler("resident"),)}
del PLANTED["planted.forgotten"]


class Mistaken(Things):
    """The same things, but for one resident that is taken for hidden and is not."""

    def __init__(self, things: Things, shown: Concealed) -> None:
        vars(self).update(vars(things))
        self.shown = shown

    def hidden(self, about: str, role: Role) -> list[Concealed]:
        return [self.shown]


@contextmanager
def planted(application: Flask, world: World) -> Iterator[Flask]:
    """The application with the leaks in it, which no other test meets."""
    before = set(registry.REGISTERED)
    leaking = _leaks(world)
    try:
        made = create_app(application.config["JC_SETTINGS"])
        made.register_blueprint(leaking.blueprint)
        made.before_request(lambda: "Come in." if request.path.startswith("/planted/let-in") else None)
        yield made
    finally:
        for pair in set(registry.REGISTERED) - before:
            del registry._registered[pair]


def _leaks(world: World) -> Routes:
    """Each page shows what may be seen, and gives away in its own way that there is something that may not."""
    planted = Routes("planted", __name__)

    def hidden(ref: str) -> Resident | None:
        return world.session.scalar(select(Resident).where(Resident.ref == ref))

    def page(name: str, leak: object) -> None:
        def view(work: Work, ref: str) -> object:
            if work.session.scalar(select(Resident).where(Resident.ref == ref)):
                return "Somebody." if name == "unshown" else ref
            row = hidden(ref)
            return leak(row) if row is not None else (NOT_THERE, 404)  # type: ignore[operator]

        view.__name__ = name
        planted.get(f"/planted/{name.replace('_', '-')}/<ref>", needs=SEE)(view)

    def family(row: Resident) -> str:
        return world.session.scalars(select(ResidentName.family).where(
            ResidentName.resident_id == row.id, ResidentName.kind == "usual")).one()

    def refuse(_row: Resident) -> Response:
        raise NotPermitted()

    page("status", refuse)
    page("body", lambda row: ("There is more.", 404))
    page("length", lambda row: (NOT_THERE + " ", 404))
    page("etag", lambda row: (NOT_THERE, 404, {"ETag": '"1"'}))
    page("onward", lambda row: redirect("/people/out-of-sight", 303))
    page("name", lambda row: (family(row), 404))
    page("name_in_a_header", lambda row: (NOT_THERE, 404, {"Content-Disposition": f"inline; filename={family(row)}.pdf"}))
    for name in ("untold", "unshown", "forgotten", "let_in"):
        page(name, lambda row: (NOT_THERE, 404))

    @planted.get("/planted/nobodys/<ref>", needs=SEE)
    def nobodys(_work: Work, ref: str) -> str:
        raise NotFound()

    @planted.get("/planted/pairless", needs=SEE)
    def pairless(_work: Work) -> str:
        return "Nothing is asked about."

    @planted.get("/planted/counted", needs=SEE)
    def counted(_work: Work) -> str:
        return f"{world.session.scalar(select(func.count()).select_from(Resident))} residents"

    return planted
