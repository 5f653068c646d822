"""The worlds are complete and repeatable, the two oracles agree on them, and nothing visible lies below the floor."""

import ast
import os
import re
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from . import classes, generate
from .canaries import TELEPHONES, birth, canary, telephone, telltales
from .compare import compare, situations
from .facts import GROUPS, ROLES, World
from .floor import audience, floor
from .generate import COUNCIL_DECK, INTAKE_DECK, PARTNER_DECK, STATES, UNITS, world
from .oracle import in_contact, request_parts, resident_groups, scopes

SEEDS = int(os.environ.get("JC_PROOF_SEEDS", "8"))


@pytest.fixture(scope="module")
def large() -> World:
    return world(7)


@pytest.fixture(scope="module")
def small() -> World:
    return world(12, 400)


def test_the_same_seed_makes_the_same_world():
    assert world(3, 200) == world(3, 200)
    assert world(3, 200) != world(4, 200)


def test_every_combination_of_a_council_and_a_resident_occurs(large):
    wanted = {(*state, *card) for state, card in product(STATES, COUNCIL_DECK)}
    assert len(wanted) == 4800
    assert wanted - classes.council_classes(large) == set()


def test_every_combination_of_a_partner_and_a_job_occurs(large):
    wanted = {(*state, *card) for state, card in product(STATES, PARTNER_DECK)}
    assert len(wanted) == 1536
    assert wanted - classes.partner_classes(large) == set()


def test_every_kind_of_request_occurs(large):
    seen = {classes.request_class(large, request) for request in large.requests}
    intakes = {(True, permission, linked, closed, typing, assigned)
               for permission, closed, linked, typing in INTAKE_DECK for assigned in (False, True)}
    others = {(False, None, *rest) for rest in product((False, True), repeat=4)}
    assert (intakes | others) - seen == set()


def test_every_standing_of_an_officer_to_a_request_occurs(large):
    wanted = set(product((False, True), (False, True), ("any", "same", "other", "none"), *[(False, True)] * 3))
    assert wanted - classes.service_classes(large) == set()


def test_a_missing_combination_would_be_noticed():
    assert {(*state, *card) for state, card in product(STATES, COUNCIL_DECK)} - classes.council_classes(world(7, 4000))


def test_every_role_and_unit_and_people_with_two_hats_occur(large):
    assert {hat.role for hat in large.hats} == set(ROLES)
    assert {hat.unit for hat in large.hats if hat.role == "service_officer"} == {None, *UNITS}
    across = Counter(person for person, _ in {(hat.person, hat.organisation) for hat in large.hats})
    inside = Counter((hat.person, hat.organisation) for hat in large.hats)
    assert max(across.values()) > 1 and max(inside.values()) > 1
    public = {organisation.slug for organisation in large.organisations if organisation.kind == "public"}
    assert {hat.role for hat in large.hats if hat.organisation in public} >= {"contractor", "voluntary"}


def test_the_facts_of_a_world_hold_together(large):
    slugs, people = set(large.organisation), {person.key for person in large.people}
    hats = {hat.key: hat for hat in large.hats}
    for resident in large.residents:
        assert {resident.home, resident.next_home, resident.keeper} - {None} <= slugs
        assert resident.relations <= people
        instants = [at for at, _ in resident.sharing]
        assert instants == sorted(set(instants)) and all(at <= large.now for at in instants)
    for request in large.requests:
        contact = large.contact[request.contact]
        assert contact.organisation == request.taken_by == hats[contact.hat].organisation
        assert (request.closed_at is None) == (request.status != "closed")
        assert request.intake or request.permission is request.intake_home is None
    for assignment in large.assignments:
        assert large.agreement[assignment.agreement].partner == assignment.organisation
    open_contacts = Counter(hats[contact.hat].person for contact in large.contacts if contact.ended is None)
    assert set(open_contacts.values()) == {1}


def test_the_dates_of_a_world_cannot_be_mistaken_for_one_another(large):
    assert large.today != large.now.date() and large.today != large.on
    assert any(resident.home_until == large.today for resident in large.residents)
    assert {a.valid_to for a in large.agreements} >= {large.on} <= {a.valid_from for a in large.agreements}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_two_independent_oracles_agree_on_everything(seed):
    outcome = compare(world(seed, 120))
    assert outcome.differences == []
    assert outcome.seen > 3000


