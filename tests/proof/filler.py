"""What it takes to call one route: which thing it is about, in what state that must be, what is sent with it, and what
a success leaves behind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Callable[[str], dict[str, Any]]
# What differs between any two answers because something new was made: it is what the answer is there to tell.
NEW_REFERENCE = r"\b[0-9A-HJ-NP-TV-Z]{3}(-[0-9A-HJ-NP-TV-Z]{3}){2}\b"
NEW_SECRET = r"(?<![\w-])[\w-]{43}(?![\w-])"
NEW_INSTANT = r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)"

# Whoever goes through every page asks for more people than calls explain.
A_REASON = {"reason": "many-callers"}


def sending(**values: Any) -> Body:
    """The same whatever it is about."""
    return lambda _typed: values


@dataclass(frozen=True)
class Filler:
    """``about`` says what the reference in the address, the body or a header names; ``None`` names nothing of anybody.

    Whatever else a route names is one's own: a value ``own intake`` in ``path`` or the body is an intake of one's own.
    ``event`` is what a success writes into the journal, ``leads`` where it sends a browser, ``shows`` whether a page
    that is read has the reference on it. ``reads`` is a page whose form is sent as it stands, but for the body;
    ``asks`` keeps what is about as the question that this sign-in asked last. ``comes`` says as whom.
    ``stays`` is false for a page that tells of one's own asking, of all staff, or of the hour.
    """

    about: str | None = None
    state: str = ""
    body: Body = sending()
    path: Mapping[str, str] = field(default_factory=dict)
    query: Body = sending()
    headers: Body = sending()
    event: str = ""
    leads: str = ""
    shows: bool = True
    reads: str = ""
    asks: bool = False
    in_contact: bool = True
    comes: str = "signed in"
    varies: tuple[str, ...] = ()
    stays: bool = True

    def leads_to(self, where: str) -> bool:
        """Whether a browser that is sent there was sent where a success sends it."""
        return bool(self.leads) and re.search(self.leads, where) is not None
