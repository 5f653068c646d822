"""What can be done from a page: its links and its forms, read from the markup as a browser would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Field:
    """One thing to fill in; ``options`` of a choice, and what stands in it already."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page. ``buttons`` are the (name, value) with which it can be sent."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """Everything on it that leads on."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(markup: str, here: str) -> Page:
    """The page of that address."""
    reader = _Reader(here)
    reader.feed(markup)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.page, self.form = here, Page(), None
        self.choice: Field | None = None
        self.writing: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in ("a", "link", "script"):
            link = said.get("href") or said.get("src") or ""
            if link.startswith("/"):
                self.page.links.append(link)
        elif tag == "form":
            self.form = Form(said.get("action") or self.here, said.get("method", "get").upper())
            self.page.forms.append(self.form)
        elif self.form is not None:
            self._filled(tag, said)

    def _filled(self, tag: str, said: dict[str, str]) -> None:
        assert self.form is not None
        name, kind, value = said.get("name", ""), said.get("type", tag), said.get("value", "")
        if tag == "option" and self.choice is not None:
            self.choice.options.append(value)
        elif not name or tag not in ("input", "select", "textarea", "button"):
            return
        elif tag == "button" or kind == "submit":
            self.form.buttons.append((name, value))
        elif kind in ("radio", "checkbox"):
            self._choosable(name, kind).options.append(value)
        else:
            self.form.fields.append(Field(name, kind, value))
            self.choice = self.form.fields[-1] if tag == "select" else self.choice
            self.writing = self.form.fields[-1] if tag == "textarea" else None

    def _choosable(self, name: str, kind: str) -> Field:
        assert self.form is not None
        for known in self.form.fields:
            if known.name == name:
                return known
        self.form.fields.append(Field(name, kind))
        return self.form.fields[-1]

    def handle_data(self, data: str) -> None:
        if self.writing is not None:
            self.writing.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.choice = None
        elif tag == "textarea":
            self.writing = None
