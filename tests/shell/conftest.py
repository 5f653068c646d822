"""The gallery behind a real server, and a real browser to look at it."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from app.shell.assets import ensure_built
from tests.shell import gallery
from tests.world import Wearer

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    ensure_built(lambda line: None)


@pytest.fixture
def app() -> Flask:
    return gallery.make()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A real browser; where there is none, what needs it is skipped, though not in CI."""
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "CI runs the browser tests and there is no Chromium"
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        with playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser:
            yield browser


@contextmanager
def at_a_desk(application: Flask, wearer: Wearer, **options: Any) -> Iterator[Page]:
    """A page of a real browser in which this person is signed in, before a served application."""
    signing = SecureCookieSessionInterface().get_signing_serializer(application)
    assert signing is not None
    with served(application) as address, chromium() as browser:
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 900}, "base_url": address} | options)
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": application.config["SESSION_COOKIE_NAME"], "url": address,
                              "value": str(signing.dumps({"_user_id": wearer.secret}))}])
        yield context.new_page()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(gallery.make()) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
