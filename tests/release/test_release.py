import hashlib
import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest
import yaml

from orchestration import editions, months, release, settings
from orchestration.editions import content
from orchestration.raw.landing import raw_schema
from orchestration.release import beginning, editions_kept, folder, noticing, publishing, tables, verifying
from orchestration.scorecard import mart
from orchestration.warehouse import files, ledger, transaction

JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2009, month, 1) for month in (7, 8, 9, 10))
MODELS = settings.DBT_PROJECT / "models"


def words(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def described(path: Path, kind: str, table: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """What the dbt project says of a table: its description, and type and description by column."""
    found = {it["name"]: it for it in yaml.safe_load(path.read_text(encoding="utf-8"))[kind]}[table]
    types = found.get("config", {}).get("column_types", {})
    columns = {it["name"]: (it.get("data_type") or types[it["name"]], it["description"]) for it in found["columns"]}
    return found["description"], columns


def create(connection: duckdb.DuckDBPyConnection, table: str, says: str, columns: dict) -> None:
    connection.execute(f"create schema if not exists {table.partition('.')[0]}")
    connection.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, (kind, _) in columns.items())})")
    connection.execute(f"comment on table {table} is {words(says)}")
    for name, (_, about) in columns.items():
        connection.execute(f"comment on column {table}.{name} is {words(about)}")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working database with every table a release takes, and nothing in them but a card with two lines."""
    database = tmp_path_factory.mktemp("empty") / "performance.duckdb"
    with duckdb.connect(str(database)) as connection, transaction(connection):
        listed = {name: (kind, about) for name, kind, about in raw_schema.DELIVERIES}
        create(connection, "raw.deliveries", "one row per extract and month of delivery", listed)
        relations = {*(table.relation for table in mart.TABLES.values()), "measures.hidden_months"}
        for relation in sorted(relations):
            schema, _, table = relation.partition(".")
            if schema == "reference":
                said = described(settings.CATALOGUE / "reference.yml", "seeds", table)
            elif schema in ("measures", "aggregates"):
                said = described(MODELS / schema / f"{schema}.yml", "models", table)
            else:
                continue  # made above, or below
            create(connection, relation, *said)
        connection.execute("create schema scorecard")
        for table in mart.MADE_HERE:
            connection.register("made", pl.DataFrame(schema=mart.polars_schema(table, without="release")))
            connection.execute(f"create table scorecard.{table} as from made")
        connection.execute("insert into reference.cards by name select '2009/10' as financial_year, 'A card' as title")
        connection.execute(
            "insert into reference.indicators by name "
            "select '2009/10' as financial_year, unnest([1, 2]) as position, unnest(['4a', '4b']) as line"
        )
    return database


FULL, VIEWS = mart.TABLES, mart.VIEWS
# what `hold` fills of the tables that go by report month
FILLED = {"scorecard", "figures", "rolling_year", "year_to_date", "monthly_measures"}
# one table of each sort, for the tests that need no more: publishing takes half the time; notices read the last two
SMALL = {name: FULL[name] for name in ("scorecard", "rolling_year", "deliveries", "changes", "measure_sources")}
PAGE = "index.html"


def small(patch: pytest.MonkeyPatch) -> None:
    """Few tables and one small edition; the real ones have tests of their own."""
    patch.setattr(mart, "TABLES", SMALL)
    patch.setattr(mart, "VIEWS", {})
    patch.setattr(content.Reading, "card", lambda reading, report_month: (reading.release, report_month))
    patch.setattr(editions.writing, "EDITIONS", (lambda card, folder: (folder / PAGE).write_text(f"{card}"),))
    patch.setattr(editions.writing.os, "cpu_count", lambda: 1)  # another process would not know of any of this
    patch.setattr(editions.site, "write_front", lambda reading, folder: None)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: Path) -> Path:
    small(monkeypatch)
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "the force's warehouse"))
    folder = settings.warehouse()
    folder.mkdir()
    shutil.copy(empty, settings.database())
    return folder


@pytest.fixture(scope="module")
def published(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[date, Path]:
    """By month, a warehouse that holds that month and has published it."""
    folders = {}
    for month in (JULY, AUGUST):
        folders[month] = tmp_path_factory.mktemp("published")
        with pytest.MonkeyPatch.context() as patch:
            small(patch)
            patch.setenv("SCORECARD_WAREHOUSE", str(folders[month]))
            shutil.copy(empty, settings.database())
            hold(month)
            release.publish([month])
    return folders


@pytest.fixture
def july(warehouse: Path, published: dict[date, Path]) -> Path:
    return Path(shutil.copytree(published[JULY], warehouse, symlinks=True, dirs_exist_ok=True))


@pytest.fixture
def august(warehouse: Path, published: dict[date, Path]) -> Path:
    return Path(shutil.copytree(published[AUGUST], warehouse, symlinks=True, dirs_exist_ok=True))


@pytest.fixture
def full_mart(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mart, "TABLES", FULL)
    monkeypatch.setattr(mart, "VIEWS", VIEWS)


def hold(
    *report_months: date, offences: int = 100, latest: str = "-5.1%", lines: tuple[str, ...] = ("4a", "4b")
) -> None:
    """Make the warehouse hold these report months, whatever it held for them before."""
    card, figures = [], []
    for month in report_months:
        for place, line in enumerate(lines, start=1):
            card.append(
                {
                    "report_month": month,
                    "financial_year": "2009/10",
                    "position": place,
                    "line": line,
                    "section": "Safety",
                    "title": f"What {line} is about",
                    "value": -0.051 if line == "4a" else 425.0,
                    "latest": latest if line == "4a" else "425",
                    "status": "G",
                    "status_reason": f"{latest} meets the target",
                    "provisional": False,
                    "in_plain_words": f"{latest} meets the target",
                }
            )
            figures.append({"report_month": month, "line": line, "name": "latest", "printed": latest})
    made = {"scorecard": card, "figures": figures}
    gone = "where list_contains(?::date[], report_month)"
    with duckdb.connect(str(settings.database())) as connection, transaction(connection):
        for table, rows in made.items():
            connection.execute(f"delete from scorecard.{table} {gone}", [report_months])
            connection.register("made", pl.DataFrame(rows, schema=mart.polars_schema(table, without="release")))
            connection.execute(f"insert into scorecard.{table} by name from made")
        for table in ("aggregates.rolling_year", "aggregates.year_to_date", "measures.monthly_measures"):
            connection.execute(f"delete from {table} {gone}", [report_months])
            connection.execute(
                f"insert into {table} by name select unnest(?::date[]) as report_month, 'robbery' as measure, "
                "'Barnet' as area, report_month as month, ?::decimal(18, 2) as numerator",
                [report_months, offences],
            )
        connection.execute(
            "insert into raw.deliveries by name select 'recorded_crime' as extract, month as delivery_month "
            "from (select unnest(?::date[]) as month) anti join raw.deliveries on month = delivery_month",
            [report_months],
        )


def change(sql: str) -> None:
    with duckdb.connect(str(settings.database())) as connection:
        connection.execute(sql)


def read(sql: str, name: str = "current") -> list[tuple]:
    """What a reader sees, of the current release or of one by name."""
    folder = settings.current() if name == "current" else settings.releases() / name
    with duckdb.connect(str(folder / release.DATABASE), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def manifest(name: str) -> dict:
    return json.loads((settings.releases() / name / release.MANIFEST).read_text(encoding="utf-8"))


def names() -> list[str]:
    return sorted(folder.name for folder in settings.releases().iterdir())


def assert_whole(folder: Path) -> None:
    """A release that holds what its manifest says, sealed, and nothing else."""
    said = json.loads((folder / release.MANIFEST).read_text(encoding="utf-8"))
    assert said["release"] == folder.name
    cards = [f"cards/{months.key(month)}/{PAGE}" for (month,) in read("select report_month from editions", folder.name)]
    there = files.within(folder)
    assert list(there) == sorted([*cards, release.DATABASE, release.MANIFEST, release.NOTICES])
    assert not any(its.st_mode & 0o222 for its in there.values())
    for name, digest in said["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    counted = " union all ".join(f"select '{table}', count(*) from {table}" for table in said["tables"])
    assert dict(read(counted, folder.name)) == {table: it["rows"] for table, it in said["tables"].items()}


def test_before_the_first_release_there_is_none(warehouse):
    assert release.current() is None


def test_the_first_release_holds_the_tables_of_the_mart_for_the_months_of_the_run(full_mart):
    hold(JULY, AUGUST)
    made = release.publish([JULY, AUGUST])
    assert (made.name, made.says) == ("2009-08-r1", "2009-08-r1: 2 new cards")
    assert made.folder == settings.releases() / "2009-08-r1"
    assert {row[0] for row in read("show tables")} == {*mart.TABLES, *mart.VIEWS, *mart.OF_THE_RELEASE, "release"}
    for table in FILLED:
        assert read(f"select distinct report_month from {table} order by all") == [(JULY,), (AUGUST,)]
    assert read("select count(*) from indicators") == [(2,)]
    assert read("select title from cards") == [("A card",)]
    assert read("select delivery_month from deliveries order by all") == [(JULY,), (AUGUST,)]
    assert read("from republished") == []


def test_the_card_of_a_release_has_the_columns_of_the_contract_in_its_order(full_mart):
    hold(AUGUST)
    release.publish([AUGUST])
    assert [row[0] for row in read("describe scorecard")] == list(mart.SCORECARD.columns)
    assert [row[0] for row in read("describe figures")] == list(mart.FIGURES.columns)
    with duckdb.connect(str(settings.current() / release.DATABASE), read_only=True) as connection:
        mart.SCORECARD.validate(connection.sql("from scorecard").pl().with_columns(target=pl.lit(-0.02)))


def test_every_table_and_every_column_of_a_release_explains_itself(full_mart):
    hold(AUGUST)
    release.publish([AUGUST])
    told = read("select table_name, comment from duckdb_tables()")
    told += read("select view_name, comment from duckdb_views() where not internal")
    assert {table for table, _ in told} == {*mart.TABLES, *mart.VIEWS, *mart.OF_THE_RELEASE, "release"}
    columns = read("select table_name || '.' || column_name, comment from duckdb_columns() where not internal")
    assert [name for name, says in told + columns if says is None or len(says) < 5] == []
    says = dict(columns)
    assert says["scorecard.status"] == mart.SCORECARD.columns["status"].description
    assert says["rolling_year.data_from"] == "The first month of the window."
    assert says["monthly_measures.numerator"] == "Sum of the measure's numerators; null where a part is missing."
    assert dict(told)["scorecard"] == mart.SCORECARD.description
    assert dict(told)["cards"].startswith("One row per financial year.")


def test_a_table_and_a_column_nobody_explained_are_left_without_a_comment(full_mart):
    hold(AUGUST)
    change("comment on column reference.cards.title is null")
    change("comment on table reference.cards is null")
    release.publish([AUGUST])
    assert read("select comment from duckdb_tables() where table_name = 'cards'") == [(None,)]
    assert read(
        "select column_name, comment is null from duckdb_columns() "
        "where table_name = 'cards' and column_name in ('subtitle', 'title') order by 1"
    ) == [("subtitle", False), ("title", True)]


def test_a_release_is_sealed_whole_and_told_by_its_manifest(july):
    hold(JULY, AUGUST)
    made = release.publish([JULY, AUGUST])
    assert release.current() == made
    assert_whole(made.folder)
    said = manifest("2009-08-r1")
    assert said["report_months"] == ["2009-07", "2009-08"]
    assert said["says"] == made.says
    assert {table: it["rows"] for table, it in said["tables"].items()} == made.rows
    assert made.rows["scorecard"] == 4
    assert made.rows["republished"] == 0
    assert list(july.rglob("*.wal")) == list(july.rglob("*.part")) == []


def test_the_link_to_the_current_release_holds_when_the_warehouse_is_moved(august, monkeypatch):
    moved = august.rename(august.with_name("moved"))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(moved))
    assert read("select count(*) from scorecard") == [(2,)]


def test_publishing_what_is_published_makes_no_new_release(july):
    hold(JULY, AUGUST)
    made = release.publish([JULY, AUGUST])
    hold(JULY, AUGUST)
    for again in ([JULY, AUGUST], [JULY]):
        same = release.publish(again)
        assert (same.name, same.folder, same.rows) == (made.name, made.folder, made.rows)
        assert same.says == release.unchanged("2009-08-r1")
    assert names() == ["2009-07-r1", "2009-08-r1"]
    assert release.current() == made


def test_a_new_month_keeps_the_old_cards_with_the_release_that_first_printed_them(july):
    hold(AUGUST)
    release.publish([AUGUST])
    hold(SEPTEMBER)
    made = release.publish([SEPTEMBER])
    assert made.says == "2009-09-r1: 1 new card"
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
        (SEPTEMBER, "2009-09-r1"),
    ]
    assert read("from republished") == []
    assert names() == ["2009-07-r1", "2009-08-r1", "2009-09-r1"]


def test_only_a_release_that_adds_months_and_hides_nothing_new_begins_as_a_copy(july, full_mart, monkeypatch):
    begun = []

    def copied(*given) -> bool:
        begun.append(beginning.copied(*given))
        return begun[-1]

    monkeypatch.setattr(tables, "beginning", SimpleNamespace(copied=copied, attach=beginning.attach))
    hold(JULY, AUGUST)
    release.publish([JULY, AUGUST])  # with the tables that a small mart did not have
    hold(SEPTEMBER)
    release.publish([SEPTEMBER])  # nothing but a month more
    hold(SEPTEMBER, offences=101)
    release.publish([SEPTEMBER])  # a month again
    hold(OCTOBER)
    hidden = "select 'robbery' as measure, 'Barnet' as area, date '2009-07-01' as month"
    change(f"insert into measures.hidden_months by name {hidden}")
    release.publish([OCTOBER])  # what was shown of July is to be hidden
    assert begun == [False, True, False, False]
    assert read("select report_month, hidden from monthly_measures order by all") == [
        (JULY, True),
        (AUGUST, False),
        (SEPTEMBER, False),
        (OCTOBER, False),
    ]
    assert [found for _, found in verifying.proofs() if found] == []


def test_a_run_over_old_and_new_months_keeps_the_marks_of_the_old(july):
    hold(JULY, AUGUST)
    made = release.publish([JULY, AUGUST])
    assert made.says == "2009-08-r1: 1 new card"
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
    ]


def test_a_card_that_changed_is_a_second_release_that_lists_every_cell(warehouse):
    hold(JULY, AUGUST)
    release.publish([JULY, AUGUST])
    change(
        "update scorecard.scorecard set latest = '-4.9%', status = 'A' "
        "where report_month = '2009-08-01' and line = '4a'"
    )
    made = release.publish([AUGUST])
    assert made.name == "2009-08-r2"
    assert made.says == "2009-08-r2: printed differently from before: Aug-09 (2 cells)"
    assert read("from republished order by printed") == [
        ("2009-08-r2", AUGUST, "4a", "latest", "-5.1%", "-4.9%"),
        ("2009-08-r2", AUGUST, "4a", "status", "G", "A"),
    ]
    assert read("select report_month, line, release from scorecard order by all") == [
        (JULY, "4a", "2009-08-r1"),
        (JULY, "4b", "2009-08-r1"),
        (AUGUST, "4a", "2009-08-r2"),
        (AUGUST, "4b", "2009-08-r1"),
    ]


def test_what_was_printed_differently_stays_listed_in_every_later_release(august):
    change("update scorecard.scorecard set comment = 'A word' where line = '4b'")
    release.publish([AUGUST])
    hold(SEPTEMBER)
    made = release.publish([SEPTEMBER])
    assert made.says == "2009-09-r1: 1 new card"
    assert read("from republished") == [("2009-08-r2", AUGUST, "4b", "comment", None, "A word")]


def test_every_cell_that_the_page_shows_is_listed_where_it_changed(august):
    shown = ("section", "title", "codes", "target_text", "status", "latest", "period", "comment")
    behind = ("status_reason", "provisional")
    changed = dict.fromkeys(shown + behind, "'another'") | {"status": "'R'", "provisional": "true"}
    cells = ", ".join(f"{column} = {value}" for column, value in changed.items())
    change(f"update scorecard.scorecard set {cells} where line = '4a'")
    made = release.publish([AUGUST])
    assert read("select distinct release, report_month, line from republished") == [("2009-08-r2", AUGUST, "4a")]
    assert {row[0] for row in read("select printed from republished")} == set(changed)
    assert made.says == "2009-08-r2: printed differently from before: Aug-09 (10 cells)"


def test_a_line_that_a_published_card_gains_or_loses_is_listed(august):
    hold(AUGUST, lines=("4a", "4c"))
    made = release.publish([AUGUST])
    listed = read("select line, was is null, is_now is null from republished order by line, printed")
    assert {row[0] for row in listed} == {"4b", "4c"}
    assert {row[1:] for row in listed if row[0] == "4b"} == {(False, True)}
    assert {row[1:] for row in listed if row[0] == "4c"} == {(True, False)}
    assert "Aug-09" in made.says


def test_a_card_that_is_no_longer_made_is_listed_and_not_lost_in_silence(warehouse):
    hold(JULY, AUGUST)
    release.publish([JULY, AUGUST])
    change("delete from scorecard.scorecard where report_month = '2009-07-01'")
    made = release.publish([JULY, AUGUST])
    assert "Jul-09" in made.says
    assert {row[0] for row in read("select line from republished")} == {"4a", "4b"}


def test_a_value_that_changed_behind_the_same_print_is_published_without_a_list(august):
    change("update scorecard.scorecard set value = value + 1e-9 where line = '4a'")
    made = release.publish([AUGUST])
    assert made.says == "2009-08-r2: the cards are as before, the tables behind them changed"
    assert read("select line, release from scorecard order by line") == [("4a", "2009-08-r2"), ("4b", "2009-08-r1")]
    assert read("from republished") == []


def test_a_change_in_any_table_behind_the_cards_is_published(full_mart):
    hold(AUGUST)
    release.publish([AUGUST])
    assert set(manifest("2009-08-r1")["tables"]) == {*mart.TABLES, *mart.OF_THE_RELEASE}
    behind = {"figures": "unit", "monthly_measures": "area", "deliveries": "sha256", "indicators": "title"}
    for number, (table, column) in enumerate(behind.items(), start=2):
        change(f"update {mart.TABLES[table].relation} set {column} = 'another'")
        made = release.publish([AUGUST])
        assert made.says == f"2009-08-r{number}: the cards are as before, the tables behind them changed"
    assert read("select distinct release from scorecard") == [("2009-08-r1",)]
    assert read("from republished") == []


def test_months_that_are_not_of_the_run_stay_as_published_whatever_the_warehouse_holds(july):
    hold(JULY, offences=999, latest="-9.9%")
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select report_month, latest from scorecard where line = '4a' order by all") == [
        (JULY, "-5.1%"),
        (AUGUST, "-5.1%"),
    ]
    assert read("select report_month, numerator::int from rolling_year order by all") == [(JULY, 100), (AUGUST, 100)]


def test_months_that_the_warehouse_has_lost_stay_in_every_release(july):
    for table in mart.TABLES.values():
        if table.by_report_month:
            change(f"delete from {table.relation}")
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select distinct report_month from scorecard order by all") == [(JULY,), (AUGUST,)]


def test_an_earlier_month_may_be_published_after_a_later_one(august):
    hold(JULY)
    made = release.publish([JULY])
    assert (made.name, made.says) == ("2009-07-r1", "2009-07-r1: 1 new card")
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
    ]
    hold(JULY, latest="-4%")
    assert release.publish([JULY]).name == "2009-07-r2"


def test_the_tenth_release_of_a_month_is_followed_by_the_eleventh(august):
    for number in (2, 9, 10):
        (settings.releases() / f"2009-08-r{number}").mkdir()
    hold(AUGUST, latest="-4%")
    assert release.publish([AUGUST]).name == "2009-08-r11"


def test_a_release_is_never_changed_by_a_later_one(july):
    folder = release.current().folder
    before = {name: ((folder / name).read_bytes(), its.st_mtime_ns) for name, its in files.within(folder).items()}
    hold(JULY, latest="-4%")
    hold(AUGUST)
    release.publish([JULY, AUGUST])
    after = {name: ((folder / name).read_bytes(), its.st_mtime_ns) for name, its in files.within(folder).items()}
    assert after == before
    assert read("select latest from scorecard where line = '4a'", "2009-07-r1") == [("-5.1%",)]


def page(month: str, name: str = "current") -> Path:
    return (settings.current() if name == "current" else settings.releases() / name) / "cards" / month / PAGE


def test_a_card_whose_rows_stay_keeps_its_files_and_the_release_they_name(july):
    hold(JULY, AUGUST)
    release.publish([AUGUST])
    assert read("select month(report_month), release from editions") == [(7, "2009-07-r1"), (8, "2009-08-r1")]
    assert "2009-07-r1" in page("2009-07").read_text()
    assert "2009-08-r1" in page("2009-08").read_text()
    assert page("2009-07").samefile(page("2009-07", "2009-07-r1"))


@pytest.mark.parametrize(
    "changed",
    [
        "update scorecard.scorecard set comment = 'A word' where month(report_month) = 7",
        "delete from aggregates.rolling_year where month(report_month) = 7",
    ],
    ids=["a printed cell", "rows behind it"],
)
def test_a_card_of_which_anything_changed_has_its_files_written_anew(july, changed):
    hold(JULY, AUGUST)
    change(changed)
    release.publish([JULY, AUGUST])
    assert read("select distinct release from editions") == [("2009-08-r1",)]
    assert "2009-08-r1" in page("2009-07").read_text()
    assert "2009-07-r1" in page("2009-07", "2009-07-r1").read_text()


@pytest.mark.parametrize(
    "year, written_for", [("2010/11", "2009-07-r1"), ("2009/10", "2009-07-r2")], ids=["another year", "its own year"]
)
def test_rows_of_the_catalogue_have_the_cards_of_their_year_written_again(warehouse, monkeypatch, year, written_for):
    monkeypatch.setattr(mart, "TABLES", SMALL | {"indicators": FULL["indicators"]})
    hold(JULY)
    release.publish([JULY])
    change(f"insert into reference.indicators by name select '{year}' as financial_year, 3 as position, '4c' as line")
    assert release.publish([JULY]).name == "2009-07-r2"
    assert read("select release from editions") == [(written_for,)]


def test_other_makers_write_every_card_anew(july, monkeypatch):
    monkeypatch.setattr(editions_kept, "editions_version", lambda: "another")
    assert release.publish([JULY]).name == "2009-07-r2"
    assert read("select release, made_by from editions") == [("2009-07-r2", "another")]


def test_on_another_disk_the_files_of_a_card_are_copied(july, monkeypatch):
    def refuse(*_):
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
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


def test_a_folder_that_somebody_copied_by_hand_does_not_stop_the_next_release(august):
    folder = release.current().folder
    shutil.copytree(folder, folder.with_name("2009-08-r1.copy"))
    hold(AUGUST, latest="-4%")
    assert release.publish([AUGUST]).name == "2009-08-r2"


def test_what_a_killed_run_left_half_made_is_undone_before_the_next(warehouse):
    for left in (".2009-07-r1.4711.part", ".2009-08-r1.4712.part"):
        (settings.releases() / left).mkdir(parents=True)
        (settings.releases() / left / release.DATABASE).write_bytes(b"half a database")
    (warehouse / ".current.4711.part").symlink_to("releases/2009-07-r1")
    assert release.recover() == [
        "Undone: 2009-07-r1 was half written when a run before this one died.",
        "Undone: 2009-08-r1 was half written when a run before this one died.",
    ]
    hold(AUGUST)
    assert_whole(release.publish([AUGUST]).folder)
    assert names() == ["2009-08-r1"]
    assert [path.name for path in warehouse.iterdir() if path.name.startswith(".current")] == []


def test_a_folder_that_was_whole_when_the_run_died_becomes_the_release_to_read(july):
    hold(AUGUST)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(publishing.files, "point", stop)
        patch.setattr(publishing.files, "remove", lambda _: None)  # it died: nothing cleared away
        release.publish([AUGUST])
    assert (names(), release.current().name) == (["2009-07-r1", "2009-08-r1"], "2009-07-r1")
    (said,) = release.recover()
    assert said.startswith("Completed: 2009-08-r1 was whole")
    assert release.current().name == "2009-08-r1"
    assert [found for _, found in verifying.proofs() if found] == []
    assert release.recover() == []


def test_a_folder_that_was_not_whole_is_undone(july):
    broken = settings.releases() / "2009-08-r1"
    shutil.copytree(release.current().folder, broken)
    assert release.recover() == ["Undone: 2009-08-r1 was not whole when a run before this one died."]
    assert names() == ["2009-07-r1"]


def stop(*_) -> None:
    raise Stopped


def test_the_last_thirteen_releases_are_kept_and_no_name_is_given_twice(warehouse):
    hold(AUGUST)
    for number in range(1, 17):
        change(f"update scorecard.scorecard set value = {number} where line = '4a'")
        assert release.publish([AUGUST]).name == f"2009-08-r{number}"
    assert names() == sorted(f"2009-08-r{number}" for number in range(4, 17))
    assert [found for _, found in verifying.proofs() if found] == []
    shutil.rmtree(settings.releases() / "2009-08-r16")
    settings.current().unlink()
    files.point(settings.current(), Path("releases/2009-08-r15"))
    change("update scorecard.scorecard set value = 17 where line = '4a'")
    assert release.publish([AUGUST]).name == "2009-08-r17"


DAMAGE = {
    "a byte of the database": (lambda now: flip(now / release.DATABASE), "scorecard.duckdb was changed after it was"),
    "a byte of the manifest": (lambda now: flip(now / release.MANIFEST), "is not the one that was published"),
    "a file beside it": (lambda now: (now / "notes.txt").write_text("x"), "notes.txt is none of its files"),
    "a log of writes": (lambda now: (now / "scorecard.duckdb.wal").write_text("x"), "scorecard.duckdb.wal is none of"),
    "a byte of a page": (lambda now: flip(now / "cards" / "2009-07" / PAGE), f"cards/2009-07/{PAGE} was changed"),
    "no database": (lambda now: (now / release.DATABASE).unlink(), "scorecard.duckdb is missing"),
    "an older release to read": (
        lambda now: files.point(settings.current(), Path("releases/2009-07-r1")),
        "it is 2009-07-r1, the ledger's last is 2009-08-r1",
    ),
    "a release in the place of another": (
        lambda now: shutil.copy(now.with_name("2009-07-r1") / release.DATABASE, now / release.DATABASE),
        "scorecard.duckdb was changed",
    ),
    "what a dead run left": (
        lambda now: (now.parent / ".2009-09-r1.1.part").mkdir(),
        ".2009-09-r1.1.part: the next run",
    ),
    "a release nobody published": (lambda now: shutil.copytree(now, now.with_name("2009-08-r2")), "2009-08-r2"),
    "a byte of a page that two releases have": (
        lambda now: flip(now.with_name("2009-07-r1") / "cards" / "2009-07" / PAGE),
        f"2009-08-r1/cards/2009-07/{PAGE} was changed",
    ),
    "a byte of the ledger": (lambda now: flip(ledger.path()), "ledger.sqlite was changed by something else"),
    "a ledger that is gone": (lambda now: ledger.path().unlink(), "ledger.sqlite is gone, but ledger.head knows of it"),
}


def flip(path: Path) -> None:
    """Change one byte of a file that was put out of reach."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage, says", DAMAGE.values(), ids=DAMAGE)
