"""Reads the sentences of the policy back: each makes exactly the rule that it was written from, or is refused with what
was not understood, where, and the nearest phrase. Nothing is guessed and nothing is evaluated.

Writing them is for ``sentences``; whether a rule may be granted at all is for ``reading`` and ``promises``.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Final, NoReturn, TypeVar

from app.kernel.days import MONTHS
from app.policy import phrases
from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.purposes import Purpose
from app.policy.rules import (
    EVERY,
    IN_FORCE,
    NONE_NEEDED,
    Effect,
    Every,
    Grant,
    Inheritance,
    Lift,
    Mask,
    Narrowing,
    Vocabulary,
)
from app.policy.sentences import action_words
from app.policy.sheets import Fault, PolicyRefused, nearest
from app.policy.words import Basis, LiftWord, MaskWord, Role, ScopeWord

# What a sentence is called where a fault says in which file it stands.
SENTENCE: Final = "sentence"
Meant = TypeVar("Meant")
Line = tuple[Grant, ...] | Mask | tuple[MaskWord, Lift] | Inheritance | Narrowing

_ROLES = {role.sentence: role for role in Role}
_ACTIONS = {action_words(action): action for action in Action}
_GROUPS = {group.sentence: group for group in Group if group is not Group.NONE}
_CONDITIONS = {words: scope for scope, words in phrases.CONDITIONS.items()}
_RIGHTS = {words: scope for scope, words in phrases.RIGHTS.items()}
_PURPOSES = {purpose.sentence: purpose for purpose in Purpose}
_BASES = {basis.sentence: basis for basis in Basis}
_MASKS = {mask.sentence: mask for mask in MaskWord}
_PLACES = {place.sentence: place for place in LiftWord}
_WORD = re.compile(r"[^\s,;]+")
_ANSWERING = re.compile(rf"{re.escape(phrases.OWNER)}(?P<owner>.+){re.escape(phrases.REVIEW)}(?P<day>[^;]+?)\.?")
_REASON = re.compile(rf"{re.escape(phrases.BECAUSE)}(?P<reason>[^;]+)(?=;)")
_DAY = re.compile(rf"(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)}) (?P<year>\d{{4}})")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(slots=True)
class _Reader:
    """A sentence and how far it has been read. Capitals, spaces and curly apostrophes make no difference to phrases."""

    said: str
    line: int
    place: int = 0
    plain: str = field(init=False)

    def __post_init__(self) -> None:
        self.said = " ".join(self.said.split())
        self.plain = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in self.said).replace("’", "'")

    def refuse(self, column: str, problem: str, mend: str) -> NoReturn:
        """Say what was not understood, after which words."""
        before = " ".join(self.said[:self.place].rstrip(",").split()[-4:])
        where = f" after “{before}”" if before else " at the beginning"
        raise PolicyRefused([Fault(SENTENCE, self.line, column, f"{problem}{where}", mend)])

    def took(self, joint: str) -> bool:
        """Whether the sentence goes on like this; then it has been read so far."""
        if not self.plain.startswith(joint.lower(), self.place):
            return False
        self.place += len(joint)
        return True

    def expect(self, column: str, *joints: str) -> str:
        """The joint that comes next, which must be one of these."""
        for joint in joints:
            if self.took(joint):
                return joint
        meant = " or ".join(f"“{joint.strip(' ,;')}”" for joint in joints)
        self.refuse(column, f"“{self._next()}” is not understood", f"Go on with {meant}.")

    def one(self, column: str, known: Mapping[str, Meant]) -> Meant:
        """The longest of these phrases that comes next."""
        for words in sorted(known, key=len, reverse=True):
            end = self.place + len(words)
            if self.plain.startswith(words.lower(), self.place) and not self.plain[end:end + 1].isalnum():
                self.place = end
                return known[words]
        likely = _likeliest(self.said[self.place:], known)
        if likely is None:
            self.refuse(column, f"“{self._next()}” is not one of the phrases for {column}",
                        f"Use one of: {'; '.join(sorted(known))}.")
        typed, words = likely
        self.refuse(column, f"“{typed}” is not one of the phrases for {column}", f"Did you mean {words}?")

    def several(self, column: str, known: Mapping[str, Meant]) -> list[Meant]:
        """Phrases with commas and a last *and*."""
        found = [self.one(column, known)]
        while self._goes_on_with(", ", known) or self._goes_on_with(" and ", known):
            found.append(self.one(column, known))
        if len(set(found)) < len(found):
            self.refuse(column, "something is named twice", "Take one of them out.")
        return found

    def _goes_on_with(self, joint: str, known: Mapping[str, Meant]) -> bool:
        """Whether another of the phrases follows; what looks like none and is no joint of a sentence is one mistyped."""
        at = self.place
        if not self.took(joint):
            return False
        others = (phrases.WHERE, phrases.PURPOSE, phrases.EVERY_PURPOSE, phrases.BASIS, phrases.AGREEMENT, phrases.BECAUSE)
        if joint == ", " and any(self.plain.startswith(each.lower(), at) for each in others):
            self.place = at
            return False
        return True

    def name(self, column: str, known: Collection[str], what: str) -> str:
        """A slug of the partnership's."""
        found = _WORD.match(self.said, self.place)
        typed = found[0] if found else ""
        if typed not in known:
            self.refuse(column, f"“{typed}” is not {what}", nearest(typed, known))
        self.place += len(typed)
        return typed

    def names(self, column: str, known: Collection[str], what: str) -> list[str]:
        """Several slugs, with commas and a last *and*."""
        found = [self.name(column, known, what)]
        while not self.plain.startswith(phrases.BECAUSE, self.place) and (self.took(", ") or self.took(" and ")):
            found.append(self.name(column, known, what))
        if len(set(found)) < len(found):
            self.refuse(column, "something is named twice", "Take one of them out.")
        return found

    def _next(self) -> str:
        """What stands here, as far as the next comma, semicolon or joint."""
        rest = self.said[self.place:].lstrip(" ,;")
        ends = [rest.find(mark) for mark in (",", ";", phrases.MAY, phrases.MUST_NOT, phrases.REACHED) if mark in rest]
        return rest[:min(ends, default=len(rest))].rstrip(". ")


