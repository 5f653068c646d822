"""What people do with a load: bring a file, settle its columns, have it checked, loaded, stopped, gone on with, taken back and
put away. What the workers then do step by step is for ``steps``.
"""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select

from app.imports import columns, opening, queries, safekeeping
from app.imports.models import WORKING, ImportHandedBack, ImportMapping, ImportPart, ImportRun
from app.imports.opening import Opened
from app.journal.record import record
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import new_key, new_reference, new_secret, secret_hash
from app.policy.work import Work

PART = 262_144
# From which steps somebody may go where.
FROM = {"checking": ("columns", "checked"), "loading": ("checked",), "undoing": ("loading", "loaded"),
        "over": ("columns", "checked", "loaded", "undone"), "columns": ("columns", "checked")}


def arrive(work: Work, name: str, content: Iterable[bytes], said: str | None = None,
           mapping: str = queries.USUAL) -> ImportRun:
    """A file came: it is kept sealed, and its headings are read. Raises Invalid for what is no table of people."""
    run = ImportRun(id=new_key(), ref=new_reference(), organisation_id=work.actor.organisation_id,
                    person_id=work.actor.person_id, file_name=_plain(name), size=0, headings=[], fields={}, notes={},
                    problems=[], words=[], round=0, created_at=work.now, step_at=work.now, seen_at=work.now)
    work.session.add(run)
    work.session.flush()
    run_size = _keep(work, run.id, content)
    found = opened(work, run, said)
    run.size, run.encoding, run.asks = run_size, found.encoding, found.asks
    run.headings = opening.headings_of(run.file_name, found.table)
    known = queries.remembered(work, mapping)
    run.fields = columns.guess(run.headings, known.fields if known else None)
    run.month_first = known.month_first if known else False
    work.session.flush()
    record(work, "import.begun", (), {"import": run.ref, "columns": len(run.headings)})
    return run


def _keep(work: Work, run: uuid.UUID, content: Iterable[bytes]) -> int:
    key, held, number, size = queries.data_key(), b"", 0, 0
    for block in content:
        held += block
        while len(held) >= PART:
            _keep_part(work, run, number, held[:PART], key)
            held, number, size = held[PART:], number + 1, size + PART
    if held:
        _keep_part(work, run, number, held, key)
    return size + len(held)


def _keep_part(work: Work, run: uuid.UUID, number: int, content: bytes, key: bytes) -> None:
    part = ImportPart(run_id=run, number=number, sealed=safekeeping.seal(key, content, run, f"part {number}"))
    work.session.add(part)
    work.session.flush()
    work.session.expunge(part)


def opened(work: Work, run: ImportRun, said: str | None = None) -> Opened:
    """The table in the file of a load, to be read within this unit of work."""
    return opening.opened(run.file_name, lambda: queries.blocks(work, run.id), said)


def settle(work: Work, ref: str, fields: Mapping[str, str], *, month_first: bool = False, encoding: str | None = None,
           mapping: str = queries.USUAL) -> ImportRun:
    """Say which column holds what, and in which letters the file was saved. It is remembered for the council's next file."""
    run = _in(work, ref, "columns")
    if encoding is not None and run.encoding is not None and (run.asks or encoding != run.encoding):
        found = opened(work, run, encoding)
        run.encoding, run.asks = found.encoding, found.asks
        headings = opening.headings_of(run.file_name, found.table)
        if headings != run.headings:
            # Other letters, other headings: the columns are the same ones in the same places.
            renamed = dict(zip(run.headings, headings, strict=False))
            fields = {renamed.get(heading, heading): name for heading, name in fields.items()}
            run.headings = headings
    if run.asks:
        raise Invalid({"encoding": [run.asks]}, detail=run.asks)
    if wrong := columns.wrong_with(fields, run.headings):
        raise Invalid({"fields": wrong}, detail=" ".join(wrong))
    run.fields, run.month_first, run.step, run.step_at, run.seen_at = dict(fields), month_first, "columns", work.now, work.now
    known = queries.remembered(work, mapping)
    if known is None:
        known = ImportMapping(organisation_id=run.organisation_id, name=mapping)
        work.session.add(known)
    # What a file of another system is called stays known beside it.
    known.fields, known.month_first, known.at = {**(known.fields or {}), **run.fields}, month_first, work.now
    work.session.flush()
    return run


