"""What a draft says and what stands in its way: faults of its text, examples that come out otherwise, cells that nobody
expects; and what it would change, in sentences."""

from dataclasses import dataclass

from app.drafts.gains import Gain, Laxer, gains, laxer
from app.policy import comparing, examples, matrix
from app.policy.comparing import Change
from app.policy.judging import Doubt, doubts
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles
from app.policy.sheets import PolicyRefused
from app.policy.shelf import Shelf

Content = dict[str, str]


@dataclass(frozen=True)
class Judged:
    """``obstacles`` must be gone before it can be handed in; ``doubts`` are told and may stay."""

    rulebook: Rulebook | None
    obstacles: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    changes: tuple[Change, ...] = ()
    gains: tuple[Gain, ...] = ()
    laxer: tuple[Laxer, ...] = ()

    @property
    def narrows_only(self) -> bool:
        """Whether it only takes away, and takes something away."""
        return bool(self.changes) and not self.gains and not self.laxer


def judged(shelf: Shelf, base: Content, content: Content) -> Judged:
    """A draft beside the policy that it changes."""
    before, files = shelf.read(base), PolicyFiles.of(content)
    try:
        after = shelf.read(content)
        wanted = matrix.expected(files.matrix)
        told = examples.read(files.examples, shelf.vocabulary)
    except PolicyRefused as refused:
        return Judged(None, tuple(map(str, refused.faults)))
    words = shelf.vocabulary
    failing = [str(outcome) for outcome in examples.run(after, told) if not outcome.right]
    unexpected = matrix.differences(wanted, matrix.said_by(after, min(words.organisations)))
    changes = comparing.differences(before.tables, after.tables, examples.read(PolicyFiles.of(base).examples, words), told)
    nothing = [] if base != content else ["Nothing is changed yet."]
    return Judged(after, (*nothing, *failing, *unexpected), doubts(after.tables, words), changes,
                  tuple(gains(before.tables, after.tables, words)), tuple(laxer(before.tables, after.tables)))