def test_verify_finds_whatever_was_changed_and_says_where(july, damage, says):
    hold(AUGUST)
    release.publish([AUGUST])
    assert [found for _, found in verifying.proofs() if found] == []
    damage(release.current().folder)
    assert says in "\n".join(sentence for _, found in verifying.proofs() for sentence in found)


def test_a_release_that_an_earlier_version_entered_file_by_file_is_proved_as_well(july, monkeypatch):
    entered = folder.published()[-1]
    by_file = folder.read_manifest(release.current().folder)["files"] | {release.MANIFEST: entered["manifest"]}
    entered.pop("manifest")
    monkeypatch.setattr(verifying, "_published", lambda: [{**entered, "files": by_file}])
    assert [found for _, found in verifying.proofs() if found] == []
    by_file[release.MANIFEST] = "0" * 64
    assert "is not the one that was published" in str(list(verifying.proofs()))


def test_a_release_that_the_ledger_could_not_take_is_published_and_says_so(july, monkeypatch):
    hold(AUGUST)

    def full(*_):
        raise OSError(28, "No space left on device")

    with (
        monkeypatch.context() as patch,
        pytest.raises(release.NotInTheLedger, match="2009-08-r1 is published and whole"),
    ):
        patch.setattr(ledger, "append", full)
        release.publish([AUGUST])
    assert release.current().name == "2009-08-r1"
    assert release.recover()[0].startswith("Completed: 2009-08-r1")


