"""The only way to give the application a page or an API call: a view is registered with what it needs, and is handed an open
unit of work with just that reach. Forgetting ``needs`` is an error when the module is read.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from types import MappingProxyType
from typing import Any, Protocol

from flask import Blueprint, Flask, current_app, g, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from app.kernel.bodies import BodyParser
from app.kernel.database import again_if_taken
from app.kernel.errors import Failure, Invalid, NotSignedIn
from app.policy.actions import Action
from app.policy.purposes import Purpose
from app.policy.work import Desk, Work

View = Callable[..., Any]


class Without(Enum):
    """The spelled words for a view that needs no action of a hat."""

    OPEN = "anybody, without a unit of work"
    AT_THE_DOOR = "somebody who is signing in or out, as the audience that sees no resident"
    SIGNED_IN = "anybody signed in, for what concerns themselves alone"


OPEN, AT_THE_DOOR, SIGNED_IN = Without.OPEN, Without.AT_THE_DOOR, Without.SIGNED_IN
Needs = Collection[Action] | Without


class Asker(Protocol):
    """Says who is asking, from the request alone: the secret of the sign-in, and the contact a program names."""

    def __call__(self, *, api: bool) -> tuple[str | None, str | None]: ...


@dataclass(frozen=True)
class Registered:
    """What is known of an endpoint: enough to walk the map, and for the tests that crawl it."""

    endpoint: str
    rule: str
    method: str
    needs: Needs
    api: bool
    purpose: Purpose | None = None
    body: type[Schema] | Schema | None = None
    # What a hat may do here beside what everybody needs: hats of several kinds come to the same address.
    also: frozenset[Action] = frozenset()
    # How many bytes a form may bring that carries a file, where it is more than any other may.
    largest: int | None = None


_registered: dict[tuple[str, str], Registered] = {}
REGISTERED: Mapping[tuple[str, str], Registered] = MappingProxyType(_registered)


@dataclass(frozen=True)
class Gate:
    """What the application wires in once: where work is opened, who asks, and what is told of a failure."""

    desk: Desk
    asker: Asker
    on_failure: Callable[[Failure, str | None, str | None, Registered], None]


def open_gate(app: Flask, gate: Gate) -> None:
    """Give the application its gate. Views answer nothing before."""
    app.extensions["jc_gate"] = gate


def gate() -> Gate:
    """The application's gate."""
    found: Gate = current_app.extensions["jc_gate"]
    return found


