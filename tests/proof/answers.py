"""Answers held against each other: what of one may differ from any other, and what in it betrays something hidden."""

import re
from collections.abc import Iterable

from werkzeug.test import TestResponse

from tests.proof.hidden import Thing

# What differs between any two answers: the day and second, the request's number, the token of a form.
NEVER_THE_SAME = {"Date", "X-Request-Id"}
FORM_TOKEN = re.compile(r'(name="csrf_token" value=)"[^"]*"')
SIGNED_COOKIE = re.compile(r"(session=)[^;]*")


def steady(answer: TestResponse, thing: Thing, varies: tuple[str, ...]) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what differs between any two, and with what was asked about called the thing."""
    def plain(words: str) -> str:
        for spelled in thing.spellings:
            words = words.replace(spelled, "THING")
        words = FORM_TOKEN.sub(r"\1", words)
        for pattern in varies:
            words = re.sub(pattern, "NEW", words)
        return words

    headers = sorted((name, plain(SIGNED_COOKIE.sub(r"\1", value) if name == "Set-Cookie" else value))
                     for name, value in answer.headers if name not in NEVER_THE_SAME)
    return answer.status_code, headers, plain(answer.text)


def refusal(answer: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """A refusal without the frame around it, which says where one is and with whom one talks."""
    headers = [(name, value) for name, value in answer.headers if name not in NEVER_THE_SAME | {"Content-Length"}]
    return answer.status_code, sorted(headers), answer.text.partition("<main")[2] or answer.text


def betrayed(answer: TestResponse, betrayals: Iterable[str], thing: Thing | None) -> list[str]:
    """The texts of what is hidden that an answer has in its body or its headers, but for what was typed."""
    words = "\n".join([answer.text, *(f"{name}: {value}" for name, value in answer.headers)])
    for spelled in thing.spellings if thing else ():
        words = words.replace(spelled, "")
    words = words.lower()
    return [text for text in betrayals if text.lower() in words]
