"""The figures as printed and the card: the tables that a release publishes."""

from collections.abc import Iterator

import dagster as dg
import duckdb
import polars as pl

from orchestration import months, warehouse
from orchestration.defs.failures import failure, user_errors_as_failures
from orchestration.defs.partitions import WAREHOUSE, partitions, report_months
from orchestration.defs.previews import Previews
from orchestration.release import confirming
from orchestration.scorecard import card, contracts, page, scoring
from orchestration.warehouse import broken_rules

# The asset that each input is read of; raw.deliveries and the months of the run are no assets.
READ = (
    "aggregates/figure_definitions",
    "aggregates/figure_values",
    "aggregates/indicators_as_of",
    "aggregates/changes",
    "aggregates/movements",
    "aggregates/flagged_deliveries",
    "aggregates/measure_months",
    "staging/stg_commentary",
    "reference/areas",
    "reference/breaks",
    "reference/calendar",
    "reference/cards",
    "reference/definitions",
    "reference/judging_rules",
    "reference/measures",
    "reference/series",
)


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["scorecard", table])


def _spec(table: str) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(name, str(column.dtype), column.description)
        for name, column in contracts.SCORECARD[table].columns.items()
    ]
    return dg.AssetSpec(
        _key(table),
        skippable=True,
        group_name="scorecard",
        description=contracts.SCORECARD[table].description,
        kinds={"duckdb", "polars"},
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
        deps=[dg.AssetKey(read.split("/")) for read in READ],
    )


@dg.multi_asset(
    name="scorecard",
    specs=[_spec(table) for table in contracts.SCORECARD],
    can_subset=True,
    partitions_def=partitions(),
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool=WAREHOUSE,
    required_resource_keys={WAREHOUSE},
)
def scorecard(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Print and explain every figure, judge every line, fill every comment, for the report months of the run."""
    with user_errors_as_failures(), warehouse.writing() as connection:
        warehouse.set_report_months(connection, report_months(context.run.tags))
        read = {name: connection.sql(query).pl() for name, query in scoring.INPUTS.items()}
    try:
        made = scoring.tables(read, confirming.confirmed_texts())
    except card.UnknownFigures as error:
        raise failure(f"A text names what the catalogue does not have.\n{error}") from None
    with user_errors_as_failures(), warehouse.writing() as connection:
        selected = [table for table in made if _key(table) in context.selected_asset_keys]
        for table in selected:
            _replace(connection, table, made[table])
        previews = Previews(connection)
        metadata = {table: previews.of_table(f"scorecard.{table}") for table in selected}
    for (month,), of_month in made["scorecard"].group_by("report_month") if "scorecard" in selected else ():
        context.add_asset_metadata(
            {"card": dg.MetadataValue.md(page.markdown(of_month))},
            asset_key=_key("scorecard"),
            partition_key=months.key(month),
        )
    for table in selected:
        yield dg.MaterializeResult(asset_key=_key(table), metadata=metadata[table])


def _replace(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Replace the run's report months of a table by these rows, checked against the mart's contract."""
    schema = contracts.SCORECARD[table]
    comments = {name: column.description for name, column in schema.columns.items() if name in frame.columns}
    schema = schema.remove_columns([name for name in contracts.OF_A_RELEASE if name in schema.columns])
    frame = broken_rules.checked(f"scorecard.{table}", schema, frame.select(list(schema.columns)))
    with warehouse.transaction(connection):
        connection.execute("create schema if not exists scorecard")
        connection.register("made", frame)
        connection.execute(f"create table if not exists scorecard.{table} as from made limit 0")
        _take_the_columns_of_made(connection, table)
        connection.execute(f"delete from scorecard.{table} where report_month in (select month from run.report_months)")
        connection.execute(f"insert into scorecard.{table} by name select * from made")
        connection.unregister("made")
        warehouse.comment_on(connection, f"scorecard.{table}", schema.description, comments)


def _take_the_columns_of_made(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """A table that an earlier version made gets the columns that the contract has now, in its order."""
    made, kept = (connection.sql(f"from {it} limit 0").columns for it in ("made", f"scorecard.{table}"))
    if made != kept:
        everything = f"select * from made where false union all by name select * from scorecard.{table}"
        connection.execute(f"create or replace table scorecard.{table} as select {', '.join(made)} from ({everything})")
