"""A unique, storable piece of text for every field group of every resident and request, to be looked for in output.

Nothing invented by a person begins with `zq`, so one search for it, in any case, finds every leak; what follows tells
whose it is and of which group. Family names hold letters only; telephones come from the ranges that Ofcom keeps free
for drama; births are days, one a resident.
"""

from datetime import date, timedelta

MARK = "Zq"
KINDS = {"r": "a", "q": "e", "k": "i"}
LETTERS = {"name": "n", "address": "d", "channels": "c", "birth": "b", "needs": "s", "history": "h", "choices": "k",
           "identity": "t", "sensitive": "v"}
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]
LENGTH = 4
FIRST_BIRTH, BIRTHS = date(1930, 1, 1), 25_000
# Each prefix is followed by three digits: a thousand numbers that ring nobody.
DRAMA = ("01632960", "07700900", "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960",
         "01314960", "01414960", "01514960", "01614960", "02079460", "01914980", "02896496", "02920180", "03069990")
TELEPHONES = 1000 * len(DRAMA)


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
        raise ValueError(f"{ref}: there are {TELEPHONES} unique drama numbers, use a smaller world")
    block, last = divmod(number(ref), 1000)
    return f"{DRAMA[block]}{last:03}"


def telltales(ref: str, group: str) -> tuple[str, ...]:
    """Every text whose appearance betrays the group, as it may be written on a page or in a file."""
    if group == "birth":
        day = birth(ref)
        return day.isoformat(), f"{day.day} {day:%B %Y}", f"{day:%d/%m/%Y}"
    if group != "channels":
        return (word(ref, group),)
    number_ = telephone(ref)
    return word(ref, group).lower(), number_, f"{number_[:5]} {number_[5:]}", f"+44{number_[1:]}"
