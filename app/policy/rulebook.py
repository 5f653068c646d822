"""One policy version that answers: which scopes and groups a role has for an action and a purpose, asked of Casbin.

A rulebook is built aside, whole, and never changes: publishing another means replacing the reference to this one.
Rows, people and masks standing on a row are for ``reach``; the spelling of the files is for ``reading``.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from types import MappingProxyType

import casbin

from app.kernel.errors import NotReady
from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, Group
from app.policy.purposes import Purpose
from app.policy.reading import read
from app.policy.rules import EVERY, NO_UNIT, Grant, Inheritance, Mask, PolicyFiles, Tables, Vocabulary, Withholding, heirs
from app.policy.words import SCOPES_OF, Role, ScopeWord

Allowed = Mapping[ScopeWord, frozenset[Group]]
NOTHING: Allowed = MappingProxyType({})
# Casbin parses its matcher for every question, and CPython 3.11.7 was seen to raise SystemError when two threads parse
# at once (python/cpython issue 106905): so one question at a time in the whole process, not only in one rulebook.
_ONE_AT_A_TIME = Lock()
_Key = tuple[Role, str, str, Action, Purpose]


class Rulebook:
    """An immutable policy. ``fingerprint`` is the SHA-256 of all it says, in hex."""

    __slots__ = ("fingerprint", "tables", "vocabulary", "_whole", "_chapters", "_remembered")

    def __init__(self, tables: Tables, vocabulary: Vocabulary, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.tables = tables
        self.vocabulary = vocabulary
        self._whole = _enforcer(tables.model, tables.grants, tables.inheritances)
        # The matcher demands a rule's very action, scope and purpose (or every purpose): the rules that have them
        # answer for the three as the whole would, some fifty times sooner.
        self._chapters = {three: _enforcer(tables.model, rules, tables.inheritances)
                          for three, rules in _chapters(tables.grants).items()}
        self._remembered: dict[_Key, Allowed] = {}

    @classmethod
    def build(cls, files: PolicyFiles, organisations: Collection[str],
              units: Mapping[str, Collection[str]] | None = None, kinds: Mapping[str, str] | None = None, *,
              like: "Rulebook | None" = None) -> "Rulebook":
        """Read strictly and build. ``units`` and ``kinds`` hold each organisation's; ``like`` is given back where it says the same.
        Raises ``PolicyRefused`` with every fault."""
        vocabulary = Vocabulary.of(organisations, units, kinds)
        tables = read(files, vocabulary)
        found = fingerprint(tables, files)
        return like if like is not None and like.fingerprint == found else cls(tables, vocabulary, found)

    def allowed(self, role: Role, organisation: str, unit: str | None, action: Action, purpose: Purpose) -> Allowed:
        """The scopes through which the action is allowed, and the groups each gives; the same object every time.

        An organisation or a unit that was not loaded when this was built is allowed nothing.
        """
        key = (Role(role), organisation, unit or NO_UNIT, Action(action), Purpose(purpose))
        answer = self._remembered.get(key)
        if answer is not None:
            return answer
        if not self._is_known(organisation, unit):
            return NOTHING
        with _ONE_AT_A_TIME:
            return self._remembered.setdefault(key, self._asked(key))

    def enforce(self, role: Role, organisation: str, unit: str | None, action: Action, group: Group, purpose: Purpose,
                scope: ScopeWord) -> bool:
        """Casbin's own answer to one question over all rules, not remembered."""
        if not self._is_known(organisation, unit):
            return False
        question = (Role(role), organisation, unit or NO_UNIT, Action(action), Group(group), Purpose(purpose),
                    ScopeWord(scope))
        with _ONE_AT_A_TIME:
            return bool(self._whole.enforce(*map(str, question)))

    def masks(self) -> tuple[Mask, ...]:
        """What is taken away after the union of the grants."""
        return self.tables.masks

    def withheld(self, role: Role, organisation: str) -> tuple[Withholding, ...]:
        """The same from somebody, with what councils withhold of their own residents."""
        return self.tables.withheld(role, organisation)

    def grants(self) -> tuple[Grant, ...]:
        """Every rule, in the order it was written."""
        return self.tables.grants

    def heirs(self) -> Mapping[Role, frozenset[Role]]:
        """For each role, those that have its allows."""
        return heirs(self.tables.inheritances)

    def __repr__(self) -> str:
        return f"<Rulebook {self.fingerprint[:12]}>"

    def _is_known(self, organisation: str, unit: str | None) -> bool:
        if organisation not in self.vocabulary.organisations:
            return False
        return unit in (None, NO_UNIT) or unit in self.vocabulary.units_of(organisation)

    def _asked(self, key: _Key) -> Allowed:
        role, organisation, unit, action, purpose = key
        answer = {}
        for scope in sorted(SCOPES_OF[action.kind]):
            chapter = self._chapters.get((action, scope, purpose))
            if chapter is None:
                continue
            groups = frozenset(
                group for group in GROUPS_OF[action.kind]
                if chapter.enforce(str(role), organisation, unit, str(action), str(group), str(purpose), str(scope)))
            if groups:
                answer[scope] = groups
        return MappingProxyType(answer) if answer else NOTHING


def _chapters(grants: Iterable[Grant]) -> Mapping[tuple[Action, ScopeWord, Purpose], list[Grant]]:
    chapters: dict[tuple[Action, ScopeWord, Purpose], list[Grant]] = {}
    for grant in grants:
        for purpose in (Purpose if grant.purpose == EVERY else (grant.purpose,)):
            chapters.setdefault((grant.action, grant.scope, purpose), []).append(grant)
    return chapters


def _enforcer(model_text: str, grants: Iterable[Grant], inheritances: Iterable[Inheritance]) -> casbin.Enforcer:
    """A fresh enforcer. Rules go in as words, never as lines: Casbin's own loader loses what it does not know."""
    model = casbin.Enforcer.new_model(text=model_text)
    for grant in grants:
        if not model.add_policy("p", "p", [*grant.words, str(grant.effect)]):
            raise NotReady(f"a rule was not taken: {grant.words}")
    for pair in inheritances:
        if not model.add_policy("g", "g", [str(pair.role), str(pair.includes)]):
            raise NotReady(f"an inheritance was not taken: {pair}")
    enforcer = casbin.Enforcer(model)
    enforcer.build_role_links()
    return enforcer


def fingerprint(tables: Tables, files: PolicyFiles | None = None) -> str:
    """SHA-256 of everything a policy says and what is expected of it, the order and spacing of its lines apart."""
    content = {
        "model": tables.model,
        "roles": sorted([pair.role, pair.includes] for pair in tables.inheritances),
        "grants": sorted([*grant.words, grant.effect, grant.basis or "", grant.agreement, grant.owner,
                          grant.review.isoformat()] for grant in tables.grants),
        "masks": sorted([mask.word, sorted(mask.scopes), sorted(mask.groups), mask.owner, mask.review.isoformat(),
                         sorted([lift.role, lift.purpose, lift.where, sorted(lift.scopes), lift.owner,
                          lift.review.isoformat()] for lift in mask.lifts)]
                        for mask in tables.masks),
        "matrix": _lines(files.matrix if files else ""),
        "examples": _lines(files.examples if files else ""),
    }
    if tables.narrowings:
        content["narrowings"] = sorted([each.council, sorted(each.groups), sorted(each.organisations), sorted(each.roles),
                                        each.reason, each.owner, each.review.isoformat()] for each in tables.narrowings)
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _lines(text: str) -> list[str]:
    return sorted(line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))