def test_a_current_that_leads_nowhere_is_an_error_and_not_a_first_release(july):
    shutil.rmtree(release.current().folder)
    with pytest.raises(FileNotFoundError):
        release.publish([AUGUST])


def test_a_warehouse_that_is_not_there_publishes_nothing(warehouse):
    settings.database().unlink()
    with pytest.raises(duckdb.Error):
        release.publish([AUGUST])
    assert release.current() is None
    assert names() == []


def test_a_table_that_the_mart_gains_does_not_stop_the_next_release(july, monkeypatch):
    monkeypatch.setattr(mart, "TABLES", SMALL | {"year_to_date": FULL["year_to_date"]})
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select distinct report_month from scorecard order by all") == [(JULY,), (AUGUST,)]
    assert read("select report_month from year_to_date") == [(AUGUST,)]


def test_a_column_that_the_card_gains_does_not_stop_the_next_release(warehouse, monkeypatch):
    hold(JULY)
    with monkeypatch.context() as before:
        before.setitem(mart.MADE_HERE, "scorecard", mart.SCORECARD.remove_columns(["codes"]))
        change("alter table scorecard.scorecard drop column codes")
        release.publish([JULY])
    change("alter table scorecard.scorecard add column codes varchar")
    hold(AUGUST)
    release.publish([AUGUST])
    assert read("select distinct report_month, release from scorecard order by all") == [
        (JULY, "2009-07-r1"),
        (AUGUST, "2009-08-r1"),
    ]


