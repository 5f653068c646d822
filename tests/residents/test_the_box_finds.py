"""Everything a caller may be heard to say, and whatever fingers make of it, brings the person it was about first."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.residents.test_api import Program, recorded
from tests.world import BOROUGH, World

PEOPLE: dict[str, dict[str, Any]] = {
    "stephen": {"name": [{"given": "Stephen", "family": "Thompson"}], "birth": "1961-05-03",
                "channels": {"telephones": ["01823 960101"]}, "address": [{"lines": ["4 Canal Road"], "postcode": "TA1 1AA"}]},
    "robert": {"name": [{"given": "Robert", "family": "McAllister"}], "birth": "1984-11-12",
               "channels": {"telephones": ["07700 900201"]}, "address": [{"lines": ["31 Priory Avenue"], "postcode": "TA1 1HE"}]},
    "siobhan": {"name": [{"given": "Siobhán", "family": "O'Brien"}, {"given": "Siobhán", "family": "Murphy", "kind": "birth"}],
                "birth": "1990-02-28", "channels": {"telephones": ["07700 900301", "01823 960303"],
                                                    "emails": ["siobhan.ob@example.com"]},
                "address": [{"lines": ["7 Orchard Close"], "postcode": "TA1 1AA", "from": "2010-01-01", "until": "2020-06-01"},
                            {"lines": ["Flat 2, 18 Mill Lane"], "postcode": "TA1 4DY", "from": "2020-06-01"}]},
    "anna": {"name": [{"given": "Anna-Maria", "family": "Webber-Nowak"}], "birth": "1975-08-09",
             "channels": {"telephones": ["07700 900401"]}, "address": [{"lines": ["2 Willow Walk"], "postcode": "TA1 1HE"}]},
    "zofia": {"name": [{"given": "Zofia", "family": "Łukasiewicz"}], "birth": "2001-01-31",
              "channels": {"telephones": ["07700 900501"]}, "address": [{"lines": ["90 Church Street"], "postcode": "TA1 4DY"}]},
    "yan": {"name": [{"given": "Wei", "family": "Li"}], "birth": "1999-12-01",
            "channels": {"telephones": ["07700 900601"]}, "address": [{"lines": ["5 Tone Terrace"], "postcode": "TA1 1AA"}]},
}
TYPED = [
    # Telephones in any form, old ones too; an e-mail; the numbers of a house.
    ("01823960101", "stephen"), ("+44 1823 960 101", "stephen"), ("0044 7700 900201", "robert"), ("(01823) 960303", "siobhan"),
    ("SIOBHAN.OB@EXAMPLE.COM", "siobhan"), ("18 ta1 4dy", "siobhan"), ("90 church street ta14dy", "zofia"),
    # Dates of birth in any usual form, and with the day and the month changed about.
    ("thompson 3/5/1961", "stephen"), ("thompson 3.5.61", "stephen"), ("3rd may 1961 thompson", "stephen"),
    ("1961-05-03 thompson", "stephen"), ("thompson 5/3/1961", "stephen"),
    # Names as they are heard, shortened, joined, parted, without their accents, changed about, and with a slip.
    ("steven thompson", "stephen"), ("steve tompson", "stephen"), ("thomson ta1 1aa", "stephen"), ("thmopson ta1 1aa", "stephen"),
    ("bob mcallister", "robert"), ("macallister ta1 1he", "robert"), ("mc allister robert", "robert"),
    ("robbie macalister", "robert"),
    ("siobhan obrien", "siobhan"), ("o brien ta1 4dy", "siobhan"), ("o’brien siobhán", "siobhan"), ("brien siobhan", "siobhan"),
    ("anna maria webber nowak", "anna"), ("nowak ta1 1he", "anna"), ("anna webber", "anna"), ("webber-nowak ta1", "anna"),
    ("zofia lukasiewicz", "zofia"), ("lukasiewitz ta1 4dy", "zofia"), ("LUKASIEWICZ ZOFIA", "zofia"),
    ("li wei", "yan"), ("wei li", "yan"), ("li ta1 1aa", "yan"),
    # The name of birth, an address of before, and half a postcode or one misheard.
    ("siobhan murphy", "siobhan"), ("o'brien ta1 1aa", "siobhan"), ("thompson ta1", "stephen"), ("thompson ta1 1ab", "stephen"),
    ("ta1 thomson", "stephen"), ("taI 1aa tompson", "stephen"),
    # A slip in each of two details: neither by itself brings anybody to show.
    ("13/11/1984 ta1 1hd", "robert"), ("11/12/1984 ta1 1eh", "robert"), ("mcallisper ta1 1hd", "robert"),
    ("thompsom ta1 1ab", "stephen"), ("ta1 4dx lukasiewicp", "zofia"),
]


@pytest.fixture
def adviser(client: FlaskClient, world: World) -> Program:
    return Program(client, world, world.wearer(BOROUGH, "adviser", kind="token"))


def test_whatever_is_said_brings_the_right_person_first(adviser: Program) -> None:
    refs = {who: recorded(adviser, needs=[], **said).json["ref"] for who, said in PEOPLE.items()}
    missed = [f"{typed} should bring {who}" for typed, who in TYPED if adviser.find(q=typed)[:1] != [refs[who]]]
    assert missed == []


@pytest.mark.parametrize("typed", [
    "x" * 10_000, "% _ *", "' OR 1=1 --", "مرحبا بالعالم ta1 1he", "👩‍👩‍👧 ta1 1he", "\u202eabc ta1 1he", "ß" * 300])
def test_nothing_that_can_be_typed_is_an_error_of_ours(adviser: Program, typed: str) -> None:
    answer = adviser("POST", "/residents/search", {"q": typed})
    assert answer.status_code in (200, 422)
    assert answer.json["items"] == [] if answer.status_code == 200 else answer.json["errors"]
