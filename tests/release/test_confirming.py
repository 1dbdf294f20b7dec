"""What a person has to confirm before a published card is published differently: what stops it, what is let through."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import release, settings
from orchestration.release import confirming, folder, outstanding
from orchestration.warehouse import ledger
from orchestration.warehouse.justification import NoReason

JULY, AUGUST = date(2009, 7, 1), date(2009, 8, 1)
WRITTEN = "Burglary is up by {change}."
TABLES = """
    create schema scorecard; create schema staging;
    create table scorecard.scorecard (report_month date, line varchar, position int, title varchar, status varchar,
        comment varchar);
    create table scorecard.figures (report_month date, line varchar, name varchar, printed varchar);
    create schema aggregates; create table aggregates.indicators_as_of (report_month date, financial_year varchar,
        line varchar);
    create table staging.stg_commentary (delivery_month date, line varchar, sentence varchar, file varchar);
"""


@pytest.fixture(autouse=True)
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warehouse in which two cards of two lines are made, and a release that published them alike."""
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    execute(TABLES)
    make()
    publish()


def execute(sql: str, *parameters) -> None:
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute(sql, parameters)


def make(change: str = "2.6%", sentence: str = WRITTEN) -> None:
    """Make the cards again from a delivered sentence and its figure."""
    execute("delete from scorecard.scorecard; delete from scorecard.figures; delete from staging.stg_commentary")
    comment = sentence.replace("{change}", change)
    for month in (JULY, AUGUST):
        file = f"commentary/{month:%Y-%m}.csv"
        for position, line in enumerate(("4a", "4b"), start=1):
            card = (month, line, position, "Burglary", "G", comment)
            execute("insert into scorecard.scorecard values (?, ?, ?, ?, ?, ?)", *card)
            execute("insert into scorecard.figures values (?, ?, 'change', ?)", month, line, change)
            execute("insert into staging.stg_commentary values (?, ?, ?, ?)", month, line, sentence, file)


def publish(name: str = "2009-08-r1") -> None:
    """A release of the cards as they stand."""
    place = settings.releases() / name
    place.mkdir(parents=True)
    with duckdb.connect(str(place / folder.DATABASE)) as connection:
        connection.execute(f"attach '{settings.database()}' as warehouse (read_only)")
        for table in ("scorecard", "figures"):
            connection.execute(f"create table {table} as from warehouse.scorecard.{table}")
    folder.write_manifest(place, {"release": name, "says": "as earlier versions named it", "tables": {}})
    settings.current().unlink(missing_ok=True)
    settings.current().symlink_to(place)


def lose(cells: str, line: str, month: date = AUGUST) -> None:
    execute(f"update scorecard.scorecard set {cells} where line = ? and report_month = ?", line, month)


def waiting(*report_months: date) -> list[tuple]:
    """What waits to be confirmed, by month and line."""
    lost, stale, changed = confirming.unconfirmed(list(report_months))
    return [each[:2] for each in (*stale, *lost, *changed)]


def test_cards_that_are_as_published_wait_for_nobody():
    release.check_confirmations([JULY, AUGUST])


def test_before_the_first_release_there_is_nothing_to_confirm():
    settings.current().unlink()
    make("2.8%")
    lose("status = null", "4a")
    release.check_confirmations([AUGUST])


