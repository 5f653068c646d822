"""Whoever asks, however it is asked, the answer is the same: in a list, one by one, in the label, in the policy's
words, in row security, and in the oracle that was written from the promises alone."""

import random
from collections import Counter
from itertools import chain

import pytest
from sqlalchemy import select

from app.choices.models import Choice, Objection
from app.contacts.models import ContactNote, ContactPerson
from app.journal.showing import basis_of
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS, Group
from app.policy.protection import PROTECTED
from app.policy.purposes import Purpose
from app.policy.scopes import LIFTS, MASKS, SCOPES
from app.policy.words import SCOPES_OF, Role
from app.residents.models import Resident, ResidentChange, ResidentKey
from tests.oracle import classes
from tests.oracle.facts import PURPOSES, ROLES, Hat
from tests.oracle.floor import audience, floor
from tests.proof.asking import OF_A_RESIDENT, Answers, Asked
from tests.proof.loading import KEYED, key

Situation = tuple[Hat, str]
# What the module lays down is laid down once.
pytestmark = pytest.mark.xdist_group("parity")
# What a record was before, and what it is searched by, is between the councils: the wall shows a partner none of it.
BETWEEN_COUNCILS = {ResidentChange, ResidentKey}


@pytest.fixture(scope="module")
def situations(hats: list[Hat]) -> list[Situation]:
    return [(hat, purpose) for hat in hats for purpose in PURPOSES]


@pytest.fixture(scope="module")
def answers(asked: Asked, situations: list[Situation]) -> dict[Situation, Answers]:
    return {(hat, purpose): asked.answers(hat, purpose) for hat, purpose in situations}


@pytest.fixture(scope="module")
def expected(asked: Asked, situations: list[Situation]) -> dict[Situation, dict[str, dict[str, set[str]]]]:
    return {(hat, purpose): asked.expected_residents(hat, purpose) for hat, purpose in situations}


@pytest.fixture(scope="module")
def kept(asked: Asked) -> dict[type, set[tuple[str, str]]]:
    """Per table of a resident, the (resident, group) that have a row in it at all."""
    having = {model: {(r.ref, str(PROTECTED[model].group)) for r in asked.world.residents if PROTECTED[model].group
                      and str(PROTECTED[model].group) in r.groups} for model in OF_A_RESIDENT}
    with_history = {(c.resident, "history") for c in asked.world.contacts if c.resident}
    return having | {
        ContactPerson: with_history, ContactNote: with_history,
        Choice: {(r.ref, "choices") for r in asked.world.residents if r.sharing or r.sensitive_choice != "not asked"},
        Objection: {(r.ref, "choices") for r in asked.world.residents if r.objections},
        ResidentChange: {(r.ref, group) for r in asked.world.residents for group in r.groups},
        ResidentKey: {(r.ref, word) for r in asked.world.residents for word, parts in KEYED.items() if parts <= set(r.groups)},
    }


def differences(got: set, wanted: set) -> str:
    more, less = sorted(got - wanted), sorted(wanted - got)
    return f"{len(more)} too many: {more[:5]}; {len(less)} missing: {less[:5]}"


def test_every_list_of_residents_and_of_each_field_group_is_what_the_oracle_says(
        asked: Asked, answers: dict[Situation, Answers], expected, kept, record_property) -> None:
    wrong, count = [], Counter()
    for situation, got in answers.items():
        wanted = expected[situation]
        if got.residents != set(wanted):
            wrong.append((*situation, "resident", differences(got.residents, set(wanted))))
        cells = {(ref, group) for ref, groups in wanted.items() for group in groups}
        cells |= {(ref, word) for ref, groups in wanted.items() for word, parts in KEYED.items() if parts <= set(groups)}
        for model in OF_A_RESIDENT:
            rows = got.tables.get(model, set())
            shown = set() if audience(situation[0]) == "partner" and model in BETWEEN_COUNCILS else cells & kept[model]
            if rows != shown:
                wrong.append((*situation, model.__name__, differences(rows, shown)))
            count["seen"] += len(rows)
        count["asked"] += len(asked.world.residents) * (1 + len(OF_A_RESIDENT))
        count["seen"] += len(got.residents)
    record_property("decisions", dict(count))
    print(f"\nresidents and their field groups: {count['asked']} decisions, {count['seen']} of them yes")
    assert wrong == []
    assert count["seen"] > 5 * len(asked.world.residents)


