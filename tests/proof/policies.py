"""Policies by chance, within the promises: the files that the application reads, and the same as data for the oracle."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.promises import MAINTAINING, broken_by
from app.policy.purposes import Purpose
from app.policy.rulebook import Rulebook
from app.policy.rules import (
    EVERY,
    IN_FORCE,
    Effect,
    Grant,
    Inheritance,
    Lift,
    Mask,
    Narrowing,
    PolicyFiles,
    Tables,
    Vocabulary,
    heirs,
)
from app.policy.words import LIFTS, MUST_TAKE, NEVER_TAKES, OVER_RESIDENTS, SCOPES_OF, Basis, LiftWord, MaskWord, Role, ScopeWord
from app.policy.writing import grants_file, masks_file, narrowings_file, roles_file
from tests.oracle import by_policy
from tests.oracle.partnership import COUNCILS, UNITS

ROLES = (Role.ADVISER, Role.TEAM_LEADER, Role.SERVICE_OFFICER, Role.INFORMATION_OFFICER, Role.CONTRACTOR, Role.VOLUNTARY)
ACTIONS = (Action.RESIDENT_SEE, Action.RESIDENT_SEE, Action.REQUEST_SEE)
PURPOSES = (Purpose.ENQUIRY, Purpose.DELIVER, Purpose.PROTECT, Purpose.RIGHTS)
# A role includes only roles that stand before it, so that there is no circle; councils' and partners' do not mix.
PAIRS = ((Role.TEAM_LEADER, Role.ADVISER), (Role.SERVICE_OFFICER, Role.ADVISER), (Role.INFORMATION_OFFICER, Role.SERVICE_OFFICER),
         (Role.VOLUNTARY, Role.CONTRACTOR))
OWNER, REVIEW = "a test", date(2027, 3, 31)


@dataclass(frozen=True)
class Drawn:
    """One policy in both forms."""

    rulebook: Rulebook
    data: by_policy.Policy


def draw(chance: random.Random, shipped: PolicyFiles, words: Vocabulary) -> Drawn:
    """A policy of some dozen rules about seeing residents and requests."""
    inheritances = tuple(Inheritance(*pair) for pair in PAIRS if chance.random() < 0.4)
    grants = _grants(chance, words, inheritances)
    tables = Tables("", inheritances, (*grants, *_keeping()), _masks(chance), narrowings(chance, words))
    files = replace(shipped, roles=roles_file(tables), grants=grants_file(tables), masks=masks_file(tables), matrix="", examples="",
                    narrowings=narrowings_file(tables))
    return Drawn(Rulebook.build(files, words.organisations, dict(words.units)), _as_data(grants, tables))


def _keeping() -> list[Grant]:
    return [Grant(Role.ADMINISTRATOR, EVERY, EVERY, action, Group.NONE, Purpose.RUN, ScopeWord.ANY, Effect.ALLOW, None, "-", OWNER,
                  REVIEW) for action in sorted(MAINTAINING)]


def _grants(chance: random.Random, words: Vocabulary, inheritances: Sequence[Inheritance]) -> list[Grant]:
    below, found = heirs(inheritances), {}
    for _ in range(chance.randint(10, 40)):
        grant = _grant(chance, words)
        if grant is None or list(broken_by(grant, below)):
            continue
        # A deny is written for every heir as well, as the reader demands.
        roles = below[grant.role] if grant.effect is Effect.DENY else {grant.role}
        written = [replace(grant, role=role, line=len(found) + place) for place, role in enumerate(sorted(roles))]
        if all(each.words not in found for each in written):
            found |= {each.words: each for each in written}
    return list(found.values())


def _grant(chance: random.Random, words: Vocabulary) -> Grant | None:
    action, role = chance.choice(ACTIONS), chance.choice(ROLES)
    scope = chance.choice(sorted(SCOPES_OF[action.kind]))
    purpose = Purpose.PROTECT if scope is ScopeWord.DISCLOSED else chance.choice(PURPOSES)
    organisation = EVERY if chance.random() < 0.7 else chance.choice(sorted(words.organisations))
    unit = chance.choice(UNITS) if organisation in words.units and words.units[organisation] and chance.random() < 0.3 else EVERY
    group = EVERY if chance.random() < 0.25 else chance.choice(sorted(GROUPS_OF[action.kind]))
    effect = Effect.DENY if chance.random() < 0.2 else Effect.ALLOW
    return Grant(role, organisation, unit, action, group, purpose, scope, effect, Basis.PUBLIC_TASK, IN_FORCE, OWNER, REVIEW)


def _masks(chance: random.Random) -> tuple[Mask, ...]:
    found = []
    for word in MaskWord:
        more = sorted(OVER_RESIDENTS - MUST_TAKE[word] - NEVER_TAKES[word])
        scopes = MUST_TAKE[word] | {scope for scope in more if chance.random() < 0.4}
        groups = frozenset(Group)
        if word is MaskWord.PROTECTED:
            more_groups = {each for each in sorted(RESIDENT_GROUPS) if chance.random() < 0.3}
            groups = frozenset({Group.ADDRESS, Group.CHANNELS} | more_groups)
        found.append(Mask(word, frozenset(scopes), groups, _lifts(chance, word), OWNER, REVIEW))
    return tuple(found)


def _lifts(chance: random.Random, word: MaskWord) -> tuple[Lift, ...]:
    found = {}
    for _ in range(chance.randint(0, 3) if LIFTS[word] else 0):
        scopes = frozenset(chance.sample(sorted(OVER_RESIDENTS), chance.randint(1, 5)))
        where: LiftWord = chance.choice(sorted(LIFTS[word]))
        purpose = EVERY if chance.random() < 0.5 else chance.choice(PURPOSES)
        lift = Lift(chance.choice(ROLES), purpose, where, scopes, OWNER, REVIEW)
        found[lift.spares] = lift
    return tuple(found.values())


def narrowings(chance: random.Random, words: Vocabulary) -> tuple[Narrowing, ...]:
    """What councils withhold of their own residents. Drawn aside, so that what else a seed draws stays what it was."""
    aside, found = random.Random(), dict[object, Narrowing]()
    aside.setstate(chance.getstate())
    for _ in range(aside.randint(0, 5)):
        council, groups = aside.choice(COUNCILS), frozenset(aside.sample(sorted(RESIDENT_GROUPS), aside.choice((1, 2, 5, 9))))
        organisations = {EVERY} if aside.random() < 0.6 else set(aside.sample(sorted(words.organisations), aside.randint(1, 4)))
        roles = {EVERY} if aside.random() < 0.5 else set(aside.sample(ROLES, aside.randint(1, 3)))
        if not (council in organisations and Role.INFORMATION_OFFICER in roles):
            made = Narrowing(council, groups, frozenset(organisations), frozenset(roles), "a test wants it", OWNER, REVIEW)
            found[council, groups, made.organisations, made.roles] = made
    return tuple(found.values())


def _as_data(grants: Sequence[Grant], tables: Tables) -> by_policy.Policy:
    """Nothing of the application's own reading is in it: only the words themselves."""
    return by_policy.Policy(
        tuple(by_policy.Rule(*grant.words, allows=grant.effect is Effect.ALLOW) for grant in grants),
        tuple((str(pair.role), str(pair.includes)) for pair in tables.inheritances),
        tuple(by_policy.Mask(str(mask.word), frozenset(map(str, mask.scopes)), frozenset(map(str, mask.groups)),
                             tuple(by_policy.Lift(str(lift.role), str(lift.purpose), str(lift.where),
                                                  frozenset(map(str, lift.scopes))) for lift in mask.lifts))
              for mask in tables.masks),
        tuple(by_policy.Narrowing(each.council, frozenset(map(str, each.groups)), each.organisations,
                                  frozenset(map(str, each.roles))) for each in tables.narrowings))
