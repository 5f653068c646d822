"""Stretches of days, and what is left of one that the files no longer state."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.organisations.spans import Span, retired

FIRST = date(2014, 1, 1)
days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    begins = draw(days)
    return Span(begins, draw(st.none() | st.integers(1, 40).map(lambda n: begins + timedelta(days=n))))


def holds(span: Span | None, day: date) -> bool:
    return span is not None and span.begins <= day and (span.ends is None or day < span.ends)


@given(spans(), spans())
def test_two_spans_overlap_just_when_they_share_a_day(one: Span, other: Span) -> None:
    shared = any(holds(one, FIRST + timedelta(days=n)) and holds(other, FIRST + timedelta(days=n)) for n in range(120))
    assert one.overlaps(other) == other.overlaps(one) == shared


@given(spans(), spans())
def test_a_span_within_another_holds_on_no_other_day(one: Span, other: Span) -> None:
    outside = any(holds(one, FIRST + timedelta(days=n)) and not holds(other, FIRST + timedelta(days=n))
                  for n in range(120))
    assert one.within(other) == (not outside)


@given(spans(), days, st.lists(spans(), max_size=3))
def test_what_is_left_of_a_retired_span_meets_nothing_that_is_stated(span: Span, on: date, wanted: list[Span]) -> None:
    left = retired(span, on, wanted)
    assert left is None or (left.within(span) and not holds(left, on))
    assert left is None or not any(left.overlaps(other) for other in wanted)


@given(spans(), days)
def test_the_days_before_the_retirement_stay(span: Span, on: date) -> None:
    left = retired(span, on, [])
    for n in range(120):
        day = FIRST + timedelta(days=n)
        assert holds(left, day) == (holds(span, day) and day < on)
