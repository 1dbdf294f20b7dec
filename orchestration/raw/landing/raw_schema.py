"""What the tables of schema `raw` are: their columns, and how they are made or brought up to date."""

from collections.abc import Iterable

import duckdb

from orchestration import warehouse
from orchestration.raw.checks.number_formats import MARKERS
from orchestration.raw.sources.declarations import Extract

Column = tuple[str, str, str]  # name, type, what it is

ORIGIN: tuple[Column, ...] = (
    ("delivery_month", "DATE", "month the file was delivered for, its first day; raw.deliveries has the file"),
    ("file_line", "BIGINT", "line of the file, or row of the sheet"),
    (MARKERS, "VARCHAR", "figures that the source marks as not known: offences=suppressed; null where all are known"),
)
RECORD = "what tells a record from others, which a later delivery may have again; null where nothing does"
# columns of earlier versions that raw.deliveries holds now
DROPPED_COLUMNS = (("file", "VARCHAR"), ("sha256", "VARCHAR"))
# columns that are added, empty, to a table of an earlier version, so that nothing has to be loaded again
ADDED_COLUMNS = (
    "rows_left_out",
    "notes",
    "labels",
    "names",
    MARKERS,
    "waiting_file",
    "waiting_sha256",
    "waiting_status",
    "waiting_reason",
    "not_used",
    "file_state",
)
# found out by looking at raw/; not part of the rows' history
FILE_COLUMNS = ("file_state", "not_used")
DELIVERIES: tuple[Column, ...] = (
    ("extract", "VARCHAR", "folder of the raw folder"),
    ("delivery_month", "DATE", "month the file was delivered for, its first day"),
    ("file", "VARCHAR", "file within the raw folder; null where there is none"),
    ("sha256", "VARCHAR", "digest of its bytes, which the vault keeps under that name"),
    ("rows_in", "BIGINT", "rows in the file; null where it cannot be read as rows"),
    ("rows_loaded", "BIGINT", "rows in the table of the extract"),
    ("rows_quarantined", "BIGINT", "rows kept out because of a problem"),
    ("rows_left_out", "BIGINT", "empty rows, footnotes, months not needed; rows_in less those loaded and quarantined"),
    ("due", "BOOLEAN", "whether the source system owed a delivery for that month"),
    (
        "status",
        "VARCHAR",
        "loaded; partly loaded: its rows count each by itself, and some wait; quarantined: its month reads as "
        "incomplete until it is accepted or replaced; accepted: somebody vouched for it; rejected: it cannot be read "
        "as rows; incomplete: it was still being written; no delivery",
    ),
    ("reason", "VARCHAR", "why it was accepted; its first problem, or that of each row that waits; or the file gone"),
    ("notes", "VARCHAR", "what was left out or read differently, a sentence a line; null if nothing"),
    (
        "labels",
        "VARCHAR",
        "as JSON, in how many rows of its file each declared label stands, and the word that these rows count as; null "
        "if none does",
    ),
    ("waiting_file", "VARCHAR", "file that is to replace this one, and is not effective; null where none waits"),
    ("waiting_sha256", "VARCHAR", "digest of its bytes; null where it could not be ingested"),
    ("waiting_status", "VARCHAR", "quarantined, rejected or incomplete; the row's file is effective meanwhile"),
    ("waiting_reason", "VARCHAR", "its first problem"),
    ("not_used", "VARCHAR", "what differs in raw/ and no run has ingested; null if nothing"),
    ("code", "VARCHAR", "version of the code that validated it, and what waits; null where it must be validated again"),
    ("compared_with", "VARCHAR", "digest of the previous effective delivery, with which it was compared"),
    ("names", "VARCHAR", "version of the area names that its rows were read with; null where it has no areas"),
    ("file_state", "VARCHAR", "inode, size and time of change of its file in raw/"),
)
QUARANTINE: tuple[Column, ...] = (
    ("extract", "VARCHAR", "folder of the raw folder"),
    ("delivery_month", "DATE", "month the file was delivered for; null where its name has none"),
    ("file", "VARCHAR", "file within the raw folder"),
    ("sha256", "VARCHAR", "digest of its bytes, which the vault keeps under that name"),
    ("line", "BIGINT", "line of the file, or row of the sheet; null where it is about the whole file"),
    ("column_name", "VARCHAR", "column; null where it is about the whole line"),
    ("value", "VARCHAR", "the value"),
    ("code", "VARCHAR", "code of the problem, which does not change"),
    ("sentence", "VARCHAR", "the problem, in a sentence for the sender"),
    ("cells", "VARCHAR", "the whole row as delivered, as JSON; null where the row was not kept out"),
)
COMMENTS = {
    "deliveries": "one row per extract and delivery month: the effective file, else the one that is not, or none",
    "quarantine": "one row per problem of a delivery or row that waits, and of unrecognised files",
}


def columns(extract: Extract) -> list[Column]:
    """The columns of an extract's table."""
    declared = [(column.name, column.stored, column.title) for column in extract.columns]
    return declared + list(ORIGIN) + [(name, "VARCHAR", RECORD) for name in extract.across]


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


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[Column], comment: str) -> bool:
    columns = list(columns)
    wanted = [(name, kind) for name, kind, _ in columns]
    there = _columns(connection, table)
    if sorted(there) == sorted(wanted):
        return False
    missing = [column for column in wanted if column not in there]
    if there and all(name in ADDED_COLUMNS for name, _ in missing) and not {*there} - {*wanted} - {*DROPPED_COLUMNS}:
        for name, _ in {*there} - {*wanted}:
            connection.execute(f'alter table raw."{table}" drop column {name}')
        for name, kind in missing:
            connection.execute(f'alter table raw."{table}" add column {name} {kind}')
        titles = {name: title for name, kind, title in columns if (name, kind) in missing}
        warehouse.comment_on(connection, f'raw."{table}"', comment, titles)
        return False
    with warehouse.transaction(connection):
        # a view where the last run's cluster read what had landed as Parquet
        warehouse.drop(connection, "raw", table)
        connection.execute(f'create table raw."{table}" ({", ".join(f"{name} {kind}" for name, kind, _ in columns)})')
        warehouse.comment_on(connection, f'raw."{table}"', comment, {name: title for name, _, title in columns})
    return True


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    """The names and types of a table's columns; none where there is no table of that name, or a view."""
    found = "select 1 from duckdb_tables() where database_name = current_database() and schema_name = 'raw' "
    if not connection.execute(f"{found} and table_name = ?", [table]).fetchall():
        return []
    there = connection.table(f'raw."{table}"')  # ten times faster than duckdb_columns(), and done for every extract
    return [(name, str(kind)) for name, kind in zip(there.columns, there.types, strict=True)]
