"""Which jobs that partners have in hand would show less of whom they are done for: that stops work in the field, so it is told
before all else that would be lost. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from app.drafts.alike import Counted, Kind, Request, met
from app.drafts.eyes import Pair
from app.policy.actions import Action
from app.policy.figures import apart
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.words import PARTNER_ROLES, ScopeWord

Lost = Counter[tuple[str, Group]]


def losing(pairs: Iterable[Pair], counted: Counted) -> Lost:
    """How many open requests with each partner would lose each group that its staff see of them now."""
    found, looking = Lost(), [
        pair for pair in pairs if pair.action is Action.REQUEST_SEE and Kind.REQUEST in pair.kinds
        and pair.before.wearer.role in PARTNER_ROLES and pair.before.purpose is Purpose.DELIVER]
    for row, many in counted.requests.items():
        for partner in {partner for partner, _ in row.jobs} if many else ():
            groups = {group for pair in looking if pair.before.wearer.organisation == partner for group in _lost(pair, row)}
            found.update({(partner, group): many for group in groups})
    return found


def _lost(pair: Pair, row: Request) -> Iterator[Group]:
    """The groups that a running job gives now, and nothing gives afterwards."""
    known = met(row, pair.before.wearer, pair.before.narrowing | pair.after.narrowing)
    for group in pair.before.groups(Kind.REQUEST):
        facts = frozenset(each.for_group(group) for each in known)
        if ScopeWord.ASSIGNED in pair.before.through(Kind.REQUEST, group, facts) and not pair.after.through(
                Kind.REQUEST, group, facts):
            yield group


def result(lost: Lost) -> list[dict[str, Any]]:
    """As it is kept and shown: by partner, the most jobs first, and without what may not be told."""
    partners = sorted({partner for partner, _ in lost})
    numbers = {partner: apart([many for (other, _), many in lost.items() if other == partner]) for partner in partners}
    lines = sorted(lost.items(), key=lambda line: (-line[1], line[0]))
    return [{"partner": partner, "group": str(group), "many": numbers[partner][many].kept}
            for partner in partners for (other, group), many in lines if other == partner]
