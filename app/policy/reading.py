"""The strict reader: the policy's files become tables of known words, or are refused with every fault at once.

How a line is cut into cells is for ``sheets``, what may never be granted for ``promises``, answering for ``rulebook``.
"""

import re
from collections.abc import Collection, Mapping

from app.policy.actions import Action
from app.policy.cells import groups_in, is_owned
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.narrowings import read_narrowings
from app.policy.promises import broken_by, hidden_denies, locked_out
from app.policy.purposes import Purpose
from app.policy.rules import (
    EVERY,
    IN_FORCE,
    NO_UNIT,
    NONE_NEEDED,
    Effect,
    Every,
    Grant,
    Inheritance,
    Lift,
    Mask,
    PolicyFiles,
    Tables,
    Vocabulary,
    heirs,
)
from app.policy.sheets import Fault, PolicyRefused, Row, Sheet, nearest
from app.policy.words import LIFTS, MUST_TAKE, NEVER_TAKES, Basis, LiftWord, MaskWord, Role, ScopeWord

MODEL, ROLES, GRANTS, MASKS = "model.conf", "roles.csv", "grants.csv", "masks.csv"
ROLES_HEADER = ("role", "includes")
GRANTS_HEADER = ("role", "organisation", "unit", "action", "group", "purpose", "scope", "effect", "basis", "agreement",
                 "owner", "review")
MASKS_HEADER = ("mask", "line", "scopes", "groups", "role", "purpose", "where", "owner", "review")

# The one model that the rest of the code is right for: words only, no eval, a deny beats every allow.
THE_MODEL: Mapping[tuple[str, str], str] = {
    ("request_definition", "r"): "role, org, unit, act, grp, purpose, scope",
    ("policy_definition", "p"): "role, org, unit, act, grp, purpose, scope, eft",
    ("role_definition", "g"): "_, _",
    ("policy_effect", "e"): "some(where (p.eft == allow)) && !some(where (p.eft == deny))",
    ("matchers", "m"):
        'r.act == p.act && r.scope == p.scope && (p.org == "*" || p.org == r.org)'
        ' && (p.unit == "*" || p.unit == r.unit) && (p.grp == "*" || p.grp == r.grp)'
        ' && (p.purpose == "*" || p.purpose == r.purpose) && g(r.role, p.role)',
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read(files: PolicyFiles, vocabulary: Vocabulary) -> Tables:
    """The files as tables. Raises ``PolicyRefused`` with every fault found."""
    faults: list[Fault] = _model_faults(files.model)
    inheritances = _inheritances(files.roles, faults)
    grants = _grants(files.grants, vocabulary, inheritances, faults)
    masks = _masks(files.masks, faults)
    tables = Tables(written_model(), inheritances, grants, masks, read_narrowings(files.narrowings, vocabulary, faults))
    locked = None if faults else locked_out(tables, vocabulary)
    if locked is not None:
        faults.append(Fault(GRANTS, 1, "", *locked))
    if faults:
        raise PolicyRefused(faults)
    return tables


def written_model() -> str:
    """The model as Casbin reads it."""
    return "".join(f"[{section}]\n{key} = {value}\n" for (section, key), value in THE_MODEL.items())


def _model_faults(text: str) -> list[Fault]:
    sheet = Sheet(MODEL, ())
    section, seen = "", set()
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]").strip()
            if section not in {known for known, _ in THE_MODEL}:
                sheet.fault(number, "", f"there is no section {section!r}", nearest(section, {s for s, _ in THE_MODEL}))
            continue
        key, _, value = (part.strip() for part in line.partition("="))
        expected = THE_MODEL.get((section, key))
        if expected is None or (section, key) in seen:
            sheet.fault(number, key, f"{section!r} has no place for {key!r} here", "Take the line out.")
        elif " ".join(value.split()) != expected:
            sheet.fault(number, key, "this is not the model that the product was built and tested for",
                        f"Write {key} = {expected}")
        seen.add((section, key))
    for section, key in THE_MODEL.keys() - seen:
        sheet.fault(1, key, f"the line for {key} under [{section}] is missing",
                    f"Write {key} = {THE_MODEL[section, key]}")
    return sheet.faults