class Stopped(BaseException):
    """Stands for whatever may go wrong: not even an Exception, as an interrupt is none."""


# what publishing does to the disk, beside the steps of its own modules
STEPS = [
    *[(Path, name) for name in ("mkdir", "write_bytes", "chmod", "rename", "symlink_to")],
    *[(os, name) for name in ("fsync", "link")],
    *[
        (tables, name)
        for name, it in inspect.getmembers(tables, inspect.isfunction)
        if it.__module__ == tables.__name__
    ],
    *[(publishing, name) for name in ("point_to", "enter", "keep_the_last")],
    *[(noticing, name) for name in ("write", "leave")],
    (folder, "write_manifest"),
    (ledger, "append"),
]


def publish_but_stop_at(number: int, report_months: list[date]) -> str | None:
    """Publish, and stop before the step of this number. Returns the step, or None where it came through."""
    done = count(1)

    def stopping(does: Callable, name: str) -> Callable:
        def step(*arguments, **named):
            if next(done) == number:
                raise Stopped(name)
            return does(*arguments, **named)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, stopping(getattr(owner, name), name))
        try:
            release.publish(report_months)
        except Stopped as stopped:
            return str(stopped)
    return None


def test_whatever_step_fails_a_whole_release_is_current_and_the_next_run_mends_the_rest(july, tmp_path, monkeypatch):
    hold(AUGUST)
    stopped_at, ended = [], set()
    for number in count(1):
        copy = Path(shutil.copytree(july, tmp_path / f"copy {number}", symlinks=True))
        monkeypatch.setenv("SCORECARD_WAREHOUSE", str(copy))
        step = publish_but_stop_at(number, [AUGUST])
        if step is None:
            break
        stopped_at.append(step)
        assert release.current().name in ("2009-07-r1", "2009-08-r1"), f"stopped at {number}, {step}"
        assert_whole(release.current().folder)
        moved = release.current().name == "2009-08-r1"
        said = release.recover()
        assert len(said) <= 1 or said[0].startswith("The ledger had"), said
        assert release.current().name == "2009-08-r1" or not moved, f"went backwards from {number}, {step}"
        assert [found for _, found in verifying.proofs() if found] == [], f"stopped at {number}, {step}"
        ended.add((moved, release.publish([AUGUST]).says))
        shutil.rmtree(copy)
    assert {name for _, name in STEPS} == set(stopped_at)
    assert ended == {(False, "2009-08-r1: 1 new card"), (True, release.unchanged("2009-08-r1"))}


