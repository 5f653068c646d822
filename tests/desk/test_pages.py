"""The adviser's pages through a browser of sorts: the box, no match, the resident, recording, changing, choosing."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.choices.models import Choice
from app.contacts.models import Contact
from app.places.models import PlaceOverride
from app.residents.models import FindQuestion, Resident, ResidentIdentity
from tests.world import BOROUGH, COUNTY, Wearer, World

TYPED = {"given": "Chidi", "family": "Okafor", "line1": "12 Mill Lane", "line3": "Taunton", "postcode": "ta11he",
         "telephone1": "07700 900123", "birth-day": "27", "birth-month": "3", "birth-year": "1971",
         "needs": "Large print\nInterpreter", "choice-sharing": "given", "choice-news": "refused"}


class Browser:
    """Somebody signed in at a desk."""

    def __init__(self, client: FlaskClient, wearer: Wearer) -> None:
        self.client, self.wearer = client, wearer
        with client.session_transaction() as session:
            session["_user_id"] = wearer.secret

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, form: dict[str, str], of: str = "/desk") -> TestResponse:
        return self.client.post(path, data=form | {"csrf_token": self.token(of)})

    def token(self, of: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(of).text)
        assert found, of
        return found[1]

    def find(self, wanted: str) -> TestResponse:
        sent = self.post("/find", {"wanted": wanted, "line": self.line, "channel": "telephone"})
        assert sent.status_code == 303, sent.text
        return self.get(sent.location)

    line = "borough-main"

    def record(self, **over: str) -> str:
        page = self.get("/people/new")
        once = re.search(r'name="once" value="([^"]+)"', page.text)
        assert once
        sent = self.post("/people/new", TYPED | {"once": once[1]} | over, of="/people/new")
        assert sent.status_code == 303, shown(sent)
        return re.fullmatch(r"/people/([^?]+)\?done=recorded", sent.location)[1]  # type: ignore[index]


def shown(page: TestResponse) -> str:
    """The words of a page's main part."""
    main = re.search(r"<main.*</main>", page.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0] if main else page.text)).split())


