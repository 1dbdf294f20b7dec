"""The tables of schema `raw`: one an extract, the list of deliveries, and the quarantine.

What is known of a delivery comes and goes whole: its rows, its line in the list, what was kept out of it.
"""

from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from orchestration import warehouse
from orchestration.raw import findings
from orchestration.raw.extracts import Extract, due
from orchestration.raw.kinds import KINDS

ORIGIN = (
    (
        "delivery_month",
        "DATE",
        "month the file was delivered for, its first day; raw.deliveries says which file that is",
    ),
    ("file_line", "BIGINT", "line of the file (row of the sheet) the row stood on"),
)
# what each row said of its file in earlier versions, and the list of deliveries says once
SAID_ONCE = (("file", "VARCHAR"), ("sha256", "VARCHAR"))
# columns that a table of an earlier version lacks and is given, empty, so that nothing has to be loaded again
NEW_OF_LATE = ("rows_left_out", "notes")
DELIVERIES = (
    ("extract", "VARCHAR", "folder of the raw folder"),
    ("delivery_month", "DATE", "month the file was delivered for, its first day"),
    ("file", "VARCHAR", "file within the raw folder; null where none came"),
    ("sha256", "VARCHAR", "digest of its bytes, which the vault keeps under that name"),
    ("rows_in", "BIGINT", "rows in the file; null where it cannot be read as rows"),
    ("rows_loaded", "BIGINT", "rows in the table of the extract"),
    ("rows_quarantined", "BIGINT", "rows kept out because of a problem"),
    ("rows_left_out", "BIGINT", "rows that say nothing; with those loaded and quarantined they are the rows in"),
    ("due", "BOOLEAN", "whether the source system owed a delivery for that month"),
    (
        "status",
        "VARCHAR",
        "loaded; quarantined: its month reads as incomplete until it is accepted or replaced; accepted: somebody "
        "vouched for it; rejected: it cannot be read as rows; incomplete: it was still being written; no delivery",
    ),
    ("reason", "VARCHAR", "why it was accepted, or the first thing that is wrong with it"),
    ("notes", "VARCHAR", "what was left out or read differently without harm, a sentence a line; null if nothing"),
    ("code", "VARCHAR", "version of the code that validated it"),
    ("compared_with", "VARCHAR", "digest of the last delivery before it, with which it was compared"),
)
QUARANTINE = (
    ("extract", "VARCHAR", "folder of the raw folder"),
    ("delivery_month", "DATE", "month the file was delivered for; null where its name does not say"),
    ("file", "VARCHAR", "file within the raw folder"),
    ("sha256", "VARCHAR", "digest of its bytes, which the vault keeps under that name"),
    ("line", "BIGINT", "line of the file, or row of the sheet; null where it is about the whole file"),
    ("column_name", "VARCHAR", "column; null where it is about the whole line"),
    ("value", "VARCHAR", "what stands there"),
    ("code", "VARCHAR", "what is wrong, in a word that does not change"),
    ("sentence", "VARCHAR", "what is wrong, in a sentence for the sender"),
    ("cells", "VARCHAR", "the whole row as delivered, as JSON; null where the row itself was not kept out"),
)
COMMENTS = {
    "deliveries": "one row per extract and month of delivery: the file and what became of it, or that none came",
    "quarantine": "one row per problem of a delivery that is not in force, and of files that are no deliveries",
}
EFFECTIVE = ("loaded", "accepted")
BATCH_ROWS = 500_000


class DoesNotAddUp(Exception):
    """Rows of a delivery are neither loaded nor quarantined, or both; nothing of it was kept."""


@dataclass(frozen=True)
class Landing:
    """All that is known of one extract's delivery month."""

    month: date
    status: str
    file: str | None = None
    sha256: str | None = None
    rows_in: int | None = 0
    reason: str | None = None
    rows: pl.DataFrame | None = None
    left_out: int = 0
    notes: str | None = None
    problems: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=findings.SCHEMA))
    cells: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"line": pl.Int64, "cells": pl.String}))
    code: str | None = None
    compared_with: str | None = None


