"""The pages on which the policy is changed: drafts, what each would change, who approved it, and every version there has been."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.drafts import impacts, narrowing, operations, queries
from app.drafts.models import Draft
from app.drafts.words import ACT_WORDS, MISSING_WORDS, SHEET_WORDS, STATE_WORDS
from app.kernel.clock import moment_typed
from app.kernel.errors import Invalid, NotFound
from app.organisations.models import Organisation
from app.policy import writing
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.phrasing import read_back
from app.policy.purposes import Purpose
from app.policy.reading import GRANTS, GRANTS_HEADER
from app.policy.routes import Routes, Typed
from app.policy.rules import EVERY, IN_FORCE, NONE_NEEDED, Effect, Grant
from app.policy.sentences import by_line, grant_sentence, inheritance_sentence, mask_sentence, narrowing_sentence, started
from app.policy.sheets import PolicyRefused, joined_cells
from app.policy.words import Basis, Role, ScopeWord
from app.policy.work import Work

routes = Routes("drafts", __name__)
READING, WRITING, APPROVING = (Action.POLICY_READ,), (Action.POLICY_READ, Action.POLICY_DRAFT), (
    Action.POLICY_READ, Action.POLICY_APPROVE)
DRAFT = "/policy/drafts/<ref>"


@routes.get("/policy/drafts", needs=READING)
def index(work: Work, form: Typed | None = None) -> str:
    """Every draft, those that wait for somebody first, and a form that begins one."""
    rows, further = queries.drafts(work, request.args.get("after") or None)
    return render("drafts/index.html", form=form or Typed(), rows=rows, states=STATE_WORDS,
                  further=url_for("drafts.index", after=further) if further else None)


@routes.post("/policy/drafts", needs=WRITING, redraw=index)
def begin(work: Work) -> Response:
    """A new draft of the live policy."""
    made = operations.begin(work, in_field("title"), in_field("reason"))
    return redirect(url_for("drafts.one", ref=made.ref), 303)


@routes.get(DRAFT, needs=READING)
def one(work: Work, ref: str, form: Typed | None = None) -> str:
    """What a draft would change, what stands in its way, who wrote and approved it, and what comes next."""
    draft = operations.draft_of(work, ref)
    said = operations.judge(work, draft)
    mine = queries.part_of(work, draft)
    return render(
        "drafts/one.html", form=form or Typed(), draft=queries.shown(work, draft), said=said, changes=said.changes, mine=mine,
        states=STATE_WORDS, missing=[each.name for each in operations.missing_approvals(work, draft)],
        unagreed=[each.name for each in narrowing.unagreed(work, draft)], alone=narrowing.narrowing_alone(work, draft) is not None,
        steps=[{"title": ACT_WORDS[step.act], "who": step.who, "when": step.at, "body": step.words}
               for step in queries.steps(work, draft)],
        impact=impacts.impact_of(work, draft), has_read=impacts.has_read(work, draft),
        sheets=list(SHEET_WORDS.items()), stale=queries.live_number(work) not in (draft.base, draft.number))


@routes.get(f"{DRAFT}/rules", needs=WRITING)
def rules(work: Work, ref: str, form: Typed | None = None) -> str:
    """The rules of a draft by role, one sentence each, to take one out or write another."""
    draft = operations.draft_of(work, ref)
    lines: dict[Role, list[tuple[int, str]]] = {}
    try:
        for line in by_line(operations.shelf().tables(draft.content).grants):
            lines.setdefault(line[0].role, []).append((line[0].line, grant_sentence(*line)))
        trouble = None
    except PolicyRefused as refused:
        trouble = str(refused.faults[0])
    return render("drafts/rules.html", draft=queries.shown(work, draft), form=form or Typed({"effect": "allow"}),
                  by_role=[(str(role), started(role.sentence), lines[role]) for role in Role if role in lines],
                  trouble=trouble, **_offered(work))


@routes.post(f"{DRAFT}/rules", needs=WRITING, redraw=rules)
def write_rule(work: Work, ref: str) -> Response:
    """A rule more, from a sentence or from its parts."""
    line = _from_sentence(in_field("sentence")) if in_field("sentence") else _from_parts()
    draft = operations.edit(work, ref, seen_version(), lambda content: content | {GRANTS: f"{content[GRANTS].rstrip()}\n{line}\n"})
    _refuse_what_the_line_breaks(draft)
    return redirect(url_for("drafts.rules", ref=draft.ref), 303)


@routes.post(f"{DRAFT}/rules/<int:line>/out", needs=WRITING)
def take_out(work: Work, ref: str, line: int) -> Response:
    """A rule less: the line of that number, as it was seen. Back to the others of its role."""
    begins = ""

    def without(content: dict[str, str]) -> dict[str, str]:
        nonlocal begins
        lines = content[GRANTS].splitlines()
        if not 1 < line <= len(lines):
            raise NotFound()
        begins = lines[line - 1].partition(",")[0]
        return content | {GRANTS: "".join(f"{each}\n" for number, each in enumerate(lines, start=1) if number != line)}

    draft = operations.edit(work, ref, seen_version(), without)
    return redirect(url_for("drafts.rules", ref=draft.ref, _anchor=begins if begins in set(Role) else "rules"), 303)


@routes.get(f"{DRAFT}/sheets/<name>", needs=WRITING)
def sheet(work: Work, ref: str, name: str, form: Typed | None = None) -> str:
    """One file of a draft as text: what is expected of it, its examples, masks and roles are written so."""
    draft = operations.draft_of(work, ref)
    if name not in SHEET_WORDS:
        raise NotFound()
    return render("drafts/sheet.html", draft=queries.shown(work, draft), name=name, words=SHEET_WORDS[name],
                  form=form or Typed({"text": draft.content.get(name, "")}), said=operations.judge(work, draft).obstacles)


@routes.post(f"{DRAFT}/sheets/<name>", needs=WRITING, redraw=sheet)
def put_sheet(work: Work, ref: str, name: str) -> Response:
    """The text is kept, whatever is wrong with it: what is wrong is told with it."""
    if name not in SHEET_WORDS:
        raise NotFound()
    draft = operations.edit(work, ref, seen_version(), operations.put_sheet(name, request.form.get("text", "")))
    return redirect(url_for("drafts.sheet", ref=draft.ref, name=name), 303)


def _button(rule: str, needs: tuple[Action, ...], name: str, act: Callable[[Work, str, int], Any]) -> None:
    """A button that takes nothing but the draft as it was seen."""
    def press(work: Work, ref: str) -> Response:
        act(work, ref, seen_version())
        return redirect(url_for("drafts.one", ref=ref), 303)

    press.__name__, press.__doc__ = name, act.__doc__
    routes.post(f"{DRAFT}/{rule}", needs=needs)(press)


_button("hand-in", WRITING, "hand_in", operations.hand_in)
_button("update", WRITING, "bring_up_to_date", operations.bring_up_to_date)
_button("give-up", WRITING, "give_up", operations.give_up)
_button("approve", APPROVING, "approve", operations.approve)
_button("tighten", (Action.POLICY_READ, Action.POLICY_TIGHTEN), "tighten", operations.tighten)


@routes.post(f"{DRAFT}/return", needs=APPROVING, redraw=one)
def send_back(work: Work, ref: str) -> Response:
    """A draft goes back, with what should be changed."""
    operations.send_back(work, ref, seen_version(), in_field("why"))
    return redirect(url_for("drafts.one", ref=ref), 303)


@routes.post(f"{DRAFT}/publish", needs=WRITING, redraw=one)
def publish(work: Work, ref: str) -> Response:
    """An approved draft becomes the policy, now or at a time."""
    number = operations.publish(work, ref, seen_version(), _moment())
    return redirect(url_for("drafts.version", number=number), 303)


@routes.get("/policy/versions", needs=READING)
def versions(work: Work) -> str:
    """Every version that was published, the latest first."""
    rows, further = queries.versions(work, _number("after"))
    return render("drafts/versions.html", rows=rows, further=url_for("drafts.versions", after=further) if further else None)


@routes.get("/policy/versions/<int:number>", needs=READING)
def version(work: Work, number: int, form: Typed | None = None) -> str:
    """A version in sentences, to read and to print, and what it changed."""
    found = operations.version_of(work, number)
    said = operations.shelf().tables(found.content)
    return render("drafts/version.html", form=form or Typed(), version=queries.told(work, found),
                  changes=queries.changes_of(work, found), masks=[mask_sentence(mask) for mask in said.masks],
                  narrowings=[narrowing_sentence(each) for each in said.narrowings],
                  sentences=[grant_sentence(*line) for line in by_line(said.grants)],
                  inheritances=[inheritance_sentence(pair) for pair in said.inheritances])


@routes.post("/policy/versions/<int:number>/restore", needs=WRITING, redraw=version)
def restore(work: Work, number: int) -> Response:
    """A draft that says what an older version said, to be approved like any other."""
    made = operations.begin(work, f"Restore version {number}", in_field("reason"), restoring=number)
    return redirect(url_for("drafts.one", ref=made.ref), 303)


def in_field(name: str) -> str:
    """What was typed into a field, without the space around it."""
    return request.form.get(name, "").strip()


def seen_version() -> int:
    """The version of the draft that the page showed. Raises Invalid for none."""
    typed = in_field("version")
    if not typed.isdecimal() or len(typed) > 9:
        raise Invalid({"version": ["Open the draft again: this form does not say which version of it was seen"]})
    return int(typed)


def _number(name: str) -> int | None:
    """A number in the address; None for what is none, as if it were not there."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _moment() -> datetime | None:
    """When it is to begin, in London's time; None for now."""
    typed = in_field("from")
    try:
        return moment_typed(typed) if typed else None
    except ValueError:
        raise Invalid({"from": ["Write the day and the time as 2026-12-01T09:00"]}) from None


