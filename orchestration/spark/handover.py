"""What a run and its cluster give each other, as Parquet: the catalogue and the months there, the measures back."""

import os
from pathlib import Path

import duckdb

from orchestration import settings, warehouse
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.spark import landed
from orchestration.warehouse import files

SCHEMAS = ("reference", "run")  # what is given besides the deliveries
LAYER = "measures"


def environment() -> dict[str, str]:
    """What dbt on a cluster needs to know: which cluster, where the tables lie, and where to make its own."""
    return {
        "SCORECARD_SPARK_MASTER": settings.spark_master(),
        "SCORECARD_SPARK_GIVEN": os.pathsep.join([str(settings.landed()), str(settings.cluster() / "given")]),
        "SCORECARD_SPARK_MADE": str(settings.cluster() / "made"),
        "SCORECARD_SPARK_LOG": str(settings.cluster() / "spark.log"),
    }


def give(connection: duckdb.DuckDBPyConnection) -> None:
    """Write what the models read besides the deliveries; what the last run was given and made is gone."""
    if settings.cluster().exists():
        files.remove(settings.cluster())
    for schema, table in _tables(connection, SCHEMAS):
        with files.replacing(settings.cluster() / "given" / schema / table / "rows.parquet") as place:
            connection.execute(f"copy {schema}.{table} to {warehouse.literal(place)} (format parquet)")


def show_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the deliveries that landed as schema `raw` of the working database.

    What is read once the models are done is copied: it may be landed anew by then. The many rows are looked through.
    """
    lists = [(name, its, raw_schema.COMMENTS[name], True) for name, its in landed.LISTS.items()]
    extracts = [(each.name, raw_schema.columns(each), each.title, not each.dated) for each in EXTRACTS]
    with warehouse.transaction(connection):
        connection.execute("create schema if not exists raw")
        for name, columns, title, copied in (*lists, *extracts):
            kind = "table" if copied else "view"
            warehouse.forget(connection, "raw", name)
            rows = warehouse.literal(landed.folder(name) / "*.parquet")
            # an extract that has not landed since a list was given another column has written it without
            every_column = ", union_by_name = true" if name in landed.LISTS else ""
            connection.execute(f'create {kind} raw."{name}" as select * from read_parquet({rows}{every_column})')
            titles = {column: says for column, _, says in columns}
            warehouse.explain(connection, f'raw."{name}"', title, titles, kind)


def take(connection: duckdb.DuckDBPyConnection) -> None:
    """Put what the cluster made in the place of what the tables hold of these report months: all of it or nothing."""
    with warehouse.transaction(connection):
        for _, table in _tables(connection, (LAYER,)):
            if not _made(table).exists():
                continue
            # one that is of no report month is made anew each time, and empty now
            if "report_month" in connection.sql(f"from {LAYER}.{table}").columns:
                of_the_run = "report_month in (select month from run.report_months)"
                connection.execute(f"delete from {LAYER}.{table} where {of_the_run}")
            if any(_made(table).rglob("*.parquet")):  # a table by report month without a row is an empty folder
                connection.execute(f"insert into {LAYER}.{table} by name select * from {rows_of(table)}")


def rows_of(table: str) -> str:
    """What the cluster made of a table, for DuckDB to read: by report month, but for what is of none."""
    folder = _made(table)
    by_month = ", hive_partitioning = true, hive_types = {report_month: date}"
    options = by_month if any(folder.glob("report_month=*")) else ""
    return f"read_parquet({warehouse.literal(folder / '**' / '*.parquet')}{options})"


def _made(table: str) -> Path:
    return settings.cluster() / "made" / f"{LAYER}.db" / table


def _tables(connection: duckdb.DuckDBPyConnection, schemas: tuple[str, ...]) -> list[tuple[str, str]]:
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and list_contains(?, schema_name) order by all",
        [list(schemas)],
    ).fetchall()
