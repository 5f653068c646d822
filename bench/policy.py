"""``python -m bench.policy``: what the number of rules costs. Compiling what one hat may see, cold and with Casbin's answers
remembered; and one compiled filter over all rows beside asking Casbin record by record.

Rules beyond the shipped ones are the shipped ones again for organisations that are not asked about: Casbin has to pass them by.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count, islice
from time import process_time

from sqlalchemy import select

from app.kernel.clock import monotonic
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.publishing import SHIPPED
from app.policy.purposes import Purpose
from app.policy.reach import Wearer, compile_reach
from app.policy.reading import read
from app.policy.routes import gate
from app.policy.rulebook import Rulebook
from app.policy.rules import EVERY, PolicyFiles, Tables, Vocabulary
from app.policy.words import Role, ScopeWord
from app.residents.models import Resident
from bench import loading, reporting
from bench.loading import Place

SIZES = (50, 500, 5_000)
NEEDS = frozenset({Action.RESIDENT_SEE, Action.RESIDENT_FIND})
SEE = frozenset({Action.RESIDENT_SEE})
# How many records Casbin is asked about, one by one; the filter takes all of them.
SAMPLE = {50: 2_000, 500: 400, 5_000: 60}


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.policy", description=__doc__)
    options.add_argument("--residents", type=int, default=10_000, help="rows that the filter is put on (default 10000)")
    options.add_argument("--times", type=int, default=9, help="how often each is done (default 9)")
    given = options.parse_args()
    print(f"{reporting.machine()}; {given.residents:,} residents")
    server = loading.cluster()
    try:
        place = loading.filled(server, given.residents)
        with place.application.app_context():
            figures = [measured(place, rules, given.times) for rules in SIZES]
    finally:
        server.stop()
    reporting.keep("policy", figures)


def of_size(rules: int, organisation: str) -> Rulebook:
    """A rulebook of so many rules, of which those of the shipped policy that fit are for every organisation."""
    shipped = read(PolicyFiles.read(SHIPPED), Vocabulary.of({organisation}))
    # Whoever enquires sees and finds through the first rules; the same again for others, as often as it takes.
    again = (replace(grant, organisation=f"other-{turn}") for turn in count() for grant in shipped.grants)
    grants = (*shipped.grants[:rules], *islice(again, max(rules - len(shipped.grants), 0)))
    words = Vocabulary.of({organisation, *(grant.organisation for grant in grants if grant.organisation != EVERY)})
    return Rulebook(Tables(shipped.model, shipped.inheritances, grants, shipped.masks), words, "measured")


def measured(place: Place, rules: int, times: int) -> dict[str, object]:
    """The figures of one size, in milliseconds."""
    council = next(iter(place.secrets))
    wearer = Wearer(Role.ADVISER, council, "-")
    books = [of_size(rules, council) for _ in range(times)]
    cold, warm = compiling(books, wearer)
    rows, filtered = _filtered(place, council, times)
    one = _one_by_one(books[0], council, SAMPLE[rules])
    ratio = one * rows / filtered
    print(f"{rules:6,} rules: cold {cold:8.1f} ms, remembered {warm:6.1f} ms; filter {filtered:7.1f} ms for {rows:,} of the rows,"
          f" one by one {one:7.3f} ms each: {ratio:,.0f} times as long")
    return {"rules": rules, "cold": cold, "remembered": warm, "rows": rows, "filter": filtered, "one": one, "ratio": ratio}


def compiling(books: Sequence[Rulebook], wearer: Wearer) -> tuple[float, float]:
    """Processor time of compiling a reach, with nothing remembered and with Casbin's answers remembered."""
    cold = [spent(lambda book=book: _compiled(book, wearer), process_time) for book in books]  # type: ignore[misc]
    warm = [spent(lambda book=book: _compiled(book, wearer), process_time) for book in books]  # type: ignore[misc]
    return statistics.median(cold), statistics.median(warm)


def _compiled(book: Rulebook, wearer: Wearer) -> int:
    return len(compile_reach(book, wearer, Purpose.ENQUIRY, NEEDS).options)


def _filtered(place: Place, council: str, times: int) -> tuple[int, float]:
    """How many rows a hat sees, and how long one select of all of them takes through guard and row security."""
    with gate().desk.work(place.secrets[council], SEE, contact_ref=place.contact_refs[council]) as work:
        took = [spent(lambda: work.session.execute(select(Resident.id)).all()) for _ in range(times)]
        return len(work.session.execute(select(Resident.id)).all()), statistics.median(took)


def _one_by_one(book: Rulebook, council: str, many: int) -> float:
    """Milliseconds for a record: is it seen as the home council's, or else because its resident agreed?"""
    def ask() -> None:
        for _ in range(many):
            book.enforce(Role.ADVISER, council, None, Action.RESIDENT_SEE, Group.NAME, Purpose.ENQUIRY, ScopeWord.HOME)
    return spent(ask, process_time) / many


def spent(do: Callable[[], object], clock: Callable[[], float] = monotonic) -> float:
    """Milliseconds; of the processor where no database is asked, so that neighbours on the machine do not count."""
    began = clock()
    do()
    return (clock() - began) * 1000


if __name__ == "__main__":
    main()
