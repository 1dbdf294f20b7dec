"""The raw assets: one table an extract, holding the deliveries of the report months of the run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg
import duckdb

from orchestration import months, spark, warehouse
from orchestration.defs import freshness, previews
from orchestration.defs.failures import user_errors_as_failures
from orchestration.defs.partitions import BY_COMMAND, WAREHOUSE, partitions, report_months
from orchestration.raw.files import mirror
from orchestration.raw.landing import landing, raw_schema, raw_tables
from orchestration.raw.landing.landing import Landed, Synced
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.declarations import HOW_OFTEN, Extract
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.spark import landed

PREVIEWED = 5
# on a cluster each extract lands by itself, in files of its own: by several run workers at once, if there are several
ON_A_CLUSTER = spark.chosen()
CONSEQUENCES = {
    "quarantined": "it reads as incomplete until it is accepted or replaced",
    "partly loaded": "its other rows count; these wait until they are accepted or replaced",
    "rejected": "nothing of it counts",
}


def _described(extract: Extract) -> str:
    lines = "\n".join(f"- `{column.name}`: {column.title}" for column in extract.columns)
    return (
        f"{extract.title}\n\nDelivered {HOW_OFTEN[extract.cadence]} from {months.key(extract.first)}, "
        f"as {' or '.join(extract.formats)}; a delivery may reach {extract.oldest} months back.\n\n{lines}"
    )


def _column_schema(extract: Extract) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, kind.lower(), description=title) for name, kind, title in raw_schema.columns(extract)
        ]
    )


def _preview(connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, last: date):
    rows = connection.execute(
        f'select * from raw."{extract.name}" where delivery_month between ? and ? '
        f"order by delivery_month desc, file_line limit {PREVIEWED}",
        [first, last],
    )
    return previews.markdown([column[0] for column in rows.description], rows.fetchall())


def _of_month(month: Landed) -> dict:
    """What the grid shows of one month: how many rows came, from which file, or that none did."""
    return {
        "dagster/row_count": month.rows,
        "delivery": month.file or "no delivery",
        "status": month.status,
        "reason": month.reason or "",
        "notes": month.notes or "",
        "waiting to replace it": f"{month.waiting}: {month.waiting_reason}" if month.waiting else "",
        "due": month.due,
    }


def _check(extract: Extract, synced: Synced, waiting: list[str]) -> dg.AssetCheckResult:
    """Whether all that was due came, complete and valid, and raw/ holds nothing else than what is loaded."""
    wrong = [*synced.unrecognised, *_not_effective(extract, synced.landed), *waiting, *synced.stale]
    missing = _missing(synced)
    problems = [*(f"due, but not delivered: {month}" for month in missing), *wrong]
    return dg.AssetCheckResult(
        check_name="valid",
        passed=not problems,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(problems) or None,
        metadata={
            # as text, which the pages show as it stands; lists open with a click
            "problems": len(problems),
            "first problem": problems[0] if problems else "none",
            "due, but not delivered": ", ".join(missing) or "none",
            "what surprises": _list(synced.warnings),
            "what is wrong": _list(wrong),
        },
    )


def _list(sentences: list[str]) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md("\n".join(f"- {sentence}" for sentence in sentences) or "nothing")


def _fresh(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dg.AssetCheckResult:
    """Whether the newest month that is due is effective, of whatever months the run is."""
    listed = raw_tables.listed(connection, extract)
    effective = [month for month, line in listed.items() if line["status"] in EFFECTIVE]
    return dg.AssetCheckResult(**freshness.evaluation(extract, effective, freshness.today()))


def _waiting(connection: duckdb.DuckDBPyConnection, extract: Extract, landed: list[Landed]) -> list[str]:
    """Sentences about deliveries of months that are not of this run and wait for a person: they stay visible."""
    of_run = {month.month for month in landed}
    others = [
        Landed(
            month, line["file"], line["rows_loaded"], line["due"], line["status"], line["reason"], line["notes"]
        )._replace(waiting=line["waiting_status"], waiting_reason=line["waiting_reason"])
        for month, line in sorted(raw_tables.listed(connection, extract).items())
        if month not in of_run and (line["status"] in CONSEQUENCES or line["waiting_status"])
    ]
    return _not_effective(extract, others)


def _missing(synced: Synced) -> list[str]:
    """The months that a delivery is due for and never came; one that came and is gone has a reason."""
    return [months.key(month.month) for month in synced.landed if month.due and not (month.file or month.reason)]


def _not_effective(extract: Extract, landed: list[Landed]) -> list[str]:
    """A sentence about each delivery that came and does not count."""
    return [sentence for month in landed if (sentence := _sentence(extract, month))]


def _sentence(extract: Extract, month: Landed) -> str | None:
    key = months.key(month.month)
    problems = f"all problems are in quarantine/{extract.name}-{key}.csv"
    if month.waiting:
        where = "" if month.waiting == "incomplete" else f"; {problems}"
        return (
            f"{month.waiting}: {month.waiting_reason} (a replacement for {key} waits: "
            f"until it is valid or accepted, the delivery loaded before stays effective{where})"
        )
    if month.status == "incomplete":
        return f"{month.reason}; until then {key} reads as not delivered"
    consequence = CONSEQUENCES.get(month.status)
    if consequence:
        return f"{month.status}: {month.reason} ({key}: {consequence}; {problems})"
    return None if month.file else month.reason


def by_hand(run: dg.DagsterRun) -> bool:
    """Whether a command started the run; one that is executed again from Dagster's pages has its tags, and a parent."""
    return run.tags.items() >= BY_COMMAND.items() and run.parent_run_id is None


