"""The administrators of both councils, and changes that they make. What a draft would change is worked out by the real road, in
this process."""

from collections.abc import Callable

from sqlalchemy import select

from app.drafts import impacts, operations, weighing
from app.drafts.impacts import Impact
from app.drafts.models import Draft
from app.policy.actions import Action
from app.policy.publishing import SHIPPED
from app.policy.rules import PolicyFiles
from app.policy.work import Desk, Work
from tests.world import BOROUGH, COUNTY, Wearer, World

ALL = frozenset({Action.POLICY_READ, Action.POLICY_DRAFT, Action.POLICY_APPROVE, Action.POLICY_TIGHTEN})
FILES = PolicyFiles.read(SHIPPED).content
SHARED = "adviser,*,*,resident:see,name address channels birth needs history choices,enquiry,consented,"
NO_BIRTH = SHARED.replace(" birth", "")


def put(name: str, old: str, new: str) -> Callable[[dict[str, str]], dict[str, str]]:
    def change(content: dict[str, str]) -> dict[str, str]:
        assert content[name].count(old) == 1, (name, old, content[name].count(old))
        return content | {name: content[name].replace(old, new)}
    return change


def without_births(content: dict[str, str]) -> dict[str, str]:
    """Advisers see no dates of birth of residents who agreed to sharing; people expect it, and the examples say so."""
    matrix = content["matrix.csv"].splitlines()
    at = next(n for n, line in enumerate(matrix) if line.startswith("adviser team_leader,enquiry,consented,resident:see,"))
    matrix[at] = matrix[at].replace(" birth", "").replace("birth ", "")
    kept = [line for line in content["examples.csv"].splitlines()
            if not ("adviser reads the record" in line and ",other," in line and "given" in line)]
    return put("grants.csv", SHARED, NO_BIRTH)(content) | {
        "matrix.csv": "\n".join(matrix) + "\n", "examples.csv": "\n".join(kept) + "\n"}


class Office:
    """Administrators of both councils, two each, and what one of them does."""

    def __init__(self, desk: Desk, world: World) -> None:
        self.desk, self.world = desk, world
        self.author, self.county, self.borough, self.other = (
            world.wearer(council, "administrator") for council in (COUNTY, COUNTY, BOROUGH, BOROUGH))

    def __call__(self, who: Wearer, does: Callable[..., object], ref: str, *more: object) -> int:
        """Do something to a draft as it stands now; its number if it became a version."""
        with self.desk.work(who.secret, ALL) as work:
            seen = operations.draft_of(work, ref).version
            made = does(work, ref, seen, *more)
            return made if isinstance(made, int) else 0

    def begun(self, change: Callable[[dict[str, str]], dict[str, str]] | None = None) -> str:
        with self.desk.work(self.author.secret, ALL) as work:
            ref = operations.begin(work, "No dates of birth", "They are not needed for an enquiry").ref
        if change is not None:
            self(self.author, operations.edit, ref, change)
        return ref

    def weigh(self, ref: str) -> Impact:
        """Have it worked out what the draft would change, if that is not known yet."""
        if not self.impact(ref).known:
            with self.desk.work(self.author.secret, ALL) as work:
                begun = weighing.begin(work, operations.draft_of(work, ref), queued=False)
            weighing.go_on(self.desk, *begun)
        return self.impact(ref)

    def impact(self, ref: str) -> Impact:
        """What is known of it."""
        with self.desk.work(self.author.secret, ALL) as work:
            return impacts.impact_of(work, operations.draft_of(work, ref))

    def hand_in(self, ref: str) -> None:
        """Hand a draft in, what it would change being known."""
        self.weigh(ref)
        self(self.author, operations.hand_in, ref)

    def approve(self, ref: str, *people: Wearer) -> None:
        """Each of these reads what it would change, and approves it."""
        self.weigh(ref)
        for who in people:
            self.read(ref, who)
            self(who, operations.approve, ref)

    def read(self, ref: str, who: Wearer) -> None:
        """Somebody reads what it would change."""
        def reads(work: Work, ref: str, _seen: int) -> None:
            impacts.read(work, operations.draft_of(work, ref))
        self(who, reads, ref)

    def state(self, ref: str) -> str:
        self.world.session.expire_all()
        return str(self.world.session.scalars(select(Draft.state).where(Draft.ref == ref)).one())
