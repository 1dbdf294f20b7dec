import math
import shutil
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import months, release, settings, warehouse
from orchestration.release import suppression
from orchestration.scorecard import mart
from tests import disclosure
from tests.conftest import Built

THRESHOLD = 5  # of every series of the sample that has one


@pytest.fixture
def hand_worked(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A release being written, beside a warehouse where Barnet and Enfield hide March, known in March and in April."""
    connection = duckdb.connect(str(tmp_path / "release.duckdb"))
    connection.execute(
        "attach ':memory:' as warehouse; attach ':memory:' as published; create schema warehouse.measures"
    )
    connection.execute(
        """
        create table warehouse.measures.suppressed_months as
        select 'assaults' as measure, unnest(['Barnet', 'Enfield']) as area, date '2009-03-01' as month
        """
    )
    connection.execute(
        """
        create table warehouse.monthly_measures as
        select report_month, measure, area, month, 12345678.00::decimal(18, 2) as numerator,
            case when measure = 'detection_rate' then 23456789.00::decimal(18, 2) end as denominator,
            12345678.00::decimal(18, 2) as numerator_before,
            case when measure = 'detection_rate' then 23456789.00::decimal(18, 2) end as denominator_before,
            true as complete
        from (select unnest([date '2009-03-01', date '2009-04-01']) as report_month)
        cross join (select unnest(['assaults', 'detection_rate']) as measure)
        cross join (select unnest(['Barnet', 'Enfield', 'Camden', 'Metropolitan Police']) as area)
        cross join (select unnest(range(date '2009-01-01', date '2009-05-01', interval 1 month))::date as month)
        where month <= report_month
        """
    )
    connection.execute(
        """
        create table warehouse.rolling_year as
        select * exclude (complete, numerator_before, denominator_before), (month - interval 1 month)::date as data_from
        from warehouse.monthly_measures
        """
    )
    return connection


def written(connection: duckdb.DuckDBPyConnection, table: str, query: str = "") -> pl.DataFrame:
    query = query or f"select * from warehouse.{table}"
    connection.execute(f"create or replace table {table} as {suppression.without(table, query)}")
    return connection.sql(f"from {table}").pl()


def suppressed(rows: pl.DataFrame) -> set[tuple]:
    return set(rows.filter("suppressed").select("measure", "area", "month").rows())


def test_a_suppressed_month_has_no_sums_in_any_report_month_and_every_other_row_is_as_it_was(hand_worked):
    rows = written(hand_worked, "monthly_measures")
    march = date(2009, 3, 1)
    assert suppressed(rows) == {("assaults", "Barnet", march), ("assaults", "Enfield", march)}
    assert rows.filter("suppressed")["report_month"].unique().sort().to_list() == [march, date(2009, 4, 1)]
    sums = ("numerator", "denominator", "numerator_before", "denominator_before")
    assert rows.filter("suppressed").select(sums).null_count().row(0) == (4, 4, 4, 4)
    shown = rows.filter(~pl.col("suppressed")).drop("suppressed")
    before = hand_worked.sql("from warehouse.monthly_measures").pl()
    key = ["report_month", "measure", "area", "month"]
    assert shown.sort(key).equals(before.join(shown, on=key, how="semi").sort(key))
    assert rows.height == before.height == shown.height + 4


def test_a_rate_is_suppressed_with_both_its_sums(hand_worked):
    hand_worked.execute("update warehouse.measures.suppressed_months set measure = 'detection_rate'")
    rows = written(hand_worked, "monthly_measures").filter(measure="detection_rate", month=date(2009, 3, 1))
    assert set(rows.filter("suppressed")["area"]) == {"Barnet", "Enfield"}
    sums = ("numerator", "denominator", "numerator_before", "denominator_before")
    assert rows.filter("suppressed").select(sums).null_count().row(0) == (4, 4, 4, 4)
    assert rows.filter(~pl.col("suppressed")).select("numerator", "denominator").null_count().row(0) == (0, 0)


def test_every_window_that_holds_a_suppressed_month_is_suppressed_and_no_other(hand_worked):
    rows = written(hand_worked, "rolling_year")
    holding = [date(2009, 3, 1), date(2009, 4, 1)]
    assert suppressed(rows) == set(product(["assaults"], ["Barnet", "Enfield"], holding))
    assert rows.filter(pl.col("numerator").is_null())["suppressed"].all()


def test_the_force_is_suppressed_where_it_is_said_and_nowhere_else(hand_worked):
    assert not written(hand_worked, "monthly_measures").filter(area="Metropolitan Police")["suppressed"].any()
    hand_worked.execute(
        "update warehouse.measures.suppressed_months set area = 'Metropolitan Police' where area = 'Barnet'"
    )
    rows = written(hand_worked, "monthly_measures").filter("suppressed")
    assert set(rows["area"]) == {"Metropolitan Police", "Enfield"}


def test_where_nothing_is_suppressed_the_rows_are_as_they_were(hand_worked):
    hand_worked.execute("delete from warehouse.measures.suppressed_months")
    rows = written(hand_worked, "monthly_measures")
    assert not rows["suppressed"].any()
    assert rows.drop("suppressed").equals(hand_worked.sql("from warehouse.monthly_measures").pl())


def test_a_table_that_does_not_go_by_borough_is_left_alone(hand_worked):
    assert suppression.without("scorecard", "select 1") == "select 1"
    assert set(suppression.TABLES) < set(mart.TABLES)


def test_what_was_published_of_a_month_is_left_out_once_it_is_suppressed(hand_worked):
    hand_worked.execute("create table published.monthly_measures as from warehouse.monthly_measures")
    both = "select * from warehouse.monthly_measures where report_month = '2009-04-01' union all by name from published"
    of_both = suppressed(written(hand_worked, "monthly_measures", f"{both}.monthly_measures"))
    assert of_both == {("assaults", "Barnet", date(2009, 3, 1)), ("assaults", "Enfield", date(2009, 3, 1))}


def test_the_models_are_given_what_the_release_to_read_suppresses(sample: Built, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    with duckdb.connect() as connection:
        warehouse.set_report_months(connection, [])
        suppression.remember(connection)
        before = set(connection.execute("from run.suppressed_before").fetchall())
        assert connection.execute("select database_name from duckdb_databases() where not internal").fetchall() == [
            ("memory",)
        ]
    assert before == set(sample.query("select measure, area, month from monthly_measures where suppressed").rows())


# The sample, attacked.


def working_database(sample: Built, folder: Path, *changes: str, shown: str = "") -> Path:
    """A copy of the sample's working database with these changes, what is suppressed recomputed by the models.

    The table `shown` is as if nothing were.
    """
    database = folder / "performance.duckdb"
    folder.mkdir(exist_ok=True)
    shutil.copy(sample.warehouse / "performance.duckdb", database)
    compiled = sample.warehouse / "dbt" / "run" / "compiled"
    windows = sorted(disclosure.WINDOWS, key=lambda table: table != shown)
    made = [f"aggregates.{table}" for table in windows]
    made.insert(1 if shown else 0, "measures.suppressed_months")
    with duckdb.connect(str(database)) as connection:
        for change in (*changes, "delete from measures.suppressed_months"):
            connection.execute(change)
        for relation in made:
            (query,) = compiled.rglob(f"{relation.partition('.')[2]}.sql")
            connection.execute(f"delete from {relation}")
            connection.execute(f"insert into {relation} by name {query.read_text(encoding='utf-8')}")
    return database


def attacking(database: Path, **releases: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, path in {"warehouse": database, **releases}.items():
        connection.execute(f"attach '{path}' as {name} (read_only)")
    return connection


def as_written(connection: duckdb.DuckDBPyConnection, as_it_is: str = "") -> duckdb.DuckDBPyConnection:
    """With the tables that a release would hold, or one of them as it is, in a database of their own."""
    connection.execute("attach ':memory:' as release")
    for table in suppression.TABLES:
        query = f"select * from warehouse.{mart.TABLES[table].relation}"
        query = query if table == as_it_is else suppression.without(table, query)
        connection.execute(f"create table release.{table} as {query}")
    return connection


def suppressed_counts(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What must not be found: every count, whatever delivery it is from, of boroughs and months with a small one."""
    return connection.sql(
        """
        select distinct series, beside.area, month
        from warehouse.staging.stg_series
        join warehouse.reference.series using (series)
        join warehouse.reference.areas as areas using (area)
        join warehouse.reference.areas as beside on areas.suppressed_with = beside.suppressed_with
        where value > 0 and value < area_threshold
        """
    ).pl()


def small(counts: pl.DataFrame) -> pl.DataFrame:
    return counts.filter(pl.col("value").is_between(1, THRESHOLD - 1))


SEEN = pytest.mark.parametrize("restatements_are_seen", [False, True])


@SEEN
def test_no_suppressed_count_can_be_worked_out_from_the_release(sample: Built, restatements_are_seen: bool):
    database = sample.warehouse / "performance.duckdb"
    connection = attacking(database, release=sample.warehouse / "current" / settings.SCORECARD)
    attack = disclosure.attack(connection, "release", restatements_are_seen=restatements_are_seen)
    known, secret = attack.known(), suppressed_counts(connection)
    assert known.join(secret, on=["series", "area", "month"]).is_empty()
    assert small(known).is_empty()
    # what is shown is found, and there was much to find
    assert known.height > 3_000
    assert small(attack.counts).height > 5_000


LAST = date(2008, 10, 1)


@pytest.fixture(scope="module")
def two_releases(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """One knows the deliveries to October 2008 only; that of November restates what it shows, the other holds both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARD_WAREHOUSE", str(tmp_path_factory.mktemp("two_releases")))
        with duckdb.connect(str(sample.warehouse / "performance.duckdb"), read_only=True) as connection:
            extracts = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw' and table_name <> 'deliveries'"
            ).fetchall()
        later = [f"delete from raw.{extract} where delivery_month > '{LAST}'" for (extract,) in extracts]
        working_database(sample, settings.warehouse(), *later)
        one = release.publish(list(months.between(date(2007, 2, 1), LAST)))
        database = working_database(sample, settings.warehouse())
        other = release.publish(list(months.between(months.shift(LAST, 1), date(2009, 8, 1))))
    return attacking(database, earlier=one.folder / settings.SCORECARD, later=other.folder / settings.SCORECARD)


def test_what_a_release_hides_the_next_one_hides(two_releases):
    suppressed = "select report_month, measure, area, month from {}.{} where suppressed"
    for table in suppression.TABLES:
        earlier = suppressed.format("earlier", table)
        assert two_releases.execute(earlier).fetchall()
        assert two_releases.sql(f"{earlier} except {suppressed.format('later', table)}").fetchall() == []


@SEEN
def test_no_suppressed_count_can_be_worked_out_from_two_releases_together(two_releases, restatements_are_seen: bool):
    known = disclosure.attack(two_releases, "earlier", "later", restatements_are_seen=restatements_are_seen).known()
    assert known.join(suppressed_counts(two_releases), on=["series", "area", "month"]).is_empty()
    assert known.height > 3_000


@pytest.mark.slow
def test_the_same_attack_finds_small_counts_where_each_borough_hides_alone(sample: Built, tmp_path: Path):
    """Where few boroughs hide, the force less the others is one count: so a lower threshold is worse."""
    lower = "update reference.series set area_threshold = 3 where area_threshold > 0"
    alone = "update reference.areas set suppressed_with = area where kind = 'area'"

    def found(*changes: str) -> int:
        connection = as_written(attacking(working_database(sample, tmp_path, *changes)))
        known = disclosure.attack(connection, "release").known()
        return known.join(suppressed_counts(connection), on=["series", "area", "month"]).height

    assert found(lower, alone) > 20
    assert found(lower) == 0


@pytest.mark.slow
@pytest.mark.parametrize("table", disclosure.WINDOWS)
def test_the_same_attack_finds_small_counts_where_windows_are_not_suppressed(sample: Built, tmp_path: Path, table: str):
    connection = as_written(attacking(working_database(sample, tmp_path, shown=table)), as_it_is=table)
    assert small(disclosure.attack(connection, "release").known()).height > 0


def test_no_count_is_forced_by_the_sum_of_its_boroughs_and_the_counts_it_is_part_of(sample: Built):
    """Counts are whole, none is below 0, and no more are detected or arrested for than happened."""
    connection = attacking(
        sample.warehouse / "performance.duckdb", release=sample.warehouse / "current" / settings.SCORECARD
    )
    attack = disclosure.attack(connection, "release")
    key = ["series", "area", "month", "delivery_month"]
    shown = {row[:-1]: int(row[-1]) for row in attack.known().select(*key, "value").rows()}
    # the measures that are one count out of another
    whole_of = dict(
        connection.sql(
            """
            select max(series) filter (part = 'numerator'), max(series) filter (part = 'denominator')
            from warehouse.reference.measures group by measure
            having count(*) = 2 and count(distinct part) = 2
            """
        ).fetchall()
    )
    together = dict(connection.sql("select area, suppressed_with from warehouse.reference.areas").fetchall())
    groups: dict[tuple, list[tuple[int, float]]] = {}
    for *of, value in (
        attack.counts.join(suppressed_counts(connection), on=["series", "area", "month"])
        .select(*key, "value")
        .iter_rows()
    ):
        series, area, *when = of
        most = shown.get((whole_of.get(series), area, *when), math.inf)
        groups.setdefault((series, together[area], *when), []).append((int(value), most))
    bounded = 0
    for group, counts in groups.items():
        total = sum(value for value, _ in counts)
        for place, (value, whole) in enumerate(counts):
            others = sum(most for at, (_, most) in enumerate(counts) if at != place)
            fewest, most = max(0, total - others), min(total, whole)
            bounded += most < total or fewest > 0
            assert fewest < most or not 0 < value < THRESHOLD, group
    assert bounded > 100