def _from_parts() -> str:
    """A line of grants.csv from what was chosen."""
    cells = [" ".join(request.form.getlist(name)) if name == "group" else in_field(name) for name in GRANTS_HEADER]
    missing = {name: [MISSING_WORDS[name]] for name, cell in zip(GRANTS_HEADER, cells, strict=True) if not cell}
    if missing:
        raise Invalid(missing)
    return joined_cells(*(" ".join(cell.split()) for cell in cells))


def _from_sentence(sentence: str) -> str:
    """A line of grants.csv from a sentence. Raises Invalid with what was not understood."""
    try:
        said = read_back(sentence, operations.shelf().vocabulary)
    except PolicyRefused as refused:
        raise Invalid({"sentence": [f"{fault.problem}. {fault.mend}" for fault in refused.faults]}) from refused
    if not (isinstance(said, tuple) and all(isinstance(each, Grant) for each in said)):
        raise Invalid({"sentence": ["This is written in another sheet: of masks, of roles, or of what councils withhold"]})
    return writing.grant_line(*(each for each in said if isinstance(each, Grant)))


def _refuse_what_the_line_breaks(draft: Draft) -> None:
    """Raises Invalid where the line that was just written is refused; faults elsewhere are told on the draft's page."""
    last = len(draft.content[GRANTS].splitlines())
    try:
        operations.shelf().tables(draft.content)
    except PolicyRefused as refused:
        errors: dict[str, list[str]] = {}
        for fault in refused.faults:
            if (fault.file, fault.line) == (GRANTS, last):
                errors.setdefault(fault.column or "role", []).append(f"{started(fault.problem)}. {fault.mend}")
        if errors:
            raise Invalid(errors) from refused


