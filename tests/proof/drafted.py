"""Drafts of the policy, made at once."""

from collections.abc import Callable

from app.drafts.models import APPROVED, BEGUN, Draft, DraftStep
from app.kernel.ids import new_key, new_reference
from app.policy.publishing import live
from app.policy.shelf import Shelf
from tests.world import World

# Of a file's name and a line of it, what becomes of the line; None takes it out.
Change = Callable[[str, str], str | None]


def drafted(world: World, shelf: Shelf, council: str, state: str, change: Change, *, approved: bool = False) -> Draft:
    """One of a council's, on top of the policy that is live now; approved by another administrator of the council."""
    author, now = world.wearer(council, "administrator"), live(world.session)
    assert now is not None
    content = {name: "".join(f"{changed}\n" for line in words.splitlines() if (changed := change(name, line)) is not None)
               for name, words in now.content.items()}
    made = Draft(id=new_key(), ref=new_reference(), title="Less", reason="Not needed", base=now.number, content=content,
                 fingerprint=shelf.read(content).fingerprint, state=state, version=1, councils=[author.organisation_id],
                 author_id=author.person_id, organisation_id=author.organisation_id, created_at=world.now)
    world.add(made)
    for act, by in ((BEGUN, author), *([(APPROVED, world.wearer(council, "administrator"))] if approved else [])):
        world.add(DraftStep(draft_id=made.id, at=world._instant(), person_id=by.person_id, act=act,
                            organisation_id=by.organisation_id, fingerprint=made.fingerprint))
    return made
