"""Rules that forbid each other, say what is said already or can never decide are named with line, sentence and mend."""

from dataclasses import replace

import pytest

from app.policy.judging import NOWHERE, Doubt, doubts
from app.policy.reading import read
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles, Vocabulary
from app.policy.scopes import SCOPES
from app.policy.words import OVER_RESIDENTS, SCOPES_OF, decides
from tests.policy.papers import GOOD, SHIPPED, WORDS, line, line_of, with_lines
from tests.proof.mapped import registered

KINDS = Vocabulary.of(WORDS.organisations, WORDS.units,
                      {"northshire": "council", "eastford": "council", "swiftfix": "contractor"})
HEIR = "role,includes\nteam_leader,adviser\n"
JOB = {"role": "contractor", "action": "request:see", "group": "job", "purpose": "deliver", "scope": "assigned",
       "agreement": "in-force"}


def doubts_of(files: PolicyFiles, words: Vocabulary = KINDS) -> tuple[Doubt, ...]:
    return doubts(read(files, words), words)


def test_the_shipped_policy_gives_no_doubt(shipped: Rulebook) -> None:
    assert doubts_of(SHIPPED) == ()
    assert doubts(shipped.tables, Vocabulary()) == () == doubts(shipped.tables, WORDS)


# The lines besides the good one (line 3 and on), and of the one doubt: its line, a word of the problem, a word of the mend.
DOUBTFUL = [
    ("an allow that a deny beats whole", [line(), line(organisation="northshire"), line(effect="deny", group="*")], None,
     [(2, "forbidden by line 5"), (3, "forbidden by line 5"), (4, "forbidden by line 5")]),
    ("a group of an allow that a deny beats", [
        line(group="birth needs"), line(group="needs", effect="deny", organisation="eastford"),
        line(group="needs", effect="deny", organisation="northshire")], None,
     [(3, "all that it allows of needs is forbidden by lines 4 and 5")]),
    ("what a wider line gives, and a deny elsewhere", [
        line(group="birth needs"), line(group="needs", organisation="northshire", unit="care"),
        line(group="needs", effect="deny", scope="consented")], None,
     [(4, "line 3 gives all of it already"), (5, "nothing allows what it forbids")]),
    ("a group that two denies beat together", [line(), line(organisation="eastford", effect="deny"),
                                               line(organisation="northshire", effect="deny")], None,
     [(3, "forbidden by lines 4 and 5")]),
    ("one council's allow within every council's", [line(), line(organisation="northshire")], None,
     [(4, "line 3 gives all of it already")]),
    ("a unit's allow within the council's", [line(organisation="northshire"), line(organisation="northshire", unit="care")],
     None, [(4, "line 3 gives all of it already")]),
    ("what is inherited", [line(), line(role="team_leader")], HEIR, [(4, "line 3 gives all of it already")]),
    ("what several lines give together", [line(group="birth"), line(group="needs"),
                                          line(organisation="northshire", group="birth needs")], None,
     [(5, "lines 3 and 4 give all of it already")]),
    ("a deny within a deny", [line(), line(effect="deny", organisation="northshire"),
                              line(effect="deny", organisation="northshire", unit="care")], None,
     [(5, "line 4 forbids all of it already")]),
    ("a deny of what nothing allows", [line(effect="deny", scope="kept")], None, [(3, "nothing allows what it forbids")]),
    ("a council's right for a partner", [line(), line(role="contractor", effect="deny", scope="home")], None,
     [(4, "home holds for councils only")]),
    ("a partner's right for a council", [line(scope="assigned", agreement="in-force")], None,
     [(3, "assigned holds for partners only")]),
    ("a disclosure of a request", [line(action="request:see", group="stub", purpose="protect", scope="disclosed")], None,
     [(3, "disclosed holds for no request")]),
    ("a role that the organisation has not", [line(**JOB, organisation="northshire")], None,
     [(3, "nobody of northshire is contractor")]),
    ("an inheritance of nothing", [], "role,includes\nteam_leader,service_manager\n", [(2, "team_leader gains nothing")]),
    ("an inheritance that is there already", [], HEIR + "service_officer,team_leader\nservice_officer,adviser\n",
     [(3, "service_officer gains nothing"), (4, "service_officer gains nothing")]),
]


