"""Telephone numbers as people here write them. Kept are those of E.164; what was typed is read where it is typed."""

import phonenumbers
from phonenumbers import PhoneNumberFormat

HERE = "GB"


def telephone_words(number: str) -> str:
    """``01632 960100``; another country's with its code; what is no number as it stands."""
    try:
        parsed = phonenumbers.parse(number, HERE)
    except phonenumbers.NumberParseException:
        return number
    ours = parsed.country_code == phonenumbers.country_code_for_region(HERE)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if ours else PhoneNumberFormat.INTERNATIONAL)