def test_what_was_taken_over_from_a_joined_record_takes_the_sight_of_both(
        asked: Asked, answers: dict[Situation, Answers], expected) -> None:
    standing = [joining for joining in asked.joinings if not joining.parted]
    wrong, seen = [], Counter()
    for situation, got in answers.items():
        cells = expected[situation]
        shown = {(each.survivor, each.other) for each in standing
                 if all("needs" in cells.get(ref, ()) for ref in (each.survivor, each.other))}
        if got.taken_over != shown:
            wrong.append((*situation, differences(got.taken_over, shown)))
        seen["both"] += len(shown)
        seen["one alone"] += sum("needs" in cells.get(each.survivor, ()) for each in standing) - len(shown)
    print(f"\njoined: {len(standing)}, parted: {len(asked.joinings) - len(standing)}; taken over and seen: {dict(seen)}")
    assert wrong == []
    assert len(standing) > 50 < len(asked.joinings) - 20 and min(seen["both"], seen["one alone"]) > 0


def test_every_list_of_requests_and_contacts_shows_the_parts_that_the_oracle_says(
        asked: Asked, answers: dict[Situation, Answers]) -> None:
    wrong, count = [], Counter()
    for (hat, purpose), got in answers.items():
        for kind, rows, wanted, total in (
                ("request", got.requests, asked.expected_requests(hat, purpose), 7 * len(asked.world.requests)),
                ("contact", got.contacts, asked.expected_contacts(hat, purpose), 3 * len(asked.world.contacts))):
            if rows != wanted:
                wrong.append((hat.key, purpose, kind, differences(rows, wanted)))
            count["asked"] += total
            count["seen"] += len(rows)
    print(f"\nrequests and contacts: {count['asked']} decisions, {count['seen']} of them yes")
    assert wrong == []
    assert count["seen"] > len(asked.world.requests)


def test_one_by_one_and_by_its_label_each_record_is_as_in_the_list(
        asked: Asked, answers: dict[Situation, Answers], expected) -> None:
    chance, wrong, count = random.Random(1), [], Counter()
    by_class: dict[tuple, str] = {}  # every boundary class of home, sharing, restriction and protection
    for resident in asked.world.residents:
        place = (classes.home_class(asked.world, "applewick", resident), classes.sharing_class(resident),
                 resident.restricted, resident.protected)
        by_class.setdefault(place, resident.ref)
    for (hat, purpose), got in answers.items():
        needs = {Action.RESIDENT_MATCH} if purpose == "match" else {Action.RESIDENT_SEE}
        with asked.work(hat, purpose, needs) as work:
            if work is None:
                assert got.residents == set()
                continue
            hidden = sorted({r.ref for r in asked.world.residents} - got.residents)
            sample = {*chance.sample(hidden, min(10, len(hidden))), *chance.sample(sorted(by_class.values()), 15),
                      *chance.sample(sorted(got.residents), min(10, len(got.residents)))}
            for ref in sample:
                one = work.session.get(Resident, key("resident", ref))
                if (one is not None) != (ref in got.residents):
                    wrong.append((hat.key, purpose, ref, "one by one"))
            asked_about = [key("resident", ref) for ref in {*sample, *got.residents}]
            labels = basis_of(work, "resident", asked_about)
            wanted = expected[hat, purpose]
            scopes = {asked.loaded.name_of[k]: set(map(str, basis.scopes)) for k, basis in labels.items()}
            if scopes != {ref: set(chain(*groups.values())) for ref, groups in wanted.items()}:
                wrong.append((hat.key, purpose, "labels"))
            wrong += [(hat.key, purpose, asked.loaded.name_of[k], "groups") for k, basis in labels.items()
                      if not set(wanted.get(asked.loaded.name_of[k], ())) <= set(map(str, basis.groups))]
            count["one by one"] += len(sample)
            count["labels"] += len(asked_about)
    print(f"\none by one: {count['one by one']}; labels: {count['labels']}")
    assert wrong == []
    assert count["one by one"] > 500 and count["labels"] > len(asked.world.residents)


