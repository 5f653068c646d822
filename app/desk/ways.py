"""Where words typed into a box lead beside what is looked for: the pages of one resident, and those of the desk, by what people
call them.

Pure. An address is made of a reference as it was given; whether there is such a record is for the page behind it.
"""

from typing import NamedTuple


class Way(NamedTuple):
    """A page, what it is for, and the words by which somebody would ask for it."""

    title: str
    path: str
    words: tuple[str, ...]


OF_A_RESIDENT = (
    Way("Sharing between the councils: ask, or change the answer", "/choices/change?matter=sharing",
        ("consent", "permission", "sharing", "withdraw")),
    Way("All choices and objections", "/choices", ("choices", "consent", "objections")),
    Way("Move to a new address", "/edit?only=address", ("move", "new address", "address")),
    Way("Change the record", "/edit", ("change", "correct")),
    Way("What happened before", "/history", ("history",)))
OF_THE_DESK = (
    Way("Record a new resident", "/people/new", ("new",)),
    Way("Take a request for another council", "/intake/new", ("intake", "other council")),
    Way("Answer a question, with no details recorded", "/answers", ("answered", "answers")))


def fitting(typed: str, resident: str | None) -> list[tuple[str, str]]:
    """The titles and addresses that a beginning of a word leads to."""
    said = " ".join(typed.casefold().split())
    if not said:
        return []
    known, begins = (OF_A_RESIDENT, f"/people/{resident}") if resident else (OF_THE_DESK, "")
    return [(way.title, begins + way.path) for way in known if any(word.startswith(said) for word in way.words)]