def test_whatever_a_hat_may_see_stands_on_its_floor(small):
    walls = {hat.key: floor(small, audience(hat), hat.organisation, hat.person) for hat in small.hats}
    for hat, purpose, contact in situations(small):
        opened = in_contact(small, hat, contact)
        residents = {r.ref for r in small.residents if scopes(small, hat, purpose, r, opened)}
        requests = {q.ref for q in small.requests if request_parts(small, hat, purpose, q, contact)}
        assert residents <= walls[hat.key].residents, (hat, purpose)
        assert requests <= walls[hat.key].requests, (hat, purpose)


EXPECTED_SCOPES = {
    "adviser": {"home", "consented", "disclosed"}, "team_leader": {"home", "consented", "disclosed"},
    "service_officer": {"served", "disclosed"}, "information_officer": {"kept", "disclosed"},
    "contractor": {"assigned", "disclosed"}, "voluntary": {"assigned", "disclosed"},
}


def test_every_role_uses_each_of_its_scopes_and_no_other(small):
    used: dict[str, set[str]] = {role: set() for role in ROLES}
    for hat, purpose, contact in situations(small):
        for resident in small.residents:
            used[hat.role] |= set(scopes(small, hat, purpose, resident, in_contact(small, hat, contact)))
    assert used == {role: EXPECTED_SCOPES.get(role, set()) for role in ROLES}


MASK_OFF = {"objection": {"objections": ()}, "restricted": {"restricted": False}, "protected": {"protected": False},
            "own record": {"relations": frozenset()}}
SPARED = {("objection", "service_officer"), ("objection", "information_officer"), ("restricted", "information_officer"),
          ("protected", "information_officer")}


@pytest.mark.parametrize("mask", MASK_OFF)
def test_every_mask_takes_something_from_every_role_it_touches(small, mask):
    both = ((resident, replace(resident, **MASK_OFF[mask])) for resident in small.residents)
    masked, touched = [(resident, bare) for resident, bare in both if bare != resident], set()
    for hat, purpose, contact in situations(small):
        opened = in_contact(small, hat, contact)
        for resident, bare in masked:
            with_mask = resident_groups(small, hat, purpose, resident, opened)
            without = resident_groups(small, hat, purpose, bare, opened)
            assert all(with_mask[group] <= without.get(group, set()) for group in with_mask)
            touched |= {hat.role} if with_mask != without else set()
    assert touched == {role for role in EXPECTED_SCOPES if (mask, role) not in SPARED}


def test_canaries_are_unique_and_none_hides_inside_another():
    residents, requests = [f"r-{i:06}" for i in range(5000)], [f"q-{i:06}" for i in range(10_000)]
    texts = [canary(ref, group).lower() for ref in residents for group in GROUPS]
    texts += [canary(ref, group).lower() for ref in requests for group in GROUPS - {"birth"}]
    texts += [telephone(ref) for ref in residents]
    assert len(set(texts)) == len(texts) == 5000 * 10 + 10_000 * 8
    assert {len(canary(ref, "name")) for ref in (*residents, *requests)} == {12}


def test_canaries_can_be_stored_where_their_group_is_kept():
    ref = "r-004999"
    assert re.fullmatch(r"[A-Z][a-z]+", canary(ref, "name"))
    assert re.fullmatch(r"[a-z]+@example\.org", canary(ref, "channels"))
    assert re.fullmatch(r"Zq[a-z]+ Cottage", canary(ref, "address"))
    assert birth(ref).isoformat() == canary(ref, "birth") and telephone(ref) in telltales(ref, "channels")
    assert all(re.fullmatch(r"0\d{10}", telephone(f"r-{i:06}")) for i in range(TELEPHONES))


def test_a_number_too_many_is_refused_rather_than_given_twice():
    with pytest.raises(ValueError, match="unique telephone numbers"):
        telephone(f"r-{TELEPHONES:06}")
    with pytest.raises(ValueError, match="unique days of birth"):
        birth("r-025000")


def imported(source: str) -> set[str]:
    """The top-level names of the packages that a module imports from outside its own."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_the_oracle_imports_nothing_of_the_application():
    assert imported("from app.policy import reach\nimport sqlalchemy.orm") == {"app", "sqlalchemy"}
    modules = list(Path(generate.__file__).parent.glob("*.py"))
    assert len(modules) >= 8
    for module in modules:
        tests = {"pytest", "hypothesis"} if module.name.startswith("test_") else set()
        assert imported(module.read_text()) <= sys.stdlib_module_names | tests, module.name


def test_the_second_oracle_shares_nothing_with_the_first_but_the_facts():
    tree = ast.parse((Path(generate.__file__).parent / "second.py").read_text())
    assert {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level} == {"facts"}
