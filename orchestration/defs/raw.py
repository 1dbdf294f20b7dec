"""The raw assets: one table an extract, holding the deliveries of the report months of the run."""

from datetime import date

import dagster as dg
import duckdb

from orchestration import landing, months, settings
from orchestration.extracts import EXTRACTS, Extract
from orchestration.landing import Landed
from orchestration.refusals import DeliveryRefused, sentences

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


def _markdown(header: list[str], rows: list[tuple]) -> dg.MarkdownMetadataValue:
    def line(cells) -> str:
        texts = ("" if cell is None else str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells)
        return "| " + " | ".join(texts) + " |"

    return dg.MetadataValue.md("\n".join([line(header), line("---" for _ in header), *map(line, rows)]))


def _preview(connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, last: date):
    rows = connection.execute(
        f'select * exclude (sha256) from raw."{extract.name}" where delivery_month between ? and ? '
        f"order by delivery_month desc, file_line limit {PREVIEWED}",
        [first, last],
    )
    return _markdown([column[0] for column in rows.description], rows.fetchall())


def _refused(refused: DeliveryRefused) -> dg.Failure:
    problems = refused.problems.head(LISTED)
    return dg.Failure(
        description=str(refused),
        metadata={
            "problems": refused.problems.height,
            "first problems": _markdown(problems.columns, problems.rows()),
            "sentences": dg.MetadataValue.md("\n".join(f"- {said}" for said in sentences(problems))),
        },
        allow_retries=False,  # the same file would be refused again
    )


def _metadata(landed: list[Landed], missing: list[str]) -> dict:
    return {
        "dagster/row_count": sum(month.rows for month in landed),
        "deliveries": _markdown(
            ["month", "file", "rows", "status"],
            [
                (months.key(month.month), month.file, month.rows, month.status)
                for month in landed
                if month.file or month.due or month.status == "removed"
            ],
        ),
        "months due without a delivery": ", ".join(missing) or "none",
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
        settings.database().parent.mkdir(parents=True, exist_ok=True)
        try:
            # open no longer than need be: the file has one writer, and dbt is the next
            with duckdb.connect(str(settings.database())) as connection:
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
        return dg.MaterializeResult(metadata={**_metadata(ranged, missing), "preview": preview})

    return deliveries


assets = [_raw_asset(extract) for extract in EXTRACTS]
