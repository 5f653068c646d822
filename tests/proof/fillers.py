"""The fillers of every route of the map, and the few routes where a pair of hidden and absent has no meaning, each with its
reason. A route that is in neither table fails the sweep by name."""

from collections.abc import Mapping

from tests.proof.filler import Filler
from tests.proof.filling_calls import CALLS
from tests.proof.filling_pages import PAGES

FILLERS: Mapping[str, tuple[Filler, ...]] = PAGES | CALLS
_PUBLIC = "names nothing but public facts: services, places, organisations, the words of the policy"
_ONESELF = "is about oneself, and names nothing else"
_EMPTY = "an empty form: what is typed into it is another route's"
_LIST = "names nothing: that the hidden change no list is a test of its own"
_OPENS = "opens or ends one's own conversation with nobody named"
_STATIC = "the same for everybody, signed in or not"
NO_PAIR: Mapping[str, str] = {
    **dict.fromkeys(("contacts.answers", "contacts.find_answer", "contacts.suggest_answers", "contacts.answer",
                     "requests.suggest_for_intake", "organisations.index",
                     "organisations.one", "policy.matrix",
                     "policy.matrix_csv", "policy.rules", "looking.what", "places_api.look_up_place", "requests_api.decide_routing",
                     "services_api.services", "services_api.service", "organisations.own_agreement"), _PUBLIC),
    **dict.fromkeys(("staff.home", "staff.account", "staff.other_hat", "staff.new_password", "staff.change_password",
                     "staff.choose_hat", "staff.sign_out", "staff.sign_out_everywhere", "tokens.me",
                     "tokens.end_token"), _ONESELF),
    **dict.fromkeys(("contacts.opening", "rights.find_resident", "rights.ask_why", "looking.ask_who", "staff.first_password",
                     "staff.people_draw_new", "staff.team_draw_new", "desk.out_of_sight"), _EMPTY),
    **dict.fromkeys(("desk.desk", "jobs.jobs", "jobs.disposals", "queue.queue", "queue.disposals", "queue.intakes",
                     "rights.journal", "duplicates.queue", "duplicates.thresholds"), _LIST),
    **dict.fromkeys(("contacts.open_contact", "contacts.answered"), _OPENS),
    **dict.fromkeys((name for name in PAGES if name.startswith(("drafts.", "seeing.", "narrowing."))), "is about the policy, "
                    "which everybody who may read it reads whole: nothing of a resident is in it"),
    **dict.fromkeys(("impacts.impact", "impacts.ask", "impacts.read", "narrowing.one"), "is about the policy; of residents, "
                    "requests and conversations it tells how many they are, and no number under five: see tests/drafts"),
    **dict.fromkeys(("shell.accessibility_statement", "shell.help_page", "shell.healthz", "shell.metrics",
                     "shell.privacy", "shell.readyz", "shell.static_file"), _STATIC),
    **dict.fromkeys(("staff.people_add", "staff.team_add"), "a user name is taken or it is not: one table signs everybody "
                    "in, and names staff, not residents"),
    **dict.fromkeys([f"staff.people_{page}" for page in ("draw_person", "give_hat", "end_person", "word", "listed")],
                    "an administrator looks after everybody's hats, so that no person of staff is hidden"),
}
