"""Deliveries that passed the gate, in the tables of schema `raw`: one table an extract, and the list of deliveries.

The rows of a delivery come and go whole, with its line in the list. Nothing here looks at what is in them.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from orchestration import months, settings
from orchestration.deliveries import folder, gate, refusals
from orchestration.deliveries.extracts import Extract, due
from orchestration.deliveries.gate import Delivery, Source
from orchestration.deliveries.kinds import KINDS

ORIGIN = (
    ("delivery_month", "DATE", "month the file was delivered for, its first day"),
    ("file", "VARCHAR", "file the row stood in, within the raw folder"),
    ("sha256", "VARCHAR", "digest of the bytes the row was read from"),
    ("file_line", "BIGINT", "line of the file (row of the sheet) the row stood on"),
)
DELIVERIES = (
    ("extract", "VARCHAR", "source system's feed"),
    ("delivery_month", "DATE", "month the file was delivered for, its first day"),
    ("file", "VARCHAR", "file within the raw folder; null where none came"),
    ("sha256", "VARCHAR", "digest of the bytes that were loaded"),
    ("rows_in", "BIGINT", "rows in the file"),
    ("rows_loaded", "BIGINT", "rows in the table of the extract"),
    ("rows_quarantined", "BIGINT", "rows left out: none, an invalid file is refused whole"),
    ("due", "BOOLEAN", "whether the source system owed a delivery for that month"),
    ("status", "VARCHAR", "loaded, or no delivery"),
)


class Landed(NamedTuple):
    """What became of one delivery month; status is loaded, replaced, unchanged, removed or no delivery."""

    month: date
    file: str | None
    rows: int
    due: bool
    status: str


class Listed(NamedTuple):
    """What the list of deliveries says of a month."""

    sha256: str | None
    rows: int
    due: bool | None
    status: str | None


NONE = Listed(None, 0, None, None)
LISTED = {"VARCHAR": pl.String, "DATE": pl.Date, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean}


def columns(extract: Extract) -> list[tuple[str, str, str]]:
    """The columns of an extract's table: name, type, what it is."""
    return [(column.name, KINDS[column.kind].stored, column.title) for column in extract.columns] + list(ORIGIN)


