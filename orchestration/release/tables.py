"""The database of a release: the mart's tables, the run's report months from the warehouse, the others as published."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration import settings, warehouse
from orchestration.release import beginning, checksums, editions_kept, folder, noticing, suppression
from orchestration.release.folder import Release
from orchestration.scorecard import mart
from orchestration.scorecard.columns import descriptions
from orchestration.warehouse.versions import code_version

STORAGE = "v1.4.0"  # the oldest DuckDB that readers may have
# What a line of the card says: where a card is printed again, a difference in any of these is listed.
PRINTED = (
    "section",
    "title",
    "codes",
    "target_text",
    "status",
    "status_reason",
    "latest",
    "period",
    "provisional",
    "accepted",
    "replacement_waiting",
    "comment",
    "confirmed",
    "in_plain_words",
)


def write(path: Path, name: str, report_months: list[date], before: Release | None) -> tuple[dict[str, dict], str]:
    """Write the mart of a release, beside what the release `before` published.

    Returns rows and checksum by table, and in words what is new.
    """
    published = before and before.database
    is_copy = beginning.copied(path, settings.database(), published, report_months)
    opened_with = warehouse.limits() | {"storage_compatibility_version": STORAGE}
    with duckdb.connect(str(path), config=opened_with) as connection:
        beginning.attach(connection, settings.database(), published)
        connection.execute("create temp table run as select unnest(?::date[]) as month", [report_months])
        connection.execute("create temp table published_months (month date)")
        if before:
            connection.execute("insert into published_months select distinct report_month from published.scorecard")
        suppression.gather(connection)
        for table, source in mart.TABLES.items():
            _fill(connection, table, source, name, is_copy)
        if not is_copy:
            connection.execute("alter table scorecard alter release set not null")
        _list_differences(connection, name)
        says = _say(connection, name)
        noticing.write(connection, published=bool(warehouse.columns(connection, "published", "notices")))
        _comment(connection)
        for view, asked in mart.VIEWS.items():
            connection.execute(f"create or replace view {view} as {asked.query}")
            warehouse.explain(connection, view, asked.says, asked.columns, kind="view")
        editions_kept.mark(connection, name, is_copy)
        for table, says_of_it in mart.OF_THE_RELEASE.items():
            warehouse.explain(connection, table, *says_of_it)
        tables = _checksums(connection, folder.read_manifest(before.folder)["tables"] if is_copy else {})
        _sign(connection, name)
        connection.execute("detach warehouse")
        connection.execute("detach published")
        connection.execute("checkpoint")
    return tables, says


def _fill(connection: duckdb.DuckDBPyConnection, table: str, source: mart.Published, name: str, is_copy: bool) -> None:
    """The run's report months from the warehouse, every other one as it was published."""
    without = f" exclude ({source.without})" if source.without else ""
    query = f"select *{without} from warehouse.{source.relation}"
    if source.by_report_month:
        query += " where report_month in (select month from run)"
    if table == "scorecard":
        query = _marked(connection, query, name)
    if source.by_report_month and not is_copy and warehouse.columns(connection, "published", table):
        query += f" union all by name from published.{table} where report_month not in (select month from run)"
    query = suppression.without(table, query)
    if is_copy and source.by_report_month:
        connection.execute(f"insert into {table} by name {query} order by {source.order_by}")
    else:
        connection.execute(f"create or replace table {table} as {query} order by {source.order_by}")


def _marked(connection: duckdb.DuckDBPyConnection, query: str, name: str) -> str:
    """The rows of the card, each with the release that first printed it so."""
    published = warehouse.columns(connection, "published", "scorecard")
    if not published:
        return f"select *, {warehouse.literal(name)} as release from ({query})"
    here = connection.sql(f"from ({query}) limit 0").columns
    same = " and ".join(f"now.{it} is not distinct from was.{it}" for it in here if it in published)
    return f"""
        select now.*, coalesce(was.release, {warehouse.literal(name)}) as release
        from ({query}) as now
        left join published.scorecard as was on {same}
    """


def _list_differences(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """List what this release prints differently from the one before, below what those before it did."""
    columns = "release varchar, report_month date, line varchar, printed varchar, was varchar, is_now varchar"
    connection.execute(f"create or replace table republished ({columns})")
    if published := warehouse.columns(connection, "published", "scorecard"):
        connection.execute("insert into republished by name from published.republished")
        for printed in PRINTED:
            if printed in published:
                connection.execute(_DIFFERENCES.format(printed=printed), [name, printed])


def _checksums(connection: duckdb.DuckDBPyConnection, before: dict[str, dict]) -> dict[str, dict]:
    """Rows and checksum by table. Where report months only came to what was published `before`, theirs come to it."""
    found = {}
    for table in (*mart.TABLES, *mart.OF_THE_RELEASE):
        if table in before and table in mart.TABLES and mart.TABLES[table].by_report_month:
            came = checksums.of_table(connection, f"(from {table} where report_month in (select month from run))")
            found[table] = checksums.together(before[table], came)
        else:
            found[table] = checksums.of_table(connection, table)
    return found


# Of the months of the run that were published before: what a line says now, or that it has come or gone.
_DIFFERENCES = """
    insert into republished
    select ?, report_month, line, ?, was.{printed}::varchar, now.{printed}::varchar
    from scorecard as now
    full join published.scorecard as was using (report_month, line)
    where
        now.{printed} is distinct from was.{printed}
        and report_month in (select month from run)
        and report_month in (from published_months)
    order by report_month, line
"""


def _say(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """What this release brings, in a sentence."""
    (new,) = connection.execute(
        "select count(distinct report_month) from scorecard where report_month not in (from published_months)"
    ).fetchone()
    again = connection.execute(
        "select strftime(report_month, '%b-%y'), count(*) from republished where release = ? "
        "group by report_month order by report_month",
        [name],
    ).fetchall()
    parts = [f"{new} new card{'' if new == 1 else 's'}"] if new else []
    if again:
        changed = ", ".join(f"{month} ({cells} cell{'' if cells == 1 else 's'})" for month, cells in again)
        parts.append(f"printed differently from before: {changed}")
    if not parts:
        cards = connection.execute("select count(*) from scorecard").fetchone()[0]
        parts = ["the cards are as before, the tables behind them changed" if cards else "no card yet"]
    return f"{name}: {'; '.join(parts)}"


def _sign(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Have the database itself say which release it is, so that it can be told apart wherever it is copied."""
    columns = "release varchar not null, published_at timestamp not null, code varchar"
    connection.execute(f"create or replace table release ({columns})")
    connection.execute("insert into release values (?, now() at time zone 'UTC', ?)", [name, code_version()])
    warehouse.explain(connection, "release", mart.RELEASE, mart.RELEASE_COLUMNS)


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table and column explains itself: in the words of the mart's contract, or those of the warehouse.

    What a copy of the release before says already is not said again, which would be 0.3 s.
    """
    of_tables, of_columns = warehouse.comments(connection, "warehouse")
    said, said_of_columns = warehouse.comments(connection)
    for table, source in mart.TABLES.items():
        if table in mart.MADE_HERE:
            of_table, by_column = descriptions(mart.MADE_HERE[table])
        else:
            of_table, by_column = of_tables.get(source.relation), of_columns[source.relation]
        by_column = by_column | (suppression.COLUMNS if table in suppression.TABLES else {})
        here = said_of_columns[f"main.{table}"]
        unsaid = {column: says for column, says in by_column.items() if column in here and here[column] != says}
        warehouse.explain(connection, table, None if said[f"main.{table}"] == of_table else of_table, unsaid)
