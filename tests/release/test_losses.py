"""What a published card had and its next version would not: found, a stop of its own, and let go by a person."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import release, settings
from orchestration.release import confirmations, folder, losses
from orchestration.scorecard import display
from orchestration.warehouse import ledger

JULY, AUGUST = date(2009, 7, 1), date(2009, 8, 1)
LINE = {
    "report_month": AUGUST,
    "line": "4a",
    "title": "Robbery",
    "position": 1,
    "latest": "-5.1%",
    "status": "G",
    "target_text": "-2%",
    "direction_of_travel": "improving",
    "comment": "Robbery is down.",
    "data_to": AUGUST,
}
CELLS = {
    "latest": ("latest", "-5.1%"),
    "status": ("letter", "G"),
    "target_text": ("target", "-2%"),
    "direction_of_travel": ("on a year before", "improving"),
    "comment": ("comment", "Robbery is down."),
}
CARD = {name: pl.Date if isinstance(value, date) else None for name, value in LINE.items()}
FIGURE = {"report_month": AUGUST, "line": "4a", "name": "change", "printed": "-4.4%"}


def card(*rows: dict) -> pl.DataFrame:
    types = {date: pl.Date, int: pl.Int32, str: pl.String}
    return pl.DataFrame(rows, schema={name: types[type(value)] for name, value in LINE.items()})


def figures(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"report_month": pl.Date, "line": pl.String, "name": pl.String, "printed": pl.String}
    )


def lost(*now: dict, was: tuple[dict, ...] = (LINE,)) -> list[tuple]:
    return [loss[1:] for loss in losses.losses(card(*was), card(*now))]


def test_a_card_that_has_all_it_had_loses_nothing_whatever_it_says_now():
    other = {"latest": "-4.9%", "status": "R", "comment": "Robbery is up.", "target_text": "-3%"}
    assert lost(LINE) == lost(LINE | other) == lost(LINE, LINE | {"line": "4b"}) == []


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("empty", [None, "", display.NOT_AVAILABLE])
def test_a_cell_that_was_printed_and_would_be_empty_is_a_loss(cell, empty):
    assert lost(LINE | {cell: empty}) == [("4a", *CELLS[cell])]
    assert lost(LINE | {cell: empty}, was=(LINE | {cell: None},)) == []
    assert lost(LINE, was=(LINE | {cell: empty},)) == []


def test_a_line_that_is_gone_is_one_loss():
    both = (LINE, LINE | {"line": "4b", "title": "Networks"})
    assert lost(LINE, was=both) == [("4b", "the whole line", "Networks")]
    assert lost(was=both) == [("4a", "the whole line", "Robbery"), ("4b", "the whole line", "Networks")]


def test_a_figure_that_ends_in_an_earlier_month_is_a_loss_and_one_that_ends_later_is_none():
    assert lost(LINE | {"data_to": JULY}) == [("4a", "data to", "Aug-09")]
    assert lost(LINE, was=(LINE | {"data_to": JULY},)) == lost(LINE | {"data_to": None}) == []


def test_a_figure_that_a_comment_names_is_lost_by_its_name_unless_its_line_is():
    def of(*now: dict, lines: tuple = ()) -> list[tuple]:
        return [loss[1:] for loss in losses.lost_figures(figures(FIGURE), figures(*now), list(lines))]

    assert of(FIGURE) == of(FIGURE | {"printed": "-4.5%"}) == []
    assert of() == of(FIGURE | {"printed": display.NOT_AVAILABLE}) == [("4a", "change", "-4.4%")]
    assert of(lines=(losses.Loss(AUGUST, "4a", losses.LINE, "Robbery"),)) == []


def test_a_release_of_an_earlier_version_may_lack_columns():
    was = card(LINE).select("report_month", "line", "comment")
    assert losses.losses(was, card(LINE | {"status": None, "comment": None})) == [
        (AUGUST, "4a", "comment", "Robbery is down.")
    ]


def test_what_is_told_is_a_sentence_a_line_shortened_and_counted():
    many = [losses.Loss(AUGUST, f"{number}", "comment", "x" * 500) for number in range(100)]
    said = losses.message(many).splitlines()
    assert said[1] == f"2009-08, line 0: comment (was {'x' * losses.LONGEST}…)"
    assert said[losses.SHOWN + 1] == f"... and {100 - losses.SHOWN} more lines"
    assert len(said) == losses.SHOWN + 3


# between a warehouse and the release before


@pytest.fixture(autouse=True)
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warehouse in which the cards of two months are made, and a release that published them alike."""
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_commentary (delivery_month date, line varchar, sentence varchar, file varchar)"
        )
    made()
    there = settings.releases() / "2009-08-r1"
    there.mkdir(parents=True)
    with duckdb.connect(str(there / folder.DATABASE)) as connection:
        connection.execute(f"attach '{settings.database()}' as warehouse (read_only)")
        for table in ("scorecard", "figures"):
            connection.execute(f"create table {table} as from warehouse.scorecard.{table}")
    folder.write_manifest(there, {"release": there.name, "summary": "", "tables": {}})
    settings.current().symlink_to(there)


