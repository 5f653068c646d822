"""What the frame around a page shows: whose hat, which contact is open, where one can go.

Whoever knows it (sign-in, contacts) puts a `Frame` into `flask.g.frame` **before** routing decides (in a
`before_request`), so that the page of an address that does not exist looks like the page of a hidden thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, g

ACCENTS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Hat:
    """The organisation and role acted for. ``accent`` picks one of four bar colours, always beside the words."""

    organisation_name: str
    role_words: str
    accent: int

    def __post_init__(self) -> None:
        if self.accent not in ACCENTS:
            raise ValueError(f"accent must be one of {ACCENTS}, not {self.accent}")


@dataclass(frozen=True)
class ContactBar:
    """The contact that is open: evidence, on every page, of why access is given."""

    ref: str
    channel_words: str
    line_words: str
    started: datetime
    resident_ref: str | None
    person_words: str | None = field(repr=False)
    verified_words: str
    sharing_words: str
    outcomes: Sequence[tuple[str, str]]
    end_href: str
    outcome: str | None = None
    resident_href: str | None = None


@dataclass(frozen=True)
class Frame:
    """Everything around `main`. ``navigation`` holds (words, address, whether it is the present one)."""

    partnership_name: str
    hat: Hat | None = None
    person_name: str | None = field(default=None, repr=False)
    navigation: Sequence[tuple[str, str, bool]] = ()
    contact: ContactBar | None = None
    home_href: str = "/"
    account_href: str | None = None
    change_hat_href: str | None = None
    sign_out_href: str | None = None
    compact: bool = False
    box_key: str = "F2"
    end_key: str = "F8"


def current_frame() -> Frame:
    """The frame of this request; an anonymous one where nobody has signed in."""
    frame: Frame | None = g.get("frame")
    return frame or Frame(partnership_name=current_app.config.get("PARTNERSHIP_NAME", ""))