def _likeliest(rest: str, known: Collection[str]) -> tuple[str, str] | None:
    """What was typed and the phrase that it is most like, each phrase beside as many words as it has itself."""
    best, words_there = (0.6, "", ""), rest.split()
    for words in sorted(known):
        typed = " ".join(words_there[:len(words.split())]).strip(" ,;.")
        best = max(best, (SequenceMatcher(None, typed.lower(), words.lower()).ratio(), typed, words))
    return best[1:] if best[2] else None


def read_back(text: str, vocabulary: Vocabulary, line: int = 0) -> Line:
    """What a sentence says: grants of one line, a mask without its lifts, a lift with its mask, an inheritance, or a narrowing.

    Raises ``PolicyRefused`` with what was not understood.
    """
    reader = _Reader(text, line)
    if reader.took("Where "):
        return _of_mask(reader)
    if reader.took(phrases.NARROWS):
        return _narrowing(reader, vocabulary)
    role = reader.one("role", _ROLES)
    if reader.took(phrases.INCLUDES):
        includes = reader.one("includes", _ROLES)
        reader.expect("", phrases.MAY_TOO)
        _end(reader)
        return Inheritance(role, includes, line)
    return _grants(reader, role, vocabulary)


def _grants(reader: _Reader, role: Role, vocabulary: Vocabulary) -> tuple[Grant, ...]:
    organisation: str = EVERY
    unit: str = EVERY
    if reader.took(phrases.OF):
        organisation = reader.name("organisation", vocabulary.organisations, "an organisation of this partnership")
    if reader.took(phrases.IN_UNIT):
        unit = reader.name("unit", vocabulary.units_of(organisation), f"a unit of {organisation}")
    effect = Effect.ALLOW if reader.expect("effect", phrases.MAY, phrases.MUST_NOT) == phrases.MAY else Effect.DENY
    action = reader.one("action", _ACTIONS)
    groups = _groups(reader, action)
    scope = reader.one("scope", _CONDITIONS) if reader.took(phrases.WHERE) else ScopeWord.ANY
    purpose = _purpose(reader)
    basis = reader.one("basis", _BASES) if reader.took(phrases.BASIS) else None
    agreement = _agreement(reader) if reader.took(phrases.AGREEMENT) else NONE_NEEDED
    owner, review = _answering(reader)
    return tuple(Grant(role, organisation, unit, action, group, purpose, scope, effect, basis, agreement, owner, review,
                       reader.line) for group in groups)


