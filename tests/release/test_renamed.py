"""A release that an earlier version published is read under the names of today."""

from pathlib import Path

import duckdb

from orchestration.release import renamed


def attached(path: Path, *tables: str) -> tuple[bool, duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(path)) as release:
        for table in tables:
            release.execute(f"create table {table}")
    # what is to be confirmed is read beside the working database, through a connection that only reads
    working = path.with_name("working.duckdb")
    duckdb.connect(str(working)).close()
    connection = duckdb.connect(str(working), read_only=True)
    return renamed.attach(connection, path), connection


def test_old_names_of_tables_and_columns_are_read_as_those_of_today(tmp_path: Path):
    is_older, connection = attached(
        tmp_path / "release.duckdb",
        "reasons as select 1 as step, 'the target is met' as says",
        "republished as select 'latest' as printed, '5%' as was, '6%' as is_now",
        "figures as select '5%' as printed",
    )
    assert is_older
    assert connection.sql("select step, explanation from published.judgement_steps").fetchall() == [
        (1, "the target is met")
    ]
    assert connection.sql("select card_column, text_before, text from published.republished").fetchall() == [
        ("latest", "5%", "6%")
    ]
    assert connection.sql("select printed from published.figures").fetchall() == [("5%",)]


def test_the_catalogue_s_rows_of_a_year_are_read_as_those_of_each_of_its_cards(tmp_path: Path):
    is_older, connection = attached(
        tmp_path / "release.duckdb",
        "indicators as select '2009/10' as financial_year, '4a' as line, 0.05 as amber_tolerance",
        "scorecard as select unnest(['2009-07-01', '2009-08-01']::date[]) as report_month, '2009/10' as financial_year",
    )
    assert is_older
    rows = connection.sql("select strftime(report_month, '%Y-%m'), line from published.indicators order by all")
    assert rows.fetchall() == [("2009-07", "4a"), ("2009-08", "4a")]


def test_a_release_under_the_names_of_today_is_read_as_it_is(tmp_path: Path):
    is_older, connection = attached(tmp_path / "release.duckdb", "notices as select 'August is overdue' as message")
    assert not is_older
    assert connection.sql("from published.notices").fetchall() == [("August is overdue",)]
