"""A rulebook answers as its rows say, remembers, never changes, and lets nobody see half of a swap."""

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.metadata import packages_distributions, version
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import NotReady
from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, Group
from app.policy.purposes import Purpose
from app.policy.reading import read, written_model
from app.policy.rulebook import NOTHING, Rulebook, fingerprint
from app.policy.rules import EVERY, Effect, Grant, Inheritance, PolicyFiles, Tables, Vocabulary
from app.policy.sheets import PolicyRefused
from app.policy.words import SCOPES_OF, LiftWord, MaskWord, Role, ScopeWord
from tests.policy.papers import SHIPPED, SMALL, WORDS, line, with_lines

ROLES = (Role.ADVISER, Role.SERVICE_OFFICER, Role.TEAM_LEADER, Role.INFORMATION_OFFICER)
ACTIONS = (Action.RESIDENT_SEE, Action.REQUEST_SEE)
PURPOSES = (Purpose.ENQUIRY, Purpose.DELIVER)
SCOPES = (ScopeWord.HOME, ScopeWord.CONSENTED, ScopeWord.RESPONSIBLE)
GROUPS = (Group.NAME, Group.STUB, Group.SENSITIVE)
ORGANISATIONS = ("northshire", "eastford")
UNITS = (None, "roads", "care")
VOCABULARY = Vocabulary.of(ORGANISATIONS, {name: {"roads", "care"} for name in ORGANISATIONS})

some_grant = st.builds(
    Grant, role=st.sampled_from(ROLES), organisation=st.sampled_from((*ORGANISATIONS, EVERY)),
    unit=st.sampled_from(("roads", "care", EVERY)), action=st.sampled_from(ACTIONS),
    group=st.sampled_from((*GROUPS, EVERY)), purpose=st.sampled_from((*PURPOSES, EVERY)),
    scope=st.sampled_from(SCOPES), effect=st.sampled_from((Effect.ALLOW, Effect.ALLOW, Effect.DENY)),
    basis=st.none(), agreement=st.just("-"), owner=st.just("a test"), review=st.just(date(2027, 3, 31)))
some_grants = st.lists(some_grant, min_size=1, max_size=25, unique_by=lambda grant: (grant.words, grant.effect))
# Roles include only roles that stand before them here, so that there is no circle.
some_inheritances = st.sets(st.sampled_from([
    Inheritance(upper, lower) for place, upper in enumerate(ROLES) for lower in ROLES[:place]]))


def _includes(role: Role, wanted: Role, pairs: tuple[Inheritance, ...]) -> bool:
    return role is wanted or any(pair.role is role and _includes(pair.includes, wanted, pairs) for pair in pairs)


def _naive(tables: Tables, role: Role, organisation: str, unit: str | None, action: Action, group: Group,
           purpose: Purpose, scope: ScopeWord) -> bool:
    """What the rows say, read one by one."""
    effects = {grant.effect for grant in tables.grants
               if grant.action is action and grant.scope is scope
               and grant.organisation in ("*", organisation) and grant.unit in ("*", unit)
               and grant.group in ("*", group) and grant.purpose in ("*", purpose)
               and _includes(role, grant.role, tables.inheritances)}
    return effects == {Effect.ALLOW}


@settings(max_examples=60)
@given(some_grants, some_inheritances, st.data())
def test_what_is_allowed_is_what_the_rows_say(
        grants: list[Grant], pairs: set[Inheritance], data: st.DataObject) -> None:
    tables = Tables(written_model(), tuple(sorted(pairs, key=repr)), tuple(grants), ())
    rulebook = Rulebook(tables, VOCABULARY, "")
    hats = list(product(ROLES, ORGANISATIONS, UNITS))
    asked = data.draw(st.lists(st.sampled_from(hats), min_size=4, max_size=4, unique=True))
    for (role, organisation, unit), action, purpose in product(asked, ACTIONS, PURPOSES):
        said = rulebook.allowed(role, organisation, unit, action, purpose)
        naive = {(scope, group) for scope, group in product(SCOPES_OF[action.kind], GROUPS_OF[action.kind])
                 if _naive(tables, role, organisation, unit, action, group, purpose, scope)}
        assert {(scope, group) for scope, groups in said.items() for group in groups} == naive
        assert all(said.values())


