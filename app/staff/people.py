"""The pages that look after people and their hats: ``/users`` for administrators, ``/team`` for a partner's manager.
The two are one set of pages, registered twice with what each needs.
"""

import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.kernel.errors import NotFound
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.routes import Typed
from app.policy.work import Work
from app.staff import staffing
from app.staff.blueprint import routes
from app.staff.doorway import local
from app.staff.schemas import NewHat, NewPerson, typed

Page = Callable[..., Any]


class Office:
    """The pages of one office: where they are, what they need, and whether they are about its own organisation alone.
    """

    def __init__(self, name: str, path: str, need: Action, heading: str, *, own: bool) -> None:
        self.name, self.path, self.need, self.heading, self.own = name, path, need, heading, own

    def register(self) -> None:
        """Register every page under this office's path."""
        one = "/<uuid:key>"
        self._get("", self.listed)
        self._get("/new", self.draw_new)
        self._post("/new", self.add, self.draw_new)
        self._get(one, self.draw_person)
        self._post(f"{one}/hats", self.give_hat, self.draw_person)
        self._post(f"{one}/hats/<uuid:hat>/end", self.end_hat)
        self._post(f"{one}/end", self.end_person)
        self._post(f"{one}/word", self.word)

    def _get(self, rule: str, page: Page) -> None:
        routes.get(self.path + rule, needs=(self.need,))(self._named(page))

    def _post(self, rule: str, page: Page, redraw: Page | None = None) -> None:
        routes.post(self.path + rule, needs=(self.need,), redraw=redraw)(self._named(page))

    def _named(self, page: Page) -> Page:
        def view(work: Work, **path: Any) -> Any:
            return page(work, **path)

        view.__name__ = f"{self.name}_{page.__name__}"
        view.__doc__ = page.__doc__
        return view

    def listed(self, work: Work) -> str:
        """Who there is."""
        people, after = staffing.staff(work, own=self.own, after=_key(request.args.get("after")))
        return render("staff/people.html", heading=self.heading, path=self.path, people=people,
                      next=f"{self.path}?after={after}" if after else None)

    def draw_new(self, work: Work, form: Typed | None = None) -> str:
        """Ask for somebody new and their first hat."""
        return render("staff/new_person.html", path=self.path, form=form or Typed(self._only_organisation(work)),
                      **staffing.choices_of(work, own=self.own))

    def _only_organisation(self, work: Work) -> dict[str, str]:
        return {"organisation": work.actor.organisation} if self.own else {}

    def add(self, work: Work) -> tuple[str, int]:
        """Add somebody. The word is shown in this answer alone: sending the form again adds nobody."""
        made, word = staffing.add(work, typed(NewPerson(), request.form), own=self.own)
        return self._told(made.name, made.username, word, f"{self.path}/{made.id}"), 201

    def draw_person(self, work: Work, key: uuid.UUID, form: Typed | None = None) -> str:
        """Somebody and their hats."""
        return render("staff/person.html", path=self.path, person=staffing.person(work, key),
                      form=form or Typed(self._only_organisation(work)), **staffing.choices_of(work, own=self.own))

    def give_hat(self, work: Work, key: uuid.UUID) -> Response:
        """Give another hat."""
        staffing.give_hat(work, key, typed(NewHat(), request.form), own=self.own)
        return local(f"{self.path}/{key}")

    def end_hat(self, work: Work, key: uuid.UUID, hat: uuid.UUID) -> Response:
        """End a hat at once."""
        staffing.end_hat(work, key, hat)
        return local(f"{self.path}/{key}")

    def end_person(self, work: Work, key: uuid.UUID) -> Response:
        """End somebody at once."""
        staffing.end_person(work, key)
        return local(f"{self.path}/{key}")

    def word(self, work: Work, key: uuid.UUID) -> str:
        """Make a one-time word, shown in this answer alone."""
        somebody, word = staffing.new_word(work, key)
        return self._told(somebody.name, somebody.username, word, f"{self.path}/{key}")

    def _told(self, name: str, username: str, word: str, back: str) -> str:
        return render("staff/one_time_word.html", name=name, username=username, word=word, back=back)


def _key(text: str | None) -> uuid.UUID | None:
    """The key that a page comes after. Raises NotFound for what is none."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound() from None


Office("people", "/users", Action.PERSON_MANAGE, "People and hats", own=False).register()
Office("team", "/team", Action.OWN_STAFF_MANAGE, "Your organisation's staff", own=True).register()
