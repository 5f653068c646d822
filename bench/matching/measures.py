"""Precision, recall and F1 over all true pairs, so that what blocking missed counts as missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.matching.febrl import Pairs

Scores = Mapping[tuple[int, int], float]


@dataclass(frozen=True)
class Measure:
    """How a line divides the pairs."""

    line: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def at(scores: Scores, true: Pairs, line: float) -> Measure:
    """With the line drawn here."""
    said = {pair for pair, score in scores.items() if score >= line}
    return of(said, true, line)


def of(said: Pairs, true: Pairs, line: float) -> Measure:
    """Of the pairs that were said to be one person's."""
    right = len(said & true)
    return Measure(line, right / len(said) if said else 1.0, right / len(true))


def best(scores: Scores, true: Pairs) -> Measure:
    """With the line drawn where F1 is best: chosen by the labels, and so flattering to everybody alike."""
    right, found = 0, Measure(float("inf"), 1.0, 0.0)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    for count, (pair, score) in enumerate(ranked, start=1):
        right += pair in true
        if count == len(ranked) or ranked[count][1] < score:
            measured = Measure(score, right / count, right / len(true))
            found = max(found, measured, key=lambda measure: measure.f1)
    return found


def likeliest(scores: Scores) -> Scores:
    """Of the pairs of each record of the second file the one that scores best, as a load takes its rows one by one."""
    best: dict[int, tuple[int, int]] = {}
    for pair, score in scores.items():
        if pair[1] not in best or score > scores[best[pair[1]]]:
            best[pair[1]] = pair
    return {pair: scores[pair] for pair in best.values()}


def recall_at_precision(scores: Scores, true: Pairs, precision: float) -> float:
    """The most that is found with no line of less precision."""
    right, most = 0, 0.0
    for count, (pair, _) in enumerate(sorted(scores.items(), key=lambda item: -item[1]), start=1):
        right += pair in true
        if right / count >= precision:
            most = right / len(true)
    return most
