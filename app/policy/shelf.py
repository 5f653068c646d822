"""The policies that a process has at hand, by what they say. Which of them is live, each transaction reads for itself; one that
is not at hand is read from the database in that very transaction, and one that cannot be read, or is not what its
fingerprint says, lets nobody see anything.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, select

from app.kernel.errors import NotReady
from app.policy import examples
from app.policy.actions import Action
from app.policy.examples import Example
from app.policy.models import PolicyVersion
from app.policy.purposes import Purpose
from app.policy.reach import Reach, Wearer
from app.policy.reading import read
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles, Tables, Vocabulary
from app.policy.sheets import PolicyRefused

# A publication and its taking back, and what was live before: more are seldom wanted at once.
KEPT = 6


@dataclass(frozen=True)
class Held:
    """One policy, and what was compiled under it."""

    rulebook: Rulebook
    reaches: dict[tuple[Wearer, Purpose | None, frozenset[Action], bool], Reach] = field(default_factory=dict, repr=False)
    # The same rights in another organisation are the same SQL: one compilation and one plan serve both.
    alike: dict[Hashable, Reach] = field(default_factory=dict, repr=False)


class Shelf:
    """Policies at hand, by fingerprint. ``shipped`` is that of the files this process began with: the first version of a new
    database, and no more than that."""

    def __init__(self, shipped: Rulebook) -> None:
        self.shipped = shipped
        self._held: dict[str, Held] = {}
        self._reading = Lock()

    @property
    def vocabulary(self) -> Vocabulary:
        """The partnership's own words, in which every policy is read."""
        return self.shipped.vocabulary

    def live(self, connection: Connection, number: int | None, fingerprint: str | None) -> Held:
        """The policy that the transaction lives by. Raises NotReady where there is none, or none that can be trusted."""
        if number is None or fingerprint is None:
            raise NotReady("No policy has been published: nothing is shown until one is.")
        held = self._held.get(fingerprint)
        if held is None:
            # Whoever comes second waits for the first rather than reading the same again.
            with self._reading:
                held = self._held.get(fingerprint) or self._take_down(connection, number, fingerprint)
        return held

    def tables(self, content: Mapping[str, str]) -> Tables:
        """What a version or a draft says, without Casbin. Raises PolicyRefused with every fault."""
        return read(PolicyFiles.of(content), self.vocabulary)

    def examples(self, content: Mapping[str, str]) -> tuple[Example, ...]:
        """What is expected of it. Raises PolicyRefused with every fault."""
        return examples.read(PolicyFiles.of(content).examples, self.vocabulary)

    def read(self, content: Mapping[str, str]) -> Rulebook:
        """The policy that a version or a draft says, built whole. Raises PolicyRefused with every fault."""
        files = PolicyFiles.of(content)
        words = self.vocabulary
        found = Rulebook.build(files, words.organisations, words.units, words.kinds, like=self.shipped)
        held = self._held.get(found.fingerprint)
        return held.rulebook if held else found

    def _take_down(self, connection: Connection, number: int, fingerprint: str) -> Held:
        content = connection.scalar(select(PolicyVersion.content).where(PolicyVersion.number == number))
        try:
            found = self.read(content or {})
        except PolicyRefused as refused:
            raise NotReady(f"Policy version {number} cannot be read, and nothing is shown until it can: "
                           f"{refused.faults[0]}") from refused
        if found.fingerprint != fingerprint:
            raise NotReady(f"Policy version {number} is not what was published: its fingerprint is another. Nothing is shown.")
        while len(self._held) >= KEPT:
            del self._held[next(iter(self._held))]
        self._held[fingerprint] = held = Held(found)
        return held