def bare_of(page: TestResponse) -> str:
    """The page but for its token against forgery, which is another each time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> Browser:
    made = Browser(client, world.wearer(BOROUGH, "adviser"))
    assert "opens a contact" in shown(made.get("/desk"))
    assert made.find("nobody known").status_code == 200
    return made


def other(adviser: Browser, world: World, organisation: str = COUNTY, role: str = "adviser") -> Browser:
    wearer = world.wearer(organisation, role)
    if role == "adviser":
        world.contact(wearer)
    return Browser(adviser.client.application.test_client(), wearer)


def test_the_box_opens_a_contact_and_keeps_the_question_encrypted_for_its_asker(adviser: Browser, world: World) -> None:
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 1
    sent = adviser.post("/find", {"wanted": "okafor ta1 1he"})
    assert sent.status_code == 303 and "okafor" not in sent.location.lower()
    assert world.session.scalar(select(func.count()).select_from(Contact)) == 1
    county = other(adviser, world)
    assert county.get(sent.location).status_code == 404
    assert adviser.get(sent.location).status_code == 200
    from sqlalchemy import text
    held = world.session.scalars(text("SELECT question FROM find_question")).all()  # type: ignore[call-overload]
    assert held and not any("okafor" in each for each in held)
    world.session.execute(text("UPDATE find_question SET at = at - interval '16 minutes'"))
    world.session.commit()
    assert adviser.get(sent.location).status_code == 404
    with adviser.client.session_transaction() as session:
        assert set(session) <= {"_user_id", "csrf_token", "_fresh", "_permanent"}


def test_what_is_too_little_is_asked_for_again_with_everything_typed(adviser: Browser) -> None:
    for wanted, said in (("", "Type what you know"), ("okafor", "second detail"), ("x" * 400, "too long")):
        page = adviser.post("/find", {"wanted": wanted})
        assert page.status_code == 422 and said in shown(page)
        assert not wanted or f'value="{wanted}"' in page.text


def test_a_hidden_and_an_absent_person_give_the_same_page(adviser: Browser, world: World) -> None:
    ref = adviser.record(**{"choice-sharing": "refused"})
    county = other(adviser, world)
    for hidden, absent in (("okafor ta1 1he", "ofakor ta1 1hf"), ("07700 900123", "07700 900321")):
        pages = [county.get(county.post("/find", {"wanted": wanted}).location) for wanted in (hidden, absent)]
        assert len({re.sub(f"{hidden}|{absent}", "", bare_of(page)) for page in pages}) == 1
        assert all(words in shown(pages[0]) for words in ("may belong to another council", "Add a new resident", "Take this for"))
    hidden, absent = county.get(f"/people/{ref}"), county.get("/people/7ZZ-ZZZ-ZZZ")
    assert hidden.status_code == absent.status_code == 404 and bare_of(hidden) == bare_of(absent)


def test_a_sure_fit_opens_at_once_and_the_page_has_what_a_call_needs(adviser: Browser, world: World) -> None:
    ref = adviser.record()
    opened = adviser.find("okafor ta1 1he")
    assert opened.status_code == 303 and opened.location == f"/people/{ref}"
    page = adviser.get(opened.location)
    words = shown(page)
    for said in ("Chidi Okafor", "12 Mill Lane, Taunton, TA1 1HE", "07700 900123", "27 March 1971", "Large print",
                 "Sharing: yes, both councils", "Surveys: Not asked yet", "No request is open"):
        assert said in words, said
    title = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
    assert title and ref in title[1] and "Okafor" not in title[1]
    known = adviser.post(f"/people/{ref}/request", {"words": "garden waste"})
    assert known.location == "/contacts/request?service=530", "words that one service alone fits lead to it"
    asked = adviser.post(f"/people/{ref}/request", {})
    assert asked.location == "/contacts/request" and adviser.get(asked.location).status_code == 200
    done = adviser.client.post(f"/people/{ref}/verify", data={"csrf_token": adviser.token("/desk"),
                                                              "matched": ["name", "birth"]})
    assert done.status_code == 303
    assert world.session.scalars(select(ResidentIdentity.matched)).one() == ["name", "birth"]
    for path in ("history", "versions", "choices"):
        assert adviser.get(f"/people/{ref}/{path}").status_code == 200


def test_several_fits_are_listed_and_none_opens_by_itself(adviser: Browser) -> None:
    adviser.record()
    adviser.record(given="Ada", telephone1="", another="yes")
    words = shown(adviser.find("okafor ta1 1he"))
    assert "Chidi Okafor" in words and "Ada Okafor" in words


WRONG = [
    ("family", "", "Enter this"), ("family", "<b>", "Remove the signs"), ("given", "123", "has letters"),
    ("line1", "", "Enter this"), ("postcode", "TA1", "first half"), ("postcode", "ZE1 0AA", "do not know"),
    ("postcode", "TA6 3AA", "not in your council"), ("telephone1", "12", "not a telephone number"),
    ("telephone2", "+44", "not a telephone number"), ("email1", "a@", "not an e-mail address"),
    ("birth-year", "2999", "has not come yet"), ("birth-month", "13", "not a date"),
    ("choice-news", "perhaps", "given or refused"),
]


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
        adviser: Browser, world: World) -> None:
    token = adviser.token("/people/new")
    for field, typed, said in WRONG:
        page = adviser.client.post("/people/new", data=TYPED | {"once": "x", field: typed, "csrf_token": token})
        assert page.status_code == 422 and said in shown(page), (field, shown(page))
        assert unescape(page.text).count('value="Okafor"' if field != "family" else 'value="Chidi"') == 1
        name = field.partition("-")[0] if field.startswith("birth") else field
        assert re.search(rf'href="#{name}', page.text), f"the summary leads to {field}"
    assert world.session.scalar(select(func.count()).select_from(Resident)) == 0


def test_a_form_sent_twice_records_once_and_a_likeness_is_asked_about(adviser: Browser, world: World) -> None:
    ref = adviser.record(once="same")
    assert adviser.record(once="same") == ref
    page = adviser.post("/people/new", TYPED | {"once": "new"}, of="/people/new")
    assert page.status_code == 422 and "somebody you have already" in shown(page) and ref in shown(page)
    assert adviser.record(once="new2", another="yes") != ref
    assert world.session.scalar(select(func.count()).select_from(Resident)) == 2
    county, moved = other(adviser, world), TYPED | {"postcode": "TA6 3AA", "telephone1": ""}
    told_once = county.post("/people/new", moved | {"once": "c"}, of="/people/new")
    assert told_once.status_code == 422 and ref in shown(told_once), "they agreed to sharing: the county knows them as well"
    assert county.post("/people/new", moved | {"once": "d", "another": "yes"}, of="/people/new").status_code == 303


def test_the_form_of_a_new_resident_has_what_was_just_asked(adviser: Browser) -> None:
    adviser.find("ada marsh ta1 1he")
    assert {'value="Ada"', 'value="Marsh"', 'value="TA1 1HE"'} <= set(
        re.findall(r'value="[^"]*"', adviser.get("/people/new?asked=last").text))
    assert 'value="Marsh"' not in adviser.get("/people/new").text


def version(page: TestResponse) -> str:
    return re.search(r'name="version" value="([^"]+)"', page.text)[1]  # type: ignore[index]


def test_who_was_slower_sees_both_versions_and_loses_nothing(adviser: Browser) -> None:
    ref = adviser.record()
    seen = version(adviser.get(f"/people/{ref}/edit"))
    changed = adviser.post(f"/people/{ref}/edit", TYPED | {"family": "Marsh", "version": seen})
    assert changed.status_code == 303 and changed.location.endswith("done=changed")
    late = adviser.post(f"/people/{ref}/edit", TYPED | {"needs": "Braille", "version": seen})
    assert late.status_code == 412 and "Somebody else changed this record first" in shown(late)
    assert "Marsh" in shown(late) and "Braille" in late.text and version(late) != seen
    mended = adviser.post(f"/people/{ref}/edit",
                          TYPED | {"family": "Marsh", "needs": "Braille", "version": version(late)})
    assert mended.status_code == 303
    words = shown(adviser.get(f"/people/{ref}"))
    assert "Chidi Marsh" in words and "Braille" in words and "Former name" in words
    assert "Chidi Okafor Chidi Marsh" in shown(adviser.get(f"/people/{ref}/versions"))


def test_a_move_to_the_other_council_ends_in_words_and_not_in_a_dead_page(adviser: Browser, world: World) -> None:
    ref = adviser.record(**{"choice-sharing": "refused"})
    moved = TYPED | {"version": version(adviser.get(f"/people/{ref}/edit")), "line1": "1 Quay", "postcode": "TA6 3AA",
                     "moved-day": "1", "moved-month": "1", "moved-year": "2030"}
    assert adviser.post(f"/people/{ref}/edit", moved).location == f"/people/{ref}?done=changed"
    ref = adviser.record(once="second", another="yes", **{"choice-sharing": "refused"})
    wrong = TYPED | {"version": version(adviser.get(f"/people/{ref}/edit")), "line1": "1 Quay", "postcode": "TA6 3AA"}
    gone = adviser.post(f"/people/{ref}/edit", wrong)
    assert gone.location == "/people/out-of-sight" and adviser.get(gone.location).status_code == 200
    assert adviser.get(f"/people/{ref}").status_code == 404


def test_a_move_is_a_form_of_its_own_that_begins_today_and_changes_nothing_else(adviser: Browser, world: World) -> None:
    ref = world.resident(BOROUGH).ref
    place, before = f"/people/{ref}/edit?only=address", shown(adviser.get(f"/people/{ref}"))
    page = adviser.get(place)
    assert "On record now: 12 Mill Lane" in shown(page) and 'name="family"' not in page.text and 'name="line1"' in page.text
    today = dict(re.findall(r'name="(moved-\w+)"[^>]*value="(\d+)"', page.text))
    assert len(today) == 3
    moved = {"only": "address", "version": version(page), "line1": "9 Quay Street", "postcode": "TA1 1JT"}
    refused = adviser.post(f"/people/{ref}/edit", moved)
    assert refused.status_code == 422 and "Say on which day they moved" in shown(refused) and "9 Quay Street" in refused.text
    assert 'name="family"' not in refused.text
    late = adviser.post(f"/people/{ref}/edit", moved | today | {"version": "another"})
    assert late.status_code == 412 and "9 Quay Street" in late.text and "Chidi" not in shown(late)
    assert adviser.post(f"/people/{ref}/edit", moved | today).status_code == 303
    after = shown(adviser.get(f"/people/{ref}"))
    assert "9 Quay Street" in after and after.replace("9 Quay Street, TA1 1JT", "") == before.replace("12 Mill Lane, TA1 1HE", "")


def test_choices_are_asked_in_their_words_previewed_and_confirmed(adviser: Browser, world: World) -> None:
    ref = adviser.record()
    county = other(adviser, world)
    assert county.get(f"/people/{ref}").status_code == 200
    ask = adviser.get(f"/people/{ref}/choices/change?matter=sharing")
    assert "May staff at both councils see your record" in shown(ask)
    assert not re.search(r'name="answer"[^>]* checked', ask.text)
    said = {"matter": "sharing", "wording": "2014-1", "channel": "telephone"}
    assert "Choose the answer" in shown(adviser.post(f"/people/{ref}/choices/preview", said))
    before = world.session.scalar(select(func.count()).select_from(Choice))
    preview = adviser.post(f"/people/{ref}/choices/preview", said | {"answer": "withdrawn"})
    assert preview.status_code == 200 and "will no longer see this record" in shown(preview)
    assert world.session.scalar(select(func.count()).select_from(Choice)) == before
    done = adviser.post(f"/people/{ref}/choices/change", said | {"answer": "withdrawn"})
    assert done.status_code == 303 and "No, withdrawn" in shown(adviser.get(done.location))
    assert county.get(f"/people/{ref}").status_code == 404
    assert adviser.get(f"/people/{ref}/choices/change?matter=weather").status_code == 404


def test_the_other_council_that_writes_down_a_withdrawal_is_led_away_in_words(adviser: Browser, world: World) -> None:
    ref = adviser.record()
    county = other(adviser, world)
    said = {"matter": "sharing", "wording": "2014-1", "channel": "telephone", "answer": "withdrawn"}
    assert county.post(f"/people/{ref}/choices/change", said).location == "/people/out-of-sight"


def test_objections_are_recorded_and_taken_back(adviser: Browser, world: World) -> None:
    ref = adviser.record()
    assert "Choose the organisation" in shown(adviser.post(f"/people/{ref}/objections", {"reason": "x"}))
    adviser.post(f"/people/{ref}/objections", {"organisation": "greenbins", "reason": "A quarrel"})
    assert "A quarrel" in shown(adviser.get(f"/people/{ref}/choices"))
    adviser.post(f"/people/{ref}/objections/end", {"organisation": "greenbins"})
    assert "A quarrel" not in shown(adviser.get(f"/people/{ref}/choices"))


def test_an_officer_who_keeps_records_finds_without_a_contact(adviser: Browser, world: World) -> None:
    ref = adviser.record()
    officer = other(adviser, world, BOROUGH, "information_officer")
    assert officer.get("/desk").status_code == 403 and 'name="wanted"' in officer.get("/residents").text
    sent = officer.post("/residents/find", {"wanted": "okafor ta1 1he"}, of="/residents")
    assert officer.get(sent.location).location == f"/people/{ref}"
    assert "Who is speaking?" not in shown(officer.get(f"/people/{ref}"))
    assert world.session.scalar(select(func.count()).select_from(FindQuestion)) >= 1


def test_an_address_on_a_boundary_is_confirmed_on_the_page_and_the_answer_is_kept(adviser: Browser, world: World) -> None:
    postcode = "TA3 5AA"
    once = re.search(r'name="once" value="([^"]+)"', adviser.get("/people/new").text)
    assert once
    form = TYPED | {"once": once[1], "postcode": postcode}
    asked = adviser.post("/people/new", form, of="/people/new")
    assert asked.status_code == 422 and "In which district is this address?" in shown(asked)
    assert 'value="12 Mill Lane"' in asked.text, "nothing typed is lost"
    district = re.search(r'name="district"[^>]*value="(E07000190)"', asked.text)
    assert district, asked.text
    sent = adviser.post("/people/new", form | {"district": district[1]}, of="/people/new")
    assert sent.status_code == 303, shown(sent)
    kept = world.session.scalars(select(PlaceOverride)).one()
    assert (kept.district_gss, kept.confirmed_by) == ("E07000190", adviser.wearer.person_id)


def test_a_check_with_nothing_ticked_is_asked_for_again_on_the_same_page(adviser: Browser) -> None:
    ref = adviser.record()
    again = adviser.post(f"/people/{ref}/verify", {}, of=f"/people/{ref}")
    assert again.status_code == 422 and "Tick what the caller told you" in shown(again)
    assert "Chidi Okafor" in shown(again) and "Open requests" in shown(again)


def test_an_intake_begins_with_what_was_asked_in_vain(adviser: Browser) -> None:
    missed = adviser.find("amara eze 07700 900456")
    assert "/intake/new?asked=last" in missed.text
    listed = adviser.get("/intake/new?asked=last").text
    service = re.search(r'href="(/intake/new\?asked=last&amp;service=\d+)"', listed)
    assert service, "the choice of a service forgets what was asked"
    pages = [adviser.get(unescape(href)).text
             for href in re.findall(r'href="(/intake/new\?asked=last&amp;service=\d+)"', listed)[:40]]
    assert any('value="Amara Eze"' in page and 'value="07700 900456"' in page for page in pages)
