"""What each page and form is filled with in the sweep."""

from io import BytesIO
from typing import Any

from tests.proof.filler import A_REASON, NEW_REFERENCE, NEW_SECRET, Filler, sending
from tests.proof.filling_calls import A_POSTCODE, OUTCOME, REASON, SHARING, postcode_of
from tests.world import BINS, BOROUGH, COUNTY

BIN_FORM = {"service": "530", "postcode": "TA1 1HE", "details-how-many": "1", "details-reason": "Broken"}
MEAL_FORM = {"service": "315", "postcode": "TA6 3AA", "details-days": "Weekdays", "details-start-day": "8",
             "details-start-month": "9", "details-start-year": "2014", "permission": "given"}
DISPOSED = {"how": "deleted", "declared": "yes", "on-day": "2", "on-month": "10", "on-year": "2026"}
AT_COUNTER = {"channel": "counter", "line": "own council"}
FOUND = r"/find/[\w-]{43}$"
SUGGESTED = r"/find/[\w-]{43}/suggestions$"
COLUMNS = "First name,Family name,Telephone,E-mail address,Address line 1,Postcode"
MAPPED = {"column-0": "given", "column-1": "family", "column-2": "telephone", "column-3": "email", "column-4": "line1",
          "column-5": "postcode", "dates": "day-first"}
ONCE = r'name="once" value="[\w-]{43}"'


def _newcomer(typed: str) -> dict[str, str]:
    given, family, telephone, email = typed.split()
    return {"given": given, "family": family, "telephone1": telephone, "email1": email, "line1": f"{family} House",
            "postcode": postcode_of(family)}


def _caller(typed: str) -> dict[str, str]:
    given, family, telephone, _ = typed.split()
    return MEAL_FORM | {"intake-name": f"{given} {family}", "intake-address": "9 Lost Lane",
                        "intake-telephone": telephone}


def _file_of(typed: str) -> dict[str, Any]:
    """A file with somebody in it who says what may stand on a record already."""
    return {"file": (BytesIO(f"{COLUMNS}\n{','.join(typed.split())},9 Lost Lane,TA1 1HE\n".encode()), "people.csv")}


def _pair(ref: str) -> dict[str, str]:
    return {"organisation": BOROUGH, "role": "adviser", "purpose": "enquiry", "action": "resident:see", "group": "name",
            "resident": ref}


def _hat(**more: str) -> Any:
    return sending(organisation="own organisation", role="another role", **more)


def _named(ref: str) -> dict[str, str]:
    return {"person": ref, "service": "530"}


