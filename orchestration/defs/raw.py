"""The raw assets: one table an extract, holding the deliveries of the report months of the run."""

from datetime import date

import dagster as dg
import duckdb

from orchestration import months, warehouse
from orchestration.defs import previews
from orchestration.deliveries import landing
from orchestration.deliveries.extracts import EXTRACTS, Extract
from orchestration.deliveries.landing import Landed
from orchestration.deliveries.refusals import DeliveryRefused, sentences

PREVIEWED = 5
LISTED = 100
CADENCES = {"monthly": "every month", "quarterly": "every quarter", "yearly": "once a year"}


def _described(extract: Extract) -> str:
    lines = "\n".join(f"- `{column.name}`: {column.title}" for column in extract.columns)
    return (
        f"{extract.title}\n\nDelivered {CADENCES[extract.cadence]} from {months.key(extract.first)}, "
        f"as {' or '.join(extract.formats)}; a delivery may reach {extract.oldest} months back.\n\n{lines}"
    )


def _column_schema(extract: Extract) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, kind.lower(), description=title) for name, kind, title in landing.columns(extract)
        ]
    )


def _preview(connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, last: date):
    rows = connection.execute(
        f'select * exclude (sha256) from raw."{extract.name}" where delivery_month between ? and ? '
        f"order by delivery_month desc, file_line limit {PREVIEWED}",
        [first, last],
    )
    return previews.markdown([column[0] for column in rows.description], rows.fetchall())


def _refused(refused: DeliveryRefused) -> dg.Failure:
    problems = refused.problems.head(LISTED)
    return dg.Failure(
        description=str(refused),
        metadata={
            "problems": refused.problems.height,
            "first problems": previews.markdown(problems.columns, problems.rows()),
            "sentences": dg.MetadataValue.md("\n".join(f"- {said}" for said in sentences(problems))),
        },
        allow_retries=False,  # the same file would be refused again
    )


def _of_month(month: Landed) -> dict:
    """What the grid shows of one month: how many rows came, from which file, or that none did."""
    return {
        "dagster/row_count": month.rows,
        "delivery": month.file or "no delivery",
        "status": month.status,
        "due": month.due,
    }


def _raw_asset(extract: Extract) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", extract.name],
        group_name="raw",
        kinds={"duckdb", extract.formats[0]},
        partitions_def=months.partitions(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=_described(extract),
        metadata={"dagster/column_schema": _column_schema(extract), "dagster/table_name": f"raw.{extract.name}"},
    )
    def deliveries(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        run = context.partition_key_range
        first, last = months.parse(run.start), months.parse(run.end)
        try:
            with warehouse.writing() as connection:
                landed = landing.sync(connection, extract, first, last)
                preview = _preview(connection, extract, first, last)
        except DeliveryRefused as refused:
            raise _refused(refused) from None
        ranged = [month for month in landed if first <= month.month <= last]
        missing = [months.key(month.month) for month in ranged if month.due and not month.file]
        if missing:
            context.log.warning(f"{extract.name}: due, but not delivered: {', '.join(missing)}")
        if earlier := [months.key(month.month) for month in landed if month.month < first]:
            context.log.info(f"{extract.name}: loaded what came before as well: {', '.join(earlier)}")
        for month in ranged:
            context.add_asset_metadata(_of_month(month), partition_key=months.key(month.month))
        return dg.MaterializeResult(
            metadata={"months due without a delivery": ", ".join(missing) or "none", "preview": preview}
        )

    return deliveries


assets = [_raw_asset(extract) for extract in EXTRACTS]
