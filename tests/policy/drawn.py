"""Rules drawn by chance: every one that the vocabulary allows, whether or not a policy may have it."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from app.policy.actions import Action
from app.policy.groups import GROUPS_OF, RESIDENT_GROUPS, Group
from app.policy.purposes import Purpose
from app.policy.rules import EVERY, IN_FORCE, NONE_NEEDED, Effect, Grant, Inheritance, Lift, Mask, Narrowing
from app.policy.words import LIFTS, SCOPES_OF, Basis, MaskWord, Role, ScopeWord
from tests.policy.papers import WORDS

slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
# What somebody may have typed into a cell, as the reader leaves it: no line's end, no doubled or outer spaces.
owners = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), min_size=1,
                 max_size=30).map(lambda text: " ".join(text.split())).filter(lambda text: text.strip("-"))
days = st.dates(date(1974, 4, 1), date(2099, 12, 31))
organisations = st.sampled_from((EVERY, *sorted(WORDS.organisations)))


@st.composite
def lines(draw: st.DrawFn) -> tuple[Grant, ...]:
    """The grants of one line."""
    action, organisation = draw(st.sampled_from(Action)), draw(organisations)
    groups = sorted(GROUPS_OF[action.kind])
    named = draw(st.one_of(st.just([EVERY]), st.lists(st.sampled_from(groups), min_size=1, unique=True)))
    grant = Grant(
        draw(st.sampled_from(Role)), organisation, draw(st.sampled_from((EVERY, *sorted(WORDS.units_of(organisation))))),
        action, EVERY, draw(st.sampled_from((EVERY, *Purpose))), draw(st.sampled_from(sorted(SCOPES_OF[action.kind]))),
        draw(st.sampled_from(Effect)), draw(st.sampled_from((None, *Basis))),
        draw(st.one_of(st.sampled_from((NONE_NEEDED, IN_FORCE)), slugs)), draw(owners), draw(days), 7)
    return tuple(replace(grant, group=group) for group in named)


inheritances = st.builds(Inheritance, st.sampled_from(Role), st.sampled_from(Role), st.just(7))
scopes = st.frozensets(st.sampled_from(ScopeWord), min_size=1)
mask_groups = st.one_of(st.just(frozenset(Group)), st.frozensets(st.sampled_from(sorted(RESIDENT_GROUPS)), min_size=1))
masks = st.builds(Mask, st.sampled_from(MaskWord), scopes, mask_groups, st.just(()), owners, days, st.just(7))


@st.composite
def lifts(draw: st.DrawFn) -> tuple[MaskWord, Lift]:
    """A lift and the mask that it spares from."""
    word = draw(st.sampled_from([word for word, places in LIFTS.items() if places]))
    return word, Lift(draw(st.sampled_from(Role)), draw(st.sampled_from((EVERY, *Purpose))),
                      draw(st.sampled_from(sorted(LIFTS[word]))), draw(scopes), draw(owners), draw(days), 7)


reasons = owners.map(lambda text: text.replace(";", ",")).map(str.strip).filter(lambda text: text.strip("-"))


@st.composite
def narrowings(draw: st.DrawFn) -> Narrowing:
    """What a council withholds of its own residents, not from its own information officer by name."""
    council, known = draw(st.sampled_from(("northshire", "eastford"))), sorted(WORDS.organisations)
    some = st.frozensets(st.sampled_from(known), min_size=1)
    meant, roles = (draw(st.one_of(st.just(frozenset({EVERY})), those)) for those in (
        some, st.frozensets(st.sampled_from(Role), min_size=1)))
    if council in meant:
        roles = roles - {Role.INFORMATION_OFFICER} or frozenset({EVERY})
    groups = draw(st.one_of(st.just(RESIDENT_GROUPS), st.frozensets(st.sampled_from(sorted(RESIDENT_GROUPS)), min_size=1)))
    return Narrowing(council, groups, meant, roles, draw(reasons), draw(owners), draw(days), 7)
