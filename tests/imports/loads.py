"""Loads as a team leader makes them, worked on in this process: bring a file, settle its columns, check, load, take back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from app.imports import columns, opening, operations, queries, steps
from app.imports.checking import Judge
from app.imports.likeness import likely
from app.imports.models import ImportRun
from app.policy.purposes import Purpose
from app.policy.work import Desk
from tests.imports.files import csv_of, in_blocks
from tests.world import BOROUGH, Wearer, World

HEADINGS = ("First name,Family name,Address line 1,Postcode,Telephone,E-mail address,Date of birth,Needs,Sharing,Sharing date,"
            "Sharing channel,Sharing wording,Sharing evidence")
PER_RESIDENT = ("resident_name", "resident_address", "resident_channel", "resident_preference", "resident_birth",
                "resident_need", "resident_change", "resident_key", "choice", "import_evidence", "import_record")


def person(n: int, **cells: str) -> str:
    """One invented row, unlike every other."""
    whole = {"given": f"Given{_word(n)}", "family": f"Family{_word(n)}", "line": f"{n} Mill Lane", "postcode": "TA1 1HE",
             "telephone": f"01823 {n:06}", "email": f"p{n}@example.org", "born": "27/3/1971", "needs": "", "sharing": "",
             "date": "", "channel": "", "wording": "", "evidence": ""} | cells
    return ",".join(whole.values())


def _word(n: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{n:04}")


GIVEN = {"sharing": "yes", "date": "1/2/2014", "channel": "telephone", "wording": "2012-1", "evidence": "Form 12"}


@dataclass
class Loads:
    """What a team leader does, each step in a unit of work of its own."""

    desk: Desk
    world: World
    wearer: Wearer

    @classmethod
    def of(cls, desk: Desk, world: World, organisation: str = BOROUGH) -> "Loads":
        return cls(desk, world, world.wearer(organisation, "team_leader"))

    def do(self, verb: Callable[..., ImportRun], *given: Any, **more: Any) -> str:
        """One verb; the reference of the load."""
        with self.desk.work(self.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
            return verb(work, *given, **more).ref

    def arrive(self, *lines: str, content: bytes | None = None, heading: str = HEADINGS) -> str:
        """A file is brought."""
        return self.do(operations.arrive, "people.csv", list(in_blocks(content or csv_of(heading, *lines), 50_000)))

    def work(self, ref: str, stopped: Callable[[], bool] = lambda: False) -> ImportRun:
        """What a worker would do with it now."""
        run = self.run(ref)
        assert run.nonce is not None
        steps.go_on(self.desk, run.id, run.nonce, stopped)
        return self.run(ref)

    def check(self, ref: str) -> ImportRun:
        self.do(operations.check, ref)
        return self.work(ref)

    def load(self, ref: str, with_matches: str = "leave-out") -> ImportRun:
        self.do(operations.load, ref, with_matches)
        return self.work(ref)

    def take_back(self, ref: str) -> ImportRun:
        self.do(operations.take_back, ref)
        return self.work(ref)

    def loaded(self, *lines: str, with_matches: str = "leave-out", heading: str = HEADINGS) -> ImportRun:
        """A file brought, checked and loaded."""
        ref = self.arrive(*lines, heading=heading)
        assert self.check(ref).step == "checked"
        return self.load(ref, with_matches)

    def run(self, ref: str) -> ImportRun:
        """How it stands, past the wall."""
        self.world.session.expire_all()
        found = self.world.session.scalars(select(ImportRun).where(ImportRun.ref == ref)).one()
        self.world.session.commit()
        return found

    def faults(self, ref: str, *, loaded: bool = False) -> dict[int, list[list[str]]]:
        """Why each row was handed back, by its line."""
        with self.desk.work(self.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
            run = queries.one(work, ref)
            return {line: value["faults"] for line, value in queries.handed_back(work, run, loaded=loaded)}

    def counts(self) -> Mapping[str, int]:
        """How many rows each table of residents has, past the wall."""
        found = {name: self.world.session.scalar(text(f"SELECT count(*) FROM {name}"))  # type: ignore[call-overload]
                 for name in ("resident", *PER_RESIDENT)}
        self.world.session.commit()
        return found


def entries_read(loads: Loads, ref: str) -> int:
    """How many entries of the indexes of residents and their keys the search for likely records reads."""
    with loads.desk.work(loads.wearer.secret, steps.NEEDS, purpose=Purpose.MATCH) as work:
        run = queries.one(work, ref)
        table = operations.opened(work, run, run.encoding).table
        judge = Judge(columns.layout(run.fields, run.headings), work.today, {})
        rows = [judge.check(row) for row in opening.data_rows(table)]
        assert rows and not any(row.faults for row in rows)
        work.session.connection().execute(text("SET LOCAL enable_seqscan = off"))
        likely(work, run, rows)
        return int(work.session.connection().execute(text(
            "SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) FROM pg_index i WHERE i.indrelid = ANY (ARRAY["
            "'resident'::regclass, 'resident_key'::regclass, 'resident_name'::regclass])")).scalar_one())
