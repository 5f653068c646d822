"""A unique, storable piece of text for every field group of every resident and request, to be looked for in output.

Nothing invented by a person begins with `zq`, so one search for it, in any case, finds every leak; what follows tells
whose it is and of which group. Family names hold letters only; telephones ring nobody; births are days, one a resident.
"""

from datetime import date, timedelta

MARK = "Zq"
KINDS = {"r": "a", "q": "e", "k": "i"}
LETTERS = {"name": "n", "address": "d", "channels": "c", "birth": "b", "needs": "s", "history": "h", "choices": "k",
           "identity": "t", "sensitive": "v"}
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]
LENGTH = 4
FIRST_BIRTH, BIRTHS = date(1930, 1, 1), 25_000
# The code of no place, and of its numbers the multiples of eleven: one digit wrong, or two changed about, makes none of
# them another, so that whoever is asked for by one is never found, and by right, beside somebody who has the next.
NOWHERE, APART = "01632", 11
# Below those that the partnership's own organisations have.
TELEPHONES = 80_000


def number(ref: str) -> int:
    """The running number of a reference such as `r-000123`."""
    return int(ref[2:])


def word(ref: str, group: str) -> str:
    """`Zq`, a letter for the kind, one for the group, then the number as four syllables: fixed length, letters only."""
    rest, syllables = number(ref), []
    for _ in range(LENGTH):
        rest, digit = divmod(rest, len(SYLLABLES))
        syllables.append(SYLLABLES[digit])
    return MARK + KINDS[ref[0]] + LETTERS[group] + "".join(reversed(syllables))


def canary(ref: str, group: str) -> str:
    """What to store in the group: a family name, an address line, an e-mail address, a day, or a sentence."""
    text = word(ref, group)
    if group == "address":
        return f"{text} Cottage"
    if group == "channels":
        return f"{text.lower()}@example.org"
    if group == "birth":
        return birth(ref).isoformat()
    return text if group == "name" else f"{text} noted."


def birth(ref: str) -> date:
    if number(ref) >= BIRTHS:
        raise ValueError(f"{ref}: there are {BIRTHS} unique days of birth, use a smaller world")
    return FIRST_BIRTH + timedelta(days=number(ref))


def telephone(ref: str) -> str:
    """A number of eleven digits that no other resident has."""
    if number(ref) >= TELEPHONES:
        raise ValueError(f"{ref}: there are {TELEPHONES} unique telephone numbers, use a smaller world")
    return f"{NOWHERE}{APART * number(ref):06}"


def telltales(ref: str, group: str) -> tuple[str, ...]:
    """Every text whose appearance betrays the group, as it may be written on a page or in a file."""
    if group == "birth":
        day = birth(ref)
        return day.isoformat(), f"{day.day} {day:%B %Y}", f"{day:%d/%m/%Y}"
    if group != "channels":
        return (word(ref, group),)
    number_ = telephone(ref)
    return word(ref, group).lower(), number_, f"{number_[:5]} {number_[5:]}", f"+44{number_[1:]}"