def made(*lines: dict, numbers: tuple[dict, ...] = (FIGURE,)) -> None:
    """Make the cards: of July one line, of August these."""
    lines = lines or (LINE, LINE | {"line": "4b", "position": 2})
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute("create schema if not exists scorecard")
        for table, frame in (
            ("scorecard", card(LINE | {"report_month": JULY, "data_to": JULY}, *lines)),
            ("figures", figures(*numbers)),
        ):
            connection.register("frame", frame)
            connection.execute(f"create or replace table scorecard.{table} as from frame")
            connection.unregister("frame")


def test_cards_that_lose_nothing_are_not_held():
    release.check_confirmations([JULY, AUGUST])


def test_before_the_first_release_nothing_can_be_lost():
    settings.current().unlink()
    made(LINE | {"comment": None})
    release.check_confirmations([AUGUST])


def test_every_loss_of_the_cards_of_the_run_is_named_at_once():
    made(LINE | {"latest": display.NOT_AVAILABLE, "status": None}, numbers=())
    with pytest.raises(release.NotConfirmed) as raised:
        release.check_confirmations([JULY, AUGUST])
    assert str(raised.value).splitlines() == [
        "These cards were published with what they would no longer have:",
        "2009-08, line 4a: latest (was -5.1%), letter (was G), change (was -4.4%)",
        "2009-08, line 4b: the whole line (was Robbery)",
        'To accept the loss: make confirm MONTH=2009-08 [LINE=...] REASON="..."; '
        "to keep it: put the delivery back into raw/, or have it corrected. Then run again.",
    ]
    release.check_confirmations([JULY])


def test_a_confirmed_loss_no_longer_holds_the_release_and_the_others_do():
    made(LINE | {"comment": None})
    said = release.confirm("2009-08", "4a", "the force takes it back")
    assert said.splitlines() == [
        "Confirmed: 2009-08, line 4a loses what it had: comment (was Robbery is down.)",
        "The next run publishes it: make scorecard FROM=2009-08",
    ]
    assert [loss.line for loss in losses.unconfirmed([AUGUST])] == ["4b"]
    (entry,) = ledger.entries("confirmation")
    assert {name: entry.body[name] for name in ("report_month", "line", "lost", "was", "reason")} == {
        "report_month": "2009-08",
        "line": "4a",
        "lost": "comment",
        "was": "Robbery is down.",
        "reason": "the force takes it back",
    }
    release.confirm("2009-08", "", "no longer reported")  # a line that is not in the catalogue any more
    release.check_confirmations([AUGUST])
    assert confirmations.texts() == {}


def test_a_confirmation_is_of_exactly_that_loss():
    both = (LINE, LINE | {"line": "4b", "position": 2})
    made(both[0] | {"comment": None}, both[1])
    release.confirm("2009-08", "4a", "the force takes it back")
    release.check_confirmations([AUGUST])
    made(both[0] | {"comment": None, "status": None}, both[1])
    assert [loss.what for loss in losses.unconfirmed([AUGUST])] == ["letter"]
    with pytest.raises(release.NotConfirmed, match=r"line 4a: letter \(was G\)"):
        release.check_confirmations([AUGUST])


def test_a_loss_and_a_stale_sentence_are_told_and_confirmed_together():
    with duckdb.connect(str(settings.database())) as connection:
        delivered = (AUGUST, "4a", "Robbery {change}.", "commentary/2009-08.csv")
        connection.execute("insert into staging.stg_commentary values (?, ?, ?, ?)", delivered)
    published = settings.releases() / "2009-08-r1" / folder.DATABASE
    published.chmod(0o600)
    with duckdb.connect(str(published)) as connection:
        connection.execute("update scorecard set comment = 'Robbery -4.4%.' where line = '4a'")
    made(LINE | {"comment": "Robbery -4.5%."}, numbers=(FIGURE | {"printed": "-4.5%"},))
    with pytest.raises(release.NotConfirmed) as raised:
        release.check_confirmations([AUGUST])
    assert "2009-08, line 4b: the whole line (was Robbery)" in str(raised.value)
    assert "2009-08, line 4a\n  before: Robbery -4.4%.\n  now:    Robbery -4.5%." in str(raised.value)
    said = release.confirm("2009-08", "", "so it is")
    assert "line 4a: Robbery -4.5%." in said and "line 4b loses what it had" in said
    release.check_confirmations([AUGUST])
