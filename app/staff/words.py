"""The words for roles, one person at a time, and which roles an organisation of each kind has. What a role may do is
the policy's.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.policy.words import Role

ROLE_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMINISTRATOR: "Administrator",
        Role.ADVISER: "Adviser",
        Role.AUDITOR: "Auditor",
        Role.CONTRACTOR: "Contractor",
        Role.INFORMATION_OFFICER: "Information officer",
        Role.PARTNER_MANAGER: "Partner manager",
        Role.SERVICE_MANAGER: "Service manager",
        Role.SERVICE_OFFICER: "Service officer",
        Role.TEAM_LEADER: "Team leader",
        Role.VOLUNTARY: "Volunteer or staff",
    }
)

_PARTNER = (Role.PARTNER_MANAGER,)
# A hat of any other role speaks for nobody: the wall says so too.
ROLES_OF_KIND: Mapping[str, tuple[Role, ...]] = MappingProxyType({
    "council": (Role.ADVISER, Role.TEAM_LEADER, Role.SERVICE_OFFICER, Role.INFORMATION_OFFICER, Role.SERVICE_MANAGER,
                Role.AUDITOR, Role.ADMINISTRATOR),
    "contractor": (Role.CONTRACTOR, *_PARTNER),
    "voluntary": (Role.VOLUNTARY, *_PARTNER),
    "public": (Role.CONTRACTOR, *_PARTNER),
})


def role_fits(role: str, kind: str) -> bool:
    """Whether an organisation of that kind has that role."""
    return role in ROLES_OF_KIND.get(kind, ())
