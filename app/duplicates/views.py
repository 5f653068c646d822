"""The pages of who answers for duplicates at a council: its queue, two records side by side with why they are alike, what
joining them would keep and set aside, and parting them again."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.duplicates import merging, operations, queries
from app.duplicates.held import held
from app.duplicates.models import ANSWERS, NOT_SAME, SAME
from app.duplicates.sides import answered, joined_since, sides, waiting
from app.duplicates.thresholds import at_or_above, steps
from app.duplicates.words import ANSWER_WORDS, DONE, MATTER_WORDS, VERDICT_WORDS
from app.kernel.errors import Invalid
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.routes import Routes, Typed
from app.policy.work import Work
from app.residents.models import Resident
from app.residents.weighing import weights

routes = Routes("duplicates", __name__)
LOOKING = (Action.RESIDENT_MATCH,)
COMPARING = (Action.RESIDENT_MATCH, Action.RESIDENT_SEE)
ANSWERING = (*COMPARING, Action.RESIDENT_PAIR)
JOINING = (*COMPARING, Action.RESIDENT_PAIR, Action.RESIDENT_MERGE)
MATCH = Purpose.MATCH
PAIR = "/people/<ref>/same-person/<other>"


@routes.get("/quality", needs=LOOKING, purpose=MATCH)
def queue(work: Work) -> str:
    """The pairs of records that may be one person's, those with most evidence first."""
    after = request.args.get("after") or None
    page = queries.queue(work, after)
    return render("duplicates/queue.html", pairs=waiting(work, page.pairs), words=VERDICT_WORDS,
                  done=DONE.get(request.args.get("done", "")),
                  further=url_for("duplicates.queue", after=page.next) if page.next else None,
                  first=url_for("duplicates.queue") if after else None)


@routes.get("/quality/thresholds", needs=LOOKING, purpose=MATCH)
def thresholds(work: Work) -> str:
    """What each line would do, drawn from this council's own queue."""
    found, used = queries.weights(work), weights(work)
    link, review = used.lines.link, used.lines.review
    return render("duplicates/thresholds.html", steps=steps(found, (link, review)), total=len(found), link=link, review=review,
                  above=at_or_above(found, link), model=used.version)


@routes.get(PAIR, needs=COMPARING, purpose=MATCH)
def pair(work: Work, ref: str, other: str, form: Typed | None = None) -> str:
    """Two records side by side; the first is the one that would be kept."""
    return _paired(work, ref, other, form)


def _paired(work: Work, ref: str, other: str, form: Typed | None) -> str:
    one, two = queries.pair(work, ref, other)
    said = queries.answers(work, *operations.in_order(one.id, two.id))
    fields = [each.field for each in held(work, one, two)]
    usual = {each.name: each.usual for each in fields}
    joined = joined_since(work, one, two)
    return render("duplicates/pair.html", sides=sides(work, one, two), words=VERDICT_WORDS,
                  form=form or Typed(usual), fields=[each for each in fields if each.ways],
                  apart=NOT_SAME in said.values(), said=answered(work, said),
                  ours=said.get(work.actor.organisation_id) == SAME, joined=joined,
                  may_part=merging.may_part(work, one if two.merged_into == one.id else two),
                  obstacle=merging.may_join(work, one, two), done=DONE.get(request.args.get("done", "")))


@routes.post(f"{PAIR}/answer", needs=ANSWERING, purpose=MATCH, redraw=pair)
def answer(work: Work, ref: str, other: str) -> Response:
    """What a team leader says of the pair."""
    said = request.form.get("answer", "")
    if said not in ANSWERS:
        raise Invalid({"answer": ["Choose whether these are one person or two"]})
    operations.answer(work, ref, other, said)
    if said == NOT_SAME:
        return redirect(url_for("duplicates.queue", done=said), 303)  # type: ignore[return-value]
    return _back(ref, other, said)


@routes.get(f"{PAIR}/merge", needs=COMPARING, purpose=MATCH)
def preview(work: Work, ref: str, other: str) -> str | tuple[str, int]:
    """Every value that would be kept or set aside; nothing is written yet."""
    one, two = queries.pair(work, ref, other)
    ways = request.args.to_dict()
    errors = merging.unchosen(work, one, two, ways)
    if errors:
        return _paired(work, ref, other, Typed(ways, errors)), 422
    return _previewed(work, one, two, ways, Typed())


def _previewed(work: Work, one: Resident, two: Resident, typed: Mapping[str, Any], form: Typed) -> str:
    made = merging.preview(work, one, two, typed)
    return render("duplicates/preview.html", sides=sides(work, one, two, "pair.previewed"), made=made, form=form,
                  matters=[(MATTER_WORDS[each.matter], *(ANSWER_WORDS[said] for said in (each.ours, each.theirs, each.holds)))
                           for each in made.choices])


def again(work: Work, ref: str, other: str, form: Typed) -> str:
    """The preview once more, or the choosing where something was not chosen."""
    one, two = queries.pair(work, ref, other)
    if errors := merging.unchosen(work, one, two, form.values):
        return _paired(work, ref, other, Typed(form.values, errors))
    return _previewed(work, one, two, form.values, form)


@routes.post(f"{PAIR}/merge", needs=JOINING, purpose=MATCH, redraw=again)
def merge(work: Work, ref: str, other: str) -> Response:
    """Join the two: what was previewed, or nothing."""
    merging.join(work, ref, other, request.form.to_dict())
    return _back(ref, other, "joined")


@routes.post(f"{PAIR}/part", needs=JOINING, purpose=MATCH, redraw=pair)
def part(work: Work, ref: str, other: str) -> Response:
    """Part them again."""
    merging.part(work, ref, other)
    return _back(ref, other, "parted")


def _back(ref: str, other: str, done: str) -> Response:
    return redirect(url_for("duplicates.pair", ref=ref, other=other, done=done), 303)  # type: ignore[return-value]
