"""What channels, outcomes and checks of identity are called on pages. The words that are stored stand in ``models``."""

from collections.abc import Mapping
from types import MappingProxyType

CHANNEL_WORDS: Mapping[str, str] = MappingProxyType({
    "telephone": "Telephone", "counter": "Counter", "web": "Web", "letter": "Letter", "email": "E-mail"})
OUTCOME_WORDS: Mapping[str, str] = MappingProxyType({
    "resolved": "Resolved", "request-sent": "Request sent", "passed-on": "Passed on to someone else",
    "call-back": "We ring back", "signposted": "Told where to turn", "answered": "Question answered",
    "abandoned": "The caller went away"})
# What a caller may be asked to confirm. The values are compared by the adviser's eye and kept nowhere.
MATCHED_WORDS: Mapping[str, str] = MappingProxyType({
    "name": "name", "address": "address", "postcode": "postcode", "birth": "date of birth", "telephone": "telephone",
    "email": "e-mail", "reference": "reference", "recent-request": "a recent request"})


def verified_words(matched: list[str]) -> str:
    """``name, address``; nothing where nothing was confirmed."""
    return ", ".join(MATCHED_WORDS[word] for word in MATCHED_WORDS if word in matched)
