"""Decides where a request goes: which council answers for a service at a place, who carries it out, what they will see.

Pure: ``facts`` gathers what is known, ``taking`` acts on the decision. There is always an outcome, and always a reason.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.kernel.days import day_words
from app.places.answers import ASK, UNKNOWN, Answer
from app.places.succession import Council
from app.services.deciding import Delivered, Local, Question, ServiceAt

# Where a request waits that cannot be routed: with the council that took it.
DUTY = "duty"
# The key of the question that a postcode on a boundary raises, and the answer of a caller who cannot say.
DISTRICT, CANNOT_SAY = "district", "unknown"
# Which councils provide a service of a tier; a unitary council is both.
PROVIDING = {"county/unitary": ("county", "unitary"), "district/unitary": ("borough", "unitary"),
             "county": ("county", "unitary"), "borough": ("borough", "unitary"), "unitary": ("unitary",)}
WHOSE = {"county/unitary": "for the county council", "district/unitary": "for the district or borough council",
         "county": "for the county council", "borough": "for the district or borough council",
         "unitary": "for the unitary council"}


@dataclass(frozen=True, slots=True)
class Member:
    """A council of the partnership, and how it is reached."""

    slug: str
    name: str
    homepage: str | None = None
    telephone: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement in force under which a partner may be given this service by these councils, and these groups."""

    agreement_id: uuid.UUID
    title: str
    partner: str
    partner_name: str
    councils: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoutingQuestion:
    """Everything a decision depends on. Of the resident only what limits passing on."""

    service: ServiceAt
    place: Answer
    on: date
    members: Mapping[str, Member]
    terms: tuple[Terms, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    objected: frozenset[str] = frozenset()
    passing_refused: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question, with the words read out."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be asked before it can be said where this goes."""

    key: str
    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Signpost:
    """Who answers outside the partnership, or beside it: told to the caller, sent to nobody."""

    name: str | None
    homepage: str | None
    telephone: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``outcome`` is ``route``, ``ask``, ``signpost`` or ``queue``. ``will_see`` is for whoever carries it out."""

    outcome: str
    because: tuple[str, ...]
    responsible: str | None = None
    unit: str | None = None
    provider: str | None = None
    agreement_id: uuid.UUID | None = None
    queue: str | None = None
    question: Asked | None = None
    signpost: Signpost | None = None
    will_see: tuple[str, ...] = ()
    target: tuple[int, str] | None = None


def decide(asked: RoutingQuestion) -> Decision:
    """Where it goes: exceptions of the place first, then what was answered, then the tier of the service."""
    place = asked.place
    if place.outcome == UNKNOWN:
        return _queue(f"No council is known for {place.postcode}: someone finds out where it lies and rings back.")
    known = (*place.councils, *place.candidates)
    if not any(council.member for council in known):
        return _by_tier(asked, asked.service.tier, ())
    for exception in asked.service.exceptions:
        if exception.council in _certain(asked):
            return _to(asked, exception.council, (exception.reason,))
    because: tuple[str, ...] = ()
    for question in asked.service.questions:
        answer = question.answered(asked.answers.get(question.key, ""))
        if answer is None:
            return _ask(question)
        because = (*because, answer.because)
        if answer.decides == "tier" and answer.tier:
            return _by_tier(asked, answer.tier, because)
        if answer.decides == "council" and answer.council:
            return _to_answered(asked, answer.council, because)
        if answer.decides == "signpost":
            return Decision("signpost", because, signpost=Signpost(None, None, None, answer.because))
        if answer.decides == "queue":
            return _queue(*because)
    return _by_tier(asked, asked.service.tier, because)


def _ask(question: Question) -> Decision:
    options = tuple(Option(answer.key, answer.words) for answer in question.answers)
    return Decision("ask", (f"It depends on the answer to: {question.words}",),
                    question=Asked(question.key, question.words, options))


def _by_tier(asked: RoutingQuestion, tier: str, because: tuple[str, ...]) -> Decision:
    if tier == "all":
        return _by_place(asked, because)
    place = asked.place
    found = next((council for council in place.councils if council.tier in PROVIDING[tier]), None)
    if found is None:
        return _unsettled(asked, because)
    why = f"“{asked.service.name}” is {WHOSE[tier]}, and {place.postcode} lies in the area of {found.name}."
    return _to_council(asked, found, (*because, why))


def _by_place(asked: RoutingQuestion, because: tuple[str, ...]) -> Decision:
    """Every council provides it: of those here, the nearest that takes it now."""
    nearest = sorted(asked.place.councils, key=lambda council: (council.tier == "county", council.name))
    if not nearest:
        return _unsettled(asked, because)
    if asked.place.outcome == ASK and asked.answers.get(DISTRICT) != CANNOT_SAY:
        return _unsettled(asked, because)
    live = [c for c in nearest if c.member and asked.service.provision(c.member, asked.on)]
    members = [c for c in nearest if c.member]
    found = (live or members or nearest)[0]
    why = f"Every council provides “{asked.service.name}”, and {asked.place.postcode} lies in the area of {found.name}."
    return _to_council(asked, found, (*because, why))


def _to_council(asked: RoutingQuestion, council: Council, because: tuple[str, ...]) -> Decision:
    if council.member is not None and council.member in asked.members:
        return _to(asked, council.member, because)
    because = (*because, f"{council.name} is outside this partnership.")
    return Decision("signpost", because, signpost=Signpost(
        council.name, council.homepage, None, f"{council.name} answers for this."))


def _unsettled(asked: RoutingQuestion, because: tuple[str, ...]) -> Decision:
    """The postcode alone does not say: ask in which area the address lies, or let somebody find out."""
    place = asked.place
    if not place.candidates:
        return _queue(*because, f"No council of the kind that provides this is known for {place.postcode}.")
    if asked.answers.get(DISTRICT) == CANNOT_SAY:
        return _queue(*because, f"{place.postcode} lies on a boundary, and the caller cannot say on which side.")
    lower = [council for council in place.candidates if council.tier != "county"] or list(place.candidates)
    options = (*(Option(council.gss, council.name) for council in lower), Option(CANNOT_SAY, "The caller cannot say"))
    return Decision("ask", (*because, f"{place.postcode} lies on a boundary between councils: the address decides."),
                    question=Asked(DISTRICT, "What is the address, and in which council's area does it lie?", options))


def _to_answered(asked: RoutingQuestion, council: str, because: tuple[str, ...]) -> Decision:
    if council in _certain(asked):
        return _to(asked, council, because)
    if asked.place.outcome == ASK and any(c.member == council for c in asked.place.candidates):
        return _unsettled(asked, because)
    name = asked.members[council].name if council in asked.members else "The council that answers for this"
    return _queue(*because, f"{name} does not cover {asked.place.postcode}.")


def _to(asked: RoutingQuestion, council: str, because: tuple[str, ...]) -> Decision:
    member = asked.members[council]
    provision = asked.service.provision(council, asked.on)
    if provision is None:
        return _not_taken(asked, member, because)
    target = None
    if provision.target_amount is not None and provision.target_unit is not None:
        target = (provision.target_amount, provision.target_unit)
    routed = Decision("route", because, responsible=council, unit=provision.unit, will_see=asked.service.groups,
                      target=target)
    found = _provider(asked, council)
    return routed if found is None else _passed_on(asked, routed, member, *found)


def _not_taken(asked: RoutingQuestion, member: Member, because: tuple[str, ...]) -> Decision:
    """The council answers for it, but takes nothing of it here now: it begins later, it ended, or it never did."""
    own = [local for local in asked.service.local if local.council == member.slug]
    begins = min((local.begins for local in own if local.begins and local.begins > asked.on), default=None)
    if begins is not None:
        return _queue(*because, f"{member.name} takes this from {day_words(begins)}: it waits until then.")
    ended = max((local.ends for local in own if _over(local, asked.on) and local.ends), default=None)
    why = (f"{member.name} took this until {day_words(ended)}." if ended is not None
           else f"{member.name} does not take this here: it is asked directly.")
    return Decision("signpost", (*because, why),
                    signpost=Signpost(member.name, member.homepage, member.telephone, why))


def _over(local: Local, on: date) -> bool:
    return local.ends is not None and local.ends <= on


def _provider(asked: RoutingQuestion, council: str) -> tuple[Delivered, Terms] | None:
    """The narrowest delivery in force whose agreement names this service and this council."""
    terms = {held.agreement_id: held for held in asked.terms if council in held.councils}
    return next(((delivered, terms[delivered.agreement_id]) for delivered in asked.service.deliveries
                 if delivered.council == council and delivered.agreement_id in terms), None)


def _passed_on(asked: RoutingQuestion, routed: Decision, member: Member, delivered: Delivered,
               terms: Terms) -> Decision:
    refused = (f"to {terms.partner_name}" if terms.partner in asked.objected
               else "to those who carry out requests" if asked.passing_refused else None)
    if refused is not None:
        return replace(routed, because=(*routed.because, f"The resident said no to passing their details {refused}: "
                                        f"it stays with {member.name}, and may take longer."))
    because = f"{terms.partner_name} delivers this for {member.name} in {delivered.area_words}, under “{terms.title}”."
    will_see = tuple(group for group in asked.service.groups if group in terms.groups)
    return replace(routed, because=(*routed.because, because), provider=terms.partner,
                   agreement_id=terms.agreement_id, will_see=will_see)


def _certain(asked: RoutingQuestion) -> frozenset[str]:
    return frozenset(c.member for c in asked.place.councils if c.member in asked.members)  # type: ignore[misc]


def _queue(*because: str) -> Decision:
    return Decision("queue", because, queue=DUTY)
