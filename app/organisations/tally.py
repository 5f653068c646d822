"""Brings rows to what the files say, and counts what that changed: nothing, when the same is loaded again."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.kernel.tables import Base
from app.organisations.spans import Span, retired

Row = TypeVar("Row", bound=Base)
CHANGES = ("added", "changed", "closed", "removed")


class Tally:
    """How many rows of each kind were added, changed, closed (dated facts) or removed (undated ones)."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def note(self, change: str, kind: str, count: int = 1) -> None:
        """Count one, or as many as are said."""
        self.counts[change, kind] += count

    @property
    def nothing(self) -> bool:
        """Whether everything was already as the files say."""
        return not self.counts

    def words(self) -> str:
        """For the person who loaded."""
        if self.nothing:
            return "Nothing changed: everything was already as the files say."
        return "\n".join(f"{change} {count} {kind}" for change in CHANGES
                         for (which, kind), count in sorted(self.counts.items()) if which == change)

    def reconcile(self, session: Session, kind: str, model: type[Row], existing: Mapping[Any, Row],
                  wanted: Mapping[Any, Mapping[str, Any]], retire: Callable[[Row], str | None]) -> dict[Any, Row]:
        """Add and change rows as wanted, and retire the others. Answers the wanted rows by key, flushed.

        `retire` answers with what it did (closed, removed) or None where there was nothing left to do.
        """
        for key, row in existing.items():
            if key not in wanted and (done := retire(row)):
                self.note(done, kind)
        found: dict[Any, Row] = {}
        for key, values in wanted.items():
            if key not in existing:
                found[key] = model(**values)
                session.add(found[key])
                self.note("added", kind)
                continue
            found[key] = existing[key]
            different = {name: value for name, value in values.items() if getattr(found[key], name) != value}
            for name, value in different.items():
                setattr(found[key], name, value)
            if different:
                self.note("changed", kind)
        session.flush()
        return found


def period(span: Span) -> Range[date]:
    """The span as the tables hold it."""
    return Range(span.begins, span.ends, bounds="[)")


def closer(column: str, on: date,
           rivals: Callable[[Any], Iterable[Span]] = lambda row: ()) -> Callable[[Any], str | None]:
    """How to retire dated rows: the period in that column ends on the day, or where a rival that is stated begins."""

    def close(row: Any) -> str | None:
        valid: Range[date] = getattr(row, column)
        if valid.isempty or valid.lower is None:
            return None
        left = retired(Span(valid.lower, valid.upper), on, rivals(row))
        ended: Range[date] = period(left) if left else Range(empty=True)
        if ended == valid:
            return None
        setattr(row, column, ended)
        return "closed"

    return close


def remover(session: Session) -> Callable[[Any], str]:
    """How to retire undated rows: they go."""

    def remove(row: Any) -> str:
        session.delete(row)
        return "removed"

    return remove