def check(work: Work, ref: str, *, queued: bool = True) -> ImportRun:
    """Have every row judged, and nothing recorded."""
    run = _in(work, ref, "checking")
    if wrong := columns.wrong_with(run.fields, run.headings):
        raise Invalid({"fields": wrong}, detail=" ".join(wrong))
    if run.asks:
        raise Invalid({"encoding": [run.asks]}, detail=run.asks)
    _begin(work, run, "checking", queued)
    return run


def load(work: Work, ref: str, with_matches: str, *, queued: bool = True) -> ImportRun:
    """Have the rows recorded. ``with_matches``: what becomes of those that are likely there already."""
    run = _in(work, ref, "loading")
    if run.problems:
        raise Conflict("This file cannot be loaded as it is: " + " ".join(run.problems), kind="wrong-state")
    run.with_matches = with_matches
    _begin(work, run, "loading", queued)
    return run


def take_back(work: Work, ref: str, *, queued: bool = True) -> ImportRun:
    """Have the records of a load taken back: those that nobody touched since."""
    run = _in(work, ref, "undoing")
    if run.step == "loading" and not run.halted:
        raise Conflict("It is being loaded: stop it first, then take it back.", kind="wrong-state")
    _begin(work, run, "undoing", queued, counts=())
    return run


def halt(work: Work, ref: str) -> ImportRun:
    """Stop a step after the rows in hand."""
    run = queries.one(work, ref, lock=True)
    if run.step not in WORKING:
        raise Conflict("There is nothing to stop: it is not being worked on.", kind="wrong-state")
    run.halted = True
    record(work, "import.halted", (), {"import": run.ref})
    return run


def go_on(work: Work, ref: str, *, queued: bool = True) -> ImportRun:
    """Go on with a step that was stopped, or that nobody works on any more."""
    run = queries.one(work, ref, lock=True)
    if run.step not in WORKING:
        raise Conflict("There is nothing to go on with: it is not being worked on.", kind="wrong-state")
    record(work, "import.gone-on", (), {"import": run.ref, "step": run.step})
    _lend(work, run, queued)
    return run


def put_away(work: Work, ref: str) -> ImportRun:
    """Be done with a load: the file and the rows that were handed back go. What was recorded stays."""
    run = _in(work, ref, "over")
    forget_file(work, run.id)
    work.session.execute(delete(ImportHandedBack).where(ImportHandedBack.run_id == run.id))
    run.step, run.step_at, run.seen_at = "over", work.now, work.now
    record(work, "import.put-away", (), {"import": run.ref})
    return run


def forget_file(work: Work, run: uuid.UUID) -> None:
    """The file itself is needed no more."""
    work.session.execute(delete(ImportPart).where(ImportPart.run_id == run))


def _in(work: Work, ref: str, to: str) -> ImportRun:
    """The load, held, where it may go on to a step from the one it is in."""
    run = queries.one(work, ref, lock=True)
    if run.step not in FROM[to]:
        raise Conflict(f"This cannot be done now: the load is “{run.step}”. Look at it again.", kind="wrong-state",
                       facts={"state": run.step})
    return run


def _begin(work: Work, run: ImportRun, step: str, queued: bool,
           counts: tuple[str, ...] = ("fine", "mended", "failed", "likely", "told", "recorded")) -> None:
    run.step, run.step_at, run.position, run.halted = step, work.now, 0, False
    for name in counts:
        setattr(run, name, 0)
    if counts:
        run.round, run.notes = run.round + 1, {}
    work.session.flush()
    _lend(work, run, queued)


def _lend(work: Work, run: ImportRun, queued: bool) -> None:
    """Put the step to the workers, under a secret that the key of the installation and a word in the queue make."""
    nonce = new_secret()
    secret = safekeeping.secret_of(queries.data_key(), run.id, nonce)
    work.session.flush()
    work.session.execute(select(func.wall.begin_import_job(run.id, secret_hash(secret), nonce, queued)))
    work.session.refresh(run)


def _plain(name: str) -> str:
    """The last part of a file's name, as it may be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:100] or "file"
