"""What the sweep fills each route with: which thing it is about, in what state that must be, and what is sent with it.

A route that is not here fails the sweep by name. ``about`` says what the reference in the address or the body names;
``None`` is a route that names nothing of anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.world import BINS, BOROUGH, COUNTY

Body = Callable[[str], dict[str, Any]]
BIN = {"lgsl": 530, "postcode": "TA1 1HE", "details": {"how-many": 2, "reason": "Broken"}}
BIN_FORM = {"service": "530", "postcode": "TA1 1HE", "details-how-many": "1", "details-reason": "Broken"}
MEAL_FORM = {"service": "315", "postcode": "TA6 3AA", "details-days": "Weekdays", "details-start-day": "8",
             "details-start-month": "9", "details-start-year": "2014", "intake-name": "Rosa Field",
             "intake-address": "3 Bridge Row", "intake-telephone": "01632 960 011", "permission": "given"}


def _nothing(_ref: str) -> dict[str, Any]:
    return {}


def sending(**values: Any) -> Body:
    """The same whatever it is about."""
    return lambda _ref: values


@dataclass(frozen=True)
class Filler:
    """``succeeds`` is false where no success can be had from here, with the reason in ``why``."""

    about: str | None = None
    state: str = "queued"
    body: Body = _nothing
    path: Mapping[str, str] = field(default_factory=dict)
    in_contact: bool = True
    why: str = ""


HAT = sending(role="contractor")
REASON = sending(reason="Not needed any more")
OUTCOME = sending(outcome="done", note="Done")
FORMS: dict[str, Filler] = {
    "contacts.answers": Filler(),
    "contacts.answer": Filler(path={"lgsl": "530"}),
    "contacts.answered": Filler(path={"lgsl": "530"}),
    "contacts.ending": Filler("contact"),
    "contacts.end_contact": Filler("contact", body=sending(outcome="answered")),
    "contacts.opening": Filler(in_contact=False),
    "contacts.open_contact": Filler(body=sending(channel="counter", line=BOROUGH), in_contact=False),
    "requests.ask_for": Filler(),
    "requests.take_request": Filler(body=lambda _: BIN_FORM | {"step": "look"}),
    "requests.blind_intake": Filler(),
    "requests.take_intake": Filler(body=lambda _: MEAL_FORM),
    "requests.listed": Filler(),
    "requests.see": Filler("request"),
    "requests.sent": Filler("request"),
    "jobs.jobs": Filler(),
    "jobs.job": Filler("job"),
    "jobs.accept": Filler("job"),
    "jobs.start": Filler("job", "accepted"),
    "jobs.update_page": Filler("job", "started"),
    "jobs.update": Filler("job", "started", sending(note="On the way")),
    "jobs.refuse_page": Filler("job"),
    "jobs.refuse": Filler("job", body=REASON),
    "jobs.complete_page": Filler("job", "started"),
    "jobs.complete": Filler("job", "started", OUTCOME),
    "jobs.disposals": Filler(),
    "jobs.confirm_disposals": Filler("job", "completed", lambda ref: {
        "requests": [ref], "how": "deleted", "declared": "yes", "on-day": "1", "on-month": "10", "on-year": "2026"}),
    "queue.queue": Filler(),
    "queue.disposals": Filler(),
    "queue.intakes": Filler(),
    "queue.intake": Filler("intake"),
    "queue.keep_unlinked": Filler("intake"),
    "queue.link_intake": Filler("resident for an intake", body=lambda ref: {"resident": ref}),
    "queue.work_on": Filler("request"),
    "queue.assign_page": Filler("request"),
    "queue.assign": Filler("request", body=sending(to=BINS)),
    "queue.cancel_page": Filler("request"),
    "queue.cancel": Filler("request", body=REASON),
    "queue.close_page": Filler("request"),
    "queue.close": Filler("request", body=sending(outcome="not-needed", note="")),
    "queue.note_page": Filler("request"),
    "queue.note": Filler("request", body=sending(note="Rang twice")),
    "queue.pass_page": Filler("request"),
    "queue.pass": Filler("request", body=sending(to=COUNTY, reason="The county's")),
    "queue.take_back_page": Filler("request", "with a partner"),
    "queue.take_back": Filler("request", "with a partner", REASON),
    "rights.journal": Filler(),
    "rights.resident_journal": Filler("resident"),
    "rights.find_resident": Filler(),
    "rights.found_resident": Filler("resident", body=lambda ref: {"ref": ref}),
    "rights.ask_why": Filler(),
    "rights.told_why": Filler("resident", body=lambda ref: {
        "organisation": BOROUGH, "role": "adviser", "purpose": "enquiry", "action": "resident:see", "group": "name",
        "resident": ref}),
    "organisations.index": Filler(),
    "organisations.one": Filler(path={"slug": BOROUGH}),
    "policy.matrix": Filler(),
    "policy.matrix_csv": Filler(),
    "policy.rules": Filler(),
    "staff.people_listed": Filler(),
    "staff.people_draw_new": Filler(),
    "staff.people_draw_person": Filler("person"),
    "staff.team_listed": Filler(),
    "staff.team_draw_new": Filler(),
    "staff.team_draw_person": Filler("person"),
    "tokens.me": Filler(),
}
API: dict[str, Filler] = {
    "contacts_api.open_contact": Filler(body=sending(channel="counter", line=BOROUGH), in_contact=False),
    "contacts_api.end_contact": Filler("contact", body=sending(outcome="answered", resolved_at_first_contact=True)),
    "contacts_api.name_person": Filler("resident in one's own contact", body=lambda ref: {"resident": ref}),
    "places_api.look_up_place": Filler(body=sending(postcode="TA1 1HE")),
    "rights_api.decision": Filler("resident", body=lambda ref: {
        "organisation": BOROUGH, "role": "adviser", "purpose": "enquiry", "group": "name", "resident": ref}),
    "rights_api.resident_journal": Filler("resident"),
    "requests_api.list_requests": Filler(),
    "requests_api.take_request": Filler("resident", body=lambda ref: BIN | {"resident": ref}),
    "requests_api.see_request": Filler("request"),
    "requests_api.decide_routing": Filler(body=sending(lgsl=530, postcode="TA1 1HE")),
    "working_api.accept": Filler("job"),
    "working_api.start": Filler("job", "accepted"),
    "working_api.update": Filler("job", "started", sending(note="On the way")),
    "working_api.refuse": Filler("job", body=REASON),
    "working_api.complete": Filler("job", "started", OUTCOME),
    "working_api.assign": Filler("request", body=sending(to=BINS)),
    "working_api.cancel": Filler("request", body=REASON),
    "working_api.close": Filler("request", body=sending(outcome="not-needed", note="")),
    "working_api.note": Filler("request", body=sending(note="Rang twice")),
    "working_api.pass_on": Filler("request", body=sending(to=COUNTY, reason="The county's")),
    "working_api.take_back": Filler("request", "with a partner", REASON),
    "working_api.link": Filler("resident for an intake", body=lambda ref: {"resident": ref}),
    "residents_api.record": Filler("telephone", body=lambda told: {
        "name": [{"given": "Zaq", "family": "Unheard"}], "channels": {"telephones": [told]},
        "address": [{"lines": ["9 Lost Lane"], "postcode": "TA1 1HE"}]}),
    "residents_api.read_one": Filler("resident"),
    "residents_api.change": Filler("resident", body=sending(needs=["Large print"])),
    "residents_api.search": Filler("telephone", body=lambda told: {"telephone": told}),
    "choices_api.choices": Filler("resident"),
    "choices_api.say": Filler("resident", body=sending(
        matter="sharing", answer="given", wording="current", channel="telephone")),
    "choices_api.object_to": Filler("resident", path={"organisation": BINS}),
    "choices_api.take_back": Filler("resident", path={"organisation": BINS}),
    "services_api.services": Filler(),
    "services_api.service": Filler(path={"lgsl": "530"}),
}
FILLERS = FORMS | API
# Swept by tests of their own: signing in and out, and the people of the partnership, who are no residents.
ELSEWHERE = {
    **dict.fromkeys(("staff.sign_in", "staff.check_in", "staff.first_password", "staff.set_first_password",
                     "staff.choose_hat", "staff.wear_hat", "staff.sign_out", "tokens.make_token", "tokens.end_token"),
                    "signing in and out sees no resident: the audience has no right to any table of theirs"),
    **dict.fromkeys((f"staff.{who}_{deed}" for who in ("people", "team")
                     for deed in ("end_person", "give_hat", "end_hat", "word", "add")),
                    "changes staff: the audience has no right to any table of residents"),
}
