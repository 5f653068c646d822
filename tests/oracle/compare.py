"""Asks both oracles everything that can be asked of a world, and lists where they differ.

By hand: `python -m tests.oracle.compare WORLDS RESIDENTS`.
"""

import sys
from dataclasses import dataclass, field

from .facts import PURPOSES, Contact, Hat, World
from .floor import floor
from .generate import world as generate
from .oracle import contact_parts, exists_for, request_parts, resident_groups
from .second import Second

AUDIENCES = ("council", "partner", "rights", "office", "job", "signin")


@dataclass
class Comparison:
    """`asked` counts the decisions, `seen` those that showed something, `differences` where the two oracles parted."""

    asked: int = 0
    seen: int = 0
    differences: list[tuple] = field(default_factory=list)

    def note(self, question: tuple, asked: int, first: dict, second: dict) -> None:
        self.asked += asked
        self.seen += len(first)
        self.differences += [(*question, ref, first.get(ref), second.get(ref)) for ref in first.keys() | second.keys()
                             if first.get(ref) != second.get(ref)]


def situations(world: World) -> list[tuple[Hat, str, Contact | None]]:
    """Every hat, purpose, and whether in contact: in none, in its own open one, and in one that has ended."""
    own: dict[str, list[Contact | None]] = {hat.key: [None] for hat in world.hats}
    for contact in world.contacts:
        known = own[contact.hat]
        if not any(c is not None and (c.ended is None) == (contact.ended is None) for c in known):
            known.append(contact)
    return [(hat, purpose, contact) for hat in world.hats for purpose in PURPOSES for contact in own[hat.key]]


def compare(world: World) -> Comparison:
    found, second = Comparison(), Second(world)
    for hat, purpose, contact in situations(world):
        in_contact = contact is not None and contact.ended is None
        records = {r.ref: resident_groups(world, hat, purpose, r, in_contact) for r in world.residents
                   if exists_for(world, hat, purpose, r, in_contact)}
        found.note(("resident", hat.key, purpose, in_contact), len(world.residents), records,
                   second.residents(hat, purpose, in_contact))
        jobs = {q.ref: parts for q in world.requests if (parts := request_parts(world, hat, purpose, q, contact))}
        found.note(("request", hat.key, purpose, in_contact), len(world.requests), jobs,
                   second.requests(hat, purpose, contact))
        talks = {c.key: parts for c in world.contacts if (parts := contact_parts(world, hat, purpose, c, contact))}
        found.note(("contact", hat.key, purpose, in_contact), len(world.contacts), talks,
                   second.contacts(hat, purpose, contact))
    for hat in world.hats:
        for audience in AUDIENCES:
            wall, (residents, requests) = floor(world, audience, hat.organisation, hat.person), second.floor(
                audience, hat.organisation, hat.person)
            found.note(("floor", hat.key, audience), len(world.residents) + len(world.requests),
                       dict.fromkeys(wall.residents | wall.requests, True), dict.fromkeys(residents | requests, True))
    return found


if __name__ == "__main__":
    for seed in range(int(sys.argv[1])):
        outcome = compare(generate(seed, int(sys.argv[2])))
        print(f"world {seed}: {outcome.asked} asked, {outcome.seen} seen, {len(outcome.differences)} differences",
              flush=True)
