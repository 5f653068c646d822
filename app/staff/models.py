"""People who sign in: the person, the secret, the hats they may wear and the sign-ins that are alive.

A hat is the organisation and role a person acts for. What a hat may do is the policy's matter, not this package's.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.tables import Base, Folded, Key


class Person(Base):
    """Somebody who may sign in. ``username`` is folded to lower case; ``ended_at`` ends every sign-in at once."""

    __tablename__ = "person"

    id: Mapped[Key]
    username: Mapped[Folded] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class Credential(Base):
    """The password of a person as an argon2id hash. Read by the sign-in audience only."""

    __tablename__ = "credential"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]


class SignInFailure(Base):
    """Wrong passwords for one user name or from one network address, whether or not there is such a user: a lock that
    only existing users could run into would tell who exists. ``subject`` is a keyed hash, so the table names nobody.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index(None, "since"),)

    subject: Mapped[Folded] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class SignInWord(Base):
    """A word that lets a person set a password, once and for a few days. Shown once to whoever made it; only its hash
    is kept.
    """

    __tablename__ = "sign_in_word"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    word_hash: Mapped[Folded]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Hat(Base):
    """One organisation and role that a person may act for, between two dates; ``unit`` narrows it to a department."""

    __tablename__ = "hat"
    __table_args__ = (Index(None, "person_id"), Index(None, "organisation_id"))

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    unit: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class SignIn(Base):
    """A live sign-in, in a browser or by a program. Only the hash of its secret is kept; the row is the session.

    Without a hat it speaks for nobody: the password was right, and which hat is being chosen.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint("kind IN ('browser', 'token', 'job')", name="kind"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    secret_hash: Mapped[Folded] = mapped_column(unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    hat_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("hat.id"))
    kind: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Relation(Base):
    """A record that a person of staff may never open: their own, or that of somebody close to them."""

    __tablename__ = "relation"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    resident_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    # Declared of a record of the same person, and so of this one while the two are joined: by which merge.
    merge_id: Mapped[uuid.UUID | None]
