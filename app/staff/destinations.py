"""Where somebody goes after signing in, and what the navigation of each role offers: only pages that exist, and that
the hat may open. What is on them is each feature's own.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from app.policy.routes import REGISTERED, Registered, Without
from app.policy.words import ADVISING, Role
from app.policy.work import PURPOSE_OF, Work

ACCOUNT = "/account"
_ADVISING = (("Desk", "/desk"), ("Answers", "/answers"), ("Requests", "/requests"))
_WORKING = (("Jobs", "/jobs"), ("Disposals", "/disposals"))
# What a role's navigation may offer, the first being its home. What does not exist or is not allowed is left out.
OFFERED: Mapping[Role, tuple[tuple[str, str], ...]] = MappingProxyType({
    Role.ADVISER: _ADVISING,
    Role.TEAM_LEADER: (*_ADVISING, ("Duplicates", "/quality"), ("Imports", "/imports"),
                       ("Figures", "/figures")),
    Role.SERVICE_OFFICER: (("Queue", "/queue"), ("Intakes", "/queue/intake"), ("Disposals", "/queue/disposals"),
                           ("Requests", "/requests")),
    Role.CONTRACTOR: _WORKING,
    Role.VOLUNTARY: _WORKING,
    Role.PARTNER_MANAGER: (("Staff", "/team"), ("Agreement", "/agreement")),
    Role.INFORMATION_OFFICER: (("Residents", "/residents"), ("Requests", "/requests"), ("Disclosures", "/disclosures"),
                               ("Rights", "/rights"), ("Journal", "/journal"), ("Why", "/policy/explain"),
                               ("Withheld", "/policy/withheld")),
    Role.ADMINISTRATOR: (("Policy", "/policy"), ("Why", "/policy/explain"), ("Organisations", "/organisations"),
                         ("Agreements", "/agreements"), ("People", "/users")),
    Role.AUDITOR: (("Journal", "/journal"),),
    Role.SERVICE_MANAGER: (("Figures", "/figures"),),
})


def offered_to(work: Work) -> list[tuple[str, str]]:
    """(words, path) of what this hat can open now."""
    pages = _pages(current_app._get_current_object())  # type: ignore[attr-defined]
    return [(words, path) for words, path in OFFERED[work.actor.role] if path in pages and _may_open(work, pages[path])]


def home_of(work: Work) -> str:
    """Where this hat begins."""
    offered = offered_to(work)
    return offered[0][1] if offered else ACCOUNT


def safe_next(wanted: str | None) -> str:
    """The path to return to after signing in, or "" for one that is not a page of ours. Never an address with a query:
    what was typed into one does not travel.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or not wanted.isascii() or (
            not wanted.isprintable() or any(sign in wanted for sign in "\\?#% ")) or len(wanted) > 200:
        return ""
    try:
        endpoint, _ = current_app.url_map.bind(request.host).match(wanted, "GET")
    except (HTTPException, RequestRedirect):
        return ""
    known = REGISTERED.get((endpoint, "GET"))
    return (
        wanted
        if known
        and not known.api
        and (known.needs is Without.SIGNED_IN or not isinstance(known.needs, Without) or wanted.startswith(ACCOUNT))
        else ""
    )


def to_the_door() -> Response | None:
    """Where somebody who is not signed in goes instead of the page asked for, to come back to it; None for a program.
    """
    if request.path.startswith("/api/"):
        return None
    wanted = safe_next(request.path) if request.method in ("GET", "HEAD") else ""
    return redirect(f"{request.script_root}/sign-in" + (f"?next={wanted}" if wanted else ""), 303)


def _pages(app: Flask) -> Mapping[str, Registered]:
    """The pages that an address without variables opens."""
    found = app.extensions.get("jc_pages")
    if found is None:
        found = {rule.rule: REGISTERED[rule.endpoint, "GET"] for rule in app.url_map.iter_rules()
                 if not rule.arguments and (rule.endpoint, "GET") in REGISTERED and "GET" in (rule.methods or ())}
        app.extensions["jc_pages"] = found
    return found  # type: ignore[no-any-return]


def _may_open(work: Work, page: Registered) -> bool:
    """Whether the rules let this hat open it at all and, where that takes a conversation, one is open."""
    actor = work.actor
    if isinstance(page.needs, Without):
        return True
    if actor.role in ADVISING and page.purpose is None and work.contact_id is None and any(
            action.needs_a_contact for action in page.needs):
        return False
    purpose = page.purpose or PURPOSE_OF[actor.role]
    return all(work.rulebook.allowed(actor.role, actor.organisation, actor.unit, action, purpose)
               for action in page.needs)
