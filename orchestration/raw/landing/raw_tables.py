"""The tables of schema `raw`: one an extract, the list of deliveries, and the quarantine.

What is known of a delivery comes and goes whole: its rows, its line in the list, what was kept out of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from orchestration import warehouse
from orchestration.raw.checks import area_names
from orchestration.raw.findings import findings
from orchestration.raw.landing import raw_schema
from orchestration.raw.sources.declarations import Extract, due
from orchestration.raw.sources.kinds import KINDS

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
    problems: pl.DataFrame = field(default_factory=lambda: findings.NONE)
    cells: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"line": pl.Int64, "cells": pl.String}))
    code: str | None = None
    compared_with: str | None = None
    waiting: "Landing | None" = None
    file_state: str | None = None
    cause: str | None = None  # the trace of a check that failed; for Dagster's log, not for the tables

    @property
    def with_waiting(self) -> list["Landing"]:
        """This one, and the one that waits to replace it."""
        return [self, self.waiting] if self.waiting else [self]


def listed(connection: duckdb.DuckDBPyConnection, extract: Extract) -> dict[date, dict]:
    """The rows of raw.deliveries of an extract, by delivery month."""
    found = connection.execute("select * exclude (extract) from raw.deliveries where extract = ?", [extract.name])
    names = [column[0] for column in found.description]
    lines = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {line["delivery_month"]: line for line in lines}


def last_between(
    connection: duckdb.DuckDBPyConnection, extract: Extract, first: date, month: date, without: list[date]
) -> Landing | None:
    """The last effective delivery from `first` on and before that month, with its rows; of no month `without`."""
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
    """The rows of a delivery as validation returns them."""
    columns = types(extract)
    rows = connection.sql(
        f'select {", ".join(columns)} from raw."{extract.name}" where delivery_month = $1', params=[month]
    )
    return typed(rows, columns)


def types(extract: Extract) -> dict[str, pl.DataType]:
    """The columns of a delivery as validation returns them."""
    return {"file_line": pl.Int64()} | {column.name: KINDS[column.kind].type for column in extract.columns}


def typed(found: duckdb.DuckDBPyRelation, types: dict[str, pl.DataType]) -> pl.DataFrame:
    """Rows of a table in these types; words become numbers of words a batch at a time."""
    with found.to_arrow_reader(BATCH_ROWS) as batches:
        return pl.concat([pl.DataFrame(schema=types), *(pl.DataFrame(batch).cast(types) for batch in batches)])


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Have queries read a frame under that name, for a while."""
    connection.register(name, frame)
    try:
        yield
    finally:
        connection.unregister(name)


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
    both = [each for landing in landings for each in landing.with_waiting]
    _insert(connection, "quarantine", pl.concat([_kept_out(extract, landing) for landing in both]))
    _insert(connection, "deliveries", _lines(connection, extract, landings))


def update_files(
    connection: duckdb.DuckDBPyConnection, extract: Extract, found: dict[date, tuple[str | None, str | None]]
) -> None:
    """Keep what was found out about files of raw/ by delivery month, in the columns raw_schema.FILE_COLUMNS."""
    changed = [
        [month, *found[month]]
        for month, line in listed(connection, extract).items()
        if month in found and found[month] != tuple(line[name] for name in raw_schema.FILE_COLUMNS)
    ]
    if not changed:
        return
    schema = {"delivery_month": pl.Date, **dict.fromkeys(raw_schema.FILE_COLUMNS, pl.String)}
    values = ", ".join(f"{name} = looked_up.{name}" for name in raw_schema.FILE_COLUMNS)
    with registered(connection, "looked_up", pl.DataFrame(changed, schema=schema, orient="row")):
        connection.execute(
            f"update raw.deliveries set {values} from looked_up "
            "where deliveries.extract = ? and deliveries.delivery_month = looked_up.delivery_month",
            [extract.name],
        )


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
            [area_names.version(extract), extract.name, [*replaced, *as_they_are]],
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
        lines.append([*line, None, code, landing.compared_with, area_names.version(extract), landing.file_state])
    types = {"VARCHAR": pl.String, "DATE": pl.Date, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean}
    return pl.DataFrame(lines, schema={name: types[kind] for name, kind, _ in raw_schema.DELIVERIES}, orient="row")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    with registered(connection, "rows_to_insert", rows):
        connection.execute(f"insert into raw.{table} by name select * from rows_to_insert")


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
