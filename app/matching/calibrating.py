"""New weights from decided pairs: how often each level came out where people said that two records are one person's, held back by
what was thought before. Pure; nothing proposed here takes effect.

``u`` is not touched: it is counted, or reckoned. Which pairs were decided is for who may read them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from app.matching.weighing import LEVELS, Comparison, Level, Weights, written

Levels = Mapping[Comparison, Level]
Shares = Mapping[Comparison, Mapping[Level, float]]
# What was thought before counts as so many decided pairs: a few odd decisions move nothing far. What a model makes of pairs that
# nobody decided counts as few, since it takes families for persons.
THOUGHT_BEFORE, UNDECIDED = 200, 50
# Which way names are read in is no level that records come out at; of towns there are several in one address.
PROPOSED = tuple(comparison for comparison in Comparison if comparison not in (Comparison.ORDER, Comparison.TOWN))
LEAST = 0.0005


def counts(vectors: Iterable[Levels]) -> Mapping[Comparison, Counter[Level]]:
    """How often each level came out. A comparison for which one of two records says nothing is not counted."""
    found: dict[Comparison, Counter[Level]] = {comparison: Counter() for comparison in PROPOSED}
    for vector in vectors:
        for comparison, level in vector.items():
            if comparison in found:
                found[comparison][level] += 1
    return found


def proposed(weights: Weights, same: Iterable[Levels], undecided: Shares | None = None) -> Shares:
    """The m of each level by what was decided, by a model of what was not, and by what was thought before."""
    found, shares = counts(same), undecided or {}
    made: dict[Comparison, Mapping[Level, float]] = {}
    for comparison in PROPOSED:
        modelled = shares.get(comparison)
        said = {level: found[comparison][level] + THOUGHT_BEFORE * weights.of[comparison][level].m
                + (UNDECIDED * modelled[level] if modelled else 0.0) for level in LEVELS[comparison]}
        made[comparison] = _in_whole(said) if found[comparison] or modelled else {
            level: weight.m for level, weight in weights.of[comparison].items()}
    return made


def _in_whole(said: Mapping[Level, float]) -> dict[Level, float]:
    """Shares of four places that add up to one; none is nothing."""
    total = sum(said.values())
    shares = {level: max(round(count / total, 4), LEAST) for level, count in said.items()}
    most = max(shares, key=shares.__getitem__)
    shares[most] = round(shares[most] + 1 - sum(shares.values()), 4)
    return shares


def revised(weights: Weights, shares: Shares, version: str) -> Weights:
    """The weights with these m."""
    of = {comparison: MappingProxyType({level: replace(weight, m=shares.get(comparison, {}).get(level, weight.m))
                                        for level, weight in levels.items()}) for comparison, levels in weights.of.items()}
    return replace(weights, version=version, of=MappingProxyType(of))


def rewritten(text: str, shares: Shares, version: str, note: str) -> str:
    """The file of weights with these m, a new version and a note; all else, its comments too, stays as it was.

    Raises WrongConfiguration where what comes of it is no file of weights.
    """
    rows, section = [], ""
    for row in re.sub(r'(?s)note = """.*?"""', f'note = """\\\\\n{note}"""', text, count=1).splitlines():
        if heading := re.match(r"\[(\w+)\]", row):
            section = heading[1]
        elif row.startswith("version ="):
            row = f'version = "{version}"'
        elif level := re.match(r"(\w+) = \{ m = ", row):
            share = shares.get(Comparison(section), {}).get(Level(level[1])) if section in PROPOSED else None
            row = re.sub(r"m = [0-9.]+", f"m = {share:g}", row, count=1) if share is not None else row
        rows.append(row)
    made = "\n".join(rows) + "\n"
    written(Path(f"{version}.toml"), made)
    return made
