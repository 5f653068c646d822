"""The pages of the reverse questions: who can see this resident, and what somebody in a hat can see."""

from flask import request

from app.journal.record import Subject, record
from app.journal.showing import basis_of
from app.kernel.errors import Invalid, NotFound
from app.organisations import queries as organisations
from app.policy import reached
from app.policy.actions import Action
from app.policy.figures import KINDS
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.reached import Counting
from app.policy.routes import Routes, Typed
from app.policy.rules import NO_UNIT
from app.policy.sentences import joined, started
from app.policy.words import Role
from app.policy.work import Work
from app.rights.asking import knowing
from app.rights.looking import Looker, lookers, rules_of
from app.staff.words import ROLE_WORDS, role_fits

routes = Routes("looking", __name__)
NEEDS = (Action.POLICY_EXPLAIN,)


@routes.get("/policy/explain/who", needs=NEEDS)
def ask_who(work: Work, form: Typed | None = None) -> str:
    """Of which resident?"""
    return _drawn(work, form or Typed(), None, untold=False)


@routes.post("/policy/explain/who", needs=NEEDS, redraw=ask_who)
def told_who(work: Work) -> str:
    """Every hat that could open the record now, and what it would see of it. A hidden resident and none at all are told alike."""
    typed = request.form.get("resident", "").strip()
    if not typed:
        raise Invalid({"resident": ["Type the reference of the record, for example K4F-72M-9QX"]})
    form = Typed({"resident": typed})
    try:
        with knowing(work, api=False) as wider:
            resident, found = lookers(wider, typed)
            record(wider, "policy.explained", [Subject(resident.id, (), basis_of(wider, "resident", [resident.id])[
                resident.id].scopes)], {"outcome": "who", "count": len(found)})
    except NotFound:
        record(work, "policy.explained", facts={"outcome": "not-told"})
        return _drawn(work, form, None, untold=True)
    return _drawn(work, form, found, untold=False)


@routes.get("/policy/explain/what", needs=NEEDS)
def what(work: Work) -> str:
    """All that the policy says of one hat."""
    known = {each.slug: each for each in organisations.organisations(work.session, work.on)}
    asked = {name: request.args.get(name, "").strip() for name in ("organisation", "role", "unit")}
    sentences, counting, rows = None, reached.counting(work), list[list[str]]()
    if asked["organisation"] or asked["role"]:
        role = _role(work, known[asked["organisation"]].kind if asked["organisation"] in known else "", asked)
        sentences = rules_of(work, role, asked["organisation"], asked["unit"] or None)
        rows = _reached(work, counting, role, asked["organisation"], asked["unit"] or NO_UNIT)
    units = sorted({unit for slug in known for unit in work.rulebook.vocabulary.units_of(slug)})
    return render("rights/what.html", form=Typed(asked), sentences=sentences, reads_policy=work.may(Action.POLICY_READ),
                  counting=counting, version=work.policy_version, rows=rows,
                  organisations=[(slug, each.name) for slug, each in known.items()],
                  roles=[(str(role), ROLE_WORDS[role]) for role in Role], units=[(unit, unit) for unit in units])


def _reached(work: Work, counting: Counting, role: Role, organisation: str, unit: str) -> list[list[str]]:
    """How many residents and requests the hat reaches of each part of the record, for each purpose that gives it any."""
    purposes = [purpose for purpose in Purpose if purpose not in WITHOUT_RESIDENTS]
    found = reached.reached(work, counting, purposes, [role], unit)
    told = [(group, purpose, [found[role, organisation, purpose].of(kind, group) for kind in KINDS])
            for purpose in purposes if (role, organisation, purpose) in found for group in Group]
    return [[started(group.sentence), f"to {purpose.sentence}", *("–" if each is None else started(str(each)) for each in figures)]
            for group, purpose, figures in told if any(figures)]


def _role(work: Work, kind: str, asked: dict[str, str]) -> Role:
    """Raises Invalid for a hat that there cannot be."""
    errors = {}
    if not kind:
        errors["organisation"] = ["Choose an organisation of this partnership"]
    if asked["role"] not in set(Role):
        errors["role"] = ["Choose a role"]
    elif kind and not role_fits(asked["role"], kind):
        errors["role"] = [f"Nobody of {asked['organisation']} is {asked['role']}"]
    if asked["unit"] and asked["unit"] not in work.rulebook.vocabulary.units_of(asked["organisation"]):
        errors["unit"] = [f"“{asked['unit']}” is no unit of {asked['organisation']}"]
    if errors:
        raise Invalid(errors)
    return Role(asked["role"])


def _drawn(work: Work, form: Typed, found: list[Looker] | None, *, untold: bool) -> str:
    rows = None if found is None else [
        [f"{ROLE_WORDS[each.role]}, {each.organisation}{f', {each.unit}' if each.unit else ''}", f"to {each.purpose.sentence}",
         started(joined([group.sentence for group in each.groups])), "; ".join(scope.sentence for scope in each.through)]
        for each in found]
    return render("rights/who.html", form=form, rows=rows, untold=untold, reads_policy=work.may(Action.POLICY_READ))
