"""Two databases behind one application that are asked the same in step: with the same chance and the same process's clock, so
that keys, references and tokens come out alike, and what the two answer is compared byte for byte.

Kept apart are the databases' own instants, and the hashes made of them, which are told by the order in which they first
appear: the second database begins each transaction a few milliseconds after the first.
"""

import base64
import binascii
import os
import random
import re
import secrets
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, make_url

from app.drafts import impacts
from app.imports import showing
from app.kernel.addresses import Addresses
from app.kernel.config import Settings
from app.kernel.database import engine_options, prepare
from app.policy import reached
from app.policy.routes import open_gate
from tests import clusters
from tests.serving import connects_to

ISO = rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|\+\d\d:\d\d)"
# The place in the journal, an instant and a key: every year of this millennium's first century begins so.
PLACE = rb"MjAy[\w-]{20,}={0,2}|MjAy[\w-]{20,}(?:%3D){0,2}"
AS_SAID = rb"(?<= at )(?:\d{1,2}(?::\d\d)?[ap]m|midday|midnight)"
# The version of a record, a hash over what it says and so over when it was said.
VERSION = rb"(?<![\w-])[0-9a-f]{32}(?![\w-])"
TIMES = re.compile(b"(?P<iso>%s)|(?P<place>%s)|(?P<said>%s)|%s" % (ISO, PLACE, AS_SAID, VERSION))
# What only measures the machine: figures of a process, which the two sides share.
FIGURES = re.compile(rb'(?m)^.*endpoint="shell.metrics".*\n|(?<= )[-+0-9.e]+$')
ROUND = 100
# What hangs on the machine's own clock, or on how long another header came out.
MEASURING = frozenset({"Content-Length", "Date", "Expires", "Retry-After"})


class Drawn:
    """Random bytes that depend on the seed, on who draws and on how often they have: what one of two sides draws once for
    the whole process takes nothing away from what both draw."""

    # Those through which others draw.
    BETWEEN = frozenset({random.__file__, secrets.__file__, uuid.__file__, __file__})

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.counts: Counter[str] = Counter()

    def __call__(self, size: int) -> bytes:
        frame = sys._getframe(1)
        while frame.f_code.co_filename in self.BETWEEN and frame.f_back is not None:
            frame = frame.f_back
        drawer = f"{frame.f_code.co_filename} {frame.f_code.co_name}"
        self.counts[drawer] += 1
        return random.Random(f"{self.seed} {drawer} {self.counts[drawer]}").randbytes(size)


@contextmanager
def chance(seed: str, at: int) -> Iterator[None]:
    """Whatever is drawn at random inside comes from the seed, and the process's clock stands at ``at`` nanoseconds. The databases'
    go on: what one side calls silent a moment before the other is so only after a day here."""
    source, day = Drawn(seed), timedelta(days=1)
    with (patch.object(showing, "SILENT", day), patch.object(reached, "SILENT_AFTER", day),
          patch.object(impacts, "SILENT_AFTER", day), patch.object(os, "urandom", source), patch.object(random, "_urandom", source),
          patch.object(time, "time_ns", lambda: at), patch.object(time, "time", lambda: at / 1e9)):
        yield


@dataclass(frozen=True)
class Call:
    """What somebody asks: as it is sent to each side. The two differ only where an answer before did, in an instant."""

    who: str
    method: str
    paths: tuple[str, str]
    forms: tuple[dict[str, Any], dict[str, Any]] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    headers: tuple[dict[str, str], dict[str, str]] = field(default=({}, {}), repr=False)

    def sent(self, side: int) -> dict[str, Any]:
        body = {"json": self.json} if self.json is not None else {}
        if self.forms is not None:
            body["data"] = {name: _afresh(value) for name, value in self.forms[side].items()}
        return body


def _afresh(value: Any) -> Any:
    """A file that is sent twice is read twice from its beginning: whoever sends one leaves it closed."""
    if isinstance(value, tuple) and isinstance(value[0], BytesIO):
        return BytesIO(value[0].getvalue()), *value[1:]
    return value


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


_engines: dict[int, Engine] = {}
_databases: dict[int, str] = {}


def _engine(settings: Settings, number: int) -> Engine:
    """The engine of a side, one for all scripts: what it has compiled is the same for every copy of the place. A machine
    that is busy with other things must not make one of two answers a failure."""
    _databases[number] = make_url(settings.database_url).database or ""
    if number not in _engines:
        _engines[number] = made = create_engine(
            settings.database_url, **engine_options(replace(settings, statement_timeout_ms=300_000)))
        prepare(made)
        connects_to(made, lambda: _databases[number])
    return _engines[number]


