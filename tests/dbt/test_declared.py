"""What dbt gets of the declared sources: a table each, and series whose SQL counts what is declared."""

from decimal import Decimal
from pathlib import Path

import duckdb
import jinja2
import pytest
import yaml

from orchestration import settings
from orchestration.dbt import declared

CALLS = """\
title: Calls, by station.
cadence: monthly
key: [month, station, call]
columns:
  month: {kind: month}
  station: {kind: area}
  call: {kind: word}
  answered: {kind: percent}
  promised: {kind: percent}
  state: {kind: word, provisional: open}
series:
  "{call}_answered": answered
  calls_in_time: answered >= promised
  calls: rows
"""
ROWS = """
    create table calls as select * from (values
        (date '2009-08-01', 2, null, date '2009-07-01', 'North', 'fire', 90.0, 80.0, 'open'),
        (date '2009-08-01', 3, null, date '2009-07-01', 'North', 'flood', 70.0, 80.0, 'closed'),
        (date '2009-08-01', 4, null, date '2009-07-01', 'South', 'fire', 80.0, 80.0, 'closed'),
        (date '2009-08-01', 5, 'promised=not available', date '2009-07-01', 'South', 'flood', 80.0, null, 'closed')
    ) as rows (delivery_month, file_line, markers, month, station, call, answered, promised, state)
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "calls.yml").write_text(CALLS, encoding="utf-8")
    declared.write(tmp_path / "sources", tmp_path / "made")
    return tmp_path / "made"


def test_a_source_is_a_table_of_raw_and_is_written_again_only_where_it_changed(made: Path):
    (source,) = yaml.safe_load((made / "models" / "staging" / "raw.yml").read_text(encoding="utf-8"))["sources"]
    assert (source["name"], [table["name"] for table in source["tables"]]) == ("raw", ["calls"])
    before = {path: path.stat().st_ino for path in made.rglob("*.*")}
    declared.write(made.parent / "sources", made)
    assert {path: path.stat().st_ino for path in made.rglob("*.*")} == before
    (made.parent / "sources" / "calls.yml").write_text(
        CALLS.replace("calls: rows", "all_calls: rows"), encoding="utf-8"
    )
    declared.write(made.parent / "sources", made)
    changed = [path.name for path, inode in before.items() if path.stat().st_ino != inode]
    assert changed == ["declared_series.sql"]


def test_a_figure_may_be_as_old_as_its_source_lags_and_one_delivery(made: Path):
    late = CALLS.replace("cadence: monthly", "cadence: quarterly\nmay_lag: 2").encode()
    (made.parent / "sources" / "late_calls.yml").write_bytes(late)
    declared.write(made.parent / "sources", made)
    text = (made / "macros" / "declared_age_limits.sql").read_text(encoding="utf-8") + "{{ declared_age_limits() }}"
    with duckdb.connect() as connection:
        assert dict(connection.sql(jinja2.Template(text).render()).fetchall()) == {"calls": 1, "late_calls": 5}


RECORDS = """\
columns:
  month: {kind: month}
  kind: {kind: word, words: [fire, flood], since: 2024-02}
  calls: {kind: count}
  hours: {kind: measure, decimals: 3}
cadence: monthly
title: Calls.
key: [month, kind]
reading: {records: true, same_record: [ID], across_deliveries: Yes, absent_is_zero: true}
series:
  "{kind}_calls": calls
"""
HELD = """
    create table calls as select *, null as markers from (values
        (date '2024-01-01', 2, date '2024-01-01', null, 'a', 1),
        (date '2024-02-01', 2, date '2024-02-01', 'fire', 'b', 1),
        (date '2024-02-01', 3, date '2024-02-01', 'fire', null, 4),
        (date '2024-02-01', 4, date '2024-02-01', 'flood', null, 0),
        (date '2024-03-01', 9, date '2024-02-01', 'flood', 'b', 1),
        (date '2024-04-01', 5, date '2024-02-01', 'fire', 'b', 1)
    ) as held (delivery_month, file_line, month, kind, record, calls);
    create table stg_deliveries as
        select 'calls' as extract, unnest(range(1, 4)) as number, make_date(2024, number, 1) as delivery_month,
            number < 4 as effective;
"""


def test_a_record_counts_once_as_the_newest_effective_delivery_has_it_and_what_has_no_word_in_no_series(tmp_path: Path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "calls.yml").write_text(RECORDS, encoding="utf-8")
    declared.write(tmp_path / "sources", tmp_path / "made")
    assert declared.decimals(tmp_path / "sources") == 3
    macros = [settings.DBT_PROJECT / "macros" / "series_of.sql", tmp_path / "made" / "macros" / "declared_series.sql"]
    text = "".join(path.read_text(encoding="utf-8") for path in macros) + "{{ declared_series() }}"
    sql = jinja2.Template(text).render(
        source=lambda _, table: table, ref=lambda table: table, the_whole=lambda: "'All'"
    )
    with duckdb.connect() as connection:
        connection.execute(HELD)
        found = connection.sql(f"select delivery_month, series, month, value, file_line from ({sql}) order by all")
        assert [(f"{it[0]:%m}", it[1], f"{it[2]:%m}", str(it[3]), it[4]) for it in found.fetchall()] == [
            ("02", "fire_calls", "02", "5.000", 2),
            ("02", "flood_calls", "02", "0.000", 4),
            ("03", "fire_calls", "02", "4.000", 9),
            ("03", "flood_calls", "02", "1.000", 9),
        ]


def test_the_series_count_what_is_declared_and_what_is_not_known_stays_not_known(made: Path):
    macros = [settings.DBT_PROJECT / "macros" / "series_of.sql", made / "macros" / "declared_series.sql"]
    text = "".join(path.read_text(encoding="utf-8") for path in macros) + "{{ declared_series() }}"
    sql = jinja2.Template(text).render(source=lambda _, table: table, the_whole=lambda: "'Whole'")
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        found = connection.sql(sql).fetchall()
    assert {row[0] for row in found} == {"calls"}
    rows = {(series, area): (line, value, why, open_) for _, _, line, series, area, _, value, why, open_ in found}
    assert rows == {
        ("fire_answered", "North"): (2, Decimal(90), None, True),
        ("flood_answered", "North"): (3, Decimal(70), None, False),
        ("fire_answered", "South"): (4, Decimal(80), None, False),
        ("flood_answered", "South"): (5, Decimal(80), None, False),
        ("calls_in_time", "North"): (2, Decimal(1), None, True),
        ("calls_in_time", "South"): (4, None, "not available", False),
        ("calls", "North"): (2, Decimal(2), None, True),
        ("calls", "South"): (4, Decimal(2), None, False),
    }
