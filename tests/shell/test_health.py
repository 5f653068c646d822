"""What the machinery asks, on the whole application and its database; and what the interface says of itself."""

import dataclasses

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.policy.models import PolicyVersion
from app.policy.routes import REGISTERED
from tests.world import World


def test_ready_is_the_database_its_tables_and_the_policy_of_this_process(application: Flask, client: FlaskClient,
                                                                         world: World) -> None:
    assert client.get("/healthz").json == {"alive": True}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json == {"ready": True, "database": True, "migrations": True, "policy": True}
    live = world.session.scalars(select(PolicyVersion)).one()
    world.add(PolicyVersion(number=2, content=live.content, fingerprint="another", published_at=world.now, live_from=world.now,
                            reason="Spoilt"))
    world.session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["policy"], answer.json["migrations"]) == (503, False, True)
    assert client.get("/healthz").status_code == 200


def test_without_its_database_the_application_lives_and_is_not_ready(application: Flask) -> None:
    settings = application.config["JC_SETTINGS"]
    away = settings.database_url.replace("jc_copy_", "jc_gone_")
    other = create_app(dataclasses.replace(settings, database_url=away)).test_client()
    # Asked from outside any application's context, as a server does.
    assert other.application is not application
    with other.application.app_context():
        assert other.get("/healthz").status_code == 200
        answer = other.get("/readyz")
        assert (answer.status_code, answer.json["ready"]) == (503, False)


def test_figures_name_endpoints_and_never_addresses(client: FlaskClient) -> None:
    client.get("/people/00000000-0000-7000-8000-000000000000")
    client.get("/nowhere-at-all")
    page = client.get("/metrics")
    assert page.mimetype == "text/plain"
    assert 'http_answers_total{endpoint="none",method="GET",status="404"}' in page.text
    assert "nowhere-at-all" not in page.text and "00000000-0000" not in page.text
    assert client.get("/readyz").headers["Cache-Control"] == "no-store"


def test_the_description_holds_every_call_and_only_signing_in_needs_no_token(client: FlaskClient) -> None:
    said = client.get("/api/v1/openapi.json").json
    assert said["openapi"] == "3.1.0" and said["security"] == [{"bearer": []}]
    calls = {(method.upper(), path): call for path, found in said["paths"].items() for method, call in found.items()
             if method != "parameters"}
    described = {call["operationId"] for call in calls.values()}
    assert described == {known.endpoint for known in REGISTERED.values() if known.api}
    assert [call for call, about in calls.items() if about.get("security") == []] == [("POST", "/api/v1/tokens")]
    for call in calls.values():
        assert call["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}
    problem = said["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_a_failure_of_the_interface_is_a_problem_whatever_raised_it(client: FlaskClient) -> None:
    answers = ((client.get("/api/v1/nowhere"), 404), (client.put("/api/v1/me"), 405), (client.get("/api/v1/me"), 401),
               (client.post("/api/v1/tokens", json={}), 422), (client.post("/api/v1/tokens", data="{"), 400))
    for answer, status in answers:
        assert answer.status_code == status and answer.mimetype == "application/problem+json"
        assert set(answer.json) >= {"type", "title", "status", "detail"} and answer.json["status"] == status