def _inheritances(text: str, faults: list[Fault]) -> tuple[Inheritance, ...]:
    sheet = Sheet(ROLES, ROLES_HEADER, faults)
    found: dict[Inheritance, int] = {}
    for row in sheet.rows(text):
        role, includes = row.word("role", Role), row.word("includes", Role)
        if role is None or includes is None:
            continue
        pair = Inheritance(role, includes, row.line)
        if pair in found:
            row.fault("", f"line {found[pair]} says the same", "Take one of them out.")
        elif includes in heirs(found)[role]:
            row.fault("includes", f"{role} would include itself", "Take the line out.")
        else:
            found[pair] = row.line
    return tuple(found)


def _grants(text: str, vocabulary: Vocabulary, inheritances: Collection[Inheritance],
            faults: list[Fault]) -> tuple[Grant, ...]:
    sheet = Sheet(GRANTS, GRANTS_HEADER, faults)
    before = len(faults)
    found: dict[tuple[str, ...], Grant] = {}
    below = heirs(inheritances)
    for row in sheet.rows(text):
        for grant in _grants_of(row, vocabulary):
            other = found.get(grant.words)
            if other is None:
                found[grant.words] = grant
            elif other.effect == grant.effect:
                row.fault("group", f"line {other.line} says the same about {grant.group}", "Take one of them out.")
            else:
                row.fault("effect", f"line {other.line} says the opposite about {grant.group}",
                          "Take the allow out: the deny wins.")
            for column, problem, mend in broken_by(grant, below):
                row.fault(column, problem, mend)
    for grant, heir in hidden_denies(found.values(), below):
        sheet.fault(grant.line, "role", f"{heir} would inherit this deny without a line of its own",
                    f"Write the same line for {heir}, so that nobody overlooks it.")
    if len(faults) == before and all(grant.effect is Effect.DENY for grant in found.values()):
        sheet.fault(1, "", "nothing is allowed at all", "Write at least one line whose effect is allow.")
    return tuple(found.values())


def _grants_of(row: Row, vocabulary: Vocabulary) -> list[Grant]:
    """A line's grants, one for each group it names; none if any word of it is not known."""
    role, action = row.word("role", Role), row.word("action", Action)
    purpose: Purpose | Every | None = EVERY if row["purpose"] == EVERY else row.word("purpose", Purpose)
    scope, effect = row.word("scope", ScopeWord), row.word("effect", Effect)
    basis = None if row["basis"] == NONE_NEEDED else row.word("basis", Basis)
    groups, review = groups_in(row, "group"), row.day("review")
    known = [_organisation(row, vocabulary), _unit(row, vocabulary), _agreement(row), is_owned(row),
             row["basis"] == NONE_NEEDED or basis is not None]
    if role is None or action is None or purpose is None or scope is None or effect is None or review is None:
        return []
    if not all(known):
        return []
    return [Grant(role, row["organisation"], row["unit"], action, group, purpose, scope, effect, basis,
                  row["agreement"], row["owner"], review, row.line) for group in groups]


def _organisation(row: Row, vocabulary: Vocabulary) -> bool:
    name = row["organisation"]
    if name == EVERY or name in vocabulary.organisations:
        return True
    row.fault("organisation", f"{name!r} is not an organisation of this partnership",
              f"{nearest(name, vocabulary.organisations)} Or write * for every organisation.")
    return False


def _unit(row: Row, vocabulary: Vocabulary) -> bool:
    name, units = row["unit"], vocabulary.units_of(row["organisation"])
    if name == EVERY or name in units:
        return True
    mend = "Write *: whoever has no unit is meant as well." if name == NO_UNIT else nearest(name, units)
    row.fault("unit", f"{name!r} is not a unit of {row['organisation']}", mend)
    return False


def _agreement(row: Row) -> bool:
    if row["agreement"] in (NONE_NEEDED, IN_FORCE) or _SLUG.fullmatch(row["agreement"]):
        return True
    row.fault("agreement", f"{row['agreement']!r} cannot be an agreement", f"Write {IN_FORCE}, a slug, or -.")
    return False


