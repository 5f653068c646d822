"""What each call of the interface for programs is filled with in the sweep."""

from typing import Any

from tests.proof.filler import NEW_INSTANT, NEW_REFERENCE, Filler, sending
from tests.world import BINS, BOROUGH, COUNTY

BIN = {"lgsl": 530, "postcode": "TA1 1HE", "details": {"how-many": 2, "reason": "Broken"}}
MEAL = {"lgsl": 315, "postcode": "TA6 3AA", "details": {"days": "Weekdays", "start": "2014-09-08"}, "permission": "given"}
REASON = sending(reason="Not needed any more")
OUTCOME = sending(outcome="done", note="Done")
SHARING = {"matter": "sharing", "answer": "given", "wording": "current", "channel": "telephone"}


A_POSTCODE = r"TA1 1[A-Z]{2}"


def postcode_of(family: str) -> str:
    """Seldom another newcomer's: with the same first letters of a name it would look like one person come back."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"TA1 1{''.join(letters[ord(letter) % len(letters)] for letter in family[-2:])}"


def newcomer(typed: str) -> dict[str, Any]:
    """A record of somebody whose name, telephone and e-mail address may be another's as well."""
    given, family, telephone, email = typed.split()
    return {"name": [{"given": given, "family": family}], "channels": {"telephones": [telephone], "emails": [email]},
            "address": [{"lines": [f"{family} House"], "postcode": postcode_of(family)}]}


def caller(typed: str) -> dict[str, Any]:
    """An intake from a caller who says of themselves what another council may have on record."""
    given, family, telephone, _ = typed.split()
    return MEAL | {"intake": {"name": {"given": given, "family": family}, "telephone": telephone,
                              "address": {"lines": ["9 Lost Lane"], "postcode": "TA6 3AA"}}}


def _pair(ref: str) -> dict[str, str]:
    return {"organisation": BOROUGH, "role": "adviser", "purpose": "enquiry", "group": "name", "resident": ref}


MADE = (NEW_REFERENCE, NEW_INSTANT)
# What differs in a record that was typed in differs in its version.
NEW_VERSION = r'^"[0-9a-f]{32}"$'
CALLS: dict[str, tuple[Filler, ...]] = {
    "contacts_api.open_contact": (Filler(
        "resident", body=lambda ref: {"channel": "counter", "line": BOROUGH, "person": ref}, in_contact=False,
        event="contact.with"),),
    "contacts_api.end_contact": (Filler(
        "contact", body=sending(outcome="answered", resolved_at_first_contact=True), event="contact.ended"),),
    "contacts_api.name_person": (
        Filler("contact", body=sending(resident="own resident"), event="contact.with"),
        Filler("resident", path={"contact_ref": "own contact"}, body=lambda ref: {"resident": ref},
               event="contact.with")),
    "places_api.look_up_place": (Filler(body=sending(postcode="TA1 1HE")),),
    "rights_api.decision": (Filler("resident", body=_pair, event="policy.explained"),),
    "rights_api.resident_journal": (Filler("resident", shows=False, event="journal.read"),),
    "requests_api.list_requests": (Filler(), Filler("place in the list", query=lambda at: {"after": at}, shows=False)),
    "requests_api.take_request": (
        Filler("resident", body=lambda ref: BIN | {"resident": ref}, event="request.taken"),
        Filler("newcomer", body=caller, event="request.taken", varies=MADE)),
    "requests_api.see_request": (Filler("request", event="request.seen"),),
    "requests_api.decide_routing": (Filler(body=sending(lgsl=530, postcode="TA1 1HE")),),
    "working_api.accept": (Filler("job", event="request.accepted"),),
    "working_api.start": (Filler("job", "accepted", event="request.started"),),
    "working_api.update": (Filler("job", "started", sending(note="On the way"), event="request.updated"),),
    "working_api.refuse": (Filler("job", body=REASON, event="request.refused"),),
    "working_api.complete": (Filler("job", "started", OUTCOME, event="request.completed"),),
    "working_api.assign": (Filler("request", body=sending(to=BINS), event="request.assigned"),),
    "working_api.cancel": (Filler("request", body=REASON, event="request.cancelled"),),
    "working_api.close": (Filler("request", body=sending(outcome="not-needed", note=""), event="request.closed"),),
    "working_api.note": (Filler("request", body=sending(note="Rang twice"), event="request.noted"),),
    "working_api.pass_on": (
        Filler("request", body=sending(to=COUNTY, reason="The county's"), event="request.passed"),),
    "working_api.take_back": (Filler("request", "with a partner", REASON, event="request.taken-back"),),
    "working_api.link": (
        Filler("intake", body=sending(resident="own resident"), event="intake.linked"),
        Filler("resident", path={"ref": "own intake"}, body=lambda ref: {"resident": ref}, event="intake.linked")),
    "residents_api.record": (Filler("newcomer", body=newcomer, event="resident.recorded",
                                    varies=(*MADE, NEW_VERSION, A_POSTCODE)),),
    "residents_api.read_one": (
        Filler("resident", event="resident.seen"),
        Filler("contact", path={"ref": "own resident"}, headers=lambda ref: {"Contact": ref}, shows=False)),
    "residents_api.change": (Filler("resident", reads="/api/v1/residents/{}", body=sending(needs=["Large print"]),
                                    event="resident.changed"),),
    "residents_api.search": (Filler("clue", body=lambda told: {"q": told}, event="resident.searched"),),
    "choices_api.choices": (Filler("resident", shows=False, event="choices.seen"),),
    "choices_api.say": (Filler("resident", body=lambda _: SHARING, event="choice.recorded"),),
    "choices_api.object_to": (Filler("resident", path={"organisation": BINS}, event="objection.recorded"),),
    "choices_api.take_back": (Filler("resident", "objecting", path={"organisation": BINS}, event="objection.ended"),),
    "services_api.services": (Filler(),),
    "services_api.service": (Filler(path={"lgsl": "530"}),),
    "tokens.me": (Filler(),),
    "tokens.make_token": (Filler("username", body=lambda name: {
        "username": name, "password": "own password", "organisation": "own organisation", "role": "own role"},
        comes="nobody", event="sign-in.begun"),),
    "tokens.end_token": (Filler(comes="leaving", event="sign-in.ended"),),
}
