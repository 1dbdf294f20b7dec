"""The database of a release: the mart's tables, the run's report months from the warehouse, the others as published."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration import settings, warehouse
from orchestration.release import (
    beginning,
    bridging,
    checksums,
    editions_kept,
    folder,
    noticing,
    rule_changes,
    suppression,
)
from orchestration.release.folder import Release
from orchestration.scorecard import contracts, mart
from orchestration.warehouse.versions import code_version

STORAGE = "v1.4.0"  # a format that the oldest DuckDB of readers, 1.5, can read


def write(path: Path, name: str, report_months: list[date], before: Release | None) -> tuple[dict[str, dict], str]:
    """Write the mart of a release, with what the release `before` published.

    Returns rows and checksum by table, and a summary of what is new.
    """
    published = before.database if before else None
    is_copy = beginning.copied(path, settings.database(), published, report_months)
    opened_with = warehouse.limits() | {"storage_compatibility_version": STORAGE}
    with duckdb.connect(str(path), config=opened_with) as connection:
        beginning.attach(connection, settings.database(), published)
        connection.execute("create temp table run as select unnest(?::date[]) as month", [report_months])
        connection.execute("create temp table published_months (month date)")
        if before:
            connection.execute("insert into published_months select distinct report_month from published.scorecard")
        bridging.write(connection, report_months)
        for table, source in mart.TABLES.items():
            _fill(connection, table, source, name, is_copy)
        if not is_copy:
            connection.execute("alter table scorecard alter release set not null")
        _list_differences(connection, name, report_months)
        summary = _summary(connection, name)
        noticing.write(connection, published=bool(warehouse.columns(connection, "published", "notices")))
        _comment(connection)
        for (gone,) in connection.execute(_VIEWS_GONE, [[*mart.VIEWS]]).fetchall():
            connection.execute(f"drop view {gone}")
        for name_of_view, view in mart.VIEWS.items():
            connection.execute(f"create or replace view {name_of_view} as {view.query}")
            warehouse.comment_on(connection, name_of_view, view.description, view.columns, kind="view")
        editions_kept.mark(connection, name, report_months, is_copy)
        for table in mart.OF_THE_RELEASE:
            warehouse.comment_on(connection, table, *contracts.comments(table))
        tables = _checksums(connection, folder.read_manifest(before.folder)["tables"] if before and is_copy else {})
        _sign(connection, name)
        noticing.write_lines(connection, path.parent, report_months)
        connection.execute("detach warehouse")
        connection.execute("detach published")
        connection.execute("checkpoint")
    return tables, summary


def _fill(connection: duckdb.DuckDBPyConnection, table: str, source: mart.Published, name: str, is_copy: bool) -> None:
    """Fill a table: the run's report months from the warehouse, every other one as it was published."""
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
    """The rows of the card with what changed in their rules, each with the release that first printed it as it is."""
    query = f"""
        select card.*, bridges.explanation as rule_change
        from ({query}) as card
        left join (select distinct report_month, line, explanation from bridges) as bridges using (report_month, line)
    """
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


def _list_differences(connection: duckdb.DuckDBPyConnection, name: str, report_months: list[date]) -> None:
    """List what this release prints differently from the one before, after what earlier ones did."""
    connection.execute(f"create or replace table republished ({contracts.definition('republished')})")
    if published := warehouse.columns(connection, "published", "scorecard"):
        connection.execute("insert into republished by name from published.republished")
        cells = [_CELL.format(printed=printed) for printed in contracts.PRINTED if printed in published]
        connection.execute(_DIFFERENCES.format(cells=", ".join(cells)), [name])
        for kind, lines in rule_changes.kinds(connection, report_months, "warehouse.").items():
            connection.execute(_KIND, [kind, name, [month for month, _ in lines], [line for _, line in lines]])


def _checksums(connection: duckdb.DuckDBPyConnection, before: dict[str, dict]) -> dict[str, dict]:
    """Rows and checksum by table; to those of `before`, if the release is a copy, only new report months are added."""
    found = {}
    for table in (*mart.TABLES, *mart.OF_THE_RELEASE):
        if table in before and table in mart.TABLES and mart.TABLES[table].by_report_month:
            added = checksums.of_table(connection, f"(from {table} where report_month in (select month from run))")
            found[table] = checksums.together(before[table], added)
        else:
            found[table] = checksums.of_table(connection, table)
    return found


# of a release that began as a copy
_VIEWS_GONE = """
    select view_name from duckdb_views()
    where not internal and database_name = current_database() and not list_contains($1::varchar[], view_name)
"""
# of the months of the run that were published before: cells that changed, lines that are new or gone
_DIFFERENCES = """
    insert into republished
    select ?, report_month, line, cell.printed, cell.was, cell.now, null
    from (
        select report_month, line, generate_subscripts([{cells}], 1) as place, unnest([{cells}]) as cell
        from scorecard as now
        full join published.scorecard as was using (report_month, line)
        where report_month in (select month from run) and report_month in (from published_months)
    )
    where cell.differs
    order by place, report_month, line
"""
_CELL = (
    "{{'printed': '{printed}', 'was': was.{printed}::varchar, 'now': now.{printed}::varchar, "
    "'differs': now.{printed} is distinct from was.{printed}}}"
)
_KIND = """
    update republished
    set kind = $1
    where release = $2 and (report_month, line) in (
        select (month, line) from (select unnest($3::date[]) as month, unnest($4::varchar[]) as line)
    )
"""


def _summary(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """What is new in this release, in a sentence."""
    ((new,),) = connection.execute(
        "select count(distinct report_month) from scorecard where report_month not in (from published_months)"
    ).fetchall()
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
        ((cards,),) = connection.execute("select count(*) from scorecard").fetchall()
        parts = ["the cards are as before, the tables behind them changed" if cards else "no card yet"]
    return f"{name}: {'; '.join(parts)}"


def _sign(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Write the name of the release into the database, so that it can be identified wherever it is copied."""
    connection.execute(f"create or replace table release ({contracts.definition('release')})")
    connection.execute("insert into release values (?, now() at time zone 'UTC', ?)", [name, code_version()])
    warehouse.comment_on(connection, "release", *contracts.comments("release"))


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Comment every table and column, as the contract of the mart or the warehouse describes it.

    Only where a copy of the release before lacks the comment, which saves 0.3 s.
    """
    of_tables, of_columns = warehouse.comments(connection, "warehouse")
    tables_here, columns_here = warehouse.comments(connection)
    for table, source in mart.TABLES.items():
        comment, by_column = of_tables.get(source.relation), of_columns[source.relation]
        if table in contracts.SCORECARD:
            comment, by_column = contracts.comments(table)
        by_column = {**by_column, **(suppression.COLUMNS if table in suppression.TABLES else {})}
        here = columns_here[f"main.{table}"]
        missing = {column: text for column, text in by_column.items() if column in here and here[column] != text}
        warehouse.comment_on(connection, table, None if tables_here[f"main.{table}"] == comment else comment, missing)
