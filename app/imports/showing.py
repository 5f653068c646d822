"""A load as a page shows it: where it stands, what comes next, how long it may take. Rows go in, plain values come out; records
of residents leave through the journal's showing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from app.imports import opening, operations, queries
from app.imports.models import WORKING, ImportRun
from app.journal.showing import show
from app.policy.groups import Group
from app.policy.work import Work
from app.residents import queries as records

TITLES = {"columns": "Columns to be settled", "checking": "Being checked", "checked": "Checked", "loading": "Being loaded",
          "loaded": "Loaded", "undoing": "Being taken back", "undone": "Taken back", "over": "Put away"}
TONES = {"loaded": "good", "undone": "neutral", "over": "neutral", "columns": "attention", "checked": "attention"}
# A worker says at least this often that it is at it.
SILENT = timedelta(minutes=2)
MOST_SHOWN = 20
COMPARED = (Group.NAME, Group.ADDRESS, Group.CHANNELS, Group.BIRTH)


@dataclass(frozen=True, slots=True)
class Shown:
    """A load in plain values."""

    ref: str
    file_name: str = field(repr=False)
    created_at: datetime
    step: str
    title: str
    tone: str
    stopped: bool
    silent: bool
    rows: int
    position: int
    fine: int
    mended: int
    failed: int
    likely: int
    told: int
    recorded: int
    taken_back: int
    problems: tuple[str, ...]
    words: tuple[str, ...]
    notes: tuple[tuple[str, int], ...]
    time_left: str
    encoding: str | None
    asks: str | None
    month_first: bool

    @property
    def working(self) -> bool:
        return self.step in WORKING

    @property
    def total(self) -> int:
        """Of how many the position is: of rows, or of the records to be taken back."""
        return self.recorded if self.step == "undoing" else self.rows


def shown(work: Work, run: ImportRun) -> Shown:
    """The plain values of a load."""
    working = run.step in WORKING
    silent = working and not run.halted and run.seen_at < work.now - SILENT
    stopped = working and run.halted
    total = run.recorded if run.step == "undoing" else run.rows
    same = {name: getattr(run, name) for name in (
        "ref", "file_name", "created_at", "step", "rows", "position", "fine", "mended", "failed", "likely", "told", "recorded",
        "taken_back", "encoding", "asks", "month_first")}
    cannot = run.step == "checked" and bool(run.problems)
    title = "Cannot be loaded as it is" if cannot else f"{TITLES[run.step]}: stopped" if stopped else TITLES[run.step]
    tone = "late" if stopped or silent or cannot else TONES.get(run.step, "waiting")
    return Shown(**same, title=title, tone=tone, stopped=stopped, silent=silent,
                 problems=tuple(run.problems), words=tuple(run.words), notes=tuple(sorted(run.notes.items())),
                 time_left=time_left(work.now - run.step_at, run.position, total))


def time_left(taken: timedelta, done: int, total: int) -> str:
    """How long the rest may take, in words, by how long it took so far; nothing before there is anything to go by."""
    if done <= 0 or total <= done:
        return ""
    minutes = round(taken.total_seconds() / done * (total - done) / 60)
    if minutes < 1:
        return "less than a minute left"
    hours, rest = divmod(minutes, 60)
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((hours, "hour"), (rest, "minute")) if count]
    return f"about {' and '.join(parts)} left"


def samples(work: Work, run: ImportRun) -> list[list[str]]:
    """What the first rows have in each column, to tell by what a column holds."""
    if run.step not in ("columns", "checked"):
        return [[] for _ in run.headings]
    table = operations.opened(work, run, run.encoding).table
    first = list(islice((row for row in opening.data_rows(table) if not row.blank), 2))
    return [[row.cells[at][:60] for row in first if at < len(row.cells) and row.cells[at].strip()]
            for at in range(len(run.headings))]


def first_faults(work: Work, run: ImportRun) -> list[tuple[int, list[tuple[str, str]]]]:
    """Why the first rows were handed back: line, and (heading, words)."""
    return [(line, [(heading, words) for heading, words in value["faults"]])
            for line, value in queries.handed_back(work, run, most=MOST_SHOWN)]


def likely_there(work: Work, run: ImportRun) -> list[tuple[int, str, str, str]]:
    """Line, reference and name of the record and why, for the first rows that are likely there; as far as it may be seen."""
    found = queries.likenesses(work, run, MOST_SHOWN)
    refs = _refs(work, "import.likely", [resident for _, _, resident in found], run)
    seen = records.seen(work, refs)
    return [(line, refs[resident.id], " ".join(seen[resident.id].names[0]) if seen[resident.id].names else "", ", ".join(why))
            for line, why, resident in found if resident.id in refs]


def left(work: Work, run: ImportRun) -> list[tuple[int, str]]:
    """Line and reference of the first records that were not taken back, as far as they may be seen."""
    found = queries.left(work, run, MOST_SHOWN)
    refs = _refs(work, "import.left", [resident for _, resident in found], run)
    return [(line, refs[resident.id]) for line, resident in found if resident.id in refs]


def _refs(work: Work, event: str, residents: list[Any], run: ImportRun) -> dict[Any, str]:
    if not residents:
        return {}
    unlike = list({each.id: each for each in residents}.values())
    return dict(show(work, event, unlike, lambda row, _: (row.id, row.ref), COMPARED, {"import": run.ref}))
