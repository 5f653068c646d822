"""Joins and parts records of a loaded world as a team leader would, by the database's own functions, so that whatever looks at
the world meets records of every kind that are one person's."""

import random
from collections.abc import Iterator

import psycopg

from tests.oracle.facts import Hat, Resident, World
from tests.oracle.joined import Joining
from tests.oracle.moment import home_today, objects, sharing_given
from tests.proof.loading import Loaded, key

PAIRS, THREES, ACROSS = 90, 12, 12


def join_some(connection: psycopg.Connection, loaded: Loaded, seed: int) -> list[Joining]:
    """Pairs and threes of one council, and pairs of two councils that both said so; every third pair is parted again. Each
    that stays joined has a need taken over from the other record."""
    made = []
    for n, (survivor, others) in enumerate(_chosen(loaded.world, random.Random(seed))):
        leader = _leader(loaded.world, survivor, others)
        if leader is None:
            continue
        parted = n % 3 == 2
        for other in others:
            connection.execute("SELECT set_config('jc.secret', %s, true)", [loaded.secret(leader)])
            _join(connection, loaded.world, leader, survivor, other)
            if parted:
                connection.execute("SELECT wall.part_records(%s)", [_merge(survivor, other)])
            else:
                connection.execute(
                    "INSERT INTO resident_need (id, resident_id, words, merged_from) VALUES (%s, %s, 'Large print', %s)",
                    [key("taken over", other.ref), key("resident", survivor.ref), key("resident", other.ref)])
            connection.commit()
            made.append(Joining(survivor.ref, other.ref, parted))
    return made


def _chosen(world: World, chance: random.Random) -> Iterator[tuple[Resident, list[Resident]]]:
    """Of every home in turn, each resident once."""
    there = [each for each in world.residents if home_today(world, each) and not each.restricted and "needs" in each.groups]
    chance.shuffle(there)
    agreed = [each for each in there if sharing_given(each) and not any(
        objects(world, each, council.slug) for council in world.organisations if council.kind == "council")][:ACROSS * 6]
    free = [each for each in there if each not in agreed]
    homes = sorted({home_today(world, each) for each in there})
    of = {home: [each for each in free if home_today(world, each) == home] for home in homes}
    for n in range(PAIRS + THREES):
        many = 3 if n >= PAIRS else 2
        records = [of[homes[n % len(homes)]].pop() for _ in range(many)]
        yield records[0], records[1:]
    for _ in range(ACROSS):
        survivor = agreed.pop()
        other = next(each for each in agreed if home_today(world, each) != home_today(world, survivor))
        agreed.remove(other)
        yield survivor, [other]


def _leader(world: World, survivor: Resident, others: list[Resident]) -> Hat | None:
    """A team leader who is related to none of them."""
    related = survivor.relations.union(*(each.relations for each in others))
    home = home_today(world, survivor)
    return next((hat for hat in world.hats if hat.role == "team_leader" and hat.organisation == home
                 and hat.person not in related), None)


def _merge(survivor: Resident, other: Resident) -> object:
    return key("merge", f"{survivor.ref} {other.ref}")


def _join(connection: psycopg.Connection, world: World, leader: Hat, survivor: Resident, other: Resident) -> None:
    home, elsewhere = (home_today(world, each) for each in (survivor, other))
    if home != elsewhere:
        first, second = sorted((key("resident", survivor.ref), key("resident", other.ref)))
        connection.execute(
            "INSERT INTO duplicate_answer (id, first_id, second_id, council_id, answer, at, hat_id)"
            " VALUES (%s, %s, %s, %s, 'same', now(), %s)",
            [key("answer", f"{survivor.ref} {other.ref}"), first, second, key("organisation", elsewhere), key("hat", leader.key)])
    connection.execute(
        "INSERT INTO resident_merge (id, survivor_id, other_id, council_id, hat_id, at, reason, fingerprint, version)"
        " VALUES (%s, %s, %s, %s, %s, now(), 'One person', 'f', 1)",
        [_merge(survivor, other), key("resident", survivor.ref), key("resident", other.ref), key("organisation", home),
         key("hat", leader.key)])
    connection.execute("SELECT wall.join_records(%s)", [_merge(survivor, other)])

