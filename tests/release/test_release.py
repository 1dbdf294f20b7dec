"""A release: what it holds, how it is named, and what it keeps of those before it."""

import os
import shutil
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest

from orchestration import release, settings
from orchestration.release import beginning, editions_kept, suppression, tables, verifying
from orchestration.scorecard import contracts, mart
from tests.release.releases import (
    AUGUST,
    JULY,
    OCTOBER,
    SEPTEMBER,
    assert_whole,
    change,
    failing,
    hold,
    manifest,
    names,
    page,
    read,
    small_mart,
)

# what `hold` fills of the tables that go by report month
FILLED = {"scorecard", "figures", "rolling_year", "year_to_date", "monthly_measures"}


def test_the_first_release_holds_the_tables_of_the_mart_for_the_months_of_the_run(whole):
    assert (whole.name, whole.summary) == ("2009-08-r1", "2009-08-r1: 2 new cards")
    here = whole.folder
    assert {row[0] for row in read("show tables", here)} == {*mart.TABLES, *mart.VIEWS, *mart.OF_THE_RELEASE, "release"}
    assert set(manifest(here)["tables"]) == {*mart.TABLES, *mart.OF_THE_RELEASE}
    for table in FILLED:
        assert read(f"select distinct report_month from {table} order by all", here) == [(JULY,), (AUGUST,)]
    assert read("select report_month, count(*) from indicators group by all order by all", here) == [
        (JULY, 2),
        (AUGUST, 2),
    ]
    assert read("select title from cards", here) == [("A card",)]
    assert read("select delivery_month from deliveries order by all", here) == [(JULY,), (AUGUST,)]
    assert read("from republished", here) == []


def test_the_card_of_a_release_has_the_columns_of_the_contract_in_its_order(whole):
    assert [row[0] for row in read("describe scorecard", whole.folder)] == list(contracts.ALL["scorecard"].columns)
    assert [row[0] for row in read("describe figures", whole.folder)] == list(contracts.ALL["figures"].columns)
    with duckdb.connect(str(whole.folder / release.DATABASE), read_only=True) as connection:
        contracts.ALL["scorecard"].validate(connection.sql("from scorecard").pl().with_columns(target=pl.lit(-0.02)))


def test_a_release_says_of_each_table_and_column_what_the_contract_or_the_dbt_project_says_of_it(whole):
    tables = dict(read("select table_name, comment from duckdb_tables()", whole.folder))
    columns = dict(
        read("select table_name || '.' || column_name, comment from duckdb_columns() where not internal", whole.folder)
    )
    assert tables["scorecard"] == contracts.ALL["scorecard"].description
    assert columns["scorecard.status"] == contracts.ALL["scorecard"].columns["status"].description
    assert columns["rolling_year.data_from"] == "The first month of the window."
    assert columns["monthly_measures.numerator"] == "Sum of the measure's numerators; null where a part is missing."
    assert {name for name, comment in (tables | columns).items() if comment is None} == {"cards", "cards.title"}


def test_a_release_is_sealed_whole_and_described_by_its_manifest(both):
    made = release.current()
    assert_whole(made.folder)
    described = manifest()
    assert described["report_months"] == ["2009-07", "2009-08"]
    assert described["summary"] == "2009-08-r1: 1 new card"
    assert {table: it["rows"] for table, it in described["tables"].items()} == made.rows
    assert (made.rows["scorecard"], made.rows["republished"]) == (4, 0)
    assert list(both.rglob("*.wal")) == list(both.rglob("*.part")) == []


def test_the_link_to_the_current_release_holds_when_the_warehouse_is_moved(august, monkeypatch):
    moved = august.rename(august.with_name("moved"))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(moved))
    assert read("select count(*) from scorecard") == [(2,)]


def test_publishing_what_is_published_makes_no_new_release(both):
    before = release.current()
    hold(JULY, AUGUST)
    for again in ([JULY, AUGUST], [JULY]):
        same = release.publish(again)
        assert (same.name, same.folder, same.rows) == (before.name, before.folder, before.rows)
        assert same.summary == release.unchanged("2009-08-r1")
    assert names() == ["2009-07-r1", "2009-08-r1"]
    assert release.current() == before


def test_a_new_month_keeps_the_old_cards_and_files_with_the_release_that_first_printed_them(both):
    hold(SEPTEMBER)
    made = release.publish([AUGUST, SEPTEMBER])
    assert made.summary == "2009-09-r1: 1 new card"
    first_printed = [(JULY, "2009-07-r1"), (AUGUST, "2009-08-r1"), (SEPTEMBER, "2009-09-r1")]
    for table in ("scorecard", "editions"):
        assert read(f"select distinct report_month, release from {table} order by all") == first_printed
    assert read("from republished") == []
    assert names() == ["2009-07-r1", "2009-08-r1", "2009-09-r1"]
    assert page("2009-07").samefile(page("2009-07", "2009-07-r1"))
    for month, name in first_printed:
        assert name in page(f"{month:%Y-%m}").read_text()


