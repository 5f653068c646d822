"""What a partnership's files say of its catalogue. Frozen and pure: no database. Organisations are named by slug."""

from dataclasses import dataclass

from app.organisations.spans import Span


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A service of the partnership's own catalogue, in its own words."""

    lgsl: int
    name: str
    tier: str
    description: str
    words: str


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """One thing a service must know, and why."""

    lgsl: int
    name: str
    label: str
    why: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    position: int


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """A field group of the resident that a service needs, and why."""

    lgsl: int
    group: str
    why: str
    required: bool
    position: int


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer and what it settles."""

    key: str
    words: str
    decides: str
    tier: str | None
    council: str | None
    because: str
    position: int


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question whose answer decides who answers."""

    lgsl: int
    key: str
    words: str
    position: int
    answers: tuple[AnswerFacts, ...]


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """One council's own provision of a service."""

    lgsl: int
    council: str
    unit: str
    target_amount: int | None
    target_unit: str | None
    lawful_basis: str
    own_system: str | None
    live: Span


@dataclass(frozen=True, slots=True)
class ExceptionFacts:
    """Here, for a time, another council answers."""

    lgsl: int
    area_kind: str
    area: str
    council: str
    reason: str
    valid: Span


@dataclass(frozen=True, slots=True)
class RelatedFacts:
    """A service worth naming beside another."""

    lgsl: int
    related_lgsl: int
    why: str
    position: int


@dataclass(frozen=True, slots=True)
class CatalogueFacts:
    """The whole catalogue."""

    services: tuple[CatalogueEntry, ...]
    fields: tuple[FieldFacts, ...]
    needs: tuple[NeedFacts, ...]
    questions: tuple[QuestionFacts, ...]
    local: tuple[LocalFacts, ...]
    exceptions: tuple[ExceptionFacts, ...]
    related: tuple[RelatedFacts, ...]
