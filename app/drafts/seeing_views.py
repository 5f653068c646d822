"""Who sees what of a person in a situation, square by square, with what decides each and the worked examples that cover it; and
the examples themselves, with what none of them tries. A square becomes an example of a draft. And what waits for somebody."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.drafts import operations, queries, waiting
from app.drafts.counting import begin
from app.drafts.pieces import MAY_ASK
from app.drafts.words import SIGHT_WORDS
from app.kernel.errors import Invalid
from app.organisations import queries as organisations
from app.organisations.models import Organisation
from app.policy import reached, seeing
from app.policy.actions import Action
from app.policy.examples import EXAMPLES, RULES, Example, run
from app.policy.explain import Hat, Question, explain
from app.policy.figures import KINDS, Figure, whom
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.plainly import COUNCIL, Plain
from app.policy.publishing import live
from app.policy.purposes import WITHOUT_RESIDENTS, Purpose
from app.policy.reached import Counting
from app.policy.routes import Routes, Typed
from app.policy.seeing import Seen, Sight, Situation, Viewers
from app.policy.sentences import started
from app.policy.sheets import PolicyRefused
from app.policy.situations import Sharing
from app.policy.squares import Shown, spans
from app.policy.trying import coverage
from app.policy.words import Of, Role
from app.policy.work import Work
from app.policy.writing import example_line
from app.staff.words import ROLES_OF_KIND

routes = Routes("seeing", __name__)
READING, WRITING = (Action.POLICY_READ,), (Action.POLICY_READ, Action.POLICY_DRAFT)
SAID = {Sharing.GIVEN: "agreed to sharing", Sharing.REFUSED: "refused sharing", Sharing.WITHDRAWN: "took back a yes to sharing",
        Sharing.NOT_ASKED: "was not asked about sharing"}


@routes.get("/policy/who", needs=READING)
def who(work: Work, form: Typed | None = None) -> str:
    """Who sees which part of the record of somebody who said this and lives there, for one purpose."""
    known = {each.slug: each for each in organisations.organisations(work.session, work.on)}
    situation, plain = _situation(known), Plain(work.rulebook.tables, work.rulebook.vocabulary)
    found = _seen(plain, known, situation)
    opened, counting = _opened(found), reached.counting(work)
    rows = [(started(group.sentence), [
        _square(situation, known, viewers, group, sight, opened) for viewers, sight in zip(found.viewers, sights, strict=True)])
        for group, sights in found.rows]
    return render(
        "drafts/who.html", form=form or Typed(), version=work.policy_version, situation=situation, said=SAID[situation.sharing],
        purposes=[(str(each), f"To {each.sentence}") for each in Purpose if each not in WITHOUT_RESIDENTS],
        choices=[(str(each), started(words)) for each, words in SAID.items()], home=known[situation.home].name,
        homes=[(slug, each.name) for slug, each in known.items() if each.kind == COUNCIL],
        roles=spans(viewers.role for viewers in found.viewers), rows=rows,
        viewers=[(_named(known, viewers), viewers.role.sentence) for viewers in found.viewers],
        key=[(word, symbol) for word, (symbol, _) in SIGHT_WORDS.items()], counting=counting,
        why=_why(work, plain, known, situation, opened, counting), query=_query(situation),
        may_ask=any(work.may(action) for action in MAY_ASK))


@routes.get("/policy/who.csv", needs=READING)
def who_csv(work: Work) -> Response:
    """The same table for a spreadsheet, and beside it how many each organisation reaches."""
    known = {each.slug: each for each in organisations.organisations(work.session, work.on)}
    situation = _situation(known)
    found = _seen(Plain(work.rulebook.tables, work.rulebook.vocabulary), known, situation)
    name = f"who-{work.policy_version}-{situation.purpose}-{situation.sharing}-{situation.home}.csv"
    return Response(seeing.as_csv(found, _reached_columns(work, situation, found)), content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@routes.post("/policy/who/count", needs=READING, also=MAY_ASK)
def count(work: Work) -> Response:
    """It is put to the workers."""
    situation = _situation({each.slug: each for each in organisations.organisations(work.session, work.on)})
    begin(work)
    return redirect(_at(situation) + "#counted", 303)


@routes.post("/policy/who", needs=WRITING, redraw=who)
def make_a_test(work: Work) -> Response:
    """What a square says now becomes a worked example of a draft, so that no later change loses it unsaid."""
    known = {each.slug: each for each in organisations.organisations(work.session, work.on)}
    situation, plain = _situation(known), Plain(work.rulebook.tables, work.rulebook.vocabulary)
    opened = _opened(_seen(plain, known, situation))
    ref, name, rule = (request.form.get(field, "").strip() for field in ("draft", "name", "rule"))
    errors = {field: [words] for field, typed, words in (
        ("draft", ref, "Choose the draft that it goes into"), ("name", name, "Say in a sentence what is expected"),
        ("rule", rule if rule in RULES else "", "Choose the promise that it is about")) if not typed}
    if errors or opened is None:
        raise Invalid(errors or {"group": ["Open a square first"]})
    line = example_line(seeing.example(plain, situation, *opened[:2], name, rule))
    draft = operations.draft_of(work, ref)
    operations.edit(work, ref, draft.version, lambda content: content | {
        EXAMPLES: f"{content[EXAMPLES].rstrip()}\n{line}\n"})
    return redirect(url_for("drafts.sheet", ref=draft.ref, name=EXAMPLES), 303)


@routes.get("/policy/tests", needs=READING)
def tests(work: Work) -> str:
    """The worked examples of the live policy, how each comes out, and what none of them tries."""
    version = live(work.session)
    assert version is not None, "work is done under a live policy"
    return _tested(f"Policy version {version.number}", version.content)


@routes.get("/policy/waiting", needs=READING)
def needs_you(work: Work) -> str:
    """What waits for an administrator of this council."""
    shelf, version = operations.shelf(), live(work.session)
    told = shelf.examples(version.content) if version else ()
    plain = Plain(work.rulebook.tables, work.rulebook.vocabulary)
    return render("drafts/waiting.html", approvals=waiting.approvals(work), haste=waiting.in_haste(work),
                  agreements=waiting.agreements(work), reviews=waiting.reviews(work, work.rulebook.tables),
                  failing=sum(not outcome.right for outcome in run(plain, told)))


@routes.get("/policy/drafts/<ref>/tests", needs=READING)
def draft_tests(work: Work, ref: str) -> str:
    """The same of a draft."""
    draft = operations.draft_of(work, ref)
    return _tested(draft.title, draft.content, draft.ref)


def _tested(title: str, content: dict[str, str], ref: str | None = None) -> str:
    shelf = operations.shelf()
    try:
        plain, told = Plain(shelf.tables(content), shelf.vocabulary), shelf.examples(content)
    except PolicyRefused as refused:
        return render("drafts/tests.html", title=title, ref=ref, trouble=list(map(str, refused.faults)))
    found = coverage(plain, told)
    outcomes = [(each.example.rule, each.example.name, each.example.answer, each.right, str(each)) for each in run(plain, told)]
    # What nobody would notice first: that is what is read here to be mended.
    lines = sorted([(str(each.line), len(each.touched_by), [example.name for example in each.missed_by]) for each in found.lines],
                   key=lambda line: bool(line[2]))
    cells = [f"{cell.role}, {cell.purpose}, {cell.scope}, {cell.action}" for cell in found.untouched_cells]
    return render("drafts/tests.html", title=title, ref=ref, trouble=[], outcomes=outcomes, lines=lines, cells=cells)


def _situation(known: dict[str, Organisation]) -> Situation:
    """What the address asks for. Raises Invalid for a word that is none."""
    councils = [slug for slug, each in known.items() if each.kind == COUNCIL]
    asked = {"purpose": ([str(each) for each in Purpose if each not in WITHOUT_RESIDENTS], str(Purpose.ENQUIRY)),
             "sharing": ([str(each) for each in Sharing], str(Sharing.NOT_ASKED)), "home": (councils, min(councils, default=""))}
    chosen = {name: request.args.get(name) or usual for name, (_, usual) in asked.items()}
    errors = {name: [f"“{chosen[name]}” is not known here: choose one of {', '.join(words)}"]
              for name, (words, _) in asked.items() if chosen[name] not in words}
    if errors:
        raise Invalid(errors)
    return Situation(Purpose(chosen["purpose"]), Sharing(chosen["sharing"]), chosen["home"])


def _query(situation: Situation) -> dict[str, str]:
    return {"purpose": str(situation.purpose), "sharing": str(situation.sharing), "home": situation.home}


def _at(situation: Situation) -> str:
    return url_for("seeing.who", purpose=situation.purpose, sharing=situation.sharing, home=situation.home)


def _seen(plain: Plain, known: dict[str, Organisation], situation: Situation) -> Seen:
    return seeing.seen(plain, situation, [(role, slug) for slug, each in known.items() for role in ROLES_OF_KIND[each.kind]])


Place = tuple[Viewers, Group, Sight]


def _opened(found: Seen) -> Place | None:
    """The square that the address names, if the table has it."""
    role, organisation, group = (request.args.get(name, "") for name in ("role", "organisation", "group"))
    return next(((viewers, row, sight) for row, sights in found.rows for viewers, sight in zip(found.viewers, sights, strict=True)
                 if (str(viewers.role), str(row)) == (role, group) and organisation in viewers.organisations), None)


def _square(situation: Situation, known: dict[str, Organisation], viewers: Viewers, group: Group, sight: Sight,
            opened: Place | None) -> Shown:
    query = _query(situation) | {"role": str(viewers.role), "organisation": viewers.organisation, "group": str(group)}
    symbol, _ = SIGHT_WORDS[sight]
    return Shown(sight, symbol, sight.name.lower(), f"{group.sentence}, {viewers.role.sentence}, {_named(known, viewers)}", query,
                  opened is not None and opened[:2] == (viewers, group))


def _named(known: dict[str, Organisation], viewers: Viewers) -> str:
    names = [known[slug].name for slug in viewers.organisations]
    return names[0] if len(names) == 1 else f"each of {len(names)} organisations"


def _reached(work: Work, known: dict[str, Organisation], situation: Situation, opened: Place,
             counting: Counting) -> dict[str, Any] | None:
    """How many an open square reaches, each organisation by itself; None where none were counted yet."""
    if counting.as_at is None:
        return None
    viewers, group, _ = opened
    those, purpose = whom(situation.home, situation.sharing), situation.purpose
    found = reached.reached(work, counting, [purpose], [viewers.role])
    rows = [[known[slug].name, *(_number(found.get((viewers.role, slug, purpose), reached.NOTHING).of(kind, group, those))
                                 for kind in KINDS)] for slug in viewers.organisations]
    return {"rows": rows} | {f"{kind}s": counting.all(kind, those).of(kind) for kind in KINDS}


def _number(figure: Figure | None) -> str:
    return "None, by any rule" if figure is None else started(str(figure))


def _reached_columns(work: Work, situation: Situation, found: Seen) -> list[tuple[str, dict[Group, str]]]:
    """How many each organisation reaches of each part of the record, with when they were counted in the heading."""
    counting, those = reached.counting(work), whom(situation.home, situation.sharing)
    counted = reached.reached(work, counting, [situation.purpose], [viewers.role for viewers in found.viewers])
    when = "not counted yet" if counting.as_at is None else f"as at {counting.as_at.isoformat(timespec='minutes')}"

    def cells(role: Role, slug: str, kind: str) -> dict[Group, str]:
        each = counted.get((role, slug, situation.purpose), reached.NOTHING)
        return {group: "" if counting.as_at is None else str(each.of(kind, group, those) or "none").replace(",", "")
                for group, _ in found.rows}

    return [(f"{kind}s {viewers.role} of {slug} ({when})", cells(viewers.role, slug, kind))
            for viewers in found.viewers for slug in viewers.organisations for kind in KINDS]


def _why(work: Work, plain: Plain, known: dict[str, Organisation], situation: Situation, opened: Place | None,
         counting: Counting) -> dict[str, Any] | None:
    """What decides the open square, and the worked examples that cover it."""
    if opened is None:
        return None
    viewers, group, sight = opened
    asked = seeing.case(situation, viewers.role, viewers.organisation, group)
    told = explain(work.rulebook, Question(Hat(viewers.role, viewers.organisation), asked.action, group, situation.purpose,
                                           asked.holding, frozenset({Of(situation.home)})))
    version = live(work.session)
    examples: Sequence[Example] = operations.shelf().examples(version.content) if version else ()
    return {"title": f"{started(viewers.role.sentence)}: {group.sentence}", "meaning": SIGHT_WORDS[sight][1],
            "of": [known[slug].name for slug in viewers.organisations], "because": told.because, "would_change": told.would_change,
            "examples": [(example.name, example.answer) for example in seeing.covering(plain, examples, situation, viewers, group)],
            "drafts": [(each.ref, each.title) for each in queries.open_drafts(work)] if work.may(Action.POLICY_DRAFT) else None,
            "rules": [(rule, rule) for rule in sorted(RULES, key=lambda word: int(word[1:]))],
            "reached": _reached(work, known, situation, opened, counting),
            "query": _square(situation, known, viewers, group, sight, opened).query}
