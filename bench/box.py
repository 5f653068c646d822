"""``python -m bench.box [residents]``: what an adviser types in the one box, with slips, asked inside the whole application:
sign-in, policy, row security, journal and commit.

Prints how often the one meant comes first and among the first five, what it takes with one client and with eight, what row security
costs of that, the same people in pg_trgm without any policy, and the plan of asking for keys. Seeds below 100 are for trying.
"""

import argparse
import multiprocessing
import os
import random
import statistics
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from multiprocessing.pool import Pool, ThreadPool
from pathlib import Path

import psycopg
from sqlalchemy import Engine, text

from app.kernel.clock import monotonic
from app.kernel.ids import new_reference
from app.matching.person import Person
from app.policy.routes import gate
from app.residents.clues import read
from app.residents.finding import search
from bench import loading, replaying, reporting, trigrams
from bench.invented import Invented
from bench.loading import Place
from bench.matching.box import ASKED, FEW, Typed
from bench.matching.households import endless
from bench.questions import SEARCHING

SLIPS = (0, 1, 2)
# So many questions of a client only fill its caches: statements are prepared and planned once a connection.
WARMING = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and whose record should come first."""

    typed: Typed
    slips: int
    text: str = field(repr=False)
    ref: str


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(prog="python -m bench.box", description=__doc__)
    options.add_argument("residents", nargs="?", type=int, default=100_000)
    options.add_argument("--times", type=int, default=100, help="how often each way of asking, with each number of slips")
    options.add_argument("--seed", type=int, default=101, help="of the world (default 101)")
    options.add_argument("--clients", type=int, default=8, help="how many ask at once (default 8)")
    options.add_argument("--misses", action="store_true", help="print what did not come among the first five")
    given = options.parse_args()
    print(reporting.machine())
    server = loading.cluster()
    try:
        place = loading.filled(server, given.residents, partial(townspeople, seed=given.seed))
        with place.application.app_context():
            figures = measured(place, given.times, given.seed, given.clients, given.misses)
    finally:
        server.stop()
    reporting.keep("box", figures)


def townspeople(count: int, seed: int) -> Iterator[Invented]:
    """The people of the world of households as the tables want them; nearly half are the borough's, three in five share."""
    chance = random.Random(seed + 7)

    def one_by_one() -> Iterator[Invented]:
        for home in endless(seed, count):
            borough = chance.random() < 0.45
            for person in home:
                (given, family), (line, postcode) = person.names[0], person.addresses[0]
                yield Invented(uuid.UUID(int=chance.getrandbits(128)), new_reference(), borough, chance.random() < 0.6, given,
                               family, line, postcode, tuple(person.telephones), person.born)

    return islice(one_by_one(), count)


def measured(place: Place, times: int, seed: int, clients: int, misses: bool) -> dict[str, object]:
    """All figures of one filled database."""
    with psycopg.connect(place.admin_url) as connection:
        council = loading.borough_of(connection)
    print(f"\n{place.count:,} residents, loaded in {place.seconds_to_load:.0f} s")
    asked = list(questions(place.people, times, seed + 2))
    for each in asked[:30]:
        ask(place, council, each.text)
    figures: dict[str, object] = {"residents": place.count, "asked": len(asked),
                                  "ways": _recall(place, council, asked, misses)}
    figures["clients"] = {f"{count} of {servers}": _at_once(place, council, asked, count, servers)
                          for count, servers in ((1, 1), (clients, min(clients, os.cpu_count() or 1)), (clients, clients))}
    several = [each for each in asked if each.typed.several]
    figures["row security"] = replaying.compare(place, council, [each.text for each in _some(several, 600)])
    figures["pg_trgm"] = trigrams.measured(place, [(each.slips, each.text, each.ref) for each in _some(several, 90)])
    return figures


