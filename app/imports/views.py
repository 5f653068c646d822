"""The pages of loads: bring a file, say what its columns hold, have it checked, load it, see how far it is, take it back."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from flask import Response as Streamed
from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.imports import columns, handing_back, operations, queries, showing
from app.imports.encodings import ENCODINGS
from app.imports.models import WITH_MATCHES, ImportRun
from app.journal.record import record
from app.kernel.errors import Invalid
from app.policy.actions import Action
from app.policy.pages import render
from app.policy.purposes import Purpose
from app.policy.routes import Routes, Typed
from app.policy.work import Work

routes = Routes("imports", __name__)
NEEDS = (Action.RESIDENT_IMPORT, Action.RESIDENT_MATCH)
# Of a file that comes by a page, which is held in memory while it is sealed; the command takes any.
LARGEST = 50_000_000
BLOCK = 1_000_000
CHOSEN = "What they chose, with its evidence"


def _draw_all(work: Work, form: Typed | None = None) -> str:
    found, further = queries.runs(work, request.args.get("after") or None)
    return render("imports/all.html", form=form or Typed(), items=[showing.shown(work, run) for run in found],
                  further=url_for("imports.index", after=further) if further else None, encodings=list(ENCODINGS.items()))


@routes.get("/imports", needs=NEEDS, purpose=Purpose.MATCH)
def index(work: Work) -> str:
    """The council's loads, and where to bring a file."""
    return _draw_all(work)


@routes.post("/imports", needs=NEEDS, purpose=Purpose.MATCH, redraw=_draw_all, largest=LARGEST)
def arrive(work: Work) -> Response:
    """A file is brought."""
    file, said = request.files.get("file"), request.form.get("encoding") or None
    if file is None or not file.filename:
        raise Invalid({"file": ["Choose a file: CSV, or a workbook of the kind .xlsx"]})
    if said is not None and said not in ENCODINGS:
        raise Invalid({"encoding": ["Choose one of those that are offered"]})
    return _to(operations.arrive(work, file.filename, _blocks(file.stream), said))


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def _draw_one(work: Work, ref: str, form: Typed | None = None) -> str:
    run = queries.one(work, ref)
    seen, said = showing.shown(work, run), _said(run)
    settled = run.step == "columns" or form is not None and run.step == "checked"
    return render(
        "imports/one.html", run=seen,
        form=said if form is None else Typed({**said.values, **form.values}, form.errors),
        fields_offered=_offered(), encodings=list(ENCODINGS.items()),
        columns=[(f"column-{at}", heading, told) for at, (heading, told) in enumerate(
            zip(run.headings, showing.samples(work, run), strict=True))] if settled or run.step == "checked" else [],
        settling=settled, faults=showing.first_faults(work, run) if run.failed else [],
        likely=showing.likely_there(work, run) if run.likely else [],
        left=showing.left(work, run) if run.step == "undone" else [])


def _said(run: ImportRun) -> Typed:
    """The form as it stands."""
    values = {f"column-{at}": run.fields.get(heading, "") for at, heading in enumerate(run.headings)}
    return Typed(values | {"dates": "month-first" if run.month_first else "day-first", "encoding": run.encoding or "",
                           "with_matches": run.with_matches})


def _offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may hold, in groups."""
    about: dict[str, list[tuple[str, str]]] = {
        group: [] for group in ("Who", "Where", "How to reach them", "More", CHOSEN)}
    for each in columns.FIELDS.values():
        about[_group(each.name)].append((each.name, each.words))
    return list(about.items())


def _group(name: str) -> str:
    if name.startswith("choice:"):
        return CHOSEN
    if name in (columns.FULL_NAME, columns.GIVEN, columns.FAMILY, columns.KNOWN_AS):
        return "Who"
    if name in (*columns.LINES, columns.ADDRESS, columns.POSTCODE, columns.SINCE):
        return "Where"
    reached = (*columns.TELEPHONES, *columns.EMAILS, columns.PREFERRED, columns.LANGUAGE)
    return "How to reach them" if name in reached else "More"


@routes.get("/imports/<ref>", needs=NEEDS, purpose=Purpose.MATCH)
def one(work: Work, ref: str) -> str:
    """One load: where it stands, and what comes next."""
    return _draw_one(work, ref)


@routes.post("/imports/<ref>/columns", needs=NEEDS, purpose=Purpose.MATCH, redraw=_draw_one)
def settle(work: Work, ref: str) -> Response:
    """What the columns hold is settled, and the rows are checked."""
    run = queries.one(work, ref)
    said = {heading: request.form.get(f"column-{at}", "") for at, heading in enumerate(run.headings)}
    if unknown := [heading for heading, name in said.items() if name and name not in columns.FIELDS]:
        raise Invalid({"fields": [f"Choose what “{heading}” holds from the list" for heading in unknown]})
    encoding = request.form.get("encoding") or None
    if encoding is not None and encoding not in ENCODINGS:
        raise Invalid({"encoding": ["Choose one of those that are offered"]})
    operations.settle(work, ref, {heading: name for heading, name in said.items() if name},
                      month_first=request.form.get("dates") == "month-first", encoding=encoding)
    return _to(operations.check(work, ref))


@routes.post("/imports/<ref>/load", needs=NEEDS, purpose=Purpose.MATCH, redraw=_draw_one)
def load(work: Work, ref: str) -> Response:
    """The rows are recorded."""
    with_matches = request.form.get("with_matches", "")
    if with_matches not in WITH_MATCHES:
        raise Invalid({"with_matches": ["Say what becomes of rows that are likely to be there already"]})
    return _to(operations.load(work, ref, with_matches))


def _button(rule: str, act: Callable[[Work, str], ImportRun], name: str) -> None:
    """A button that takes nothing beside the load."""

    def view(work: Work, ref: str) -> Response:
        return _to(act(work, ref))

    view.__name__ = name
    routes.post(f"/imports/<ref>/{rule}", needs=NEEDS, purpose=Purpose.MATCH)(view)


for _rule, _act in (("stop", operations.halt), ("go-on", operations.go_on), ("take-back", operations.take_back),
                    ("put-away", operations.put_away)):
    _button(_rule, _act, _rule.replace("-", "_"))


@routes.get("/imports/<ref>/handed-back.csv", needs=NEEDS, purpose=Purpose.MATCH)
def handed_back(work: Work, ref: str) -> Streamed:
    """The rows that were not taken, each with why, to be mended and brought again."""
    return _rows(work, ref, loaded=False, name="handed-back")


@routes.get("/imports/<ref>/left-out.csv", needs=NEEDS, purpose=Purpose.MATCH)
def left_out(work: Work, ref: str) -> Streamed:
    """The rows that were taken but for something in them, each with what was left out."""
    return _rows(work, ref, loaded=True, name="left-out")


def _rows(work: Work, ref: str, *, loaded: bool, name: str) -> Streamed:
    run = queries.one(work, ref)
    record(work, "import.handed-back", (), {"import": run.ref, "loaded": loaded})
    text = "".join(handing_back.lines(run.headings, queries.handed_back(work, run, loaded=loaded)))
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}-{run.ref}.csv"'}
    return Streamed(text, mimetype="text/csv", headers=headers)


def _to(run: ImportRun) -> Response:
    return redirect(url_for("imports.one", ref=run.ref), 303)
