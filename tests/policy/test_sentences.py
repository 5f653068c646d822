"""Each line of the policy is one plain sentence, and no two lines share one."""

from app.policy.reading import read
from app.policy.rulebook import Rulebook
from app.policy.sentences import (
    by_line,
    grant_sentence,
    inheritance_sentence,
    lacking_sentence,
    lifting_sentence,
    mask_sentence,
    rule_sentence,
)
from app.policy.words import MaskWord, ScopeWord
from tests.policy.papers import WORDS, line, with_lines


def _sentence(**cells: str) -> str:
    return grant_sentence(*by_line(read(with_lines(line(**cells)), WORDS).grants)[1])


def test_a_grant_says_who_may_do_what_of_whom_and_what_for() -> None:
    assert _sentence(group="birth needs", scope="consented") == (
        "Advisers may see residents' records, namely the date of birth and needs in how a service is delivered, where the"
        " resident agreed to sharing between the councils, to handle an enquiry, on the lawful basis of a public task;"
        " customer services answers for this and reviews it by 31 March 2027.")


def test_a_deny_says_must_not_and_names_the_organisation_and_the_unit() -> None:
    assert _sentence(effect="deny", organisation="northshire", unit="care", scope="consented").startswith(
        "Advisers of northshire in the unit care must not see residents' records, namely the date of birth,")


def test_every_group_and_an_agreement_are_said() -> None:
    said = _sentence(role="contractor", action="request:see", group="*", purpose="deliver", scope="assigned",
                     agreement="in-force")
    assert "see requests, every part there is, where the request is open and assigned to them under an" in said
    assert ", under the agreement in force; customer services answers" in said
    assert ", under the agreement bins-2014; customer" in _sentence(
        role="contractor", action="request:see", group="job", purpose="deliver", scope="assigned",
        agreement="bins-2014")


def test_public_reference_names_nobody() -> None:
    said = _sentence(action="place:lookup", group="none", scope="any", basis="-", purpose="*")
    assert said.startswith("Advisers may look up places, for any purpose; customer services")


def test_no_two_lines_of_the_shipped_policy_say_the_same(shipped: Rulebook) -> None:
    lines = by_line(shipped.grants())
    assert sum(map(len, lines)) == len(shipped.grants())
    said = [rule_sentence(*line) for line in lines]
    assert len(set(said)) == len(said)
    assert not [each for each in said if each.count(" may ") != 1 or not each.endswith(".") or "_" in each]


def test_each_action_leads_on_to_its_groups_as_one_would_say_it() -> None:
    assert "may find residents, by the date of birth, where" in _sentence(action="resident:find")
    assert "may record new residents, with the date of birth, where" in _sentence(action="resident:record")
    assert "may chase requests, touching the stub (reference, service, dates, outcome), where" in _sentence(
        action="request:chase", group="stub")


def test_masks_and_inheritances_are_said(shipped: Rulebook) -> None:
    masks = {mask.word: mask_sentence(mask) for mask in shipped.masks()}
    assert masks[MaskWord.OBJECTION] == (
        "Where the resident objected to that organisation, we withhold everything reached through an assigned job and the"
        " resident's agreement to sharing; information governance answers for this and reviews it by 31 March 2027.")
    assert masks[MaskWord.PROTECTED].startswith(
        "Where the resident is protected, we withhold addresses and contact channels reached through an assigned job,")
    assert (" Where the resident is protected, we spare team leaders at the home council what is reached through being the"
            " home council and having taken it, for any purpose; information") in masks[MaskWord.PROTECTED]
    assert [inheritance_sentence(pair) for pair in shipped.tables.inheritances] == [
        "Team leaders may do whatever advisers may."]


def test_every_scope_can_be_lacking_and_every_mask_lifted_in_words(shipped: Rulebook) -> None:
    assert len({lacking_sentence(scope) for scope in ScopeWord}) == len(ScopeWord)
    lifted = {mask.word: lifting_sentence(mask) for mask in shipped.masks()}
    assert lifted[MaskWord.OBJECTION] == "The resident would have to withdraw the objection."
    assert "team leaders at the home council may see it" in lifted[MaskWord.PROTECTED]
