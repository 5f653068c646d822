"""The second oracle: the same promises read again as decision tables over relations, sharing no rule with the first.

Where the first asks row by row, this one lays the whole world out as sets of (holder, thing) pairs, reads who sees what
from tables, takes the masks away cell by cell, and leaves what remains. It knows only the facts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from .facts import COPY_GROUPS, GROUPS, Agreement, Contact, Hat, Request, World

# A cell of the answer about residents is (resident, scope, group).

SIGHT = """
role                | purpose | contact | scope     | groups
adviser             | enquiry | open    | home      | name address channels birth needs history choices identity
adviser             | enquiry | open    | consented | name address channels birth needs history choices
team_leader         | enquiry | open    | home      | name address channels birth needs history choices identity
team_leader         | enquiry | open    | consented | name address channels birth needs history choices
team_leader         | match   | -       | home      | name address channels birth
team_leader         | match   | -       | consented | name address channels birth
service_officer     | deliver | -       | served    | name address channels needs
contractor          | deliver | -       | assigned  | name address channels needs
voluntary           | deliver | -       | assigned  | name address channels needs
information_officer | rights  | -       | kept      | *
adviser             | protect | -       | disclosed | *
team_leader         | protect | -       | disclosed | *
service_officer     | protect | -       | disclosed | *
contractor          | protect | -       | disclosed | *
voluntary           | protect | -       | disclosed | *
information_officer | protect | -       | disclosed | *
"""

MASKS = """
mask       | scopes                              | groups
objection  | consented assigned                  | *
restricted | home consented served assigned      | *
own        | *                                   | *
protected  | home kept consented served assigned | address channels
"""

WORK = """
role                | purpose | contact | right       | parts
adviser             | enquiry | open    | taken       | stub
adviser             | enquiry | open    | typing      | stub job copy
adviser             | enquiry | open    | history     | stub job
team_leader         | enquiry | open    | taken       | stub
team_leader         | enquiry | open    | typing      | stub job copy
team_leader         | enquiry | open    | history     | stub job
service_officer     | deliver | -       | responsible | stub job copy
service_officer     | deliver | -       | intake      | stub job copy
contractor          | deliver | -       | assigned    | stub job copy
contractor          | deliver | -       | past        | stub
voluntary           | deliver | -       | assigned    | stub job copy
voluntary           | deliver | -       | past        | stub
information_officer | rights  | -       | responsible | stub job copy
information_officer | rights  | -       | keeping     | stub job copy
information_officer | rights  | -       | taken       | stub
"""

WORK_MASKS = """
mask       | rights                                                | parts
objection  | assigned                                              | *
restricted | taken typing history responsible intake assigned past | *
own        | *                                                     | *
protected  | *                                                     | address channels
"""

TALKS = """
role                | purpose | contact | right   | parts
adviser             | enquiry | -       | own     | stub
adviser             | enquiry | open    | history | stub link note
team_leader         | enquiry | -       | own     | stub
team_leader         | enquiry | open    | history | stub link note
information_officer | rights  | -       | kept    | stub link note
"""


@cache
def table(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a decision table, without its heading."""
    return tuple(tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()[1:])


def covers(cell: str, word: str) -> bool:
    return cell == "*" or word in cell.split()


def rows_for(text: str, hat: Hat, purpose: str, contact_open: bool) -> list[tuple[str, ...]]:
    return [row[3:] for row in table(text)
            if row[:2] == (hat.role, purpose) and (row[2] == "-" or contact_open)]


def latest(said: Iterable[tuple]) -> str:
    """The last word of an append-only list."""
    return next((answer for _, answer in sorted(said, reverse=True)), "not asked")