@settings(max_examples=40)
@given(some_grants, some_inheritances, st.data())
def test_what_is_remembered_is_what_casbin_says_over_all_rules(
        grants: list[Grant], pairs: set[Inheritance], data: st.DataObject) -> None:
    tables = Tables(written_model(), tuple(sorted(pairs, key=repr)), tuple(grants), ())
    rulebook = Rulebook(tables, VOCABULARY, "")
    for _ in range(10):
        role, organisation, unit = (data.draw(st.sampled_from(words)) for words in (ROLES, ORGANISATIONS, UNITS))
        action, purpose = data.draw(st.sampled_from(ACTIONS)), data.draw(st.sampled_from(PURPOSES))
        scope = data.draw(st.sampled_from(sorted(SCOPES_OF[action.kind])))
        group = data.draw(st.sampled_from(sorted(GROUPS_OF[action.kind])))
        raw = rulebook.enforce(role, organisation, unit, action, group, purpose, scope)
        assert raw == (group in rulebook.allowed(role, organisation, unit, action, purpose).get(scope, frozenset()))
        assert raw == _naive(tables, role, organisation, unit, action, group, purpose, scope)


def test_random_tables_say_yes_and_no_and_deny() -> None:
    """The property above would prove little if the tables it draws were all of one kind."""
    seen: set[tuple[bool, bool]] = set()

    @settings(max_examples=60, database=None, derandomize=True)
    @given(some_grants)
    def draw(grants: list[Grant]) -> None:
        tables = Tables(written_model(), (), tuple(grants), ())
        for grant in grants:
            group = Group.NAME if grant.group == EVERY else Group(grant.group)
            purpose = PURPOSES[0] if grant.purpose == EVERY else Purpose(grant.purpose)
            organisation = ORGANISATIONS[0] if grant.organisation == EVERY else grant.organisation
            unit = None if grant.unit == EVERY else grant.unit
            seen.add((grant.effect is Effect.ALLOW, _naive(
                tables, grant.role, organisation, unit, grant.action, group, purpose, grant.scope)))

    draw()
    assert seen == {(True, True), (True, False), (False, False)}


def test_a_deny_beats_an_allow_whatever_their_order() -> None:
    everyone = line(group="birth", scope="consented")
    north = line(group="birth", scope="consented", organisation="northshire", effect="deny")
    for lines in ((everyone, north), (north, everyone)):
        rulebook = Rulebook.build(with_lines(*lines), *_words())
        see = (Action.RESIDENT_SEE, Purpose.ENQUIRY)
        assert ScopeWord.CONSENTED not in rulebook.allowed(Role.ADVISER, "northshire", None, *see)
        assert rulebook.allowed(Role.ADVISER, "eastford", None, *see)[ScopeWord.CONSENTED] == {Group.BIRTH}


def test_a_unit_narrows_and_a_hat_without_one_is_not_in_it() -> None:
    rulebook = Rulebook.build(with_lines(line(organisation="northshire", unit="roads", scope="consented")), *_words())
    see = (Action.RESIDENT_SEE, Purpose.ENQUIRY)
    assert ScopeWord.CONSENTED in rulebook.allowed(Role.ADVISER, "northshire", "roads", *see)
    assert ScopeWord.CONSENTED not in rulebook.allowed(Role.ADVISER, "northshire", "care", *see)
    assert ScopeWord.CONSENTED not in rulebook.allowed(Role.ADVISER, "northshire", None, *see)
    assert ScopeWord.HOME in rulebook.allowed(Role.ADVISER, "northshire", None, *see)


@pytest.mark.parametrize(("organisation", "unit"), [
    ("", None), ("*", None), ("-", None), ("westmere", None), ("northshire", "*"), ("northshire", "sewers"),
    ("eastford", "roads")])