def _offered(work: Work) -> dict[str, Any]:
    """What the parts of a rule may be."""
    known = work.session.scalars(select(Organisation).order_by(Organisation.name))
    units = sorted({unit for each in operations.shelf().vocabulary.units.values() for unit in each})
    return {
        "roles": [(str(role), started(role.sentence)) for role in Role],
        "organisations": [(EVERY, "Every organisation"), *((each.slug, each.name) for each in known)],
        "units": [(EVERY, "Every unit, and people who have none"), (NONE_NEEDED, "People who have none"), *((u, u) for u in units)],
        "actions": [(str(action), started(action.sentence.rstrip(","))) for action in Action],
        "groups": [(EVERY, "Every part there is"), *((str(group), started(group.sentence)) for group in Group)],
        "purposes": [(str(purpose), f"To {purpose.sentence}") for purpose in Purpose],
        "scopes": [(str(scope), started(scope.sentence)) for scope in ScopeWord],
        "effects": [(str(Effect.ALLOW), "Allow"), (str(Effect.DENY), "Forbid: it beats everything that allows")],
        "bases": [(NONE_NEEDED, "None: no resident’s data is behind it"),
                  *((str(basis), started(basis.sentence)) for basis in Basis)],
        "agreements": [(NONE_NEEDED, "None needed"), (IN_FORCE, "The agreement that is in force")]}