class Second:
    """One world laid out as relations: sets of pairs whose first member holds a right and whose second is its thing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.contact = {contact.key: contact for contact in world.contacts}
        self._residents()
        self._jobs()
        self._services()

    def _now(self, start, until) -> bool:
        return not (self.world.now < start or (until is not None and self.world.now >= until))

    def _residents(self) -> None:
        world = self.world
        councils = {o.slug for o in world.organisations if o.kind == "council"}
        moved = {r.ref for r in world.residents if r.home_until is not None and not world.today < r.home_until}
        homes = {r.ref: r.next_home if r.ref in moved else r.home for r in world.residents}
        shared = {r.ref for r in world.residents if latest(r.sharing) == "given" and homes[r.ref] is not None}
        self.home = {(home, ref) for ref, home in homes.items() if home is not None}
        self.consented = {(council, ref) for ref in shared for council in councils} - self.home
        self.kept = {(r.keeper, r.ref) for r in world.residents}
        self.own = {(person, r.ref) for r in world.residents for person in r.relations}
        self.objected = {(o.organisation, r.ref) for r in world.residents for o in r.objections
                         if self._now(o.start, o.until)}
        self.restricted = {r.ref for r in world.residents if r.restricted}
        self.protected = {r.ref for r in world.residents if r.protected}
        self.named = {(holder, r.ref, group) for r in world.residents for d in r.disclosures
                      for holder in [(d.organisation, d.person)] if self._now(d.start, d.until) for group in d.groups}

    def _jobs(self) -> None:
        world = self.world
        agreements = {a.slug: a for a in world.agreements}
        requests = {q.ref: q for q in world.requests}
        needs = {s.lgsl: s.needs for s in world.services}
        live = {q.ref for q in world.requests if not (q.closed_at is not None and q.closed_at <= world.now)}
        self.open = live
        self.past = {(a.organisation, a.request) for a in world.assignments}
        self.assigned = {(a.organisation, a.request) for a in world.assignments
                         if a.request in live and self._now(a.start, a.until)
                         and self._good(agreements[a.agreement], a.organisation, requests[a.request])}
        self.allowed = {(a.organisation, a.request, group) for a in world.assignments
                        if a.request in live and self._now(a.start, a.until)
                        and self._good(agreements[a.agreement], a.organisation, requests[a.request])
                        for group in agreements[a.agreement].groups & needs[requests[a.request].lgsl]}

    def _good(self, agreement: Agreement, organisation: str, request: Request) -> bool:
        started = not self.world.on < agreement.valid_from
        ended = agreement.valid_to is not None and not self.world.on < agreement.valid_to
        return (started, ended, agreement.partner, "deliver" in agreement.purposes,
                request.lgsl in agreement.services, request.responsible in agreement.councils,
                ) == (True, False, organisation, True, True, True)

    def _services(self) -> None:
        """Requests and contacts, by the organisation that holds them."""
        world = self.world
        self.linked = {q.ref: q.resident for q in world.requests if q.resident is not None}
        self.taken = {(q.taken_by, q.ref) for q in world.requests}
        self.responsible = {(q.responsible, q.ref) for q in world.requests}
        talking = {c.key for c in world.contacts if self._now(c.started, c.ended)}
        self.typing = {(q.taken_by, q.ref) for q in world.requests if q.intake and q.contact in talking
                       and self.contact[q.contact].organisation == q.taken_by}
        self.offered = {(q.intake_home, q.ref) for q in world.requests if q.permission == "given"}
        self.waiting = {q.ref for q in world.requests if q.intake} & self.open - set(self.linked)
        by_resident = self._requests_by_resident()
        self.keeping = {(keeper, ref) for keeper, resident in self.kept for ref in by_resident.get(resident, ())}
        self.talking = talking
        self.copy = {q.ref: q.copy for q in world.requests}
        self.unit = {q.ref: q.unit for q in world.requests}

    def _requests_by_resident(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for ref, resident in self.linked.items():
            found[resident].append(ref)
        return found

    # What a hat holds

    def _of(self, relation: set[tuple[str, str]], holder: str) -> set[str]:
        return {thing for who, thing in relation if who == holder}

    def _mine(self, hat: Hat) -> set[str]:
        """The requests a service officer answers for."""
        return {ref for ref in self._of(self.responsible, hat.organisation) if hat.unit in (None, self.unit[ref])}

    def _scope(self, scope: str, hat: Hat) -> set[tuple[str, str]]:
        """(resident, group) pairs that the scope can give the hat, before its role's row narrows them."""
        if scope == "assigned":
            return {(self.linked[ref], group) for who, ref, group in self.allowed
                    if who == hat.organisation and ref in self.linked}
        if scope == "disclosed":
            return {(ref, group) for who, ref, group in self.named
                    if who in ((hat.organisation, None), (hat.organisation, hat.person))}
        if scope == "served":
            served = {self.linked[ref] for ref in self._mine(hat) & self.open if ref in self.linked}
            residents = served & self._of(self.home, hat.organisation)
        else:
            residents = self._of(getattr(self, scope), hat.organisation)
        return {(ref, group) for ref in residents for group in GROUPS}

    def _masked(self, mask: str, hat: Hat) -> set[str]:
        """The residents whom the mask covers against the hat."""
        if mask == "objection":
            return self._of(self.objected, hat.organisation)
        if mask == "own":
            return self._of(self.own, hat.person)
        if mask == "restricted":
            return self.restricted
        lift = {"team_leader": [self.home], "information_officer": [self.kept]}.get(hat.role, [])
        return self.protected.difference(*(self._of(relation, hat.organisation) for relation in lift))

    # The answers

    def cells(self, hat: Hat, purpose: str, contact_open: bool) -> set[tuple[str, str, str]]:
        cells = set()
        for scope, groups in rows_for(SIGHT, hat, purpose, contact_open):
            given = {(ref, group) for ref, group in self._scope(scope, hat) if covers(groups, group)}
            cells |= {(ref, scope, group) for ref, group in given}
        for mask, scopes, groups in table(MASKS):
            covered = self._masked(mask, hat)
            cells -= {(ref, scope, group) for ref, scope, group in cells
                      if ref in covered and covers(scopes, scope) and covers(groups, group)}
        return cells

    def residents(self, hat: Hat, purpose: str, contact_open: bool) -> dict[str, dict[str, set[str]]]:
        """Resident -> group -> scopes, for every resident who exists for the hat."""
        seen: dict[str, dict[str, set[str]]] = {}
        for ref, scope, group in self.cells(hat, purpose, contact_open):
            seen.setdefault(ref, {}).setdefault(group, set()).add(scope)
        return seen

    def _in_contact(self, hat: Hat, contact: Contact | None) -> bool:
        return contact is not None and contact.hat == hat.key and contact.key in self.talking

    def _history(self, hat: Hat, contact_open: bool) -> set[str]:
        return {ref for ref, scope, group in self.cells(hat, "enquiry", contact_open)
                if group == "history" and scope in ("home", "consented")}

    def _history_requests(self, hat: Hat, contact_open: bool) -> set[str]:
        residents = self._history(hat, contact_open)
        return {ref for ref, resident in self.linked.items() if resident in residents}

    def requests(self, hat: Hat, purpose: str, contact: Contact | None) -> dict[str, set[str]]:
        """Request -> parts."""
        contact_open = self._in_contact(hat, contact)
        rights: dict[str, Callable[[], set[str]]] = {
            "taken": lambda: self._of(self.taken, hat.organisation),
            "typing": lambda: self._of(self.typing, hat.organisation),
            "history": lambda: self._history_requests(hat, contact_open),
            "responsible": lambda: self._mine(hat),
            "intake": lambda: self._of(self.offered, hat.organisation) & self.waiting,
            "assigned": lambda: self._of(self.assigned, hat.organisation),
            "past": lambda: self._of(self.past, hat.organisation),
            "keeping": lambda: self._of(self.keeping, hat.organisation),
        }
        cells = {(ref, right, part) for right, parts in rows_for(WORK, hat, purpose, contact_open)
                 for ref in rights[right]() for part in self._parts(parts, ref, right, hat)}
        for mask, over, parts in table(WORK_MASKS):
            covered = self._masked(mask, hat)
            cells -= {(ref, right, part) for ref, right, part in cells if self.linked.get(ref) in covered
                      and covers(over, right) and covers(parts.replace("copy", " ".join(COPY_GROUPS)), part)}
        seen: dict[str, set[str]] = defaultdict(set)
        for ref, _, part in cells:
            seen[ref].add(part)
        known = {ref for ref, _, _ in self.cells(hat, purpose, contact_open)}
        for ref in seen.keys() & self.linked.keys():
            seen[ref] |= {"link"} if self.linked[ref] in known else set()
        return dict(seen)

    def _parts(self, parts: str, ref: str, right: str, hat: Hat) -> set[str]:
        """The parts a row names, as this request has them."""
        named = set(parts.split())
        if "copy" in named:
            kept = {group for group in self.copy[ref]
                    if right != "assigned" or (hat.organisation, ref, group) in self.allowed}
            named = named - {"copy"} | (kept & COPY_GROUPS)
        return named

    def contacts(self, hat: Hat, purpose: str, contact: Contact | None) -> dict[str, set[str]]:
        """Contact -> parts."""
        contact_open = self._in_contact(hat, contact)
        history = self._history(hat, contact_open)
        kept = self._of(self.kept, hat.organisation)
        person = {hat.key: hat.person for hat in self.world.hats}
        talking_oneself = {talk.key for talk in self.world.contacts
                           if talk.key in self.talking and person[talk.hat] == hat.person}
        own = self._masked("own", hat)
        seen: dict[str, set[str]] = defaultdict(set)
        for right, parts in rows_for(TALKS, hat, purpose, contact_open):
            for talk in self.world.contacts:
                own_talk = talk.organisation == hat.organisation or talk.key in talking_oneself
                holds = {"own": own_talk, "history": talk.resident in history, "kept": talk.resident in kept - own}
                if holds[right]:
                    seen[talk.key] |= set(parts.split())
        return dict(seen)

    def floor(self, audience: str, organisation: str, person: str | None = None) -> tuple[set[str], set[str]]:
        """The residents and the requests that row security shows to the audience."""
        lawful = {ref for (who, whom), ref, _ in self.named if who == organisation and whom in (None, person)}
        objected, own = self._of(self.objected, organisation), self._of(self.own, person) if person else set()
        taken = self._of(self.taken, organisation) | self._of(self.responsible, organisation)
        if audience == "council":
            home, consented = self._of(self.home, organisation), self._of(self.consented, organisation)
            residents = ((home | consented - objected) - self.restricted | lawful) - own
            linked = {ref for ref, who in self.linked.items() if who in residents}
            return residents, taken | self._of(self.offered, organisation) | linked
        if audience == "partner":
            jobs = {self.linked[ref] for ref in self._of(self.assigned, organisation) if ref in self.linked}
            return (jobs - objected - self.restricted | lawful) - own, self._of(self.past, organisation)
        if audience == "rights":
            residents = (self._of(self.kept, organisation) | lawful) - own
            return residents, taken | {ref for ref, who in self.linked.items() if who in residents}
        return set(), set()
