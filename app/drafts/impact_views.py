"""The page on which is told what a draft would change for the people it is about, and what it would have done to the look-ups of
the last months; it is worked out when somebody asks for it, and read by whoever approves."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.drafts import impacts, operations, queries, weighing
from app.drafts.alike import Kind
from app.drafts.impact_words import FEW, NOUNS, number
from app.drafts.models import OPEN, SUBMITTED
from app.drafts.pieces import MAY_ASK
from app.drafts.replaying import Outcome
from app.drafts.words import STATE_WORDS
from app.journal.words import EVENT_WORDS
from app.policy.actions import Action
from app.policy.figures import figure
from app.policy.groups import Group
from app.policy.pages import render
from app.policy.routes import Routes
from app.policy.sentences import started
from app.policy.words import Role
from app.policy.work import Work

routes = Routes("impacts", __name__)
READING = (Action.POLICY_READ,)
IMPACT = "/policy/drafts/<ref>/impact"
# A number that is withheld among others: it is small, or would tell one that is.
SOME = "some"


@routes.get(IMPACT, needs=READING, also=MAY_ASK)
def impact(work: Work, ref: str) -> str:
    """What a draft would change: who gains and who loses sight of whom, what stands in its way, and the look-ups replayed."""
    draft = operations.draft_of(work, ref)
    said = impacts.impact_of(work, draft)
    may = bool(MAY_ASK & work.reach.needs) and draft.state in (OPEN, SUBMITTED)
    result = said.result or {}
    return render(
        "drafts/impact.html", draft=queries.shown(work, draft), impact=said, states=STATE_WORDS, may_ask=may,
        readable=draft.fingerprint is not None, has_read=impacts.has_read(work, draft),
        approves=Action.POLICY_APPROVE in work.reach.needs, told=_told(result), jobs=_jobs(work, result.get("jobs")),
        counted=_counted(result), replay=_replay(work, result.get("replay")))


@routes.post(IMPACT, needs=READING, also=MAY_ASK)
def ask(work: Work, ref: str) -> Response:
    """It is put to the workers."""
    weighing.begin(work, operations.draft_of(work, ref))
    return _to(ref)


@routes.post(f"{IMPACT}/read", needs=(Action.POLICY_READ, Action.POLICY_APPROVE))
def read(work: Work, ref: str) -> Response:
    """Whoever approves has read it."""
    impacts.read(work, operations.draft_of(work, ref))
    return _to(ref)


def _to(ref: str) -> Response:
    return redirect(url_for("impacts.impact", ref=ref), 303)


def _told(result: Mapping[str, Any]) -> dict[str, Any]:
    """The lines, gains apart from losses, and all of them with the share that each is of the largest."""
    lines = [line | {"told": _sentence(line)} for line in result.get("lines", ())]
    largest = max((line["whole"] for line in lines if line["whole"] is not None), default=1)
    return {"barred": result.get("barred", []), "gains": [line for line in lines if line["gains"]],
            "losses": [line for line in lines if not line["gains"]], "lines": [_row(line, largest) for line in lines]}


def _jobs(work: Work, lines: Sequence[Mapping[str, Any]] | None) -> list[str] | None:
    """The open jobs that would lose a part of what they show, in sentences; None where that was not worked out."""
    if lines is None:
        return None
    names = queries.organisation_names(work)
    return [f"{names.get(line['partner'], line['partner'])}: {number} open {'job' if number.most == 1 else 'jobs'} would no longer "
            f"show {Group(line['group']).sentence}." for line in lines for number in [figure(line["many"])]]


def losses(work: Work, impact: impacts.Impact) -> dict[str, Any]:
    """Who would see less, in sentences, and the open jobs that would lose something."""
    result = impact.result or {}
    return {"lines": [line["told"] for line in _told(result)["losses"]], "jobs": _jobs(work, result.get("jobs"))}


def _sentence(line: Mapping[str, Any]) -> str:
    """The line, with those whom it is about: how many of each there are, unless they are all alike."""
    if len(line["parts"]) == 1:
        return f"{line['said'].rstrip('.')}: {line['parts'][0]['whom']}."
    parts = (f"{SOME if part['many'] is None else format(part['many'], ',')} {part['whom']}" for part in line["parts"])
    return f"{line['said'].rstrip('.')}: {'; '.join(parts)}."


def _row(line: Mapping[str, Any], largest: int) -> dict[str, Any]:
    """One that is too small to be told has no bar."""
    whole = line["whole"]
    return {"who": line["who"], "what": started(line["what"]), "to": started(line["to"]), "gains": line["gains"],
            "many": number(whole, NOUNS[Kind(line["kind"])]),
            "width": None if whole is None else max(round(100 * whole / largest, 1), 0.5)}


def _counted(result: Mapping[str, Any]) -> str:
    said = [number(many, NOUNS[Kind(kind)]) for kind, many in result.get("counted", {}).items()]
    return ", ".join(said)


def _replay(work: Work, found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = queries.organisation_names(work)

    def told(counts: Mapping[str, int | None], outcome: Outcome) -> str:
        many = counts.get(str(outcome), 0)
        return FEW if many is None else f"{many:,}"

    columns = (Outcome.REFUSED, Outcome.LESS, Outcome.ALLOWED)
    return {"nothing": not any(many != 0 for many in found["whole"].values()),
            "whole": {str(outcome): told(found["whole"], outcome) for outcome in Outcome},
            "rows": [[f"{started(Role(row['role']).sentence)} of {names.get(row['organisation'], row['organisation'])}",
                      EVENT_WORDS.get(row["event"], row["event"]), *(told(row["counts"], each) for each in columns)]
                     for row in found["rows"]],
            "versions": ", ".join(f"version {number}" for number, _ in found["versions"] if number)}
