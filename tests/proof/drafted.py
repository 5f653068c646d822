"""Drafts of the policy, made at once."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from app.drafts.models import APPROVED, BEGUN, DONE, READ, Draft, DraftStep, PolicyImpact
from app.kernel.ids import new_key, new_reference
from app.policy.publishing import live
from app.policy.shelf import Shelf
from tests.world import Wearer, World

# Of a file's name and a line of it, what becomes of the line; None takes it out.
Change = Callable[[str, str], str | None]


# What it would change, worked out to be nothing.
NOTHING = {"lines": [], "barred": [], "counted": {}, "classes": 0, "hats": 0,
           "replay": {"whole": dict.fromkeys(("same", "less", "refused", "allowed", "unknown"), 0), "versions": [], "rows": []}}


def drafted(world: World, shelf: Shelf, council: str, state: str, change: Change, *, approved: bool = False,
            weighed: bool = True, readers: Sequence[Wearer] = ()) -> Draft:
    """One of a council's, on top of the policy that is live now; approved by another administrator of the council. What it would
    change is known, and these have read it."""
    author, now = world.wearer(council, "administrator"), live(world.session)
    assert now is not None
    content = {name: "".join(f"{changed}\n" for line in words.splitlines() if (changed := change(name, line)) is not None)
               for name, words in now.content.items()}
    made = Draft(id=new_key(), ref=new_reference(), title="Less", reason="Not needed", base=now.number, content=content,
                 fingerprint=shelf.read(content).fingerprint, state=state, version=1, councils=[author.organisation_id],
                 author_id=author.person_id, organisation_id=author.organisation_id, created_at=world.now)
    world.add(made)
    if weighed:
        world.add(PolicyImpact(draft_id=made.id, fingerprint=made.fingerprint, base=made.base, state=DONE, position=2, total=2,
                               asked_at=world.now - timedelta(minutes=2), seen_at=world.now, as_at=world.now, done_at=world.now,
                               blocked=False, result=NOTHING, job_id=new_key(), nonce=""))
    approver = [world.wearer(council, "administrator")] if approved else []
    for act, by in ((BEGUN, author), *((READ, each) for each in (*readers, *approver)), *((APPROVED, each) for each in approver)):
        world.add(DraftStep(draft_id=made.id, at=world._instant(), person_id=by.person_id, act=act,
                            organisation_id=by.organisation_id, fingerprint=made.fingerprint))
    return made
