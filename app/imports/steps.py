"""What a worker does with a load, chunk by chunk: each chunk is one short unit of work that remembers how far it is, so that a
step can be broken off anywhere and gone on with, and nothing is done twice.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import structlog
from sqlalchemy import func, select

from app.imports import columns, homes, opening, queries, safekeeping
from app.imports.checking import Checked, Fault, Judge
from app.imports.likeness import Like, likely
from app.imports.met import Met
from app.imports.models import ImportHandedBack, ImportLikeness, ImportRun
from app.imports.operations import forget_file
from app.imports.recording import Newcomer, record_all
from app.imports.rows import Row, Table
from app.journal.record import Subject, record
from app.kernel.database import again_if_taken
from app.kernel.errors import NotSignedIn
from app.policy.actions import Action
from app.policy.groups import Group
from app.policy.purposes import Purpose
from app.policy.wall import plan_anew, plan_once
from app.policy.work import Desk, Work
from app.residents.wanted import Address

log = structlog.get_logger(__name__)
NEEDS = frozenset({Action.RESIDENT_IMPORT, Action.RESIDENT_MATCH})
CHUNK = 500
MOST_PASSED = 20_000
TAKEN_BACK = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH, Group.NEEDS, Group.CHOICES)


@dataclass
class Stint:
    """One worker at one step of one load. ``position`` is how far it is; somebody else's progress ends the stint."""

    desk: Desk
    secret: str
    run: uuid.UUID
    stopped: Callable[[], bool]
    told: Callable[[int], None]
    step: str = ""
    round: int = 0
    position: int = 0
    chunks: int = 0
    met: Met = field(default_factory=Met, repr=False)

    def work(self) -> AbstractContextManager[Work]:
        """A unit of work as whoever asked for the step."""
        return self.desk.work(self.secret, NEEDS, purpose=Purpose.MATCH)

    def grown(self) -> bool:
        """Whether so many more chunks were gone through that the tables may be twice as large as when this was so last."""
        self.chunks += 1
        return self.chunks & (self.chunks - 1) == 0

    def held(self, work: Work) -> ImportRun | None:
        """The load, held; None where it is not where this stint left it."""
        run = queries.by_key(work, self.run)
        here = (run.step, run.round, run.position) == (self.step, self.round, self.position) and not run.halted
        return run if here else None


def go_on(desk: Desk, run: uuid.UUID, nonce: str, stopped: Callable[[], bool] = lambda: False,
          told: Callable[[int], None] = lambda passed: None) -> None:
    """Do what there is to do of a load until it is done, stopped, or in other hands. ``told`` hears of rows gone through."""
    stint = Stint(desk, safekeeping.secret_of(queries.data_key(), run, nonce), run, stopped, told)
    try:
        with stint.work() as work:
            begun = queries.by_key(work, run)
            stint.step, stint.round, stint.position = begun.step, begun.round, begun.position
            judge, halted = _judge(work, begun), begun.halted
            name, said = begun.file_name, begun.encoding
        if halted:
            return
        if stint.step == "undoing":
            _take_back(stint)
        elif stint.step in ("checking", "loading"):
            _go_through(stint, opening.opened(name, lambda: _blocks(stint), said).table, judge)
    except NotSignedIn:
        # The hat or the sign-in of whoever asked is gone: whoever may goes on with it from the page.
        log.warning("a load was left by whoever asked for it")


def _judge(work: Work, run: ImportRun) -> Judge:
    layout = columns.layout(run.fields, run.headings, month_first=run.month_first)
    return Judge(layout, work.today, queries.wordings(work))


def _blocks(stint: Stint) -> Iterator[bytes]:
    """The file, each piece in a unit of work of its own."""
    number = 0
    while True:
        with stint.work() as work:
            content = queries.part(work, stint.run, number)
        if content is None:
            return
        yield content
        number += 1


def _go_through(stint: Stint, table: Table, judge: Judge) -> None:
    if stint.step == "checking" and stint.position == 0 and not _surveyed(stint, table, judge):
        return
    rows = iter(opening.data_rows(table))
    for row in islice(rows, stint.position):
        _twice(stint, row, judge)
    while True:
        passed, chunk = _next(rows)
        if not passed:
            return _end(stint)
        checked = [_one(stint, row, judge) for row in chunk]
        if stint.stopped() or not again_if_taken(partial(_chunk, stint, judge, checked, passed)):
            return None


def _next(rows: Iterator[Row]) -> tuple[int, list[Row]]:
    """How many rows come next, and those of them that say something: a million blank ones are few units of work."""
    passed, chunk = 0, list[Row]()
    for row in rows:
        passed += 1
        if not row.blank:
            chunk.append(row)
        if len(chunk) == CHUNK or passed == MOST_PASSED:
            break
    return passed, chunk


def _surveyed(stint: Stint, table: Table, judge: Judge) -> bool:
    """Whether the file as a whole can be gone through; what it is like is kept with the load."""
    found = opening.survey(table, judge.layout)
    with stint.work() as work:
        run = stint.held(work)
        if run is None:
            return False
        run.rows, run.problems, run.words, run.seen_at = found.rows + found.blank, found.problems, found.told, work.now
    if found.problems:
        _end(stint)
    return not found.problems


