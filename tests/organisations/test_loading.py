"""Loading brings the tables to what the files say: twice is once, dated facts are closed, words once read out stay."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, Invalid
from app.organisations.models import Agreement, Delivery, Line, Organisation, Partnership, Unit, Wording
from app.organisations.tally import Tally
from app.services.partnership import load, read
from tests.organisations.folders import Edited
from tests.organisations.throwaway import SECOND, SOMERSET, TABLES


def loaded(session: Session, folder: Edited) -> Tally:
    """What loading the folder changed, in a transaction of its own."""
    tally = load(session, read(folder.path))
    session.commit()
    session.expire_all()
    return tally


def everything(session: Session) -> dict[str, list[object]]:
    """Every row of every table."""
    return {table.name: sorted(map(repr, session.execute(select(table)))) for table in TABLES}


@pytest.mark.parametrize("path", [SECOND, SOMERSET], ids=["second", "demonstration"])
def test_loading_twice_changes_nothing_and_says_so(session: Session, path: object) -> None:
    first = load(session, read(path))
    session.commit()
    before = everything(session)
    again = load(session, read(path))
    session.commit()
    assert not first.nothing and again.nothing
    assert again.words() == "Nothing changed: everything was already as the files say."
    assert everything(session) == before


def test_a_second_partnership_needs_data_only(session: Session) -> None:
    load(session, read(SECOND))
    session.commit()
    assert session.get_one(Partnership, 1).as_at is None
    slugs = session.scalars(select(Organisation.slug).order_by(Organisation.accent)).all()
    assert slugs == ["fenmark", "saltby", "ouseham", "tidewaste"]
    assert session.scalar(select(Line.number).where(Line.slug == "saltby-main")) == "+441632970002"
    assert session.scalar(select(func.count()).select_from(Delivery)) == 4


def test_a_changed_word_changes_that_row_alone(session: Session, folder: Edited) -> None:
    loaded(session, folder)
    tally = loaded(session, folder.replace("organisations/ouseham.toml", 'short_name = "Ouseham"',
                                           'short_name = "Ouse"'))
    assert tally.words() == "changed 1 organisations"
    assert session.scalar(select(Organisation.short_name).where(Organisation.slug == "ouseham")) == "Ouse"


def test_a_remark_changes_the_fingerprint_and_no_fact(session: Session, folder: Edited) -> None:
    loaded(session, folder)
    before = session.get_one(Partnership, 1).fingerprint
    assert loaded(session, folder.append("partnership.toml", "# a remark\n")).nothing
    assert session.get_one(Partnership, 1).fingerprint != before


def test_what_the_files_no_longer_state_is_closed_at_the_date_shown_and_reopens(session: Session,
                                                                               folder: Edited) -> None:
    folder.replace("partnership.toml", 'slug = "fenmark"', 'slug = "fenmark"\nas_at = 2025-09-01')
    loaded(session, folder)
    row = "tidewaste,saltby,524;528,W07999001,all of Saltby,,\n"
    assert loaded(session, folder.replace("deliveries.csv", row, "")).words() == "closed 2 deliveries"
    closed = session.scalars(select(Delivery).where(Delivery.lgsl == 528)).one()
    assert (closed.valid.lower, closed.valid.upper) == (date(2024, 4, 1), date(2025, 9, 1))
    assert loaded(session, folder).nothing
    assert loaded(session, folder.append("deliveries.csv", row)).words() == "changed 2 deliveries"
    session.refresh(closed)
    assert closed.valid.upper == date(2034, 4, 1)


def test_an_organisation_that_leaves_is_closed_with_its_lines_and_units(session: Session, folder: Edited) -> None:
    loaded(session, folder)
    (folder.path / "organisations" / "ouseham.toml").unlink()
    folder.replace("areas.csv", "ouseham,https", ",https")
    folder.replace("agreements/tidewaste.toml", ', "ouseham"', "")
    folder.replace("local.csv", "524,ouseham,bins,3 working days,public-task,,2024-04-01,\n", "")
    folder.replace("deliveries.csv", "tidewaste,ouseham,524,AB1 2;AB1 3,the quays,2025-04-01,2026-04-01\n", "")
    loaded(session, folder)
    gone = session.scalars(select(Organisation).where(Organisation.slug == "ouseham")).one()
    assert gone.valid.upper is not None and gone.valid.upper > date(2025, 1, 1)
    assert session.scalars(select(Unit).where(Unit.organisation_id == gone.id)).one().valid.upper == gone.valid.upper


def test_a_new_partner_takes_over_on_the_day_it_begins(session: Session, folder: Edited) -> None:
    folder.replace("partnership.toml", 'slug = "fenmark"', 'slug = "fenmark"\nas_at = 2025-09-01')
    loaded(session, folder)
    other = (folder.path / "agreements" / "tidewaste.toml").read_text(encoding="utf-8")
    folder.write("agreements/other.toml", other.replace('slug = "tidewaste"', 'slug = "other"'))
    folder.replace("deliveries.csv", "tidewaste,saltby,524;528,W07999001,all of Saltby,,",
                   "other,saltby,524;528,W07999001,all of Saltby,2025-06-01,")
    loaded(session, folder)
    spans = session.execute(select(Agreement.slug, Delivery.valid).where(
        Agreement.id == Delivery.agreement_id, Delivery.lgsl == 528)).all()
    assert {slug: (valid.lower, valid.upper) for slug, valid in spans} == {
        "tidewaste": (date(2024, 4, 1), date(2025, 6, 1)), "other": (date(2025, 6, 1), date(2034, 4, 1))}


def test_a_service_may_leave_an_agreement_while_its_old_delivery_is_remembered(session: Session,
                                                                               folder: Edited) -> None:
    loaded(session, folder)
    folder.replace("agreements/tidewaste.toml", "[524, 528]", "[524]").replace("deliveries.csv", "524;528", "524")
    words = loaded(session, folder).words()
    assert "closed 1 deliveries" in words and "removed 1 services of agreements" in words


def test_the_words_of_a_version_never_change(session: Session, folder: Edited) -> None:
    loaded(session, folder)
    folder.replace("wording/sharing.toml", "every council", "each council")
    with pytest.raises(Invalid, match=r"sharing.toml: version 2 \(en\) has other words now.*add a new version"):
        load(session, read(folder.path))
    session.rollback()
    assert session.scalar(select(Wording.text).where(Wording.version == "2")) == \
        "May every council here see your record?"


def test_a_new_version_closes_the_one_before(session: Session, folder: Edited) -> None:
    loaded(session, folder)
    folder.append("wording/news.toml",
                  '\n[[versions]]\nversion = "2"\nfrom = 2025-10-01\n\n[versions.text]\nen = "New?"\n')
    assert loaded(session, folder).words() == "added 1 wordings\nchanged 1 wordings"


def test_one_partnership_is_never_turned_into_another(session: Session) -> None:
    load(session, read(SECOND))
    with pytest.raises(Conflict, match="holds the partnership fenmark"):
        load(session, read(SOMERSET))


def test_loading_commits_nothing_itself(empty: Engine) -> None:
    with Session(empty) as session:
        load(session, read(SECOND))
    with Session(empty) as session:
        assert session.get(Partnership, 1) is None


def test_the_tables_themselves_refuse_two_partners_in_one_area_at_one_time(session: Session) -> None:
    load(session, read(SECOND))
    held = session.scalars(select(Delivery).where(Delivery.lgsl == 528)).one()
    session.add(Delivery(partner_id=held.partner_id, agreement_id=held.agreement_id, council_id=held.council_id,
                         lgsl=528, area_kind=held.area_kind, area=held.area, area_words="again", valid=held.valid))
    with pytest.raises(IntegrityError, match="ex_delivery_one_at_a_time"):
        session.commit()
