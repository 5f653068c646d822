"""Templates, fields and dates: what is typed stays, errors come in the page's order, nothing is drawn unescaped."""

import html
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.shell import dates
from app.shell.drawing import problems
from app.shell.frame import Frame, Hat
from tests.shell import gallery
from tests.shell.gallery import Form


def body(app: Flask, path: str) -> str:
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_everything_typed_stays_in_a_form_with_errors(app: Flask) -> None:
    page = body(app, "/form-wrong")
    assert 'value="&lt;b&gt;O&#39;Kafor"' in page
    assert 'id="telephone" name="telephone" type="tel" spellcheck="false" value="0182"' in page
    assert re.search(r'<option value="known" selected', page)
    assert re.search(r'value="refused" checked', page)
    assert re.search(r'value="address" checked', page)
    assert not re.search(r'value="name" checked', page)
    assert 'name="birth-day" type="text" value="31"' in page


def test_several_lines_stay_as_they_were_typed(app: Flask) -> None:
    typed = re.search(r'<textarea[^>]*id="details"[^>]*>(.*?)</textarea>', body(app, "/form-wrong"), re.S)
    assert typed is not None
    assert html.unescape(typed[1]) == "First line\n  second line"


def test_errors_stand_in_the_summary_in_the_order_of_the_page_and_lead_to_their_fields(app: Flask) -> None:
    page = body(app, "/form-wrong")
    summary = page[page.index("govuk-error-summary__list"):page.index("<h1")]
    assert re.findall(r'href="#([\w-]+)"', summary) == ["family", "birth", "answer"]
    for field in re.findall(r'href="#([\w-]+)"', summary):
        assert f'id="{field}"' in page
    assert "<title>Error: " in page


def test_problems_follow_a_given_order_and_flatten_what_is_nested() -> None:
    form = Form(errors={"b": ["two", "three"], "_schema": ["all of it"], "a": {"postcode": ["one"]}})
    assert problems(form) == [("b", "two"), ("b", "three"), (None, "all of it"), ("a-postcode", "one")]
    assert problems(form, ["a"])[0] == ("a-postcode", "one")
    assert problems(Form(errors={"name": {0: {"family": ["one"]}}, "groups": {1: ["two"]}})) == [
        ("name-0-family", "one"), ("groups", "two")]
    assert problems(None) == []


def test_no_page_carries_inline_script_or_style(app: Flask) -> None:
    for path in ("/", "/resident", "/form-wrong", "/help", "/privacy", "/accessibility-statement", "/message"):
        page = body(app, path)
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page)), path


def test_the_frame_shows_the_hat_in_words_and_as_a_bar(app: Flask) -> None:
    page = body(app, "/")
    assert "Adviser, Eastbury Borough Council" in page
    assert "hat-accent-1" in page
    assert 'aria-current="page"' in page


def test_without_a_frame_the_page_is_anonymous() -> None:
    page = body(gallery.make("anonymous"), "/help")
    assert "Northshire" in page
    assert "Sign out" not in page
    assert "Contact in progress" not in page


def test_a_contact_with_nobody_found_says_so(app: Flask) -> None:
    with app.test_request_context("/"):
        bar = app.jinja_env.from_string(
            '{% import "shell/contact_bar.html" as bars %}{{ bars.contact_bar(contact, frame) }}'
        ).render(contact=gallery.contact(person=False), frame=Frame("x"))
    assert "Nobody found yet" in bar
    assert "Sharing: not asked" in bar


def test_the_frame_prints_without_the_person() -> None:
    assert "Okafor" not in repr(gallery.contact(person=True))
    assert "Marsh" not in repr(gallery.frame("contact"))


def test_a_hat_takes_only_the_four_accents() -> None:
    with pytest.raises(ValueError, match="accent"):
        Hat("Eastbury Borough Council", "Adviser", 5)


@pytest.mark.parametrize(("when", "words"), [
    (datetime(2014, 7, 1, 11, 0, tzinfo=UTC), "midday"),
    (datetime(2014, 6, 30, 23, 0, tzinfo=UTC), "midnight"),
    (datetime(2014, 7, 1, 8, 5, tzinfo=UTC), "9:05am"),
    (datetime(2014, 1, 1, 13, 0, tzinfo=UTC), "1pm"),
])  # fmt: skip
def test_times_are_written_in_london_time(when: datetime, words: str) -> None:
    assert dates.time_words(when) == words


def test_days_are_those_of_london() -> None:
    late = datetime(2014, 8, 31, 23, 30, tzinfo=UTC)
    assert dates.day_words(late) == "1 September 2014"
    assert dates.short_day_words(date(2014, 9, 1)) == "1 Sep 2014"
    assert dates.moment_words(late) == "1 September 2014 at 12:30am"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        dates.time_words(datetime(2014, 9, 1, 10, 0))