def _one(stint: Stint, row: Row, judge: Judge) -> Checked:
    made = judge.check(row)
    if _twice(stint, row, judge) and made.wanted is not None:
        made.wanted = None
        made.faults.append(Fault("", "This row says the same as an earlier one of this file, which is taken: leave it out"))
    return made


def _twice(stint: Stint, row: Row, judge: Judge) -> bool:
    """Whether an earlier row of the file said the same, word for word, in the columns that are taken."""
    if row.blank or row.flaws:
        return False
    return stint.met.again("\0".join(row.cells[at] if at < len(row.cells) else "" for at in judge.layout.places.values()))


def _chunk(stint: Stint, judge: Judge, checked: Sequence[Checked], passed: int) -> bool:
    """One chunk in one unit of work. False where the load is in other hands or was stopped."""
    with stint.work() as work:
        plan_once(work.session)
        if stint.grown():
            plan_anew(work.session)
        run = stint.held(work)
        if run is None:
            return False
        addresses = homes.hand_back_others(work, judge.layout, checked)
        likes = likely(work, run, checked)
        before = run.recorded
        if stint.step == "loading":
            _record(work, run, checked, addresses, likes)
        else:
            work.session.add_all(ImportLikeness(run_id=run.id, round=run.round, line=line, resident_id=like.resident_id,
                                                why=list(like.why)) for line, found in likes.items() for like in found)
        _count(run, checked, likes)
        _hand_back(work, run, checked)
        run.position, run.seen_at, run.attempts = stint.position + passed, work.now, 0
        if stint.step == "loading":
            run.recorded = before + sum(made.wanted is not None for made in checked)
            record(work, "import.loaded", (), {"import": run.ref, "rows": len(checked), "recorded": run.recorded - before})
    stint.position += passed
    stint.told(passed)
    return True


def _record(work: Work, run: ImportRun, checked: Sequence[Checked], addresses: dict[int, list[Address]],
            likes: dict[int, list[Like]]) -> None:
    if run.with_matches == "leave-out":
        for made in checked:
            if made.wanted is not None and any(like.strong for like in likes.get(made.line, ())):
                why = next(like.why for like in likes[made.line] if like.strong)
                made.wanted = None
                made.faults.append(Fault("", f"Somebody with {why[0]} is there already: leave the row out, or load it all the "
                                             "same if it is somebody else"))
    record_all(work, run, [Newcomer(made.line, made.wanted, addresses[made.line], made.chosen)
                           for made in checked if made.wanted is not None])


def _count(run: ImportRun, checked: Sequence[Checked], likes: dict[int, list[Like]]) -> None:
    notes = dict(run.notes)
    for made in checked:
        if made.wanted is None:
            run.failed += 1
            continue
        run.mended += bool(made.notes)
        run.fine += not made.notes
        run.told += bool(made.told)
        for note in made.notes:
            notes[note] = notes.get(note, 0) + 1
    run.likely += len(likes)
    run.notes = notes


def _hand_back(work: Work, run: ImportRun, checked: Sequence[Checked]) -> None:
    key = queries.data_key()
    for made in checked:
        loaded = made.wanted is not None
        faults = made.told if loaded else made.faults
        if faults:
            value = {"faults": [[fault.heading, fault.words] for fault in faults], "cells": list(made.cells)}
            work.session.add(ImportHandedBack(
                run_id=run.id, round=run.round, line=made.line, loaded=loaded,
                sealed=safekeeping.seal_value(key, value, run.id, f"row {run.round} {made.line} {loaded}")))
    work.session.flush()
    # A row is in the hands of the database now: a million of them are not to be held here.
    for row in [each for each in work.session if isinstance(each, ImportHandedBack)]:
        work.session.expunge(row)


def _take_back(stint: Stint) -> None:
    taking = func.wall.take_back_import(stint.run, CHUNK).table_valued("taken", "looked_at")
    while not stint.stopped():
        with stint.work() as work:
            run = stint.held(work)
            if run is None:
                return
            taken, looked_at = work.session.execute(select(taking.c.taken, taking.c.looked_at)).one()
            run.taken_back += len(taken)
            run.position, run.seen_at, run.attempts = stint.position + looked_at, work.now, 0
            record(work, "import.taken-back", [Subject(key, TAKEN_BACK) for key in taken],
                   {"import": run.ref, "records": len(taken)})
        stint.position += looked_at
        stint.told(looked_at)
        if looked_at == 0:
            _end(stint)
            return


def _end(stint: Stint) -> None:
    """The step is done: what it needed goes, and so does the sign-in it worked under."""
    with stint.work() as work:
        run = stint.held(work)
        if run is None:
            return
        ends = {"checking": "checked", "loading": "loaded", "undoing": "undone"}[stint.step]
        run.step, run.step_at, run.seen_at = ends, work.now, work.now
        if ends in ("loaded", "undone"):
            forget_file(work, run.id)
        event = {"checked": "import.checked", "loaded": "import.ended", "undone": "import.undone"}[ends]
        record(work, event, (), {"import": run.ref, "recorded": run.recorded, "handed_back": run.failed,
                                 "taken_back": run.taken_back})
        work.session.flush()
        work.session.execute(select(func.wall.end_import_job(stint.run)))
