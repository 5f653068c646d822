"""The pages on which a council says what it withholds of its own residents: its administrators write it into a draft, and its own
information officer reads what that would take away, and agrees or returns it."""

from typing import Any

from flask import redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.drafts import impacts, narrowing, operations, queries
from app.drafts.impact_views import losses
from app.drafts.models import Draft
from app.drafts.views import DRAFT, WRITING, in_field, seen_version
from app.kernel.errors import Invalid, NotFound
from app.organisations.models import Organisation
from app.policy import writing
from app.policy.actions import Action
from app.policy.groups import RESIDENT_GROUPS
from app.policy.narrowings import NARROWINGS, NARROWINGS_HEADER
from app.policy.pages import render
from app.policy.phrasing import read_back
from app.policy.routes import Routes, Typed
from app.policy.rules import EVERY, Narrowing
from app.policy.sentences import narrowing_sentence, started
from app.policy.sheets import PolicyRefused, joined_cells
from app.policy.words import WITHOUT_RESIDENTS, Role
from app.policy.work import Work

routes = Routes("narrowing", __name__)
AGREEING = (Action.POLICY_AGREE,)
WITHHELD = "/policy/withheld"
MISSING = {"groups": "Choose the parts of the record", "roles": "Choose from whom",
           "organisations": "Choose of which organisations", "reason": "Write why",
           "owner": "Write who answers for this", "review": "Write the day by which it is looked at again"}
SEVERAL = ("groups", "organisations", "roles")


@routes.get(f"{DRAFT}/narrowings", needs=WRITING)
def sheet(work: Work, ref: str, form: Typed | None = None) -> str:
    """What each council withholds under a draft, in sentences; and a form for one's own council."""
    draft, names = operations.draft_of(work, ref), queries.organisation_names(work)
    try:
        said, trouble = operations.shelf().tables(draft.content).narrowings, None
    except PolicyRefused as refused:
        said, trouble = (), str(refused.faults[0])
    own = work.actor.organisation
    councils = sorted({own, *(each.council for each in said)}, key=lambda slug: (slug != own, names.get(slug, slug)))
    return render("drafts/narrowings.html", draft=queries.shown(work, draft), form=form or Typed(), trouble=trouble, own=names[own],
                  councils=[(names.get(slug, slug), slug == own, [(each.line, narrowing_sentence(each)) for each in said
                                                                  if each.council == slug]) for slug in councils],
                  **_offered(work))


@routes.post(f"{DRAFT}/narrowings", needs=WRITING, redraw=sheet)
def write(work: Work, ref: str) -> Response:
    """A line more of one's own council, from a sentence or from its parts."""
    line = _from_sentence(work, in_field("sentence")) if in_field("sentence") else _from_parts(work)
    draft = operations.edit(work, ref, seen_version(), lambda content: narrowing.with_line(content, line))
    _refuse_what_the_line_breaks(draft)
    return redirect(url_for("narrowing.sheet", ref=draft.ref), 303)


@routes.post(f"{DRAFT}/narrowings/<int:line>/out", needs=WRITING, redraw=lambda work, ref, line, form=None: sheet(work, ref, form))
def take_out(work: Work, ref: str, line: int) -> Response:
    """A line less of one's own council."""
    draft = operations.edit(work, ref, seen_version(), lambda content: narrowing.without_line(content, line))
    return redirect(url_for("narrowing.sheet", ref=draft.ref), 303)


@routes.get(WITHHELD, needs=AGREEING)
def withheld(work: Work) -> str:
    """What the officer's council withholds now, and the drafts that wait for their word."""
    own = work.actor.organisation
    return render("drafts/withheld.html", council=queries.organisation_names(work)[own],
                  sentences=[narrowing_sentence(each) for each in work.rulebook.tables.narrowings if each.council == own],
                  waiting=[(draft.ref, draft.title) for draft in narrowing.waiting_for(work)])


