"""A judgement as the rows of a waterfall: what each comparison adds, and how far the sum has come. Plain data, for the page."""

from dataclasses import dataclass, field

from app.matching.judging import Judgement, Verdict

START = "Before anything is compared"
CONCLUSIONS = {Verdict.LINK: "One person", Verdict.REVIEW: "For a person to decide",
               Verdict.HOUSEHOLD: "Two people of one household", Verdict.NEW: "Two people"}


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its words, what it adds, and the sum after it. ``start`` and ``width`` are for drawing, in hundredths."""

    words: str = field(repr=False)
    bits: float
    total: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps in order, the sum, the line from which two are one person and where that line is drawn (in hundredths)."""

    rows: tuple[Row, ...]
    total: float
    line: float
    line_at: float
    zero_at: float
    conclusion: str
    held: str | None
    model: str


def waterfall(judgement: Judgement) -> Waterfall:
    """The steps from the prior to the sum."""
    lines = judgement.lines
    steps = [(START, judgement.prior), *((part.words, part.bits) for part in judgement.parts)]
    totals = [0.0]
    for _, bits in steps:
        totals.append(totals[-1] + bits)
    low, high = min(*totals, 0.0), max(*totals, lines.link)

    def at(bits: float) -> float:
        return round(100 * (bits - low) / (high - low), 2)

    rows = tuple(Row(words, bits, after, at(min(before, after)), round(at(max(before, after)) - at(min(before, after)), 2))
                 for (words, bits), before, after in zip(steps, totals, totals[1:], strict=False))
    return Waterfall(rows, judgement.bits, lines.link, at(lines.link), at(0.0), CONCLUSIONS[judgement.verdict], judgement.held,
                     judgement.model)
