"""Reads a form off a page as a browser would send it: what every field holds when nobody has typed anything."""

from collections.abc import Sequence
from html.parser import HTMLParser

Attributes = Sequence[tuple[str, str | None]]


class FormReader(HTMLParser):
    """The fields of the form that is sent to ``action``."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.fields, self.found = action, list[tuple[str, str]](), False
        self._inside, self._list, self._area = False, "", ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = has.get("action") == self.action
            self.found |= self._inside
        elif self._inside:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str]) -> None:
        unticked = has.get("type") in ("radio", "checkbox") and "checked" not in has
        if tag == "input" and has.get("name") and not unticked:
            self.fields.append((has["name"], has.get("value", "")))
        elif tag == "select":
            self._list = has["name"]
        elif tag == "option" and "selected" in has:
            self.fields.append((self._list, has.get("value", "")))
        elif tag == "textarea":
            self._area = has["name"]
            self.fields.append((self._area, ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            name, before = self.fields[-1]
            self.fields[-1] = name, (before + data).lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""


def fields_of(page: str, action: str) -> list[tuple[str, str]] | None:
    """Names and values; None where the page has no such form."""
    reader = FormReader(action)
    reader.feed(page)
    return reader.fields if reader.found else None