def _groups(reader: _Reader, action: Action) -> list[Group | Every]:
    """The groups named; where none is, there must be none to name."""
    if reader.took(phrases.EVERY_PART):
        return [EVERY]
    if reader.took(phrases.leading(action)):
        return list(reader.several("group", _GROUPS))
    if Group.NONE not in GROUPS_OF[action.kind]:
        reader.refuse("group", "it is not said which parts are meant",
                      f"Go on with “{phrases.leading(action).strip(' ,')}” and the parts, or with"
                      f" “{phrases.EVERY_PART.strip(' ,')}”.")
    return [Group.NONE]


def _purpose(reader: _Reader) -> Purpose | Every:
    if reader.expect("purpose", phrases.EVERY_PURPOSE, phrases.PURPOSE) == phrases.EVERY_PURPOSE:
        return EVERY
    return reader.one("purpose", _PURPOSES)


def _agreement(reader: _Reader) -> str:
    if reader.took(phrases.IN_FORCE_WORDS):
        return IN_FORCE
    found = _WORD.match(reader.said, reader.place)
    if found is None or not _SLUG.fullmatch(found[0]):
        reader.refuse("agreement", f"“{found[0] if found else ''}” cannot be an agreement",
                      f"Write {phrases.IN_FORCE_WORDS}, or the agreement's short name.")
    reader.place += len(found[0])
    return found[0]


def _answering(reader: _Reader) -> tuple[str, date]:
    """Who answers for a line and reviews it when: the end of every sentence but an inheritance's."""
    found = _ANSWERING.fullmatch(reader.said, reader.place)
    if found is None:
        reader.refuse("owner", f"“{reader._next()}” is not who answers for this and when it is reviewed",
                      f"End with “{phrases.OWNER.strip()} customer services{phrases.REVIEW}31 March 2027.”")
    review = _day(found["day"])
    if review is None:
        reader.place = found.start("day")
        reader.refuse("review", f"“{found['day']}” is not a date", "Write it as 31 March 2027.")
    return found["owner"], review


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        return None


def _of_mask(reader: _Reader) -> Mask | tuple[MaskWord, Lift]:
    word = reader.one("mask", _MASKS)
    if reader.expect("line", phrases.WITHHOLD, phrases.SPARE) == phrases.WITHHOLD:
        groups = frozenset(Group) if reader.took(phrases.EVERYTHING) else frozenset(
            reader.several("groups", {**_GROUPS, Group.NONE.sentence: Group.NONE}))
        reader.expect("scopes", phrases.REACHED)
        scopes = frozenset(reader.several("scopes", _RIGHTS))
        return Mask(word, scopes, groups, (), *_answering(reader), reader.line)
    role = reader.one("role", _ROLES)
    reader.expect("where", " ")
    where = reader.one("where", _PLACES)
    reader.expect("scopes", phrases.OF_WHAT)
    spared = frozenset(reader.several("scopes", _RIGHTS))
    purpose = _purpose(reader)
    return word, Lift(role, purpose, where, spared, *_answering(reader), reader.line)


def _narrowing(reader: _Reader, vocabulary: Vocabulary) -> Narrowing:
    of = "an organisation of this partnership"
    council = reader.name("council", vocabulary.organisations, of)
    reader.expect("groups", phrases.WITHHOLDS)
    groups = RESIDENT_GROUPS if reader.took(phrases.EVERYTHING) else frozenset(reader.several("groups", _GROUPS))
    reader.expect("roles", phrases.FROM)
    roles: frozenset[Role | Every] = frozenset({EVERY}) if reader.took(phrases.EVERYBODY) else frozenset(
        reader.several("roles", _ROLES))
    organisations = reader.names("organisations", vocabulary.organisations, of) if reader.took(phrases.OF) else [EVERY]
    because = _REASON.match(reader.said, reader.place)
    if because is None:
        reader.refuse("reason", f"“{reader._next()}” does not say why",
                      f"Go on with “{phrases.BECAUSE.strip(' ,')}” and the reason.")
    reader.place = because.end()
    return Narrowing(council, groups, frozenset(organisations), roles, because["reason"].strip(), *_answering(reader), reader.line)


def _end(reader: _Reader) -> None:
    reader.took(".")
    if reader.place < len(reader.said):
        reader.refuse("", f"“{reader.said[reader.place:]}” is too much", "Take it out.")