class Routes:
    """A blueprint of pages."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        self.blueprint = Blueprint(name, import_name, template_folder="templates", **options)

    def get(self, rule: str, *, needs: Needs, purpose: Purpose | None = None,
            also: Collection[Action] = ()) -> Callable[[View], View]:
        """Register a page to read."""
        return self._register(rule, "GET", needs, purpose, also=also)

    def post(self, rule: str, *, needs: Needs, purpose: Purpose | None = None,
             redraw: View | None = None, also: Collection[Action] = (),
             largest: int | None = None) -> Callable[[View], View]:
        """Register a form to send. ``largest`` is for one that carries a file: how many bytes somebody signed in may send.

        ``redraw(work, form, **path)`` draws the page again when the view raises Invalid: in a unit of work of its own,
        since what the view began is undone, with a form that holds everything typed and the errors. It answers 422.
        """
        return self._register(rule, "POST", needs, purpose, redraw, also, largest)

    def _register(self, rule: str, method: str, needs: Needs, purpose: Purpose | None, redraw: View | None = None,
                  also: Collection[Action] = (), largest: int | None = None) -> Callable[[View], View]:
        _check_needs(needs)

        def register(view: View) -> View:
            known = _note(self.blueprint.name, view, rule, method, needs, api=False, purpose=purpose, also=also,
                          largest=largest)
            worked = _worked(view, known)
            if redraw is not None:
                worked = _redrawn(worked, _worked(redraw, known))
            self.blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=worked, methods=[method])
            return view

        return register


@dataclass(frozen=True)
class Typed:
    """A form as it was sent, and what is wrong with it, for drawing it again. It never shows itself in a log."""

    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    errors: Mapping[str, Any] = field(default_factory=dict, repr=False)


def _redrawn(view: View, redraw: View) -> View:
    @wraps(view)
    def answer(**path: Any) -> Any:
        try:
            return view(**path)
        except Invalid as invalid:
            lists = request.form.to_dict(flat=False)
            values = {name: given[0] if len(given) == 1 else given for name, given in lists.items()}
            return redraw(form=Typed(values, invalid.errors), **path), 422

    return answer


class _ApiBlueprint(SmorestBlueprint):
    ARGUMENTS_PARSER = BodyParser()


class Api:
    """A blueprint of API calls: bodies and answers are marshmallow schemas, and the OpenAPI document is made of them."""

    def __init__(self, name: str, import_name: str, *, url_prefix: str, description: str) -> None:
        self.blueprint = _ApiBlueprint(name, import_name, url_prefix=url_prefix, description=description)

    def call(self, method: str, rule: str, *, needs: Needs, answer: type[Schema] | Schema | None = None, status: int = 200,
             body: type[Schema] | Schema | None = None, query: type[Schema] | Schema | None = None,
             purpose: Purpose | None = None, also: Collection[Action] = (),
             bearer: bool = True) -> Callable[[View], View]:
        """Register one call. The body and the query, if any, are handed to the view after the work, in that order.

        ``bearer=False`` says in the description of the interface that no token is asked for.
        """
        _check_needs(needs)

        def register(view: View) -> View:
            known = _note(self.blueprint.name, view, rule, method, needs, api=True, purpose=purpose, body=body, also=also)

            @wraps(view)
            def with_work(*given: Any, **path: Any) -> Any:
                first = () if g.get("jc_work") is None else (g.jc_work,)
                return view(*first, *given, **path)

            made: View = with_work
            if query is not None:
                made = self.blueprint.arguments(query, location="query")(made)
            if body is not None:
                made = self.blueprint.arguments(body)(made)
            made = self.blueprint.response(status, answer)(made)
            made = self.blueprint.doc(operationId=known.endpoint, **({} if bearer else {"security": []}))(made)
            self.blueprint.route(rule, methods=[method], endpoint=view.__name__)(_worked(made, known, hand_over=False))
            return view

        return register


def _check_needs(needs: Needs) -> None:
    if isinstance(needs, Without):
        return
    if not needs or not all(isinstance(need, Action) for need in needs):
        raise TypeError("a view says what it needs: some actions, or the word OPEN, AT_THE_DOOR or SIGNED_IN")


def _note(blueprint: str, view: View, rule: str, method: str, needs: Needs, *, api: bool,
          purpose: Purpose | None, body: type[Schema] | Schema | None = None,
          also: Collection[Action] = (), largest: int | None = None) -> Registered:
    kept = needs if isinstance(needs, Without) else frozenset(needs)
    known = Registered(f"{blueprint}.{view.__name__}", rule, method, kept, api, purpose, body, frozenset(also), largest)
    _registered[known.endpoint, method] = known
    return known


def _worked(view: View, known: Registered, *, hand_over: bool = True) -> View:
    """The view inside its unit of work. What it returns is made before the commit, and leaves after it."""

    @wraps(view)
    def answer(**path: Any) -> Any:
        if known.needs is OPEN:
            g.jc_work = None
            return view(**path)
        secret, contact = gate().asker(api=known.api)

        def worked() -> Any:
            with _opened(known, secret, contact) as work:
                g.jc_work = work
                return view(work, **path) if hand_over else view(**path)

        try:
            return again_if_taken(worked)
        except Failure as failure:
            gate().on_failure(failure, secret, contact, known)
            raise

    return answer


@contextmanager
def _opened(known: Registered, secret: str | None, contact: str | None) -> Iterator[Any]:
    request_id = g.get("request_id")
    if known.needs is AT_THE_DOOR:
        with gate().desk.door(request_id) as door:
            yield door
        return
    if secret is None:
        raise NotSignedIn()
    needs = frozenset() if known.needs is SIGNED_IN else known.needs
    with gate().desk.work(secret, needs, contact_ref=contact, purpose=known.purpose,  # type: ignore[arg-type]
                          request_id=request_id, also=known.also) as work:
        yield work


def allow_files(app: Flask) -> None:
    """Let a form that carries a file be as large as it says, for who is signed in; before anything reads it."""

    @app.before_request
    def allow() -> None:
        known = REGISTERED.get((request.endpoint or "", request.method))
        if known is not None and known.largest is not None and gate().asker(api=False)[0] is not None:
            request.max_content_length = known.largest


def current_work() -> Work | None:
    """The unit of work of the request in hand, for what is drawn around every page."""
    found: Work | None = g.get("jc_work")
    return found


def check_map(app: Flask) -> None:
    """Refuse to start with an endpoint that was not registered here, or with two at one address, of which only the first
    would ever answer. Raises RuntimeError naming them."""
    known = {endpoint for endpoint, _ in REGISTERED} | {"static", "api-docs.openapi_json"}
    strangers = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - known)
    if strangers:
        raise RuntimeError(f"endpoints without declared needs: {', '.join(strangers)}")
    first: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            other = first.setdefault((rule.rule, method), rule.endpoint)
            if other != rule.endpoint and method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                raise RuntimeError(f"two endpoints at {method} {rule.rule}: {other} and {rule.endpoint}")
