"""What a row says that a resident chose: it counts with its evidence alone. A *given* without is *not asked*, and told so; a
refusal is never lost, so that a row whose refusal cannot be taken over is handed back.

Pure.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.imports import dates, tidying
from app.organisations.words import CHOICE_MATTERS
from app.residents.schemas import CHANNELS

GIVEN, REFUSED = "given", "refused"
SAID = {**dict.fromkeys(("given", "yes", "y", "true", "1", "agreed", "opted in", "opt in", "consented"), GIVEN),
        **dict.fromkeys(("refused", "no", "n", "false", "0", "declined", "opted out", "opt out", "withdrawn"), REFUSED),
        **dict.fromkeys(("", "not asked", "not-asked", "unknown", "n/a", "null", "none", "-"), None)}
CALLED = {"phone": "telephone", "tel": "telephone", "call": "telephone", "in person": "counter", "face to face": "counter",
          "desk": "counter", "online": "web", "website": "web", "form": "letter", "post": "letter", "paper": "letter",
          "e-mail": "email"}
LONGEST_EVIDENCE = 200
Telling = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One answer as it was given then, and where the evidence of it is."""

    matter: str
    answer: str
    on: date
    channel: str
    wording: str
    evidence: str = field(repr=False)


def chosen(text: Callable[[str], str], today: date, month_first: bool, wordings: Mapping[str, Collection[str]],
           tell: Telling, refuse: Telling) -> tuple[Chosen, ...]:
    """The answers of one row. ``tell`` takes what could not be taken over, ``refuse`` what hands the row back."""
    found = []
    for matter in CHOICE_MATTERS:
        name = f"choice:{matter}:"
        typed = text(name + "answer").casefold()
        if typed not in SAID:
            refuse(name + "answer", f"“{typed[:40]}” is no answer: write given, refused or not asked")
        elif (answer := SAID[typed]) is not None:
            made, lacks = _with_evidence(text, matter, answer, today, month_first, wordings)
            if made is not None:
                found.append(made)
            elif answer == GIVEN:
                tell(name + "answer", f"The choice on {matter} is not asked, since its evidence is not whole: {lacks}")
            else:
                refuse(name + "answer", f"A refusal is not to be lost, and this one cannot be taken over: {lacks}")
    return tuple(found)


def _with_evidence(text: Callable[[str], str], matter: str, answer: str, today: date, month_first: bool,
                   wordings: Mapping[str, Collection[str]]) -> tuple[Chosen | None, str]:
    day = dates.read(text(f"choice:{matter}:date"), today, month_first=month_first)
    channel = text(f"choice:{matter}:channel").casefold()
    wording, evidence = text(f"choice:{matter}:wording"), text(f"choice:{matter}:evidence")[:LONGEST_EVIDENCE]
    channel = CALLED.get(channel, channel)
    lacks = []
    if day is None or day > today:
        lacks.append("the day on which it was said")
    if channel not in CHANNELS:
        lacks.append(f"how it was asked (one of {', '.join(CHANNELS)})")
    if answer == GIVEN and wording not in wordings.get(matter, ()):
        lacks.append("the version of the words that were read out, as it is known here"
                     + (f" ({', '.join(sorted(wordings[matter]))})" if wordings.get(matter) else ""))
    if answer == GIVEN and (not evidence or tidying.says_nothing(evidence)):
        lacks.append("where the evidence is, such as the number of a form")
    if lacks or day is None:
        return None, "it lacks " + ", and ".join(lacks)
    return Chosen(matter, answer, day, channel, wording or "not-known", evidence), ""