CONTACTS: dict[str, tuple[Filler, ...]] = {
    "contacts.answers": (Filler(),),
    "contacts.find_answer": (Filler(body=sending(words="bin")),),
    "contacts.suggest_answers": (Filler(body=sending(wanted="bin")),),
    "contacts.answer": (Filler(path={"lgsl": "530"}),),
    "contacts.answered": (Filler(path={"lgsl": "530"}, event="contact.ended", leads="/desk"),),
    "contacts.ending": (Filler("contact"),),
    "contacts.end_contact": (Filler("contact", body=sending(outcome="answered"), event="contact.ended", leads="/desk"),),
    "contacts.opening": (Filler(in_contact=False),),
    "contacts.open_contact": (Filler(body=sending(**AT_COUNTER), in_contact=False, event="contact.opened",
                                     leads="/desk"),),
}
DESK: dict[str, tuple[Filler, ...]] = {
    "desk.desk": (Filler(), Filler(in_contact=False)),
    "desk.find": (
        Filler("clue", body=lambda told: {"wanted": told} | A_REASON, leads=FOUND, varies=(NEW_SECRET,)),
        Filler(body=sending(wanted="Nobody Known TA1 1HE", **AT_COUNTER, **A_REASON), in_contact=False, event="contact.opened",
               leads=FOUND)),
    "desk.find_again": (Filler("clue", body=lambda told: {"wanted": told} | A_REASON, leads=FOUND, varies=(NEW_SECRET,)),),
    "desk.suggestions": (Filler("clue", body=lambda told: {"wanted": told}, event="resident.searched"),),
    "desk.suggestions_at_the_desk": (
        Filler("clue", body=lambda told: {"wanted": told}, leads=SUGGESTED, varies=(NEW_SECRET,)),
        Filler(body=sending(wanted="Nobody Known TA1 1HE", **AT_COUNTER), in_contact=False, event="contact.opened",
               leads=SUGGESTED)),
    "desk.suggested": (
        Filler("clue", asks=True, path={"token": "last question"}, event="resident.searched", shows=False),
        Filler("question", event="resident.searched", shows=False)),
    "desk.suggest_ways": (Filler("resident", body=lambda ref: {"person": ref, "words": "consent"}),),
    "desk.found": (
        Filler("clue", asks=True, path={"token": "last question"}, event="resident.searched",
               leads="/people/"),
        Filler("question", event="resident.searched", shows=False)),
    "desk.new": (Filler(varies=(ONCE,)), Filler("name", asks=True, query=sending(asked="last"), varies=(ONCE,), shows=False)),
    "desk.record": (Filler("newcomer", body=_newcomer, event="resident.recorded", leads="/people/.*done=recorded",
                           varies=(NEW_REFERENCE, ONCE, A_POSTCODE)),),
    "desk.person": (Filler("resident", event="resident.seen"),),
    "desk.history": (Filler("resident", event="resident.history"),),
    "desk.versions": (Filler("resident", event="resident.versions"),),
    "desk.edit": (Filler("resident", event="resident.seen"),
                  Filler("resident", query=sending(only="address"), event="resident.seen")),
    "desk.change": (Filler("resident", reads="/people/{}/edit", body=sending(needs="Large print"),
                           event="resident.changed", leads="done=changed"),),
    "desk.choices": (Filler("resident", event="choices.seen"),),
    "desk.ask": (Filler("resident", query=sending(matter="sharing"), event="choices.seen"),),
    "desk.preview": (Filler("resident", body=lambda _: SHARING),),
    "desk.say": (Filler("resident", body=lambda _: SHARING, event="choice.recorded", leads="done=said"),),
    "desk.object_to": (Filler("resident", body=sending(organisation=BINS), event="objection.recorded",
                              leads="done=objected"),),
    "desk.take_back": (Filler("resident", "objecting", sending(organisation=BINS), event="objection.ended",
                              leads="done=ended"),),
    "desk.verify": (Filler("resident", body=sending(matched="name"), event="resident.verified", leads="done=verified"),),
    "desk.ask_for": (Filler("resident", event="contact.with", leads="/contacts/request"),),
    "desk.out_of_sight": (Filler(),),
}
WAYS = {"name": "add", "birth": "keep", "address": "add", "telephone": "add", "email": "add", "need": "add"}
ADDED = "&".join(f"{name}={way}" for name, way in WAYS.items())


def _either(**said: Any) -> tuple[Filler, ...]:
    """About two records, of which either may be the one out of sight."""
    return (Filler("double", path={"other": "own further resident"}, **said),
            Filler("double", path={"ref": "own further resident"}, **said))