class Side:
    """One of two databases behind one application, and the browsers of all who ask it. What the application keeps in a
    process is words alone (rights, statements, pages), so both sides may use what was made for one."""

    def __init__(self, application: Flask, at: Addresses, number: int) -> None:
        self.application, gate = application, application.extensions["jc_gate"]
        self.engine = _engine(clusters.settings(at), number)
        self.gate = replace(gate, desk=replace(gate.desk, engine=self.engine))
        self._clients: dict[str, FlaskClient] = {}
        self._instants: dict[bytes, int] = {}

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def here(self) -> Iterator[None]:
        """The application answers from this side's database."""
        before = self.application.extensions["jc_gate"]
        open_gate(self.application, self.gate)
        try:
            yield
        finally:
            open_gate(self.application, before)

    def client(self, who: str, secret: str | None = None) -> FlaskClient:
        """The browser of somebody; signed in with the secret, if it is new."""
        if who not in self._clients:
            self._clients[who] = client = self.application.test_client()
            if secret is not None:
                with client.session_transaction() as session:
                    session["_user_id"] = secret
        return self._clients[who]

    def open(self, call: Call, side: int) -> Answer:
        with self.here():
            response = self._clients[call.who].open(call.paths[side], method=call.method, headers=call.headers[side],
                                                    **call.sent(side))
        with closing(response):
            return Answer(response.status_code, list(response.headers), response.get_data())

    def steady(self, words: bytes) -> bytes:
        """The same words with every instant named by the order in which this side first told it."""
        return TIMES.sub(self._label, words)

    def _label(self, found: re.Match[bytes]) -> bytes:
        if found["said"]:
            return b"SAID"
        if found["place"]:
            return self._place(found[0])
        return b"INSTANT-%d" % self._instants.setdefault(found[0], len(self._instants))

    def _place(self, told: bytes) -> bytes:
        try:
            at, _, key = base64.urlsafe_b64decode(told.replace(b"%3D", b"=")).partition(b"~")
        except binascii.Error:
            return told
        return b"PLACE-%d-%s" % (self._instants.setdefault(at, len(self._instants)), key)


class Differs(AssertionError):
    """The two sides do not answer alike: what was asked, and where the answers part."""


class Pair:
    """Two sides asked in step."""

    def __init__(self, one: Side, two: Side, seed: str) -> None:
        self.sides, self.seed = (one, two), seed
        self.asked: list[Call] = []

    def introduce(self, who: str, secret: str | None) -> None:
        """Somebody new; without a secret nobody signed in."""
        at = time.time_ns()
        for side in self.sides:
            with chance(f"{self.seed} {who}", at):
                side.client(who, secret)

    def ask(self, call: Call) -> tuple[Answer, Answer]:
        """Both answers. Raises Differs where anything but the names of instants is not the same."""
        self.asked.append(call)
        at = time.time_ns()
        answers = []
        for number, side in enumerate(self.sides):
            with chance(f"{self.seed} {len(self.asked)}", at):
                answers.append(side.open(call, number))
        one, two = answers
        self._compare(call, one, two)
        return one, two

    def _compare(self, call: Call, one: Answer, two: Answer) -> None:
        told = [_parts(side, call, answer) for side, answer in zip(self.sides, (one, two), strict=True)]
        for part, first, second in zip(("status", "headers", "body"), *told, strict=True):
            if first != second:
                raise Differs(f"step {len(self.asked)} of the script {self.seed!r}: {call.who} {call.method} "
                              f"{call.paths[0]} {call.sent(0)}\n{part}: {where(first, second)}")


def _parts(side: Side, call: Call, answer: Answer) -> tuple[bytes, bytes, bytes]:
    length = answer.header("Content-Length")
    assert call.method == "HEAD" or not length or int(length) == len(answer.body), "a length that is not the body's"
    headers = [(name, "any" if name in MEASURING else value) for name, value in answer.headers]
    body = FIGURES.sub(b"", answer.body) if call.paths[0] == "/metrics" else answer.body
    return str(answer.status).encode(), side.steady(repr(headers).encode()), side.steady(body)


def where(one: bytes, two: bytes) -> str:
    """Where two answers part, with what stands around it in each."""
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    line = one[:at].count(b"\n") + 1
    around = [told[max(0, at - ROUND):at + ROUND].decode(errors="replace") for told in (one, two)]
    return (f"{len(one)} and {len(two)} bytes, from byte {at} (line {line}) on\n  without the resident: "
            f"…{around[0]}…\n  with the resident:    …{around[1]}…")
