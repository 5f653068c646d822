"""Every sentence of the policy makes exactly the rule that it was written from, and a slip in one is named with a mend."""

import pytest
from hypothesis import given, settings

from app.policy.phrasing import read_back
from app.policy.rulebook import Rulebook
from app.policy.rules import Grant, Inheritance, Lift, Mask
from app.policy.sentences import (
    by_line,
    grant_sentence,
    inheritance_sentence,
    lift_sentence,
    taking_sentence,
)
from app.policy.sheets import PolicyRefused
from app.policy.words import MaskWord
from tests.policy import drawn
from tests.policy.papers import WORDS

GOOD = ("Advisers of northshire in the unit care may see residents' records, namely names and addresses, where the"
        " resident's home council is theirs, to handle an enquiry, on the lawful basis of a public task; customer"
        " services answers for this and reviews it by 31 March 2027.")
LIFTED = ("Where the resident is protected, we spare team leaders at the home council what is reached through being the"
          " home council, for any purpose; customer services answers for this and reviews it by 31 March 2027.")


@settings(max_examples=150)
@given(drawn.lines())
def test_a_line_of_grants_comes_back_from_its_sentence(line: tuple[Grant, ...]) -> None:
    said = grant_sentence(*line)
    back = read_back(said, WORDS, 7)
    assert back == line and [grant.line for grant in back] == [7] * len(line)
    assert said.count(". ") == f"{line[0].owner} ".count(". ") and said.endswith(".")


@settings(max_examples=60)
@given(drawn.masks, drawn.lifts(), drawn.inheritances)
def test_masks_lifts_and_inheritances_come_back_from_theirs(
        mask: Mask, lifted: tuple[MaskWord, Lift], pair: Inheritance) -> None:
    assert read_back(taking_sentence(mask), WORDS) == mask
    assert read_back(lift_sentence(*lifted), WORDS) == lifted
    assert read_back(inheritance_sentence(pair), WORDS) == pair


def test_the_shipped_policy_comes_back_whole(shipped: Rulebook) -> None:
    for line in by_line(shipped.grants()):
        assert read_back(grant_sentence(*line), WORDS) == line
    for mask in shipped.masks():
        assert [read_back(lift_sentence(mask.word, lift), WORDS) for lift in mask.lifts] == [
            (mask.word, lift) for lift in mask.lifts]


def test_capitals_spaces_curly_apostrophes_and_a_missing_full_stop_make_no_difference() -> None:
    typed = GOOD.replace("'", "’").replace(" may ", "  MAY ").replace("namely Names", "namely names").rstrip(".")
    assert read_back(typed, WORDS) == read_back(GOOD, WORDS)


# What is changed in a good sentence, into what, the column that is named, a word of the problem, a word of the mend.
SLIPS = [
    (GOOD, "Advisers", "Advisors", "role", "at the beginning", "Did you mean advisers?"),
    (GOOD, "northshire", "northshir", "organisation", "after “Advisers of”", "Did you mean northshire?"),
    (GOOD, "unit care", "unit car", "unit", "a unit of northshire", "Did you mean care?"),
    (GOOD, " may ", " might ", "effect", "“might see residents' records”", "“may” or “must not”"),
    (GOOD, "see residents'", "sea residents'", "action", "after “the unit care may”", "see residents' records?"),
    (GOOD, "names and", "name and", "group", "“name”", "Did you mean names?"),
    (GOOD, "addresses,", "adresses,", "group", "“adresses”", "Did you mean addresses?"),
    (GOOD, "names and addresses", "names and names", "group", "named twice", "Take one"),
    (GOOD, ", namely names and addresses", "", "group", "which parts", "namely"),
    (GOOD, "is theirs", "is hers", "scope", "after “names and addresses, where”",
     "the resident's home council is theirs?"),
    (GOOD, "handle an enquiry", "handle an inquiry", "purpose", "“handle an inquiry”", "handle an enquiry?"),
    (GOOD, "a public task", "a pubic task", "basis", "“a pubic task”", "a public task?"),
    (GOOD, "; customer", ", under the agreement Bins; customer", "agreement", "“Bins”", "short name"),
    (GOOD, "; customer services answers for this", "", "owner", "who answers", "customer services"),
    (GOOD, "31 March", "31 June", "review", "“31 June 2027”", "31 March 2027"),
    (GOOD, "31 March", "March", "review", "“March 2027”", "31 March 2027"),
    (LIFTED, "is protected", "is protekted", "mask", "protekted", "Did you mean the resident is protected?"),
    (LIFTED, "we spare", "we bless", "line", "bless", "“we withhold” or “we spare”"),
    (LIFTED, "at the home council", "at the hme council", "where", "at the hme council", "at the home council?"),
    (LIFTED, "being the", "beeing the", "scopes", "beeing", "being the home council?"),
    ("Team leaders may do whatever advisers may.", "advisers", "advizers", "includes", "advizers", "Did you mean advisers?"),
    ("Team leaders may do whatever advisers may.", "may.", "may. So be it.", "", "So be it.", "Take it out"),
]


@pytest.mark.parametrize(("good", "old", "new", "column", "problem", "mend"), SLIPS)
def test_a_slip_is_named_with_its_place_and_the_nearest_phrase(
        good: str, old: str, new: str, column: str, problem: str, mend: str) -> None:
    read_back(good, WORDS)
    assert good.count(old) == 1
    with pytest.raises(PolicyRefused) as refused:
        read_back(good.replace(old, new), WORDS, 12)
    fault, = refused.value.faults
    assert (fault.file, fault.line, fault.column) == ("sentence", 12, column)
    assert problem in fault.problem, fault
    assert mend in fault.mend, fault