def test_only_a_release_that_adds_months_and_suppresses_nothing_new_begins_as_a_copy(july, monkeypatch):
    begun = []

    def copied(*given) -> bool:
        begun.append(beginning.copied(*given))
        return begun[-1]

    monkeypatch.setattr(tables, "beginning", SimpleNamespace(copied=copied, attach=beginning.attach))
    small_mart(monkeypatch, *suppression.TABLES)
    hold(JULY, AUGUST)
    release.publish([JULY, AUGUST])  # with a table that the release before did not have
    hold(SEPTEMBER)
    release.publish([SEPTEMBER])  # nothing but a month more
    hold(SEPTEMBER, offences=101)
    release.publish([SEPTEMBER])  # a month again
    hold(OCTOBER)
    suppressed = "select 'robbery' as measure, 'Barnet' as area, date '2009-07-01' as month"
    change(f"insert into measures.suppressed_months by name {suppressed}")
    release.publish([OCTOBER])  # what was shown of July is to be suppressed
    assert begun == [False, True, False, False]
    assert read("select report_month, suppressed from monthly_measures order by all") == [
        (JULY, True),
        (AUGUST, False),
        (SEPTEMBER, False),
        (OCTOBER, False),
    ]
    assert [found for _, found in verifying.proofs() if found] == []


def test_months_that_are_not_of_the_run_stay_as_published_though_the_warehouse_changed_or_lost_them(both):
    hold(JULY, offences=999, latest="-9.9%")
    for table in mart.TABLES.values():
        if table.by_report_month:
            change(f"delete from {table.relation} where report_month = date '{AUGUST}'")
    hold(SEPTEMBER)
    release.publish([SEPTEMBER])
    assert read("select report_month, latest from scorecard where line = '4a' order by all") == [
        (JULY, "-5.1%"),
        (AUGUST, "-5.1%"),
        (SEPTEMBER, "-5.1%"),
    ]
    assert {row[0] for row in read("select numerator::int from rolling_year")} == {100}


def test_an_earlier_month_may_be_published_after_a_later_one(august):
    hold(JULY)
    made = release.publish([JULY])
    assert (made.name, made.summary) == ("2009-07-r1", "2009-07-r1: 1 new card")
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
    ]
    hold(JULY, latest="-4%")
    assert release.publish([JULY]).name == "2009-07-r2"


def test_the_number_of_a_release_follows_the_highest_of_its_month_whatever_else_lies_there(august):
    for number in (2, 9, 10):
        (settings.releases() / f"2009-08-r{number}").mkdir()
    shutil.copytree(release.current().folder, settings.releases() / "2009-08-r1.copy")
    hold(AUGUST, latest="-4%")
    assert release.publish([AUGUST]).name == "2009-08-r11"


@pytest.mark.parametrize(
    "year, written_for", [("2010/11", "2009-07-r1"), ("2009/10", "2009-07-r2")], ids=["another year", "its own year"]
)
def test_rows_of_the_catalogue_have_the_cards_of_their_year_written_again(
    small_warehouse, monkeypatch, year, written_for
):
    small_mart(monkeypatch, "judging_rules")
    hold(JULY)
    release.publish([JULY])
    change(f"insert into reference.judging_rules by name select '{year}' as financial_year, '4c' as line")
    assert release.publish([JULY]).name == "2009-07-r2"
    assert read("select release from editions") == [(written_for,)]


def test_another_version_of_the_editions_writes_every_card_again(july, monkeypatch):
    monkeypatch.setattr(editions_kept, "editions_version", lambda: "another")
    assert release.publish([JULY]).name == "2009-07-r2"
    assert read("select release, editions_version from editions") == [("2009-07-r2", "another")]


def test_on_another_disk_the_files_of_a_card_are_copied(july, monkeypatch):
    monkeypatch.setattr(os, "link", failing(OSError("another disk")))
    hold(JULY, AUGUST)
    release.publish([AUGUST])
    assert page("2009-07").read_bytes() == page("2009-07", "2009-07-r1").read_bytes()
    assert not page("2009-07").samefile(page("2009-07", "2009-07-r1"))
    assert_whole(settings.current().resolve())


def test_a_month_without_a_card_is_published_with_the_tables_behind_it(july):
    hold(AUGUST, lines=())
    release.publish([AUGUST])
    assert read("select distinct report_month from scorecard") == [(JULY,)]
    assert read("select count(*) from rolling_year") == [(2,)]


def test_a_table_that_the_mart_gains_does_not_stop_the_next_release(july, monkeypatch):
    small_mart(monkeypatch, "year_to_date")
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select distinct report_month from scorecard order by all") == [(JULY,), (AUGUST,)]
    assert read("select report_month from year_to_date") == [(AUGUST,)]


def test_a_column_that_the_card_gains_does_not_stop_the_next_release(small_warehouse, monkeypatch):
    hold(JULY)
    with monkeypatch.context() as before:
        before.setitem(contracts.ALL, "scorecard", contracts.ALL["scorecard"].remove_columns(["codes"]))
        change("alter table scorecard.scorecard drop column codes")
        release.publish([JULY])
    change("alter table scorecard.scorecard add column codes varchar")
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
    ]