def _some(asked: Sequence[Asked], most: int) -> Sequence[Asked]:
    return asked[::max(len(asked) // most, 1)]


def questions(people: Sequence[Invented], times: int, seed: int) -> Iterator[Asked]:
    """What is typed of people whom the borough may see, its own and those who share; each way as often, in any order."""
    chance = random.Random(seed)
    visible = [each for each in people if (each.borough or each.shared) and each.born and each.telephones]
    ways = [(typed, slips) for typed in ASKED for slips in SLIPS if slips <= len(typed.parts)] * times
    chance.shuffle(ways)
    for typed, slips in ways:
        each = chance.choice(visible)
        wrong = set(chance.sample(range(len(typed.parts)), slips))
        person = Person([(each.given, each.family)], [(each.line, each.postcode)], each.telephones, (), each.born)
        words = [part(person, chance, number in wrong) for number, part in enumerate(typed.parts)]
        chance.shuffle(words)
        yield Asked(typed, slips, " ".join(words), each.ref)


def ask(place: Place, council: str, text: str) -> list[str]:
    """The references that come, best first. A name alone is enough with two words; no reason is given for less."""
    with gate().desk.work(place.secrets[council], SEARCHING, contact_ref=place.contact_refs[council]) as work:
        return [hit.ref for hit in search(work, read(text, work.today))]


def _recall(place: Place, council: str, asked: Sequence[Asked], misses: bool) -> dict[str, object]:
    print(f"\n{'first / among the first five, by slips':32}{'none':>16}{'one':>16}{'two':>16}{'p50':>9}{'p95 ms':>9}"
          f"{'of cpu':>9}{'p95 ms':>9}")
    hits: dict[tuple[str, int], list[tuple[bool, bool]]] = {}
    spent: dict[str, list[tuple[float, float]]] = {}
    processor = Processor(gate().desk.engine)
    for each in asked:
        began, at_work = monotonic(), processor.milliseconds()
        found = ask(place, council, each.text)
        took = (monotonic() - began) * 1000, processor.milliseconds() - at_work
        hit = (found[:1] == [each.ref], each.ref in found[:FEW])
        if misses and not hit[1]:
            print("  missed:", each.typed.words, each.slips, each.text, "|", _who(place, each.ref), len(found))
        for name in (each.typed.words, "two details or more" if each.typed.several else "one detail", "all"):
            hits.setdefault((name, each.slips), []).append(hit)
            spent.setdefault(name, []).append(took)
    figures: dict[str, object] = {}
    for name, times in spent.items():
        shares = {slips: [sum(hit[which] for hit in hits[name, slips]) / len(hits[name, slips]) for which in (0, 1)]
                  for slips in SLIPS if (name, slips) in hits}
        ms = [figure for measure in zip(*times, strict=True)
              for figure in (statistics.median(measure), statistics.quantiles(measure, n=20)[18])]
        print(f"{name:32}" + "".join(f"{shares[slips][0]:8.3f} /{shares[slips][1]:6.3f}" if slips in shares else f"{'':16}"
                                     for slips in SLIPS) + "".join(f"{figure:9.1f}" for figure in ms), flush=True)
        figures[name] = {"first and first five": shares, "ms": ms[:2], "ms of processor": ms[2:], "times": len(times)}
    return figures


class Processor:
    """What the asking process and its one connection to the database take of the processor, whoever else uses the machine."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        self.files = [Path(f"/proc/{pid}/schedstat") for pid in (os.getpid(), backend)]

    def milliseconds(self) -> float:
        """So far, of both."""
        return sum(int(file.read_text().split()[0]) for file in self.files) / 1e6


def _who(place: Place, ref: str) -> str:
    return next(f"{p.given} {p.family}, {p.postcode}, {p.born}, {p.telephone}" for p in place.people if p.ref == ref)


def _at_once(place: Place, council: str, asked: Sequence[Asked], clients: int, servers: int) -> list[float]:
    """The median and the 95th percentile with so many asking, each as soon as it has its answer, and so many processes answering:
    what waits for its turn waits as it does for the server."""
    texts = [each.text for each in asked if each.typed.several]
    some = texts[::max(len(texts) // 600, 1)]
    gate().desk.engine.dispose()
    _answer.asks = partial(ask, place, council)  # type: ignore[attr-defined]
    with multiprocessing.get_context("fork").Pool(servers) as answering, ThreadPool(clients) as asking:
        spent = sum(asking.map(partial(_client, answering), [some[at::clients] for at in range(clients)], chunksize=1), [])
    p50, p95 = statistics.median(spent), statistics.quantiles(spent, n=20)[18]
    print(f"{clients} at once of {servers} processes, {len(spent)} questions of two details or more: p50 {p50:.1f} ms, "
          f"p95 {p95:.1f} ms", flush=True)
    return [p50, p95]


def _answer(words: str) -> None:
    """In a process forked from this one, so that the application need not be made again."""
    _answer.asks(words)  # type: ignore[attr-defined]


def _client(answering: Pool, texts: Sequence[str]) -> list[float]:
    spent = []
    for at, words in enumerate(texts):
        began = monotonic()
        answering.apply(_answer, (words,))
        if at >= WARMING:
            spent.append((monotonic() - began) * 1000)
    return spent


if __name__ == "__main__":
    main()
