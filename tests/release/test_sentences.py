"""Sentences between a warehouse and the release before: what holds it, and what a confirmation lets through."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import release, settings
from orchestration.release import confirmations, folder, stale_sentences
from orchestration.warehouse import ledger
from orchestration.warehouse.justification import NoReason

JULY, AUGUST = date(2009, 7, 1), date(2009, 8, 1)
WRITTEN = "Burglary is up by {change}."


@pytest.fixture(autouse=True)
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse in which two cards of two lines are made, and a release that published them alike."""
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute("create schema scorecard; create schema staging")
        connection.execute(
            "create table scorecard.scorecard (report_month date, line varchar, position int, comment varchar)"
        )
        connection.execute(
            "create table scorecard.figures (report_month date, line varchar, name varchar, printed varchar)"
        )
        connection.execute(
            "create table staging.stg_commentary (delivery_month date, line varchar, sentence varchar, file varchar)"
        )
    deliver(WRITTEN)
    count("2.6%")
    publish("2.6%")
    return tmp_path


def database(sql: str, *parameters) -> None:
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute(sql, parameters)


def deliver(sentence: str) -> None:
    database("delete from staging.stg_commentary")
    for month in (JULY, AUGUST):
        for line in ("4a", "4b"):
            file = f"commentary/{month:%Y-%m}.csv"
            database("insert into staging.stg_commentary values (?, ?, ?, ?)", month, line, sentence, file)


def count(change: str, words: str = WRITTEN) -> None:
    """Make the cards anew."""
    database("delete from scorecard.scorecard")
    database("delete from scorecard.figures")
    comment = words.replace("{change}", change)
    for month in (JULY, AUGUST):
        for position, line in enumerate(("4a", "4b"), start=1):
            database("insert into scorecard.scorecard values (?, ?, ?, ?)", month, line, position, comment)
            database("insert into scorecard.figures values (?, ?, 'change', ?)", month, line, change)


def publish(change: str, name: str = "2009-08-r1") -> None:
    """A release as it was before cards had the columns of today."""
    there = settings.releases() / name
    there.mkdir(parents=True)
    with duckdb.connect(str(there / folder.DATABASE)) as connection:
        connection.execute(f"attach '{settings.database()}' as warehouse (read_only)")
        connection.execute(
            "create table scorecard as select report_month, line, comment from warehouse.scorecard.scorecard"
        )
        connection.execute(
            "create table figures as select report_month, line, 'change' as name, ?::varchar as printed from scorecard",
            [change],
        )
    folder.write_manifest(there, {"release": name, "summary": "", "tables": {}})
    settings.current().unlink(missing_ok=True)
    settings.current().symlink_to(there)


def waiting(*report_months: date) -> list[tuple]:
    return [(it.report_month, it.line) for it in stale_sentences.unconfirmed(list(report_months))]


def test_cards_that_are_as_published_are_not_held():
    release.check_confirmations([JULY, AUGUST])


def test_every_stale_sentence_of_every_card_of_the_run_is_named_at_once_and_none_of_another_card():
    count("2.8%")
    assert waiting(JULY, AUGUST) == [(JULY, "4a"), (JULY, "4b"), (AUGUST, "4a"), (AUGUST, "4b")]
    with pytest.raises(release.NotConfirmed) as raised:
        release.check_confirmations([AUGUST])
    assert "2009-08, line 4a\n  before: Burglary is up by 2.6%" in str(raised.value)
    assert "2009-07" not in str(raised.value)


def test_before_the_first_release_nothing_is_stale():
    settings.current().unlink()
    count("2.8%")
    release.check_confirmations([AUGUST])


def test_a_newly_delivered_sentence_is_not_stale():
    deliver("Burglary rose by {change}.")
    count("2.8%", "Burglary rose by {change}.")
    release.check_confirmations([AUGUST])


def test_a_confirmed_line_no_longer_holds_the_release_and_the_others_do():
    count("2.8%")
    said = release.confirm("2009-08", "4a", " still up ")
    assert said.splitlines()[0] == "Confirmed: 2009-08, line 4a: Burglary is up by 2.8%."
    assert waiting(AUGUST) == [(AUGUST, "4b")]
    assert confirmations.texts() == {(AUGUST, "4a", "Burglary is up by 2.8%."): "still up"}
    (entry,) = ledger.entries("confirmation")
    assert {"report_month", "line", "text", "reason", "by"} < set(entry.body)


def test_without_a_line_every_stale_sentence_of_the_card_is_confirmed_and_of_no_other_card():
    count("2.8%")
    release.confirm("2009-08", "", "still up")
    release.check_confirmations([AUGUST])
    assert waiting(JULY, AUGUST) == [(JULY, "4a"), (JULY, "4b")]


def test_a_confirmation_holds_for_exactly_that_text():
    count("2.8%")
    release.confirm("2009-08", "", "still up")
    count("-1.0%")
    assert waiting(AUGUST) == [(AUGUST, "4a"), (AUGUST, "4b")]


def test_what_was_confirmed_and_published_is_stale_again_when_its_numbers_change_again():
    count("2.8%")
    release.confirm("2009-08", "", "still up")
    publish("2.8%", "2009-08-r2")
    release.check_confirmations([AUGUST])
    count("3.1%")
    assert waiting(AUGUST) == [(AUGUST, "4a"), (AUGUST, "4b")]


MISTAKES = {
    "no month": (("", "", "x"), "Name the card with MONTH=YYYY-MM."),
    "no month there is": (("2009-13", "", "x"), "'2009-13' is not a month: there is no month 13 in a year"),
    "a card without": (("2009-06", "", "x"), "Nothing of 2009-06 waits to be confirmed: "),
    "a line without": (
        ("2009-08", "5a", "x"),
        "Nothing of 2009-08 on line 5a waits to be confirmed; what waits is on 4a, 4b.",
    ),
}


@pytest.mark.parametrize("given, says", MISTAKES.values(), ids=MISTAKES)
def test_what_does_not_wait_cannot_be_confirmed(given, says):
    count("2.8%")
    with pytest.raises(ValueError) as raised:
        release.confirm(*given)
    assert str(raised.value).startswith(says)
    assert ledger.entries() == []


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 201])
def test_a_confirmation_needs_a_reason_that_can_be_printed(reason):
    count("2.8%")
    with pytest.raises(NoReason, match="Give the reason with REASON="):
        release.confirm("2009-08", "", reason)
    assert ledger.entries() == []
