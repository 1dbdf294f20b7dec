"""Rules that change a published card: what is refused although no delivery moved, and what a delivery explains."""

from datetime import date

import duckdb
import pytest

from orchestration.release import rule_changes

AUGUST = date(2009, 8, 1)
TABLES = {
    "scorecard.scorecard": "date '2009-08-01' as report_month, '4a' as line, 'R' as status, '10%' as target_text, "
    "'12.0%' as latest, null::varchar as period, 'Crime' as title, 'Safety' as section, null::varchar as codes",
    "scorecard.figures": "date '2009-08-01' as report_month, '4a' as line, 'total' as statistic, 'crime' as measure, "
    "null::varchar as compare_measure",
    "measures.measure_sources": "date '2009-08-01' as report_month, 'crime' as measure, date '2009-07-01' as month, "
    "'recorded_crime' as extract, 'a1b2' as sha256, 33 as lines",
    "aggregates.indicators_as_of": "date '2009-08-01' as report_month, '2009/10' as financial_year, '4a' as line, "
    "0.05 as amber_tolerance, 'percent' as unit",
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A card as it was made, and the release that published it."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as published")
    for relation, columns in TABLES.items():
        schema, table = relation.split(".")
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create table {relation} as select {columns}")
        name = "indicators" if table == "indicators_as_of" else table
        connection.execute(f"create table published.{name} as from {relation}")
    return connection


def reprinted(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [it.rule for it in rule_changes.reprinted(connection, [AUGUST])]


# what code or catalogue may make another of, and how the message names it
EDITS = {
    "the letter": ("status = 'A'", "letter amber, not red"),
    "no letter": ("status = null", "letter none, not red"),
    "the figure": ("latest = '11.9%'", "latest 11.9%, not 12.0%"),
    "the target": ("target_text = '11%', status = 'G'", "letter green, not red; target 11%, not 10%"),
    "the window": ("period = 'Year to Jul-09'", "period Year to Jul-09, not none"),
    "the title": ("title = 'All crime'", "title All crime, not Crime"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_published_cell_that_would_change_without_a_delivery_is_refused(connection, edit):
    cells, message = EDITS[edit]
    connection.execute(f"update scorecard.scorecard set {cells}")
    assert reprinted(connection) == [message]


MOVED = {
    "another file": "update measures.measure_sources set sha256 = 'c3d4'",
    "more of its lines": "update measures.measure_sources set lines = 34",
    "a month more": "insert into measures.measure_sources select * replace (date '2009-08-01' as month) "
    "from measures.measure_sources",
    "peers, whose deliveries are not recorded": "insert into scorecard.figures select * replace ('rank' as statistic) "
    "from scorecard.figures",
}


@pytest.mark.parametrize("delivery", MOVED)
def test_what_a_delivery_explains_is_published(connection, delivery):
    connection.execute("update scorecard.scorecard set status = 'A', latest = '10.4%'")
    connection.execute(MOVED[delivery])
    assert reprinted(connection) == []


def kinds(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    return {kind: lines for kind, lines in rule_changes.kinds(connection, [AUGUST], "").items() if lines}


def test_what_changes_without_a_delivery_is_a_correction_and_with_one_a_revision(connection):
    assert kinds(connection) == {"correction": [(AUGUST, "4a")]}
    connection.execute(MOVED["another file"])
    assert kinds(connection) == {"revision": [(AUGUST, "4a")]}
    connection.execute("update aggregates.indicators_as_of set amber_tolerance = 0.3")
    assert kinds(connection) == {"correction": [(AUGUST, "4a")]}


def test_where_an_earlier_version_recorded_no_files_nothing_is_put_down_to_either(connection):
    connection.execute("drop table published.measure_sources")
    connection.execute("update scorecard.scorecard set status = 'A'")
    assert kinds(connection) == {}
    assert reprinted(connection) == []


def test_a_changed_rule_is_refused_whatever_was_delivered(connection):
    connection.execute(MOVED["another file"])
    connection.execute("update scorecard.scorecard set status = 'A'")
    connection.execute("update aggregates.indicators_as_of set amber_tolerance = 0.3")
    assert reprinted(connection) == ["letter amber, not red"]


def test_a_card_that_prints_alike_waits_for_nobody_whatever_its_rule(connection):
    connection.execute("update aggregates.indicators_as_of set amber_tolerance = 0.3")
    assert reprinted(connection) == []