class InWords:
    """The policy's own words, asked of Casbin one question at a time, put together with the rows where each scope holds
    and each mask bites. It uses neither the compiled reach nor what the rulebook remembers."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.rulebook = asked, asked.desk.shelf.shipped
        self.said: dict[tuple, bool] = {}
        self.found: dict[tuple, frozenset[str]] = {}

    def allows(self, hat: Hat, action: Action, group: Group, purpose: str, scope) -> bool:
        asked = (Role(hat.role), action, group, Purpose(purpose), scope)
        if asked not in self.said:
            self.said[asked] = self.rulebook.enforce(Role(hat.role), hat.organisation, hat.unit, action, group,
                                                     Purpose(purpose), scope)
        return self.said[asked]

    def rows(self, connection, hat: Hat, criterion, *extra) -> frozenset[str]:
        """Where a criterion holds, read as the administrator, whom row security does not touch."""
        known = (hat.person, hat.organisation, hat.unit, criterion, extra)
        if known not in self.found:
            table, world = Resident.__table__, self.asked.world
            values = {"jc_org": key("organisation", hat.organisation), "jc_person": key("person", hat.person),
                      "jc_unit": hat.unit or "-", "jc_now": world.now, "jc_today": world.today, "jc_on": world.on}
            found = connection.execute(select(table.c.id).where(criterion(table, *extra)), values)
            self.found[known] = frozenset(self.asked.loaded.name_of[k] for k, in found)
        return self.found[known]

    def sees(self, connection, hat: Hat, purpose: str) -> dict[str, dict[str, set[str]]]:
        action = Action.RESIDENT_MATCH if purpose == "match" else Action.RESIDENT_SEE
        seen: dict[str, dict[str, set[str]]] = {}
        for scope in SCOPES_OF[action.kind]:
            for group in RESIDENT_GROUPS:
                if self.allows(hat, action, group, purpose, scope):
                    by_group = (group,) if scope in ("assigned", "disclosed") else (None,)
                    rows = self.rows(connection, hat, SCOPES["resident", scope], *by_group)
                    for ref in rows - self._taken(connection, hat, purpose, scope, group):
                        seen.setdefault(ref, {}).setdefault(str(group), set()).add(str(scope))
        return seen

    def _taken(self, connection, hat: Hat, purpose: str, scope, group: Group) -> set[str]:
        taken: set[str] = set()
        for mask in self.rulebook.masks():
            if mask.takes(scope, group):
                bitten = set(self.rows(connection, hat, MASKS["resident", mask.word]))
                for lift in mask.lifts_for(Role(hat.role), Purpose(purpose)):
                    if scope in lift.scopes:
                        bitten -= self.rows(connection, hat, LIFTS["resident", lift.where])
                taken |= bitten
        return taken


def test_casbins_own_answers_over_the_whole_vocabulary_give_the_same_sight(
        asked: Asked, situations: list[Situation], expected) -> None:
    words, wrong = InWords(asked), []
    with asked.administrator.connect() as connection:
        for hat, purpose in situations:
            if hat.role in ("adviser", "team_leader") and purpose == "enquiry" and asked.contact(hat) is None:
                continue
            seen = words.sees(connection, hat, purpose)
            if seen != expected[hat, purpose]:
                wrong.append((hat.key, purpose, differences(set(seen), set(expected[hat, purpose]))))
    print(f"\nasked of Casbin: {len(words.said)}, of them yes: {sum(words.said.values())}; sets: {len(words.found)}")
    assert wrong == []
    assert {role for role, *_ in words.said} == set(map(Role, ROLES))


def test_row_security_alone_shows_the_oracles_floor_and_hides_nothing_that_the_guard_shows(
        asked: Asked, hats: list[Hat], answers: dict[Situation, Answers]) -> None:
    wrong, count = [], Counter()
    for hat in hats:
        wanted = floor(asked.decided, audience(hat), hat.organisation, hat.person)
        through_guard = [answers[hat, purpose] for purpose in PURPOSES]
        residents, requests = asked.wall(hat, "SELECT id FROM resident"), asked.wall(hat, "SELECT id FROM request")
        for kind, got, whole in (("resident", residents, wanted.residents), ("request", requests, wanted.requests)):
            if got != whole:
                wrong.append((hat.key, kind, differences(got, set(whole))))
            count[kind] += len(got)
        if not set().union(*(a.residents for a in through_guard)) <= residents:
            wrong.append((hat.key, "the wall hides residents that the guard shows"))
        if not {ref for a in through_guard for ref, _ in a.requests} <= requests:
            wrong.append((hat.key, "the wall hides requests that the guard shows"))
        for model in OF_A_RESIDENT:
            rows = asked.wall(hat, f"SELECT DISTINCT resident_id FROM {model.__tablename__}")
            if not rows <= wanted.residents:
                wrong.append((hat.key, model.__tablename__, differences(rows, set(wanted.residents) & rows)))
            count["parts"] += len(rows)
        from_others = asked.wall(hat, "SELECT DISTINCT merged_from FROM resident_need WHERE merged_from IS NOT NULL")
        if not from_others <= wanted.residents:
            wrong.append((hat.key, "taken over", differences(from_others, set(wanted.residents) & from_others)))
        for part in ("request_job", "request_copy", "request_note", "request_step", "assignment", "request_resident"):
            rows = asked.wall(hat, f"SELECT DISTINCT request_id FROM {part}")
            if part != "request_resident" and not rows <= wanted.requests:
                wrong.append((hat.key, part, differences(rows, set(wanted.requests) & rows)))
    print(f"\nrow security alone: {dict(count)}")
    assert wrong == []
    assert count["resident"] > len(asked.world.residents) and count["parts"] > count["resident"]
