"""What `make status` lists: each matter that waits for a person, with what to do, until it is dealt with."""

from datetime import date

import pytest

from orchestration import settings
from orchestration.release import outstanding
from tests.release.releases import change

BEFORE_DUE, DUE = date(2009, 9, 9), date(2009, 9, 10)


@pytest.fixture
def august(august):
    """The small warehouse, with the part of dbt's calendar that is looked at."""
    change("create table reference.calendar as select date '2009-08-01' as month, '2009/10' as financial_year")
    return august


def about(what: str, today: date = BEFORE_DUE) -> list[str]:
    return [matter.message for matter in outstanding.matters(today) if matter.about == what]


def test_before_the_first_delivery_it_says_where_to_put_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    (matter,) = outstanding.matters(DUE)
    assert "put deliveries there" in matter.message


def test_a_delivery_is_overdue_from_the_day_on_which_its_card_is_due(august):
    (message,) = about("youth_violence", BEFORE_DUE)
    assert "to Jul-09" in message
    (message,) = about("youth_violence", DUE)
    assert "to Aug-09" in message
    assert message.endswith("have it sent")


def test_a_quarantined_delivery_waits_with_the_command_that_accepts_it_even_before_its_card_is_due(august):
    change(
        "update raw.deliveries set status = 'quarantined', reason = 'a count is too large', "
        "file = 'recorded_crime/2009-08.csv'"
    )
    (message,) = [it for it in about("recorded_crime") if it.startswith("quarantined")]
    assert "a count is too large" in message
    assert "make accept FILE=recorded_crime/2009-08.csv" in message


@pytest.mark.parametrize(("text", "lines"), [("one\ntwo\n", "2 lines"), ("", None)])
def test_what_the_notifier_did_not_take_waits(august, text, lines):
    settings.unsent().write_text(text, encoding="utf-8")
    assert [lines in message for message in about("SCORECARD_NOTIFY")] == ([True] if lines else [])
