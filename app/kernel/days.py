"""A date in words. Pure; instants and the local time are the clock's."""

from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")


def day_words(day: date) -> str:
    """As GOV.UK writes it: ``23 November 2026``, whatever the language of the machine."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
