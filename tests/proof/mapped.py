"""The map of addresses as tests are laid out by it: every page and call that a feature registers, and who may use which."""

from flask import Flask

from app import CALLS, PAGES, _each_feature
from app.policy.purposes import Purpose
from app.policy.routes import REGISTERED, Registered, Without
from app.policy.words import Role
from app.policy.work import PURPOSE_OF


def registered() -> list[Registered]:
    """Every page and call there is, read from the features before any application is made."""
    for part in ("models", "scopes", *PAGES, *CALLS):
        _each_feature(part)
    return sorted(REGISTERED.values(), key=lambda known: (known.endpoint, known.method))


def mapped(application: Flask) -> list[Registered]:
    """Every endpoint and method that the application answers, as it was registered; HEAD and OPTIONS are Flask's own."""
    pairs = {(rule.endpoint, method) for rule in application.url_map.iter_rules()
             for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return [REGISTERED[pair] for pair in sorted(pairs & REGISTERED.keys())]


def may(application: Flask, known: Registered, role: Role, organisation: str) -> bool:
    """Whether the rules give a role every action that the route needs."""
    if isinstance(known.needs, Without):
        return True
    rulebook = application.extensions["jc_gate"].desk.shelf.shipped
    purpose = known.purpose or PURPOSE_OF.get(role, Purpose.ENQUIRY)
    return all(rulebook.allowed(role, organisation, "-", need, purpose) for need in known.needs)
