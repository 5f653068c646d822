"""What a draft says and what stands in its way: faults of its text, examples that come out otherwise, cells that nobody
expects; and what it would change, in sentences."""

from dataclasses import dataclass

from app.drafts.gains import Freed, Gain, Laxer, gains, laxer
from app.policy import comparing, examples, matrix
from app.policy.comparing import Change
from app.policy.judging import Doubt, doubts
from app.policy.plainly import Plain
from app.policy.rules import PolicyFiles, Tables
from app.policy.sheets import PolicyRefused
from app.policy.shelf import Shelf

Content = dict[str, str]


@dataclass(frozen=True)
class Judged:
    """``obstacles`` must be gone before it can be handed in; ``doubts`` are told and may stay."""

    tables: Tables | None
    obstacles: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    changes: tuple[Change, ...] = ()
    gains: tuple[Gain, ...] = ()
    laxer: tuple[Laxer | Freed, ...] = ()

    @property
    def narrows_only(self) -> bool:
        """Whether it only takes away, and takes something away."""
        return bool(self.changes) and not self.gains and not self.laxer


def judged(shelf: Shelf, base: Content, content: Content) -> Judged:
    """A draft beside the policy that it changes. It is asked far too much for Casbin to answer: the rules themselves do."""
    words, before = shelf.vocabulary, shelf.tables(base)
    try:
        after, told = shelf.tables(content), shelf.examples(content)
        wanted = matrix.expected(PolicyFiles.of(content).matrix)
    except PolicyRefused as refused:
        return Judged(None, tuple(map(str, refused.faults)))
    plain = Plain(after, words)
    failing = [str(outcome) for outcome in examples.run(plain, told) if not outcome.right]
    unexpected = matrix.differences(wanted, matrix.said_by(plain, min(words.organisations)))
    changes = comparing.differences(before, after, shelf.examples(base), told)
    nothing = [] if base != content else ["Nothing is changed yet."]
    return Judged(after, (*nothing, *failing, *unexpected), doubts(after, words), changes,
                  tuple(gains(before, after, words)), tuple(laxer(before, after)))
