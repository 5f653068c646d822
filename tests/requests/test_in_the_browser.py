"""The pages of those who carry requests out, in a real browser: accessible, and whole on the narrowest telephone."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.accessible import violations
from tests.shell.conftest import at_a_desk
from tests.world import BINS, BOROUGH, World

pytestmark = pytest.mark.browser


def test_the_pages_are_accessible_and_nothing_scrolls_sideways(application: Flask, world: World) -> None:
    today = world.now.date()
    job = world.request(BOROUGH, partner=BINS, unit="waste", promised_by=today - timedelta(days=2))
    over = world.request(BOROUGH, status="completed")
    world.assignment(over, BINS, ended_at=world.now, ended_as="completed", dispose_by=today - timedelta(days=1))
    crew, officer = world.wearer(BINS, "contractor"), world.wearer(BOROUGH, "service_officer")
    pages = {crew: ("/jobs", f"/jobs/{job.ref}", f"/jobs/{job.ref}/refuse", f"/jobs/{over.ref}", "/disposals"),
             officer: ("/queue", f"/requests/{job.ref}/steps", f"/requests/{job.ref}/steps/assign", "/queue/intake",
                       "/queue/disposals")}
    problems = []
    for who, paths in pages.items():
        with at_a_desk(application, who, viewport={"width": 320, "height": 700}) as page:
            for path in paths:
                answer = page.goto(path)
                assert answer is not None and answer.status == 200, path
                if page.evaluate("document.documentElement.scrollWidth") > 320:
                    problems.append(f"{path} scrolls sideways")
                problems += [f"{path}: {found}" for found in violations(page)]
    assert problems == []
