"""A large generated world in a database of its own, once for all tests of parity. JC_PROOF_RESIDENTS, JC_PROOF_SEED and
JC_PROOF_HATS change how many residents, which, and how many of the hats ask (every role is always among them)."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.oracle import generate
from tests.oracle.facts import Hat, World
from tests.proof.asking import Asked
from tests.proof.joining import join_some
from tests.proof.laid import laid_down

RESIDENTS = int(os.environ.get("JC_PROOF_RESIDENTS", "3000"))
SEED = int(os.environ.get("JC_PROOF_SEED", "7"))
HATS = int(os.environ.get("JC_PROOF_HATS", "18"))


def chosen(world: World) -> list[Hat]:
    """Some hats by chance, one of each role and some that are in a contact first."""
    hats = random.Random(SEED).sample(world.hats, len(world.hats))
    in_contact = {contact.hat for contact in world.contacts if contact.ended is None}
    hats.sort(key=lambda hat: hat.key not in in_contact)
    first = {hat.role: hat for hat in reversed(hats)}
    rest = [hat for hat in random.Random(SEED).sample(world.hats, len(world.hats)) if first[hat.role] is not hat]
    return [*first.values(), *rest][:max(HATS, len(first))]


@pytest.fixture(scope="module")
def hats(asked: Asked) -> list[Hat]:
    """Who asks."""
    return chosen(asked.world)


@pytest.fixture(scope="module")
def asked(template: str) -> Iterator[Asked]:
    """The application on the loaded world."""
    with laid_down(template, lambda now: generate.world(SEED, RESIDENTS, now=now),
                   lambda driver, loaded: join_some(driver, loaded, SEED)) as found:
        yield found
