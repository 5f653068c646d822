"""What a council withholds of its own residents is read strictly, told in a sentence that makes the same rule, only takes away, and
leaves what the law asks for; a policy without any is the policy it was."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.drafts.alike import Kind
from app.drafts.eyes import SHOWN, Eyes, hats
from app.policy import examples
from app.policy.actions import Action
from app.policy.comparing import differences
from app.policy.examples import run
from app.policy.explain import Hat, Outcome, Question, explain
from app.policy.groups import Group
from app.policy.judging import doubts
from app.policy.narrowings import NARROWINGS, NARROWINGS_HEADER
from app.policy.phrasing import read_back
from app.policy.plainly import Plain
from app.policy.purposes import Purpose
from app.policy.reading import read
from app.policy.rulebook import Rulebook
from app.policy.rules import EVERY, Narrowing, PolicyFiles, Tables, Vocabulary
from app.policy.sentences import narrowing_sentence
from app.policy.sheets import PolicyRefused
from app.policy.situations import Disclosure, Facts, Job, Matter, Sharing, Whose
from app.policy.trying import coverage
from app.policy.words import Of, Role, ScopeWord
from app.policy.writing import narrowings_file
from tests.policy import drawn
from tests.policy.papers import SHIPPED, WORDS, faults_of

HEADER = ",".join(NARROWINGS_HEADER)
NEEDS = "northshire,needs,*,contractor,they do the work without it,information governance,2027-03-31"
KINDS = Vocabulary.of(WORDS.organisations, {"northshire": {"roads", "care"}},
                      {"northshire": "council", "eastford": "council", "swiftfix": "contractor"})
WHOLE = read(SHIPPED, KINDS)
OTHER = Facts(Whose.OTHER, Whose.OTHER, Sharing.GIVEN, job=Job.OPEN, matter=frozenset({Matter.RESPONSIBLE}), of="northshire")
OWN = replace(OTHER, home=Whose.OWN, keeper=Whose.OWN, job=Job.NONE, disclosure=Disclosure.OPEN)


def sheet(*lines: str) -> PolicyFiles:
    return replace(SHIPPED, narrowings="\n".join([HEADER, *lines]) + "\n")


def cells(**changed: str) -> str:
    return ",".join((dict(zip(NARROWINGS_HEADER, NEEDS.split(","), strict=True)) | changed).values())


# What is wrong, the cells, the column that is named, a word of the mend.
SPOILT = [
    ("a council that there is not", {"council": "northshre"}, "council", "Did you mean northshire?"),
    ("a partner's residents", {"council": "swiftfix"}, "council", "Use one of: eastford, northshire"),
    ("a group that there is not", {"groups": "name neds"}, "groups", "Did you mean needs?"),
    ("what is not of a record", {"groups": "stub"}, "groups", "Use one of"),
    ("equality", {"groups": "equality"}, "groups", "Take equality out"),
    ("an organisation that there is not", {"organisations": "swiftfx"}, "organisations", "Did you mean swiftfix?"),
    ("everybody beside somebody", {"organisations": "* swiftfix"}, "organisations", "Or write * alone"),
    ("no organisation", {"organisations": ""}, "organisations", "Or write * alone"),
    ("an organisation twice", {"organisations": "eastford eastford"}, "organisations", "Take one"),
    ("a role that there is not", {"roles": "contracter"}, "roles", "Did you mean contractor?"),
    ("a role twice", {"roles": "adviser adviser"}, "roles", "Take one"),
    ("no reason", {"reason": ""}, "reason", "Write the reason"),
    ("a dash for a reason", {"reason": "-"}, "reason", "Write the reason"),
    ("a reason that would end its sentence", {"reason": "one; two"}, "reason", "with a comma"),
    ("nobody who answers", {"owner": "-"}, "owner", "Write who does"),
    ("no day", {"review": "31.3.2027"}, "review", "2027-03-31"),
    ("the council's own information officer", {"organisations": "northshire", "roles": "adviser information_officer"}, "roles",
     "Take information_officer or northshire out"),
]


@pytest.mark.parametrize(("changed", "column", "mend"), [each[1:] for each in SPOILT], ids=[each[0] for each in SPOILT])
def test_a_spoilt_line_is_refused_with_its_place_and_a_mend(changed: dict[str, str], column: str, mend: str) -> None:
    faults = faults_of(sheet(cells(**changed)), KINDS)
    assert [(fault.file, fault.line) for fault in faults] == [(NARROWINGS, 2)] * len(faults)
    assert any(fault.column == column and mend in fault.mend for fault in faults), faults


def test_the_line_that_every_spoilt_one_is_made_from_is_taken_once() -> None:
    assert faults_of(sheet(NEEDS), KINDS) == () and len(read(sheet(NEEDS), KINDS).narrowings) == 1
    assert [fault.problem for fault in faults_of(sheet(NEEDS, NEEDS), KINDS)] == ["line 2 says the same"]
    assert "the header is" in faults_of(replace(SHIPPED, narrowings=NEEDS), KINDS)[0].problem
    assert "7" in faults_of(sheet("northshire,needs"), KINDS)[0].problem


def test_a_policy_without_the_sheet_is_read_as_one_that_withholds_nothing_and_is_the_same_policy() -> None:
    organisations = sorted(WORDS.organisations)
    without, empty, header = (Rulebook.build(files, organisations) for files in (
        PolicyFiles.of({name: text for name, text in SHIPPED.content.items() if name != NARROWINGS}),
        replace(SHIPPED, narrowings=""), sheet()))
    withheld = Rulebook.build(sheet(NEEDS), organisations)
    assert without.fingerprint == empty.fingerprint == header.fingerprint != withheld.fingerprint
    others = {Rulebook.build(sheet(cells(**each)), organisations).fingerprint for each in (
        {"groups": "name"}, {"organisations": "swiftfix"}, {"roles": "*"}, {"reason": "another"}, {"owner": "another"},
        {"review": "2028-03-31"}, {"council": "eastford"})}
    assert len(others) == 7 and withheld.fingerprint not in others


@settings(max_examples=80)
@given(st.lists(drawn.narrowings(), max_size=3))
def test_a_narrowing_comes_back_from_its_sentence_and_from_its_line(narrowings: list[Narrowing]) -> None:
    for each in narrowings:
        assert read_back(narrowing_sentence(each), WORDS) == each, narrowing_sentence(each)
    different = {(each.council, each.groups, each.organisations, each.roles): each for each in narrowings}
    tables = replace(WHOLE, narrowings=tuple(different.values()))
    assert read(replace(SHIPPED, narrowings=narrowings_file(tables)), WORDS) == tables


def test_a_slip_in_the_sentence_is_named_with_the_nearest_phrase() -> None:
    said = narrowing_sentence(read(sheet(cells(groups="name needs", organisations="swiftfix eastford")), WORDS).narrowings[0])
    assert said == ("Of its own residents, northshire withholds names and needs in how a service is delivered from contractors'"
                    " staff of eastford and swiftfix, because they do the work without it; information governance answers for"
                    " this and reviews it by 31 March 2027.")
    for old, new, column, mend in [
            ("northshire", "northshir", "council", "Did you mean northshire?"), ("withholds", "keeps", "groups", "withholds"),
            ("names and", "nams and", "group", "names?"), ("contractors'", "kontractors'", "roles", "contractors' staff?"),
            (", because they do the work without it", "", "reason", "because"),
            ("eastford and", "eastfort and", "organisations", "eastford"),
            ("eastford and swiftfix", "swiftfix and swiftfix", "organisations", "Take one")]:
        with pytest.raises(PolicyRefused) as refused:
            read_back(said.replace(old, new), WORDS)
        fault, = refused.value.faults
        assert mend in fault.mend and (fault.column == column or column == "group"), fault


def narrowed(*changed: dict[str, str]) -> Tables:
    return read(sheet(*(cells(**each) for each in changed)), KINDS)


LOOKING = frozenset({Action.RESIDENT_SEE, Action.REQUEST_SEE})


@settings(max_examples=12)
@given(st.lists(drawn.narrowings(), min_size=1, max_size=2), st.sampled_from([Purpose.ENQUIRY, Purpose.DELIVER, Purpose.RIGHTS]))
def test_a_narrowing_never_adds_sight(narrowings: list[Narrowing], purpose: Purpose) -> None:
    before, after = Plain(WHOLE, KINDS), Plain(replace(WHOLE, narrowings=tuple(narrowings)), KINDS)
    for wearer in hats(KINDS):
        had, has = (Eyes.of(policy, wearer, purpose, LOOKING) for policy in (before, after))
        for kind, facts in product((Kind.RESIDENT, Kind.REQUEST), (OTHER, OWN)):
            for group in SHOWN[kind]:
                one, other = (eyes.through(kind, group, frozenset({facts})) for eyes in (had, has))
                assert other <= one
                assert other >= one & {ScopeWord.KEPT, ScopeWord.DISCLOSED}, "what the law asks for stays"
                if (wearer.role, wearer.organisation) in {(Role.INFORMATION_OFFICER, each.council) for each in narrowings[:1]}:
                    assert len(narrowings) > 1 or other == one, "its own information officer is spared"


# What is withheld, the role and organisation that asks, the facts, whether needs are seen.
SEEN = [
    ({}, Role.CONTRACTOR, "swiftfix", OTHER, False),
    ({}, Role.CONTRACTOR, "swiftfix", replace(OTHER, of="eastford"), True),
    ({}, Role.CONTRACTOR, "swiftfix", replace(OTHER, of=""), True),
    ({}, Role.ADVISER, "eastford", OTHER, True),
    ({"groups": "name"}, Role.CONTRACTOR, "swiftfix", OTHER, True),
    ({"roles": "*"}, Role.ADVISER, "eastford", OTHER, False),
    ({"roles": "*"}, Role.ADVISER, "northshire", OWN, False),
    ({"roles": "*", "organisations": "eastford"}, Role.ADVISER, "northshire", OWN, True),
    ({"roles": "*", "organisations": "eastford"}, Role.ADVISER, "eastford", OTHER, False),
    ({"roles": "*", "groups": "*"}, Role.INFORMATION_OFFICER, "northshire", OWN, True),
    ({"roles": "adviser", "organisations": "eastford"}, Role.TEAM_LEADER, "eastford", OTHER, True),
]


@pytest.mark.parametrize(("changed", "role", "organisation", "facts", "seen"), SEEN)
def test_it_is_withheld_from_those_it_names_and_from_nobody_else(
        changed: dict[str, str], role: Role, organisation: str, facts: Facts, seen: bool) -> None:
    purpose = {Role.CONTRACTOR: Purpose.DELIVER, Role.INFORMATION_OFFICER: Purpose.RIGHTS}.get(role, Purpose.ENQUIRY)
    wearer = next(each for each in hats(KINDS) if (each.role, each.organisation, each.unit) == (role, organisation, "-"))
    eyes = Eyes.of(Plain(narrowed(changed), KINDS), wearer, purpose, frozenset({Action.RESIDENT_SEE}))
    assert bool(eyes.through(Kind.RESIDENT, Group.NEEDS, frozenset({facts}))) is seen


def test_history_takes_the_requests_that_agreement_alone_shows() -> None:
    history, = narrowed({"groups": "history"}).narrowings
    assert history.takes(ScopeWord.CONSENTED, Group.STUB) and history.takes(ScopeWord.HOME, Group.HISTORY)
    assert not history.takes(ScopeWord.RESPONSIBLE, Group.STUB) and not history.takes(ScopeWord.HOME, Group.STUB)


EXAMPLES = ",".join(examples.HEADER)
EXPECTED = """
Contractors do their jobs for northshire without needs,R3,contractor,,,deliver,resident:see,needs,northshire,,,,,,open,,,no
But those for eastford with them,R3,contractor,,,deliver,resident:see,needs,eastford,,,,,,open,,,yes
What northshire withholds takes nothing else,R3,contractor,,,deliver,resident:see,name address channels,northshire,,,,,,open,,,yes
Its own advisers see them,R1,adviser,northshire,,enquiry,resident:see,needs,northshire,,,,,,,,,yes
An adviser of the other council sees them by agreement,R2,adviser,eastford,,enquiry,resident:see,needs,northshire,,given,,,,,,,yes
"""


def test_worked_examples_that_name_the_council_try_it_and_the_others_are_about_the_partnerships_policy() -> None:
    told = examples.read(EXAMPLES + EXPECTED, KINDS)
    policy = Plain(narrowed({}), KINDS)
    assert [outcome.right for outcome in run(policy, told)] == [True] * 5
    assert [outcome.right for outcome in run(Plain(WHOLE, KINDS), told)] == [False, *[True] * 4]
    shipped = examples.read(SHIPPED.examples, KINDS)
    assert all(outcome.right for outcome in run(Plain(narrowed({"groups": "*", "roles": "*"}), KINDS), shipped))
    line = next(each for each in coverage(policy, told).lines if each.line.file == NARROWINGS)
    assert [each.name for each in line.missed_by] == ["Contractors do their jobs for northshire without needs"]
    with pytest.raises(PolicyRefused, match="keeps the record"):
        examples.read(EXAMPLES + EXPECTED.replace("northshire,,,,,,open", "northshire,own,,,,,open"), KINDS)


def test_why_names_the_narrowing_as_what_decides_and_what_would_end_it() -> None:
    book = Rulebook.build(sheet(NEEDS), WORDS.organisations, kinds=KINDS.kinds)
    asked = Question(Hat(Role.CONTRACTOR, "swiftfix"), Action.RESIDENT_SEE, Group.NEEDS, Purpose.DELIVER,
                     frozenset({ScopeWord.ASSIGNED}), frozenset({Of("northshire")}))
    told = explain(book, asked)
    assert told.outcome is Outcome.FORBIDDEN
    assert told.because[0].startswith("Of its own residents, northshire withholds needs in how a service is delivered from")
    assert told.because[1].startswith("It overrides: Contractors' staff may see")
    assert ("northshire would have to withhold needs in how a service is delivered from contractors' staff no longer."
            in told.would_change)
    assert explain(book, replace(asked, biting=frozenset({Of("eastford")}))).outcome is Outcome.YES
    assert explain(book, replace(asked, group=Group.NAME)).outcome is Outcome.YES


def test_a_change_of_one_is_told_and_what_says_nothing_is_doubted() -> None:
    added, = differences(WHOLE, narrowed({}))
    assert str(added).startswith("added narrowing: Of its own residents, northshire withholds needs")
    more, = differences(narrowed({}), narrowed({"groups": "needs birth"}))
    assert (more.gained, more.lost) == (("the date of birth",), ()) and differences(narrowed({}), narrowed({})) == ()
    found = doubts(narrowed({}, {"roles": "*"}, {"groups": "sensitive"}), KINDS)
    assert [each.problem for each in found if each.file == NARROWINGS] == [
        "line 3 withholds all of it already", "nobody who is meant has any of it"]
    assert narrowed({}).narrowings[0].review == date(2027, 3, 31) and EVERY in narrowed({}).narrowings[0].organisations


@pytest.mark.parametrize(("wide", "narrow"), [
    ({"groups": "needs birth"}, {}), ({"organisations": "*"}, {"organisations": "swiftfix"}), ({"roles": "*"}, {}),
    ({"roles": "contractor voluntary"}, {}), ({"organisations": "swiftfix eastford"}, {"organisations": "swiftfix"}),
])
def test_what_another_line_withholds_too_is_doubted_and_the_wider_line_is_not(wide: dict[str, str], narrow: dict[str, str]) -> None:
    def repeated(*lines: dict[str, str]) -> list[int]:
        return [each.line for each in doubts(narrowed(*lines), KINDS) if each.problem.endswith("withholds all of it already")]

    assert repeated(wide, narrow) == [3] and repeated(narrow, wide) == [2]
    assert repeated({**wide, "council": "eastford"}, narrow) == []


def test_which_requests_there_were_is_history_to_whom_agreement_alone_shows_them() -> None:
    history, = narrowed({"groups": "history"}).narrowings
    assert history.takes(ScopeWord.CONSENTED, Group.STUB) and not history.takes(ScopeWord.ASSIGNED, Group.STUB)
    assert history.takes(ScopeWord.ASSIGNED, Group.HISTORY) and not history.takes(ScopeWord.DISCLOSED, Group.HISTORY)
