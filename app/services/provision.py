"""Reads who answers for a service, and by when: provision, questions, exceptions. Pure but for reading the files."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from app.organisations.areas import KnownAreas
from app.organisations.claims import Claims, one_service
from app.organisations.claims import services as known_services
from app.organisations.entries import Entry
from app.organisations.facts import OrganisationFacts, OrganisationsFacts
from app.organisations.files import Folder
from app.organisations.problems import not_known
from app.organisations.words import TIERS as COUNCIL_TIERS
from app.services.facts import AnswerFacts, CatalogueEntry, ExceptionFacts, LocalFacts, QuestionFacts
from app.services.words import DECISIONS, LAWFUL_BASES

LOCAL_COLUMNS = ("service", "council", "unit", "target", "lawful_basis", "own_system", "live_from", "live_until")
QUESTION_COLUMNS = ("service", "question", "words", "answer", "answer_words", "decides", "because")
TARGET = re.compile(r"([1-9][0-9]*) (working hour|working day|day)s?")
TARGET_UNITS = {"working hour": "working-hours", "working day": "working-days", "day": "days"}
# Which councils a tier of the list means by itself.
PROVIDERS = {"county/unitary": ("county", "unitary"), "district/unitary": ("borough", "unitary"), "all": COUNCIL_TIERS}
FEWEST_ANSWERS = 2


def read_questions(folder: Folder, who: OrganisationsFacts, lgsls: Collection[int]) -> tuple[QuestionFacts, ...]:
    """The questions, an answer a row; the question's words stand on its first row only."""
    asked: dict[tuple[int, str], tuple[Entry, str, list[AnswerFacts]]] = {}
    for row in folder.rows("questions.csv", QUESTION_COLUMNS):
        lgsl, key = one_service(row, lgsls), row.text("question")
        if (lgsl, key) not in asked:
            asked[lgsl, key] = (row, row.text("words"), [])
        elif row.has("words"):
            row.complain("words", f"“{key}” is worded on line {asked[lgsl, key][0].line} already; leave it empty here")
        answers = asked[lgsl, key][2]
        answer = _answer(row, who, len(answers) + 1)
        if answer.key in {other.key for other in answers}:
            row.complain("answer", f"“{answer.key}” is an answer to “{key}” already; state it once")
        answers.append(answer)
    for row, _, answers in asked.values():
        if len(answers) < FEWEST_ANSWERS:
            row.complain("answer", "is the only answer; a question has two or more")
    positions: Counter[int] = Counter()
    found = []
    for (lgsl, key), (_, words, answers) in asked.items():
        positions[lgsl] += 1
        found.append(QuestionFacts(lgsl, key, words, positions[lgsl], tuple(answers)))
    return tuple(found)


def _answer(row: Entry, who: OrganisationsFacts, position: int) -> AnswerFacts:
    decides, _, which = row.text("decides").partition(":")
    tier = council = None
    if decides == "tier":
        tier = which
        if which not in COUNCIL_TIERS:
            row.complain("decides", not_known(which, COUNCIL_TIERS, "a tier; write tier:county"))
    elif decides == "council":
        council = which
        if which not in who.councils:
            row.complain("decides", not_known(which, who.councils, "a council of this partnership"))
    elif which or decides not in DECISIONS:
        row.complain("decides", not_known(row.text("decides"), DECISIONS, "something an answer can settle"))
    return AnswerFacts(row.text("answer"), row.text("answer_words"), decides, tier, council, row.text("because"),
                       position)


def read_exceptions(folder: Folder, who: OrganisationsFacts, lgsls: Collection[int],
                    areas: KnownAreas) -> tuple[ExceptionFacts, ...]:
    """Where, for a time, another council answers than the tier says."""
    found = []
    claims = Claims()
    columns = ("service", "area", "council", "reason", "from", "until")
    for row in folder.rows("exceptions.csv", columns, optional=True):
        council = row.word("council", who.councils, "a council of this partnership")
        services, places = known_services(row, "service", lgsls), areas.read(row, "area")
        reason, valid = row.text("reason"), row.span()
        for lgsl in services:
            for area in places:
                claims.stake(row, "area", (lgsl, area), valid, f"who answers for {lgsl} in {area.code}")
                found.append(ExceptionFacts(lgsl, area.kind, area.code, council, reason, valid))
    return tuple(found)


def read_local(folder: Folder, who: OrganisationsFacts, services: Sequence[CatalogueEntry],
               questions: Sequence[QuestionFacts], exceptions: Sequence[ExceptionFacts]) -> tuple[LocalFacts, ...]:
    """What each council provides itself. A row that could never be used, and a council left without one, are told."""
    entries = {service.lgsl: service for service in services}
    found: list[LocalFacts] = []
    claims = Claims()
    for row in folder.rows("local.csv", LOCAL_COLUMNS):
        council = who.councils.get(row.word("council", who.councils, "a council of this partnership"))
        unit, live = row.text("unit"), row.span("live_from", "live_until")
        amount, target_unit = _target(row)
        basis, system = row.word("lawful_basis", LAWFUL_BASES, "a lawful basis"), row.maybe_text("own_system")
        if council is None:
            continue
        units = [known.slug for known in council.units]
        if unit and unit not in units:
            row.complain("unit", not_known(unit, units, f"a unit of {council.slug}"))
        for lgsl in known_services(row, "service", entries):
            if lgsl in entries and not _may_answer(council, entries[lgsl], questions, exceptions):
                row.complain("council", f"{council.slug} never answers for {lgsl}, which is {entries[lgsl].tier}: "
                             "take the row out, or add the question or exception that leads there")
            claims.stake(row, "live_from", (lgsl, council.slug), live, f"{lgsl} at {council.slug}")
            found.append(LocalFacts(lgsl, council.slug, unit, amount, target_unit, basis, system, live))
    return tuple(found)


def _may_answer(council: OrganisationFacts, service: CatalogueEntry, questions: Sequence[QuestionFacts],
                exceptions: Sequence[ExceptionFacts]) -> bool:
    """Whether some road leads to this council: its tier, an answer, or an exception."""
    settled = [answer for question in questions if question.lgsl == service.lgsl for answer in question.answers]
    return (council.tier in PROVIDERS.get(service.tier, COUNCIL_TIERS)
            or any(answer.council == council.slug or (answer.tier and answer.tier == council.tier)
                   for answer in settled)
            or any(exception.lgsl == service.lgsl and exception.council == council.slug for exception in exceptions))


def _target(row: Entry) -> tuple[int | None, str | None]:
    text = row.maybe_text("target")
    if text is None:
        return None, None
    found = TARGET.fullmatch(text)
    if not found:
        row.complain("target", f"“{text}” is not a target; write it as 5 working days, 4 working hours or 28 days")
        return None, None
    return int(found[1]), TARGET_UNITS[found[2]]
