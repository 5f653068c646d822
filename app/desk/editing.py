"""Changing a record on a page: only the groups this hat may change are drawn, and who was slower loses nothing."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from app.desk import queries, typed, words
from app.desk.pages import routes
from app.journal.showing import basis_of, groups_shown
from app.kernel import forms
from app.kernel.forms import CARRIED, Form, attempt
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.work import Work
from app.residents import homes, operations
from app.residents import queries as residents
from app.residents.clues import postcode_in
from app.residents.models import Resident
from app.residents.schemas import ResidentPatch
from app.residents.values import Value, etag, shown

EDITING = (Action.RESIDENT_SEE, Action.RESIDENT_CHANGE, Action.RESIDENT_MOVE, Action.RESIDENT_FIND)
DRAWN = frozenset({"name", "address", "channels", "birth", "needs"})
# A move is asked for by itself: the new address, and the day.
MOVE = frozenset({"address"})


@routes.get("/people/<ref>/edit", needs=EDITING, also=(Action.PLACE_CONFIRM,))
def edit(work: Work, ref: str) -> str:
    """The form, as the record stands; for a move an empty address, and today."""
    resident = residents.one(work, ref)
    value = shown(work, resident)
    moving = _moving(work, resident, request.args)
    return _form(work, resident, value, Form(typed.day_parts("moved", work.today) if moving else typed.from_value(value)),
                 moving=moving)


@routes.post("/people/<ref>/edit", needs=EDITING, also=(Action.PLACE_CONFIRM,))
def change(work: Work, ref: str) -> Response | tuple[str, int]:
    """Change what was typed otherwise. Where somebody changed the record meanwhile, both versions are shown."""
    resident = residents.one(work, ref, lock=True)
    key, right_ref = resident.id, resident.ref
    sent = {name: value for name, value in request.form.items() if name not in CARRIED}
    value, moving = shown(work, resident), _moving(work, resident, sent)
    if sent.get("version") != etag(value):
        return _form(work, resident, value, Form(sent), moving=moving, meanwhile=_differences(sent, value, moving)), 412
    patch = typed.patch_of(sent, value, MOVE if moving else _changeable(work, resident))
    if not patch:
        return redirect(f"/people/{right_ref}", 303)
    form = _without_a_day(sent) if moving else None
    form = form or _applied(work, resident, patch, sent)
    if form.errors:
        return _form(work, resident, value, Form(sent, typed.beside(form.errors, sent)), moving=moving), 422
    seen = residents.residents(work, [key])
    return redirect(f"/people/{right_ref}?done=changed" if seen else "/people/out-of-sight", 303)


def _moving(work: Work, resident: Resident, said: Mapping[str, str]) -> bool:
    """Whether the page is for a move alone; who may not change the address gets what they may change."""
    return said.get("only") == "address" and _changeable(work, resident) >= MOVE


def _without_a_day(sent: Mapping[str, str]) -> Form | None:
    """A move has its day: without one the old address would be taken for wrong."""
    return None if typed.parts_of_day(sent, "moved") else Form(sent, {"address": {"from": ["Say on which day they moved"]}})


def _applied(work: Work, resident: Resident, patch: Mapping[str, Any], sent: Mapping[str, str]) -> Form:
    wanted: Any
    form, wanted = forms.read(ResidentPatch(), patch)
    if form.errors:
        return form
    return attempt(work.session, Form(sent), lambda: operations.change(work, resident, wanted))[0]


def _changeable(work: Work, resident: Resident) -> frozenset[str]:
    """The groups that the page draws: shown here, and granted to be changed."""
    here = basis_of(work, "resident", [resident.id])[resident.id].scopes
    granted = work.reach.writing.get(Action.RESIDENT_CHANGE, {})
    groups = frozenset().union(*(granted.get(scope, frozenset()) for scope in here))
    return DRAWN & {str(group) for group in groups & groups_shown(work, "resident", [resident.id])[resident.id]}


def _differences(sent: Mapping[str, str], value: Value, moving: bool) -> list[tuple[str, str, str]]:
    """Where the record now says something else than what was typed: the group, what it says, what was typed."""
    body, found = typed.body_of(sent), []
    for grp in sorted((MOVE if moving else DRAWN) & value.keys()):
        patch = typed.patch_of(sent, value, frozenset({grp}))
        if grp in patch:
            found.append((words.GROUP_WORDS[grp], queries.written(grp, value[grp]), _typed(grp, body)))
    return found


def _typed(grp: str, body: Mapping[str, Any]) -> str:
    held = body.get(grp)
    return queries.written(grp, held)


def _form(work: Work, resident: Resident, value: Value, form: Form, *, moving: bool,
          meanwhile: list[tuple[str, str, str]] | None = None) -> str:
    sides = homes.sides(work, postcode_in(form.values.get("postcode", "")), form.values.get("line1", ""))
    return render("desk/edit.html", ref=resident.ref, form=form, version=etag(value), meanwhile=meanwhile, sides=sides,
                  moving=moving, now_at=_now_at(value) if moving else "", groups=_changeable(work, resident),
                  ways=list(words.WAY_WORDS.items()), telephones=range(1, typed.TELEPHONES + 1),
                  emails=range(1, typed.EMAILS + 1))


def _now_at(value: Value) -> str:
    return words.address_line(value["address"][0]) if value.get("address") else ""
