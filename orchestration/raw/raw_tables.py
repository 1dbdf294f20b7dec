"""The tables of schema `raw`: one an extract, the list of deliveries, and the quarantine.

What is known of a delivery comes and goes whole: its rows, its line in the list, what was kept out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from orchestration import warehouse
from orchestration.raw import findings, names
from orchestration.raw.extracts import Extract, due
from orchestration.raw.kinds import KINDS
from orchestration.raw.written_numbers import MARKERS

ORIGIN = (
    (
        "delivery_month",
        "DATE",
        "month the file was delivered for, its first day; raw.deliveries says which file that is",
    ),
    ("file_line", "BIGINT", "line of the file (row of the sheet) the row stood on"),
    (
        MARKERS,
        "VARCHAR",
        "which of its figures are not known because the source marks them so, and why: offences=suppressed;"
        "arrests=not available; null where all are known",
    ),
)
# what each row said of its file in earlier versions, and the list of deliveries says once
SAID_ONCE = (("file", "VARCHAR"), ("sha256", "VARCHAR"))
# columns that a table of an earlier version lacks and is given, empty, so that nothing has to be loaded again
NEW_OF_LATE = (
    "rows_left_out",
    "notes",
    "names",
    MARKERS,
    "waiting_file",
    "waiting_sha256",
    "waiting_status",
    "waiting_reason",
    "not_used",
    "file_state",
)
# what is only found out by looking at raw/, and has nothing to do with the rows
LOOKED_UP = ("file_state", "not_used")
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
        "loaded; partly loaded: its rows count each by itself, and some wait; quarantined: its month reads as "
        "incomplete until it is accepted or replaced; accepted: somebody vouched for it; rejected: it cannot be read "
        "as rows; incomplete: it was still being written; no delivery",
    ),
    (
        "reason",
        "VARCHAR",
        "why it was accepted, the first thing that is wrong with it or with each row that waits, or which file is gone",
    ),
    ("notes", "VARCHAR", "what was left out or read differently without harm, a sentence a line; null if nothing"),
    ("waiting_file", "VARCHAR", "file that is to replace this one and does not count; null where none waits"),
    ("waiting_sha256", "VARCHAR", "digest of its bytes; null where it could not be taken"),
    ("waiting_status", "VARCHAR", "quarantined, rejected or incomplete; until it is valid or accepted this one counts"),
    ("waiting_reason", "VARCHAR", "the first thing that is wrong with it"),
    ("not_used", "VARCHAR", "what raw/ holds for the month otherwise, and no run has taken in; null if nothing"),
    ("code", "VARCHAR", "version of the code that validated it, and what waits; null where that has to be repeated"),
    ("compared_with", "VARCHAR", "digest of the last delivery before it, with which it was compared"),
    ("names", "VARCHAR", "version of the names of places that its rows were read with; null where it names none"),
    ("file_state", "VARCHAR", "inode, size and time of change of the file in raw/ whose bytes are those above"),
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
    "deliveries": "one row per extract and month of delivery: the file that is effective, else what became of the one "
    "that came, or that none came",
    "quarantine": "one row per problem of a delivery, or a row of it, that waits, and of files that are no deliveries",
}
EFFECTIVE = ("loaded", "partly loaded", "accepted")
BATCH_ROWS = 500_000


class DoesNotAddUp(Exception):
    """Rows of a delivery are neither loaded nor quarantined, or both; nothing of it is kept."""


@dataclass(frozen=True)
class Landing:
    """All that is known of one extract's delivery month; `waiting` is what is to replace it, and does not count."""

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
    waiting: "Landing | None" = None
    file_state: str | None = None
    cause: str | None = None  # the trace of a check that failed; for Dagster's log, not for the tables


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
        for name, _ in {*there} - {*wanted}:
            connection.execute(f'alter table raw."{table}" drop column {name}')
        for name, kind in missing:
            connection.execute(f'alter table raw."{table}" add column {name} {kind}')
        titles = {name: title for name, kind, title in its if (name, kind) in missing}
        warehouse.explain(connection, f'raw."{table}"', comment, titles)
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
    """The rows of a delivery as validation gives them."""
    its = types(extract)
    rows = connection.sql(
        f'select {", ".join(its)} from raw."{extract.name}" where delivery_month = $1', params=[month]
    )
    return typed(rows, its)


def types(extract: Extract) -> dict[str, pl.DataType]:
    """The columns of a delivery as validation gives them."""
    return {"file_line": pl.Int64()} | {column.name: KINDS[column.kind].type for column in extract.columns}


