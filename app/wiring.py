"""The inversions that are wired once: who is asking, what the frame of a page shows, what is told of a failure, and the policy
that this process holds."""

from functools import cache
from pathlib import Path

from flask import Flask

from app.kernel.config import Settings
from app.kernel.database import db, prepare
from app.kernel.errors import NotSignedIn
from app.policy import routes
from app.policy.commands import VOCABULARY
from app.policy.publishing import SHIPPED
from app.policy.rulebook import Rulebook
from app.policy.rules import PolicyFiles
from app.policy.shelf import Shelf
from app.policy.work import Desk


def open_gate(app: Flask, settings: Settings) -> None:
    """Read the policy for the partnership's own words, and let the views be asked."""
    from app.contacts.frame import NEEDS, contact_bar
    from app.journal.refusals import refused
    from app.shell.failures import answer_failure
    from app.staff import frame
    from app.staff.asking import asker, watch
    from app.staff.destinations import to_the_door

    name, shelf = _rules_of(settings.partnership)
    with app.app_context():
        engine = db.engine
    prepare(engine)
    app.config["PARTNERSHIP_NAME"] = name
    app.extensions[VOCABULARY] = shelf.vocabulary
    routes.open_gate(app, routes.Gate(Desk(engine, settings.role_prefix, shelf), asker, refused))
    watch(app)
    frame.register(app, frame.Bar(frozenset(NEEDS), contact_bar))
    app.register_error_handler(NotSignedIn, lambda failure: to_the_door() or answer_failure(failure))


@cache
def _rules_of(partnership: Path) -> tuple[str, Shelf]:
    """The partnership's name, and the policies at hand in its words: a process reads and builds each once."""
    from app.services.partnership import read as read_partnership

    who = read_partnership(partnership).who
    kinds = {organisation.slug: str(organisation.kind) for organisation in who.organisations}
    units = {organisation.slug: [unit.slug for unit in organisation.units] for organisation in who.organisations}
    return who.partnership.name, Shelf(Rulebook.build(PolicyFiles.read(SHIPPED), set(units), units, kinds))