def test_whoever_is_not_of_the_partnership_is_allowed_nothing(
        shipped: Rulebook, organisation: str, unit: str | None) -> None:
    assert shipped.allowed(Role.ADVISER, organisation, unit, Action.PLACE_LOOKUP, Purpose.ENQUIRY) == NOTHING
    assert not shipped.enforce(Role.ADVISER, organisation, unit, Action.PLACE_LOOKUP, Group.NONE, Purpose.ENQUIRY,
                               ScopeWord.ANY)


def test_a_word_outside_the_vocabulary_is_never_asked(shipped: Rulebook) -> None:
    with pytest.raises(ValueError, match="'chief'"):
        shipped.allowed("chief", "northshire", None, Action.RESIDENT_SEE, Purpose.ENQUIRY)  # type: ignore[arg-type]


def test_an_answer_is_remembered_and_cannot_be_changed(shipped: Rulebook) -> None:
    question = (Role.ADVISER, "northshire", None, Action.RESIDENT_SEE, Purpose.ENQUIRY)
    answer = shipped.allowed(*question)
    assert shipped.allowed(*question) is answer
    with pytest.raises(TypeError):
        answer[ScopeWord.KEPT] = frozenset({Group.NAME})  # type: ignore[index]
    assert isinstance(answer[ScopeWord.HOME], frozenset)


def test_a_policy_without_a_line_refuses_to_be_built() -> None:
    with pytest.raises(PolicyRefused, match="nothing is allowed at all"):
        Rulebook.build(replace(SMALL, grants=SMALL.grants.splitlines()[0] + "\n"), *_words())


def test_a_rule_that_casbin_would_swallow_is_not_lost() -> None:
    tables = read(SMALL, WORDS)
    with pytest.raises(NotReady, match="a rule was not taken"):
        Rulebook(replace(tables, grants=tables.grants * 2), WORDS, "")


def test_a_rulebook_at_hand_is_given_back_for_what_it_says_and_for_nothing_else() -> None:
    one, other = (Rulebook.build(files, *_words()) for files in (SMALL, with_lines(line())))
    assert Rulebook.build(SMALL, *_words(), like=one) is one
    for files, like, right in ((SMALL, other, one), (with_lines(line()), one, other)):
        built = Rulebook.build(files, *_words(), like=like)
        assert (built.fingerprint, built.grants()) == (right.fingerprint, right.grants()) and built is not like


def test_the_fingerprint_tells_every_word_and_neither_order_nor_notes() -> None:
    def print_of(files: PolicyFiles) -> str:
        return Rulebook.build(files, *_words()).fingerprint

    whole = print_of(SHIPPED)
    assert len(whole) == 64
    head, *lines = [each for each in SHIPPED.grants.splitlines() if each and not each.startswith("#")]
    assert print_of(replace(SHIPPED, grants="\n".join([head, *reversed(lines)]))) == whole
    assert print_of(replace(SHIPPED, matrix=f"\n# A note.\n\n{SHIPPED.matrix}")) == whole
    spoilt = {
        print_of(replace(SHIPPED, grants=SHIPPED.grants.replace("past,allow", "past,deny", 1))),
        print_of(replace(SHIPPED, grants=SHIPPED.grants.replace("customer services", "customer care", 1))),
        print_of(replace(SHIPPED, grants=SHIPPED.grants.replace("2027-03-31", "2027-04-01", 1))),
        print_of(replace(SHIPPED, grants=SHIPPED.grants.replace("public_task", "legal_obligation", 1))),
        print_of(replace(SHIPPED, grants=SHIPPED.grants.replace("in-force", "agreement-1", 1))),
        print_of(replace(SHIPPED, roles="role,includes\n")),
        print_of(replace(SHIPPED, masks=SHIPPED.masks.replace("team_leader,*,home", "team_leader,*,keeper"))),
        print_of(replace(SHIPPED, matrix=SHIPPED.matrix.replace("taken,intake", "home,intake"))),
    }
    assert len(spoilt) == 8
    assert whole not in spoilt