def typed(found: duckdb.DuckDBPyRelation, types: dict[str, pl.DataType]) -> pl.DataFrame:
    """Rows of a table in these types; words become numbers of words a batch at a time."""
    with found.to_arrow_reader(BATCH_ROWS) as batches:
        return pl.concat([pl.DataFrame(schema=types), *(pl.DataFrame(batch).cast(types) for batch in batches)])


def replace(connection: duckdb.DuckDBPyConnection, extract: Extract, landings: list[Landing]) -> None:
    """Put these landings in the place of what was known of their months. To be called within a transaction.

    One for a batch: each waits 7 ms for the disk, which 31 of them make a quarter of a second. Raises DoesNotAddUp.
    """
    if not landings:
        return
    months = [landing.month for landing in landings]
    for table in (f'"{extract.name}"', "quarantine", "deliveries"):
        of_extract = "" if table.startswith('"') else f" and extract = {warehouse.literal(extract.name)}"
        gone = f"delete from raw.{table} where list_contains(?::date[], delivery_month){of_extract}"
        connection.execute(gone, [months])
    if rows := [_with_origin(landing) for landing in landings if landing.rows is not None]:
        # in one piece, which DuckDB takes in a sixth less time than in many
        _insert(connection, f'"{extract.name}"', pl.concat(rows, rechunk=True))
    both = [each for landing in landings for each in (landing, landing.waiting) if each]
    _insert(connection, "quarantine", pl.concat([_kept_out(extract, landing) for landing in both]))
    _insert(connection, "deliveries", _lines(connection, extract, landings))


def look_up(
    connection: duckdb.DuckDBPyConnection, extract: Extract, found: dict[date, tuple[str | None, str | None]]
) -> None:
    """Keep what was found out about files of raw/ by delivery month, in the columns LOOKED_UP."""
    changed = [
        [month, *found[month]]
        for month, line in listed(connection, extract).items()
        if month in found and found[month] != tuple(line[name] for name in LOOKED_UP)
    ]
    if not changed:
        return
    schema = {"delivery_month": pl.Date, **dict.fromkeys(LOOKED_UP, pl.String)}
    connection.register("looked_up", pl.DataFrame(changed, schema=schema, orient="row"))
    try:
        connection.execute(
            f"update raw.deliveries set {', '.join(f'{name} = looked_up.{name}' for name in LOOKED_UP)} from looked_up "
            "where deliveries.extract = ? and deliveries.delivery_month = looked_up.delivery_month",
            [extract.name],
        )
    finally:
        connection.unregister("looked_up")


def replace_rows(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    rows_by_month: Iterable[tuple[date, pl.DataFrame]],
    as_they_are: list[date],
) -> None:
    """Put rows that were read with the names of now in the place of those of their months: all of them or none.

    What else is known of these deliveries stays; of those that stay `as_they_are` the rows, too.
    """
    with warehouse.transaction(connection):
        replaced = []
        for month, rows in rows_by_month:
            connection.execute(f'delete from raw."{extract.name}" where delivery_month = ?', [month])
            _insert(connection, f'"{extract.name}"', rows.with_columns(pl.lit(month, pl.Date).alias("delivery_month")))
            replaced.append(month)
        connection.execute(
            "update raw.deliveries set names = ? where extract = ? and list_contains(?::date[], delivery_month)",
            [names.version(extract), extract.name, [*replaced, *as_they_are]],
        )


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
    quarantined = {
        (month, sha256): rows
        for month, sha256, rows in connection.execute(
            "select delivery_month, sha256, count(distinct line) from raw.quarantine "
            "where extract = ? and cells is not null group by all",
            [extract.name],
        ).fetchall()
    }
    lines = []
    for landing in landings:
        into, out = loaded.get(landing.month, 0), quarantined.get((landing.month, landing.sha256), 0)
        if landing.rows_in is not None and landing.rows_in != into + out + landing.left_out:
            raise DoesNotAddUp(
                f"{landing.rows_in} rows came in, but {into} are loaded, {out} quarantined and "
                f"{landing.left_out} left out"
            )
        owed = due(extract, landing.month)
        line = [extract.name, landing.month, landing.file, landing.sha256]
        line += [landing.rows_in, into, out, landing.left_out, owed, landing.status, landing.reason, landing.notes]
        waits = landing.waiting
        line += [waits.file, waits.sha256, waits.status, waits.reason] if waits else [None] * 4
        code = landing.code if waits is None or waits.code else None
        lines.append([*line, None, code, landing.compared_with, names.version(extract), landing.file_state])
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
