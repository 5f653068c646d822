"""The same pairs as others find them: pg_trgm on one string, and Splink's documented model where it is installed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import psycopg

from app.kernel import config
from app.kernel.embedded import Cluster
from bench.matching.febrl import Labelled
from bench.matching.measures import Scores

LEAST_ALIKE = 0.3


@contextmanager
def database() -> Iterator[psycopg.Connection]:
    """A database of the benchmark's own, with trigrams."""
    made = Cluster(config.ROOT / "var" / "bench-matching")
    made.start(fsync=False, shared_buffers="512MB", work_mem="64MB")
    try:
        with psycopg.connect(made.admin_url(), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            yield connection
    finally:
        made.stop()


def by_trigrams(connection: psycopg.Connection, data: Labelled) -> Scores:
    """The similarity of everything in one string, for all pairs in which it is 0.3 or more."""
    connection.execute("DROP TABLE IF EXISTS whole")
    connection.execute("CREATE TABLE whole (at int PRIMARY KEY, words text)")
    with connection.cursor().copy("COPY whole FROM STDIN") as copy:
        for at, row in enumerate(data.rows):
            copy.write_row((at, " ".join(value for value in row.values() if value)))
    connection.execute("CREATE INDEX ON whole USING gin (words gin_trgm_ops)")
    connection.execute("ANALYZE whole")
    connection.execute(f"SET pg_trgm.similarity_threshold = {LEAST_ALIKE}")
    found = connection.execute("SELECT a.at, b.at, similarity(a.words, b.words) FROM whole a JOIN whole b "
                               "ON a.words % b.words AND a.at < b.at").fetchall()
    return {(one, other): alike for one, other, alike in found if data.asked(one, other)}


def has_splink() -> bool:
    """Whether the extra `matching-bench` is installed."""
    return find_spec("splink") is not None


def by_splink(data: Labelled) -> Scores:
    """Splink's model for these sets as its documentation has it, with the address beside it, trained by its own steps. Scores are
    match weights."""
    import splink.comparison_library as cl
    from pandas import DataFrame
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frame = DataFrame([{"unique_id": at, **{name: value or None for name, value in row.items()},
                        "source_dataset": "one" if data.second is None or at < data.second else "two"}
                       for at, row in enumerate(data.rows)])
    numbers = [cl.DamerauLevenshteinAtThresholds("soc_sec_id")] if "soc_sec_id" in frame else []
    rules = [block_on(*names) for names in _BLOCKS if all(name in frame for name in names)]
    settings = SettingsCreator(
        link_type="dedupe_only" if data.second is None else "link_only", blocking_rules_to_generate_predictions=rules,
        comparisons=[cl.NameComparison("given_name"), cl.NameComparison("surname"),
                     cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
                     cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
                     cl.DamerauLevenshteinAtThresholds("street_number"), cl.JaroWinklerAtThresholds("address_1"),
                     cl.JaroWinklerAtThresholds("suburb"), *numbers])
    logging.getLogger("splink").setLevel(logging.WARNING)
    api = DuckDBAPI()
    parts = [frame] if data.second is None else [part for _, part in frame.groupby("source_dataset")]
    linker = Linker([api.register(part) for part in parts], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("given_name", "surname", "date_of_birth")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    found = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    return {(min(one, other), max(one, other)): weight for one, other, weight in
            zip(found["unique_id_l"], found["unique_id_r"], found["match_weight"], strict=True)}


_BLOCKS = (("given_name", "surname"), ("date_of_birth",), ("soc_sec_id",), ("postcode", "surname"), ("given_name", "postcode"),
           ("street_number", "address_1"), ("given_name", "suburb"), ("surname", "suburb"), ("address_1", "suburb"))