@contextmanager
def _kept_open() -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, open until the models begin for the other extracts of the run; a failed one may have broken it."""
    warehouse.keep_open()
    try:
        with warehouse.writing() as connection:
            yield connection
    except BaseException:
        warehouse.close()
        raise


def _raw_asset(extract: Extract) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", extract.name],
        group_name="raw",
        kinds={"parquet" if ON_A_CLUSTER else "duckdb", extract.formats[0]},
        partitions_def=partitions(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=None if ON_A_CLUSTER else WAREHOUSE,
        required_resource_keys=set() if ON_A_CLUSTER else {WAREHOUSE},
        description=_described(extract),
        metadata={"dagster/column_schema": _column_schema(extract), "dagster/table_name": f"raw.{extract.name}"},
        check_specs=[
            dg.AssetCheckSpec(
                "valid",
                asset=["raw", extract.name],
                description="All that was due came, complete and without a problem, and raw/ holds what is loaded. A "
                "delivery of any month that waits for a person is named until it is dealt with.",
            ),
            freshness.spec(extract),
        ],
    )
    def deliveries(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        with user_errors_as_failures():
            of_run = report_months(context.run.tags)
            raw = mirror.raw_folder()
        first, last = of_run[0], of_run[-1]
        with user_errors_as_failures(), landed.opened(extract, first) if ON_A_CLUSTER else _kept_open() as connection:
            synced = landing.sync(
                connection, extract, first, last, raw, by_hand=by_hand(context.run), report=context.log.warning
            )
            preview = _preview(connection, extract, first, last)
            waiting, fresh = _waiting(connection, extract, synced.landed), _fresh(connection, extract)
        not_effective = _not_effective(extract, synced.landed)
        for sentence in (*not_effective, *synced.stale, *synced.unrecognised, *synced.warnings):
            context.log.warning(sentence)
        for sentence, cause in synced.failed.items():
            context.log.error(f"{sentence}\n{cause}")
        ranged = [month for month in synced.landed if first <= month.month <= last]
        if missing := _missing(synced):
            context.log.warning(f"{extract.name}: due, but not delivered: {', '.join(missing)}")
        if earlier := [months.key(month.month) for month in synced.landed if month.month < first]:
            context.log.info(f"{extract.name}: took what came before as well: {', '.join(earlier)}")
        for month in ranged:
            for note in (month.notes or "").splitlines():
                context.log.info(note)
            context.add_asset_metadata(_of_month(month), partition_key=months.key(month.month))
        return dg.MaterializeResult(
            metadata={"months due without a delivery": ", ".join(missing) or "none", "preview": preview},
            check_results=[_check(extract, synced, waiting), fresh],
        )

    return deliveries


assets = [_raw_asset(extract) for extract in EXTRACTS]
