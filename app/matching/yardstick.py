"""What Splink makes of the same pairs: how often each level comes out where two records are one person's, by expectation and
maximisation over pairs that nobody decided, and by the decided ones. Offline only; Splink is an extra that need not be there.

Splink gets levels, never a value of a record.
"""

import logging
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from app.kernel.errors import Invalid
from app.matching.calibrating import Levels, Shares
from app.matching.weighing import LEVELS, Comparison, Level, Weights

MISSING = "Splink is not installed: pip install 'joint-contact[matching-bench]', or use --decisions-only"
NOTHING = "nothing"
# What is learned from the pairs that agree in these: over all pairs with a key in common Splink would learn what a family is.
SESSIONS = (((Comparison.FORENAME, Comparison.BIRTH), (Comparison.SURNAME, Comparison.POSTCODE, Comparison.STREET, Comparison.HOUSE,
                                                       Comparison.TELEPHONE, Comparison.EMAIL)),
            ((Comparison.SURNAME, Comparison.BIRTH), (Comparison.FORENAME,)),
            ((Comparison.FORENAME, Comparison.SURNAME, Comparison.POSTCODE), (Comparison.BIRTH,)))
FEWEST = 20


def require_splink() -> None:
    """Raises Invalid where Splink is not installed: how to get it."""
    if find_spec("splink") is None:
        raise Invalid({"splink": [MISSING]}, detail=MISSING)


def by_splink(weights: Weights, pairs: Sequence[Levels], unlike: Sequence[Levels]) -> Shares:
    """The m that Splink finds in ``pairs``. ``unlike`` are pairs taken at random, by which it knows u."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    found: dict[Comparison, Mapping[Level, float]] = {}
    for agreeing, learned in SESSIONS:
        there = [pair for pair in pairs if all(pair.get(each) is Level.EXACT for each in agreeing)]
        used = [each for each in learned if sum(each in pair for pair in there) >= FEWEST]
        if used:
            found |= _session(weights, there, used, {each: _u(each, unlike) for each in used})
    return found


def _session(weights: Weights, pairs: Sequence[Levels], used: Sequence[Comparison], chance: Shares) -> Shares:
    """Expectation and maximisation over pairs of which most are one person's."""
    import splink
    from pandas import DataFrame

    settings = splink.SettingsCreator(
        link_type="link_only", blocking_rules_to_generate_predictions=[splink.block_on("pair")],
        comparisons=[_comparison(comparison, weights, chance[comparison]) for comparison in used],
        probability_two_random_records_match=0.9)
    sides = [DataFrame([{"unique_id": f"{at}-{side}", "pair": at, **{str(c): str(pair.get(c, NOTHING)) for c in used}}
                        for at, pair in enumerate(pairs)]) for side in ("one", "other")]
    api = splink.DuckDBAPI()
    linker = splink.Linker([api.register(side) for side in sides], settings)
    linker.training.estimate_parameters_using_expectation_maximisation(
        splink.block_on("pair"), fix_u_probabilities=True, estimate_without_term_frequencies=True)
    model: Any = linker.misc.save_model_to_json()
    return {Comparison(found["output_column_name"]): _m(found, weights) for found in model["comparisons"]}


def _u(comparison: Comparison, unlike: Sequence[Levels]) -> Mapping[Level, float]:
    """How often each level comes out at random, none of them never."""
    out = [pair[comparison] for pair in unlike if comparison in pair]
    levels = LEVELS[comparison]
    return {level: (out.count(level) + 0.5) / (len(out) + len(levels) / 2) for level in levels}


def _comparison(comparison: Comparison, weights: Weights, chance: Mapping[Level, float]) -> dict[str, Any]:
    column = f'"{comparison}_l"'
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{column} = '{NOTHING}'", "label_for_charts": NOTHING, "is_null_level": True}]
    levels += [{"sql_condition": f"{column} = '{level}'", "label_for_charts": str(level), "u_probability": chance[level],
                "m_probability": weights.of[comparison][level].m} for level in LEVELS[comparison][:-1]]
    last = LEVELS[comparison][-1]
    levels.append({"sql_condition": "ELSE", "label_for_charts": str(last), "u_probability": chance[last],
                   "m_probability": weights.of[comparison][last].m})
    return {"output_column_name": str(comparison), "comparison_levels": levels}


def _m(said: Mapping[str, Any], weights: Weights) -> Mapping[Level, float]:
    """The m of every level; one that no pair came out at keeps what was thought before."""
    told = {level["label_for_charts"]: level.get("m_probability") for level in said["comparison_levels"]}
    before = weights.of[Comparison(said["output_column_name"])]
    found = {level: told.get(str(level)) or weight.m for level, weight in before.items()}
    return {level: share / sum(found.values()) for level, share in found.items()}
