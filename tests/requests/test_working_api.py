"""The steps of a request for programs: what they answer, what they refuse, and that what is sent twice acts once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.requests.models import RequestStep
from tests.world import BINS, BOROUGH, COUNTY, Wearer, World

Run = Callable[[Wearer], Any]
STANDING = {"ref", "status", "responsible", "provider", "promised_by", "outcome"}


def test_a_job_is_done_by_program_and_each_second_call_names_the_state(world: World, program: Run) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew, officer = program(world.wearer(BINS, "contractor", kind="token")), program(
        world.wearer(BOROUGH, "service_officer", kind="token"))
    for who, verb, body, state in ((crew, "accept", None, "accepted"), (crew, "start", {}, "started"),
                                   (crew, "complete", None, "completed"), (officer, "close", {}, "closed")):
        first = who("POST", f"/requests/{request.ref}/{verb}", body)
        assert first.status_code == 200 and set(first.json) == STANDING and first.json["status"] == state, first.json
        again = who("POST", f"/requests/{request.ref}/{verb}", body)
        assert again.status_code == 409 and again.content_type == "application/problem+json"
        assert again.json["state"] == state and state in again.json["detail"], again.json
    assert first.json["outcome"] == "done"


def test_an_idempotency_key_acts_once_and_belongs_to_what_was_sent(world: World, program: Run) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew = program(world.wearer(BINS, "contractor", kind="token"))
    path = f"/requests/{request.ref}"
    first, again = (crew("POST", f"{path}/accept", {}, Idempotency_Key="k1") for _ in range(2))
    assert first.status_code == again.status_code == 200 and first.json == again.json
    crew("POST", f"{path}/update", {"note": "Soon"}, Idempotency_Key="k2")
    other = crew("POST", f"{path}/update", {"note": "Later"}, Idempotency_Key="k2")
    assert other.status_code == 409 and other.json["type"].endswith("key-reused")
    refused = [crew("POST", f"{path}/refuse", {"reason": "Not ours"}, Idempotency_Key="k3") for _ in range(2)]
    assert [answer.status_code for answer in refused] == [200, 200], "read again under the rights that are left"
    assert refused[1].json["status"] == "queued"
    count = select(func.count()).select_from(RequestStep).where(RequestStep.request_id == request.id)
    assert world.session.scalar(count) == 3


@pytest.mark.parametrize(("verb", "body", "field", "words"), [
    ("refuse", {}, "reason", "Say why"), ("refuse", {"reason": " "}, "reason", "Say why"),
    ("refuse", {"reason": "x" * 1001}, "reason", "at most 1000"), ("refuse", {"reason": 5}, "reason", "string"),
    ("refuse", {"reason": "a", "extra": 1}, "extra", "Unknown"), ("update", {}, "note", "how far"),
    ("complete", {"outcome": "wonderful"}, "outcome", "choose one of done"),
    ("complete", {"note": "x" * 1001}, "note", "at most 1000"),
])
def test_a_field_that_cannot_be_taken_is_named(world: World, program: Run, verb: str, body: Any, field: str,
                                               words: str) -> None:
    request = world.request(BOROUGH, partner=BINS)
    crew = program(world.wearer(BINS, "contractor", kind="token"))
    wrong = crew("POST", f"/requests/{request.ref}/{verb}", body)
    assert wrong.status_code == 422 and words in str(wrong.json["errors"][field]), wrong.json


def test_a_council_names_whom_it_gives_and_passes_to(world: World, program: Run) -> None:
    request = world.request(BOROUGH)
    officer = program(world.wearer(BOROUGH, "service_officer", kind="token"))
    path = f"/requests/{request.ref}"
    assert "to" in officer("POST", f"{path}/assign", {}).json["errors"]
    assert BINS in officer("POST", f"{path}/assign", {"to": "nobody"}).json["errors"]["to"][0]
    assert set(officer("POST", f"{path}/pass", {}).json["errors"]) == {"to", "reason"}
    assert COUNTY in officer("POST", f"{path}/pass", {"to": "nobody", "reason": "a"}).json["errors"]["to"][0]
    assert officer("POST", f"{path}/assign", {"to": BINS}).json["provider"] == BINS
    assert officer("POST", f"{path}/take-back", {"reason": "Ours"}).json["status"] == "queued"
    assert officer("POST", f"{path}/note", {"note": "Rang"}).json["status"] == "queued"
    passed = officer("POST", f"{path}/pass", {"to": COUNTY, "reason": "Theirs"})
    assert passed.json["status"] == "passed" and passed.json["responsible"] == COUNTY
    assert officer("POST", f"{path}/close", {}).status_code == 404


def test_hidden_and_absent_are_the_same_bytes_for_every_step(world: World, program: Run) -> None:
    request = world.request(COUNTY, lgsl=550)
    crew, officer = (program(world.wearer(*hat, kind="token")) for hat in (
        (BINS, "contractor"), (BOROUGH, "service_officer")))
    bodies = {"refuse": {"reason": "a"}, "update": {"note": "a"}, "assign": {"to": BINS}, "cancel": {"reason": "a"},
              "take-back": {"reason": "a"}, "note": {"note": "a"}, "pass": {"to": COUNTY, "reason": "a"},
              "link": {"resident": request.ref}}
    for who, verbs in ((crew, ("accept", "refuse", "start", "update", "complete")),
                       (officer, ("assign", "take-back", "note", "pass", "cancel", "close", "link"))):
        for verb in verbs:
            hidden, absent = (who("POST", f"/requests/{ref}/{verb}", bodies.get(verb, {}))
                              for ref in (request.ref, "ZZZ-ZZZ-ZZ8"))
            assert hidden.status_code == absent.status_code == 404, (verb, hidden.json)
            assert hidden.data == absent.data


def test_a_hat_that_may_never_do_a_step_is_told_so(world: World, program: Run) -> None:
    request = world.request(BOROUGH, partner=BINS)
    for hat, verb, body in (((BINS, "contractor"), "close", {}), ((BOROUGH, "service_officer"), "accept", {}),
                            ((BOROUGH, "administrator"), "cancel", {"reason": "a"})):
        answer = program(world.wearer(*hat, kind="token"))("POST", f"/requests/{request.ref}/{verb}", body)
        assert answer.status_code == 403, (hat, verb)