DUPLICATES: dict[str, tuple[Filler, ...]] = {
    "duplicates.queue": (Filler(event="pair.listed"),),
    "duplicates.thresholds": (Filler(),),
    "duplicates.pair": _either(event="pair.seen"),
    "duplicates.preview": _either(query=sending(**WAYS), event="pair.previewed"),
    "duplicates.answer": _either(body=sending(answer="not-same"), event="pair.answered", leads="/quality"),
    "duplicates.merge": _either(reads="/people/{ref}/same-person/{other}/merge?" + ADDED, event="resident.merged",
                                body=sending(reason="Rang and confirmed"), leads="done=joined"),
    "duplicates.part": _either(state="joined", event="resident.parted", leads="done=parted"),
}
REQUESTS: dict[str, tuple[Filler, ...]] = {
    "requests.ask_for": (Filler(), Filler("resident", query=_named, varies=(ONCE,), event="resident.seen")),
    "requests.take_request": (
        Filler("resident", body=lambda ref: BIN_FORM | _named(ref), event="request.taken", leads="/requests/.*/sent"),
        Filler("resident", body=lambda ref: BIN_FORM | _named(ref) | {"step": "look"}, event="resident.seen")),
    "requests.blind_intake": (Filler(), Filler("resident", query=_named, varies=(ONCE,), shows=False)),
    "requests.take_intake": (Filler("newcomer", body=_caller, event="request.taken", leads="/requests/.*/sent",
                                    varies=(NEW_REFERENCE, ONCE)),),
    "requests.suggest_services": (Filler("resident", body=lambda ref: {"person": ref, "words": "bin"}),),
    "requests.suggest_for_intake": (Filler(body=sending(words="bin", asked="last")),),
    "requests.listed": (Filler(event="request.listed"),
                        Filler("place in the list", query=lambda at: {"after": at}, shows=False)),
    "requests.see": (Filler("request", event="request.seen"),),
    "requests.sent": (Filler("request"),),
    "jobs.jobs": (Filler(),),
    "jobs.job": (Filler("job", event="request.seen"),),
    "jobs.accept": (Filler("job", event="request.accepted", leads="/jobs/"),),
    "jobs.start": (Filler("job", "accepted", event="request.started", leads="/jobs/"),),
    "jobs.update_page": (Filler("job", "started"),),
    "jobs.update": (Filler("job", "started", sending(note="On the way"), event="request.updated", leads="/jobs/"),),
    "jobs.refuse_page": (Filler("job"),),
    "jobs.refuse": (Filler("job", body=REASON, event="request.refused", leads="/jobs/"),),
    "jobs.complete_page": (Filler("job", "started"),),
    "jobs.complete": (Filler("job", "started", OUTCOME, event="request.completed", leads="/jobs/"),),
    "jobs.disposals": (Filler(),),
    "jobs.confirm_disposals": (Filler("job", "completed", lambda ref: DISPOSED | {"requests": ref},
                                      event="disposal.confirmed", leads="/disposals"),),
    "queue.queue": (Filler(),),
    "queue.disposals": (Filler(),),
    "queue.chase_disposal": (Filler("request", "overdue", event="disposal.chased", leads="/queue/disposals"),),
    "queue.intakes": (Filler(),),
    "queue.intake": (Filler("intake", event="intake.compared"),
                     Filler("intake of a newcomer", event="intake.compared")),
    "queue.keep_unlinked": (Filler("intake", event="intake.kept-unlinked", leads="/queue/intake"),),
    "queue.link_intake": (
        Filler("intake", body=sending(resident="own resident"), event="intake.linked", leads="/queue/intake"),
        Filler("resident", path={"ref": "own intake"}, body=lambda ref: {"resident": ref}, event="intake.linked",
               leads="/queue/intake")),
    "queue.work_on": (Filler("request", event="request.seen"),),
    "queue.assign_page": (Filler("request"),),
    "queue.assign": (Filler("request", body=sending(to=BINS), event="request.assigned", leads="/steps"),),
    "queue.cancel_page": (Filler("request"),),
    "queue.cancel": (Filler("request", body=REASON, event="request.cancelled", leads="/steps"),),
    "queue.close_page": (Filler("request"),),
    "queue.close": (Filler("request", body=sending(outcome="not-needed", note=""), event="request.closed",
                           leads="/steps"),),
    "queue.note_page": (Filler("request"),),
    "queue.note": (Filler("request", body=sending(note="Rang twice"), event="request.noted", leads="/steps"),),
    "queue.pass_page": (Filler("request"),),
    "queue.pass": (Filler("request", body=sending(to=COUNTY, reason="The county's"), event="request.passed",
                          leads="/queue"),),
    "queue.take_back_page": (Filler("request", "with a partner"),),
    "queue.take_back": (Filler("request", "with a partner", REASON, event="request.taken-back", leads="/steps"),),
}
OFFICES: dict[str, tuple[Filler, ...]] = {
    "rights.journal": (Filler(event="journal.audited", stays=False),
                       Filler(query=sending(event="resident.seen"), event="journal.audited")),
    "rights.resident_journal": (Filler("resident", event="journal.read"),),
    "rights.find_resident": (Filler(),),
    "rights.found_resident": (Filler("resident", body=lambda ref: {"ref": ref}, event="resident.found",
                                     leads="/people/.*/journal"),),
    "rights.ask_why": (Filler(),),
    "rights.told_why": (Filler("resident", body=_pair, event="policy.explained"),),
    "looking.ask_who": (Filler(),),
    "looking.told_who": (Filler("resident", body=lambda ref: {"resident": ref}, event="policy.explained"),),
    "looking.what": (Filler(), Filler(query=sending(organisation=BOROUGH, role="adviser"))),
    "organisations.index": (Filler(),),
    "organisations.one": (Filler(path={"slug": BOROUGH}),),
    "organisations.own_agreement": (Filler(),),
    "policy.matrix": (Filler(),),
    "policy.matrix_csv": (Filler(),),
    "policy.rules": (Filler(),),
    **{f"shell.{name}": (Filler(stays=name != "metrics"), Filler(comes="nobody")) for name in (
        "accessibility_statement", "help_page", "healthz", "metrics", "privacy", "readyz")},
    "shell.static_file": (Filler(path={"path": "own style"}, stays=False),),
}
STAFF: dict[str, tuple[Filler, ...]] = {
    "staff.home": (Filler(leads="/"),),
    "staff.sign_in": (Filler("resident", query=lambda ref: {"next": f"/people/{ref}"}, comes="nobody"),),
    "staff.check_in": (Filler("username", body=lambda name: {"username": name, "password": "own password"},
                              comes="nobody", event="sign-in.begun", leads="/"),),
    "staff.first_password": (Filler(comes="nobody"),),
    "staff.set_first_password": (Filler("username", body=lambda name: {
        "username": name, "word": "own word", "password": "wandering copper lantern"},
        comes="nobody", event="password.set", leads="/sign-in"),),
    "staff.choose_hat": (Filler(comes="choosing"),),
    "staff.wear_hat": (Filler("worn hat", body=lambda key: {"hat": key}, comes="choosing", event="sign-in.begun",
                              leads="/"),),
    "staff.account": (Filler(stays=False),),
    "staff.other_hat": (Filler(comes="leaving"),),
    "staff.change_hat": (Filler("worn hat", body=lambda key: {"hat": key}, comes="leaving", in_contact=False,
                                event="sign-in.begun", leads="/"),),
    "staff.new_password": (Filler(),),
    "staff.change_password": (Filler(body=sending(current="own password", password="wandering copper lantern"),
                                     comes="leaving", in_contact=False, event="password.changed", leads="/account"),),
    "staff.sign_out": (Filler(comes="leaving", event="sign-in.ended", leads="/sign-in"),),
    "staff.sign_out_everywhere": (Filler(comes="leaving", event="sign-in.ended-everywhere", leads="/sign-in"),),
}
# A load is its council's alone; who is in it already is told of records that may be seen, and of no other.
IMPORTS: dict[str, tuple[Filler, ...]] = {
    "imports.index": (Filler(), Filler("load", query=lambda ref: {"after": ref}, shows=False)),
    "imports.arrive": (Filler("newcomer", body=_file_of, event="import.begun", leads="/imports/", varies=(NEW_REFERENCE,)),),
    "imports.one": (Filler("load"), Filler("load", "checked"), Filler("load", "loaded")),
    "imports.settle": (Filler("load", body=sending(**MAPPED), leads="/imports/"),),
    "imports.load": (Filler("load", "checked", sending(with_matches="load"), leads="/imports/"),),
    "imports.stop": (Filler("load", "checking", event="import.halted", leads="/imports/"),),
    "imports.go_on": (Filler("load", "checking", event="import.gone-on", leads="/imports/"),),
    "imports.take_back": (Filler("load", "loaded", leads="/imports/"),),
    "imports.put_away": (Filler("load", "checked", event="import.put-away", leads="/imports/"),),
    "imports.handed_back": (Filler("load", "checked", event="import.handed-back", shows=False),),
    "imports.left_out": (Filler("load", "checked", event="import.handed-back", shows=False),),
}
for _office in ("people", "team"):
    STAFF |= {
        f"staff.{_office}_listed": (Filler(stays=_office == "team"),
                                    Filler("person", query=lambda key: {"after": key}, shows=False)),
        f"staff.{_office}_draw_new": (Filler(),),
        f"staff.{_office}_add": (Filler(body=_hat(username="new username", name="Ama Newly"), event="staff.added"),),
        f"staff.{_office}_draw_person": (Filler("person"),),
        f"staff.{_office}_give_hat": (Filler("person", body=_hat(), event="hat.given", leads=".+"),),
        f"staff.{_office}_end_hat": (Filler("hat", path={"key": "own person"}, event="hat.ended", leads=".+"),
                                     Filler("person", path={"hat": "own hat"}, event="hat.ended", leads=".+")),
        f"staff.{_office}_end_person": (Filler("person", event="staff.ended", leads=".+"),),
        f"staff.{_office}_word": (Filler("person", event="password.word-made", shows=False),),
    }
