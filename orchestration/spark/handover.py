"""The exchange between a run and its cluster, as Parquet: catalogue and months go there, measures come back."""

import os
from pathlib import Path

import duckdb

from orchestration import settings, warehouse
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.spark import landed
from orchestration.warehouse import files

SCHEMAS = ("reference", "run")  # what the cluster needs in addition to the deliveries
LAYER = "measures"


def environment() -> dict[str, str]:
    """The environment of dbt on a cluster: which cluster, where the tables are, and where to make its own."""
    return {
        "SCORECARD_SPARK_MASTER": settings.spark_master(),
        "SCORECARD_SPARK_GIVEN": os.pathsep.join([str(settings.landed()), str(settings.cluster() / "given")]),
        "SCORECARD_SPARK_MADE": str(settings.cluster() / "made"),
        "SCORECARD_SPARK_LOG": str(settings.cluster() / "spark.log"),
    }


def write_inputs(connection: duckdb.DuckDBPyConnection) -> None:
    """Write what the models read in addition to the deliveries; remove the inputs and results of the last run."""
    if settings.cluster().exists():
        files.remove(settings.cluster())
    for schema, table in _tables(connection, SCHEMAS):
        with files.replacing(settings.cluster() / "given" / schema / table / "rows.parquet") as place:
            connection.execute(f"copy {schema}.{table} to {warehouse.literal(place)} (format parquet)")


def show_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Show the landed deliveries as schema `raw` of the working database.

    What is read after the models are built is copied, as it may have landed again by then; many rows are a view.
    """
    lists = [(name, its, raw_schema.COMMENTS[name], True) for name, its in landed.LISTS.items()]
    extracts = [(each.name, raw_schema.columns(each), each.title, not each.dated) for each in EXTRACTS]
    with warehouse.transaction(connection):
        connection.execute("create schema if not exists raw")
        for name, columns, title, copied in (*lists, *extracts):
            kind = "table" if copied else "view"
            warehouse.drop(connection, "raw", name)
            rows = warehouse.literal(landed.folder(name) / "*.parquet")
            # an extract that has not landed since a list was given another column has written it without
            every_column = ", union_by_name = true" if name in landed.LISTS else ""
            connection.execute(f'create {kind} raw."{name}" as select * from read_parquet({rows}{every_column})')
            titles = {column: comment for column, _, comment in columns}
            warehouse.comment_on(connection, f'raw."{name}"', title, titles, kind)


def take_results(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace the rows of these report months by what the cluster made: all of it or nothing."""
    with warehouse.transaction(connection):
        for _, table in _tables(connection, (LAYER,)):
            if not _made(table).exists():
                continue
            # one without report months is made each time, and empty now
            if "report_month" in connection.sql(f"from {LAYER}.{table}").columns:
                of_the_run = "report_month in (select month from run.report_months)"
                connection.execute(f"delete from {LAYER}.{table} where {of_the_run}")
            if any(_made(table).rglob("*.parquet")):  # a table by report month without a row is an empty folder
                connection.execute(f"insert into {LAYER}.{table} by name select * from {rows_of(table)}")


def rows_of(table: str) -> str:
    """The table function by which DuckDB reads what the cluster made of a table."""
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