def _masks(text: str, faults: list[Fault]) -> tuple[Mask, ...]:
    sheet = Sheet(MASKS, MASKS_HEADER, faults)
    takes: dict[MaskWord, Mask] = {}
    lifts: dict[MaskWord, list[Lift]] = {word: [] for word in MaskWord}
    for row in sheet.rows(text):
        word = row.word("mask", MaskWord)
        if word is None:
            continue
        if row["line"] == "takes":
            mask = _mask(row, word)
            if word in takes:
                row.fault("mask", f"line {takes[word].line} already says what {word} takes", "Take one of them out.")
            elif mask is not None:
                takes[word] = mask
        elif row["line"] == "lifts":
            lift = _lift(row, word)
            same = next((known for known in lifts[word] if lift is not None and known.spares == lift.spares), None)
            if same is not None:
                row.fault("", f"line {same.line} says the same", "Take one of them out.")
            elif lift is not None:
                lifts[word].append(lift)
        else:
            row.fault("line", f"{row['line']!r} is neither takes nor lifts", nearest(row["line"], {"takes", "lifts"}))
    for word in MaskWord:
        if word not in takes and not any(fault.file == MASKS for fault in faults):
            sheet.fault(1, "mask", f"nothing says what {word} takes away", f"Write a line that begins {word},takes")
    return tuple(Mask(mask.word, mask.scopes, mask.groups, tuple(lifts[mask.word]), mask.owner, mask.review, mask.line)
                 for mask in takes.values())


def _scopes(row: Row) -> frozenset[ScopeWord] | None:
    texts = row["scopes"].split()
    words = [row.one("scopes", text, ScopeWord) for text in texts or [""]]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        row.fault("scopes", f"{text} is named twice", "Take one of them out.")
    known = [word for word in words if word is not None]
    return frozenset(known) if len(known) == len(words) else None


def _mask(row: Row, word: MaskWord) -> Mask | None:
    scopes, groups, review = _scopes(row), groups_in(row, "groups"), row.day("review")
    for column in ("role", "purpose", "where"):
        if row[column] != NONE_NEEDED:
            row.fault(column, "what a mask takes, it takes from everybody",
                      "Write -, and a line of its own for a lift.")
    if scopes is None or not groups or review is None or not is_owned(row):
        return None
    taken = frozenset(Group) if EVERY in groups else frozenset(g for g in groups if g != EVERY)
    _keeps_its_promise(row, word, scopes, taken)
    return Mask(word, scopes, taken, (), row["owner"], review, row.line)


def _keeps_its_promise(row: Row, word: MaskWord, scopes: frozenset[ScopeWord], groups: frozenset[Group]) -> None:
    too_much, too_little = scopes & NEVER_TAKES[word], MUST_TAKE[word] - scopes
    if too_much:
        row.fault("scopes", f"{word} must never take {', '.join(sorted(too_much))}", "Take that away.")
    if too_little:
        row.fault("scopes", f"residents were promised that {word} takes {', '.join(sorted(too_little))}", "Add that.")
    promised = {Group.ADDRESS, Group.CHANNELS} if word is MaskWord.PROTECTED else frozenset(Group)
    if promised - groups:
        row.fault("groups", f"residents were promised that {word} takes {', '.join(sorted(promised - groups))}",
                  "Add that." if word is MaskWord.PROTECTED else "Write *.")
    if word is MaskWord.PROTECTED and groups - RESIDENT_GROUPS:
        row.fault("groups", f"{word} is about what is known of a resident", "Name a resident's groups only.")


def _lift(row: Row, word: MaskWord) -> Lift | None:
    if not LIFTS[word]:
        row.fault("mask", f"{word} is lifted for nobody", "Take the line out.")
        return None
    role, where, review = row.word("role", Role), row.word("where", LiftWord), row.day("review")
    purpose: Purpose | Every | None = EVERY if row["purpose"] == EVERY else row.word("purpose", Purpose)
    scopes = _scopes(row)
    if row["groups"] != NONE_NEEDED:
        row.fault("groups", "a lift spares every group that the mask takes", "Write -.")
    if where is not None and where not in LIFTS[word]:
        row.fault("where", f"{word} cannot be lifted {where.sentence}", f"Use {', '.join(sorted(LIFTS[word]))}.")
        return None
    if role is None or where is None or review is None or purpose is None or scopes is None or not is_owned(row):
        return None
    return Lift(role, purpose, where, scopes, row["owner"], review, row.line)
