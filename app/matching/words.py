"""What an agreement, a guard or a rule of counting says to a person: short, without bits, and the same from either side."""

from collections.abc import Mapping

from app.matching import spoken
from app.matching.comparing import Agreement
from app.matching.weighing import Comparison, Level

NAMES_SWAPPED = "First name and family name changed about"
FORMER_NAME = "By a former or other name"
FORMER_ADDRESS = "By a former or other address"
ONE_HOUSEHOLD = "One household: an address says no more"
COUNTED_ONCE = "Address and landline counted once"
# Why a person decides.
OTHER_FORENAME = "different first name"
OTHER_FORENAME_AT_HOME = "different first name, same household"
TWO_NAMES = "two first names that are alike: perhaps twins"
OTHER_BIRTH = "different date of birth"
OTHER_BIRTH_AT_HOME = "different date of birth, same household: perhaps parent and child"
NO_FORENAME = "no first name to compare"
NO_BIRTH = "no date of birth to compare"
RUNNER_UP = "another record fits nearly as well"
ANOTHER_FITS_BETTER = "another record fits better"

SAID: Mapping[tuple[Comparison, Level], str] = {
    (Comparison.FORENAME, Level.EXACT): "Same first name: {0}",
    (Comparison.FORENAME, Level.NICKNAME): "{0} and {1} are forms of one name",
    (Comparison.FORENAME, Level.SECOND_NAME): "{0} and {1}: one goes by a second name",
    (Comparison.FORENAME, Level.ONE_SLIP): "{0} and {1} are one letter apart",
    (Comparison.FORENAME, Level.SAME_SOUND): "{0} sounds like {1}",
    (Comparison.FORENAME, Level.TWO_NAMES): "{0} and {1} are alike, but two names",
    (Comparison.FORENAME, Level.INITIAL): "{0} may stand for {1}",
    (Comparison.FORENAME, Level.ALIKE): "{0} and {1} are alike",
    (Comparison.FORENAME, Level.OTHER): "Different first names: {0} and {1}",
    (Comparison.SURNAME, Level.EXACT): "Same family name: {0}",
    (Comparison.SURNAME, Level.HALF): "{0} and {1} have a family name in common",
    (Comparison.SURNAME, Level.ONE_SLIP): "{0} and {1} are one letter apart",
    (Comparison.SURNAME, Level.SAME_SOUND): "{0} sounds like {1}",
    (Comparison.SURNAME, Level.ALIKE): "{0} and {1} are alike",
    (Comparison.SURNAME, Level.OTHER): "Different family names: {0} and {1}",
    (Comparison.BIRTH, Level.EXACT): "Same date of birth",
    (Comparison.BIRTH, Level.SWAPPED): "Dates of birth with day and month changed about",
    (Comparison.BIRTH, Level.ONE_DIGIT): "Dates of birth one digit apart",
    (Comparison.BIRTH, Level.TWO_PARTS): "Dates of birth agree in two of day, month and year",
    (Comparison.BIRTH, Level.SAME_YEAR): "Same year of birth, another day",
    (Comparison.BIRTH, Level.OTHER): "Different dates of birth",
    (Comparison.POSTCODE, Level.EXACT): "Same postcode",
    (Comparison.POSTCODE, Level.NEAR): "Postcodes one character apart",
    (Comparison.POSTCODE, Level.SECTOR): "Postcodes close to each other",
    (Comparison.POSTCODE, Level.DISTRICT): "Postcodes in one district",
    (Comparison.POSTCODE, Level.OTHER): "Different postcodes",
    (Comparison.STREET, Level.EXACT): "Same street",
    (Comparison.STREET, Level.ALIKE): "Streets written much alike",
    (Comparison.STREET, Level.OTHER): "Different streets",
    (Comparison.HOUSE, Level.EXACT): "Same house: {0}",
    (Comparison.HOUSE, Level.ONE_SLIP): "House numbers one digit apart",
    (Comparison.HOUSE, Level.OTHER): "Different houses: {0} and {1}",
    (Comparison.TOWN, Level.EXACT): "Same place: {0}",
    (Comparison.TOWN, Level.ALIKE): "{0} and {1} are written much alike",
    (Comparison.TOWN, Level.OTHER): "Different places: {0} and {1}",
    (Comparison.TELEPHONE, Level.EXACT): "Same telephone",
    (Comparison.TELEPHONE, Level.ONE_SLIP): "Telephones one digit apart",
    (Comparison.TELEPHONE, Level.OTHER): "Different telephones",
    (Comparison.EMAIL, Level.EXACT): "Same e-mail address",
    (Comparison.EMAIL, Level.ONE_SLIP): "E-mail addresses one letter apart",
    (Comparison.EMAIL, Level.OTHER): "Different e-mail addresses",
}
# Said instead of a slip where it is two neighbours that have changed places.
CHANGED_ABOUT: Mapping[Comparison, str] = {
    Comparison.FORENAME: "{0} and {1} have two letters changed about",
    Comparison.SURNAME: "{0} and {1} have two letters changed about",
    Comparison.POSTCODE: "Postcodes with two characters changed about",
    Comparison.HOUSE: "House numbers with two digits changed about",
    Comparison.TELEPHONE: "Telephones with two digits changed about",
    Comparison.EMAIL: "E-mail addresses with two letters changed about",
}


def agreed(agreement: Agreement, shown: Mapping[str, str]) -> str:
    """One agreement in words. ``shown`` tells how a folded name is written."""
    ours, theirs = sorted((agreement.left, agreement.right), key=lambda text: (len(text), text))
    written = [shown.get(text) or text.title() for text in (ours, theirs)]
    if agreement.level is Level.NICKNAME and agreement.comparison is Comparison.FORENAME:
        for short, full in ((0, 1), (1, 0)):
            first = [text.partition(" ")[0] for text in (ours, theirs)]
            if spoken.short_for(first[short], first[full]):
                return f"{written[short]} is a short form of {written[full]}"
    changed_about = agreement.level in (Level.ONE_SLIP, Level.NEAR) and sorted(ours) == sorted(theirs)
    said = CHANGED_ABOUT[agreement.comparison] if changed_about else SAID[agreement.comparison, agreement.level]
    return said.format(*written)