def prepare(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """The table of an extract and the list of deliveries, empty where they are new or their contract changed."""
    connection.execute("create schema if not exists raw")
    listed = "one row per extract and month of delivery: the file that was loaded, or that none came"
    if _create(connection, "deliveries", DELIVERIES, listed):
        # rows without their delivery would never be replaced
        connection.execute(f'drop table if exists raw."{extract.name}"')
    grain = f"{extract.title} One row per delivery and row of its file."
    if _create(connection, extract.name, columns(extract), grain):
        connection.execute("delete from raw.deliveries where extract = ?", [extract.name])


def _create(connection: duckdb.DuckDBPyConnection, table: str, its, comment: str) -> bool:
    there = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'raw' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    if there == [(name, kind) for name, kind, _ in its]:
        return False
    connection.begin()
    try:
        connection.execute(f'drop table if exists raw."{table}"')
        connection.execute(f'create table raw."{table}" ({", ".join(f"{name} {kind}" for name, kind, _ in its)})')
        connection.execute(f'comment on table raw."{table}" is {_quoted(comment)}')
        for name, _, title in its:
            connection.execute(f'comment on column raw."{table}"."{name}" is {_quoted(title)}')
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return True


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def sync(
    connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, last: date, raw: Path | None = None
) -> list[Landed]:
    """Make the tables say what the raw folder says for the delivery months from first to last.

    Deliveries before first are loaded where the table has none for their month, so that one month on a
    fresh machine knows what came before; otherwise they are left as they are. All that is sound is loaded
    before DeliveryRefused is raised for the rest, and the rest keeps the rows it had.
    """
    raw = raw or settings.raw()
    prepare(connection, extract)
    problems = folder.strangers(raw)
    files, misnamed = folder.deliveries(extract, raw)
    problems += misnamed
    listed = _listed(connection, extract)
    wanted = [
        month
        for month in sorted(files)
        if first <= month <= last or (month < first and listed.get(month, NONE).status != "loaded")
    ]
    landed: dict[date, Landed] = {}

    def fresh() -> Iterator[Source]:
        for month in wanted:
            try:
                source = gate.source(extract, files[month], month)
            except refusals.DeliveryRefused as refused:
                problems.append(refused.problems)
                continue
            known = listed.get(month, NONE)
            if known.sha256 == source.sha256:
                landed[month] = Landed(month, source.file, known.rows, due(extract, month), "unchanged")
            else:
                yield source

    for batch in gate.batches(fresh()):
        delivered, found = gate.check(extract, batch)
        problems.append(found)
        _replace(connection, extract, [_line(extract, delivery) for delivery in delivered], delivered)
        for each in delivered:
            status = "replaced" if listed.get(each.month, NONE).status == "loaded" else "loaded"
            landed[each.month] = Landed(each.month, each.file, each.rows.height, due(extract, each.month), status)

    refused = refusals.together(problems)
    # a month whose file is there but was refused keeps what it had
    spoilt = set(files) | {_month_of(file) for file in refused["file"]}
    absent = [month for month in months.between(first, last) if month not in landed and month not in spoilt]
    news = [month for month in absent if listed.get(month, NONE) != (None, 0, due(extract, month), "no delivery")]
    _replace(connection, extract, [_absence(extract, month) for month in news], [])
    for month in absent:
        status = "removed" if listed.get(month, NONE).status == "loaded" else "no delivery"
        landed[month] = Landed(month, None, 0, due(extract, month), status)
    if refused.height:
        raise refusals.DeliveryRefused(refused)
    return [landed[month] for month in sorted(landed)]


def _month_of(file: str) -> date | None:
    try:
        return months.parse(Path(file).stem)
    except ValueError:
        return None


def _listed(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[date, Listed]:
    """What the list of deliveries says of an extract, by delivery month."""
    lines = connection.execute(
        "select delivery_month, sha256, rows_loaded, due, status from raw.deliveries where extract = ?",
        [extract.name],
    ).fetchall()
    return {month: Listed(*line) for month, *line in lines}


def _line(extract: Extract, delivery: Delivery) -> list:
    rows = delivery.rows.height
    owed = due(extract, delivery.month)
    return [extract.name, delivery.month, delivery.file, delivery.sha256, rows, rows, 0, owed, "loaded"]


def _absence(extract: Extract, month: date) -> list:
    return [extract.name, month, None, None, 0, 0, 0, due(extract, month), "no delivery"]


def _replace(
    connection: duckdb.DuckDBPyConnection, extract: Extract, lines: list[list], delivered: list[Delivery]
) -> None:
    """The rows of some delivery months and their lines in the list of deliveries: all of it or nothing.

    One transaction for a batch: each waits 7 ms for the disk, which 31 of them make a quarter of a second.
    """
    if not lines:
        return
    replaced = [line[1] for line in lines]
    connection.begin()
    try:
        gone = "list_contains(?::date[], delivery_month)"
        connection.execute(f'delete from raw."{extract.name}" where {gone}', [replaced])
        if delivered:
            connection.register("delivered_rows", pl.concat([_with_origin(delivery) for delivery in delivered]))
            connection.execute(f'insert into raw."{extract.name}" by name select * from delivered_rows')
        connection.execute(f"delete from raw.deliveries where extract = ? and {gone}", [extract.name, replaced])
        schema = {name: LISTED[kind] for name, kind, _ in DELIVERIES}
        connection.register("delivery_lines", pl.DataFrame(lines, schema=schema, orient="row"))
        connection.execute("insert into raw.deliveries by name select * from delivery_lines")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.unregister("delivered_rows")
        connection.unregister("delivery_lines")


def _with_origin(delivery: Delivery) -> pl.DataFrame:
    return delivery.rows.with_columns(
        pl.lit(delivery.month, pl.Date).alias("delivery_month"),
        pl.lit(delivery.file).alias("file"),
        pl.lit(delivery.sha256).alias("sha256"),
    )