SEEN = sending(version="1")
# Nothing of a resident is in them; what they name is one's own to read, whoever wrote it.
DRAFTS: dict[str, tuple[Filler, ...]] = {
    "seeing.who": (Filler(query=sending(sharing="refused", home=BOROUGH)),),
    "seeing.who_csv": (Filler(),),
    "seeing.count": (Filler(event="policy.counted", leads="/policy/who"),),
    "seeing.make_a_test": (Filler(
        query=sending(sharing="refused", home=BOROUGH, role="adviser", organisation=COUNTY, group="name"),
        body=sending(draft="own draft", name="As it is", rule="R1"), event="policy-draft.edited", leads="/sheets/"),),
    "seeing.tests": (Filler(),),
    "seeing.needs_you": (Filler(stays=False),),
    "seeing.draft_tests": (Filler(path={"ref": "own draft"}, stays=False),),
    "drafts.index": (Filler(stays=False),),
    "drafts.begin": (Filler(body=sending(title="Less", reason="Not needed"), event="policy-draft.begun", leads="/policy/drafts/"),),
    "drafts.one": (Filler(path={"ref": "own draft"}, stays=False), Filler(path={"ref": "own submitted draft"}, stays=False)),
    "drafts.rules": (Filler(path={"ref": "own draft"}, stays=False),),
    "drafts.write_rule": (Filler(path={"ref": "own draft"}, body=sending(
        version="1", role="adviser", organisation="*", unit="*", action="figures:read", group="none", purpose="plan", scope="own",
        effect="allow", basis="-", agreement="-", owner="customer services", review="2027-03-31"),
        event="policy-draft.edited", leads="/rules"),),
    "drafts.take_out": (Filler(path={"ref": "own draft", "line": "6"}, body=SEEN, event="policy-draft.edited", leads="/rules"),),
    "narrowing.sheet": (Filler(path={"ref": "own draft"}, stays=False),),
    "narrowing.write": (Filler(path={"ref": "own draft"}, body=sending(
        version="1", groups="birth", roles="voluntary", organisations="*", reason="no need", owner="information governance",
        review="2027-03-31"), event="policy-draft.edited", leads="/narrowings"),),
    "narrowing.take_out": (Filler(path={"ref": "own withholding draft", "line": "3"}, body=SEEN, event="policy-draft.edited",
                                  leads="/narrowings"),),
    "narrowing.withheld": (Filler(stays=False),),
    "narrowing.one": (Filler(path={"ref": "own withheld draft"}, stays=False),),
    "narrowing.agree": (Filler(path={"ref": "own withheld draft"}, body=SEEN, event="policy-draft.agreed",
                               leads="/policy/withheld"),),
    "narrowing.send_back": (Filler(path={"ref": "own withheld draft"}, body=sending(version="1", why="Say more"),
                                   event="policy-draft.returned", leads="/policy/withheld"),),
    "drafts.sheet": (Filler(path={"ref": "own draft", "name": "masks.csv"}, stays=False),),
    "drafts.put_sheet": (Filler(path={"ref": "own draft", "name": "roles.csv"}, body=sending(version="1", text="role,includes"),
                                event="policy-draft.edited", leads="/sheets/"),),
    "drafts.hand_in": (Filler(path={"ref": "own draft"}, body=SEEN, event="policy-draft.submitted", leads="/policy/drafts/"),),
    "drafts.bring_up_to_date": (Filler(path={"ref": "own draft"}, body=SEEN, leads="/policy/drafts/"),),
    "drafts.give_up": (Filler(path={"ref": "own draft"}, body=SEEN, event="policy-draft.withdrawn", leads="/policy/drafts/"),),
    "drafts.approve": (Filler(path={"ref": "own submitted draft"}, body=SEEN, event="policy-draft.approved",
                              leads="/policy/drafts/"),),
    "drafts.send_back": (Filler(path={"ref": "own submitted draft"}, body=sending(version="1", why="Say more"),
                                event="policy-draft.returned", leads="/policy/drafts/"),),
    "drafts.tighten": (Filler(path={"ref": "own narrowing draft"}, body=SEEN, event="policy.tightened", leads="/policy/drafts/"),),
    "drafts.publish": (Filler(path={"ref": "own approved draft"}, body=SEEN, event="policy.published", leads="/policy/versions/"),),
    "impacts.impact": (Filler(path={"ref": "own draft"}, stays=False), Filler(path={"ref": "own unweighed draft"}, stays=False)),
    "impacts.ask": (Filler(path={"ref": "own unweighed draft"}, event="policy-draft.weighed", leads="/impact"),),
    "impacts.read": (Filler(path={"ref": "own draft"}, event="policy-draft.read", leads="/impact"),),
    "drafts.versions": (Filler(stays=False),),
    "drafts.version": (Filler(path={"number": "1"}, stays=False),),
    "drafts.restore": (Filler(path={"number": "1"}, body=sending(reason="It was right"), event="policy-draft.begun",
                              leads="/policy/drafts/"),),
}
PAGES = DRAFTS | CONTACTS | DESK | DUPLICATES | REQUESTS | OFFICES | STAFF | IMPORTS