def test_nothing_of_a_rulebook_is_in_its_repr_but_its_fingerprint(shipped: Rulebook) -> None:
    assert repr(shipped) == f"<Rulebook {shipped.fingerprint[:12]}>"


def test_one_distribution_provides_casbin_and_its_evaluator_is_no_old_one() -> None:
    assert set(packages_distributions()["casbin"]) == {"pycasbin"}
    assert tuple(map(int, version("simpleeval").split("."))) >= (1, 0, 8)


def test_the_model_evaluates_no_text_of_a_rule() -> None:
    assert "eval" not in SHIPPED.model and "eval" not in written_model()


@pytest.fixture
def often_switching() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("often_switching")
def test_whoever_asks_while_policies_are_swapped_gets_one_whole_policy() -> None:
    wide = read(with_lines(line(group="birth needs", scope="consented")), WORDS)
    narrow = read(SMALL, WORDS)
    see = (Role.ADVISER, "northshire", None, Action.RESIDENT_SEE, Purpose.ENQUIRY)
    home = {ScopeWord.HOME: frozenset({Group.NAME, Group.ADDRESS})}
    right = (home | {ScopeWord.CONSENTED: frozenset({Group.BIRTH, Group.NEEDS})}, home)
    books = [Rulebook((wide, narrow)[number % 2], WORDS, str(number)) for number in range(60)]
    live, wrong, asked = [books[0]], [], [0] * 4
    together, over = threading.Barrier(5), threading.Event()

    def ask(who: int) -> None:
        together.wait()
        while not over.is_set() or asked[who] < 60:
            book = live[0]
            number = int(book.fingerprint)
            if book.allowed(*see) != right[number % 2]:
                wrong.append(number)
            if book.enforce(*see[:4], Group.BIRTH, Purpose.ENQUIRY, ScopeWord.CONSENTED) != (number % 2 == 0):
                wrong.append(number)
            asked[who] += 1

    threads = [threading.Thread(target=ask, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    together.wait()
    for before, after in pairwise(books):
        assert live[0] is before
        live[0] = after
        assert after.allowed(*see) == right[int(after.fingerprint) % 2]
    over.set()
    for thread in threads:
        thread.join(60)
    assert not wrong
    assert min(asked) >= 60


@pytest.mark.usefixtures("often_switching")
def test_many_who_ask_a_cold_rulebook_the_same_at_once_get_one_answer() -> None:
    rulebook = Rulebook.build(SHIPPED, *_words())
    together, answers = threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        answers.append(rulebook.allowed(Role.ADVISER, "northshire", None, Action.RESIDENT_SEE, Purpose.ENQUIRY))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 8
    assert {id(answer) for answer in answers} == {id(answers[0])}


def test_two_policies_that_differ_have_different_fingerprints_from_their_tables_alone() -> None:
    tables = read(SMALL, WORDS)
    assert fingerprint(tables) != fingerprint(replace(tables, grants=tables.grants[:1]))


def _words() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    return WORDS.organisations, dict(WORDS.units)


def test_a_lift_spares_what_the_mask_takes_and_where_it_stands_only(shipped: Rulebook) -> None:
    mask = next(each for each in shipped.masks() if each.word is MaskWord.PROTECTED)
    of = (Group.ADDRESS, Role.TEAM_LEADER, Purpose.ENQUIRY)
    home, kept, nothing = {ScopeWord.HOME}, {ScopeWord.KEPT}, frozenset()
    assert mask.sorts(home, *of, {LiftWord.HOME}) == (nothing, home)
    assert mask.sorts(home | kept, *of, {LiftWord.HOME}) == (kept, home)
    assert mask.sorts(home, *of, {LiftWord.KEEPER}) == (home, nothing)
    assert mask.sorts(home, of[0], Role.ADVISER, of[2], {LiftWord.HOME}) == (home, nothing)
    assert mask.sorts(home, Group.NAME, *of[1:], {LiftWord.HOME}) == (nothing, nothing)
