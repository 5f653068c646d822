"""The policy on pages, to read: the table of who may see what for a purpose, and every rule as a sentence. Asking why
is a page of ``rights``, because it may need a resident's facts."""

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app.kernel.errors import Invalid
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.matrix import Drawn, Square, as_csv, draw, said_by
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.routes import Routes
from app.policy.rulebook import Rulebook
from app.policy.rules import EVERY, Effect, Grant, Narrowing
from app.policy.sentences import by_line, grant_sentence, inheritance_sentence, mask_sentence, narrowing_sentence, started
from app.policy.squares import Shown, spans
from app.policy.words import Role, ScopeWord
from app.policy.work import Work

routes = Routes("policy", __name__)
# Word, symbol and tint say the same: none is needed to understand the others.
SYMBOLS = {"sees": "◐", "changes": "✎", "sees, changes": "●", "never": "–"}


@routes.get("/policy", needs=(Action.POLICY_READ,))
def matrix(work: Work) -> str:
    """Who may see what for one purpose; a square opens the sentences that decide it."""
    rulebook, purpose, organisation = work.rulebook, _purpose(), _organisation(work.rulebook)
    drawn = of_records(draw(said_by(rulebook, organisation, None, (purpose,)), purpose))
    opened = _opened(drawn)
    rows = [(started(group.sentence), [
        _shown(drawn, group, column, square, organisation, opened)
        for column, square in zip(drawn.columns, squares, strict=True)]) for group, squares in drawn.rows]
    return render(
        "policy/matrix.html", version=work.policy_version, purpose=purpose, purpose_words=purpose.sentence,
        purposes=[(str(each), f"To {each.sentence}") for each in Purpose], organisation=organisation,
        organisations=_named_organisations(rulebook), roles=spans(role for role, _ in drawn.columns),
        scopes=[(str(scope), role.sentence) for role, scope in drawn.columns], rows=rows, key=list(SYMBOLS.items()),
        meanings=sorted({(str(scope), started(scope.sentence)) for _, scope in drawn.columns}),
        masks=[*map(mask_sentence, rulebook.masks()), *map(narrowing_sentence, rulebook.tables.narrowings)],
        why=_why(rulebook, drawn, opened, organisation))


@routes.get("/policy/matrix.csv", needs=(Action.POLICY_READ,))
def matrix_csv(work: Work) -> Response:
    """The same table for a spreadsheet, each square with its actions."""
    purpose, rulebook = _purpose(), work.rulebook
    drawn = draw(said_by(rulebook, _organisation(rulebook), None, (purpose,)), purpose)
    name = f"policy-{work.policy_version}-{purpose}.csv"
    return Response(as_csv(drawn), content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@routes.get("/policy/rules", needs=(Action.POLICY_READ,))
def rules(work: Work) -> str:
    """Every rule and mask as a sentence, on one page."""
    rulebook = work.rulebook
    sentences: dict[Role, list[tuple[str, bool]]] = {}
    for line in by_line(rulebook.grants()):
        sentences.setdefault(line[0].role, []).append((grant_sentence(*line), line[0].effect is Effect.DENY))
    includes = {pair.role: inheritance_sentence(pair) for pair in rulebook.tables.inheritances}
    roles = [(str(role), started(role.sentence), includes.get(role), sentences.get(role, []))
             for role in Role if role in sentences or role in includes]
    return render("policy/rules.html", version=work.policy_version, fingerprint=rulebook.fingerprint, roles=roles,
                  count=sum(map(len, sentences.values())), masks=[mask_sentence(mask) for mask in rulebook.masks()],
                  narrowings=[narrowing_sentence(each) for each in rulebook.tables.narrowings])


def of_records(drawn: Drawn) -> Drawn:
    """The squares that touch residents' data; all of them for a purpose that never does."""
    kept = [place for place, (_, scope) in enumerate(drawn.columns) if scope is not ScopeWord.ANY]
    rows = tuple((group, tuple(squares[place] for place in kept))
                 for group, squares in drawn.rows if group is not Group.NONE)
    return Drawn(drawn.purpose, tuple(drawn.columns[place] for place in kept), rows) if kept and rows else drawn


def _purpose() -> Purpose:
    typed = request.args.get("purpose") or str(Purpose.ENQUIRY)
    if typed not in set(Purpose):
        raise Invalid({"purpose": [f"“{typed}” is no purpose: choose one of {', '.join(sorted(Purpose))}"]})
    return Purpose(typed)


def _organisation(rulebook: Rulebook) -> str:
    """Whose hats the table is drawn for. Any serves where no rule names one."""
    known = sorted(rulebook.vocabulary.organisations)
    typed = request.args.get("organisation") or known[0]
    if typed not in known:
        raise Invalid({"organisation": [f"“{typed}” is no organisation here: choose one of {', '.join(known)}"]})
    return typed


def _named_organisations(rulebook: Rulebook) -> list[str]:
    """The organisations to choose from: none where the policy is the same for all."""
    same = all(grant.organisation == EVERY for grant in rulebook.grants())
    return [] if same else sorted(rulebook.vocabulary.organisations)


Place = tuple[Role, ScopeWord, Group]


def _opened(drawn: Drawn) -> Place | None:
    """The square that the address names, if the table has it."""
    asked = tuple(request.args.get(name, "") for name in ("role", "scope", "group"))
    return next(((role, scope, group) for role, scope in drawn.columns for group, _ in drawn.rows
                 if (str(role), str(scope), str(group)) == asked), None)


def _shown(drawn: Drawn, group: Group, column: tuple[Role, ScopeWord], square: Square, organisation: str,
           opened: Place | None) -> Shown:
    role, scope = column
    query = {"purpose": str(drawn.purpose), "organisation": organisation, "role": str(role), "scope": str(scope),
             "group": str(group)}
    return Shown(square.word, SYMBOLS[square.word], square.word.replace(", ", "-"),
                 f"{group.sentence}, {role.sentence}, {scope}", query, opened == (role, scope, group))


def _why(rulebook: Rulebook, drawn: Drawn, opened: Place | None, organisation: str) -> dict[str, Any] | None:
    """The lines of the policy that decide the open square, in the order they were written."""
    if opened is None:
        return None
    role, scope, group = opened
    lines = [line for line in by_line(rulebook.grants()) if line[0].scope is scope
             and _is_for(rulebook, line, role, group, drawn.purpose, organisation)]
    return {"title": f"{started(role.sentence)}, {scope}: {group.sentence}",
            "sentences": [grant_sentence(*line) for line in lines],
            "masks": [narrowing_sentence(mask) if isinstance(mask, Narrowing) else mask_sentence(mask)
                      for mask in rulebook.withheld(role, organisation) if mask.takes(scope, group)]}


def _is_for(rulebook: Rulebook, line: Sequence[Grant], role: Role, group: Group, purpose: Purpose,
            organisation: str) -> bool:
    grant = line[0]
    return (role in rulebook.heirs()[grant.role] and grant.purpose in (EVERY, purpose)
            and grant.organisation in (EVERY, organisation) and any(each.group in (EVERY, group) for each in line))