@pytest.mark.parametrize(("lines", "roles", "found"), [each[1:] for each in DOUBTFUL], ids=[each[0] for each in DOUBTFUL])
def test_a_doubt_is_named_with_its_line(lines: list[str], roles: str | None, found: list[tuple[int, str]]) -> None:
    told = [doubt for doubt in doubts_of(with_lines(*lines, roles=roles or "role,includes\n")) if doubt.file != "masks.csv"]
    assert [doubt.line for doubt in told] == [number for number, _ in found], told
    for doubt, (_, problem) in zip(told, found, strict=True):
        assert problem in doubt.problem
        assert doubt.mend.endswith(".") and doubt.sentence.endswith(".") and doubt.sentence in str(doubt)


def test_what_is_loaded_no_more_is_for_nobody() -> None:
    tables = read(with_lines(line(organisation="northshire", unit="care"), line(organisation="eastford")), KINDS)
    fewer = Vocabulary.of({"northshire", "swiftfix"}, {"northshire": {"roads"}})
    assert [(doubt.line, doubt.problem) for doubt in doubts(tables, fewer) if doubt.file == "grants.csv"] == [
        (3, "the unit care is not loaded, so it is for nobody"), (4, "eastford is not loaded, so it is for nobody")]


def test_a_deny_that_must_be_written_for_an_heir_is_no_repetition() -> None:
    both = [line(), line(effect="deny", organisation="northshire"),
            line(role="team_leader", effect="deny", organisation="northshire")]
    assert [doubt.line for doubt in doubts_of(with_lines(*both, roles=HEIR)) if doubt.file == "grants.csv"] == []


@pytest.mark.parametrize(("old", "new", "idle", "out"), [
    ("protected,lifts,home taken,-,team_leader", "protected,lifts,home taken responsible,-,team_leader", "responsible",
     "responsible"),
    ("protected,lifts,home taken,-,team_leader", "protected,lifts,home taken past,-,team_leader", "past", "past"),
    ("protected,lifts,home taken,-,team_leader", "protected,lifts,home taken,-,contractor", "home and taken", "the line"),
    ("restricted,lifts,kept,-,information_officer,rights", "restricted,lifts,kept,-,information_officer,enquiry", "kept",
     "the line"),
])
def test_a_lift_that_spares_nobody_is_named(old: str, new: str, idle: str, out: str) -> None:
    assert old in SHIPPED.masks
    files = replace(SHIPPED, masks=SHIPPED.masks.replace(old, new))
    doubt, = doubts_of(files)
    assert (doubt.file, doubt.line) == ("masks.csv", line_of(files.masks, new.rpartition(",")[0]))
    assert (doubt.problem, doubt.mend) == (f"it spares nobody through {idle}", f"Take {out} out.")


def test_actions_that_no_page_asks_for_are_named_where_the_pages_are_known(shipped: Rulebook) -> None:
    asked = {need for route in registered() if isinstance(route.needs, tuple | list | set | frozenset)
             for need in (*route.needs, *route.also)}
    told = doubts(shipped.tables, WORDS, asked)
    unused = {grant.action for grant in shipped.grants() if grant.line in {doubt.line for doubt in told}}
    # Figures have no page yet, and chasing is done with whoever works on a request.
    assert {str(action) for action in unused} == {"figures:read", "request:chase"}
    assert all("no page, call or job asks for" in doubt.problem for doubt in told)


def test_where_a_right_is_said_to_hold_nowhere_there_is_no_sql_for_it() -> None:
    registered()
    without = {(kind, scope) for kind, scopes in SCOPES_OF.items() for scope in scopes & OVER_RESIDENTS
               if (decides(kind, scope) or "", scope) not in SCOPES}
    assert without == NOWHERE
    assert GOOD.startswith("adviser")
