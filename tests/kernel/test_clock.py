"""Now is the database's, and people read it as London does."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import create_engine

from app.kernel import clock
from app.kernel.addresses import Addresses
from app.kernel.config import sqlalchemy_url
from tests import clusters


def nothing(_at: Addresses) -> None:
    """An empty database."""


def test_an_instant_stands_still_within_a_transaction_and_moves_between_them():
    made = clusters.template("empty", nothing)
    with clusters.copy(made) as at, psycopg.connect(at.admin_url):
        engine = create_engine(sqlalchemy_url(at.admin_url))
        with engine.begin() as connection:
            first, second = clock.instant(connection), clock.instant(connection)
        with engine.begin() as connection:
            third = clock.instant(connection)
        engine.dispose()
    assert first == second < third
    assert first.tzinfo is not None


def test_the_date_in_london_is_tomorrow_late_on_a_summer_evening_in_utc():
    assert clock.london_date(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert clock.london_date(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


@pytest.mark.parametrize(("instant", "words"), [
    (datetime(2026, 11, 23, 16, 27, tzinfo=UTC), "23 November 2026 at 4:27pm"),
    (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "1 July 2026 at 9:05am"),
    (datetime(2026, 1, 1, 16, 0, tzinfo=UTC), "1 January 2026 at 4pm"),
    (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "1 January 2026 at midday"),
    (datetime(2026, 1, 1, 12, 1, tzinfo=UTC), "1 January 2026 at 12:01pm"),
    (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "1 July 2026 at midnight"),
    (datetime(2026, 1, 1, 0, 30, tzinfo=UTC), "1 January 2026 at 12:30am"),
])  # fmt: skip
def test_an_instant_is_written_as_people_here_write_it(instant, words):
    assert clock.london_words(instant) == words


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock.london_date(datetime(2026, 7, 1))