def test_every_loss_and_every_stale_sentence_of_the_cards_of_the_run_is_named_at_once():
    make("2.8%")
    lose("status = null", "4a")
    execute("delete from scorecard.scorecard where line = '4b' and report_month = ?", AUGUST)
    with pytest.raises(release.NotConfirmed) as raised:
        release.check_confirmations([AUGUST])
    assert str(raised.value).splitlines() == [
        "These cards were published with what they would no longer have:",
        "2009-08, line 4a: letter (was G)",
        "2009-08, line 4b: the whole line (was Burglary)",
        'To accept the loss: make confirm MONTH=2009-08 [LINE=...] REASON="..."; '
        "to keep it: put the delivery back into raw/, or have it corrected. Then run again.",
        "The numbers in these sentences changed since they were published, and the words around them may be wrong. "
        "Read them, then run again:",
        "2009-08, line 4a",
        "  before: Burglary is up by 2.6%.",
        "  now:    Burglary is up by 2.8%.",
        'To keep the words: make confirm MONTH=2009-08 LINE=4a REASON="..."; '
        "to change them: deliver a corrected commentary/2009-08.csv.",
    ]
    (matter, *others) = [it for it in outstanding.to_confirm() if it.about.startswith("Aug-09")]
    assert matter.message == (
        "to confirm: would lose what it printed; the numbers in its sentence changed: "
        'make scorecard FROM=2009-08 TO=2009-08 lists it; make confirm MONTH=2009-08 REASON="..."'
    )
    assert [it.about for it in (matter, *others)] == ["Aug-09 4a", "Aug-09 4b"]
    confirmed = release.confirm("2009-08", "", "so it is")
    assert "line 4a: Burglary is up by 2.8%." in confirmed and "line 4b loses what it had" in confirmed
    release.check_confirmations([AUGUST])
    assert waiting(JULY, AUGUST) == [(JULY, "4a"), (JULY, "4b")]


def test_a_newly_delivered_sentence_is_not_stale():
    make("2.8%", "Burglary rose by {change}.")
    release.check_confirmations([AUGUST])


def test_a_line_is_confirmed_alone_and_the_ledger_records_it():
    make("2.8%")
    lose("status = null", "4b", JULY)
    first = release.confirm("2009-08", "4a", " still up ")
    assert first.splitlines()[0] == "Confirmed: 2009-08, line 4a: Burglary is up by 2.8%."
    assert first.splitlines()[-1] == "The next run publishes it: make scorecard FROM=2009-08"
    assert waiting(AUGUST) == [(AUGUST, "4b")]
    assert confirming.confirmed_texts() == {(AUGUST, "4a", "Burglary is up by 2.8%."): "still up"}
    assert "line 4b loses what it had: letter (was G)" in release.confirm("2009-07", "4b", "the force withdraws it")
    assert confirming.confirmed_losses() == {(JULY, "4b", "letter", "G")}
    assert all({"report_month", "line", "reason", "by"} < set(it.body) for it in ledger.entries("confirmation"))


def test_a_confirmation_covers_exactly_that_text_and_that_loss():
    make("2.8%")
    lose("comment = null", "4b")
    release.confirm("2009-08", "", "still up")
    release.check_confirmations([AUGUST])
    make("-1.0%")
    lose("comment = null, status = null", "4b")
    assert waiting(AUGUST) == [(AUGUST, "4a"), (AUGUST, "4b")]
    with pytest.raises(release.NotConfirmed, match=r"line 4b: letter \(was G\)\n"):
        release.check_confirmations([AUGUST])


def test_what_was_confirmed_and_published_is_stale_again_when_its_numbers_change_again():
    make("2.8%")
    release.confirm("2009-08", "", "still up")
    publish("2009-08-r2")
    release.check_confirmations([AUGUST])
    make("3.1%")
    assert waiting(AUGUST) == [(AUGUST, "4a"), (AUGUST, "4b")]


MISTAKES = {
    "no month": (("", "", "x"), "Name the card with MONTH=YYYY-MM."),
    "no such month": (("2009-13", "", "x"), "'2009-13' is not a month: there is no month 13 in a year"),
    "a card without": (("2009-06", "", "x"), "Nothing of 2009-06 waits to be confirmed: "),
    "a line without": (
        ("2009-08", "5a", "x"),
        "Nothing of 2009-08 on line 5a waits to be confirmed; what waits is on 4a, 4b.",
    ),
}


@pytest.mark.parametrize("arguments, message", MISTAKES.values(), ids=MISTAKES)
def test_what_does_not_wait_cannot_be_confirmed(arguments, message):
    make("2.8%")
    with pytest.raises(ValueError) as raised:
        release.confirm(*arguments)
    assert str(raised.value).startswith(message)
    assert ledger.entries() == []


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 201])
def test_a_confirmation_needs_a_reason_that_can_be_printed(reason):
    make("2.8%")
    with pytest.raises(NoReason, match="Give the reason with REASON="):
        release.confirm("2009-08", "", reason)
    assert ledger.entries() == []