def columns(extract: Extract) -> list[tuple[str, str, str]]:
    """The columns of an extract's table: name, type, what it is."""
    return [(column.name, KINDS[column.kind].stored, column.title) for column in extract.columns] + list(ORIGIN)


def prepare(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """The tables, empty where they are new or their contract changed."""
    connection.execute("create schema if not exists raw")
    if _create(connection, "deliveries", DELIVERIES, COMMENTS["deliveries"]):
        # rows without their delivery would never be replaced
        connection.execute(f'drop table if exists raw."{extract.name}"')
    _create(connection, "quarantine", QUARANTINE, COMMENTS["quarantine"])
    grain = f"{extract.title} One row per delivery and row of its file."
    if _create(connection, extract.name, columns(extract), grain):
        connection.execute("delete from raw.deliveries where extract = ?", [extract.name])


def _create(connection: duckdb.DuckDBPyConnection, table: str, its, comment: str) -> bool:
    wanted = [(name, kind) for name, kind, _ in its]
    there = _columns(connection, table)
    if sorted(there) == sorted(wanted):
        return False
    missing = [column for column in wanted if column not in there]
    if there and all(name in NEW_OF_LATE for name, _ in missing) and not {*there} - {*wanted} - {*SAID_ONCE}:
        for name, _ in SAID_ONCE:
            connection.execute(f'alter table raw."{table}" drop column if exists {name}')
        for name, kind in missing:
            connection.execute(f'alter table raw."{table}" add column {name} {kind}')
        return False
    with warehouse.transaction(connection):
        # a view where the last run's cluster read what had landed as Parquet
        warehouse.forget(connection, "raw", table)
        connection.execute(f'create table raw."{table}" ({", ".join(f"{name} {kind}" for name, kind, _ in its)})')
        warehouse.explain(connection, f'raw."{table}"', comment, {name: title for name, _, title in its})
    return True


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """The names and types of a table's columns; none where there is no table of that name, or a view."""
    found = "select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'raw' "
    if not connection.execute(f"{found} and table_name = ?", [table]).fetchall():
        return []
    there = connection.table(f'raw."{table}"')  # ten times faster than duckdb_columns(), and asked for every extract
    return [(name, str(kind)) for name, kind in zip(there.columns, there.types, strict=True)]


def listed(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[date, dict]:
    """What the list of deliveries says of an extract, by delivery month."""
    found = connection.execute("select * exclude (extract) from raw.deliveries where extract = ?", [extract.name])
    names = [column[0] for column in found.description]
    lines = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {line["delivery_month"]: line for line in lines}


def last_between(
    connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, month: date, without: list[date]
) -> Landing | None:
    """The last delivery in force from `first` on and before that month, with its rows; without those of some months."""
    found = connection.execute(
        "select delivery_month, status, file, sha256 from raw.deliveries "
        "where extract = ? and delivery_month >= ? and delivery_month < ? "
        "and list_contains(?, status) and not list_contains(?::date[], delivery_month) "
        "order by delivery_month desc limit 1",
        [extract.name, first, month, list(EFFECTIVE), without],
    ).fetchall()
    if not found:
        return None
    (last,) = found
    return Landing(*last, rows=_rows(connection, extract, last[0]))


def _rows(connection: duckdb.DuckDBPyConnection, extract: Extract, month: date) -> pl.DataFrame:
    """The rows of a delivery as validation gives them; words become numbers of words a batch at a time."""
    types = {"file_line": pl.Int64} | {column.name: KINDS[column.kind].type for column in extract.columns}
    found = connection.sql(
        f'select {", ".join(types)} from raw."{extract.name}" where delivery_month = $1', params=[month]
    )
    with found.to_arrow_reader(BATCH_ROWS) as batches:
        return pl.concat([pl.DataFrame(schema=types), *(pl.DataFrame(batch).cast(types) for batch in batches)])


def replace(connection: duckdb.DuckDBPyConnection, extract: Extract, landings: list[Landing]) -> None:
    """Put these landings in the place of what was known of their months: all of it or nothing.

    One transaction for a batch: each waits 7 ms for the disk, which 31 of them make a quarter of a second.
    Raises DoesNotAddUp.
    """
    if not landings:
        return
    months = [landing.month for landing in landings]
    with warehouse.transaction(connection):
        for table in (f'"{extract.name}"', "quarantine", "deliveries"):
            of_extract = "" if table.startswith('"') else f" and extract = {warehouse.literal(extract.name)}"
            gone = f"delete from raw.{table} where list_contains(?::date[], delivery_month){of_extract}"
            connection.execute(gone, [months])
        if rows := [_with_origin(landing) for landing in landings if landing.rows is not None]:
            # in one piece, which DuckDB takes in a sixth less time than in many
            _insert(connection, f'"{extract.name}"', pl.concat(rows, rechunk=True))
        _insert(connection, "quarantine", pl.concat([_kept_out(extract, landing) for landing in landings]))
        _insert(connection, "deliveries", _lines(connection, extract, landings))


def replace_unrecognised(connection: duckdb.DuckDBPyConnection, extract: Extract, problems: pl.DataFrame) -> None:
    """Keep what is wrong with names that are no deliveries."""
    with warehouse.transaction(connection):
        connection.execute("delete from raw.quarantine where extract = ? and delivery_month is null", [extract.name])
        _insert(connection, "quarantine", _kept_out(extract, Landing(None, "rejected", problems=problems)))


def _lines(connection: duckdb.DuckDBPyConnection, extract: Extract, landings: list[Landing]) -> pl.DataFrame:
    """The lines of the list, with what was counted in the tables themselves."""
    loaded = dict(
        connection.execute(f'select delivery_month, count(*) from raw."{extract.name}" group by all').fetchall()
    )
    quarantined = dict(
        connection.execute(
            "select delivery_month, count(distinct line) from raw.quarantine "
            "where extract = ? and cells is not null group by all",
            [extract.name],
        ).fetchall()
    )
    lines = []
    for landing in landings:
        into, out = loaded.get(landing.month, 0), quarantined.get(landing.month, 0)
        if landing.rows_in is not None and landing.rows_in != into + out + landing.left_out:
            raise DoesNotAddUp(
                f"{landing.file}: {landing.rows_in} rows came in, but {into} are loaded, {out} quarantined and "
                f"{landing.left_out} left out. Nothing of it is kept, and nothing is published: this is a mistake of "
                "the pipeline, not of the delivery."
            )
        owed = due(extract, landing.month)
        line = [extract.name, landing.month, landing.file, landing.sha256]
        line += [landing.rows_in, into, out, landing.left_out, owed]
        lines.append([*line, landing.status, landing.reason, landing.notes, landing.code, landing.compared_with])
    types = {"VARCHAR": pl.String, "DATE": pl.Date, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean}
    return pl.DataFrame(lines, schema={name: types[kind] for name, kind, _ in DELIVERIES}, orient="row")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    connection.register("rows_to_insert", rows)
    try:
        connection.execute(f"insert into raw.{table} by name select * from rows_to_insert")
    finally:
        connection.unregister("rows_to_insert")


def _with_origin(landing: Landing) -> pl.DataFrame:
    return landing.rows.with_columns(pl.lit(landing.month, pl.Date).alias("delivery_month"))


def _kept_out(extract: Extract, landing: Landing) -> pl.DataFrame:
    sentences = pl.Series("sentence", findings.sentences(landing.problems), dtype=pl.String)
    return (
        landing.problems.with_columns(sentences)
        .join(landing.cells, on="line", how="left", maintain_order="left")
        .select(
            pl.lit(extract.name).alias("extract"),
            pl.lit(landing.month, pl.Date).alias("delivery_month"),
            "file",
            pl.lit(landing.sha256, pl.String).alias("sha256"),
            "line",
            pl.col("column").alias("column_name"),
            "value",
            "code",
            "sentence",
            "cells",
        )
    )
