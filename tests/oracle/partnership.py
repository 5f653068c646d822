"""An invented partnership: three councils, six partners, their people and hats, services and agreements.

Its facts are the same in every world, so that only residents, requests and contacts vary with the seed.
"""

from datetime import date, timedelta

from .facts import COPY_GROUPS, Agreement, Hat, Organisation, Person, Service

COUNCILS = ("hillshire", "applewick", "marlbrook")
CONTRACTORS = ("cleanstreets", "kerbside")
VOLUNTARY = ("hearthlink", "meadowcare")
PUBLIC = ("homes-trust", "county-health")
PARTNERS = CONTRACTORS + VOLUNTARY + PUBLIC
UNITS = ("streets", "housing")

# LGSL code -> the field groups that the service needs.
NEEDS = {
    524: "name address channels",
    539: "address",
    112: "name channels",
    376: "name address channels needs",
    95: "name address channels needs birth",
    47: "",
}
LINKABLE = tuple(NEEDS)
OTHER_SERVICE = 867

AGREEMENT_CLASSES = ("whole", "part", "disjoint", "over", "not begun", "other service", "other purpose",
                     "other council")


def partnership(on: date) -> dict[str, tuple]:
    """The fields of a world that no seed changes, agreements being laid around the date at which they are read."""
    hats = tuple(_hats())
    return {
        "organisations": tuple(_organisations()),
        "services": tuple(Service(lgsl, frozenset(needs.split())) for lgsl, needs in NEEDS.items())
        + (Service(OTHER_SERVICE, COPY_GROUPS),),
        "agreements": tuple(_agreement(partner, kind, on) for partner in PARTNERS for kind in AGREEMENT_CLASSES),
        "people": tuple(Person(key) for key in sorted({hat.person for hat in hats})),
        "hats": hats,
    }


def _organisations() -> list[Organisation]:
    kinds = {"council": COUNCILS, "contractor": CONTRACTORS, "voluntary": VOLUNTARY, "public": PUBLIC}
    return [Organisation(slug, kind) for kind, slugs in kinds.items() for slug in slugs]


def _hats() -> list[Hat]:
    """Every role; officers of each unit and of none; people with two hats, in one organisation and across two."""
    hats = []
    for council in COUNCILS:
        staff = [("adviser", "adviser", None), ("resting", "adviser", None), ("leader", "team_leader", None),
                 ("officer", "service_officer", None), ("streets", "service_officer", "streets"),
                 ("housing", "service_officer", "housing"), ("information", "information_officer", None),
                 ("administrator", "administrator", None), ("auditor", "auditor", None),
                 ("manager", "service_manager", None)]
        hats += [Hat(f"{council}-{name}", f"p-{council}-{name}", council, role, unit) for name, role, unit in staff]
    hats += [Hat(f"{council}-joint", "p-joint", council, "adviser") for council in COUNCILS[:2]]
    hats += [Hat("marlbrook-leader-too", "p-marlbrook-information", "marlbrook", "team_leader"),
             Hat("applewick-streets-too", "p-applewick-adviser", "applewick", "service_officer", "streets")]
    for partner in PARTNERS:
        role = "voluntary" if partner in (*VOLUNTARY, "county-health") else "contractor"
        hats += [Hat(f"{partner}-worker", f"p-{partner}-worker", partner, role),
                 Hat(f"{partner}-second", f"p-{partner}-second", partner, role),
                 Hat(f"{partner}-manager", f"p-{partner}-manager", partner, "partner_manager")]
    return [*hats, Hat("hearthlink-two", "p-kerbside-worker", "hearthlink", "voluntary")]


def _agreement(partner: str, kind: str, on: date) -> Agreement:
    """One agreement of each class; those over or not begun miss the date by a single day."""
    day = timedelta(days=1)
    start, end = {"over": (on - 99 * day, on), "not begun": (on + day, None), "part": (on - day, on + day)}.get(
        kind, (on, None))
    groups = {"part": "name channels", "disjoint": "birth"}.get(kind, "name address channels needs birth")
    return Agreement(
        slug=f"{partner}-{kind.replace(' ', '-')}", partner=partner,
        councils=frozenset(() if kind == "other council" else COUNCILS),
        purposes=frozenset({"plan"} if kind == "other purpose" else {"deliver", "plan"}),
        groups=frozenset(groups.split()), valid_from=start, valid_to=end,
        services=frozenset({OTHER_SERVICE} if kind == "other service" else NEEDS))