def test_a_first_publication_that_fails_leaves_no_release_to_read(warehouse):
    hold(AUGUST)
    for number in (1, 5, 20):
        assert publish_but_stop_at(number, [AUGUST])
        assert release.current() is None
    assert release.publish([AUGUST]).name == "2009-08-r1"


READER = """
import json, sys, time, duckdb
from pathlib import Path

warehouse = Path(sys.argv[1])
seen = []
# an analyst who keeps a release open all the while
kept = duckdb.connect(str((warehouse / "current" / "scorecard.duckdb").resolve()), read_only=True)
first = kept.execute("from scorecard order by all").fetchall()
print("reading", flush=True)
while not (warehouse / "stop").exists():
    with duckdb.connect(str(warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
        newest, name, rows = connection.execute(
            "select strftime(max(report_month), '%Y-%m'), max_by(release, report_month), count(*) from scorecard"
        ).fetchone()
        (behind,) = connection.execute("select strftime(max(report_month), '%Y-%m') from rolling_year").fetchone()
    said = json.loads((warehouse / "releases" / name / "release.json").read_text())
    assert said["release"] == name
    assert said["report_months"][-1] == newest == behind, (said["report_months"], newest, behind)
    assert said["tables"]["scorecard"]["rows"] == rows, (said, rows)
    assert not seen or newest >= seen[-1], (seen[-1], newest)
    assert kept.execute("from scorecard order by all").fetchall() == first
    time.sleep(0.01)
    if newest not in seen:
        seen.append(newest)
print(json.dumps(seen))
"""


def test_readers_in_another_process_never_meet_an_error_a_mix_or_an_older_card(warehouse):
    published = list(months.between(date(2008, 4, 1), date(2009, 12, 1)))
    hold(*published)
    release.publish([published[0]])
    reading = [sys.executable, "-c", READER, str(warehouse)]
    reader = subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert reader.stdout.readline() == "reading\n"
        for month in published[1:]:
            release.publish([month])
    finally:
        (warehouse / "stop").touch()
        said, complained = reader.communicate(timeout=20)
    assert len(published) == 21
    assert (reader.returncode, complained) == (0, "")
    seen = json.loads(said.splitlines()[-1])
    assert seen == sorted(seen)
    assert len(seen) > 5
    assert names() == [f"{months.key(month)}-r1" for month in published[-release.KEPT :]]
