"""The fixed words in which organisations, agreements and wordings are described; the tables check against them."""

from app.policy.groups import Group
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose

KINDS = ("council", "contractor", "voluntary", "public")
TIERS = ("county", "borough", "unitary")
NATIONS = ("england", "wales", "scotland", "northern-ireland")

# Who answers for the data a partner receives: it acts on the councils' word, on its own, or together with them.
STANDINGS = ("processor", "controller", "joint-controller")
PURPOSES = tuple(str(purpose) for purpose in Purpose if purpose not in WITHOUT_RESIDENTS)
# The only groups that a request, and so an agreement, can carry beyond the councils.
PASSABLE_GROUPS = tuple(map(str, (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS)))

# How an area is named, from the widest to the narrowest: the narrowest that covers a place decides.
AREA_KINDS = ("gss", "sector", "postcode")

CHOICE_MATTERS = ("sharing", "passing", "sensitive", "news", "surveys", "related-services")
# Beside the choices: the script read out first, the one-off permission of a blind intake, and the notice.
MATTERS = (*CHOICE_MATTERS, "script", "intake", "notice")


def check_in(column: str, words: tuple[str, ...]) -> str:
    """The text of a CHECK constraint that holds a column to its words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