@routes.get(f"{WITHHELD}/<ref>", needs=AGREEING)
def one(work: Work, ref: str, form: Typed | None = None) -> str:
    """What a draft would change, and for whom."""
    draft = _theirs(work, ref)
    impact = impacts.impact_of(work, draft)
    waits = work.actor.organisation_id in {each.id for each in narrowing.unagreed(work, draft)}
    return render("drafts/agreeing.html", form=form or Typed(), draft=queries.shown(work, draft), impact=impact,
                  changes=operations.judge(work, draft).changes, alone=narrowing.narrowing_alone(work, draft) is not None,
                  waits=waits and draft.state == "submitted", lost=losses(work, impact))


@routes.post(f"{WITHHELD}/<ref>/agree", needs=AGREEING, redraw=one)
def agree(work: Work, ref: str) -> Response:
    """The officer has read what it would take away, and agrees."""
    narrowing.answer(work, _theirs(work, ref), seen_version(), None)
    return redirect(url_for("narrowing.withheld"), 303)


@routes.post(f"{WITHHELD}/<ref>/return", needs=AGREEING, redraw=one)
def send_back(work: Work, ref: str) -> Response:
    """The officer returns it, saying why."""
    operations.check_reason(in_field("why"))
    narrowing.answer(work, _theirs(work, ref), seen_version(), in_field("why"))
    return redirect(url_for("narrowing.withheld"), 303)


def _theirs(work: Work, ref: str) -> Draft:
    """A draft that changes what the officer's council withholds. Raises NotFound for any other."""
    draft = operations.draft_of(work, ref)
    if work.actor.organisation_id not in narrowing.changed_by(work, draft):
        raise NotFound()
    return draft


def _from_sentence(work: Work, sentence: str) -> str:
    """A line of the sheet from a sentence. Raises Invalid with what was not understood, and for another council's."""
    try:
        said = read_back(sentence, operations.shelf().vocabulary)
    except PolicyRefused as refused:
        raise Invalid({"sentence": [f"{fault.problem}. {fault.mend}" for fault in refused.faults]}) from refused
    if not isinstance(said, Narrowing):
        raise Invalid({"sentence": ["This is no sentence about what a council withholds: begin it with “Of its own residents,”"]})
    if said.council != work.actor.organisation:
        raise Invalid({"sentence": [f"Only administrators of {said.council} write what {said.council} withholds. Name your own "
                                    f"council, {work.actor.organisation}"]})
    return writing.narrowing_line(said)


def _from_parts(work: Work) -> str:
    """A line of the sheet from what was chosen, of the writer's own council."""
    cells = {name: " ".join(request.form.getlist(name)) if name in SEVERAL else " ".join(in_field(name).split())
             for name in NARROWINGS_HEADER} | {"council": work.actor.organisation}
    missing = {name: [MISSING[name]] for name, cell in cells.items() if not cell}
    if missing:
        raise Invalid(missing)
    return joined_cells(*cells.values())


def _refuse_what_the_line_breaks(draft: Draft) -> None:
    """Raises Invalid where the line that was just written is refused; faults elsewhere are told on the draft's page."""
    last = len(draft.content[NARROWINGS].splitlines())
    try:
        operations.shelf().tables(draft.content)
    except PolicyRefused as refused:
        errors: dict[str, list[str]] = {}
        for fault in refused.faults:
            if (fault.file, fault.line) == (NARROWINGS, last):
                errors.setdefault(fault.column or "groups", []).append(f"{started(fault.problem)}. {fault.mend}")
        if errors:
            raise Invalid(errors) from refused


def _offered(work: Work) -> dict[str, Any]:
    """What the parts may be."""
    known = work.session.scalars(select(Organisation).order_by(Organisation.name))
    roles = [role for role in Role if role not in WITHOUT_RESIDENTS]
    return {"groups": [(EVERY, "Every part there is"), *((str(each), started(each.sentence)) for each in sorted(RESIDENT_GROUPS))],
            "organisations": [(EVERY, "Every organisation, our own among them"), *((each.slug, each.name) for each in known)],
            "roles": [(EVERY, "Everybody"), *((str(role), started(role.sentence)) for role in roles)]}
