"""What a partnership's files say of its organisations, agreements and wordings. Frozen and pure: no database."""

from dataclasses import dataclass
from datetime import date, time

from app.organisations.spans import Span


@dataclass(frozen=True, slots=True)
class PartnershipFacts:
    """The partnership itself."""

    slug: str
    name: str
    as_at: date | None
    languages: tuple[str, ...]
    nation: str
    day_begins: time
    day_ends: time


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A telephone line that rings at an organisation. The number is E.164."""

    slug: str
    words: str
    number: str


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A department of an organisation."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """A council or a partner. Telephones are E.164."""

    slug: str
    name: str
    short_name: str
    kind: str
    tier: str | None
    gss: str | None
    email: str | None
    telephone: str | None
    homepage: str | None
    information_officer: str
    information_officer_email: str
    information_officer_telephone: str | None
    accent: int
    valid: Span
    lines: tuple[LineFacts, ...]
    units: tuple[UnitFacts, ...]


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """One version of one wording in one language."""

    matter: str
    version: str
    language: str
    text: str
    valid: Span


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An information-sharing agreement. Organisations are named by slug."""

    slug: str
    partner: str
    title: str
    standing: str
    valid: Span
    disposal_days: int
    days_after_closing: int
    paper_allowed: bool
    terms: str
    councils: tuple[str, ...]
    purposes: tuple[str, ...]
    groups: tuple[str, ...]
    services: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """Who delivers one service of one council in one area."""

    agreement: str
    partner: str
    council: str
    lgsl: int
    area_kind: str
    area: str
    area_words: str
    valid: Span


@dataclass(frozen=True, slots=True)
class OrganisationsFacts:
    """Everything about who there is and what is said to residents."""

    partnership: PartnershipFacts
    organisations: tuple[OrganisationFacts, ...]
    wordings: tuple[WordingFacts, ...]

    @property
    def name(self) -> str:
        """The partnership's name."""
        return self.partnership.name

    @property
    def councils(self) -> dict[str, OrganisationFacts]:
        """The member councils by slug."""
        return {o.slug: o for o in self.organisations if o.kind == "council"}

    @property
    def partners(self) -> dict[str, OrganisationFacts]:
        """Those that are not councils, by slug."""
        return {o.slug: o for o in self.organisations if o.kind != "council"}


@dataclass(frozen=True, slots=True)
class AgreementsFacts:
    """Who may be given work, and who does it where."""

    agreements: tuple[AgreementFacts, ...]
    deliveries: tuple[DeliveryFacts, ...]
